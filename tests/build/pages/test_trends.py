"""The page of charts: its figures, its words and its files, and that no colour is needed for it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Page, expect

from generator.build.archive.archive import Archive
from generator.build.site.charts import line_chart
from generator.build.site.check import check_site
from generator.build.site.pagehtml import split_front_matter
from generator.core.days import Day, Row, Run
from generator.core.papers import Paper
from generator.core.summaries import Summary
from generator.store.store import Store
from tests.builders import make_archive, make_pages, make_paper, make_row
from tests.projects import Once, make_project, run_generator, serving

MONDAY = date(2026, 2, 2)
WEEK = timedelta(weeks=1)
HOSTILE = '=1+1 </h2> <script>alert("x")</script> | *'


def tagged(number: int, *tags: str) -> Paper:
    """A paper whose summary has these tags."""
    made = datetime(2026, 2, 5, tzinfo=UTC)
    summary = Summary(
        version=1,
        model="sample-model",
        language="en",
        prompt_hash="0123",
        input="abstract",
        created=made,
        body="## What\n\nText.\n",
        tags=tags,
    )
    return make_paper(number, categories=("cs.LG", "cs.AI"), summaries=(summary,))


def two_weeks() -> tuple[dict[date, list[Row]], list[Paper]]:
    """Four papers in one week and two in the next; half of them, then all, match ``kernel``."""
    days = {
        MONDAY: [make_row(1, "kernel"), make_row(2), make_row(3, "kernel"), make_row(4)],
        MONDAY + WEEK: [make_row(5, "kernel"), make_row(6, "kernel", HOSTILE)],
    }
    return days, [tagged(1, "caching", HOSTILE + "2"), tagged(5, "caching")]


def charts(pages: dict[str, str]) -> list[dict[str, Any]]:
    front, _ = split_front_matter("", pages["trends/index.md"])
    found: list[dict[str, Any]] = front["charts"]
    return found


def table(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


# --- Figures ----------------------------------------------------------------------------------


def test_a_hit_rate_is_the_share_of_a_periods_listed_papers() -> None:
    pages = make_pages(make_archive(*two_weeks()))
    _, keywords, tags, categories = charts(pages)
    kernel = keywords["panels"][0]
    assert keywords["labels"] == ["Week 6 of 2026", "Week 7 of 2026"]
    assert (kernel["name"], kernel["values"], kernel["last"]) == ("kernel", [50, 100], "100.0 %")
    assert kernel["words"] == (
        "kernel: 100.0 % (Week 7 of 2026), lowest 50.0 % (Week 6 of 2026), "
        "highest 100.0 % (Week 7 of 2026)"
    )
    assert tags["panels"][0]["name"] == "caching"
    assert tags["panels"][0]["values"] == [25, 50]
    assert categories["panels"][0]["name"] == "cs.LG Machine Learning"
    assert "Share of the listed papers in which" in pages["trends/index.md"]
    assert "| Week 7 of 2026 | 100.0 % |" in pages["trends/index.md"]


def test_the_files_have_counts_and_what_they_are_a_share_of() -> None:
    pages = make_pages(make_archive(*two_weeks()))
    assert table(pages["trends/keywords.csv"]) == [
        ["week", "papers", "kernel", "'" + HOSTILE],  # no formula for a spreadsheet
        ["2026-W06", "4", "2", "0"],
        ["2026-W07", "2", "2", "1"],
    ]
    assert table(pages["trends/days.csv"]) == [
        ["day", "papers", "with AI summary"],
        ["2026-02-02", "4", "1"],
        ["2026-02-09", "2", "1"],
    ]


def test_half_a_year_is_drawn_by_months_and_gaps_stay_gaps() -> None:
    days = {date(2026, month, 2): [make_row(month, "a")] for month in (1, 2, 3, 4, 5, 8)}
    _, keywords, *_ = charts(make_pages(make_archive(days)))
    assert keywords["labels"][5:] == ["June 2026", "July 2026", "August 2026"]
    assert keywords["panels"][0]["values"] == [100.0] * 5 + [None, None, 100.0]


def test_keywords_that_found_nothing_are_named() -> None:
    run = Run(keywords=("A", "b | c", "regex:x"))
    made = Archive.of([make_paper(1)], [Day(date=MONDAY, rows=(make_row(1, "a"),), run=run)])
    assert r"Not found on any paper: b \| c, regex:x." in make_pages(made)["trends/index.md"]


def test_an_empty_archive_and_a_single_week_say_so() -> None:
    empty = make_pages(make_archive({}))
    assert charts(empty) == []
    assert "there is nothing to draw yet" in empty["trends/index.md"]
    assert not any(path.endswith(".csv") for path in empty)
    one = make_pages(make_archive({MONDAY: [make_row(1, "a")]}))
    assert "So far there is Week 6 of 2026 alone." in one["trends/index.md"]
    assert [chart["panels"][0]["name"] for chart in charts(one)] == [
        "Papers a day",
        "a",
        "cs.LG Machine Learning",
    ]


# --- Drawing ----------------------------------------------------------------------------------


def test_names_and_figures_are_told_as_they_are() -> None:
    drawn = line_chart([0.05, 0.08], ["a", "b"], words="1.58-bit\x0b: 0.08 %")
    root = ElementTree.fromstring(drawn)
    assert root.get("aria-label") == "1.58-bit: 0.08 %"
    texts = [element.text for element in root.iter() if element.tag.endswith("text")]
    assert {"0", "0.04", "0.08"} <= set(texts)


def test_a_line_is_drawn_the_same_twice_and_brings_nothing_along() -> None:
    values = [3.0, None, 8.25, 10.0 / 3, 7.0]
    labels = [f"Month {n}" for n in range(5)]
    drawn = line_chart(values, labels, words='a: "<&"')
    assert drawn == line_chart(values, labels, words='a: "<&"')
    root = ElementTree.fromstring(drawn)
    assert root.get("role") == "img"
    assert root.get("aria-label") == 'a: "<&"'
    names = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert names == {"svg", "g", "path", "rect", "text", "circle"}
    texts = [element.text for element in root.iter() if element.tag.endswith("text")]
    assert texts == ["0", "5", "10", "Month 0", "Month 4"]
    assert "style=" not in drawn
    assert "<!--" not in drawn


@pytest.mark.parametrize("values", [[], [1.0], [None, 1.0]])
def test_a_single_figure_is_no_line(values: list[float | None]) -> None:
    assert line_chart(values, ["x"] * len(values), words="") == ""


def test_nothing_but_zeros_is_a_line_at_the_bottom() -> None:
    assert "<path" in line_chart([0.0, 0.0], ["a", "b"], words="")


def test_ten_years_of_months_stay_small() -> None:
    drawn = line_chart([n % 7 for n in range(120)], [f"{n}" for n in range(120)], words="")
    assert len(drawn) < 5_000


# --- In the browser ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def trends(once: Once) -> Iterator[tuple[Path, str]]:
    """A built site of two weeks, with hostile names; its folder and address."""
    site = once("trends", _build_two_weeks)
    with serving(site) as address:
        yield site, address


def _build_two_weeks(folder: Path) -> Path:
    project = make_project(folder / "project")
    days, papers = two_weeks()
    known = {p.id: p for p in papers}
    rows = [one for found in days.values() for one in found]
    papers += [make_paper(int(r.id.id[5:])) for r in rows if r.id.id not in known]
    Store(project / "data").write(
        papers, [Day(date=day, rows=tuple(found), run=Run()) for day, found in days.items()]
    )
    run_generator(project, "build")
    return project / "site"


def test_a_hostile_name_stays_a_name(trends: tuple[Path, str]) -> None:
    site, _ = trends
    text = (site / "trends" / "index.html").read_text()
    assert "<script>alert" not in text
    assert "=1+1 &lt;/h2&gt; &lt;script&gt;" in text
    assert check_site(site, lambda done, total: None) == []


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_charts_can_be_read(
    window: Callable[..., Page], trends: tuple[Path, str], width: int, scheme: str
) -> None:
    page = window(width=width, height=900, color_scheme=scheme)
    page.goto(trends[1] + "trends/")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    drawn = page.get_by_role("img", name="kernel: 100.0 % (Week 7 of 2026)")
    expect(drawn).to_be_visible()
    size = drawn.locator("text").first.evaluate(
        "text => parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a"
    )
    assert size >= 9.5
    line = drawn.locator(".series .line").evaluate("line => getComputedStyle(line).stroke")
    assert line == {"light": "rgb(31, 78, 121)", "dark": "rgb(156, 195, 234)"}[scheme]
    page.get_by_text("Keywords in figures").click()
    expect(page.get_by_role("cell", name="100.0 %").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    with page.expect_download() as download:
        page.get_by_role("link", name="Keywords as CSV").click()
    assert "2026-W07,2,2,1" in download.value.path().read_text()
