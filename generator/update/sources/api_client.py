"""Asks arXiv's query API, page after page, as politely as the fetcher is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus

from generator.core.errors import FeedError, QueryError
from generator.update.sources.api import (
    MAX_RESULTS,
    ApiEntry,
    ApiPage,
    ids_url,
    parse_api,
    query_url,
)
from generator.update.sources.http import Fetcher

# arXiv allows 2,000 a slice and recommends no more than this.
_SLICE = 1_000
# Now and then the API answers an existing slice with no entry at all.
_EMPTY_ANSWERS = 3


@dataclass(frozen=True, slots=True)
class Submitted:
    """The papers of some days, and a reason for each entry that could not be read."""

    entries: tuple[ApiEntry, ...]
    skipped: tuple[str, ...] = ()


@dataclass(slots=True)
class Described:
    """What became of a list of ids: described, unknown to arXiv, or refused, with its reason."""

    entries: list[ApiEntry] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)


def find_submitted(
    fetcher: Fetcher, base: str, categories: Sequence[str], begin: datetime, end: datetime
) -> Submitted:
    """Return all papers of these categories submitted from ``begin`` until before ``end``.

    Oldest first. Raises FetchError and FeedError, also where there are more than arXiv gives.
    """
    found: dict[str, ApiEntry] = {}
    skipped: list[str] = []
    start = empty = 0
    while True:
        url = query_url(base, categories, begin, end, start=start, size=_SLICE)
        page = _ask(fetcher, url)
        if page.total > MAX_RESULTS:
            raise FeedError(
                "Too many papers for one query",
                item=url,
                why=f"there are {page.total:,}, and arXiv gives at most {MAX_RESULTS:,}",
                todo="Ask for fewer categories",
            )
        found.update((entry.id.id, entry) for entry in page.entries)
        skipped += page.skipped
        got = len(page.entries) + len(page.skipped)
        start += got
        if start >= page.total:
            return Submitted(tuple(found.values()), tuple(skipped))
        empty = 0 if got else empty + 1
        if empty == _EMPTY_ANSWERS:
            raise FeedError(
                "arXiv's answer breaks off",
                item=url,
                why=f"it holds none of the papers from {start} on, of {page.total}",
                todo="Try again later",
            )


def describe_ids(fetcher: Fetcher, base: str, identifiers: Sequence[str]) -> Described:
    """Return what arXiv says of papers, by ids without version. Raises FetchError, FeedError.

    arXiv refuses a list with a malformed id as a whole: it is halved until only that one is left.
    """
    described = Described()
    waiting = [list(identifiers)] if identifiers else []
    while waiting:
        asked = waiting.pop()
        try:
            page = _ask(fetcher, ids_url(base, asked))
        except QueryError as error:
            if len(asked) == 1:
                described.refused[asked[0]] = error.why
            else:
                half = len(asked) // 2
                waiting += [asked[half:], asked[:half]]
            continue
        described.entries += page.entries
        known = {entry.id.id for entry in page.entries}
        described.unknown += [identifier for identifier in asked if identifier not in known]
    return described


def _ask(fetcher: Fetcher, url: str) -> ApiPage:
    # What arXiv refuses (400) it explains in an entry. The cache is for feeds: here no two
    # questions are the same.
    response = fetcher.get(url, keep=False, accept=(HTTPStatus.BAD_REQUEST,))
    return parse_api(response.body, url, response.content_type)
