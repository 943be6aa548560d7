"""Hostile text, from the entry points to real Chromium: nothing runs, nothing leaves its place.

What these texts want is to call ``hit()``, to ask evil.example for something, to put an element
where none belongs, or to write a file where none belongs.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import feedparser
import html5lib
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree
from mkdocs.utils.meta import get_data
from playwright.sync_api import Browser, BrowserContext, Page

from generator.build.archive.archive import Archive
from generator.build.citation.metadata import head
from generator.build.exports.api import api_makers
from generator.build.exports.bibliography import bibliography_makers
from generator.build.exports.crawlers import crawler_files
from generator.build.exports.feeds import feed_makers
from generator.build.pages.makers import page_makers
from generator.build.site.pagehtml import page_html, split_front_matter
from generator.core.days import CategoryRun, FeedState, Run
from generator.core.errors import StoreError
from generator.core.papers import Author, Paper
from generator.core.site import SiteInfo
from generator.core.summaries import FailureReason, SummaryFailure, Usage
from generator.core.texts import ENGLISH
from generator.store.merge import add_failure, add_summary
from generator.store.store import Store
from tests.bibtex import bibtex_entries
from tests.build.exports.test_crawlers import check_sitemap, read_llms
from tests.builders import make_day, make_paper, make_row, make_summary
from tests.chromium import wait_until
from tests.firefox import Firefox
from tests.loopback import Answer, Loopback
from tests.projects import Once, make_project, run_generator, serving
from tests.readme_writer import Sample, write_readme
from tests.rss import Item, feed
from tests.schemas import api_documents, parsed, problems

MONDAY, TUESDAY = date(2026, 1, 5), date(2026, 1, 6)

# Each on one line; where it begins a line is added by STARTS.
ATTACKS = (
    "<script>hit()</script>",
    "[x](javascript:hit())",
    "{{ 7*7 }}{{ config }}",
    "../../etc/passwd",
    "<!-- aside -->",
    "---: [a, 'b",
    "\u202egnp.exe\u202c \u2066x",
    "\"><script>hit()</script>'><img src=x onerror=hit()>",
    "[x]: javascript:hit()",
    "{% raw %}{% include 'x' %}",
    "\x00\x02title\x03\x02content\x03\x07\x1b[31m",
    "<!-- daybook: summary zh -->",
    "!!python/object/apply:os.system ['touch pwned'] &a *a",
    "```html <b>",
    "<svg onload=hit()><script>hit()</script></svg>",
    "[x](JaVaScRiPt&colon;hit()) [y](&#106;avascript:hit())",
    "{# ${7*7} %s %n {0} #}",
    "</details></section></article></main></body></html><script>hit()</script>",
    "\x85\u2028\u2029\ufeff\x7f\x80\x9f end",
    "]]><script>hit()</script><![CDATA[",
    "`code` ``x` **bold* _em_ ~~del~~",
    "<iframe srcdoc='<script>parent.hit()</script>'>",
    "![x](https://evil.example/x.png)",
    "C:\\con\\..\\nul %2e%2e%2f %00",
    "<!--><script>hit()</script>--!>",
    "&lt;script&gt;hit()&lt;/script&gt; &#60;script&#62; &amp;lt;",
    "<javascript:hit()> <data:text/html,x> <a href=javascript:hit()>x</a>",
    "| a | b |",
    "</title></textarea></style></noscript><script>hit()</script>",
    "<base href=https://evil.example/><meta http-equiv=refresh content=0;url=//evil.example>",
    '![x](x "onerror=hit()") [^1] [^1]: x',
    "<style>@import 'https://evil.example/'</style><link rel=stylesheet href=//evil.example>",
    "Ã©Ã¨ ğŸ“Š â€œquotedâ€\x9d",
    "<details open ontoggle=hit()><summary>x</summary>",
    "<form action=//evil.example><input autofocus onfocus=hit()><button>x",
    "[![z](https://evil.example/z.png)](javascript:hit())",
    "<math><mtext><table><mglyph><style><!--</style><img title='--><img src onerror=hit()>'>",
    "<h1>second</h1><article>a</article><footer>f</footer>",
    '<a class="md-overlay" style="position:fixed;inset:0" href="//evil.example">x</a>',
    "{: onclick=hit() } {.md-overlay}",
    "\ufdd0m0\ufdd1<m0>\ufdd1 \ufffe \uffff \u1680",
    "Z̴̛͓a̷̡͝lgo 大模型 🤖 \U0010ffff \ue000",
    "trailing \\",
)
# Formulas: what a reader sees of them is not what is written.
TEX = (
    r"$\href{javascript:hit()}{x}$ $\url{javascript:hit()}$ $\unicode{60}$",
    r"$<script>hit()</script>$ $\text{</math></h1><script>hit()</script>}$",
    r"\input{/etc/passwd} \write18{touch pwned} $\input{/etc/passwd}$ \(x\) \[y\]",
    r"$\class{md-overlay}{x}$ $\style{position:fixed}{x}$ $\color{red;position:fixed}x$",
    r"$\def\a{\a\a}\a$ $\newcommand{\b}{\b\b}\b$",
    "$" + "{" * 2000 + "x" + "}" * 2000 + "$",
    "$" + "\\left(" * 300 + "x$ $" + "\\frac{1}{" * 300 + "$",
    "$[a](nowhere.md)$ $x](javascript:hit())$ $`$ $a$1$ $$ $$$x$$$ $\\$ \\$",
    "$a <!-- daybook: summary zh --> b$ $\n<!-- aside -->\n$",
)
STARTS = (
    *("# x", "- x", "1. x", "> x", "---", "===", "| a |", "```", "~~~", "***", "+ x", "[ ] x"),
    *("10) x", "    x", "<!-- aside -->", "[x]: javascript:hit()", ": x", "...", "{% x %}", "\\"),
)
# Whole summaries; what stands behind one of them is what it tries to swallow.
SUMMARIES = (
    "```\nunclosed <script>hit()</script>",
    "~~~html onclick=hit()\n<img src=x onerror=hit()>",
    "<details><summary>x</summary>\n\nunclosed <script>hit()</script>",
    "</details>\n\n</section></article></main></body></html>\n<script>hit()</script>",
    "[x]: javascript:hit()\n[All tags]: https://evil.example/\n\n[x] [All tags] [AI summary] [x][]",
    "<!--\n\nnever closed",
    "<!-- aside -->\n\n<!-- daybook: summary zh -->\n\n# Again\n\n<script>hit()</script>",
    "---\ntitle: x\nkind: home\n---\n\n# H1\n\nSetext\n===\n\nSetext\n---\n\n###### Deep",
    "| a | b |\n|---|---|\n| <script>hit()</script> | `|` |\n"
    "| </td></table><img src=x onerror=hit()>",
    "> " * 600 + "deep\n\n" + "- " * 600 + "deep\n\n" + "[" * 5000 + "*_" * 5000,
    "$$\n\\text{</section><script>hit()</script>}\n$$\n\n\\[ \\href{javascript:hit()}{x} \\]",
    "![x](https://evil.example/x.png) ![y](javascript:hit()) <img src=https://evil.example/i.png>",
    "<div\nonmouseover=hit()\n>x</div>\n\n<style>*{display:none}</style>\n\n"
    "<object data=//evil.example>",
    "# {{ 7*7 }}\n\n{% raw %}{# x #}\n\n<section class=summary><h1>x</h1></section>",
    "x\x00y \x02title\x03 \x1b[31m\n\n# \u2028\u2029\x85\ufeff\n\n\u202e reversed\r\rlone returns",
    "[a](javascript&colon;hit()) [b](\x01javascript:hit()) [c](//evil.example) [d](nowhere.md)",
    "1. x\n\n"
    "<svg><script>hit()</script></svg><math><mi xlink:href='javascript:hit()'>x</mi></math>",
    '[^1]: javascript:hit()\n\n<https://evil.example/"onmouseover=hit()> [^1] http://[ http://[::1',
)
# Names of categories and tags that would be bad names of files.
NAMES = (
    *("..", ".", "../../etc/passwd", "/etc/passwd", "CON", "index", "feed.xml", "🤖"),
    *("大模型/分类", "%2e%2e%2f", "x" * 300, "CS.lg", "cs/AI", "cs-ai", "cs.AI"),
    *("a\\b", "-rf *", "~root"),
)
KEYWORDS = ("<script>hit()</script>", "../../etc/passwd", "{{ 7*7 }}", "大模型", "LLM", "LLM?")
# What a model may write besides: two lines of it would be a section of their own, were they marks.
FORGED = (
    "\n<!-- daybook: summary de -->\n## AI summary (forged)\n\n<b>hit</b>\n\n"
    "<!-- daybook: written by a model -->\n<script>hit()</script>",
    "x\r<!-- daybook: summary de -->\r# forged\r",
    "<!-- daybook: summary de -->\n<!-- aside -->\n- x",
)
SITE_TITLE = "</title><script>hit()</script>\"'{{ 7*7 }}"


def groups(count: int) -> list[str]:
    """The attacks, side by side on so many lines."""
    return [" ".join(ATTACKS[at::count]) for at in range(count)]


def legal(text: str) -> str:
    """Without the characters that cannot be in XML, and so never come from a feed."""
    return re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", text)


def visible(text: str) -> str:
    """What a reader sees of a line of text: no control, no override of the direction."""
    text = re.sub("[ \t\r\n]+", " ", text)
    hidden = "[\0-\x1f\x7f-\x9f\u1680\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff]"
    return re.sub(" +", " ", re.sub(hidden, "", text)).strip(" ")


def imported() -> list[Sample]:
    """Papers for a README: bytes of any kind can be in one."""
    lines = [*groups(len(SUMMARIES) - 3), *(" ".join(TEX[at::3]) for at in range(3))]
    return [
        Sample(
            id=f"2601.1{number:04}",
            title=f"{STARTS[number % len(STARTS)]} {line} LLM? {STARTS[-number % len(STARTS)]}",
            authors=f"{line}, Ada ({line})",
            category=NAMES[number],
            abstract=f"LLM {line} at https://ok.example/ and {line}",
            summary=f"# {line}\n\n- {line}\n\n{summary}",
            model=f"model {line}",
        )
        for number, (line, summary) in enumerate(zip(lines, SUMMARIES, strict=True))
    ]


def announced() -> bytes:
    """A feed: its fields are those that a README lacks."""
    lines = [legal(line) for line in (*groups(7), " ".join(TEX[::2]), " ".join(TEX[1::2]))]
    names = [*NAMES[::2], *NAMES[1::2]]
    good = [
        Item(
            id=f"2601.2{number:04}",
            title=f"{line} LLM",
            authors=f"{line}, Ada ({line})",
            abstract=f"{STARTS[number]}\n\nLLM\n{line}\n\n---\n{line}",
            categories=("cs.LG", names[2 * number], line, names[2 * number + 1]),
            doi=f"10.1000/{line}" if number % 2 else "10.1000/" + re.sub(r"\s", "", line),
        )
        for number, line in enumerate(lines)
    ]
    evil = [
        Item(id=path, title=f"LLM {path}")
        for path in ("../../etc/passwd", "cs/../0309136", f"{'a' * 300}/0309136", "2601.90001/../x")
    ]
    text = feed("cs.LG", TUESDAY, *good, *evil).decode()
    known = "<dc:rights>http://creativecommons.org/licenses/by/4.0/</dc:rights>"
    for line in lines:
        journal = f"<arxiv:journal_reference>{escape(line)}</arxiv:journal_reference>"
        text = text.replace(known, f"<dc:rights>{escape(line)}</dc:rights>{journal}", 1)
    return text.encode()


@pytest.fixture(scope="module")
def hostile(once: Once) -> Path:
    """A project that has imported, updated and built with hostile text in every field."""
    return once("hostile", _build_hostile)


def _build_hostile(folder: Path) -> Path:
    history = folder / "history"
    history.mkdir()
    readme = write_readme(
        imported(),
        layout="escaped",
        updated=f"{MONDAY} 06:40:51 UTC",
        keywords=(*KEYWORDS, "🤖", "</details></section></article>"),
        categories=("cs.LG", *NAMES),
    )
    (history / f"{MONDAY}.md").write_bytes(readme.encode())
    with Loopback() as arxiv:
        project = make_project(folder / "project", feeds=arxiv.url, categories="cs.LG")
        config = project / "daybook.yml"
        config.write_text(
            config.read_text()
            .replace("[LLM, sparse attention, kernel]", json.dumps(KEYWORDS))
            .replace(
                "site:\n", f"site:\n  title: {json.dumps(SITE_TITLE)}\n  description: '\"><b>'\n"
            )
        )
        run_generator(project, "import", str(history))
        arxiv.on("/rss/cs.LG", Answer(200, announced()))
        run_generator(project, "update", "--date", TUESDAY.isoformat())
    store = Store(project / "data")
    store.write([_summarised(p) for p in store.papers() if p.id.startswith("2601.2")], [])
    run_generator(project, "build")
    return project


def _summarised(paper: Paper) -> Paper:
    """Two summaries with hostile text wherever a model, or what it read, has a say; a failure."""
    number = int(paper.id[-1])
    text = f"{STARTS[number]} {' '.join(ATTACKS[number::9])} {TEX[number % len(TEX)]}"
    made = datetime(2026, 1, 6, 9, tzinfo=UTC)
    summary = make_summary(
        model=text,
        language="zh",
        prompt_hash=f"<b>`{text}",
        created=made,
        tldr=text,
        tags=(text, NAMES[number], *KEYWORDS),
        left_out=(text, "a | b", "</details>"),
        usage=Usage(prompt=1, completion=1, cost=0.5),
        body=SUMMARIES[number] + FORGED[number % 3],
    )
    english = replace(summary, language="en", body=FORGED[number % 3] + SUMMARIES[number])
    failure = SummaryFailure(
        key=replace(summary.key, language="fr"),
        reason=FailureReason.REFUSED,
        detail="<script>hit()</script> secret",
        attempts=1,
        last=made,
    )
    return add_failure(add_summary(add_summary(paper, summary), english), failure)


def papers(project: Path) -> dict[str, Paper]:
    return {paper.id: paper for paper in Store(project / "data").papers()}


# --- Files ------------------------------------------------------------------------------------


def test_every_paper_is_kept_and_no_path_came_in_with_one(hostile: Path) -> None:
    stored = papers(hostile)
    expected = [f"2601.1{number:04}" for number in range(18)]
    assert sorted(stored) == [*expected, *(f"2601.2{number:04}" for number in range(9))]
    assert any("<script>hit()</script>" in paper.title for paper in stored.values())
    assert any("\x02title\x03" in paper.title for paper in stored.values())
    day = Store(hostile / "data").day(TUESDAY)
    assert day is not None
    assert str(day.run.categories["cs.LG"].detail).count("Not an arXiv identifier") == 4


def test_no_file_is_outside_its_folder_or_badly_named(hostile: Path) -> None:
    assert {path.name for path in hostile.parent.iterdir()} == {"history", "project"}
    known = {"daybook.yml", "mkdocs.yml", "overrides", "generator", "data", "site_src", "site"}
    assert {path.name for path in hostile.iterdir()} - {".cache"} == known
    for root in ("data", "site_src", "site"):
        names = [path.relative_to(hostile).as_posix() for path in (hostile / root).rglob("*")]
        assert len({name.casefold() for name in names}) == len(names)
        for segment in {part for name in names for part in name.split("/")} - {".lock"}:
            assert re.fullmatch(r"[\w+-][\w.+-]*", segment), segment
            assert len(segment.encode()) <= 255
        assert not any(path.is_symlink() for path in (hostile / root).rglob("*"))
    # Names that would share a folder share a page.
    assert (hostile / "site/categories/cs.AI/index.html").is_file()
    assert (hostile / "site/tags/大模型/index.html").is_file()
    assert len(list((hostile / "site/tags").glob("llm*"))) == 1


def test_the_data_is_whole_and_no_link_is_broken(hostile: Path) -> None:
    for path in (hostile / "data").rglob("*.json"):
        json.loads(path.read_bytes())
    run_generator(hostile, "check")


def test_feeds_are_strict_xml_and_hold_no_script(hostile: Path) -> None:
    stored = papers(hostile)
    feeds = [hostile / "site/feed.xml", *(hostile / "site/feeds").glob("*.xml")]
    assert len(feeds) > 20
    for path in feeds:
        root = etree.fromstring(path.read_bytes(), etree.XMLParser(resolve_entities=False))
        parsed = feedparser.parse(path.read_bytes(), sanitize_html=False)
        assert not parsed.bozo
        assert len(parsed.entries) == len(root.findall(".//item")) > 0
        assert parsed.feed.title.startswith(SITE_TITLE)
        for item in root.iterfind(".//item"):
            link = str(item.findtext("link"))
            paper = stored[link.removeprefix("https://daybook.example/papers/").strip("/")]
            if not _has_tex(paper.title):
                assert item.findtext("title") == visible(paper.title)
            assert problems_of(str(item.findtext("description"))) == []
        assert not re.search("[\x00-\x08\x7f-\x9f\u202a-\u202e\u2066-\u2069]", path.read_text())


def test_atom_and_json_feeds_hold_no_script(hostile: Path) -> None:
    site = hostile / "site"
    atoms = [site / "atom.xml", *(site / "feeds/atom").rglob("*.xml")]
    atoms += (site / "feeds/archive").glob("*.xml")
    assert len(atoms) > 20
    for path in atoms:
        root = etree.fromstring(path.read_bytes(), etree.XMLParser(resolve_entities=False))
        contents = root.findall(".//{*}content")
        assert contents
        assert [problems_of(str(content.text)) for content in contents] == [[]] * len(contents)
        assert not re.search("[\x00-\x08\x7f-\x9f\u202a-\u202e\u2066-\u2069]", path.read_text())
    for path in (site / "feed.json", *(site / "feeds/json").rglob("*.json")):
        for item in json.loads(path.read_bytes())["items"]:
            assert problems_of(item["content_html"]) == []
            assert not re.search("[\x00-\x08\x7f-\x9f\u202a-\u202e]", item["title"])
    etree.fromstring((site / "feeds.opml").read_bytes())


def test_a_papers_head_and_the_years_files_hold_the_texts_as_texts(hostile: Path) -> None:
    stored, entries = papers(hostile), []
    for paper in stored.values():
        page = html5lib.parse(
            (hostile / f"site/papers/{paper.id}/index.html").read_text(),
            namespaceHTMLElements=False,
        )
        metas = page.findall("./head/meta")
        named = [m.get("content") for m in metas if m.get("name") == "citation_title"]
        shown = [m.get("content") for m in metas if m.get("property") == "og:title"]
        assert len(named) == 1
        assert [_one_line(t) for t in shown] == [_one_line(t) for t in named]
        if not _has_tex(paper.title):
            assert named == [visible(paper.title)]
        (data,) = page.findall("./head/script[@type='application/ld+json']")
        assert json.loads(data.text)["headline"] == named[0]
        assert not re.search("[<>&]", data.text)
        (entry,) = page.findall(".//article/details/pre/code")
        entries.append("".join(entry.itertext()).strip())
    for suffix in ("bib", "ris"):
        path = hostile / f"site/bib/2026.{suffix}"
        check_bibliography(path.name, path.read_text(), len(stored))
    assert sorted(entries) == sorted(
        re.split("\n{2,}", (hostile / "site/bib/2026.bib").read_text().strip())
    )


def test_the_data_api_keeps_its_schemas_and_gives_every_text_back(hostile: Path) -> None:
    documents = api_documents(hostile / "site")
    assert problems(documents) == []
    for identifier, paper in papers(hostile).items():
        document = documents[f"papers/{identifier}.json"]
        assert document["title"] == paper.title
        assert document["abstract"] == paper.abstract
        assert [author["name"] for author in document["authors"]] == [a.name for a in paper.authors]
        for tag in document["tags"]:
            listed = documents[f"tags/{tag['id']}.json"]["papers"]
            assert identifier in [entry["id"] for entry in listed]
    assert {"tags/index.json", "tags.json"} < set(documents)
    assert "secret" not in json.dumps(documents)


def test_no_text_breaks_what_crawlers_read(hostile: Path) -> None:
    site = hostile / "site"
    addresses = check_sitemap((site / "sitemap.xml").read_bytes())
    assert len(addresses) == len(list(site.rglob("index.html")))
    title, _, sections = read_llms((site / "llms.txt").read_text())
    assert title == SITE_TITLE
    for links in sections.values():
        assert all(address.startswith("https://daybook.example/") for address, _ in links)


def check_bibliography(name: str, text: str, papers: int) -> None:
    """So many entries as papers, each field on its line, nothing that reads as something else."""
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
    if name.endswith(".ris"):
        assert all(re.match("[A-Z][A-Z0-9]  - ", line) for line in text.splitlines() if line)
        assert text.count("\nER  - \n") == text.count("TY  - UNPB\n") == papers
        return
    assert len(bibtex_entries(text)) == papers


def cited(content: str) -> list[dict[str, str]]:
    """What the boxes of a page hold that are Daybook's own."""
    article = html5lib.parseFragment(content, namespaceHTMLElements=False)
    codes = article.findall("./details/pre/code")
    return [entry for code in codes for entry in bibtex_entries("".join(code.itertext()))]


