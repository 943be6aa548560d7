"""Announcement days that no feed covers, from what the query API says. Pure.

The API tells when a paper was submitted, not when it was announced: the day is an inference from
arXiv's schedule (``sources.calendar``). It knows of a paper's newest version only, so that a paper
listed as new carries the text of that version, which is recorded as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from generator.config.options import Rules
from generator.core.days import CategoryRun, Day, FeedState, Run
from generator.core.papers import AnnounceType, Paper
from generator.core.taxonomy import spellings
from generator.store.merge import record
from generator.update.daily import DayUpdate, Lookup, complete_day, empty_state, is_incomplete
from generator.update.selection.rules import select
from generator.update.sources.api import ApiEntry
from generator.update.sources.calendar import expected_announcement, submission_window

# How far an update looks back for days that are missing or incomplete.
LOOK_BACK = timedelta(days=7)
# A day's papers are in the API on that day; an empty answer later is an empty day.
_CERTAIN_AFTER = timedelta(days=2)


def lacking(day: Day | None, categories: Sequence[str]) -> tuple[str, ...]:
    """Return the categories of which a day has no record, or one that says papers are missing."""
    runs = day.run.categories if day else {}
    return tuple(c for c in categories if c not in runs or is_incomplete(runs[c]))


def due_days(
    week: Mapping[date, Day | None], first: date | None, categories: Sequence[str]
) -> dict[date, tuple[str, ...]]:
    """Return the days of a week to repair, oldest first, with the categories to ask for.

    ``week`` has what is stored of each. ``first`` is the archive's oldest day: before it nothing is
    missing, and in an empty archive nothing is. A category without a record is due only where the
    whole day is missing: somebody may have added it since.
    """
    due: dict[date, tuple[str, ...]] = {}
    for day, stored in sorted(week.items()):
        if first is None or day < first or submission_window(day) is None:
            continue
        missing = lacking(stored, categories)
        if stored:
            missing = tuple(c for c in missing if c in stored.run.categories)
        if missing:
            due[day] = missing
    return due


def by_day(entries: Iterable[ApiEntry]) -> dict[date, list[ApiEntry]]:
    """Return papers by the announcement day that their submission leads to expect."""
    found: dict[date, list[ApiEntry]] = {}
    for entry in entries:
        found.setdefault(expected_announcement(entry.published), []).append(entry)
    return found


def backfill_day(
    day: date,
    entries: Sequence[ApiEntry],
    categories: Sequence[str],
    stored: Day | None,
    *,
    rules: Rules,
    known: Lookup,
    today: date,
) -> DayUpdate:
    """Choose a day's papers and complete what is ``stored``; what is there already stays as it is.

    ``categories`` are those that arXiv was asked for. A paper that another day lists is a repeat:
    a feed knows better than the schedule. Nothing is stored where arXiv knows of no paper and may
    only be late.
    """
    if not entries and submission_window(day) and today - day < _CERTAIN_AFTER:
        return DayUpdate({})
    papers = {entry.id.id: known(entry.id.id) for entry in entries}
    elsewhere = {
        identifier: 1
        for identifier, paper in papers.items()
        if paper and any(listing.date != day for listing in paper.listings)
    }
    announced = [entry.announcement(day, _type(entry, rules), version=1) for entry in entries]
    selection = select(announced, rules, seen=elsewhere)
    chosen = {row.id.id for row in selection.rows}
    listed = chosen | {row.id.id for row in (stored.rows if stored else ())}
    repeats = {identifier.id for identifier in selection.repeats} - listed
    runs = {c: _run(day, c, entries, listed, repeats) for c in categories}
    run = Run(keywords=tuple(keyword.shown for keyword in rules.keywords), categories=runs)
    made = Day(date=day, rows=selection.rows, run=run)
    changed = (_recorded(papers[e.id.id], e, day, rules) for e in entries if e.id.id in chosen)
    return DayUpdate(runs, tuple(changed), complete_day(stored, made) if stored else made)


def _run(
    day: date, category: str, entries: Sequence[ApiEntry], listed: set[str], repeats: set[str]
) -> CategoryRun:
    names = set(spellings(category))
    own = [entry for entry in entries if names.intersection(entry.categories)]
    ids = {entry.id.id for entry in own}
    state = FeedState.BACKFILLED if entries else FeedState.EMPTY
    if submission_window(day) is None:
        state = empty_state(day)
    return CategoryRun(
        state=state,
        fetched=len(own),
        new=sum(entry.categories[0] in names for entry in own),
        kept=len(ids & listed),
        repeats=len(ids & repeats),
    )


def _type(entry: ApiEntry, rules: Rules) -> AnnounceType:
    own = not rules.categories or entry.categories[0] in rules.categories
    return AnnounceType.NEW if own else AnnounceType.CROSS


def _recorded(paper: Paper | None, entry: ApiEntry, day: date, rules: Rules) -> Paper:
    kind = _type(entry, rules)
    paper = record(paper, entry.announcement(day, kind, version=1))
    if entry.id.version == 1:
        return paper
    again = AnnounceType.REPLACE if kind == AnnounceType.NEW else AnnounceType.REPLACE_CROSS
    announced = expected_announcement(entry.updated)
    return record(paper, entry.announcement(announced, again, entry.id.version))
