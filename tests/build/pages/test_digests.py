"""The digests of weeks and months: what is best, what rises, and what cannot be said."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from generator.build.archive.periods import month_of, week_of
from generator.build.archive.rising import TagCounts, rising
from generator.build.site.pagehtml import page_html, split_front_matter
from generator.core import urls
from generator.core.days import Row
from generator.core.texts import ENGLISH
from tests.builders import make_archive, make_pages, make_paper, make_row

MONDAY = date(2026, 2, 2)
WEEK = "days/2026/2026-W06.md"


def section(text: str, heading: str) -> str:
    """A section of a page's Markdown; "" where there is none."""
    _, _, rest = text.partition(f"\n## {heading}\n")
    return rest.partition("\n## ")[0].strip()


def weeks(*tags_a_week: dict[str, int]) -> dict[date, list[Row]]:
    """20 papers on each Monday, the last on 2 February 2026, so many of them with each tag."""
    days: dict[date, list[Row]] = {}
    numbers: Iterator[int] = iter(range(1, 10_000))
    for back, tags in enumerate(reversed(tags_a_week)):
        rows = [make_row(next(numbers), tag) for tag, count in tags.items() for _ in range(count)]
        rows += [make_row(next(numbers)) for _ in range(20 - len(rows))]
        days[MONDAY - timedelta(weeks=back)] = rows
    return days


# --- Periods ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "url"),
    [
        (date(2026, 2, 5), "days/2026-W06/"),
        (date(2025, 12, 29), "days/2026-W01/"),  # its Thursday is New Year's Day
        (date(2027, 1, 3), "days/2026-W53/"),
    ],
)
def test_a_week_is_at_its_iso_address(day: date, url: str) -> None:
    assert urls.page_url(week_of(day).source) == url
    iso = day.isocalendar()
    assert week_of(day).key == f"{iso.year}-W{iso.week:02}"


def test_a_period_is_over_with_its_last_weekday() -> None:
    assert not week_of(MONDAY).is_over(date(2026, 2, 5))
    assert week_of(MONDAY).is_over(date(2026, 2, 6))
    # 28 February 2026 is a Saturday.
    assert not month_of(MONDAY).is_over(date(2026, 2, 26))
    assert month_of(MONDAY).is_over(date(2026, 2, 27))


# --- The formula ------------------------------------------------------------------------------


def test_the_surprise_of_a_rising_tag_is_dunnings() -> None:
    now = TagCounts(100, Counter({"kv-cache": 9}))
    before = [TagCounts(200, Counter({"kv-cache": 5})), TagCounts(200, Counter({"kv-cache": 3}))]
    (rise,) = rising(now, before)
    # 17 of 500 papers: 3.4 of these 100 and 13.6 of the 400 before were to be expected.
    assert rise.surprise == pytest.approx(2 * (9 * math.log(9 / 3.4) + 8 * math.log(8 / 13.6)))
    assert rise.surprise == pytest.approx(9.0320, abs=0.0001)
    assert (rise.papers, rise.usual) == (9, 2.0)


@pytest.mark.parametrize(
    ("papers", "before", "is_rising"),
    [
        (2, 0, False),  # too few to say
        (3, 0, True),
        (9, 80, False),  # it falls
        (20, 80, False),  # as always
        (24, 80, False),  # within what chance does
        (30, 80, True),
    ],
)
def test_what_chance_explains_does_not_rise(papers: int, before: int, is_rising: bool) -> None:
    found = rising(TagCounts(100, Counter(a=papers)), [TagCounts(400, Counter(a=before))])
    assert [rise.slug for rise in found] == ["a"] * is_rising


def test_much_for_much_is_before_little_for_little_and_ties_stand_by_name() -> None:
    now = TagCounts(100, Counter(b=30, small=3, a=30))
    before = [TagCounts(400, Counter(a=60, b=60, small=4))]
    assert [rise.slug for rise in rising(now, before)] == ["a", "b"]


def test_without_a_past_nothing_rises() -> None:
    now = TagCounts(100, Counter(a=50))
    assert rising(now, []) == []
    assert rising(now, [TagCounts(0, Counter())]) == []


# --- The pages --------------------------------------------------------------------------------


def test_a_week_says_what_rises_in_words() -> None:
    made = make_archive(
        weeks({"KV cache": 4}, {"KV cache": 4}, {"KV cache": 4}, {}, {"KV cache": 9})
    )
    found = section(make_pages(made)[WEEK], "Rising tags")
    assert found.startswith("Compared with the 4 weeks before.")
    assert found.endswith("- [KV cache](../../tags/kv-cache/index.md) 9 papers, usually 3")