def check_head(tags: str, front: dict[str, Any]) -> None:
    """The head's tags are tags, and give the front matter back."""
    page = html5lib.parse(f"<head>{tags}</head><body>", namespaceHTMLElements=False)
    inside = page.find("head")
    assert {child.tag for child in inside} <= {"meta", "script", "link"}
    for link in inside.findall("link"):
        assert link.get("rel") == "alternate"
        assert re.fullmatch(r"(?:\.\./)*(?:[\w%+-][\w.%+-]*/)*[\w%+-][\w.%+-]*", link.get("href"))
    assert "".join(page.find("body").itertext()) == ""
    known = {"name", "content", "type", "rel", "title", "href"}
    assert all(set(child.attrib) <= known for child in inside)
    if "arxiv" in front:
        assert json.loads(inside.find("script").text)["headline"] == front["title"]


def _has_tex(text: str) -> bool:
    return "$" in text or "\\(" in text


# --- Chromium ---------------------------------------------------------------------------------

# Opens pages in frames, several at a time, and reports on each.
INSPECT = """
async (addresses) => {
  const ALLOWED = new Set(`h1 h2 h3 h4 h5 h6 p a ul ol li strong em del b i u kbd sub sup code pre
    blockquote br hr table thead tbody tr th td div span section nav aside details summary
    button`.split(/\\s+/));
  const OWN = new Set(`h1 h2 h3 p a ul ol li strong em code pre br div span nav aside
    details summary button`.split(/\\s+/));
  const PANEL = new Set("div figure figcaption a b svg g path rect text circle".split(" "));
  const FETCHES = /^(src|srcset|srcdoc|data|action|formaction|poster|background|ping|manifest)$/;
  const MATHML = "http://www.w3.org/1998/Math/MathML", HTML = "http://www.w3.org/1999/xhtml";
  const inspect = (page) => {
    const problems = [];
    const TOLD = ":is(.paper, .paper > .summaries > .version)";
    const only = (selector) => {
      const found = page.querySelectorAll(selector);
      if (found.length !== 1) problems.push(`${found.length} ${selector}`);
      return found[0];
    };
    const article = only("article");
    for (const one of ["main", "footer", "header", "body", "head > title", "h1", "article h1",
        "body > footer.colophon", "body > main > article"])
      only(one);
    for (const element of page.querySelectorAll("*")) {
      for (const { name, value } of element.attributes) {
        const where = `<${element.localName} ${name}="${value.slice(0, 80)}">`;
        if (/^on/i.test(name)) problems.push(where);
        if (!/(^|:)href$/.test(name) && !FETCHES.test(name)) continue;
        const url = new URL(value, page.baseURI);
        const followed = name === "href" &&
          (element.localName === "a" || /canonical|alternate/.test(element.rel));
        if (followed ? !/^(https?|mailto):$/.test(url.protocol) : url.origin !== location.origin)
          problems.push(where);
      }
    }
    for (const element of article?.querySelectorAll("*") ?? []) {
      // The forms; no text from outside.
      if (element.closest(".search > #search-app, .saved > #saved-app")) continue;
      if (element.closest(".status > .chart")) continue;  // bars, dates and figures
      if (element.matches(
          '.paper > .summaries > script[src="../../assets/reading/languages.js"]:empty'))
        continue;
      const name = element.localName;
      if (element.closest(".trends > .panels")) {  // names from outside, and lines
        if (!PANEL.has(name)) problems.push(`<${name}> in a panel`);
        continue;
      }
      const own = !article.matches(".status, .trends") &&
        !element.parentElement.closest("section.summary");
      const expected = element.namespaceURI === MATHML ||
        element.namespaceURI === HTML &&
        (own && !element.matches(`${TOLD} > section.summary`) ? OWN : ALLOWED).has(name);
      if (!expected) problems.push(`<${name}> in the article`);
      if (/\\bmd-(?!typeset__)/.test(element.className))  // those are Material's, around tables
        problems.push(`class ${element.className}`);
      if (/position|url|z-index|expression/i.test(element.getAttribute("style") ?? ""))
        problems.push(`style ${element.getAttribute("style")}`);
    }
    if (page.documentElement.scrollWidth > page.defaultView.innerWidth) problems.push("too wide");
    const outside = [...page.querySelectorAll("*")].filter(
      (element) => !element.closest("article > *, .contents, .strip") &&
        !element.matches("head > meta[name^=citation_], head > link[rel~=alternate]"));
    const text = (selector) => [...page.querySelectorAll(selector)].map((e) => e.textContent);
    return {
      problems,
      kind: article?.className,
      outside: outside.map((e) => e.localName).join(" "),
      blocks: [...article?.children ?? []].map((e) => e.localName).join(" "),
      cards: [...page.querySelectorAll("article.day > ol > li, .latest > ol > li")].map(
        (card) => [...card.children].map((e) => e.localName).join(" ")),
      title: page.title, h1: text("h1")[0], name: text(".masthead__name")[0],
      titles: text(".day ol > li > h2"), lines: text(".list ul > li > a[href*='/papers/']"),
    };
  };
  const found = {}, queue = [...addresses];
  const work = async () => {
    while (queue.length) {
      const address = queue.shift();
      const frame = document.createElement("iframe");
      frame.width = 1000; frame.height = 700;
      const loaded = new Promise((resolve, reject) => {
        frame.onload = resolve;
        setTimeout(() => reject(new Error(`${address} does not load`)), 20000);
      });
      frame.src = address;
      document.body.append(frame);
      await loaded;
      found[address] = inspect(frame.contentDocument);
      frame.remove();
    }
  };
  await Promise.all([work(), work(), work(), work()]);
  return found;
}
"""
# The children of an article, by the kind of page.
BLOCKS = {
    "paper": r"h1 p( details)? p( p)* ul( h2 p( p)? section| div)? h2 p( p)? details details nav",
    "status": r"h1 p ul (figure ul )?div",
    "day": r"h1 p ul (div )?ol( p)?",
    "day home": r"div aside",
    "search": r"h1 p div",
    "trends": r"h1 p( h2 p( div details p)?)*( h2 p ol p p)?",
}
LISTING = r"h1( p| ul| h2| h3| div| nav| details)*"


