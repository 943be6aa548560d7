"""Pages of authors: who has one, where it is, what is on it; and names that are not nice."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from generator.build.archive.archive import Archive
from generator.build.archive.people import People
from generator.build.pages.authors import author_pages
from generator.build.site.pagehtml import page_html, split_front_matter
from generator.core import urls
from generator.core.days import Row
from generator.core.texts import ENGLISH
from tests.builders import SITE, make_archive, make_pages, make_paper, make_row

MONDAY = date(2026, 2, 2)


def written(*authors: tuple[str, ...]) -> Archive:
    """A paper a day for each of these lists of names; the numbers of the papers count from 1."""
    rows: dict[date, list[Row]] = {}
    for number in range(1, len(authors) + 1):
        rows[date(2026, 2, number)] = [make_row(number, "kernel")]
    return make_archive(rows, [make_paper(n, authors=names) for n, names in enumerate(authors, 1)])


def html(pages: dict[str, str], path: str) -> str:
    made = page_html(path, *split_front_matter(path, pages[path]), pages.__contains__, ENGLISH)
    return made.content


def test_three_papers_make_a_page_and_two_do_not() -> None:
    pages = make_pages(written(("Ada Lovelace", "Bo"), ("Ada Lovelace", "Bo"), ("Ada Lovelace",)))
    authors = [path for path in pages if path.startswith("authors/")]
    assert authors == ["authors/index.md", "authors/ada-lovelace/index.md"]
    page = pages["authors/ada-lovelace/index.md"]
    assert "3 papers by authors of this name; people of one name cannot be told apart." in page
    assert re.findall(r"^- \[(Paper \d)\]", page, re.M) == ["Paper 3", "Paper 2", "Paper 1"]
    assert "· 3 February 2026" in page
    assert "**Written with** Bo\N{NO-BREAK SPACE}2" in page
    assert "**Tags** [kernel](../../tags/kernel/index.md)\N{NO-BREAK SPACE}3" in page
    assert "- [Ada Lovelace](ada-lovelace/index.md) 3" in pages["authors/index.md"]
    assert (
        "1. [Ada Lovelace](../authors/ada-lovelace/index.md) 3 papers" in (pages["trends/index.md"])
    )


def test_who_is_followed_has_a_page_with_the_feed_however_few_the_papers() -> None:
    made = written(("Ada Lovelace", "Bo"), ("Ada Lovelace",))
    site = replace(SITE, authors=("ADA LOVELACE", "Nobody Here"))
    pages = make_pages(made, site)
    page = pages["authors/ada-lovelace/index.md"]
    assert "2 papers by authors of this name" in page
    assert "- [Atom](../../feeds/atom/authors/ada-lovelace.xml)" in page
    assert '["json", "feeds/json/authors/ada-lovelace.json"]' in page
    assert "0 papers by authors of this name" in pages["authors/nobody-here/index.md"]
    assert "# Nobody Here" in pages["authors/nobody-here/index.md"]
    assert "ada-lovelace" not in pages["authors/index.md"]
    assert "authors/bo/index.md" not in pages
    assert not any("<details" in text for path, text in make_pages(made).items() if "auth" in path)


def test_a_papers_page_links_those_who_have_one() -> None:
    pages = make_pages(written(("Ada", "Bo"), ("Ada",), ("ADA",)))
    assert "\n[Ada](../../authors/ada/index.md), Bo\n" in pages["papers/2602/2602.00001.md"]


def test_spellings_are_joined_and_the_commonest_is_shown() -> None:
    people = People.of(written(("Jérôme Łuk",), ("Jerome Łuk",), ("JÉRÔME ŁUK",), ("Jérôme Łuk",)))
    assert [person.name for person in people.by_key.values()] == ["Jérôme Łuk"]
    assert people.named("jerome łuk") is not None


def test_a_paper_counts_once_however_often_it_is_listed_or_names_somebody() -> None:
    days = {date(2026, 2, n): [make_row(1, version=n)] for n in (1, 2, 3)}
    made = make_archive(days, [make_paper(1, authors=("Ada", "Ada", "Ada"))])
    assert People.of(made).by_key == {}


@pytest.mark.parametrize(
    ("key", "segment"),
    [
        ("ada lovelace", "ada-lovelace"),
        ("王伟", "王伟"),
        ("index", r"index-[0-9a-f]{12}"),
        ("index 2", r"index-2-[0-9a-f]{12}"),  # the overview's second part is at authors/index-2/
        ("x" * 61, r"x{60}-[0-9a-f]{12}"),
    ],
)
def test_an_address_is_the_name_where_that_is_safe(key: str, segment: str) -> None:
    assert re.fullmatch(f"authors/{segment}/index.md", urls.author_source(key))


def test_long_names_that_begin_alike_have_pages_of_their_own() -> None:
    first, second = "a" * 70 + " x", "a" * 70 + " y"
    assert urls.author_source(first) != urls.author_source(second)


@pytest.mark.parametrize(
    "name",
    [
        "<script>alert(1)</script>",
        "](javascript:alert(1)) [x",
        "../../etc/passwd",
        "=HYPERLINK(1)",
        "a | b",
        "`code` *star* $x$",
        "x" * 300,
        "\u202eevil",
    ],
)
def test_a_hostile_name_is_a_name(name: str) -> None:
    pages = make_pages(written((name,), (name,), (name, "Bo")))
    (path,) = (p for p in pages if p.startswith("authors/") and p != "authors/index.md")
    assert re.fullmatch(r"authors/[^/]+/index\.md", path)
    assert ".." not in path
    for where in (path, "authors/index.md", "trends/index.md", "papers/2602/2602.00003.md"):
        assert not re.search(r"<script|<code>code|href=.javascript:", html(pages, where))
    row_of_it = pages["trends/authors.csv"].splitlines()[1]
    assert not row_of_it.startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize("name", ["", "…", "—", " "])
def test_a_name_without_a_letter_has_no_page(name: str) -> None:
    pages = make_pages(written((name,), (name,), (name,)))
    assert [path for path in pages if path.startswith("authors/")] == ["authors/index.md"]
    assert "0 authors with at least 3 papers" in pages["authors/index.md"]


def test_the_overview_is_by_family_name_and_splits() -> None:
    names = tuple(f"Given{n} {chr(97 + n % 26)}name{n:04}" for n in range(2_001))
    pages = dict(author_pages(People.of(written(names, names, names)), ENGLISH))
    first, second = pages["authors/index.md"], pages["authors/index-2.md"]
    assert "2,001 authors" in first
    assert "Part **1**, [2](index-2.md)." in first
    assert re.findall(r"^## (.)$", first, re.M)[:3] == ["A", "B", "C"]
    assert second.count("\n- [") == 1
    content = page_html(
        "authors/index.md", *split_front_matter("", first), lambda path: True, ENGLISH
    ).content
    assert len(content.encode()) < 290 * 1024


def test_a_long_list_of_papers_is_split() -> None:
    days = {MONDAY: [make_row(number) for number in range(1, 302)]}
    made = make_archive(days, [make_paper(n, authors=("Wei Wang",)) for n in range(1, 302)])
    pages = make_pages(made)
    assert "301 papers by" in pages["authors/wei-wang/index.md"]
    assert "Part [1](index.md), **2**." in pages["authors/wei-wang/index-2.md"]
