"""The list in a README: the importer reads it back, and no text in it gets out of it."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import html5lib
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from generator.cli.commands import main
from generator.core.days import CategoryRun, Day, FeedState, Row, Run
from generator.core.ids import ArxivId
from generator.core.papers import AnnounceType, Author, Listing, Paper
from generator.core.summaries import Summary
from generator.store.merge import add_summary
from generator.store.store import Store
from generator.update.predecessor.readme import is_snapshot, parse_readme
from generator.update.predecessor.readme_escapes import (
    BEGIN,
    END,
    escape_body,
    escape_html,
    escape_line,
    escape_title,
    unescape_body,
    unescape_html,
    unescape_line,
    unescape_title,
)
from generator.update.predecessor.readme_list import make_list, put_list
from tests.loopback import Answer, Loopback
from tests.projects import contents, make_project
from tests.rss import Item, feed
from tests.update.predecessor.test_readme import NASTY_BLOCKS, without_outer_blank_lines

DAY = date(2026, 2, 5)
MADE = datetime(2026, 2, 5, 6, 0, tzinfo=UTC)
HOSTILE = (
    *NASTY_BLOCKS,
    END,
    BEGIN,
    f"x\n\n{END}\n\nFree text",
    "<!-- never closed",
    "<script>alert(1)</script>",
    "```python\nnever closed",
    "~~~\nnever closed\n```",
    "````\n```\nclosed by neither",
    "</details>\n\n---\n\n### 2. [Forged](https://arxiv.org/abs/2601.11111)\n\n**Authors**: A  \n"
    "**Category**: cs.LG  \n**Published**: 2026-02-05  \n**Score**: 9.0  \n\n#### Abstract\nx\n\n"
    "---",
    "---\n\n## 🔧 Configuration\n\n- forged\n\nx",
    "## Configuration",
    "\\### 3. [x](y)",
    "\\\\<b>\\<i>\\\\\\</details>",
    "\\```\n``` x",
    "{{PAPERS_SECTION}} {{LAST_UPDATED}}",
    "è®ºæ–‡ ğŸ“Š Statistics",
    "...",
    "..\\.",
    "### not a row",
    "---",
    "[link](javascript:x) ![image](x) [^1]",
    'm)</strong><img src="https://example.org/x.png" onerror="alert(1)"><script>alert(1)</script>',
    "\\<img src=x> \\\\<img src=x> &lt;b&gt; &amp; a`b`c",
    "https://example.org/z<img src=x> www.example.org/<script>x</script> HTTP://x.example/<!-- y",
    "(https://x.example/\u2028\x0b<img src=x>) ftp://x.example/\\<b> ]://<b> http\\://<b> www...",
    "![seen](https://example.org/x.png) !\\[y](z) ![seen][docs]\n\n[docs]: https://example.org/evil",
    "> [docs]: https://example.org/evil\n\n- [^1]: a note\n\n[do\ncs]: https://example.org/evil",
    "arXiv 中文 `code` $x_1 < y$ **bold**",
)
# What a list consists of, and what Markdown makes of texts.
SHOWN = {
    *(
        "html",
        "head",
        "body",
        "h1",
        "h2",
        "h3",
        "h4",
        "p",
        "a",
        "strong",
        "em",
        "code",
        "pre",
        "br",
    ),
    *("ul", "ol", "li", "hr", "blockquote", "s", "details", "summary"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
pieces = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(st.sampled_from("\\<>[]()#`~-*_.! /abc\n$|"), max_size=30),
    st.text(st.characters(exclude_categories=("Cs",)), max_size=40),
)
bodies = st.lists(pieces, min_size=1, max_size=5).map("\n".join)
lines = st.lists(pieces, min_size=1, max_size=4).map(lambda p: " ".join(" ".join(p).split()))
names = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=12).map("A{}".format)


@given(lines)
@example("..\\.")
def test_lines_and_titles_come_back(text: str) -> None:
    assert unescape_line(escape_line(text)) == text
    assert unescape_title(escape_title(text)) == text
    assert unescape_html(escape_html(text)) == text


@given(bodies)
def test_bodies_come_back(text: str) -> None:
    assert unescape_body(escape_body(text)) == re.sub(r"\r\n?", "\n", text)


@st.composite
def papers(draw: st.DrawFn, number: int) -> Paper:
    identifier = draw(st.sampled_from([f"2602.{number:05}", f"cs/06010{number:02}"]))
    summary = Summary(
        version=1,
        model=draw(
            st.sampled_from(["qwen-long", "gpt (preview)", "a <b> [c]", "模型", "a\\<i> &lt;"])
        ),
        language="zh",
        prompt_hash="",
        input="abstract",
        created=MADE,
        body=draw(bodies),
    )
    return Paper(
        id=identifier,
        title=draw(lines) or "x",
        authors=tuple(map(Author, draw(st.lists(names, max_size=3)))),
        abstract=draw(st.one_of(lines, st.text("ab.", min_size=290, max_size=310))),
        abstract_is_excerpt=draw(st.booleans()),
        categories=("cs.LG", "cs.AI"),
        listings=(Listing(DAY, draw(st.integers(1, 3)), draw(st.sampled_from(AnnounceType))),),
        summaries=(summary,) if draw(st.booleans()) else (),
    )


@st.composite
def days(draw: st.DrawFn) -> tuple[Day, dict[str, Paper]]:
    found = {}
    for number in range(draw(st.integers(0, 4))):
        paper = draw(papers(number))
        found[paper.id] = paper
    rows = tuple(
        Row(
            id=ArxivId(paper.id, paper.listings[0].version),
            type=paper.listings[0].type,
            score=round(draw(st.floats(-999, 999)), 6),
        )
        for paper in found.values()
    )
    run = Run(
        updated=draw(st.sampled_from([None, MADE, datetime(2026, 2, 4, 23, 0, tzinfo=UTC)])),
        keywords=tuple(draw(st.lists(lines.filter(lambda t: "," not in t), max_size=3))),
        categories={"cs.LG": CategoryRun(state=FeedState.FRESH)},
    )
    return Day(date=DAY, rows=rows, run=run), found


@settings(max_examples=60)
@given(days(), st.sampled_from([b"", b"# Mine\n\n## Configuration\n\nText\n", b"no end"]))
def test_the_importer_reads_it_back(made: tuple[Day, dict[str, Paper]], around: bytes) -> None:
    day, known = made
    document = put_list(around, make_list(day, known)) + b"\n## Configuration\n- x\n"
    text = document.decode()
    assert is_snapshot(text)
    snapshot = parse_readme(text, name="README.md")
    assert snapshot.date == DAY
    assert snapshot.updated == (
        MADE if day.run.updated == MADE else datetime(2026, 2, 5, tzinfo=UTC)
    )
    assert [e.announcement.id for e in snapshot.entries] == [row.id for row in day.rows]
    for entry, row in zip(snapshot.entries, day.rows, strict=True):
        paper, announced = known[row.id.id], entry.announcement
        assert (entry.score, announced.type, announced.date) == (row.score, row.type, DAY)
        assert announced.raw_title == paper.title
        assert announced.authors == paper.authors
        assert announced.primary_category == paper.primary_category
        assert announced.raw_abstract == paper.abstract[:300].strip()
        cut = paper.abstract_is_excerpt or len(paper.abstract) > 300
        assert announced.abstract_is_excerpt == cut
        body = ""
        if paper.summaries:
            body = without_outer_blank_lines(re.sub(r"\r\n?", "\n", paper.summaries[0].body))
        if body:
            assert entry.summary is not None
            assert (entry.summary.model, entry.summary.body) == (paper.summaries[0].model, body)
        else:
            assert entry.summary is None


def sample(text: str = "Plain.") -> tuple[Day, dict[str, Paper]]:
    """Three papers; the first has the text in every place that comes from outside."""
    known = {}
    for number in (1, 2, 3):
        words = text if number == 1 else "Plain."
        summary = Summary(
            version=1,
            model=" ".join(words.split()) if number == 1 and text != "Plain." else "m",
            language="en",
            prompt_hash="",
            input="abstract",
            created=MADE,
            body=words,
        )
        known[f"2602.0000{number}"] = Paper(
            id=f"2602.0000{number}",
            title=" ".join(words.split()),
            authors=(Author(" ".join(words.split())),),
            abstract=" ".join(words.split()),
            abstract_is_excerpt=False,
            categories=("cs.LG",),
            listings=(Listing(DAY, 1, AnnounceType.NEW),),
            summaries=(summary,),
        )
    rows = tuple(Row(id=ArxivId(i, 1), type=AnnounceType.NEW, score=2.5) for i in known)
    return Day(date=DAY, rows=rows, run=Run(updated=MADE, keywords=("LLM",))), known


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_gets_out(text: str) -> None:
    """Whatever the first paper says, what stands around it stays as it is: marks, rows, HTML."""
    day, known = sample(text)
    digest = make_list(day, known)
    document = put_list(b"# Mine\n", digest)
    again = put_list(document + b"\nBelow.\n", digest)
    assert again == document + b"\nBelow.\n"
    tokens = MarkdownIt("commonmark", {"html": True}).parse(again.decode())
    html = [token.content.strip() for token in tokens if token.type == "html_block"]
    assert html[0] == BEGIN
    assert html[-1] == END
    details = (
        "<details>\n<summary><strong>🤖 AI Summary (by m)</strong> - Click to expand</summary>"
    )
    assert html[3:-1] == [details, "</details>"] * 2
    name = " ".join(text.split())
    assert "".join(html5lib.parseFragment(html[1]).itertext()) == (
        f"\n🤖 AI Summary (by {name}) - Click to expand"
    )
    spans = [child for token in tokens for child in token.children or ()]
    assert not [child.content for child in spans if child.type == "html_inline"]
    headings = [
        tokens[at + 1].content
        for at, token in enumerate(tokens)
        if token.type == "heading_open" and token.tag == "h3" and token.markup == "###"
    ]
    rows = [heading for heading in headings if re.match(r"\d\. \[.*/abs/2602\.0000\d\)", heading)]
    assert len(rows) == 3
    assert tokens[-2].content == "Below."


def commonmark(document: str) -> str:
    """What CommonMark makes of a document, with tables, as HTML."""
    markdown = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    html: str = markdown.render(document)
    return html


def github(document: str) -> str:
    """What GitHub's own program makes of it; it makes links of bare addresses, too."""
    program = shutil.which("cmark-gfm")
    if program is None:
        pytest.skip("cmark-gfm is not installed")
    extensions = ("table", "strikethrough", "autolink", "footnotes")
    options = (option for name in extensions for option in ("-e", name))
    done = subprocess.run(
        [program, "--unsafe", *options], input=document.encode(), capture_output=True, check=True
    )
    return done.stdout.decode()


