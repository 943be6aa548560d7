"""Archives of real length: the corpus (127 days) again and again, with new ids and dates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from generator.core.days import Day
from generator.core.ids import ArxivId
from generator.core.papers import Paper
from generator.store.store import Store

# Whole weeks, so that a weekday stays one.
HALF = timedelta(weeks=26)
YEAR = timedelta(weeks=52)


def make_year(source: Store, root: Path) -> Store:
    """Write what is in ``source`` twice, half a year apart, into a store at ``root``."""
    return make_years(source, root, 1)


def make_years(source: Store, root: Path, years: int) -> Store:
    """Write such a year and the ``years - 1`` before it, each with the same texts."""
    papers, days = list(source.papers()), list(source.days())
    shifts = [shift - YEAR * past for past in range(years) for shift in (timedelta(), HALF)]
    identifiers = {_moved_id(paper.id, shift) for shift in shifts for paper in papers}
    if len(identifiers) != len(papers) * len(shifts):
        raise ValueError("Two papers would have the same id: their months are too far apart")
    target = Store(root)
    target.write(_moved_papers(papers, shifts), _moved_days(days, shifts))
    return target


def _moved_id(identifier: str, shift: timedelta) -> str:
    # The middle of the month, since a shift is some days more or less than whole months.
    month = date(2000 + int(identifier[:2]), int(identifier[2:4]), 15) + shift
    return f"{month:%y%m}.{identifier[5:]}"


def _moved_papers(papers: list[Paper], shifts: list[timedelta]) -> Iterator[Paper]:
    for shift in shifts:
        for paper in papers:
            yield replace(
                paper,
                id=_moved_id(paper.id, shift),
                listings=tuple(replace(item, date=item.date + shift) for item in paper.listings),
                summaries=tuple(replace(s, created=s.created + shift) for s in paper.summaries),
            )


def _moved_days(days: list[Day], shifts: list[timedelta]) -> Iterator[Day]:
    for shift in shifts:

        def moved(identifier: ArxivId, shift: timedelta = shift) -> ArxivId:
            return ArxivId(_moved_id(identifier.id, shift), identifier.version)

        for day in days:
            yield replace(
                day,
                date=day.date + shift,
                rows=tuple(replace(row, id=moved(row.id)) for row in day.rows),
                run=replace(day.run, summarized=tuple(map(moved, day.run.summarized))),
            )
