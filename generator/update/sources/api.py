"""arXiv's query API: addresses to ask, and answers from bytes to values. Pure.

The format is Atom 1.0 with OpenSearch and arXiv's own elements. An answer describes a paper's
*newest* version, unless an id with version was asked for. What cannot be asked is answered with one
entry titled "Error", and HTTP 400; an id that arXiv does not know is missing, with HTTP 200.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode

from generator.core.errors import FeedError, IdError, QueryError
from generator.core.ids import ArxivId
from generator.core.papers import Announcement, AnnounceType, Author
from generator.core.withdrawal import with_comment, withdrawal_notice
from generator.update.sources.tex import clean_text
from generator.update.sources.xml import (
    ARXIV,
    ATOM,
    EntryError,
    instant,
    read_all,
    read_xml,
    text_of,
)

# What arXiv gives at most in one answer, and of one query in all.
MAX_SLICE = 2_000
MAX_RESULTS = 30_000

_FORMAT = "https://info.arxiv.org/help/api/user-manual.html"
_LABELS = (f"{ATOM}id", f"{ATOM}title")
_SEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"
# ACM and MSC classes ("I.2.6", "68T05") stand among the categories, with arXiv's own scheme.
_COUNT = re.compile("[0-9]{1,9}")
_CATEGORY = re.compile(r"[a-z]+(?:-[a-z]+)?(?:\.[A-Za-z-]+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiEntry:
    """One paper as the API describes it; ``id`` has the version that is described.

    ``published`` is when the first version was submitted, ``updated`` when this one was; aware
    datetimes in UTC. Texts are cleaned, ``raw_title`` and ``raw_abstract`` arXiv's own characters.
    ``categories`` starts with the primary one. ``comment`` is where withdrawals are explained.
    """

    id: ArxivId
    title: str
    raw_title: str
    authors: tuple[Author, ...]
    abstract: str
    raw_abstract: str
    categories: tuple[str, ...]
    published: datetime
    updated: datetime
    doi: str | None = None
    journal_ref: str | None = None
    comment: str | None = None

    def announcement(self, day: date, kind: AnnounceType, version: int) -> Announcement:
        """Return the entry as if announced so.

        Where only the comment says that the paper is withdrawn, it stands behind the abstract.
        """
        abstract, comment = self.abstract, self.comment or ""
        if withdrawal_notice(comment) and not withdrawal_notice(self.title, abstract):
            abstract = with_comment(abstract, comment)
        return Announcement(
            id=ArxivId(self.id.id, version),
            date=day,
            type=kind,
            title=self.title,
            raw_title=self.raw_title,
            authors=self.authors,
            abstract=abstract,
            raw_abstract=self.raw_abstract,
            categories=self.categories,
            doi=self.doi,
            journal_ref=self.journal_ref,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiPage:
    """One answer: a slice that begins at ``start`` of ``total`` results.

    ``skipped`` has one readable reason for each entry that could not be read.
    """

    total: int
    start: int
    entries: tuple[ApiEntry, ...]
    skipped: tuple[str, ...]


def query_url(
    base: str,
    categories: Iterable[str],
    begin: datetime,
    end: datetime,
    *,
    start: int = 0,
    size: int = MAX_SLICE,
) -> str:
    """Return the address of papers of any of these categories, submitted between two instants.

    ``begin`` is included, ``end`` is not; both are aware (arXiv counts minutes of UTC, and includes
    the last one). ``start`` and ``size`` choose a slice of the results, oldest first.
    """
    minutes = [
        f"{instant.astimezone(UTC):%Y%m%d%H%M}" for instant in (begin, end - timedelta(minutes=1))
    ]
    either = " OR ".join(f"cat:{category}" for category in categories)
    return _url(
        base,
        search_query=f"({either}) AND submittedDate:[{minutes[0]} TO {minutes[1]}]",
        sortBy="submittedDate",
        sortOrder="ascending",
        start=str(start),
        max_results=str(size),
    )


def ids_url(base: str, identifiers: Iterable[str]) -> str:
    """Return the address that describes these papers in one answer (``MAX_SLICE`` at most)."""
    listed = list(identifiers)
    return _url(base, id_list=",".join(listed), start="0", max_results=str(len(listed)))


def _url(base: str, **parameters: str) -> str:
    return f"{base.rstrip('/')}/api/query?{urlencode(parameters, safe=':,/')}"


def parse_api(data: bytes, source: str, content_type: str | None = None) -> ApiPage:
    """Read an answer; ``source`` (a URL or path) is for messages.

    No entry at all is a valid answer. Raises QueryError where arXiv says that the query was wrong,
    FeedError where this is no whole answer or no entry of it can be read.
    """
    root = read_xml(data, source=source, content_type=content_type)
    total = text_of(root, f"{_SEARCH}totalResults")
    start = text_of(root, f"{_SEARCH}startIndex")
    if root.tag != f"{ATOM}feed" or not _COUNT.fullmatch(total) or not _COUNT.fullmatch(start):
        raise FeedError(
            "Not an answer of arXiv's API",
            item=source,
            why="it is XML, but no Atom feed with totalResults and startIndex",
            todo="Check sources.api_base: arXiv's is https://export.arxiv.org",
        )
    elements = root.findall(f"{ATOM}entry")
    if any("/api/errors" in text_of(element, f"{ATOM}id") for element in elements):
        raise QueryError(
            "arXiv's API refuses the query",
            item=source,
            why=text_of(elements[0], f"{ATOM}summary") or "it does not say why",
            todo="Check the identifiers and categories asked for",
        )
    entries, skipped = read_all(
        elements, _entry, lambda element: text_of(element, *_LABELS), source, _FORMAT
    )
    return ApiPage(total=int(total), start=int(start), entries=entries, skipped=skipped)


def _entry(element: ET.Element) -> ApiEntry:
    try:
        identifier = ArxivId.parse(text_of(element, f"{ATOM}id"))
    except IdError as error:
        raise EntryError(f"{error.what}: {error.item}") from error
    raw_title, raw_abstract = text_of(element, f"{ATOM}title"), text_of(element, f"{ATOM}summary")
    if not raw_title:
        raise EntryError("it has no title")
    primary = element.find(f"{ARXIV}primary_category")
    terms = [primary.get("term", "")] if primary is not None else []
    terms += [category.get("term", "") for category in element.findall(f"{ATOM}category")]
    categories = tuple(dict.fromkeys(term for term in terms if _CATEGORY.fullmatch(term)))
    if not categories:
        raise EntryError("it has no category")
    return ApiEntry(
        id=identifier,
        title=clean_text(raw_title),
        raw_title=raw_title,
        authors=tuple(filter(None, map(_author, element.findall(f"{ATOM}author")))),
        abstract=clean_text(raw_abstract),
        raw_abstract=raw_abstract,
        categories=categories,
        published=_instant(element, "published"),
        updated=_instant(element, "updated"),
        doi=text_of(element, f"{ARXIV}doi") or None,
        journal_ref=clean_text(text_of(element, f"{ARXIV}journal_ref")) or None,
        comment=clean_text(text_of(element, f"{ARXIV}comment")) or None,
    )


def _author(element: ET.Element) -> Author | None:
    """Return an author; several affiliations are one text, as the feeds have them."""
    name = clean_text(text_of(element, f"{ATOM}name"))
    places = [clean_text("".join(e.itertext())) for e in element.findall(f"{ARXIV}affiliation")]
    return Author(name, ", ".join(filter(None, places)) or None) if name else None


def _instant(element: ET.Element, name: str) -> datetime:
    written = text_of(element, ATOM + name)
    found = instant(written)
    if found is None:
        raise EntryError(f"its {name} date cannot be read: {written[:80]!r}")
    return found
