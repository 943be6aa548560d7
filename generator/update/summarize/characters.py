"""Characters that no summary needs: they are invisible, reorder the line, or cannot be stored."""

from __future__ import annotations

import re

# Controls, bidi overrides and isolates, zero-width characters, soft hyphens, lone surrogates,
# noncharacters; tags and variation selectors can carry a whole hidden text
# (https://www.unicode.org/reports/tr36/, https://www.unicode.org/charts/PDF/UE0000.pdf).
_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\U000e0000-\U000e0fff]"
)
_PAIR = re.compile("([\ud800-\udbff])([\udc00-\udfff])")
# Joiners shape letters in Persian and Indic scripts, and emoji; next to ASCII they do nothing.
_IDLE_JOINER = re.compile(
    "[\u200c\u200d](?![^\x00-\x7f\u200c\u200d])|(?<![^\x00-\x7f])[\u200c\u200d]"
)


def clean(text: str) -> str:
    r"""Give the text without such characters; every line break is ``\n``.

    >>> clean("a\x00b\u202ec\r\nd")
    'abc\nd'
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\u2028", "\n").replace("\u2029", "\n\n").replace("\x85", "\n")
    text = _PAIR.sub(_joined, text)
    text = _UNWANTED.sub("", text)
    previous = None
    while previous != text:  # a joiner may stand beside another that goes
        previous, text = text, _IDLE_JOINER.sub("", text)
    return text


def one_line(text: str) -> str:
    """Give the text clean and on one line."""
    return " ".join(clean(text).split())


def _joined(pair: re.Match[str]) -> str:
    high, low = ord(pair[1]), ord(pair[2])
    return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
