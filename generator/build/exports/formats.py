"""One feed in each format: RSS 2.0, Atom 1.0, JSON Feed 1.1; and the list of feeds, OPML 2.0. Pure.

The specifications: https://www.rssboard.org/rss-specification,
https://www.rfc-editor.org/rfc/rfc4287 (Atom), https://www.rfc-editor.org/rfc/rfc5005 (archived
feeds), https://www.jsonfeed.org/version/1.1/, http://opml.org/spec2.opml.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

import jinja2

from generator.core.characters import UNWANTED

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)  # of a feed without entries
_NOT_TEXT = re.compile(f"[{UNWANTED}]")


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """A paper in a feed. ``id`` is a URI that never changes; the instants are aware."""

    id: str
    link: str
    title: str
    published: datetime
    updated: datetime
    authors: tuple[str, ...]
    categories: tuple[str, ...]
    html: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedDocument:
    """A feed; all addresses are absolute. ``page`` is what it is the feed of.

    ``language`` is that of its own words; what papers say is in English. ``notice`` is for people
    who see the document itself.

    ``previous`` is the archive document with the entries before these; an ``is_archive`` is such a
    document itself, and ``current`` the feed that readers subscribe to.
    """

    title: str
    description: str
    page: str
    address: str
    entries: tuple[FeedEntry, ...]
    language: str = "en"
    notice: str = ""
    previous: str | None = None
    current: str | None = None
    is_archive: bool = False

    @property
    def updated(self) -> datetime:
        """When its newest change was made."""
        return max((entry.updated for entry in self.entries), default=_BEGINNING)


def _text(text: str) -> str:
    return _NOT_TEXT.sub("\N{REPLACEMENT CHARACTER}", text)


def _utc(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


_TEMPLATES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=jinja2.StrictUndefined,
    finalize=lambda value: _text(value) if isinstance(value, str) else value,
)
# No comment holds two hyphens (https://www.w3.org/TR/xml/#sec-comments): a tag's address may.
_TEMPLATES.filters.update(
    utc=_utc, mail=format_datetime, comment=lambda text: text.replace("--", "-%2D")
)


def rss(feed: FeedDocument) -> bytes:
    """Return the feed as RSS 2.0."""
    return _TEMPLATES.get_template("rss.xml").render(feed=feed).encode()


def atom(feed: FeedDocument) -> bytes:
    """Return the feed as Atom 1.0, with the links of RFC 5005."""
    return _TEMPLATES.get_template("atom.xml").render(feed=feed).encode()


def json_feed(feed: FeedDocument) -> bytes:
    """Return the feed as JSON Feed 1.1."""
    value = {
        "version": "https://jsonfeed.org/version/1.1",
        "user_comment": _text(feed.notice),
        "title": _text(feed.title),
        "home_page_url": feed.page,
        "feed_url": feed.address,
        "description": _text(feed.description),
        "language": feed.language,
        "items": [
            {
                "id": entry.id,
                "url": entry.link,
                "title": _text(entry.title),
                "content_html": _text(entry.html),
                "date_published": _utc(entry.published),
                "date_modified": _utc(entry.updated),
                "authors": [{"name": _text(name)} for name in entry.authors],
                "tags": [_text(category) for category in entry.categories],
            }
            for entry in feed.entries
        ],
    }
    return (json.dumps(value, ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode()


def opml(title: str, feeds: Sequence[tuple[str, str, str]], notice: str = "") -> bytes:
    """Return a list of feeds to subscribe to, each given as (title, page, address)."""
    values = {"title": title, "feeds": feeds, "notice": notice}
    return _TEMPLATES.get_template("opml.xml").render(values).encode()


# How each of ``urls.FEED_FORMATS`` is written.
WRITERS: dict[str, Callable[[FeedDocument], bytes]] = {"rss": rss, "atom": atom, "json": json_feed}
