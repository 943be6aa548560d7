"""The status page: what a reader learns of how each day was made, and what nobody learns."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from lxml import html
from playwright.sync_api import Page, expect

from generator.build.archive.archive import Archive
from generator.build.pages.status import STATUS_DAYS, status_pages
from generator.build.site.charts import bar_chart
from generator.build.site.pagehtml import page_html, split_front_matter
from generator.core.days import CategoryRun, Day, FeedState, Run
from generator.core.papers import Paper
from generator.core.summaries import FailureReason, SummaryFailure, SummaryKey, Usage
from generator.core.texts import ENGLISH
from generator.store.merge import add_failure, add_summary
from tests.builders import DAY, SITE, make_day, make_paper, make_summary

MADE = datetime(2026, 2, 5, 9, tzinfo=UTC)
EUROS = replace(SITE, currency="EUR")
SUMMARY = make_summary(
    prompt_hash="0123",
    created=MADE,
    body="A dream.",
    usage=Usage(prompt=1_000, completion=200, cost=0.5),
)
FAILURE = SummaryFailure(
    key=SummaryKey(1, "sample-model", "en", "0123"),
    reason=FailureReason.TIMEOUT,
    detail="a secret detail",
    attempts=1,
    last=MADE,
    usage=Usage(prompt=34),
)
FRESH = CategoryRun(state=FeedState.FRESH, fetched=1_200, new=500, kept=2, repeats=3)


def sleepy(number: int, *categories: str, day: date = DAY) -> Paper:
    return make_paper(number, categories=categories or ("cs.LG",), day=day)


def listing(
    runs: dict[str, CategoryRun], *papers: Paper, day: date = DAY, seconds: float | None = None
) -> Day:
    return make_day(*papers, day=day, run=Run(categories=runs, seconds=seconds))


def status_of(papers: list[Paper], days: list[Day]) -> dict[str, str]:
    return dict(status_pages(Archive.of(papers, days), EUROS))


def rows_of(page: str) -> list[list[str]]:
    """The cells of the table's rows, in Markdown."""
    lines = [line for line in page.split("\n") if line.startswith("| [")]
    return [line.strip("| ").split(" | ") for line in lines]


def test_a_day_adds_up() -> None:
    papers = [
        add_summary(sleepy(1, "cs.LG", "cs.AI"), SUMMARY),
        add_failure(sleepy(2), FAILURE),
        add_failure(sleepy(3), replace(FAILURE, reason=FailureReason.RATE_LIMIT)),
        add_failure(sleepy(4), FAILURE),
        sleepy(5),
    ]
    runs = {"cs.AI": replace(FRESH, fetched=800, new=300, repeats=0), "cs.LG": FRESH}
    page = status_of(papers, [listing(runs, *papers, seconds=41.6)])["status/index.md"]
    (cells,) = rows_of(page)
    assert cells[:10] == [
        *("[Thu 5 Feb 2026](../days/2026/02/2026-02-05.md)", "2,000", "800", "5", "3"),
        *("1", "3", "1,302", "0.5000", "42 s"),
    ]
    assert cells[10] == (
        "<details><summary>fresh (2 categories); failed: 2 timeout, 1 rate limit</summary><ul>"
        "<li>cs.AI: fresh, 800 fetched, 300 new, 2 kept, 1 summarised, 1,200 tokens for 0.5000</li>"
        "<li>cs.LG: fresh, 1,200 fetched, 500 new, 2 kept, 3 repeats, 1 summarised, "
        "failed: 2 timeout, 1 rate limit, 1,302 tokens for 0.5000</li></ul></details>"
    )
    assert "- **Papers** 5 of 1 announcement day\n" in page
    assert "- **Summaries** 1 summary of 1 paper; 3 pending\n" in page
    assert "- **Spent** 1,302 tokens for EUR 0.5000\n" in page
    assert "- **Latest day** Thursday 5 February 2026: fresh (2 categories)\n" in page
    assert "Cost (EUR)" in page


def test_only_the_version_that_the_day_lists_counts_there_but_all_was_paid() -> None:
    paper = add_summary(add_summary(sleepy(1), SUMMARY), replace(SUMMARY, version=2))
    page = status_of([paper], [listing({"cs.LG": FRESH}, paper)])["status/index.md"]
    assert rows_of(page)[0][5:9] == ["1", "", "1,200", "0.5000"]
    assert "- **Spent** 2,400 tokens for EUR 1.00\n" in page


@pytest.mark.parametrize("state", [FeedState.STALE, FeedState.ERROR])
def test_a_problem_is_told_in_words_and_its_detail_is_not(state: FeedState) -> None:
    broken = CategoryRun(state=state, detail="Cannot read https://secret.example/")
    page = status_of([], [listing({"cs.AI": FRESH, "cs.LG": broken})])["status/index.md"]
    assert f"⚠ **Incomplete**: cs.LG {state}" in page
    assert "secret" not in page
    path = "status/index.md"
    html = page_html(path, *split_front_matter(path, page), lambda source: True, ENGLISH).aside
    assert f"<summary>⚠ <strong>Incomplete</strong>: cs.LG {state}</summary>" in html


def test_entries_that_were_skipped_are_told_without_their_text() -> None:
    run = replace(FRESH, detail="skipped an entry: <b>secret</b>")
    page = status_of([], [listing({"cs.LG": run})])["status/index.md"]
    assert "cs.LG: fresh, some entries missing, 1,200 fetched" in page
    assert "secret" not in page


