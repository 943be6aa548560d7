"""Announcement days: which papers a day lists and why, and how its list came about."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from generator.core.ids import ArxivId
from generator.core.papers import AnnounceType
from generator.core.summaries import Count


@dataclass(frozen=True, slots=True, order=True)
class Match:
    """Why a paper was kept: this keyword, found in this field, added this much to its score.

    ``field`` is ``title``, ``abstract``, ``author`` or ``category``.
    """

    keyword: str
    field: str
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One paper on one day's list."""

    id: ArxivId
    type: AnnounceType
    score: float
    matches: tuple[Match, ...] = ()


class FeedState(StrEnum):
    """What a category's feed turned out to be on a day, or what stands in for it.

    ``BACKFILLED``: the papers come from the query API, and their day from the time of submission.
    """

    FRESH = "fresh"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    EMPTY = "empty"
    STALE = "stale"
    ERROR = "error"
    IMPORTED = "imported"
    BACKFILLED = "backfilled"


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryRun:
    """What one category's feed gave on one day.

    ``fetched`` counts entries of every type, ``new`` those announced as new, ``kept`` those on the
    day's list, ``repeats`` those left out because an earlier day lists them. ``feed_date`` is the
    newest announcement day in the feed. ``detail`` says why, where ``state`` is stale or error.
    """

    state: FeedState
    fetched: Count = 0
    new: Count = 0
    kept: Count = 0
    repeats: Count = 0
    feed_date: date | None = None
    detail: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """How a day's list came about.

    ``updated`` is the instant that the source itself states (the feed's build date, the README's
    ``Last Updated``), so that a repeated run writes the same bytes. ``keywords`` are those in force
    on that day. ``summarized`` are the papers whose summary an imported list brought. ``seconds``
    is how long the update took that wrote the day last (``None`` for imports).
    """

    updated: datetime | None = None
    keywords: tuple[str, ...] = ()
    categories: dict[str, CategoryRun] = field(default_factory=dict)
    summarized: tuple[ArxivId, ...] = ()
    seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One announcement day: its papers in rank order, and how the list was made."""

    date: date
    rows: tuple[Row, ...]
    run: Run
