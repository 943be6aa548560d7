"""The built site as a reader's programs see it: links, outline, sizes, feeds, the server."""

from __future__ import annotations

import gzip
import http.client
import re
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import feedparser
import html5lib
import pytest

from generator.build.site import check as sitecheck
from generator.build.site.writer import write_pages
from generator.core.errors import BuildError
from tests.projects import make_project, run_generator
from tests.shared import corpus_files, needs_shared

KB = 1024


def write(folder: Path, *files: tuple[str, bytes]) -> None:
    write_pages(folder, [lambda: files], lambda done, total: None)


def pages(site: Path) -> dict[str, str]:
    return {
        path.relative_to(site).as_posix(): path.read_text() for path in sorted(site.rglob("*.html"))
    }


def test_no_link_is_broken_and_nothing_comes_from_another_host(golden_site: Path) -> None:
    assert sitecheck.check_site(golden_site, lambda done, total: None) == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('<a href="../nowhere/">x</a>', "leads nowhere"),
        ('<a href="#gone">x</a>', "names no element"),
        ('<img src="https://other.example/x.png">', "another host"),
        ('<a href="javascript:alert(1)">x</a>', "scheme"),
    ],
)
def test_the_link_check_sees_what_is_wrong(text: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(f'<a href="./" id="here">ok</a>{text}')
    problems = sitecheck.check_site(tmp_path, lambda done, total: None)
    assert len(problems) == 1
    assert says in problems[0]


def test_every_page_has_one_h1_and_an_outline_without_gaps(golden_site: Path) -> None:
    for name, text in pages(golden_site).items():
        levels = [int(level) for level in re.findall(r"<h([1-6])\b", text)]
        assert levels.count(1) == 1, name
        assert levels[0] == 1, name
        assert all(b - a <= 1 for a, b in pairwise(levels)), (name, levels)


def test_every_page_is_valid_html(golden_site: Path) -> None:
    for name, text in pages(golden_site).items():
        parser = html5lib.HTMLParser()
        parser.parse(text)
        errors = [error for _, error, _ in parser.errors]
        assert errors == [], name


def test_chinese_summaries_are_marked_as_chinese(golden_site: Path) -> None:
    text = pages(golden_site)["papers/2602.90001/index.html"]
    assert '<html lang="en"' in text
    assert '<section class="summary" lang="zh">' in text


def test_permanent_addresses(golden_site: Path) -> None:
    for url in ("papers/2602.90001", "papers/math/0309136", "days/2026-02-05", "days/2026-02"):
        assert (golden_site / url / "index.html").is_file()


def test_papers_never_enter_the_navigation(golden_site: Path) -> None:
    for name, text in pages(golden_site).items():
        head = text[text.index("<header") : text.index("</header>")]
        assert "papers/" not in head, name


def test_feeds_are_read_back_by_feedparser(golden_site: Path) -> None:
    for path in (golden_site / "feed.xml", *(golden_site / "feeds").glob("*.xml")):
        feed = feedparser.parse(path.read_bytes())
        assert not feed.bozo, path
        assert feed.entries, path
    feed = feedparser.parse((golden_site / "feed.xml").read_bytes(), sanitize_html=False)
    entry = next(e for e in feed.entries if "2602.90001" in e.link)
    assert entry.link == "https://daybook.example/papers/2602.90001/"
    assert entry.guid == "oai:arXiv.org:2602.90001v1"
    assert not entry.guidislink
    assert "本文提出" in entry.description  # the whole summary
    assert "<table" in entry.description
    assert "<script" not in entry.description
    old = next(e for e in feed.entries if "0309136" in e.link)
    assert old.title == "Sparse attention <b>before</b> its time, or: what Schrödinger's LLM saw"


def _get(address: str, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection(urlsplit(address).netloc)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()


def test_the_server_compresses_and_names_types(served: str) -> None:
    status, headers, body = _get(served, "/", **{"Accept-Encoding": "gzip"})
    assert status == 200
    assert headers["content-type"] == "text/html; charset=utf-8"
    assert b"<h1" in gzip.decompress(body)
    assert _get(served, "/feed.xml")[1]["content-type"].startswith("application/xml")
    assert _get(served, "/assets/daybook.js")[1]["content-type"].startswith("text/javascript")


def test_the_server_shows_the_404_page_and_stays_inside_the_site(served: str) -> None:
    status, _, body = _get(served, "/nowhere/")
    assert status == 404
    assert b"Page not found" in body or b"404" in body
    for path in ("/../daybook.yml", "/%2e%2e/daybook.yml", "/..%2fdaybook.yml"):
        assert _get(served, path)[0] == 404
    assert _get(served, "/about")[1]["location"] == "/about/"


@pytest.mark.parametrize(
    "path", ["../x.md", "/etc/x.md", "papers/../../x.md", "other/x.md", "papers//x.md"]
)
def test_a_page_outside_its_folders_is_refused(path: str, tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="Refused"):
        write(tmp_path / "src", (path, b"x"))
    assert list(tmp_path.rglob("x.md")) == []


def test_two_pages_with_one_path_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="Two pages"):
        write(tmp_path, ("tags/a/index.md", b"1"), ("tags/A/index.md", b"2"))


def test_stale_pages_go_and_hand_written_ones_stay(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("mine")
    write(tmp_path, ("papers/2602/a.md", b"1"), ("papers/2602/b.md", b"2"))
    write(tmp_path, ("papers/2602/b.md", b"2"))
    assert sorted(p.name for p in tmp_path.rglob("*.md")) == ["b.md", "notes.md"]


@needs_shared
def test_real_days_build_strictly_with_no_broken_link(tmp_path: Path) -> None:
    # Each sixteenth: all of them take minutes, and benchmarks/build.py asks the same of them.
    days = tmp_path / "days"
    days.mkdir()
    for name, data in list(corpus_files().items())[::16]:
        (days / name).write_bytes(data)
    project = make_project(tmp_path / "project")
    run_generator(project, "import", str(days))
    run_generator(project, "build")
    site = project / "site"
    assert sitecheck.check_site(site, lambda done, total: None) == []
    sizes = [path.stat().st_size for path in site.rglob("*.html")]
    assert max(sizes) <= 300 * KB
    papers = [path.stat().st_size for path in (site / "papers").rglob("index.html")]
    assert sum(papers) / len(papers) <= 14 * KB
    for path in site.rglob("*.html"):
        text = path.read_text()
        assert text.count("<h1") == 1, path
