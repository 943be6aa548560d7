"""What narrows a search, on the search page in real Chromium: operators, dates, order, history."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.build.search.test_search_browser import DAYS as LISTED
from tests.build.search.test_search_browser import await_results, results, retype
from tests.chromium import press, too_wide, wait_until
from tests.search_archive import (
    APART,
    DENSE,
    FEED,
    FEED_DAY,
    REPORTS,
    REVISED,
    REVISION_DAY,
    SPARSE,
    SPARSE_ONLY,
    SPECULATIVE,
    THEORY,
)

pytestmark = pytest.mark.browser

# On which day a paper is found: that of its newest version.
DAYS = {**LISTED, REVISED.id: REVISION_DAY, FEED.id: FEED_DAY}


def search(page: Page, site: str, text: str = "", **narrowed: str) -> list[str]:
    page.goto(f"{site}search/?{urlencode({'q': text, **narrowed})}")
    return results(page)


def chips(page: Page) -> list[str]:
    """What the chips say, without the days that a date means and the cross."""
    return page.locator("#chips button").evaluate_all(
        "buttons => buttons.map((button) => button.firstChild.data.replace(/\\s/g, ' '))"
    )


def chip(page: Page, text: str) -> Locator:
    return page.locator("#chips button", has_text=text)


def asked(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def having_all(page: Page, shown: list[str]) -> set[str]:
    """Those of the papers shown that have all that was asked for."""
    tiers = page.locator("#results > li").evaluate_all(
        "rows => rows.findIndex((row) => row.querySelector('.tier'))"
    )
    return set(shown if tiers < 0 else shown[:tiers])


def listed(since: date, before: date) -> set[str]:
    return {paper for paper, day in DAYS.items() if since <= day < before}


# Operators


OPERATORS: dict[str, tuple[list[str], set[str]]] = {
    "author:muller": (["Author: muller"], {SPECULATIVE.id, THEORY.id}),
    'author:"Ana Sample"': (["Author: Ana Sample"], {SPECULATIVE.id, SPARSE.id}),
    "title:attention": (["Title: attention"], {SPARSE.id, DENSE.id}),
    "title:attention -title:dense": (["Title: attention", "not Title: dense"], {SPARSE.id}),
    "category:eess.AS": (["Category: eess.AS"], {APART.id}),
    "attention -dense": ([], {SPARSE.id}),
    '"speculative decoding"': ([], {SPECULATIVE.id, THEORY.id}),
    "作者：muller": (["Author: muller"], {SPECULATIVE.id, THEORY.id}),
    '-"speculative decoding" decoding': ([], {APART.id}),
    "whale OR toast": ([], {APART.id, SPARSE_ONLY.id}),
    "whale | toast": ([], {APART.id, SPARSE_ONLY.id}),
    "title:whale OR title:sparse -title:matrices": (
        ["Title: whale", "Title: sparse", "not Title: matrices"],
        {APART.id, SPARSE.id},
    ),
}


def test_each_operator_finds_what_it_says_and_shows_it(page: Page, site: str) -> None:
    page.goto(f"{site}search/")
    found = {}
    for text in OPERATORS:
        ids = having_all(page, retype(page, text))
        found[text] = (chips(page), ids)
    assert found == OPERATORS


def test_a_field_is_taken_off(page: Page, site: str) -> None:
    assert search(page, site, "attention author:muster") == [DENSE.id]
    chip(page, "Author: muster").click()
    expect(page.locator("#query")).to_have_value("attention")
    assert asked(page) == {"q": ["attention"]}
    assert {SPARSE.id, DENSE.id} <= set(results(page))
    expect(page.locator("#chips")).to_be_hidden()
    page.go_back()
    await_results(page, [DENSE.id])
    assert chips(page) == ["Author: muster"]


# Dates


DATES: dict[str, tuple[date, date]] = {
    "november 2025": (date(2025, 11, 1), date(2025, 12, 1)),
    "2026-01": (date(2026, 1, 1), date(2026, 2, 1)),
    "since 2026-01-01": (date(2026, 1, 1), date.max),
    "before january 2026": (date.min, date(2026, 1, 1)),
    "between november 2025 and january 2026": (date(2025, 11, 1), date(2026, 2, 1)),
    "2026年2月5日": (date(2026, 2, 5), date(2026, 2, 6)),
    "year:2025": (date(2025, 1, 1), date(2026, 1, 1)),
    "month:2026-02": (date(2026, 2, 1), date(2026, 3, 1)),
}


def test_a_date_alone_lists_all_of_that_time(page: Page, site: str) -> None:
    page.goto(f"{site}search/")
    for text, (since, before) in DATES.items():
        retype(page, text)
        total = page.locator("#search-status").get_attribute("data-total")
        assert int(total or 0) == len(listed(since, before)) > 0, text
        assert chips(page) == [text]


def test_a_date_narrows_and_is_taken_off(page: Page, site: str) -> None:
    first = search(page, site, "herbarium january 2026")
    expect(page.locator("#chips .days")).to_have_count(0)
    assert {f"{DAYS[paper]:%Y-%m}" for paper in first} == {"2026-01"}
    chip(page, "january 2026").click()
    expect(page).to_have_url(f"{site}search/?q=herbarium+january+2026&words=january+2026")
    results(page)
    expect(page.locator("#query")).to_have_value("herbarium january 2026")
    expect(page.locator("#chips")).to_be_hidden()
    # Another date in the same query stays a date.
    retype(page, "herbarium january 2026 since 2026-01")
    assert chips(page) == ["since 2026-01"]
    page.go_back()
    await_results(page, first)
    assert chips(page) == ["january 2026"]


def test_what_days_are_meant_is_said_where_the_words_do_not(page: Page, site: str) -> None:
    page.clock.set_fixed_time("2026-02-20T12:00:00")
    page.goto(f"{site}search/")
    for text, days in (
        ("herbarium since january", "since 1 Jan 2026"),
        ("herbarium last week", "9.–.15 Feb 2026"),
        ("herbarium after 2026-01", "since 1 Feb 2026"),
        ("植物标本 上个月", "1.–.31 Jan 2026"),
    ):
        retype(page, text)
        expect(page.locator("#chips .days")).to_have_text(re.compile(rf"^\s*{days}$"))


def test_a_range_is_chosen(page: Page, site: str) -> None:
    search(page, site, "herbarium")
    page.locator("#filters > summary").click()
    page.locator("#days [name=since]").fill("2025-12-01")
    results(page)
    page.locator("#days [name=until]").fill("2026-01-31")
    wait_until(page, "new URL(location).searchParams.get('before') === '2026-02-01'")
    results(page)
    wanted = listed(date(2025, 12, 1), date(2026, 2, 1)) & {paper.id for paper in REPORTS}
    expect(page.locator("#search-status")).to_have_attribute("data-total", str(len(wanted)))
    assert chips(page) == ["1 Dec 2025 – 31 Jan 2026"]
    page.reload()
    results(page)
    expect(page.locator("#days [name=until]")).to_have_value("2026-01-31")
    page.locator("#chips button").click()
    results(page)
    expect(page.locator("#search-status")).to_have_attribute("data-total", str(len(REPORTS)))
    expect(page.locator("#days [name=since]")).to_have_value("")
    # The focus is not lost with the last chip.
    expect(page.locator("#filters > summary")).to_be_focused()


@pytest.mark.parametrize("days", [30, 90])
def test_the_last_days_are_chosen(page: Page, site: str, days: int) -> None:
    page.clock.set_fixed_time("2026-02-20T12:00:00")
    search(page, site, "herbarium")
    page.locator("#filters > summary").click()
    button = page.get_by_role("button", name=f"Last {days} days")
    button.click()
    since = date(2026, 2, 20) - timedelta(days)
    assert asked(page)["since"] == [since.isoformat()]
    results(page)
    wanted = listed(since, date.max) & {paper.id for paper in REPORTS}
    expect(page.locator("#search-status")).to_have_attribute("data-total", str(len(wanted)))
    expect(button).to_have_attribute("aria-pressed", "true")


def test_filters_without_a_query_list_everything(page: Page, site: str) -> None:
    page.goto(f"{site}search/?category=eess.AS")
    assert results(page) == [APART.id]
    chip(page, "eess.AS").click()
    expect(page.locator("#search-status")).to_have_attribute("data-total", str(len(DAYS)))
    assert len(results(page)) == 10


def test_the_oldest_and_the_newest_come_first(page: Page, site: str) -> None:
    search(page, site, "herbarium")
    for name, sort in (("Oldest first", "old"), ("Newest first", "new")):
        page.get_by_role("button", name=name).click()
        wait_until(page, "sort => new URL(location).searchParams.get('sort') === sort", arg=sort)
        days = [DAYS[paper] for paper in results(page)]
        assert days == sorted(days, reverse=sort == "new")
        expect(page.get_by_role("button", name=name)).to_have_attribute("aria-pressed", "true")


def test_chips_fit_a_phone_and_are_named(window: Callable[..., Page], site: str) -> None:
    page = window(width=390, height=800)
    search(page, site, 'herbarium author:"Ana Sample" since january 2026', tag="Sparse")
    assert len(chips(page)) == 3
    assert too_wide(page) <= 0
    for button in page.locator("#chips button").all():
        expect(button).to_have_accessible_name(re.compile(": take off$"))
        box = button.bounding_box()
        assert box
        assert box["height"] >= 24


# History


def depth(page: Page) -> int:
    return int(page.evaluate("history.length"))


def test_typing_makes_no_history(context: BrowserContext, site: str) -> None:
    page = context.new_page()  # whose history is not full
    page.goto(f"{site}search/?q=whale")
    assert results(page) == [APART.id]
    before = depth(page)
    box = page.locator("#query")
    for text in ("whale s", "whale so", "spar", "sparse matrices"):
        retype(page, text)
    assert depth(page) == before
    box.press("Enter")
    assert results(page)[0] == SPARSE_ONLY.id
    assert depth(page) == before + 1
    box.press("Enter")
    assert depth(page) == before + 1
    page.go_back()
    await_results(page, [APART.id])
    expect(box).to_have_value("whale")


def test_following_a_result_keeps_what_was_asked_before(page: Page, site: str) -> None:
    page.goto(f"{site}search/?q=whale")
    results(page)
    retype(page, "sparse matrices")
    page.locator("#results h2 a").first.click()
    page.wait_for_url("**/papers/**")
    page.go_back()
    expect(page.locator("#query")).to_have_value("sparse matrices")
    assert results(page)[0] == SPARSE_ONLY.id
    page.go_back()
    await_results(page, [APART.id])


def test_back_restores_rows_and_place(page: Page, site: str) -> None:
    search(page, site, "herbarium", sort="new")
    for shown in (20, len(REPORTS)):
        page.locator("#more").click()
        expect(page.locator("#results > li")).to_have_count(shown)
    whole = results(page)
    row = page.locator("#results > li:nth-child(22)")
    row.scroll_into_view_if_needed()
    row.locator("h2 a").click()
    page.wait_for_url("**/papers/**")
    page.go_back()
    await_results(page, whole)
    expect(row).to_be_in_viewport()
    # Within the page too.
    page.get_by_role("button", name="Oldest first").click()
    wait_until(page, "document.querySelectorAll('#results > li').length === 10")
    results(page)
    page.go_back()
    await_results(page, whole)


def test_chips_can_be_taken_off_by_keyboard(page: Page, site: str) -> None:
    search(page, site, "herbarium since 2026-01", tag="Sparse")
    page.locator("#chips button").first.focus()
    press(page, "Enter")
    results(page)
    assert chips(page) == ["Tag: Sparse"]
    expect(page.locator("#chips button")).to_be_focused()
