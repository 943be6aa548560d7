"""Texts without the characters that no summary needs: unseen ones, those that reorder the line."""

from __future__ import annotations

import re

from generator.core.characters import INVISIBLE, JOINERS, UNWANTED

_UNWANTED = re.compile(f"[{UNWANTED}{INVISIBLE}]")
# Joiners shape letters in Persian and Indic scripts, and emoji; next to ASCII they do nothing.
_IDLE_JOINER = re.compile(f"[{JOINERS}](?![^\x00-\x7f{JOINERS}])|(?<![^\x00-\x7f])[{JOINERS}]")


def clean(text: str) -> str:
    r"""Return the text without such characters; every line break is ``\n``.

    >>> clean("a\x00b\u202ec\r\nd")
    'abc\nd'
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\u2028", "\n").replace("\u2029", "\n\n").replace("\x85", "\n")
    # Halves of one character that stand as two are joined before lone ones go.
    text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    text = _UNWANTED.sub("", text)
    previous = None
    while previous != text:  # a joiner may stand beside another that goes
        previous, text = text, _IDLE_JOINER.sub("", text)
    return text


def one_line(text: str) -> str:
    """Return the text clean and on one line."""
    return " ".join(clean(text).split())
