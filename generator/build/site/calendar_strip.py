"""The year as weeks of five weekdays, for the calendar strip: arXiv announces Monday to Friday."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from generator.core import urls
from generator.core.texts import Texts, message

LEVELS = 4
WEEKDAYS = 5


@dataclass(frozen=True, slots=True)
class StripDay:
    """A weekday: ``url`` is "" where the archive has no such day; ``level`` is 0 to 4."""

    label: str
    url: str
    level: int


@dataclass(frozen=True, slots=True)
class StripWeek:
    """A column: five places (``None`` outside the year), and a month's name where one begins."""

    month: str
    days: tuple[StripDay | None, ...]


def year_strip(year: int, counts: Mapping[str, int], texts: Texts) -> list[StripWeek]:
    """Return a year's weeks from the first to the last of the archive, [] where it has none of it.

    ``counts`` is papers by ISO date, for the days in the archive.
    """
    known = [
        day
        for day in map(date.fromisoformat, counts)
        if day.year == year and day.weekday() < WEEKDAYS
    ]
    if not known:
        return []
    most = max(counts.values()) or 1
    weeks = []
    monday = min(known) - timedelta(days=min(known).weekday())
    month = 0
    while monday <= max(known):
        days = [monday + timedelta(days=n) for n in range(WEEKDAYS)]
        name = ""
        for day in days:
            if day.year == year and day.month != month:
                month, name = day.month, texts.dated(day, message("MMM"))
        places = (_day(day, counts, most, texts) if day.year == year else None for day in days)
        weeks.append(StripWeek(name, tuple(places)))
        monday += timedelta(days=7)
    return weeks


def _day(day: date, counts: Mapping[str, int], most: int, texts: Texts) -> StripDay:
    count = counts.get(day.isoformat())
    if count is None:
        return StripDay("", "", 0)
    label = texts.counted(
        count,
        "{day}: {count} paper",
        "{day}: {count} papers",
        day=texts.dated(day, message("E d MMMM")),
    )
    return StripDay(label, urls.page_url(urls.day_source(day)), -(-count * LEVELS // most))
