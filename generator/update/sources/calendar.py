"""On which days arXiv announces papers.

Feeds are renewed at midnight US Eastern time with what the evening before brought; they are validly
empty on Saturdays, Sundays and around arXiv's holidays. arXiv lists the holidays a year at a time,
as the days whose evening mailing is deferred
(https://info.arxiv.org/help/availability.html#holiday), so that the empty feed is usually the next
day's: the feeds of 2026-01-01 and 2026-01-19 were full, those of the days after were empty. To
extend, copy that page's list for the new year into ``HOLIDAYS``. In years without a list only
weekends are known: an empty feed on a holiday of theirs then reads as an empty weekday.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

EASTERN = ZoneInfo("America/New_York")

DayKind = Literal["weekday", "weekend", "holiday"]

HOLIDAYS: frozenset[date] = frozenset(
    {
        date(2026, 1, 1),
        date(2026, 1, 19),
        date(2026, 6, 19),
        date(2026, 7, 3),
        date(2026, 9, 7),
        date(2026, 11, 26),
        date(2026, 12, 25),
        date(2026, 12, 29),
        date(2026, 12, 31),
    }
)


def day_kind(day: date) -> DayKind:
    """Why the feed of an announcement day may be empty, if there is a reason.

    A ``holiday`` is a day on arXiv's list or the day after one: either feed may be the empty one,
    and either may be full. A weekend outranks a holiday.
    """
    if day.weekday() >= 5:
        return "weekend"
    return "holiday" if {day, day - timedelta(days=1)} & HOLIDAYS else "weekday"


def announcement_day(instant: datetime) -> date:
    """The calendar date in US Eastern time, by which arXiv counts; takes an aware datetime."""
    if instant.tzinfo is None:
        raise ValueError("an announcement day needs an aware datetime")
    return instant.astimezone(EASTERN).date()


def expected_announcement(submitted: datetime) -> date:
    """The announcement day on which arXiv's schedule puts a submission; takes an aware datetime.

    This is an inference: moderation holds papers back, and holidays are known for some years only.
    What is submitted before 14:00 US Eastern time is mailed at 20:00 and is in the next day's feed;
    from Thursday 14:00 to Friday 14:00 the mailing is Sunday's, from then to Monday 14:00 Monday's
    (https://info.arxiv.org/help/availability.html). A deferred mailing goes out with the next one.
    """
    if submitted.tzinfo is None:
        raise ValueError("an announcement day needs an aware datetime")
    evening = submitted.astimezone(EASTERN).date()
    while not _is_mailed(evening) or _deadline(evening) <= submitted:
        evening += timedelta(days=1)
    return evening + timedelta(days=1)


def submission_window(day: date) -> tuple[datetime, datetime] | None:
    """From when until before when papers are submitted that are expected on an announcement day.

    ``None`` where none are: weekends, and the days after a deferred mailing. Aware datetimes.
    """
    evening = day - timedelta(days=1)
    if not _is_mailed(evening):
        return None
    before = evening - timedelta(days=1)
    while not _is_mailed(before):
        before -= timedelta(days=1)
    return _deadline(before), _deadline(evening)


def _is_mailed(evening: date) -> bool:
    return evening.weekday() not in (4, 5) and evening not in HOLIDAYS


def _deadline(evening: date) -> datetime:
    """Until when one submits for an evening's mailing: 14:00, for Sunday's on Friday."""
    day = evening - timedelta(days=2) if evening.weekday() == 6 else evening
    return datetime.combine(day, time(14), EASTERN)
