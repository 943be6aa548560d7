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
# What stands for one character in URLs, JSON (which may stand in JSON: then there are more
# backslashes), scripts, lists of numbers and HTML; and what stands for none, which is all but
# letters and digits, and what numbers to the base of 8 begin with.
_WRITTEN = re.compile(
    r"%(?:25)*+(?P<url>[0-9A-Fa-f]{2})"
    r"|(?<!\\)\\++(?:u00(?P<json>[0-9A-Fa-f]{2})|x(?P<script>[0-9A-Fa-f]{2})"
    r"|u[0-9A-Fa-f]{4}|[nrtbf])"
    r"|(?:0[xX]|[uU]\+00)(?P<number>[0-9A-Fa-f]{2})(?![0-9A-Fa-f])|0[oO](?=[0-7])"
    r"|&\#x0{0,6}(?P<html>[0-9A-Fa-f]{2});|&\#0{0,6}(?P<decimal>[0-9]{2,3});"
    r"|[^A-Za-z0-9%&\\]++|[%&\\]"
)


def scrub(data: bytes, key: str | None, part: int = MESSAGE_PART) -> bytes:
    """Return a server's bytes with ``***`` in the place of each part of the key.

    That is: ``part`` letters and digits in a row, small or capital, forwards or backwards, as they
    are, in Base64, Base32, hexadecimal, decimal or octal digits, escaped as in URLs, JSON and HTML,
    and whatever signs or spaces stand between them. Of a shorter key it is all of it, in messages
    and from four on.
    """
    if key is None or len(key) < _SHORTEST:
        return data
    if len(key) >= part or part == MESSAGE_PART:
        data = data.replace(key.encode(), _COVER.encode())  # it may be of signs alone
    parts = _parts(key, part)
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
        if _character(found):
            yield found.span()
        last = found.end()
    yield from ((n, n + 1) for n in range(last, len(text)))


def _character(found: re.Match[str]) -> str:
    hexadecimal = ("url", "json", "script", "number", "html")
    code = next((found[name] for name in hexadecimal if found[name]), None)
    character = chr(int(code, 16) if code else min(int(found["decimal"] or 0), 0x7F))
    return character if character.isascii() and character.isalnum() else ""


@lru_cache(maxsize=8)
def _parts(key: str, part: int) -> frozenset[str]:
    """Return what a text must not hold, in small letters: all parts of all forms of the key."""
    data = key.encode()
    forms = [key, data.hex()]
    forms += ["".join(format(byte, digits) for byte in data) for digits in ("d", "03d", "o", "03o")]
    # Both depend on where in its groups of bytes the key begins; what else is in its first and last
    # group is not known.
    for encode, group, length in ((base64.b64encode, 3, 4), (base64.b32encode, 5, 8)):
        for shift in range(group):
            coded = encode(b"\0" * shift + data).decode().rstrip("=")
            first = -(-8 * shift * length // (8 * group))
            last = 8 * (shift + len(data)) * length // (8 * group)
            forms.append(coded[first:last])
    letters = ["".join(c for c in form.lower() if c.isalnum()) for form in forms]
    shortest = _SHORTEST if part == MESSAGE_PART else part
    return frozenset(
        form[start : start + part]
        for each in letters
        for form in (each, each[::-1])
        if len(form) >= shortest
        for start in range(max(1, len(form) - part + 1))
    )