def test_a_new_tag_is_new_and_not_rising() -> None:
    page = make_pages(make_archive(weeks({"old": 4}, {"old": 4, "new": 6})))[WEEK]
    assert section(page, "New tags").endswith("- [new](../../tags/new/index.md) 6 papers")
    assert (
        section(page, "Rising tags") == "No tag is clearly more frequent than in the week before."
    )


def test_the_first_week_compares_with_nothing() -> None:
    page = make_pages(make_archive(weeks({"a": 9})))[WEEK]
    assert "Rising" not in page
    assert "New tags" not in page


def test_the_best_papers_come_first_and_each_once() -> None:
    days = {
        MONDAY: [make_row(1, score=3.0), make_row(2, score=2.0), make_row(3, score=2.0)],
        date(2026, 2, 3): [make_row(4, score=2.0), make_row(1, score=3.0, version=2)],
    }
    page = make_pages(make_archive(days))[WEEK]
    titles = re.findall(r"^\d+\. +## \[(.*?)\]", page, re.M)
    # Of equal scores the better rank of its day, then the newer day.
    assert titles == ["Paper 1", "Paper 4", "Paper 2", "Paper 3"]
    assert "- replace v2\n" in page
    assert "- listed 2 times\n" in page
    assert "2–8 Feb 2026: 4 papers on 2 announcement days, 0 of them with" in page


def test_a_week_shows_ten_papers_and_a_month_twenty() -> None:
    made = make_archive({MONDAY: [make_row(n) for n in range(30)]})
    pages = make_pages(made)
    assert "The 10 with the highest score:" in pages[WEEK]
    assert "\n10.   ## " in pages[WEEK]
    assert "\n11.   ## " not in pages[WEEK]
    assert "\n20.   ## " in pages["days/2026/02/index.md"]
    assert "\n21.   ## " not in pages["days/2026/02/index.md"]


def test_a_running_week_says_so_and_an_ended_one_does_not() -> None:
    running = make_archive({MONDAY: [make_row(1)], date(2026, 2, 5): []})
    assert (
        "The week is not over: this is up to Thursday 5 February 2026." in make_pages(running)[WEEK]
    )
    ended = make_archive({MONDAY: [make_row(1)], date(2026, 2, 6): []})
    assert "not over" not in make_pages(ended)[WEEK]
    assert "The month is not over" in make_pages(ended)["days/2026/02/index.md"]


def test_a_week_without_papers_is_a_page_too() -> None:
    page = make_pages(make_archive({MONDAY: []}))[WEEK]
    assert "2–8 Feb 2026: no paper is listed." in page


def test_a_hostile_tag_stays_text() -> None:
    name = "](javascript:alert(1)) <script>*"
    made = make_archive(weeks({}, {name: 5}), [make_paper(1, title="# <img src=x>")])
    page = page_html(
        WEEK,
        *split_front_matter(WEEK, make_pages(made)[WEEK]),
        lambda path: path.endswith(".md"),
        ENGLISH,
    )
    assert name.replace("<", "&lt;").replace(">", "&gt;") in page.content
    for text in (page.content, page.aside):
        assert not re.search(r"<script|<img|href=.javascript", text)


def test_every_day_leads_to_its_week_and_the_week_to_its_neighbours() -> None:
    pages = make_pages(make_archive(weeks({}, {}, {})))
    assert "- [Week 6](../2026-W06.md)\n" in pages["days/2026/02/2026-02-02.md"]
    middle = pages["days/2026/2026-W05.md"]
    assert "- [← Week 4](2026-W04.md)\n- [January 2026](01/index.md)\n- [Week 6 →]" in middle
    assert (
        "[Week 5 of 2026](2026-W05.md) 26 Jan\u2009–\u20091 Feb 2026" in pages["days/2026/index.md"]
    )
    assert "[Week 5 of 2026](../2026-W05.md)" in pages["days/2026/01/index.md"]


@pytest.mark.browser
def test_the_first_page_leads_to_this_week_and_this_month(
    window: Callable[..., Page], served: str
) -> None:
    page = window()
    for name, path, heading in (
        ("This week", "days/2026-W06/", "Week 6 of 2026"),
        ("This month", "days/2026-02/", "February 2026"),
    ):
        page.goto(served)
        page.get_by_role("link", name=name).click()
        expect(page).to_have_url(served + path)
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        expect(page.locator(".latest > ol > li")).to_have_count(4)