@pytest.mark.parametrize("render", [commonmark, github])
@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_reader_of_the_readme_is_shown(text: str, render: Callable[[str], str]) -> None:
    """No element but those of Markdown, none that loads or runs; the operator's links stay."""
    day, known = sample(text)
    document = put_list(b"# Mine [docs] [^1]\n", make_list(day, known)) + (
        b"\n[docs]: https://example.org/mine\n"
    )
    shown = html5lib.parse(render(document.decode()), namespaceHTMLElements=False)
    elements = {element.tag for element in shown.iter() if isinstance(element.tag, str)}
    assert elements <= SHOWN
    attributes = {name for element in shown.iter() for name in element.attrib}
    assert attributes <= {"href", "start", "class", "title", "align"}
    links = [link.get("href") for link in shown.find("body/h1").iter("a")]
    assert links == ["https://example.org/mine"]


def test_what_is_written_reads_like_the_predecessors_list() -> None:
    day, known = sample()
    assert make_list(day, known).startswith(
        """
## 📊 Statistics

- **Last Updated**: 2026-02-05 06:00:00 UTC
- **Total Papers Found**: 3
- **Categories Monitored**: \n
## 📚 Recent Papers

### 1. [Plain.](https://arxiv.org/abs/2602.00001)

**Authors**: Plain.  \n**Category**: cs.LG  \n**Published**: 2026-02-05  \n**Score**: 2.5  \n\
**Type**: new  \n**ArXiv ID**: 2602.00001v1  \n
#### Abstract
Plain.

<details>
<summary><strong>🤖 AI Summary (by m)</strong> - Click to expand</summary>

Plain.

</details>

---

### 2. ["""
    )


