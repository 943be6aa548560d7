"""Weeks and months of the archive, and what each of them lists. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from generator.build.archive.archive import Archive, Entry
from generator.core import urls
from generator.core.days import Day


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A week as ISO 8601 counts it, Monday to Sunday, or a calendar month, with its outer days.

    ``year`` and ``number`` are those of the week or month; a week's year is that of its Thursday.
    """

    first: date
    last: date
    year: int
    number: int
    is_week: bool

    @property
    def source(self) -> str:
        """The source of its page."""
        return (urls.week_source if self.is_week else urls.month_source)(self.key)

    @property
    def key(self) -> str:
        """As ISO 8601 writes it: ``2026-W06``, ``2026-02``."""
        return f"{self.year:04}-{'W' if self.is_week else ''}{self.number:02}"

    def is_over(self, newest: date) -> bool:
        """Tell whether an archive that ends on ``newest`` has the period's last weekday."""
        last = self.last - timedelta(days=max(0, self.last.weekday() - 4))
        return newest >= last


def week_of(day: date) -> Period:
    """Return the ISO week that a day is in."""
    year, number, weekday = day.isocalendar()
    monday = day - timedelta(days=weekday - 1)
    return Period(monday, monday + timedelta(days=6), year, number, is_week=True)


def month_of(day: date) -> Period:
    """Return the month that a day is in."""
    first = day.replace(day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    return Period(first, following - timedelta(days=1), day.year, day.month, is_week=False)


@dataclass(frozen=True, slots=True)
class PeriodPapers:
    """A period with its days (oldest first) and its papers, best first.

    ``entries`` has each paper once: where its score was highest, and of equal ones the latest.
    Papers of one score stand by their rank of the day, then the newest first.
    """

    period: Period
    days: tuple[Day, ...]
    entries: tuple[Entry, ...]


def papers_by_first_year(archive: Archive) -> dict[int, list[Entry]]:
    """Return each paper as it was listed last, in the year that listed it first; oldest first."""
    found: dict[int, list[Entry]] = {}
    for entries in archive.listed.values():
        found.setdefault(entries[0].day.year, []).append(entries[-1])
    return found


def papers_by_period(
    archive: Archive, period_of: Callable[[date], Period]
) -> tuple[PeriodPapers, ...]:
    """Return every period (``week_of`` or ``month_of``) that the archive has a day of, in order."""
    days: dict[Period, list[Day]] = {}
    for day in archive.days:
        days.setdefault(period_of(day.date), []).append(day)
    return tuple(
        PeriodPapers(period, tuple(found), _best_first(archive, found))
        for period, found in days.items()
    )


def _best_first(archive: Archive, days: Sequence[Day]) -> tuple[Entry, ...]:
    best: dict[str, Entry] = {}
    for entry in (entry for day in days for entry in archive.entries[day.date]):
        known = best.get(entry.paper.id)
        if known is None or entry.row.score >= known.row.score:
            best[entry.paper.id] = entry
    return tuple(sorted(best.values(), key=lambda e: (-e.row.score, e.rank, -e.day.toordinal())))
