"""A mis-decoding undone: UTF-8 bytes read as Windows-1254 or another one-byte encoding.

Two headings of a README hold a known emoji. What it turned into tells the encoding for certain, so
healthy text is never touched. Bytes that the encoding leaves undefined were dropped on the way;
what is left of such a character becomes one U+FFFD.
"""

from __future__ import annotations

import re
from functools import cache

import ftfy.bad_codecs  # noqa: F401  (registers the "sloppy" codecs, which map every byte)
from ftfy.chardata import CHARMAP_ENCODINGS

_HEADING = re.compile(r"^(?:## (.+) Statistics|# arXiv Papers Bot (.+))", re.MULTILINE)
_EMOJI = frozenset("📊🤖")
# A lead byte and the continuation bytes that are left behind it (RFC 3629).
_SEQUENCE = re.compile(rb"[\xc0-\xff][\x80-\xbf]*|[\x80-\xbf]")


def repair(text: str) -> str:
    """Undo the mis-decoding of a README; a healthy one comes back as it is.

    Each character of which bytes are missing comes back as one U+FFFD, ASCII always intact.
    """
    before_the_rows = text.partition("\n### 1. [")[0]
    for heading in _HEADING.finditer(before_the_rows):
        encodings = _misread_as((heading[1] or heading[2]).strip(" \r"))
        if encodings is not None:
            for encoding in encodings:
                text = _undo(text, encoding)
            return text
    return text


def _misread_as(token: str) -> tuple[str, ...] | None:
    """Return the encodings to undo, in order, to make the token the emoji again, if any do."""
    if token in _EMOJI:
        return ()
    for encoding in CHARMAP_ENCODINGS:
        try:
            earlier = token.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
        if earlier != token and (rest := _misread_as(earlier)) is not None:
            return (encoding, *rest)
    return None


def _undo(text: str, encoding: str) -> str:
    to_byte = _bytes_of(encoding)
    # Another decoder put U+FFFD where this one dropped a byte: the byte is lost all the same.
    characters = text.replace("\ufffd", "")
    encoded = b"".join([to_byte.get(char) or char.encode("utf-8") for char in characters])
    return _SEQUENCE.sub(_decoded, encoded).decode("utf-8")


def _decoded(sequence: re.Match[bytes]) -> bytes:
    try:
        sequence[0].decode("utf-8")
    except UnicodeDecodeError:
        return "\ufffd".encode()
    return sequence[0]


@cache
def _bytes_of(encoding: str) -> dict[str, bytes]:
    """Map every character of the encoding to its byte; others were never mis-decoded."""
    every = [bytes([number]) for number in range(256)]
    return {byte.decode(encoding): byte for byte in every}
