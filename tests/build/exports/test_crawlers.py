"""What programs read first: the sitemap, robots.txt, llms.txt."""

from __future__ import annotations

import re
import urllib.robotparser
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from lxml import etree
from markdown_it import MarkdownIt
from markdown_it.token import Token

from generator.build.archive.archive import Archive
from generator.build.exports import sitemap
from generator.build.exports.crawlers import LATEST_DAYS, llms, robots
from generator.build.exports.sitemap import SitemapEntry, sitemap_files
from generator.store.store import Store
from tests import builders
from tests.builders import make_archive, make_paper
from tests.projects import run_generator

BASE = builders.SITE.url
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
SITE = replace(builders.SITE, description="Papers")


def check_sitemap(data: bytes, root: str = "urlset", base: str = BASE) -> dict[str, str]:
    """Hold a document against the protocol's own schema; give each address's day."""
    tree = etree.fromstring(data)
    assert tree.tag == f"{{{NAMESPACE}}}{root}"
    assert len(tree) <= 50_000
    assert len(data) <= 50 * 1024 * 1024
    found = {}
    for item in tree:
        assert item.tag == f"{{{NAMESPACE}}}{'url' if root == 'urlset' else 'sitemap'}"
        tags = [etree.QName(child).localname for child in item]
        assert tags in (["loc"], ["loc", "lastmod"])
        address = item.findtext(f"{{{NAMESPACE}}}loc")
        assert re.fullmatch(re.escape(base) + "[!-~]*", address)
        assert len(address) < 2048
        day = item.findtext(f"{{{NAMESPACE}}}lastmod") or ""
        assert day == "" or date.fromisoformat(day)
        found[address] = day
    assert len(found) == len(tree)
    return found


# --- The sitemap ----------------------------------------------------------------------------------


def test_every_page_stands_in_the_sitemap_by_its_own_address(golden_site: Path) -> None:
    found = check_sitemap((golden_site / "sitemap.xml").read_bytes())
    canonical = set()
    for path in golden_site.rglob("*.html"):
        canonical |= set(re.findall(r'<link rel="canonical" href="([^"]*)"', path.read_text()))
    assert set(found) == canonical
    assert not (golden_site / "sitemap.xml.gz").exists()


def test_a_page_changed_when_what_it_shows_did(own_golden: Path) -> None:
    """The last summary changes its paper's page and every list with the paper, and no other."""
    project = own_golden
    before = check_sitemap((project / "site" / "sitemap.xml").read_bytes())
    assert before[f"{BASE}papers/math/0309136/"] == "2026-02-05"
    assert before[f"{BASE}days/2026-02-07/"] == "2026-02-07"
    assert before[f"{BASE}search/"] == ""
    store = Store(project / "data")
    paper = store.paper("math/0309136")
    assert paper
    late = replace(paper.summaries[0], created=datetime(2026, 3, 1, 4, tzinfo=UTC))
    store.write([replace(paper, summaries=(paper.summaries[1], late))], [])
    run_generator(project, "build")
    after = check_sitemap((project / "site" / "sitemap.xml").read_bytes())
    changed = {address for address, day in after.items() if day == "2026-03-01"}
    assert {BASE + path for path in ("", "papers/math/0309136/", "days/2026-02-05/")} < changed
    assert {BASE + path for path in ("days/2026-02/", "days/2026/", "days/")} < changed
    assert {f"{BASE}categories/math.GT/", f"{BASE}tags/complexity/2026-02/"} < changed
    for path in ("papers/2602.90002/", "days/2026-02-04/", "tags/kernel/", "search/"):
        assert after[BASE + path] == before[BASE + path]


def test_a_long_sitemap_is_in_parts_that_miss_no_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemap, "PAGES_A_FILE", 10)
    pages = [SitemapEntry(f"papers/2602.{n:05}/", f"2026-02-{n % 27 + 1:02}") for n in range(25)]
    files = sitemap_files(BASE, pages)
    assert set(files) == {"sitemap.xml", "sitemap-1.xml", "sitemap-2.xml", "sitemap-3.xml"}
    index = check_sitemap(files["sitemap.xml"], "sitemapindex")
    seen: dict[str, str] = {}
    for address, day in index.items():
        part = check_sitemap(files[address.removeprefix(BASE)])
        assert day == max(part.values())
        seen |= part
    assert seen == {BASE + page.url: page.modified for page in pages}
    assert set(sitemap_files(BASE, pages[:10])) == {"sitemap.xml"}


