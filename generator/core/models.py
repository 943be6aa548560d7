"""The values that flow through Daybook: frozen, typed, with no behaviour beyond their own meaning.

Dates are announcement days: calendar dates in US Eastern time, as arXiv counts them. Instants are
aware datetimes in UTC. Texts are Unicode; maths in them stays TeX between dollar signs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from generator.core.errors import IdError

# https://info.arxiv.org/help/arxiv_identifier.html: YYMM.NNNN from 0704, YYMM.NNNNN from 1501.
_NEW_ID = re.compile(r"(?P<id>\d{2}(?:0[1-9]|1[0-2])\.\d{4,5})(?:v(?P<v>[1-9]\d{0,3}))?", re.ASCII)
# Before April 2007: archive[.SC]/YYMMNNN; the subject class is not part of the canonical form.
_OLD_ID = re.compile(
    r"(?P<archive>[a-z]{1,12}(?:-[a-z]{2,12})?)(?:\.[a-zA-Z-]{2,12})?/(?P<number>\d{7})(?:v(?P<v>[1-9]\d{0,3}))?",
    re.ASCII,
)
_ID_PREFIX = re.compile(
    r"^(?:oai:arXiv\.org:|arXiv:|https?://(?:www\.|export\.)?arxiv\.org/(?:abs|pdf|html)/)",
    re.IGNORECASE,
)


class AnnounceType(StrEnum):
    """How a feed entry came to be announced (https://info.arxiv.org/help/rss_specifications.html)."""

    NEW = "new"
    CROSS = "cross"
    REPLACE = "replace"
    REPLACE_CROSS = "replace-cross"


# A paper that is new in one category is a cross-list in another on the same day: the first of
# these that any feed reports is the one that counts.
TYPE_PRECEDENCE: tuple[AnnounceType, ...] = (
    AnnounceType.NEW,
    AnnounceType.REPLACE,
    AnnounceType.CROSS,
    AnnounceType.REPLACE_CROSS,
)


@dataclass(frozen=True, slots=True, order=True)
class ArxivId:
    """An arXiv identifier: ``id`` is the canonical form without version, ``version`` counts from 1.

    >>> str(ArxivId.parse("https://arxiv.org/abs/math.GT/0309136v2"))
    'math/0309136v2'
    """

    id: str
    version: int

    @classmethod
    def parse(cls, text: str, *, default_version: int | None = None) -> ArxivId:
        """Read an id as arXiv writes it: bare, ``arXiv:``, ``oai:``, or an abs/pdf/html URL.

        ``default_version`` stands in where the text has no version; without it such a text is an
        error. Raises IdError.
        """
        bare = _ID_PREFIX.sub("", text.strip()).removesuffix(".pdf")
        if new := _NEW_ID.fullmatch(bare):
            identifier, version = new["id"], new["v"]
        elif old := _OLD_ID.fullmatch(bare):
            identifier, version = f"{old['archive']}/{old['number']}", old["v"]
        else:
            raise IdError(
                "Not an arXiv identifier",
                item=repr(text[:80]),
                why="it is neither YYMM.NNNNN nor archive/YYMMNNN",
                todo="Look the paper up on arxiv.org and use the id of its abs page",
            )
        if version is None and default_version is None:
            raise IdError(
                "arXiv identifier without a version",
                item=repr(text[:80]),
                why="a version such as v1 is needed here",
                todo="Add the version that was announced",
            )
        return cls(identifier, int(version) if version else int(default_version or 1))

    def __str__(self) -> str:
        return f"{self.id}v{self.version}"


@dataclass(frozen=True, slots=True)
class Author:
    """A name as printed, and the affiliation that arXiv gives in brackets behind it, if any."""

    name: str
    affiliation: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """One feed entry (or one row of an imported README), as received.

    ``title``, ``abstract`` and the names are cleaned (TeX accents are Unicode, one line);
    ``raw_title`` and ``raw_abstract`` are arXiv's own characters, which the predecessor's matching
    was defined on. ``categories`` starts with the primary one.
    """

    id: ArxivId
    date: date
    type: AnnounceType
    title: str
    raw_title: str
    authors: tuple[Author, ...]
    abstract: str
    raw_abstract: str
    abstract_is_excerpt: bool = False
    categories: tuple[str, ...]
    doi: str | None = None
    journal_ref: str | None = None
    license: str | None = None

    @property
    def primary_category(self) -> str:
        """The category that the authors submitted to."""
        return self.categories[0]


@dataclass(frozen=True, slots=True, order=True)
class Listing:
    """That a paper was announced: on which day, in which version, as what."""

    date: date
    version: int
    type: AnnounceType


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What a model's answers used: tokens, and money where prices are configured.

    ``prompt`` counts all tokens read, ``cached`` those of them that were billed as cached,
    ``completion`` all tokens written, reasoning included. ``cost`` is ``None`` without prices.
    """

    prompt: int = 0
    cached: int = 0
    completion: int = 0
    cost: float | None = None

    @property
    def tokens(self) -> int:
        """All tokens, read and written."""
        return self.prompt + self.completion

    def __add__(self, other: Usage) -> Usage:
        costs = [usage.cost for usage in (self, other) if usage.cost is not None]
        return Usage(
            prompt=self.prompt + other.prompt,
            cached=self.cached + other.cached,
            completion=self.completion + other.completion,
            cost=round(sum(costs), 6) if costs else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """One summary of one version of a paper, with its provenance.

    ``prompt_hash`` identifies the prompt ("" where it is not known, as for imports); ``input`` says
    what the model read: ``abstract``, ``fulltext``, ``file``, or ``imported`` for a summary that
    the predecessor made. ``left_out`` names the sections that did not fit the model's context.
    ``tldr`` is one sentence ("" for imports), ``body`` is Markdown. ``usage`` sums all calls that
    it took (``None`` where unknown). ``damaged`` marks a text with characters lost before Daybook
    saw it.
    """

    version: int
    model: str
    language: str
    prompt_hash: str
    input: str
    created: datetime
    body: str
    tldr: str = ""
    tags: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    usage: Usage | None = None
    damaged: bool = False

    @property
    def key(self) -> SummaryKey:
        """What it is a summary of, by whom, and how asked."""
        return SummaryKey(self.version, self.model, self.language, self.prompt_hash)


@dataclass(frozen=True, slots=True, order=True)
class SummaryKey:
    """With a paper's id, what is never paid twice."""

    version: int
    model: str
    language: str
    prompt_hash: str


class FailureReason(StrEnum):
    """Why there is no summary."""

    REFUSED = "refused"
    CONTENT_FILTER = "content filter"
    TRUNCATED = "truncated"
    INVALID = "invalid answer"
    EMPTY = "empty answer"
    LANGUAGE = "wrong language"
    TOO_LONG = "too long for the model"
    RATE_LIMIT = "rate limit"
    TIMEOUT = "timeout"
    NETWORK = "network"
    SERVER = "server error"
    REJECTED = "rejected request"
    DOWNLOAD = "paper not downloaded"


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryFailure:
    """That a summary was tried and is still missing.

    ``detail`` is one line for the operator, never for a page. ``attempts`` counts runs that tried,
    ``last`` is when the latest did, ``usage`` sums what all of them spent.
    """

    key: SummaryKey
    reason: FailureReason
    detail: str
    attempts: int
    last: datetime
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchItem:
    """One summary that was asked for in a batch: of which paper, and what the model was given."""

    id: ArxivId
    key: SummaryKey
    input: str
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Questions handed to a provider as one batch, to be collected later.

    ``token`` is ours: it names the batch here and in the provider's metadata, so that a batch is
    found again whose ``batch_id`` never came back (``None``). An item's custom id is its position.
    """

    token: str
    batch_id: str | None
    created: datetime
    items: tuple[BatchItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What the archive knows of one paper, over all its versions.

    Title, authors, abstract and categories are those of the newest version announced.
    ``abstract_is_excerpt`` says that only the beginning of the abstract is known.
    ``listings`` is sorted; ``summaries`` is sorted by creation. ``failures`` has one entry for each
    summary that was tried in vain and not made since.
    """

    id: str
    title: str
    authors: tuple[Author, ...]
    abstract: str
    abstract_is_excerpt: bool
    categories: tuple[str, ...]
    listings: tuple[Listing, ...]
    doi: str | None = None
    journal_ref: str | None = None
    license: str | None = None
    summaries: tuple[Summary, ...] = ()
    failures: tuple[SummaryFailure, ...] = ()

    @property
    def primary_category(self) -> str:
        """The category that the authors submitted to."""
        return self.categories[0]

    @property
    def versions(self) -> tuple[int, ...]:
        """The version numbers that were announced, ascending."""
        return tuple(sorted({listing.version for listing in self.listings}))


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
    fetched: int = 0
    new: int = 0
    kept: int = 0
    repeats: int = 0
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