@dataclass
class Watched:
    """A browser window, and everything bad that happened in it."""

    page: Page
    address: str
    incidents: list[str] = field(default_factory=list)


def watch(context: BrowserContext, address: str) -> Watched:
    """A window that notes calls of ``hit``, dialogs, errors, and requests to other hosts."""
    context.set_default_timeout(20_000)
    watched = Watched(context.new_page(), address)
    note = watched.incidents.append
    context.expose_binding("hit", lambda source: note(f"hit() at {source['frame'].url}"))
    context.on("page", lambda opened: note(f"opened {opened.url}"))
    page = watched.page
    page.on("dialog", lambda dialog: (note(f"dialog {dialog.message}"), dialog.dismiss()))
    page.on("pageerror", lambda error: note(str(error)))
    page.on("console", lambda m: note(f"{m.text} {m.location}") if m.type == "error" else None)
    page.on(
        "request",
        lambda request: None if request.url.startswith(address) else note(request.url),
    )
    return watched


@pytest.fixture(scope="module")
def site(hostile: Path) -> Iterator[str]:
    with serving(hostile / "site") as address:
        yield address


@pytest.fixture
def window(browser: Browser, site: str) -> Iterator[Watched]:
    context = browser.new_context(viewport={"width": 1000, "height": 700})
    yield watch(context, site)
    context.close()


