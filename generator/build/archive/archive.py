"""The whole archive as readers browse it: by day, month, category and tag. Pure, no I/O."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from generator.build.archive.texts import NO_TEXTS, PaperTexts, texts_by_id
from generator.core import taxonomy, urls
from generator.core.days import Day, Row
from generator.core.errors import StoreError
from generator.core.papers import Paper
from generator.core.summaries import Summary
from generator.core.texts import ENGLISH, Texts
from generator.store.merge import current_summaries


@dataclass(frozen=True, slots=True)
class Entry:
    """A paper as one day lists it; ``rank`` counts from 1.

    ``tags`` are the paper's own: the keywords that matched its text on any day, best first, then
    those of its summary. ``summaries`` are the current ones. ``modified`` is the newest of this day
    and those of the paper's announcements and summaries.
    """

    day: date
    rank: int
    row: Row
    paper: Paper
    tags: tuple[str, ...]
    summaries: tuple[Summary, ...]
    texts: PaperTexts
    modified: date


@dataclass(frozen=True, slots=True)
class Topic:
    """A category or tag with its entries: newest day first, each paper where it was listed last."""

    name: str
    entries: tuple[Entry, ...]

    def months(self) -> dict[str, tuple[Entry, ...]]:
        """Return the entries by month, ``{"2026-02": ...}``, newest month first."""
        by_month: dict[str, list[Entry]] = defaultdict(list)
        for entry in self.entries:
            by_month[f"{entry.day:%Y-%m}"].append(entry)
        return {month: tuple(entries) for month, entries in by_month.items()}


@dataclass(frozen=True)
class Archive:
    """Everything that the pages are made of.

    ``days`` is sorted, oldest first. ``latest`` has every paper where it was listed last: newest
    day first, each day in rank order. ``entries`` holds each day's list, ``listed`` the entries of
    each paper (oldest first). ``categories`` is keyed by category id, ``tags`` by tag slug.
    """

    days: tuple[Day, ...]
    latest: tuple[Entry, ...]
    entries: dict[date, tuple[Entry, ...]]
    listed: dict[str, tuple[Entry, ...]]
    categories: dict[str, Topic]
    tags: dict[str, Topic]

    @classmethod
    def of(
        cls, papers: Iterable[Paper], days: Iterable[Day], texts: Texts | None = ENGLISH
    ) -> Archive:
        """Index a store's content; without ``texts``, those of papers are left out.

        Raises StoreError where a day lists a paper that is missing.
        """
        ordered = tuple(sorted(days, key=lambda day: day.date))
        known = _known_papers(ordered, papers, texts)
        entries = {
            day.date: tuple(
                known[row.id.id].entry(day.date, rank, row) for rank, row in enumerate(day.rows, 1)
            )
            for day in ordered
        }
        listed: dict[str, list[Entry]] = defaultdict(list)
        for found in entries.values():
            for entry in found:
                listed[entry.paper.id].append(entry)
        latest = tuple(
            entry
            for day in reversed(ordered)
            for entry in entries[day.date]
            if listed[entry.paper.id][-1] is entry
        )
        return cls(
            days=ordered,
            latest=latest,
            entries=entries,
            listed={identifier: tuple(found) for identifier, found in listed.items()},
            categories=_categories(latest),
            tags=_tags(latest),
        )


def _categories(latest: Sequence[Entry]) -> dict[str, Topic]:
    found: dict[str, tuple[str, list[Entry]]] = {}
    for entry in latest:
        segments = {urls.category_segment(name): name for name in entry.paper.categories}
        for segment, name in segments.items():
            found.setdefault(segment, (taxonomy.spelled(name), []))[1].append(entry)
    return {name: Topic(name, tuple(e)) for name, e in sorted(found.values(), key=lambda f: f[0])}


def _tags(latest: Sequence[Entry]) -> dict[str, Topic]:
    found: dict[str, tuple[str, list[Entry]]] = {}
    for entry in latest:
        for tag in entry.tags:
            found.setdefault(urls.slug(tag), (tag, []))[1].append(entry)
    return {slug: Topic(name, tuple(entries)) for slug, (name, entries) in sorted(found.items())}


@dataclass(frozen=True, slots=True)
class _KnownPaper:
    """What all entries of a paper share; ``changed`` is the day of its newest announcement or
    summary."""

    paper: Paper
    tags: tuple[str, ...]
    summaries: tuple[Summary, ...]
    texts: PaperTexts
    changed: date

    def entry(self, day: date, rank: int, row: Row) -> Entry:
        """Return the paper as a day lists it."""
        modified = max(day, self.changed)
        return Entry(day, rank, row, self.paper, self.tags, self.summaries, self.texts, modified)


def _known_papers(
    days: Sequence[Day], papers: Iterable[Paper], texts: Texts | None
) -> dict[str, _KnownPaper]:
    """Return every paper that a day lists, by its id."""
    by_id = {paper.id: paper for paper in papers}
    rows: dict[str, list[Row]] = defaultdict(list)
    for day in days:
        for row in day.rows:
            if row.id.id not in by_id:
                raise _missing(row.id.id, day)
            rows[row.id.id].append(row)
    made = texts_by_id([by_id[identifier] for identifier in rows], texts) if texts else {}
    known = {}
    for identifier, found in rows.items():
        paper = by_id[identifier]
        summaries = current_summaries(paper)
        tags = tags_of(found, summaries)
        newest = [paper.listings[-1].date, *(s.created.date() for s in paper.summaries)]
        words = made.get(identifier, NO_TEXTS)
        known[identifier] = _KnownPaper(paper, tags, summaries, words, max(newest))
    return known


def tags_of(rows: Sequence[Row], summaries: Sequence[Summary]) -> tuple[str, ...]:
    """Return a paper's tags: the keywords that matched its text on any day, best first.

    Behind them are those of its first summary that has some. A regular expression is a poor name
    for a page and is left out; so are followed authors.
    """
    weights: dict[str, float] = defaultdict(float)
    names: dict[str, str] = {}
    for match in (match for row in rows for match in row.matches):
        if match.field in ("title", "abstract") and not match.keyword.startswith("regex:"):
            slug = urls.slug(match.keyword)
            names.setdefault(slug, match.keyword)
            weights[slug] += match.weight
    ordered = sorted(names, key=lambda slug: (-weights[slug], slug))
    for tag in next((summary.tags for summary in summaries if summary.tags), ()):
        if (slug := urls.slug(tag)) not in names:
            names[slug] = tag
            ordered.append(slug)
    return tuple(names[slug] for slug in ordered)


def _missing(identifier: str, day: Day) -> StoreError:
    return StoreError(
        "Incomplete data store",
        item=f"{identifier} on {day.date}",
        why="the day lists the paper, but data/papers has no file for it",
        todo="Run: generator check, and restore data/ from git",
    )
