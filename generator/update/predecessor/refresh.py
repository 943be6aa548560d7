"""Imported papers completed from what the query API says.

The predecessor's lists have 300 characters of an abstract and one category. Of a paper the newest
version describes it, as always: where arXiv has a newer one than the archive, that one is recorded
as a replacement on the day that the schedule leads to expect. A day's row stays what it was, score
included; its reasons are found anew only in the very version that it lists.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field, replace

from generator.config.options import Keyword, Rules
from generator.core.days import Day, FeedState, Row
from generator.core.papers import AnnounceType, Listing, Paper
from generator.core.progress import Progress
from generator.store.merge import record
from generator.store.store import Store
from generator.update.selection.rules import rescore
from generator.update.sources.api import ApiEntry
from generator.update.sources.api_client import describe_ids
from generator.update.sources.calendar import expected_announcement
from generator.update.sources.http import Fetcher

_IDS_A_REQUEST = 100


@dataclass(slots=True)
class RefreshReport:
    """What a refresh did, as ids: completed (``newer``: with a version unknown before), and not.

    ``older``: arXiv's API has an older version than the archive. ``left``: not asked for yet.
    """

    refreshed: list[str] = field(default_factory=list)
    newer: list[str] = field(default_factory=list)
    older: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    left: int = 0


def refresh(
    store: Store, api_base: str, limit: int | None, fetcher: Fetcher, progress: Progress
) -> RefreshReport:
    """Complete imported papers, 100 a request, each stored. Raises FetchError, FeedError."""
    imported = {row.id.id for day in filter(is_imported, store.days()) for row in day.rows}
    wanted = _known_in_part(store.papers(), imported)
    asked = wanted[:limit]
    done = RefreshReport(left=len(wanted) - len(asked))
    for start in range(0, len(asked), _IDS_A_REQUEST):
        batch = asked[start : start + _IDS_A_REQUEST]
        found = describe_ids(fetcher, api_base, batch)
        done.unknown += found.unknown
        done.refused |= found.refused
        with store.exclusive():
            papers = list(_completed(store, found.entries, done))
            listed = {listing.date for paper in papers for listing in paper.listings}
            days = filter(is_imported, filter(None, map(store.day, sorted(listed))))
            store.write(papers, [_rematched(day, found.entries) for day in days])
        progress(start + len(batch), len(asked))
    return done


def is_imported(day: Day) -> bool:
    """Tell whether rows of the day come from the predecessor."""
    return any(run.state == FeedState.IMPORTED for run in day.run.categories.values())


def _known_in_part(papers: Iterable[Paper], imported: Container[str]) -> list[str]:
    """Return the ids of papers to complete; those without their whole abstract first.

    ``imported`` are the ids on imported lists, which have one category of each paper: where only
    one is known, there may be others.
    """
    excerpts: list[str] = []
    others: list[str] = []
    for paper in papers:
        if paper.abstract_is_excerpt:
            excerpts.append(paper.id)
        elif len(paper.categories) == 1 and paper.id in imported:
            others.append(paper.id)
    return excerpts + others


def _completed(store: Store, entries: Iterable[ApiEntry], done: RefreshReport) -> Iterator[Paper]:
    for entry in entries:
        paper = store.paper(entry.id.id)
        if paper is None:
            continue
        listing = max(paper.listings, key=lambda listing: (listing.version, listing.date))
        if entry.id.version < listing.version:
            done.older.append(paper.id)
            continue
        if entry.id.version > listing.version:
            done.newer.append(paper.id)
            day = max(expected_announcement(entry.updated), listing.date)
            listing = Listing(day, entry.id.version, AnnounceType.REPLACE)
        done.refreshed.append(paper.id)
        yield record(paper, entry.announcement(listing.date, listing.type, listing.version))


def _rematched(day: Day, entries: Iterable[ApiEntry]) -> Day:
    """Return an imported day with its rows' reasons found anew, by its own keywords."""
    by_version = {entry.id: entry for entry in entries}
    rules = Rules(keywords=tuple(Keyword(text) for text in day.run.keywords))

    def rematched(row: Row) -> Row:
        entry = by_version.get(row.id)
        if entry is None:
            return row
        _, matches = rescore(entry.announcement(day.date, row.type, row.id.version), rules)
        return replace(row, matches=matches)

    return replace(day, rows=tuple(map(rematched, day.rows)))
