"""Keeps a key out of whatever a server sends back: as it is, in part, and as it may be encoded."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from functools import lru_cache

# Characters in a row that are a part of a key, not chance: in a message, and in an answer, whose
# words must stay, for somebody's key is "sk-no-key-required".
MESSAGE_PART = 8
ANSWER_PART = 16
_SHORTEST = 4
_COVER = "***"
# What stands for one character in URLs, JSON and scripts, and HTML; before that, what stands for
# none. JSON may stand in JSON: then there are more backslashes.
_WRITTEN = re.compile(
    r"(?P<nothing>[\s\0-\x1f\x7f]|\xc2[\x80-\xa0\xad]|\xe2\x80[\x80-\xaf]|\xef\xbb\xbf"
    r"|(?<!\\)\\++(?:[nrtbf]|u00[01][0-9A-Fa-f]|u007[Ff]|u20[0-6][0-9A-Fa-f]|u[Ff][Ee][Ff]{2}))"
    r"|%(?:25)*+(?P<url>[0-9A-Fa-f]{2})"
    r"|(?<!\\)\\++(?:u00(?P<json>[0-9A-Fa-f]{2})|x(?P<script>[0-9A-Fa-f]{2})|(?P<itself>[^\w\s]))"
    r"|&\#x0{0,6}(?P<html>[0-9A-Fa-f]{2});|&\#0{0,6}(?P<decimal>[0-9]{2,3});"
)


def scrub(data: bytes, key: str | None, part: int = MESSAGE_PART) -> bytes:
    """Return a server's bytes with ``***`` in the place of each part of the key.

    That is: ``part`` characters in a row, in small letters or capitals, forwards or backwards, as
    they are, in Base64 or in hexadecimal digits, with escapes of URLs, JSON and HTML among them and
    white space between them. Of a shorter key it is all of it, in messages and from four
    characters on.
    """
    parts = _parts(key, part) if key else frozenset[str]()
    text = data.decode("latin-1")  # a character a byte: no place is lost
    plain = _WRITTEN.sub(_character, text).lower()
    if not any(each in plain for each in parts):
        return data
    secret = bytearray(len(plain))
    for each in parts:
        start = plain.find(each)
        while start >= 0:
            secret[start : start + len(each)] = b"\1" * len(each)
            start = plain.find(each, start + 1)
    return _covered(text, secret).encode("latin-1")


def _covered(text: str, secret: bytearray) -> str:
    """Return the text without what is marked: ``secret`` has a mark for each plain character."""
    kept: list[str] = []
    before = 0
    for hidden, (start, end) in zip(secret, _places(text), strict=True):
        if not hidden:
            kept.append(text[before:end])
        elif kept[-1:] != [_COVER]:
            kept += [text[before:start], _COVER]
        before = end
    return "".join([*kept, text[before:]])


def _places(text: str) -> Iterator[tuple[int, int]]:
    """Yield from where to where each character of the plain text is written."""
    last = 0
    for found in _WRITTEN.finditer(text):
        yield from ((n, n + 1) for n in range(last, found.start()))
        if found["nothing"] is None:
            yield found.span()
        last = found.end()
    yield from ((n, n + 1) for n in range(last, len(text)))


def _character(found: re.Match[str]) -> str:
    if found["nothing"] is not None:
        return ""
    if found["itself"] is not None:
        return found["itself"]
    if found["decimal"] is not None:
        return chr(min(int(found["decimal"]), 0xFF))
    return chr(int(found["url"] or found["json"] or found["script"] or found["html"], 16))


@lru_cache(maxsize=8)
def _parts(key: str, part: int) -> frozenset[str]:
    """Return what a text must not hold, in small letters: all parts of all forms of the key."""
    forms = [key, key[::-1], key.encode().hex()]
    for shift in range(3):  # Base64 depends on where in its groups of three bytes the key begins
        coded = base64.b64encode(b"\0" * shift + key.encode()).decode().rstrip("=")
        whole = coded[(0, 2, 3)[shift] : len(coded) - ((len(key) + shift) % 3 > 0)]
        forms += [whole, whole.translate(str.maketrans("+/", "-_"))]
    shortest = _SHORTEST if part == MESSAGE_PART else part
    return frozenset(
        form[start : start + part].lower()
        for form in forms
        if len(form) >= shortest
        for start in range(max(1, len(form) - part + 1))
    )