def test_addresses_are_escaped() -> None:
    base = "https://daybook.example/a&b/"
    (data,) = sitemap_files(base, [SitemapEntry("tags/大模型/", "")]).values()
    (address,) = check_sitemap(data, base=base)
    assert address == f"{base}tags/%E5%A4%A7%E6%A8%A1%E5%9E%8B/"


# --- robots.txt -----------------------------------------------------------------------------------


@pytest.mark.parametrize("base", [BASE, "https://user.example/repo/"])
def test_robots_may_read_everything_and_find_the_sitemap(base: str) -> None:
    parser = urllib.robotparser.RobotFileParser()
    parser.parse(robots(replace(SITE, url=base)).splitlines())
    assert parser.site_maps() == [f"{base}sitemap.xml"]
    for path in ("", "papers/2602.90001/", "api/v1/index.json", "search/parts.json"):
        assert parser.can_fetch("SampleBot", base + path)


# --- llms.txt -------------------------------------------------------------------------------------


def read_llms(text: str) -> tuple[str, list[str], dict[str, list[tuple[str, str]]]]:
    """Title, paragraphs before the lists, and each section's links, as https://llmstxt.org has it.

    Read by a Markdown parser that did not write it.
    """
    tokens = MarkdownIt("commonmark").parse(text)
    kinds = [(token.type, token.tag) for token in tokens if token.nesting == 1 or token.block]
    assert kinds[0] == ("heading_open", "h1")
    title, paragraphs, section = "", [], ""
    sections: dict[str, list[tuple[str, str]]] = {}
    for before, token in pairwise(tokens):
        assert token.type not in ("html_block", "fence", "code_block")
        if token.type != "inline":
            continue
        assert not any(child.type in ("html_inline", "image") for child in token.children or ())
        if before.tag == "h1":
            title = shown(token)
        elif before.tag == "h2":
            section = shown(token)
            sections[section] = []
        elif not section:
            paragraphs.append(shown(token))
        else:
            first = (token.children or [])[0]
            assert first.type == "link_open"
            rest = shown(token)
            sections[section].append((str(first.attrGet("href")), rest))
        assert before.tag != "h3"
    return title, paragraphs, sections


def shown(token: Token) -> str:
    return "".join(child.content for child in token.children or ())


def test_llms_txt_keeps_its_form_and_every_link_leads_somewhere(golden_site: Path) -> None:
    text = (golden_site / "llms.txt").read_text()
    title, paragraphs, sections = read_llms(text)
    assert title == "Daybook"
    assert text.splitlines()[2].startswith("> ")
    assert "4 papers of 2 announcement days" in paragraphs[1]
    assert list(sections) == ["Data", "Latest days", "Archive", "Feeds", "Optional"]
    assert sections["Latest days"][0] == (
        f"{BASE}days/2026-02-05/",
        "Thursday 5 February 2026: 2 papers",
    )
    for links in sections.values():
        for address, _ in links:
            path = golden_site / address.removeprefix(BASE)
            assert path.is_file() or (path / "index.html").is_file(), address


@pytest.mark.parametrize(
    "text",
    [
        "</title><script>hit()</script>",
        "# x\n## y\n- [z](javascript:hit())",
        "[x](https://evil.example/) ![x](y)",
        "---\n```\n<!-- x -->",
        "",
    ],
)
def test_no_name_of_a_site_breaks_llms_txt(text: str) -> None:
    named = replace(SITE, title=f"x{text}", description=text)
    title, paragraphs, sections = read_llms(llms(Archive.of([], []), named))
    assert title == " ".join(f"x{text}".split())
    assert len(paragraphs) == (2 if text else 1)
    assert list(sections) == ["Data", "Archive", "Feeds", "Optional"]
    assert all(address.startswith(BASE) for links in sections.values() for address, _ in links)


def test_only_the_latest_days_are_named() -> None:
    days = [date(2026, 1, n) for n in range(1, 29)]
    papers = {day: make_paper(f"2601.{day.day:05}", day=day) for day in days}
    made = make_archive(
        {day: [paper] if day.day % 7 else [] for day, paper in papers.items()}, papers.values()
    )
    _, _, sections = read_llms(llms(made, SITE))
    named = [address[-3:-1] for address, _ in sections["Latest days"]]
    assert named == [f"{n:02}" for n in range(28, 0, -1) if n % 7][:LATEST_DAYS]
