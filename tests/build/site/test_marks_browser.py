"""Papers of two days, and papers that were searched for: by keyboard, saved, on paper."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from playwright.sync_api import Locator, Page, expect

from generator.core.days import CategoryRun, Day, FeedState, Run
from generator.core.papers import AnnounceType, Listing
from generator.store.store import Store
from tests.builders import make_paper, make_row, make_summary
from tests.chromium import press, ready, settle, too_wide, wait_until, watching
from tests.projects import Once, make_project, run_generator, serving

pytestmark = pytest.mark.browser

MONDAY = date(2026, 2, 2)
TUESDAY = MONDAY + timedelta(days=1)
TWICE = "papers/2602.00003/"


def _build(folder: Path) -> Path:
    """Build a site of two days; both list the third of its twelve papers."""
    project = make_project(folder / "project")
    rows = {MONDAY: range(1, 4), TUESDAY: range(3, 13)}
    papers = [
        make_paper(
            number,
            title=f"Whale song {number}",
            abstract="We show that whales sing at night, and that nobody else hears them. " * 5,
            categories=(("cs.LG", "cs.AI")[number % 2],),
            listings=tuple(
                Listing(day, 1, AnnounceType.NEW) for day, some in rows.items() if number in some
            ),
            summaries=(make_summary(),) if number == 4 else (),
        )
        for number in range(1, 13)
    ]
    eight = dict.fromkeys(
        ("cs.AI", "cs.AR", "cs.CL", "cs.DC", "cs.LG", "cs.OS", "cs.PF", "stat.ML"),
        CategoryRun(state=FeedState.FRESH, fetched=103, new=51, kept=1, repeats=2),
    )
    days = [
        Day(date=day, rows=tuple(map(make_row, some)), run=Run(categories=eight))
        for day, some in rows.items()
    ]
    Store(project / "data").write(papers, days)
    run_generator(project, "build")
    return project / "site"


@pytest.fixture(scope="module")
def whales(once: Once) -> Iterator[str]:
    """That site's address."""
    with serving(once("whales", _build)) as address:
        yield address


@pytest.fixture
def page(window: Callable[..., Page], whales: str) -> Iterator[Page]:
    """A page on which nothing may go wrong: no error, no dialog, no request to another host."""
    page = window()
    with watching(page, whales) as wrong:
        yield page
    assert wrong == []


def kept(page: Page, number: int, fact: str) -> dict[str, Any]:
    """What the browser keeps of a saved paper, once it has this fact of it."""
    its = f"JSON.parse(localStorage['/.marks'] ?? '{{}}').saved?.['2602.{number:05}']"
    found: dict[str, Any] = wait_until(page, f"{its}?.{fact} && {its}")
    return found


def search(page: Page, whales: str, query: str = "whale song") -> Locator:
    """Search, and wait for the rows."""
    page.goto(f"{whales}search/?q={query}")
    page.locator(".colophon__keys").wait_for()
    expect(page.locator("#search-status")).to_have_attribute("data-done", "true")
    expect(page.locator("#results > li").first).to_be_visible()
    return page.locator("#results > li")


# What is saved


@pytest.mark.parametrize(
    ("way", "day"),
    [
        (["days/2026-02-02/"], "2026-02-02"),
        (["days/2026-02-03/"], "2026-02-03"),
        ([""], "2026-02-03"),
        (["days/2026-W06/"], "2026-02-03"),
        (["categories/cs.AI/"], "2026-02-03"),
        (["days/2026-02-02/", TWICE], "2026-02-02"),
        (["days/2026-02-03/", TWICE], "2026-02-03"),
        ([TWICE], "2026-02-03"),
        # Where it came from is on no day that lists the paper.
        (["papers/2602.00001/", TWICE], "2026-02-03"),
    ],
)
def test_saved_shows_the_day_that_a_paper_was_saved_from(
    page: Page, whales: str, way: list[str], day: str
) -> None:
    ready(page, whales + way[0])
    if way[-1] == TWICE and way[0] != TWICE:
        link = page.locator(f"#content a[href$='{TWICE}']").first
        if link.count():
            link.click()
        else:
            page.evaluate("url => { location.href = url; }", whales + TWICE)
        page.wait_for_url(whales + TWICE)
        page.locator(".colophon__keys").wait_for()
    if page.locator("article.list").count():  # lines have no buttons
        while page.evaluate("document.activeElement.innerText") != "Whale song 3":
            page.keyboard.press("j")
        page.keyboard.press("s")
    else:
        page.get_by_role("button", name="Whale song 3").first.click()
    assert kept(page, 3, "title")["title"] == "Whale song 3"
    assert kept(page, 3, "bibtex")["day"] == day
    ready(page, f"{whales}saved/")
    expect(page.locator("#saved-list")).to_contain_text(f"{int(day[-2:])} February 2026")


# Searching


