"""XML from arXiv as a tree: decoded, whole, and free of what could expand without end; its entries.

Entities are declared in a document type, and arXiv's documents have none: one that has is refused.
"""

from __future__ import annotations

import codecs
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

from generator.core.errors import FeedError

ATOM = "{http://www.w3.org/2005/Atom}"
ARXIV = "{http://arxiv.org/schemas/atom}"

_Value = TypeVar("_Value")
_LABELS = ("guid", f"{ATOM}id", "title", f"{ATOM}title")
_DECLARED_ENCODING = re.compile(rb"""^\s*<\?xml\b[^>]*?\bencoding\s*=\s*["']([\w.:-]+)["']""")
_CHARSET = re.compile(r"""\bcharset\s*=\s*["']?([\w.:-]+)""", re.IGNORECASE)
_OTHER_ENCODINGS = frozenset({"ascii", "cp1252", "iso8859-1", "iso8859-15"})


def read_xml(data: bytes, *, source: str, content_type: str | None) -> ET.Element:
    """Return the root of a whole, harmless XML document.

    ``source`` is for messages, ``content_type`` the HTTP header. Raises FeedError where the bytes
    are no text, not well-formed or broken off, a web page, or have a document type.
    """
    text = _decode(data, content_type, source)
    # Document types are refused: there is nothing to expand.
    parser = ET.XMLParser(target=_Builder(source))  # noqa: S314
    try:
        parser.feed(text.lstrip())
        root: ET.Element = parser.close()
    except ET.ParseError as error:
        if "<html" in text[:2000].lower():
            raise _web_page(source) from error
        raise _damaged(source, str(error)) from error
    return root


def text_of(element: ET.Element, *paths: str) -> str:
    """Return the first text, without outer white space, that any of these paths has."""
    found = (child for path in paths for child in element.iterfind(path))
    return next(filter(None, ("".join(child.itertext()).strip() for child in found)), "")


def instant(text: str) -> datetime | None:
    """Return an RFC 822 (RSS) or RFC 3339 (Atom) date as an aware datetime, None if it is none."""
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            found = read(text.strip())
            if found.tzinfo is not None and found.year >= 1991:  # arXiv's first year
                return found.astimezone(UTC)
        except (ValueError, OverflowError):
            continue
    return None


class EntryError(Exception):
    """This entry cannot be read; the others can."""


def read_all(
    elements: Iterable[ET.Element],
    read: Callable[[ET.Element], _Value],
    source: str,
    described: str,
) -> tuple[tuple[_Value, ...], tuple[str, ...]]:
    """Return the values of entries, and a reason for each that could not be read.

    ``read`` raises EntryError; ``described`` is where the format is described, for the message.
    Raises FeedError where all entries fail.
    """
    values: list[_Value] = []
    skipped: list[str] = []
    for number, element in enumerate(elements, start=1):
        try:
            values.append(read(element))
        except EntryError as error:
            label = " ".join(text_of(element, *_LABELS).split())[:80]
            skipped.append(f"entry {number} ({label or 'without id'}): {error}")
    if skipped and not values:
        raise FeedError(
            "No entry of the feed can be read",
            item=source,
            why=f"all {len(skipped)} fail, the first one: {skipped[0]}",
            todo=f"Compare it with {described}",
        )
    return tuple(values), tuple(skipped)


class _Builder(ET.TreeBuilder):
    """Builds the tree of a document, and refuses one with a document type."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self._source = source

    def doctype(self, name: str, *_: object) -> None:
        """Raise FeedError; called by the parser."""
        if name.lower() == "html":
            raise _web_page(self._source)
        raise FeedError(
            "Refused a feed with a document type",
            item=self._source,
            why="it may declare entities that expand without end, and arXiv's feeds have none",
            todo="Check where the file comes from",
        )


def _decode(data: bytes, content_type: str | None, source: str) -> str:
    """Return the document as text.

    Bytes that are valid UTF-8 are UTF-8, whatever header or declaration say: arXiv sends nothing
    else, and text in another encoding is practically never valid UTF-8 by chance.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    else:
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            problem = f"it is not UTF-8 (byte {error.start})"
        charset = _CHARSET.search(content_type or "")
        declared = _DECLARED_ENCODING.match(data)
        encoding = charset[1] if charset else declared[1].decode("ascii") if declared else ""
        try:
            known = codecs.lookup(encoding or "utf-8").name in _OTHER_ENCODINGS
        except LookupError:
            known = False
        if not known:
            raise _damaged(source, f"{problem}, and says {encoding or 'nothing'}")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _damaged(source, f"it is not {encoding} (byte {error.start})") from error


def _web_page(source: str) -> FeedError:
    return FeedError(
        "Not a feed",
        item=source,
        why="it is a web page",
        todo="Open the address in a browser: arXiv may be down, or a proxy may be in the way",
    )


def _damaged(source: str, why: str) -> FeedError:
    return FeedError(
        "The feed is damaged or broken off",
        item=source,
        why=why,
        todo="Fetch it again; if that does not help, arXiv sent it so",
    )