@pytest.mark.browser
def test_no_page_runs_a_script_or_shows_an_element_out_of_place(
    hostile: Path, window: Watched
) -> None:
    root = hostile / "site"
    sources = [path.relative_to(root).as_posix() for path in root.rglob("*.html")]
    assert len(sources) > 80
    addresses = [window.address + source.removesuffix("index.html") for source in sources]
    # The page around the frames has no policy; each page in a frame has its own, and a text that
    # broke it would be an error in the console.
    blank = '<!doctype html><link rel="icon" href="data:,">'
    window.page.route(
        f"{window.address}frames", lambda r: r.fulfill(body=blank, content_type="text/html")
    )
    window.page.goto(f"{window.address}frames")
    pages: dict[str, dict[str, Any]] = window.page.evaluate(INSPECT, addresses)
    window.page.wait_for_timeout(200)  # for what runs a little later
    assert window.incidents == []
    assert {address: page["problems"] for address, page in pages.items() if page["problems"]} == {}
    outside: dict[str, set[str]] = {}
    for address, page in pages.items():
        kind = page["kind"].replace("md-content__inner md-typeset ", "")
        if not address.endswith("404.html"):
            outside.setdefault(kind, set()).add(page["outside"])
            assert re.fullmatch(BLOCKS.get(kind, LISTING), page["blocks"]), (address, page)
        for card in page["cards"]:
            assert re.fullmatch("h2 p ul p( p)?", card), (address, card)
        assert page["name"] == SITE_TITLE
        assert page["title"].endswith(SITE_TITLE)
    assert {kind: found for kind, found in outside.items() if len(found) > 1} == {}
    _check_titles(hostile, window.address, pages)