def test_keys_go_through_what_a_search_found(page: Page, whales: str) -> None:
    rows = search(page, whales)
    for key, at in zip("jjkj", (0, 1, 0, 1), strict=True):
        page.keyboard.press(key)
        expect(rows.nth(at).locator("h2 a")).to_be_focused()
    row = rows.nth(1)
    assert "rgb(184, 64, 47)" in row.evaluate("row => getComputedStyle(row).boxShadow")
    there = (row.locator("h2 a").get_attribute("href") or "").split("?")[0]
    page.keyboard.press("o")
    page.wait_for_url(f"{there}?*")
    page.locator(".colophon__keys").wait_for()
    page.go_back()
    expect(page.locator("#results > li.read")).to_have_count(1)


def test_an_arrow_leads_from_the_field_to_the_first_paper(page: Page, whales: str) -> None:
    rows = search(page, whales)
    page.locator("#query").focus()
    press(page, "j")
    expect(page.locator("#query")).to_be_focused()
    page.locator("#query").fill("whale song")
    press(page, "ArrowDown")
    expect(rows.first.locator("h2 a")).to_be_focused()
    press(page, "j", "Enter")
    page.wait_for_url("**/papers/**")


def test_what_a_search_found_is_saved_by_its_ribbon_and_by_key(page: Page, whales: str) -> None:
    rows = search(page, whales)
    first = rows.first
    first.locator(".save").click()
    expect(first.locator(".save")).to_have_attribute("aria-pressed", "true")
    title = first.locator("h2").inner_text()
    expect(page.locator(".notice")).to_have_text(f"Saved: {title}")
    expect(first.get_by_role("button", name=f"Saved: {title}")).to_be_visible()
    press(page, "j", "j", "s")
    expect(page.locator("#results .save[aria-pressed=true]")).to_have_count(2)
    assert kept(page, int(title.split()[-1]), "bibtex")["title"] == title
    # Another answer makes the rows anew; what is marked stays so.
    page.locator("#sort button[value=old]").click()
    expect(page.locator("#results .save[aria-pressed=true]")).to_have_count(2)
    page.locator("#more").click()
    expect(rows).to_have_count(12)
    expect(page.locator("#results .save")).to_have_count(12)
    page.locator("#results .save[aria-pressed=true]").first.click()
    expect(page.locator("#results .save[aria-pressed=true]")).to_have_count(1)


def test_s_searches_where_no_row_is_meant(page: Page, whales: str) -> None:
    search(page, whales)
    page.keyboard.press("s")
    expect(page.locator("#query")).to_be_focused()


@pytest.mark.parametrize("width", [390, 820, 1440])
def test_the_ribbon_of_a_row_covers_no_title(
    window: Callable[..., Page], whales: str, width: int
) -> None:
    page = window(width=width, height=900)
    rows = search(page, whales)
    for row in rows.all():
        ribbon = row.locator(".save").bounding_box()
        title = row.locator("h2 a").bounding_box()
        assert ribbon and title
        assert title["x"] + title["width"] <= ribbon["x"] + 1
        assert min(ribbon["width"], ribbon["height"]) >= 44
    assert too_wide(page) <= 0


# On a phone


def test_how_a_day_came_about_takes_two_lines_of_a_phone(phone: Page, whales: str) -> None:
    phone.goto(f"{whales}days/2026-02-03/")
    line = phone.locator("h1 + p")
    expect(line).to_contain_text("10 of 824 announcements in cs.AI, cs.AR,")
    height, of_a_line = line.evaluate(
        "line => [line.offsetHeight, parseFloat(getComputedStyle(line).lineHeight)]"
    )
    assert round(height / of_a_line) <= 2


# On paper


def printed(page: Page) -> list[str]:
    """The words of each sheet, as the page is printed."""
    client = page.context.new_cdp_session(page)
    sheet = client.send("Page.printToPDF", {"printBackground": True})
    with pypdfium2.PdfDocument(base64.b64decode(sheet["data"])) as document:
        return [sheet.get_textpage().get_text_range() for sheet in document]


PRINTED = ["", "days/2026-02-03/", "days/2026-W06/", "categories/cs.LG/", "search/?q=whale"]


@pytest.mark.parametrize("path", PRINTED)
def test_a_printed_list_has_papers_and_nothing_to_press(page: Page, whales: str, path: str) -> None:
    ready(page, whales + path)
    wait_until(page, "document.querySelector('#search-status')?.dataset.done !== 'false'")
    page.emulate_media(media="print")
    settle(page)
    pages = printed(page)
    words = "\n".join(pages)
    assert "Whale song 4" in words
    assert all(text.strip() for text in pages), "an empty sheet"
    for word in ("All 10", "← ", "Keys", "Relevance", "Show"):
        assert word not in words, word
    seen = page.locator("button, input, select, form, [role=group], [role=button], .masthead")
    assert [one.evaluate("one => one.outerHTML") for one in seen.all() if one.is_visible()] == []
