"""A year of real length: the corpus (127 days) and its copy half a year on, with new ids."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from generator.models import ArxivId, Day, Paper
from generator.store import Store

SHIFT = timedelta(weeks=26)  # a weekday stays one


def make_year(source: Store, root: Path) -> Store:
    """Write the papers and days of ``source`` twice into a new store at ``root``."""
    papers, days = list(source.papers()), list(source.days())
    target = Store(root)
    target.write(
        [*papers, *(_later_paper(paper) for paper in papers)],
        [*days, *(_later_day(day) for day in days)],
    )
    return target


def _later_id(identifier: str) -> str:
    month = date(2000 + int(identifier[:2]), int(identifier[2:4]), 1) + timedelta(days=182)
    return f"{month:%y%m}.{identifier[5:]}"


def _later_paper(paper: Paper) -> Paper:
    return replace(
        paper,
        id=_later_id(paper.id),
        listings=tuple(replace(item, date=item.date + SHIFT) for item in paper.listings),
    )


def _later_day(day: Day) -> Day:
    def later(identifier: ArxivId) -> ArxivId:
        return ArxivId(_later_id(identifier.id), identifier.version)

    return replace(
        day,
        date=day.date + SHIFT,
        rows=tuple(replace(row, id=later(row.id)) for row in day.rows),
        run=replace(day.run, summarized=tuple(later(i) for i in day.run.summarized)),
    )