@pytest.mark.browser
def test_no_text_breaks_a_policy_in_firefox(hostile: Path, site: str, firefox: Firefox) -> None:
    own = ("", "404.html", "about/", "status/", "trends/", f"days/{MONDAY}/", f"days/{TUESDAY}/")
    for path in (*own, "tags/", "categories/", *(f"papers/{paper}/" for paper in papers(hostile))):
        firefox.open(site + path)
        assert SITE_TITLE in firefox.run("return document.title")
    assert firefox.refused() == []


def _check_titles(hostile: Path, address: str, pages: dict[str, dict[str, Any]]) -> None:
    """A reader sees the characters of every title, on the paper's page and in every list."""
    shown = set()
    titles = {visible(p.title) for p in papers(hostile).values() if not _has_tex(p.title)}
    for paper in papers(hostile).values():
        if not _has_tex(paper.title):
            page = pages[f"{address}papers/{paper.id}/"]
            assert page["h1"] == visible(paper.title)
            assert _one_line(page["title"]) == _one_line(f"{visible(paper.title)} · {SITE_TITLE}")
    for day in (MONDAY, TUESDAY):
        shown |= set(pages[f"{address}days/{day}/"]["titles"])
    assert titles <= shown
    assert titles <= {line for page in pages.values() for line in page["lines"]}