@pytest.mark.parametrize(
    "around", [b"", b"Text", b"Text\r\n", b"\xff\xfe not UTF-8 \x00\r\n", "\ufeff# Ünï\n".encode()]
)
def test_everything_around_stays_byte_for_byte(around: bytes) -> None:
    day, known = sample()
    first = put_list(around, make_list(day, known))
    assert first.startswith(around)
    longer = first + b"\r\n\xffBelow"
    second = put_list(longer, "\nnew\n")
    assert second.startswith(around)
    assert second.endswith(f"{BEGIN}\n\nnew\n{END}\n".encode() + b"\r\n\xffBelow")


@pytest.mark.parametrize(
    "document", [f"{BEGIN}\n", f"{END}\n", f"{END}\n{BEGIN}\n", f"{BEGIN}\n{BEGIN}\n{END}\n"]
)
def test_marks_that_are_no_pair_are_an_error(document: str) -> None:
    with pytest.raises(ValueError, match="once each"):
        put_list(document.encode(), "\nnew\n")


def test_marks_that_are_only_spoken_of_are_none() -> None:
    spoken = f"Put `{BEGIN}` and `{END}` into it.\n".encode()
    assert put_list(spoken, "\nnew\n").startswith(spoken)


def test_an_update_renews_the_file_and_a_build_does_not(tmp_path, arxiv, monkeypatch) -> None:
    project = make_project(tmp_path / "project", feeds=arxiv.url, categories="cs.LG")
    config = project / "daybook.yml"
    config.write_text(config.read_text() + "paths: {digest: README.md}\n")
    monkeypatch.chdir(project)
    (project / "README.md").write_text(f"# Mine\n\n{BEGIN}\n{END}\n\nBelow.\n")
    monday = date(2026, 1, 5)
    arxiv.on("/rss/cs.LG", Answer(200, feed("cs.LG", monday, Item(title="An LLM <b>"))))
    assert main(["-q", "update", "--date", "2026-01-05"]) == 0
    written = (project / "README.md").read_text()
    assert written.startswith(f"# Mine\n\n{BEGIN}\n")
    assert written.endswith(f"{END}\n\nBelow.\n")
    snapshot = parse_readme(written, name="README.md")
    assert (snapshot.date, snapshot.keywords) == (monday, ("LLM", "sparse attention", "kernel"))
    assert [str(entry.announcement.id) for entry in snapshot.entries] == ["2601.90001v1"]
    # An empty day leaves the newest list where it is.
    arxiv.on("/rss/cs.LG", Answer(200, feed("cs.LG", date(2026, 1, 10))))
    assert main(["-q", "update", "--date", "2026-01-10", "--feed", f"{arxiv.url}/rss/cs.LG"]) == 0
    assert (project / "README.md").read_text() == written
    (project / "README.md").unlink()
    assert main(["-q", "build"]) == 0
    assert not (project / "README.md").exists()
    assert main(["-q", "update", "--date", "2026-01-10", "--feed", f"{arxiv.url}/rss/cs.LG"]) == 0
    assert parse_readme((project / "README.md").read_text(), name="README.md") == snapshot


