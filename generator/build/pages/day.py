"""A day's page. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from datetime import date

from generator.build.archive.archive import Archive
from generator.build.archive.periods import week_of
from generator.build.pages.cards import card
from generator.build.pages.fragments import (
    empty_reason,
    escaped,
    pager,
    papers,
)
from generator.build.pages.layout import (
    CARDS_PER_PAGE,
    changed,
    in_parts,
    page,
)
from generator.core import urls
from generator.core.days import Day, FeedState
from generator.core.texts import MONTH, Texts


def day_pages(archive: Archive, day: Day, texts: Texts) -> Iterator[tuple[str, str]]:
    """Yield one day's page, in as many parts as its length asks for."""
    entries = archive.entries[day.date]
    heading = texts.long_date(day.date)
    for part in in_parts(urls.day_source(day.date), entries, CARDS_PER_PAGE):
        here = part.here
        yield (
            here,
            page(
                "day.md",
                {
                    "title": part.title(heading, texts),
                    "kind": "day",
                    "description": texts.text("arXiv papers announced on {date}", date=heading),
                    "date": day.date.isoformat(),
                    "papers": len(entries),
                    **changed(entries, [day]),
                },
                t=texts.text,
                heading=heading,
                counts=texts.sentences((day_counts(day, texts), part.links(texts))),
                pager=day_pager(archive, day.date, here, texts),
                cards=[card(entry, here, texts) for entry in part.items],
            ),
        )


def day_counts(day: Day, texts: Texts) -> str:
    """Say how the day's list came about, in a sentence or two."""
    runs = day.run.categories
    names = texts.listed(escaped(name) for name in runs)
    if not day.rows:
        return empty_reason(day, texts)
    if any(run.state == FeedState.IMPORTED for run in runs.values()):
        return texts.text(
            "{papers} from an older list of {names}.",
            papers=papers(len(day.rows), texts),
            names=names,
        )
    kept_of = texts.counted(
        sum(run.fetched for run in runs.values()),
        "{kept} of {count} announcement in {names}.",
        "{kept} of {count} announcements in {names}.",
        kept=len(day.rows),
        names=names,
    )
    return texts.sentences((kept_of, *_incomplete(day, texts)))


def _incomplete(day: Day, texts: Texts) -> Iterator[str]:
    """Yield what was filled in later, and which feeds could not be read."""
    runs = day.run.categories
    problems = [
        texts.text("{category}: {state}", category=escaped(name), state=texts.text(run.state))
        for name, run in runs.items()
        if run.state in (FeedState.ERROR, FeedState.STALE)
    ]
    filled = [escaped(name) for name, run in runs.items() if run.state == FeedState.BACKFILLED]
    if filled:
        yield texts.text(
            "Filled in later ({names}): papers submitted in the time that arXiv's schedule gives "
            "for this day.",
            names=texts.listed(filled),
        )
    if problems:
        yield texts.text("Incomplete ({problems}).", problems=texts.listed(problems))


def day_pager(archive: Archive, day: date, here: str, texts: Texts) -> str:
    """Link the neighbouring announcement days: empty days are in the archive, not on this way."""
    dates = [d.date for d in archive.days if d.rows]
    at = bisect_left(dates, day)
    before = dates[at - 1] if at else None
    after = next((d for d in dates[at : at + 2] if d > day), None)
    week = week_of(day)
    return pager(
        here,
        (f"← {texts.short_date(before)}", urls.day_source(before)) if before else None,
        (texts.text("Week {number}", number=str(week.number)), week.source),
        (texts.dated(day, MONTH), urls.month_source(f"{day:%Y-%m}")),
        (f"{texts.short_date(after)} →", urls.day_source(after)) if after else None,
    )
