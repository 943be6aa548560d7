"""On which days arXiv announces papers.

Feeds are renewed at midnight US Eastern time with what the evening before brought; they are validly
empty on Saturdays, Sundays, and where a mailing was deferred. arXiv lists its holidays a year at a
time (https://info.arxiv.org/help/availability.html#holiday), as the days whose evening mailing is
deferred, or Sunday's where it is a Friday: so the empty feed is usually the next day's. The feeds
of 2026-01-01 and 2026-01-19 were full, those of the days after were empty.

A rule gives the federal holidays that arXiv keeps, for any year. What it cannot know is listed:
meetings, and some days more between Christmas and New Year. In a year that nobody has listed yet,
an empty feed anywhere from Christmas Eve to New Year counts as a holiday's.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Literal
from zoneinfo import ZoneInfo

EASTERN = ZoneInfo("America/New_York")

DayKind = Literal["weekday", "weekend", "holiday"]

_DAY = timedelta(days=1)
_FRIDAY, _SATURDAY, _SUNDAY = 4, 5, 6
# The names are those of the package ``holidays``, the years the first in which arXiv kept the day.
_KEPT_SINCE = {
    "New Year's Day": 1992,
    "Martin Luther King Jr. Day": 2019,
    "Juneteenth National Independence Day": 2022,
    "Independence Day": 2023,
    "Labor Day": 2018,
    "Thanksgiving Day": 1991,
    "Christmas Day": 1991,
}
# Where arXiv's lists differ from the rule: its own days by year, and federal ones that it left out.
_EXTRAS = {
    2018: ("03-26", "12-24", "12-27"),
    2019: ("11-07", "12-26", "12-30"),
    2020: ("06-09", "12-29", "12-30"),
    2021: ("10-20", "12-28", "12-30"),
    2022: ("12-27", "12-29"),
    2023: ("06-14", "08-17", "12-27"),
    2024: ("05-22", "10-08", "12-26", "12-31"),
    2025: ("12-30",),
    2026: ("12-29", "12-31"),
}
_NOT_KEPT = frozenset(
    map(
        date.fromisoformat,
        (
            *("2020-09-07", "2021-01-18", "2021-09-06", "2021-12-31"),
            *("2022-12-26", "2023-01-02", "2024-01-01"),
        ),
    )
)


@cache
def holidays_of(year: int) -> frozenset[date]:
    """Return the weekdays of a year on which arXiv keeps a holiday, by the rule and its lists."""
    # Here, because it takes a tenth of a second: only who reads feeds should wait for it.
    from holidays import country_holidays  # noqa: PLC0415

    federal = country_holidays("US", years=year, observed=True)
    kept = {
        day
        for day, name in federal.items()
        if day.weekday() < _SATURDAY
        and year >= _KEPT_SINCE.get(name.removesuffix(" (observed)"), year + 1)
    }
    extras = (date.fromisoformat(f"{year}-{day}") for day in _EXTRAS.get(year, ()))
    return frozenset({*kept, *extras} - _NOT_KEPT)


def day_kind(day: date) -> DayKind:
    """Tell why the feed of an announcement day may be empty, if there is a reason.

    A ``holiday`` is one of arXiv's or a day after a deferred mailing: either feed may be the empty
    one, and either may be full. A weekend outranks a holiday.
    """
    if day.weekday() >= _SATURDAY:
        return "weekend"
    evening = day - _DAY
    if _is_holiday(day) or not _is_mailed(evening) or _may_be_extra(day) or _may_be_extra(evening):
        return "holiday"
    return "weekday"


def announcement_day(instant: datetime) -> date:
    """Return the date in US Eastern time, by which arXiv counts; takes an aware datetime."""
    if instant.tzinfo is None:
        raise ValueError("an announcement day needs an aware datetime")
    return instant.astimezone(EASTERN).date()


def expected_announcement(submitted: datetime) -> date:
    """Return the announcement day on which arXiv's schedule puts a submission (aware datetime).

    This is an inference: moderation holds papers back, and arXiv's own holidays are known for some
    years only. What is submitted before 14:00 US Eastern time is mailed at 20:00 and is in the next
    day's feed; from Thursday 14:00 to Friday 14:00 the mailing is Sunday's, from then to Monday
    14:00 Monday's (https://info.arxiv.org/help/availability.html). A deferred mailing goes out with
    the next one.
    """
    evening = announcement_day(submitted)
    while not _is_mailed(evening) or _deadline(evening) <= submitted:
        evening += _DAY
    return evening + _DAY


def submission_window(day: date) -> tuple[datetime, datetime] | None:
    """Return from when until before when papers are submitted for an announcement day.

    ``None`` where none are expected: weekends, and the days after a deferred mailing. Both are
    aware datetimes.
    """
    evening = day - _DAY
    if not _is_mailed(evening):
        return None
    before = evening - _DAY
    while not _is_mailed(before):
        before -= _DAY
    return _deadline(before), _deadline(evening)


def _is_holiday(day: date) -> bool:
    return day in holidays_of(day.year)


def _is_mailed(evening: date) -> bool:
    if evening.weekday() in (_FRIDAY, _SATURDAY):
        return False
    return not _is_holiday(_deadline_day(evening))


def _may_be_extra(day: date) -> bool:
    """Tell whether a day is in the winter break of a year that is not listed yet."""
    return day.year not in _EXTRAS and day.month == 12 and day.day >= 24


def _deadline(evening: date) -> datetime:
    """Return until when one submits for an evening's mailing: 14:00, for Sunday's on Friday."""
    return datetime.combine(_deadline_day(evening), time(14), EASTERN)


def _deadline_day(evening: date) -> date:
    return evening - 2 * _DAY if evening.weekday() == _SUNDAY else evening
