"""Untrusted text as plain characters, and as Markdown that shows the same characters."""

from __future__ import annotations

import re

from generator.core.characters import UNWANTED
from generator.markup import mathml, maths

SPACE = "\u1680"  # Ogham's: Markdown honours it and no text uses it, so ``render`` puts it in

_NOT_TEXT = re.compile(f"[{UNWANTED}{SPACE}]")
_WHITESPACE = re.compile(r"[ \t\n]+")
_MARKDOWN_SIGNS = re.compile(r"[\\`*_\[\]<>#|~!&$]")
_LINE_START = re.compile(r"\A(\d{0,9})([-+=:.)])")


def clean(text: str) -> str:
    r"""Remove the characters that no text may have; every line ends with ``\n``."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _NOT_TEXT.sub("", text)


def one_line(text: str) -> str:
    """Return a text clean and on one line."""
    if text.isprintable() and "  " not in text:  # as nearly all are: no such character, no break
        return text.strip(" ")
    return _WHITESPACE.sub(" ", clean(text)).strip(" ")


def pieces(text: str) -> list[str | maths.Formula]:
    """Split a text that is no Markdown into characters and formulas."""
    return [_dollars(p) if isinstance(p, str) else p for p in maths.split(text)]


def plain(text: str) -> str:
    """Return a title as plain characters, not escaped, with formulas made readable (``A²``)."""
    line = one_line(text)
    if "$" not in line and "\\" not in line:
        return line
    return "".join(p if isinstance(p, str) else mathml.to_text(p.tex) for p in pieces(line))


def escape_markdown(text: str) -> str:
    """Make untrusted text one line that is safe inside GFM and shows the same characters.

    Formulas stay formulas. The result may stand in a paragraph, list item, heading, table cell or
    link text, and at its beginning.
    """
    line, parts = one_line(text), []
    for piece in maths.split(line):
        if isinstance(piece, str):
            parts.append(_escape(piece))
        elif _survives_markdown(piece, line):
            parts.append(f"${piece.tex}$")
        else:
            parts.append(_escape(line[piece.start : piece.end]))
    return _LINE_START.sub(r"\1\\\2", "".join(parts))


def _dollars(text: str) -> str:
    return text.replace(r"\$", "$")


def _escape(text: str) -> str:
    return _MARKDOWN_SIGNS.sub(r"\\\g<0>", _dollars(text))


def _survives_markdown(formula: maths.Formula, line: str) -> bool:
    """Tell whether a formula of a line is found again once it stands in Markdown, in the line."""
    if line[formula.start] == "$" and not formula.display and formula.tex[-1] != " ":
        return True
    alone = f"${formula.tex}${line[formula.end : formula.end + 1]}"
    again = next(maths.find(alone, markdown=True, brackets=False), None)
    return again is not None and again.tex == formula.tex
