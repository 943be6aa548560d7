"""A site in its first days says what it is, and draws no weeks that it has nothing of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from generator.build.site.calendar_strip import year_strip
from generator.core.days import Row
from generator.core.texts import ENGLISH
from tests.builders import SITE, make_archive, make_pages, make_row
from tests.chromium import too_wide

MONDAY = date(2026, 2, 2)
DESCRIBED = replace(SITE, description="Papers on *whales*, chosen by hand")
SAID = r"Papers on \*whales\*, chosen by hand"


def first_page(days: int) -> str:
    listed: dict[date, list[Row]] = {
        MONDAY + timedelta(weeks=n): [make_row(n + 1)] for n in range(days)
    }
    return make_pages(make_archive(listed), DESCRIBED)["index.md"]


@pytest.mark.parametrize(("days", "says_it"), [(0, True), (1, True), (9, True), (10, False)])
def test_a_new_site_says_what_it_is(days: int, says_it: bool) -> None:
    assert (SAID in first_page(days)) == says_it


def months(*days: str) -> list[str]:
    return [week.month for week in year_strip(2026, dict.fromkeys(days, 3), ENGLISH)]


@pytest.mark.parametrize(
    ("days", "weeks"),
    [
        (["2026-02-02"], ["Feb"]),
        (["2026-02-02", "2026-02-06", "2026-02-07"], ["Feb"]),
        (["2026-02-24", "2026-03-18"], ["Feb", "Mar", "", ""]),
        (["2025-12-31", "2026-01-02"], ["Jan"]),
        (["2026-01-10"], []),  # a Saturday
        ([], []),
    ],
)
def test_the_calendar_has_the_weeks_from_the_first_to_the_last_day(
    days: list[str], weeks: list[str]
) -> None:
    assert months(*days) == weeks


def test_a_week_without_papers_between_others_stays() -> None:
    found = year_strip(2026, {"2026-02-02": 1, "2026-02-20": 0}, ENGLISH)
    assert [week.days[0].url for week in found if week.days[0]] == [
        "days/2026-02-02/",
        "",
        "",
    ]


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1440])
def test_the_first_page_of_a_young_archive(
    window: Callable[..., Page], served: str, width: int
) -> None:
    page = window(width=width, height=900)
    page.goto(served)
    line = page.get_by_text("The arXiv papers of each day, chosen, summarised and kept").first
    expect(line).to_be_in_viewport()
    weeks = page.locator(".strip__weeks > li")
    expect(weeks).to_have_count(1)
    day = weeks.locator("a.d").first.bounding_box()
    assert day
    assert 8 <= day["height"] <= 44
    assert too_wide(page) <= 0
