"""From what was read of a day to what is stored of it. Pure.

Nothing that was once listed leaves a day: its page has been published. A second run adds what the
first one missed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from generator.config.options import Rules
from generator.core.days import CategoryRun, Day, FeedState, Run
from generator.core.errors import DaybookError
from generator.core.papers import Paper
from generator.store.merge import record
from generator.update.selection.rules import dedupe, select
from generator.update.sources.calendar import day_kind
from generator.update.sources.feed import MAX_ENTRIES, Feed

# Looks a paper up in the store by its canonical id.
Lookup = Callable[[str], Paper | None]

_UNUSABLE = (FeedState.ERROR, FeedState.STALE)


@dataclass(frozen=True, slots=True)
class DayUpdate:
    """What a day's feeds come to: the papers and the day to store (``None``: nothing to store)."""

    runs: dict[str, CategoryRun]
    papers: tuple[Paper, ...] = ()
    day: Day | None = None


def update_day(
    expected: date,
    feeds: Mapping[str, Feed | DaybookError],
    rules: Rules,
    known: Lookup,
    stored: Day | None,
) -> DayUpdate:
    """Choose a day's papers from its feeds (by category) and merge them with what is ``stored``.

    The error stands for a feed that could not be had or read. A feed whose newest item is of
    another day than ``expected`` is stale and adds nothing. Where no feed is fresh or validly
    empty there is nothing to store.
    """
    runs = {category: _judge(feed, expected) for category, feed in feeds.items()}
    usable = {
        category: feed
        for category, feed in feeds.items()
        if isinstance(feed, Feed) and runs[category].state not in _UNUSABLE
    }
    if not usable:
        return DayUpdate(runs)
    announcements = dedupe(item for feed in usable.values() for item in feed.announcements)
    papers = {a.id.id: known(a.id.id) for a in announcements}
    selection = select(announcements, rules, seen=_versions_before(expected, papers))
    kept = {row.id.id for row in (*selection.rows, *(stored.rows if stored else ()))}
    # Later announcements of papers in the archive are recorded even where the rules hide them.
    changed = tuple(
        record(papers[a.id.id], a)
        for a in announcements
        if a.id.id in kept or papers[a.id.id] is not None
    )
    repeats = {identifier.id for identifier in selection.repeats}
    for category, feed in usable.items():
        ids = {item.id.id for item in feed.announcements}
        runs[category] = replace(runs[category], kept=len(ids & kept), repeats=len(ids & repeats))
    run = Run(
        updated=max((feed.built for feed in usable.values() if feed.built), default=None),
        keywords=tuple(keyword.shown for keyword in rules.keywords),
        categories=runs,
    )
    day = Day(date=expected, rows=selection.rows, run=run)
    return DayUpdate(runs, changed, merge_days(stored, day))


def _versions_before(day: date, papers: Mapping[str, Paper | None]) -> dict[str, int]:
    """Return the highest version that earlier days list of each paper that they list."""
    return {
        identifier: max(earlier)
        for identifier, paper in papers.items()
        if paper and (earlier := [x.version for x in paper.listings if x.date < day])
    }


def merge_days(stored: Day | None, new: Day) -> Day:
    """Return the newer list with what only the older one has behind it, ranked by score.

    Merging the same day again changes nothing.
    """
    if stored is None:
        return new
    return complete_day(stored, new) if made(stored) > made(new) else complete_day(new, stored)


def complete_day(first: Day, second: Day) -> Day:
    """Return the first list with what only the second one has behind it, ranked by score."""
    ids = {row.id.id for row in first.rows}
    extra = [row for row in second.rows if row.id.id not in ids]
    rows = first.rows
    if extra:
        rows = tuple(sorted((*rows, *extra), key=lambda row: row.score, reverse=True))
    categories = dict(second.run.categories)
    for name, category_run in first.run.categories.items():
        if name not in categories or not is_incomplete(category_run):
            categories[name] = category_run
    run = replace(
        first.run,
        categories=dict(sorted(categories.items())),
        seconds=second.run.seconds if first.run.seconds is None else first.run.seconds,
        summarized=tuple(dict.fromkeys((*first.run.summarized, *second.run.summarized))),
    )
    return Day(date=first.date, rows=rows, run=run)


def is_incomplete(run: CategoryRun) -> bool:
    """Tell whether papers of this category are, or may well be, missing."""
    return run.state in _UNUSABLE or (run.state == FeedState.FRESH and run.fetched >= MAX_ENTRIES)


def empty_state(day: date) -> FeedState:
    """Return what a feed without papers is on a day: a weekend's, a holiday's, or just empty."""
    kind = day_kind(day)
    return FeedState.EMPTY if kind == "weekday" else FeedState(kind)


def made(day: Day) -> datetime:
    """Return the instant that a day's source states; the earliest where it states none."""
    return day.run.updated or datetime.min.replace(tzinfo=UTC)


def _judge(feed: Feed | DaybookError, expected: date) -> CategoryRun:
    if not isinstance(feed, Feed):
        return CategoryRun(state=FeedState.ERROR, detail=str(feed))
    state, details = FeedState.FRESH, [f"skipped an entry: {reason}" for reason in feed.skipped]
    if feed.truncated:
        details.append("as long as arXiv makes a feed: new papers are probably missing")
    if feed.newest is None:
        state = empty_state(expected)
    elif feed.newest != expected:
        state = FeedState.STALE
        details = [f"its newest item is of {feed.newest}, expected was {expected}"]
    return CategoryRun(
        state=state,
        fetched=len(feed.announcements),
        new=sum(item.type == "new" for item in feed.announcements),
        feed_date=feed.newest,
        detail="; ".join(details) or None,
    )