def _one_line(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.browser
def test_summaries_opened_in_place_are_as_safe(hostile: Path, window: Watched) -> None:
    page = window.page
    page.goto(f"{window.address}days/{MONDAY}/", wait_until="networkidle")
    before = page.evaluate("document.querySelectorAll('body > *, main *:not(ol *)').length")
    buttons = page.get_by_role("button", name="AI summary").all()
    assert len(buttons) == len(SUMMARIES)
    for button in buttons:
        button.click()
    wait_until(
        page,
        "count => document.querySelectorAll('.opened:not([hidden])').length === count",
        arg=len(buttons),
    )
    page.wait_for_timeout(200)
    assert window.incidents == []
    assert page.url == f"{window.address}days/{MONDAY}/"
    opened = page.eval_on_selector_all(
        ".day ol > li > .opened",
        """boxes => boxes.map((box) => {
          box.querySelector(":scope > button")?.remove();  // Daybook's own, which shows more
          return box.innerHTML;
        })""",
    )
    assert len(opened) == len(SUMMARIES)
    assert [problems_of(html) for html in opened] == [[]] * len(opened)
    after = page.evaluate("document.querySelectorAll('body > *, main *:not(ol *)').length")
    assert after == before
    assert page.locator("article > ol > li").count() == len(SUMMARIES)


@pytest.mark.browser
def test_a_title_reads_on_the_screen_as_it_was_written(hostile: Path, window: Watched) -> None:
    window.page.goto(f"{window.address}papers/2601.20000/")
    title = papers(hostile)["2601.20000"].title
    assert "<script>hit()</script>" in title
    assert _one_line(window.page.locator("h1").inner_text()) == _one_line(visible(title))


@pytest.mark.browser
def test_the_inspection_sees_what_is_wrong(browser: Browser, tmp_path: Path) -> None:
    body = (
        "<script>hit()</script><img src=x onerror=hit()><article><h1>1</h1><table></table>"
        '<a href="javascript:hit()">x</a><p class="md-overlay" style="position:fixed">'
        "</article><h1>2</h1>"
    )
    (tmp_path / "index.html").write_text(f"<title>x</title>{body}")
    (tmp_path / "404.html").write_text("")
    with serving(tmp_path) as address:
        window = watch(browser.new_context(bypass_csp=True), address)
        window.page.goto(address + "404.html")
        found = window.page.evaluate(INSPECT, [address])[address]["problems"]
        with window.page.expect_event("dialog"):
            window.page.evaluate("fetch('http://127.0.0.1:9/').catch(() => alert('x'))")
    assert {
        *("2 h1", "0 main", "0 footer", '<img onerror="hit()">', '<a href="javascript:hit()">'),
        *("<table> in the article", "class md-overlay", "style position:fixed"),
    } <= set(found)
    text = "\n".join(window.incidents)
    assert "hit() at" in text
    assert "dialog x" in text
    assert "http://127.0.0.1:9/" in text


# --- What is refused --------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["../../../etc/passwd", "cs/../0309136", "2601.00001/../x"])
def test_a_readme_whose_id_is_a_path_is_refused_whole(path: str, tmp_path: Path) -> None:
    project = make_project(tmp_path / "project")
    (tmp_path / "2026-01-05.md").write_text(write_readme([Sample(), Sample(id=path)]))
    run_generator(project, "import", str(tmp_path), code=3)
    assert not (project / "data").exists()


def test_a_word_without_end_cannot_hold_up_an_update(tmp_path: Path) -> None:
    project = make_project(tmp_path / "project")
    hidden = feed("cs.LG", MONDAY, Item(authors="@@")).replace(b"@@", b"&#x61;a" * 100_000)
    (tmp_path / "feed.xml").write_bytes(hidden)
    arguments = ("update", "--date", MONDAY.isoformat(), "--feed", str(tmp_path / "feed.xml"))
    run_generator(project, *arguments, code=4)
    assert not (project / "data").exists()


def test_a_language_that_is_markup_is_damage(tmp_path: Path) -> None:
    store = Store(tmp_path / "data")
    paper = _paper("2601.00001", "x")
    summary = replace(paper.summaries[0], language='zh"><script>hit()</script>')
    store.write([replace(paper, summaries=(summary,))], [], lambda done, total: None)
    with pytest.raises(StoreError, match="language"):
        list(store.papers())


def test_texts_of_hundreds_of_kilobytes_are_built(tmp_path: Path) -> None:
    project = make_project(tmp_path / "project")
    long = Sample(title="LLM " + "word " * 40_000, summary="> [*" * 60_000)
    wide = Sample(id="2602.00002", category="x" * 100_000, authors="Ada, " * 5_000)
    (tmp_path / "2026-01-05.md").write_text(write_readme([long, wide]))
    run_generator(project, "import", str(tmp_path))
    run_generator(project, "build")
    run_generator(project, "check")


# --- Any text ---------------------------------------------------------------------------------

_text = st.lists(
    st.sampled_from(
        (*ATTACKS, *FORGED, *STARTS, *TEX[:5], *NAMES, " ", "\n", "\r", "\n\n---\n", "\\", "$")
    )
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=6),
    max_size=4,
).map("".join)


