"""arXiv's calendar: the years that it has listed itself, and what follows from them."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import pytest

from generator.config.options import Rules
from generator.core.days import FeedState
from generator.update.backfill import backfill_day, due_days
from generator.update.daily import update_day
from generator.update.sources.calendar import (
    announcement_day,
    day_kind,
    expected_announcement,
    holidays_of,
    submission_window,
)
from generator.update.sources.feed import Feed

# As https://info.arxiv.org/help/availability.html#holiday gave them each year, and arXiv's own
# table of days without deadline. Of 2025 the page names Sunday 6 July, the table Friday 4 July.
PUBLISHED = {
    2018: "01-01 03-26 09-03 11-22 12-24 12-25 12-27",
    2019: "01-01 01-21 09-02 11-07 11-28 12-25 12-26 12-30",
    2020: "01-01 01-20 06-09 11-26 12-25 12-29 12-30",
    2021: "01-01 10-20 11-25 12-24 12-28 12-30",
    2022: "01-17 06-20 09-05 11-24 12-27 12-29",
    2023: "01-16 06-14 06-19 07-04 08-17 09-04 11-23 12-25 12-27",
    2024: "01-15 05-22 06-19 07-04 09-02 10-08 11-28 12-25 12-26 12-31",
    2025: "01-01 01-20 06-19 07-04 09-01 11-27 12-25 12-30",
    2026: "01-01 01-19 06-19 07-03 09-07 11-26 12-25 12-29 12-31",
}


def days(year: int, listed: str) -> set[date]:
    return {date.fromisoformat(f"{year}-{day}") for day in listed.split()}


@pytest.mark.parametrize("year", PUBLISHED)
def test_the_years_that_arxiv_has_listed(year: int) -> None:
    assert holidays_of(year) == days(year, PUBLISHED[year])


def test_a_year_that_nobody_has_listed() -> None:
    """By rule alone; 4 July and Christmas fall on a weekend, and are kept on the weekday beside."""
    by_rule = "01-01 01-18 06-18 07-05 09-06 11-25 12-24 12-31"
    assert holidays_of(2027) == days(2027, by_rule)


def test_of_old_years_the_great_holidays_are_known() -> None:
    assert holidays_of(2014) == days(2014, "01-01 11-27 12-25")


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (date(2026, 1, 5), "weekday"),
        (date(2026, 1, 9), "weekday"),
        (date(2026, 1, 10), "weekend"),
        (date(2026, 1, 11), "weekend"),
        (date(2026, 1, 1), "holiday"),
        (date(2026, 1, 2), "holiday"),  # the deferred mailing's feed
        (date(2026, 1, 20), "holiday"),
        (date(2026, 6, 19), "holiday"),  # a Friday: Sunday's mailing is deferred
        (date(2026, 6, 22), "holiday"),
        (date(2026, 6, 23), "weekday"),
        (date(2026, 7, 4), "weekend"),
        (date(2026, 12, 30), "holiday"),
        (date(2026, 12, 28), "holiday"),
        (date(2031, 12, 25), "holiday"),  # by rule
        # Some days of the winter break are arXiv's own: in a year without a list, any may be.
        (date(2031, 12, 23), "weekday"),
        (date(2031, 12, 30), "holiday"),
        (date(2032, 1, 1), "holiday"),
        (date(2032, 1, 5), "weekday"),
    ],
)
def test_kinds_of_days(day: date, kind: str) -> None:
    assert day_kind(day) == kind


def test_a_day_of_the_break_that_nobody_listed_is_not_repaired_for_ever() -> None:
    """30 December 2027 may follow a day that arXiv will list, and its feed be empty for that."""
    day, categories = date(2027, 12, 30), ["cs.AI"]
    assert submission_window(day) is not None
    empty = Feed(title="cs.AI", built=None, announcements=(), skipped=(), truncated=False)
    result = update_day(day, {"cs.AI": empty}, Rules(), lambda _: None, None)
    assert result.runs["cs.AI"].state == FeedState.HOLIDAY
    assert due_days({day: result.day}, date(2027, 1, 4), categories) == {}
    # Where no update ran, arXiv's API is asked until its answer can no longer be late.
    assert due_days({day: None}, date(2027, 1, 4), categories) == {day: ("cs.AI",)}
    later = day + timedelta(days=2)
    filled = backfill_day(
        day, [], categories, None, rules=Rules(), known=lambda _: None, today=later
    )
    assert filled.runs["cs.AI"].state == FeedState.EMPTY
    assert due_days({day: filled.day}, date(2027, 1, 4), categories) == {}


def test_an_announcement_day_needs_a_time_zone() -> None:
    with pytest.raises(ValueError, match="aware"):
        announcement_day(datetime(2026, 1, 5))
    assert announcement_day(datetime(2026, 3, 8, 4, 30, tzinfo=UTC)) == date(2026, 3, 7)
    assert announcement_day(datetime(2026, 3, 9, 4, 0, tzinfo=UTC)) == date(2026, 3, 9)


def test_a_mailing_deferred_over_a_weekend_goes_out_on_monday() -> None:
    """Juneteenth 2026 is a Friday: what was submitted on Thursday evening waits until Monday's."""
    assert expected_announcement(datetime(2026, 6, 18, 17, 59, tzinfo=UTC)) == date(2026, 6, 19)
    assert expected_announcement(datetime(2026, 6, 18, 18, 0, tzinfo=UTC)) == date(2026, 6, 23)
    window = submission_window(date(2026, 6, 23))
    assert window is not None
    assert window[1] - window[0] == timedelta(days=4)


def test_the_package_of_holidays_is_loaded_by_who_needs_it() -> None:
    code = "import sys, generator.update.sources.calendar; print('holidays' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
