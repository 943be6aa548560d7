"""Papers: as arXiv announces them, and as the archive keeps them over all their versions.

Dates are announcement days: calendar dates in US Eastern time, as arXiv counts them. Texts are
Unicode; maths in them stays TeX between dollar signs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from generator.core.ids import ArxivId
from generator.core.summaries import Count, Summary, SummaryFailure


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
    version: Count
    type: AnnounceType


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