def _paper(identifier: str, text: str) -> Paper:
    everywhere = dict.fromkeys(("model", "prompt_hash", "body", "tldr"), text)
    summary = make_summary(
        language="zh", input="imported", tags=(text,), left_out=(text,), **everywhere
    )
    return make_paper(
        identifier,
        **dict.fromkeys(("title", "abstract", "doi", "journal_ref", "license"), text),
        authors=(Author(text, text), Author(text)),
        categories=(text, "cs.LG"),
        day=MONDAY,
        summaries=(summary, replace(summary, language="en", input="fulltext")),
    )


def _pages(texts: list[str]) -> dict[str, bytes]:
    """Every page and feed of an archive with one paper for each text, and it in every field."""
    found = [_paper(f"2601.1{number:04}", text) for number, text in enumerate(texts)]
    rows = [make_row(paper, paper.title) for paper in found]
    run = Run(keywords=tuple(texts), categories={texts[0]: CategoryRun(state=FeedState.FRESH)})
    archive = Archive.of(found, [make_day(*rows, day=MONDAY, run=run)])
    info = SiteInfo(texts[0], "https://daybook.example/", texts[0], tuple(texts), tuple(texts))
    made = [
        *page_makers(archive, info),
        *feed_makers(archive, info),
        *bibliography_makers(archive),
        *api_makers(archive, info),
        lambda: crawler_files(archive, info),
    ]
    return {path: data for maker in made for path, data in maker()}


