"""The whole archive as readers browse it: by day, month, category and tag. Pure, no I/O."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from generator.core import taxonomy, urls
from generator.core.errors import StoreError
from generator.core.models import Day, Paper, Row
from generator.store.merge import current_summaries


@dataclass(frozen=True, slots=True)
class Entry:
    """A paper as one day lists it; ``rank`` counts from 1."""

    day: date
    rank: int
    row: Row
    paper: Paper

    @property
    def modified(self) -> date:
        """The newest of this day and those of the paper's announcements and summaries."""
        made = (summary.created.date() for summary in self.paper.summaries)
        return max(self.day, self.paper.listings[-1].date, *made)


@dataclass(frozen=True, slots=True)
class Topic:
    """A category or tag with its entries: newest day first, each paper where it was listed last."""

    name: str
    entries: tuple[Entry, ...]

    def months(self) -> dict[str, tuple[Entry, ...]]:
        """The entries by month, ``{"2026-02": ...}``, newest month first."""
        by_month: dict[str, list[Entry]] = defaultdict(list)
        for entry in self.entries:
            by_month[f"{entry.day:%Y-%m}"].append(entry)
        return {month: tuple(entries) for month, entries in by_month.items()}


@dataclass(frozen=True)
class Archive:
    """Everything that the pages are made of.

    ``days`` is sorted, oldest first. ``latest`` has every paper where it was listed last: newest
    day first, each day in rank order. ``entries`` holds each day's list, ``listed`` the entries of
    each paper (oldest first), ``tagged`` its tags. ``categories`` is keyed by category id, ``tags``
    by tag slug.
    """

    days: tuple[Day, ...]
    latest: tuple[Entry, ...]
    entries: dict[date, tuple[Entry, ...]]
    listed: dict[str, tuple[Entry, ...]]
    tagged: dict[str, tuple[str, ...]]
    categories: dict[str, Topic]
    tags: dict[str, Topic]

    @classmethod
    def of(cls, papers: Iterable[Paper], days: Iterable[Day]) -> Archive:
        """Index a store's content. Raises StoreError where a day lists a paper that is missing."""
        by_id = {paper.id: paper for paper in papers}
        ordered = tuple(sorted(days, key=lambda day: day.date))
        entries = {day.date: tuple(_entries(day, by_id)) for day in ordered}
        listed: dict[str, list[Entry]] = defaultdict(list)
        for day in ordered:
            for entry in entries[day.date]:
                listed[entry.paper.id].append(entry)
        latest = tuple(
            entry
            for day in reversed(ordered)
            for entry in entries[day.date]
            if listed[entry.paper.id][-1] is entry
        )
        categories: dict[str, tuple[str, list[Entry]]] = {}
        tags: dict[str, tuple[str, list[Entry]]] = {}
        tagged = {identifier: tags_of(found) for identifier, found in listed.items()}
        for entry in latest:
            segments = {urls.category_segment(c): c for c in entry.paper.categories}
            for segment, category in segments.items():
                categories.setdefault(segment, (taxonomy.spelled(category), []))[1].append(entry)
            for tag in tagged[entry.paper.id]:
                tags.setdefault(urls.slug(tag), (tag, []))[1].append(entry)
        return cls(
            days=ordered,
            latest=latest,
            entries=entries,
            listed={identifier: tuple(found) for identifier, found in listed.items()},
            tagged=tagged,
            categories={
                name: Topic(name, tuple(found))
                for name, found in sorted(categories.values(), key=lambda named: named[0])
            },
            tags={slug: Topic(name, tuple(found)) for slug, (name, found) in sorted(tags.items())},
        )


def tags_of(entries: Sequence[Entry]) -> tuple[str, ...]:
    """The tags of a paper from its listings: the keywords that matched its text, best first.

    Behind them are those of its summary. A regular expression is a poor name for a page and is left
    out; so are followed authors.
    """
    weights: dict[str, float] = defaultdict(float)
    names: dict[str, str] = {}
    for entry in entries:
        for match in entry.row.matches:
            if match.field in ("title", "abstract") and not match.keyword.startswith("regex:"):
                slug = urls.slug(match.keyword)
                names.setdefault(slug, match.keyword)
                weights[slug] += match.weight
    ordered = sorted(names, key=lambda slug: (-weights[slug], slug))
    summaries = current_summaries(entries[-1].paper) if entries else ()
    for tag in next((summary.tags for summary in summaries if summary.tags), ()):
        if (slug := urls.slug(tag)) not in names:
            names[slug] = tag
            ordered.append(slug)
    return tuple(names[slug] for slug in ordered)


def _entries(day: Day, papers: dict[str, Paper]) -> Iterable[Entry]:
    for rank, row in enumerate(day.rows, 1):
        paper = papers.get(row.id.id)
        if paper is None:
            raise StoreError(
                "Incomplete data store",
                item=f"{row.id.id} on {day.date}",
                why="the day lists the paper, but data/papers has no file for it",
                todo="Run: generator check, and restore data/ from git",
            )
        yield Entry(day.date, rank, row, paper)
