"""Imported papers completed from what the query API says. Pure.

The predecessor's lists have 300 characters of an abstract and one category. Of a paper the newest
version describes it, as always: where arXiv has a newer one than the archive, that one is recorded
as a replacement on the day that the schedule leads to expect. A day's row stays what it was, score
included; its reasons are found anew only in the very version that it lists.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from generator.matching import Keyword
from generator.merge import record
from generator.models import AnnounceType, Day, FeedState, Listing, Paper, Row
from generator.selection import Rules, rescore
from generator.sources.api import ApiEntry
from generator.sources.calendar import expected_announcement


def is_imported(day: Day) -> bool:
    """Whether rows of the day come from the predecessor."""
    return any(run.state == FeedState.IMPORTED for run in day.run.categories.values())


def to_refresh(papers: Iterable[Paper], imported: Iterable[str]) -> list[str]:
    """The ids of papers that are known in part only; those without their whole abstract first.

    ``imported`` are the ids on imported lists, which have one category of each paper: where only
    one is known, there may be others.
    """
    listed = set(imported)
    excerpts: list[str] = []
    others: list[str] = []
    for paper in papers:
        if paper.abstract_is_excerpt:
            excerpts.append(paper.id)
        elif len(paper.categories) == 1 and paper.id in listed:
            others.append(paper.id)
    return excerpts + others


def refresh_paper(paper: Paper, entry: ApiEntry) -> Paper:
    """What is known of a paper with what arXiv says; as it was where arXiv's version is older."""
    newest = max(paper.listings, key=lambda listing: (listing.version, listing.date))
    if entry.id.version < newest.version:
        return paper
    listing = newest
    if entry.id.version > newest.version:
        day = max(expected_announcement(entry.updated), newest.date)
        listing = Listing(day, entry.id.version, AnnounceType.REPLACE)
    return record(paper, entry.announcement(listing.date, listing.type, listing.version))


def rematch_day(day: Day, entries: Iterable[ApiEntry]) -> Day:
    """An imported day with its rows' reasons found in the whole abstracts, by its own keywords."""
    by_version = {entry.id: entry for entry in entries}
    rules = Rules(keywords=tuple(Keyword(text) for text in day.run.keywords))

    def rematched(row: Row) -> Row:
        entry = by_version.get(row.id)
        if entry is None:
            return row
        _, matches = rescore(entry.announcement(day.date, row.type, row.id.version), rules)
        return replace(row, matches=matches)

    return replace(day, rows=tuple(map(rematched, day.rows)))
