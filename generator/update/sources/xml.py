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
_Entry = TypeVar("_Entry")
# What may stand before a document's first element, and the type that may end it.
_PROLOG = r"\A(?:\s++|<\?(?:[^?]++|\?(?!>))*+\?>|<!--(?:[^-]++|-(?!->))*+-->)*+"
_DOCTYPE = re.compile(_PROLOG + r"<!DOCTYPE\s*+([^\s>\[]*)", re.IGNORECASE)
_WEB_PAGE = re.compile(_PROLOG + r"<(?:html|head|body)\b", re.IGNORECASE)
_DECLARED_ENCODING = re.compile(rb"""^\s*<\?xml\b[^>]*?\bencoding\s*=\s*["']([\w.:-]+)["']""")
_CHARSET = re.compile(r"""\bcharset\s*=\s*["']?([\w.:-]+)""", re.IGNORECASE)
_YEARS = range(1991, 2091)  # those that arXiv's identifiers can tell, with their two digits
_OTHER_ENCODINGS = frozenset({"ascii", "cp1252", "iso8859-1", "iso8859-15"})


def harmless_text(data: bytes, *, source: str, content_type: str | None) -> str:
    """Return an XML document as text, whatever its declaration says of the encoding.

    ``source`` is for messages, ``content_type`` the HTTP header. Raises FeedError where the bytes
    are no text, a web page, or have a document type.
    """
    text = _decode(data, content_type, source)
    doctype = _DOCTYPE.match(text)
    if (doctype and doctype[1].lower() == "html") or _WEB_PAGE.match(text):
        raise FeedError(
            "Not a feed",
            item=source,
            why="it is a web page",
            todo="Open the address in a browser: arXiv may be down, or a proxy may be in the way",
        )
    if doctype:
        raise FeedError(
            "Refused a feed with a document type",
            item=source,
            why="it may declare entities that expand without end, and arXiv's feeds have none",
            todo="Check where the file comes from",
        )
    return text


def read_xml(data: bytes, *, source: str, content_type: str | None) -> ET.Element:
    """Return the root of a whole document. Raises FeedError, also where it is not well-formed."""
    text = harmless_text(data, source=source, content_type=content_type)
    try:
        return ET.fromstring(text.lstrip())  # noqa: S314 - it has no document type to expand
    except (ET.ParseError, ValueError) as error:
        raise damaged(source, str(error)) from error


def text_of(element: ET.Element, *paths: str) -> str:
    """Return the first text, without outer white space, that any of these paths has."""
    found = (child for path in paths for child in element.iterfind(path))
    return next(filter(None, ("".join(child.itertext()).strip() for child in found)), "")


def instant(text: str) -> datetime | None:
    """Return an RFC 822 (RSS) or RFC 3339 (Atom) date as an aware datetime, None if it is none."""
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            found = read(text.strip())
            if found.tzinfo is not None and found.year in _YEARS:
                return found.astimezone(UTC)
        except (ValueError, OverflowError, TypeError, IndexError):
            continue
    return None


class EntryError(Exception):
    """This entry cannot be read; the others can."""


def read_all(
    entries: Iterable[_Entry],
    read: Callable[[_Entry], _Value],
    label_of: Callable[[_Entry], str],
    source: str,
    described: str,
) -> tuple[tuple[_Value, ...], tuple[str, ...]]:
    """Return the values of entries, and a reason for each that could not be read.

    ``read`` raises EntryError; ``label_of`` names an entry for the reason, ``described`` says where
    the format is described. Raises FeedError where all entries fail.
    """
    values: list[_Value] = []
    skipped: list[str] = []
    for number, entry in enumerate(entries, start=1):
        try:
            values.append(read(entry))
        except EntryError as error:
            label = " ".join(label_of(entry).split())[:80]
            skipped.append(f"entry {number} ({label or 'without id'}): {error}")
    if skipped and not values:
        raise FeedError(
            "No entry of the feed can be read",
            item=source,
            why=f"all {len(skipped)} fail, the first one: {skipped[0]}",
            todo=f"Compare it with {described}",
        )
    return tuple(values), tuple(skipped)


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
            raise damaged(source, f"{problem}, and says {encoding or 'nothing'}")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise damaged(source, f"it is not {encoding} (byte {error.start})") from error


def damaged(source: str, why: str) -> FeedError:
    """Return the error of a document that is not whole."""
    return FeedError(
        "The feed is damaged or broken off",
        item=source,
        why=why,
        todo="Fetch it again; if that does not help, arXiv sent it so",
    )
