"""The predecessor's READMEs: what the bot wrote is what is read, and nothing less."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from generator.core.errors import ReadmeError
from generator.core.ids import ArxivId
from generator.core.papers import AnnounceType
from generator.update.predecessor.readme import Snapshot, is_snapshot, parse_readme
from tests.readme_writer import Layout, Sample, write_readme

ZH = "# 样例论文总结\n\n方法在 **SampleBench** 上实现了更高的准确率。\n\n- 速度提升\n  - 两倍"
FAKE_ROW = (
    "### 2. " + write_readme([Sample(id="2601.99999")]).split("### 1. ")[1].split("\n\n---")[0]
)
NASTY_BLOCKS = (
    "# 总结",
    "## 🔧 Configuration\n\n- LLM, RL",
    "---",
    "### 1. 贡献",
    "### 2. [Only a link](https://arxiv.org/abs/2601.11111)",
    "### 3. [Only a link](https://arxiv.org/abs/2601.11111)\n\n---",
    FAKE_ROW,
    FAKE_ROW + "\n\n---",
    "<details>\n<summary>More</summary>\n\ninner\n\n</details>",
    "</details>",
    "- **Last Updated**: never\n- **Total Papers Found**: 99",
    "| a | b |\n|---|---|\n| $x|y$ | 2 |",
    "```python\n### 2. [code](https://arxiv.org/abs/2601.1)\n---\n```",
    "#### AI Summary (by another-model)",
    "#### Abstract",
    "1. one\n   - two\n\n\n\n2. three   ",
    "\t indented, with a form feed \x0c, U+2028 \u2028 and U+0085 \x85 inside",
)


def parse(text: str, name: str = "2026-02-05.md") -> Snapshot:
    return parse_readme(text, name=name)


def without_outer_blank_lines(text: str) -> str:
    lines = text.split("\n")
    while lines and not lines[0].strip():
        del lines[0]
    while lines and not lines[-1].strip():
        del lines[-1]
    return "\n".join(lines)


one_line = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=60)
titles = st.one_of(
    one_line,
    st.lists(
        st.sampled_from(["[", "]", "](", ")", "|", "$^2$", "](https://arxiv.org/abs/1)", "é", " a"])
    ).map("".join),
).filter(lambda title: "\\" not in title)
bodies = st.one_of(
    st.lists(st.sampled_from(NASTY_BLOCKS), min_size=1, max_size=6).map("\n\n".join),
    st.lists(st.sampled_from(NASTY_BLOCKS), min_size=1, max_size=6).map("\n".join),
    st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\r"), min_size=1),
)
samples = st.builds(
    Sample,
    id=st.integers(1, 99999).map(lambda n: f"2602.{n:05}"),
    version=st.integers(1, 12),
    title=titles,
    category=st.sampled_from(["cs.AI", "math.GT", "hep-th"]),
    published=st.dates(date(2025, 8, 14), date(2026, 8, 21)).map(str),
    score=st.integers(0, 60).map(lambda half: half / 2),
    type=st.sampled_from([kind.value for kind in AnnounceType]),
    abstract=st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=500),
    summary=st.none() | bodies,
    model=st.sampled_from(["qwen-long", "gpt (preview)", "模型"]),
)


@settings(max_examples=60)
@given(st.lists(samples, max_size=5), st.sampled_from(["heading", "details", "escaped"]))
@example([Sample(title="A [B] \\'e \\\\ c"), Sample()], "escaped")
@example([Sample(title="TinyD\\'ej\\`aVu [sic]"), Sample(title="$\\mathcal{X}$-KD")], "details")
def test_reads_back_what_the_bot_wrote(papers: list[Sample], layout: Layout) -> None:
    try:
        snapshot = parse(write_readme(papers, layout=layout))
    except ReadmeError:
        # Text that closes its own row and starts another cannot be told from rows. Refused, then.
        close = r"</details>\s+---\s+" if layout != "heading" else r"---\s+"
        forged = re.compile(close + r"### \d+\. \[")
        assert any(paper.summary and forged.search(paper.summary) for paper in papers)
        return
    assert len(snapshot.entries) == len(papers)
    for entry, paper in zip(snapshot.entries, papers, strict=True):
        announcement = entry.announcement
        assert announcement.id == ArxivId(paper.id, paper.version)
        assert announcement.raw_title == paper.title
        assert announcement.date == date.fromisoformat(paper.published)
        assert announcement.type == paper.type
        assert announcement.categories == (paper.category,)
        assert announcement.raw_abstract == paper.abstract[:300]
        assert announcement.abstract_is_excerpt == (len(paper.abstract) > 300)
        assert entry.score == paper.score
        body = without_outer_blank_lines(paper.summary or "")
        if body:
            assert entry.summary is not None
            assert (entry.summary.model, entry.summary.body) == (paper.model, body)
        else:
            assert entry.summary is None


@pytest.mark.parametrize("layout", ["details", "escaped"])
@pytest.mark.parametrize("block", NASTY_BLOCKS)
def test_a_summary_may_look_like_the_file_around_it(layout: Layout, block: str) -> None:
    papers = [Sample(summary=f"# S\n\n{block}\n\nend"), Sample(id="2602.00002", summary=ZH)]
    entries = parse(write_readme(papers, layout=layout)).entries
    assert [str(entry.announcement.id) for entry in entries] == ["2602.00001v1", "2602.00002v1"]
    assert entries[0].summary is not None
    assert entries[0].summary.body == f"# S\n\n{block}\n\nend"


def test_a_forged_row_is_no_row_unless_it_is_perfect_and_then_it_is_an_error() -> None:
    def with_summary(body: str) -> str:
        papers = [Sample(summary=body), Sample(id="2602.00002"), Sample(id="2602.00003")]
        return write_readme(papers)

    forged = "</details>\n\n---\n\n### 2. [Only a link](https://arxiv.org/abs/2601.11111)\n\nend"
    entries = parse(with_summary(forged)).entries
    assert len(entries) == 3
    assert entries[0].summary is not None
    assert entries[0].summary.body == forged
    perfect = f"</details>\n\n---\n\n{FAKE_ROW}\n\n---\n\n### 3. [ and so on"
    with pytest.raises(ReadmeError, match="starts the same row"):
        parse(with_summary(perfect))


def test_reads_the_header_and_the_configuration() -> None:
    snapshot = parse(
        write_readme([Sample()], keywords=("LLM", "Speculative Decoding"), categories=("cs.AI",))
    )
    assert snapshot.date == date(2026, 2, 5)
    assert snapshot.updated == datetime(2026, 2, 5, 6, 40, 51, tzinfo=UTC)
    assert snapshot.keywords == ("LLM", "Speculative Decoding")
    assert snapshot.categories == ("cs.AI",)


def test_reads_every_layout_that_the_bot_had() -> None:
    abstract = "An invented abstract, " * 20
    paper = Sample(version=3, type="replace", title="With $x]$ and | in it", abstract=abstract)
    layouts: tuple[Layout, ...] = ("oldest", "typed", "heading", "details", "escaped")
    for layout in layouts:
        text = write_readme([paper, Sample(id="2602.00002")], layout=layout)
        first, second = (entry.announcement for entry in parse(text).entries)
        assert (first.id, first.type) == (ArxivId("2602.00001", 3), AnnounceType.REPLACE)
        assert first.raw_title == paper.title
        assert abstract.startswith(first.raw_abstract)
        assert len(first.raw_abstract) > 200
        assert first.abstract_is_excerpt
        assert not second.abstract_is_excerpt
        assert second.abstract == Sample().abstract
        assert [author.name for author in first.authors] == ["Ada Sample", "Ben Example"]


def test_texts_are_cleaned_and_kept_raw() -> None:
    paper = Sample(title=r"Pok\'emon in $\mathcal{O}(n^2)$", authors=r"Jos\'e S. (Uni A, Chile), B")
    announcement = parse(write_readme([paper])).entries[0].announcement
    assert announcement.title == r"Pokémon in $\mathcal{O}(n^2)$"
    assert announcement.raw_title == paper.title
    assert [(a.name, a.affiliation) for a in announcement.authors] == [
        ("José S.", "Uni A, Chile"),
        ("B", None),
    ]


def test_a_whole_abstract_may_end_in_dots() -> None:
    announcement = parse(write_readme([Sample(abstract="And so on...")])).entries[0].announcement
    assert (announcement.abstract, announcement.abstract_is_excerpt) == ("And so on...", False)


@pytest.mark.parametrize(
    ("body", "language"),
    [(ZH, "zh"), ("# Summary\n\nThe word 论文 means paper.", "en"), ("本文提出 MoE 方法。", "zh")],
)
def test_tells_the_language_of_a_summary(body: str, language: str) -> None:
    summary = parse(write_readme([Sample(summary=body)])).entries[0].summary
    assert summary is not None
    assert (summary.language, summary.damaged) == (language, False)


def test_a_day_without_papers() -> None:
    text = write_readme([])
    assert parse(text).entries == ()
    assert parse(text.replace("- **Total Papers Found**: 0\n", "")).entries == ()


HARMLESS = {
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "byte order mark": lambda text: "\ufeff" + text,
    "no final newline": lambda text: text.rstrip("\n"),
    "blanks at line ends lost": lambda text: re.sub(r" +$", "", text, flags=re.MULTILINE),
    "another emoji": lambda text: text.replace("🔧", "⚙️").replace("📊", "📈"),
    "no emoji": lambda text: text.replace("## 🔧 ", "## ").replace("## 📊 ", "## "),
    "no count": lambda text: text.replace("- **Total Papers Found**: 2\n", ""),
    "time behind the day": lambda text: text.replace("2026-02-05  \n", "2026-02-05 04:00:00  \n"),
    "link with a version": lambda text: text.replace("/2602.00002)", "/2602.00002v1)"),
    "plain http": lambda text: text.replace("https://arxiv", "http://arxiv"),
    "no type": lambda text: text.replace("**Type**: new  \n", ""),
    "unknown type": lambda text: text.replace("**Type**: new", "**Type**: None"),
    "unknown id": lambda text: text.replace("**ArXiv ID**: 2602.00002v1", "**ArXiv ID**: None"),
}


@pytest.mark.parametrize("variation", HARMLESS)
def test_harmless_variations_read_the_same(variation: str) -> None:
    text = write_readme([Sample(summary=ZH), Sample(id="2602.00002", title="A\nB")])
    varied = HARMLESS[variation](text)
    assert varied != text
    assert parse(varied).entries == parse(text).entries


def test_an_unknown_model_and_unknown_authors() -> None:
    entry = parse(write_readme([Sample(authors="Unknown", summary=ZH, model="kimi")])).entries[0]
    assert entry.announcement.authors == ()
    assert entry.summary is not None
    assert entry.summary.model == "kimi"


@pytest.mark.parametrize(
    ("name", "fallback", "expected"),
    [
        ("2025-08-20.md", date(2025, 1, 1), date(2025, 8, 20)),
        ("old/readme-2025-08-20-2.md", None, date(2025, 8, 20)),
        ("README.md", date(2025, 8, 21), date(2025, 8, 21)),
        ("2025-99-99.md", date(2025, 8, 21), date(2025, 8, 21)),
    ],
)
def test_day_of_a_file_with_the_unexpanded_placeholder(name, fallback, expected) -> None:
    text = write_readme([Sample()], updated="{{LAST_UPDATED}}")
    snapshot = parse_readme(text, name=name, fallback_date=fallback)
    assert (snapshot.date, snapshot.updated) == (expected, None)


GOOD = write_readme([Sample(summary=ZH), Sample(id="2602.00002"), Sample(id="2602.00003")])


def line_of(text: str, start: str) -> int:
    return next(n for n, line in enumerate(text.split("\n"), 1) if line.startswith(start))


BAD = {
    "empty": ("", "line 1"),
    "another file": ("# Some project\n\nHello.\n", "line 1"),
    "no day": (GOOD.replace("2026-02-05 06:40:51 UTC", "{{LAST_UPDATED}}"), "line 7"),
    "bad time": (GOOD.replace("06:40:51", "26:40:51"), "line 7"),
    "count too high": (GOOD.replace("Found**: 3", "Found**: 4"), "line 8"),
    "count too low": (GOOD.replace("Found**: 3", "Found**: 2"), "line 8"),
    "unfilled": (
        re.sub(r"### 1\..*\n---\n\n(?=## 🔧)", "{{X}}\n\n", GOOD, flags=re.DOTALL),
        "line 8",
    ),
    "bad score": (GOOD.replace("**Score**: 4.5", "**Score**: nan", 1), line_of(GOOD, "**Score**")),
    "bad type": (GOOD.replace("**Type**: new", "**Type**: old", 1), line_of(GOOD, "**Type**")),
    "bad day": (GOOD.replace("2026-02-05  ", "2026-02-30  ", 1), line_of(GOOD, "**Published")),
    "another id": (GOOD.replace("2602.00001v1", "2602.00009v1"), line_of(GOOD, "**ArXiv ID")),
    "no id": (GOOD.replace("2602.00001v1", "a/b/c"), line_of(GOOD, "**ArXiv ID")),
    "field missing": (GOOD.replace("**Authors**", "**Autors**", 1), line_of(GOOD, "### 1.")),
    "link missing": (GOOD.replace("arxiv.org/abs/2602.00002", "x.org"), line_of(GOOD, "### 2.")),
    "row missing": (GOOD.replace("### 2. [", "### 4. ["), ""),
    "heading unknown": (GOOD.replace("### 3. [", "##### 3. ["), ""),
    "no count and a heading unknown": (
        GOOD.replace("### 3. [", "##### 3. [").replace("- **Total Papers Found**: 3\n", ""),
        line_of(GOOD, "### 3.") - 3,
    ),
    "rule missing": (GOOD.replace("---\n\n### 3", "### 3"), line_of(GOOD, "### 3.") - 2),
    "unknown summary": (GOOD.replace("AI Summary", "Digest"), ""),
    "open summary": (GOOD.replace("</details>", "<details>"), ""),
}


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_read_is_an_error_that_names_file_and_line(case: str) -> None:
    text, where = BAD[case]
    assert text != GOOD
    line = f"line {where}" if isinstance(where, int) else where
    with pytest.raises(ReadmeError) as caught:
        parse(text, name="somewhere/README.md")
    assert caught.value.item.startswith("somewhere/README.md, line ")
    assert caught.value.item.endswith(line)


def test_a_file_broken_off_anywhere_is_an_error() -> None:
    keywords_end = GOOD.index("## 📅 Schedule") - 1
    for length in range(keywords_end):
        with pytest.raises(ReadmeError):
            parse(GOOD[:length])
    assert parse(GOOD[:keywords_end]).entries == parse(GOOD).entries


def test_knows_what_the_bot_wrote() -> None:
    assert is_snapshot(GOOD)
    assert not is_snapshot("# My bot\n\nIt will list papers here.\n")
    assert not is_snapshot("- **Last Updated**: {{LAST_UPDATED}}\n\n{{PAPERS_SECTION}}\n")
