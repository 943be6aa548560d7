"""arXiv's daily feeds, RSS 2.0 and Atom 1.0, from bytes to values.

arXiv sends plain text, escaped once for XML, so nothing here treats it as HTML; what ``<script>``
in a title means is decided where pages are made. A feed is read whole or not at all: a broken-off
one is an error, since what is missing would look like a quiet day.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import quote

from generator.core.errors import FeedError, IdError
from generator.core.models import Announcement, AnnounceType, ArxivId
from generator.update.sources.calendar import announcement_day
from generator.update.sources.tex import clean_text, split_authors
from generator.update.sources.xml import (
    ARXIV,
    ATOM,
    EntryError,
    instant,
    read_all,
    read_xml,
    text_of,
)

_FORMAT = "https://info.arxiv.org/help/rss_specifications.html"
_DC = "{http://purl.org/dc/elements/1.1/}"
# An element's name in RSS, and in Atom.
_TITLE = ("title", f"{ATOM}title")
_ID = ("guid", f"{ATOM}id")
# arXiv cuts a feed off here, and what it leaves out first are the new papers.
MAX_ENTRIES = 2000

_DESCRIPTION = re.compile(
    r"\s*arXiv:(?P<id>\S+)\s+Announce Type:\s*(?P<type>\S+)\s*(?:Abstract:\s?)?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One category's feed as arXiv sent it.

    ``built`` is the instant that the feed itself states. ``skipped`` has one readable reason for
    each entry that could not be read. ``truncated`` says that the feed is as long as arXiv makes
    them: papers, new ones first, are probably missing.
    """

    title: str
    built: datetime | None
    announcements: tuple[Announcement, ...]
    skipped: tuple[str, ...]
    truncated: bool

    @property
    def newest(self) -> date | None:
        """The latest announcement day in the feed; of an empty one there is none."""
        return max((announcement.date for announcement in self.announcements), default=None)


def feed_url(category: str, base: str = "https://rss.arxiv.org") -> str:
    """Return where the RSS feed of one category is.

    arXiv would join categories with ``+``, but sends at most 2,000 entries in all: ask one by one.
    """
    return f"{base.rstrip('/')}/rss/{quote(category, safe='')}"


def parse_feed(data: bytes, *, source: str, content_type: str | None = None) -> Feed:
    """Read a feed; ``source`` (a URL or path) is for messages.

    ``content_type`` is the HTTP header, whose charset counts where the bytes are not UTF-8. A feed
    without entries is valid. An entry that cannot be read is skipped with a reason. Raises
    FeedError where this is no whole feed, where arXiv sent an error instead of a feed, and where
    all entries are unreadable.
    """
    root = read_xml(data, source=source, content_type=content_type)
    head = root.find("channel") if root.tag == "rss" and root.get("version") == "2.0" else None
    if root.tag == f"{ATOM}feed":
        head = root
    if head is None:
        raise FeedError(
            "Not a feed",
            item=source,
            why="it is XML, but neither RSS 2.0 nor Atom 1.0",
            todo="Check the address: arXiv's feeds are at https://rss.arxiv.org/rss/<category>",
        )
    title = " ".join(text_of(head, *_TITLE).split())
    if "feed error" in title.lower():
        raise FeedError(
            "arXiv answered with an error",
            item=source,
            why=title,
            todo="Check the category; the names are at https://arxiv.org/category_taxonomy",
        )
    entries = head.findall("item") or head.findall(f"{ATOM}entry")
    announcements, skipped = read_all(entries, _announcement, source, _FORMAT)
    return Feed(
        title=title,
        built=instant(text_of(head, "lastBuildDate", "pubDate", f"{ATOM}updated")),
        announcements=announcements,
        skipped=skipped,
        truncated=len(entries) >= MAX_ENTRIES,
    )


def _announcement(entry: ET.Element) -> Announcement:
    """Return what one RSS item or Atom entry announces."""
    description = text_of(entry, "description", f"{ATOM}summary")
    head = _DESCRIPTION.match(description)
    raw_abstract = description[head.end() if head else 0 :].strip()
    raw_title = text_of(entry, *_TITLE)
    if not raw_title:
        raise EntryError("it has no title")
    named = (*entry.iterfind("category"), *entry.iterfind(f"{ATOM}category"))
    terms = ((category.text or category.get("term") or "").strip() for category in named)
    categories = tuple(dict.fromkeys(filter(None, terms)))
    if not categories:
        raise EntryError("it has no category")
    written = text_of(entry, "pubDate", f"{ATOM}published")
    published = instant(written)
    if published is None:
        raise EntryError(f"its date cannot be read: {(written or '(none)')[:80]!r}")
    kind = (text_of(entry, f"{ARXIV}announce_type") or (head["type"] if head else "")).lower()
    if kind not in list(AnnounceType):
        raise EntryError(f"unknown announce type {kind[:80]!r}")
    creators = ("".join(creator.itertext()) for creator in entry.iterfind(f"{_DC}creator"))
    return Announcement(
        id=_identifier(text_of(entry, *_ID), head["id"] if head else ""),
        date=announcement_day(published),
        type=AnnounceType(kind),
        title=clean_text(raw_title),
        raw_title=raw_title,
        authors=split_authors(", ".join(creators)),
        abstract=clean_text(raw_abstract),
        raw_abstract=raw_abstract,
        categories=categories,
        doi=text_of(entry, f"{ARXIV}DOI") or None,
        journal_ref=clean_text(text_of(entry, f"{ARXIV}journal_reference")) or None,
        license=text_of(entry, f"{_DC}rights") or None,
    )


def _identifier(guid: str, in_description: str) -> ArxivId:
    """Return the id with its version: from the guid, or else from the description's first line."""
    problem = ""
    for text in (guid, in_description):
        try:
            return ArxivId.parse(text)
        except IdError as error:
            problem = problem or f"{error.what}: {error.item}"
    raise EntryError(problem)
