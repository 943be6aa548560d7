"""Texts named like the parts of a page, in real Chromium: what scripts look for they find."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from lxml import html
from playwright.sync_api import BrowserContext, Page, Route, expect

from generator.store.store import Store
from tests.builders import make_day, make_paper, make_row, make_summary
from tests.chromium import ready, watching
from tests.projects import PROJECT, Once, make_project, run_generator, serving

DAY = date(2026, 2, 5)
_ID = re.compile(r"""\bid(?:="|: "|\('|\(")([A-Za-z][\w-]*)""")
# The ids of every template and script, and what pages call their own sections.
NAMED = sorted(
    {
        name
        for folder in ("overrides", "site_src/assets")
        for path in (PROJECT / folder).rglob("*.*")
        if path.suffix in (".html", ".js")
        for name in _ID.findall(path.read_text())
    }
    | {"abstract", "ai-summary", "related-papers", "search-option-0", "tags", "daybooktexts"}
)
TAGS = ("constructor", "__proto__", "toString", "categories", "papers", "hasOwnProperty")
# Keys of JavaScript's objects, and what an attribute would be if a title were HTML.
TITLES = [name.replace("-", " ").title() for name in NAMED]
TITLES += ['Between id="h-abstract" and id="abstract"', " id=\"摘要\" id='ai-summary'"]
_BODY = "".join(f"## {title}\n\nText.\n\n" for title in TITLES)
_BODY += "".join(f"```a&#{space};find lamp\nx\n```\n\n" for space in (9, 10))


def _build(language: str) -> Callable[[Path], Path]:
    def build(folder: Path) -> Path:
        project = make_project(folder, language=language)
        summary = make_summary(body=_BODY, tags=TAGS, language=language)
        papers = [
            make_paper(
                number,
                title=title,
                authors=("Ada Sample", TITLES[number % len(TITLES)]),
                abstract="A paper on kernels.",
                categories=("cs.LG", "cs.AI") if number % 2 else ("cs.AI",),
                summaries=(summary,),
            )
            for number, title in enumerate(TITLES, 1)
        ]
        day = make_day(*(make_row(paper, "kernel") for paper in papers), day=DAY)
        Store(project / "data").write(papers, [day])
        run_generator(project, "build")
        return project / "site"

    return build


@pytest.fixture(scope="module")
def named(once: Once) -> Path:
    """The site of an archive whose titles are the names of places."""
    return once("named", _build("en"))


@pytest.fixture(scope="module")
def address(named: Path) -> Iterator[str]:
    with serving(named) as address:
        yield address


@pytest.fixture
def page(window: Callable[..., Page], address: str) -> Iterator[Page]:
    """A page on which no script may fail."""
    page = window()
    with watching(page, address) as wrong:
        yield page
    assert wrong == []


def paper_called(name: str) -> str:
    number = TITLES.index(name.replace("-", " ").title()) + 1
    return f"papers/2602.{number:05}/"


PLACES = ("", f"days/{DAY}/", "search/", "saved/", paper_called("search-app"))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_text_has_the_id_of_a_place_nor_two_elements_the_same(once: Once, language: str) -> None:
    site = once("named" if language == "en" else f"named-{language}", _build(language))
    own = re.compile(r"abstract|ai-summary(?:-\w+)?|(?:h|s\d*)-.*")
    for path in site.rglob("index.html"):
        page = html.parse(path).getroot()
        ids = page.xpath("//@id")
        assert len(ids) == len(set(ids)), path
        for heading in page.xpath("//*[self::h1 or self::h2 or self::h3 or self::h4][@id]"):
            assert own.fullmatch(heading.get("id")), path
        for link in page.xpath("//nav[@class='contents']//a/@href"):
            assert link[1:] in ids, path
        for code in page.xpath("//code/@class"):
            assert len(code.split()) == 1, path


@pytest.mark.browser
@pytest.mark.parametrize("path", PLACES)
def test_every_script_finds_its_place(page: Page, address: str, path: str) -> None:
    ready(page, address + path)
    expect(page.locator(".lamp")).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type("kernels")
    found = page.locator('#search-list a[href*="/papers/"], #results a[href*="/papers/"]')
    expect(found.first).to_be_visible()


@pytest.mark.browser
@pytest.mark.parametrize("path", ["", f"days/{DAY}/"])
def test_a_day_can_be_narrowed_and_its_papers_saved(page: Page, address: str, path: str) -> None:
    ready(page, address + path)
    odd, all_of_them = (len(TITLES) + 1) // 2, len(TITLES)
    expect(page.locator(".filter button")).to_have_text(
        ["Hide read", "Skim", f"All {all_of_them}", f"cs.AI {all_of_them}", f"cs.LG {odd}"]
    )
    page.locator(".filter button").last.click()
    expect(page.locator("#content ol > li:visible > h2")).to_have_count(odd)
    page.locator("#content ol > li:visible .save").first.click()
    page.goto(address + "saved/")
    expect(page.locator("#saved-list > li")).to_have_count(1)


@pytest.mark.browser
def test_the_facets_count_every_tag(page: Page, address: str) -> None:
    page.goto(
        f"{address}search/?q=kernels&tag=constructor&type=constructor&summary=toString&month=constructor"
    )
    options = page.locator("#facets select[name=tag] option")
    expect(options.first).to_be_attached()
    shown = page.locator("#facets option").all_inner_texts()
    assert not any("function" in text or "native" in text for text in shown)
    page.goto(f"{address}search/?q=kernels&tag=constructor")
    expect(page.locator("#search-status")).to_contain_text(f"{len(TITLES)} papers")
    counted = [f"{tag} ({len(TITLES)})" for tag in (*TAGS, "kernel")]
    assert set(counted) <= {text.strip() for text in options.all_inner_texts()}


@pytest.mark.browser
@pytest.mark.parametrize("path", ["tags/", "authors/", "categories/"])
def test_only_papers_are_under_the_keys(page: Page, address: str, path: str) -> None:
    ready(page, address + path)
    page.keyboard.press("j")
    expect(page.locator("#content a:focus")).to_have_count(0)


@pytest.mark.browser
def test_a_link_to_a_heading_from_before_its_prefix_leads_there(page: Page, address: str) -> None:
    ready(page, f"{address}{paper_called('abstract')}#how-to-search")
    ready(page, f"{address}search/#how-to-search")
    expect(page.locator("#h-how-to-search")).to_be_in_viewport()
    ready(page, f"{address}search/#%")


@pytest.mark.browser
@pytest.mark.parametrize("path", ["", "search/", "saved/"])
def test_a_missing_place_takes_no_other_script_with_it(
    context: BrowserContext, address: str, named: Path, path: str
) -> None:
    """An operator's own template may leave out what scripts look for."""
    page, whole = context.new_page(), (named / path / "index.html").read_text()
    places = re.findall(r'data-place="([a-z-]+)"', whole)
    assert len(places) >= 3
    for place in places:
        without = whole.replace(f'data-place="{place}"', "")
        page.route(address + path, partial(_answer, without))
        ready(page, address + path)
        expect(page.locator(".lamp")).to_be_visible()
        page.unroute_all()


def _answer(body: str, route: Route) -> None:
    route.fulfill(body=body, content_type="text/html")