@given(st.lists(_text, min_size=2, max_size=3))
@example(["\xa0", ""])
@settings(max_examples=15)
def test_any_text_makes_safe_pages_that_yaml_and_daybook_read_alike(texts: list[str]) -> None:
    pages = _pages(texts)
    assert problems(parsed(pages)) == []
    for path, data in pages.items():
        assert re.fullmatch(r"(?:[\w+-][\w.+-]*/)*[\w+-][\w.+-]*", path)
        assert all(len(segment.encode()) <= 255 for segment in path.split("/"))
        text = data.decode()
        if path.endswith(".xml"):
            etree.fromstring(data)
            continue
        if path.endswith((".opml", ".json")):
            etree.fromstring(data) if path.endswith("opml") else json.loads(data)
            continue
        if path.endswith(".txt"):
            if path == "llms.txt" and not _has_tex(texts[0]):
                # The parser takes every kind of space from a heading's ends, not blanks alone.
                assert read_llms(text)[0] == visible(texts[0]).strip()
            continue
        if path.endswith(".csv"):
            rows = list(csv.reader(io.StringIO(text)))
            assert len({len(cells) for cells in rows}) == 1, path
            continue
        if path.startswith("bib/"):
            check_bibliography(path, text, len(texts))
            continue
        front, body = split_front_matter(path, text)
        rest, meta = get_data(text)
        assert meta == front, path
        assert rest == body.lstrip("\n"), path
        page = page_html(path, front, body, pages.__contains__, ENGLISH)
        own = '<script src="../../assets/reading/languages.js"></script>'
        assert problems_of(page.content.replace(own, "", 1)) == [], path
        assert problems_of(page.aside) == [], path
        assert page.content.count("<h1") == 1, path
        # Whatever they write, two summaries are two sections.
        is_paper = path.startswith("papers/")
        assert page.content.count("<section") == 2 * is_paper, path
        assert len(cited(page.content)) == is_paper
        check_head(head(page.front), page.front)
    for number, text in enumerate(texts):
        path = f"papers/2601/2601.1{number:04}.md"
        page = page_html(
            path, *split_front_matter(path, pages[path].decode()), pages.__contains__, ENGLISH
        )
        if not _has_tex(text):
            assert page.front["title"] == visible(text)
            assert _headline(page.content) == visible(text)


def _headline(content: str) -> str:
    heading = html5lib.parseFragment(content, namespaceHTMLElements=False).find(".//h1")
    return "".join(heading.itertext())


_SAFE_TAGS = {
    *("h1", "h2", "h3", "h4", "h5", "h6", "p", "a", "ul", "ol", "li", "strong", "em", "del", "b"),
    *("i", "u", "kbd", "sub", "sup", "code", "pre", "blockquote", "br", "hr", "table", "thead"),
    *("tbody", "tr", "th", "td", "div", "span", "section", "details", "summary"),
}
_MATHML = "{http://www.w3.org/1998/Math/MathML}"


def problems_of(html: str) -> list[str]:
    """What is unsafe in a fragment, as a browser's parser reads it within a page."""
    tree = html5lib.parse(f"<main>{html}</main><footer></footer>", namespaceHTMLElements=False)
    body = tree.find("body")
    problems = [] if [child.tag for child in body] == ["main", "footer"] else ["it breaks out"]
    for element in body.find("main").iter():
        name = str(element.tag)
        if name not in _SAFE_TAGS and name != "main" and not name.startswith(_MATHML):
            problems.append(f"<{name}>")
        problems += [f"{name} {key}" for key in element.attrib if str(key).startswith("on")]
        scheme = re.match(r"[\s\0-\x1f]*([a-z][a-z0-9+.-]*):", element.get("href", ""), re.I)
        if scheme and scheme[1].lower() not in ("http", "https", "mailto"):
            problems.append(f"href {element.get('href')}")
    return problems
