"""XML from outside as text: decoded, whole, and free of what could expand without end.

feedparser would fall back to guessing on a broken-off document, and a document type is where
entities are declared; so everything that arXiv sends passes here before it is parsed.
"""

from __future__ import annotations

import codecs
import re
from xml.parsers import expat

from generator.core.errors import FeedError

# feedparser looks for mail addresses among the authors with an expression that needs a second for a
# word of 20,000 letters, and an hour for a million. arXiv's longest words are web addresses.
_ENDLESS_WORD = re.compile(r"(?<![\w.+-])[\w.+-]{5000}", re.ASCII)
_XML_DECLARATION = re.compile(r"\s*<\?xml\b[^>]*\?>")
_DECLARED_ENCODING = re.compile(rb"""^\s*<\?xml\b[^>]*?\bencoding\s*=\s*["']([\w.:-]+)["']""")
_CHARSET = re.compile(r"""\bcharset\s*=\s*["']?([\w.:-]+)""", re.IGNORECASE)
_OTHER_ENCODINGS = frozenset({"ascii", "cp1252", "iso8859-1", "iso8859-15"})


def read_document(data: bytes, *, source: str, content_type: str | None) -> bytes:
    """A whole, harmless XML document, as UTF-8 without its declaration.

    ``source`` is for messages, ``content_type`` the HTTP header. Raises FeedError where the bytes
    are no text, not well-formed or broken off, a web page, or have a document type or endless
    words.
    """
    text = _decode(data, content_type, source)
    document = _XML_DECLARATION.sub("", text, count=1).encode()
    _check_well_formed(document, source)
    return document


def _decode(data: bytes, content_type: str | None, source: str) -> str:
    """The document as text.

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


def _check_well_formed(document: bytes, source: str) -> None:
    """Raise FeedError unless this is whole, without document type and without endless words."""
    characters: list[str] = []

    def doctype(name: str, *_: object) -> None:
        if name.lower() == "html":
            raise _web_page(source)
        raise FeedError(
            "Refused a feed with a document type",
            item=source,
            why="it may declare entities that expand without end, and arXiv's feeds have none",
            todo="Check where the file comes from",
        )

    parser = expat.ParserCreate("utf-8", namespace_separator=" ")
    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = lambda *_: characters.append(" ")
    parser.CharacterDataHandler = characters.append
    parser.buffer_text = True
    try:
        parser.Parse(document, True)
    except expat.ExpatError as error:
        if b"<html" in document[:2000].lower():
            raise _web_page(source) from error
        raise _damaged(source, str(error)) from error
    if _ENDLESS_WORD.search("".join(characters)):
        raise _damaged(source, "it has a word of more than 5,000 letters")


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
