"""arXiv's daily feeds, RSS 2.0 and Atom 1.0, from bytes to values.

arXiv sends plain text, escaped once for XML, so nothing here treats it as HTML; what ``<script>``
in a title means is decided where pages are made. A feed is read whole or not at all: a broken-off
one is an error, since what is missing would look like a quiet day.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

import feedparser

from generator.core.errors import FeedError, IdError
from generator.core.ids import ArxivId
from generator.core.papers import Announcement, AnnounceType
from generator.update.sources.calendar import announcement_day
from generator.update.sources.tex import clean_text, split_authors
from generator.update.sources.xml import EntryError, damaged, harmless_text, instant, read_all

_FORMAT = "https://info.arxiv.org/help/rss_specifications.html"
_ARXIV_NAMESPACE = "http://arxiv.org/schemas/atom"
# arXiv cuts a feed off here, and what it leaves out first are the new papers.
MAX_ENTRIES = 2000

# feedparser takes quadratic time for what no feed has: a word without end among the authors, where
# it looks for mail addresses, thousands of attributes, or of elements in a text. arXiv's longest
# words are web addresses, its elements have five attributes, and its entries twenty elements.
_LONGEST_WORD = 5000
_LONGEST_PROLOG = 5000  # before the first element, where feedparser looks for declarations
_MOST_TAGS = 60 * MAX_ENTRIES
_WORD = re.compile(  # with what may stand between its letters in XML and is nothing in the text
    r"(?:[\w.+-]|&\#\w++;|<!\[CDATA\[|\]\]>|<\?[^?]*+\?>)++", re.ASCII
)
_MANY_ATTRIBUTES = re.compile(r"""(?<!\s)(?:\s++[^\s=<>"']++\s*+=\s*+(?:"[^"]*+"|'[^']*+')){100}""")
_ELEMENT = re.compile(r"<\w")
_XML_DECLARATION = re.compile(r"\s*<\?xml\b[^>]*\?>")
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
    parsed = _parse(harmless_text(data, source=source, content_type=content_type), source)
    title = " ".join(str(parsed.feed.get("title", "")).split())
    if "feed error" in title.lower():
        raise FeedError(
            "arXiv answered with an error",
            item=source,
            why=title,
            todo="Check the category; the names are at https://arxiv.org/category_taxonomy",
        )
    prefixes = [name for name, uri in parsed.namespaces.items() if uri == _ARXIV_NAMESPACE]
    announcements, skipped = read_all(
        parsed.entries,
        lambda entry: _announcement(entry, prefixes),
        lambda entry: entry.get("id") or entry.get("title") or "",
        source,
        _FORMAT,
    )
    return Feed(
        title=title,
        built=instant(parsed.feed.get("updated", "")),
        announcements=announcements,
        skipped=skipped,
        truncated=len(parsed.entries) >= MAX_ENTRIES,
    )


def _parse(text: str, source: str) -> Any:
    """Return the feed as feedparser maps it. Raises FeedError where it is none, or not whole."""
    first, *others = text.split("<!--")
    uncommented = first + "".join(part.partition("-->")[2] for part in others)
    if any(word.end() - word.start() >= _LONGEST_WORD for word in _WORD.finditer(uncommented)):
        raise damaged(source, f"it has a word of more than {_LONGEST_WORD:,} letters")
    element = _ELEMENT.search(text)
    if (element.start() if element else len(text)) > _LONGEST_PROLOG:
        raise damaged(source, f"nothing begins within its first {_LONGEST_PROLOG:,} characters")
    if _MANY_ATTRIBUTES.search(text):
        raise damaged(source, "it has an element with more than 100 attributes")
    if text.count("<") > _MOST_TAGS:
        raise damaged(source, f"it has more than {_MOST_TAGS:,} tags")
    document = '<?xml version="1.0" encoding="utf-8"?>' + _XML_DECLARATION.sub("", text, count=1)
    try:
        parsed = feedparser.parse(
            io.BytesIO(document.encode()), sanitize_html=False, resolve_relative_uris=False
        )
    except Exception as error:  # whatever its handlers of some fifty formats come upon
        raise damaged(source, f"feedparser ends in {type(error).__name__}: {error}") from error
    if parsed.bozo:  # feedparser guesses on; what it guesses is not looked at
        raise damaged(source, str(parsed.bozo_exception))
    if parsed.version not in ("rss20", "atom10"):
        raise FeedError(
            "Not a feed",
            item=source,
            why="it is XML, but neither RSS 2.0 nor Atom 1.0",
            todo="Check the address: arXiv's feeds are at https://rss.arxiv.org/rss/<category>",
        )
    return parsed


def _announcement(entry: Any, prefixes: list[str]) -> Announcement:
    """Return what one entry announces; ``prefixes`` are those bound to arXiv's namespace."""

    def extension(name: str) -> str:
        # feedparser names elements of namespaces that it does not know by the document's prefix.
        keys = (f"{prefix.lower()}_{name}" if prefix else name for prefix in prefixes)
        # Where one of those has attributes, it is a record, and its text is not kept.
        texts = (value.strip() for key in keys if isinstance(value := entry.get(key), str))
        return next(filter(None, texts), "")

    description = entry.get("summary", "")
    head = _DESCRIPTION.match(description)
    raw_abstract = description[head.end() if head else 0 :].strip()
    raw_title = entry.get("title", "")
    if not raw_title:
        raise EntryError("it has no title")
    categories = tuple(dict.fromkeys(tag.term for tag in entry.get("tags", ()) if tag.term))
    if not categories:
        raise EntryError("it has no category")
    # feedparser's own reading of dates also takes "99999" for one.
    published = instant(entry.get("published", ""))
    if published is None:
        raise EntryError(f"its date cannot be read: {entry.get('published', '(none)')[:80]!r}")
    kind = (extension("announce_type") or (head["type"] if head else "")).lower()
    if kind not in list(AnnounceType):
        raise EntryError(f"unknown announce type {kind[:80]!r}")
    creators = [author.get("name", "") for author in entry.get("authors", ())]
    return Announcement(
        id=_identifier(entry.get("id", ""), head["id"] if head else ""),
        date=announcement_day(published),
        type=AnnounceType(kind),
        title=clean_text(raw_title),
        raw_title=raw_title,
        # With one creator, "author" is arXiv's string; "authors" has been searched for addresses.
        authors=split_authors(", ".join(creators) if creators[1:] else entry.get("author", "")),
        abstract=clean_text(raw_abstract),
        raw_abstract=raw_abstract,
        categories=categories,
        doi=extension("doi") or None,
        journal_ref=clean_text(extension("journal_reference")) or None,
        license=entry.get("rights", "").strip() or None,
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