def test_reading_ones_own_digest_back_changes_nothing(tmp_path, arxiv, monkeypatch) -> None:
    project = make_project(tmp_path / "project", feeds=arxiv.url, categories="cs.LG")
    config = project / "daybook.yml"
    config.write_text(config.read_text() + "paths: {digest: digests/README.md}\n")
    monkeypatch.chdir(project)
    (project / "digests").mkdir()
    long = "An LLM. " * 80
    items = Item(), Item(id="2601.90002", title="LLM [x]", abstract=long, categories=("cs.AI",))
    arxiv.on("/rss/cs.LG", Answer(200, feed("cs.LG", date(2026, 1, 5), *items)))
    config.write_text(config.read_text().replace("[cs.LG]", "[cs.LG, cs.AI]"))
    arxiv.on("/rss/cs.AI", Answer(200, feed("cs.AI", date(2026, 1, 5))))
    assert main(["-q", "update", "--date", "2026-01-05"]) == 0
    store = Store(project / "data")
    paper = store.paper("2601.90001")
    assert paper is not None
    made = Summary(
        version=1,
        model="m",
        language="en",
        prompt_hash="abc",
        input="fulltext",
        created=MADE,
        body="# S\n\n<details>\nText",
    )
    store.write([add_summary(paper, made)], [])
    assert main(["-q", "update", "--date", "2026-01-05"]) == 0
    before = contents(project / "data")
    assert main(["-q", "import", "digests"]) == 0
    assert contents(project / "data") == before


def test_a_file_with_one_mark_is_named_and_the_archive_is_whole(
    tmp_path: Path,
    arxiv: Loopback,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    project = make_project(tmp_path / "project", feeds=arxiv.url, categories="cs.LG")
    config = project / "daybook.yml"
    config.write_text(config.read_text() + "paths: {digest: README.md}\n")
    monkeypatch.chdir(project)
    (project / "README.md").write_text(f"{BEGIN}\n")
    arxiv.on("/rss/cs.LG", Answer(200, feed("cs.LG", date(2026, 1, 5), Item())))
    assert main(["-q", "update", "--date", "2026-01-05"]) == 2
    said = capsys.readouterr().err
    assert "README.md" in said
    assert "once each" in said
    assert (project / "README.md").read_text() == f"{BEGIN}\n"
    assert Store(project / "data").day(date(2026, 1, 5)) is not None
    assert Store(project / "data").check() == []


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("site/README.md", "is inside paths.site"),
        ("data/x.md", "is inside paths.data"),
        ("../README.md", "leads out of"),
        (".", "must be a file"),
        ("daybook.yml", "a text to read"),
    ],
)
def test_the_file_has_to_be_one_that_nothing_else_writes(path, why, tmp_path, capsys) -> None:
    project = make_project(tmp_path / "project")
    config = project / "daybook.yml"
    config.write_text(config.read_text() + f"paths: {{digest: {path}}}\n")
    assert main(["-q", "-c", str(config), "config"]) == 2
    assert why in capsys.readouterr().err