@pytest.mark.parametrize(
    ("states", "says"),
    [
        ("weekend weekend", "weekend (2 categories)"),
        ("holiday", "holiday (1 category)"),
        ("fresh fresh empty", "2 fresh, 1 empty"),
        ("", "no record"),
    ],
)
def test_a_day_without_a_problem_says_what_its_feeds_were(states: str, says: str) -> None:
    runs = {f"c{n}": CategoryRun(state=FeedState(s)) for n, s in enumerate(states.split())}
    assert f"<summary>{says}</summary>" in status_of([], [listing(runs)])["status/index.md"]


def test_an_imported_day_claims_no_more_than_is_known() -> None:
    run = CategoryRun(state=FeedState.IMPORTED, fetched=7, new=7, kept=7)
    paper = sleepy(1)
    page = status_of([paper], [listing({"cs.AI": run, "cs.CL": replace(run, kept=0)}, paper)])
    (cells,) = rows_of(page["status/index.md"])
    assert cells[1:10] == ["", "", "1", *[""] * 6]
    assert "<li>kept, by primary category: cs.AI 7</li>" in cells[10]


def test_the_newest_days_stand_on_one_page_and_each_year_on_another() -> None:
    days = [listing({"cs.LG": FRESH}, day=DAY - timedelta(days=n)) for n in range(100)]
    pages = status_of([], days)
    assert list(pages) == ["status/index.md", "status/2026.md", "status/2025.md"]
    assert len(rows_of(pages["status/index.md"])) == STATUS_DAYS
    dates = [row[0][1:16].strip("]") for row in rows_of(pages["status/2026.md"])]
    assert (dates[0], dates[-1], len(dates)) == ("Thu 5 Feb 2026", "Thu 1 Jan 2026", 36)
    assert "[All of 2025](2025.md)" in pages["status/index.md"]


def test_an_empty_archive_has_a_status_page() -> None:
    pages = status_of([], [])
    assert list(pages) == ["status/index.md"]
    assert "- **Papers** 0 of 0 announcement days" in pages["status/index.md"]
    assert bar_chart([], ENGLISH) is None


def test_a_full_year_of_four_categories_stays_below_300_kb() -> None:
    categories = ("cs.AI", "cs.CL", "cs.CV", "cs.LG")
    papers, days = [], []
    for number in range(366):
        day = date(2024, 1, 1) + timedelta(days=number)
        if day.weekday() > 4:
            run = CategoryRun(state=FeedState.WEEKEND)
            days.append(listing(dict.fromkeys(categories, run), day=day, seconds=1.0))
            continue
        usage = replace(SUMMARY, usage=Usage(prompt=123_456, completion=7_890, cost=0.1234))
        listed = [
            add_summary(sleepy(number * 10, *categories, day=day), usage),
            add_failure(sleepy(number * 10 + 1, *categories, day=day), FAILURE),
        ]
        papers += listed
        days.append(listing(dict.fromkeys(categories, FRESH), *listed, day=day, seconds=321.0))
    path = "status/2024.md"
    page = page_html(
        path, *split_front_matter(path, status_of(papers, days)[path]), lambda source: True, ENGLISH
    )
    assert len(page.aside.encode()) < 280_000  # Material's frame takes some more


def test_the_chart_has_the_figures_in_its_bars_and_in_words() -> None:
    chart = bar_chart(
        [("2026-02-04", 40, 10), ("2026-02-05", 20, 20), ("2026-02-06", 0, 0)], ENGLISH
    )
    assert chart is not None
    drawing = html.fromstring(chart["svg"])
    bars = [
        [float(bar.get("height")) for bar in series.iter("rect")]
        for series in drawing.find_class("series")
        if len(series)
    ]
    whole = bars[0][0] * 4  # the first day's, of which a quarter is summarised
    assert [[round(bar / whole, 2) for bar in series] for series in bars[:2]] == [
        [0.25, 0.5, 0],  # summarised
        [0.75, 0, 0],  # and above it the others that were kept
    ]
    assert drawing.findtext(".//title") == "Wed 4 February 2026: 40 kept, 10 summarised"
    assert len(list(drawing.iter("title"))) == 3
    assert (chart["most"], chart["first"], chart["last"]) == (
        40,
        "4 February 2026",
        "6 February 2026",
    )
    words = drawing.get("aria-label")
    assert words.startswith(
        "Papers kept and summarised a day. From 4 February 2026 to 6 February 2026: "
    )
    assert "60 papers kept, at most 40 a day, 30 of them summarised" in words
    assert {mark.tag for mark in drawing.iter()} == {"svg", "g", "rect", "title"}
    assert not any(name.startswith("on") for mark in drawing.iter() for name in mark.attrib)
    none = bar_chart([("2026-02-04", 0, 0)], ENGLISH)
    assert none is not None
    assert 'height="0.0"' in none["svg"]


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_reads_well_on_a_phone(window: Callable[..., Page], served: str, scheme: str) -> None:
    page = window(width=390, height=800, color_scheme=scheme)
    page.goto(served)
    page.get_by_role("contentinfo").get_by_role("link", name="Status").click()
    page.wait_for_url(served + "status/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    chart = page.get_by_role("img", name="Papers kept and summarised a day")
    expect(chart).to_be_visible()
    fill = chart.locator(".serie-0 rect").first.evaluate("bar => getComputedStyle(bar).fill")
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert abs(_brightness(fill) - _brightness(ground)) > 250
    # Each figure has its name beside it, for the table's head is out of sight.
    cell = page.locator("tbody tr").nth(1).locator("td").nth(3)
    assert cell.evaluate("cell => getComputedStyle(cell, '::before').content") == '"kept "'
    fold = page.get_by_text("1 empty, 1 fresh")
    expect(page.get_by_text("cs.LG: fresh, 3 fetched")).to_be_hidden()
    fold.click()
    expect(page.get_by_text("cs.LG: fresh, 3 fetched")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def _brightness(colour: str) -> int:
    return sum(int(part) for part in re.findall(r"\d+", colour)[:3])
