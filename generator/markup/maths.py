"""Where formulas stand in a text: the only reader of dollar signs.

What they become: ``mathml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from generator.core.characters import EAST_ASIAN

# Stands for a character of a formula: a sign, neither of a word nor between two.
MASK = "\N{OBJECT REPLACEMENT CHARACTER}"

# Where formulas stand. A formula ends with its paragraph; in Markdown also where a block starts.
_SAME_PARAGRAPH = r"\n(?![ \t>]*\n)"
_SAME_BLOCK = r"\n(?![ \t]*(?:\n|[-*+>#|]|\d+[.)]|```|~~~))"
_INLINE = {
    markdown: re.compile(rf"\$((?:[^$\\\n]++|\\[^\n]|{line_break})++)\$")
    for markdown, line_break in ((True, _SAME_BLOCK), (False, _SAME_PARAGRAPH))
}
_DISPLAY = re.compile(rf"\$\$(?!\$)((?:[^$\\\n]++|\\[^\n]|\$(?!\$)|{_SAME_PARAGRAPH})++)\$\$")
_ROUND = re.compile(rf"\\\(((?:[^\\\n]++|\\(?![()])[^\n]|{_SAME_PARAGRAPH})++)\\\)")
_ENVIRONMENT = re.compile(
    r"\\begin\{((?:align|eqnarray|equation|gather|multline)\*?)\}"
    rf"(?:[^\\\n]++|\\(?!(?:begin|end)\{{\1\}})[^\n]|{_SAME_PARAGRAPH})++\\end\{{\1\}}"
)
_SQUARE = re.compile(rf"\\\[((?:[^\\\n]++|\\(?![\[\]])[^\n]|{_SAME_PARAGRAPH})++)\\\]")
_BRACKET_OPENS = re.compile(r"\\(?:[(\[]|begin\{)")

_COMMAND = re.compile(r"\\[A-Za-z{}|,;! ]")
_TEXISH = re.compile(r"[\\^_{}=<>+*/]")
_WORD = re.compile(r"(?<![A-Za-z])[a-z]{2,}")
_SPACE = re.compile(r"\s")
_EAST_ASIAN = re.compile(f"[{EAST_ASIAN}]")

# Where a formula may begin, and what holds none, passed over as a whole: escaped characters, and in
# Markdown code, link targets and autolinks.
_PLAIN_STOP = re.compile(r"\$+|\\.?", re.DOTALL)
_MARKDOWN_STOP = re.compile(
    r"\$+|\\.?|`+|~+|<(?:https?://[^\s<>]*>)?|\](?:\([^\s()<>]*)?", re.DOTALL
)
_BACKTICKS = re.compile(r"`+")
_FENCE_OPEN = re.compile(
    r"^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(?P<mark>`{3,}(?=[^`\n]*$)|~{3,})", re.MULTILINE
)
# How formulas are opened and closed, and what may stand in one that is cut off.
_CLOSERS = {"$": "$", "$$": "$$", r"\(": r"\)", r"\[": r"\]"}
_COMMANDS = re.compile(r"\\[A-Za-z]+(?:\{[^{}]*\}?)?")


class Formula(NamedTuple):
    """What stands at ``text[start:end]``: TeX without delimiters, as a display or in the line."""

    start: int
    end: int
    tex: str
    display: bool


def find(text: str, *, markdown: bool = False, brackets: bool = True) -> Iterator[Formula]:
    r"""Yield the formulas of a text from left to right.

    A dollar that stands for money, or is escaped, is none. ``markdown`` leaves out code, link
    targets and autolinks. ``brackets`` says whether ``\(..\)`` and ``\[..\]`` are formulas.
    """
    if "$" not in text and not (brackets and _BRACKET_OPENS.search(text)):
        return
    stop = _MARKDOWN_STOP if markdown else _PLAIN_STOP
    code = _code_marks(text) if markdown else {}
    position = 0
    while found := stop.search(text, position):
        start, formula = found.start(), None
        if found[0][0] == "$":
            formula = _dollar_formula(text, start, markdown=markdown)
        elif found[0][0] == "\\" and brackets:
            formula = _bracket_formula(text, start, markdown=markdown)
        if formula:
            yield formula
        position = formula.end if formula else code.get(start, found.end())


def split(text: str, *, markdown: bool = False, brackets: bool = True) -> Iterator[str | Formula]:
    """Yield the formulas of a text, as ``find`` does, and what stands around them."""
    position = 0
    for formula in find(text, markdown=markdown, brackets=brackets):
        yield text[position : formula.start]
        yield formula
        position = formula.end
    yield text[position:]


def masked(text: str, *, markdown: bool = False) -> str:
    """Return a text of the same length, with ``MASK`` for each character of a formula.

    >>> masked("costs $5, not $x. y$").replace(MASK, "_")
    'costs $5, not ______'
    """
    return "".join(
        piece if isinstance(piece, str) else MASK * (piece.end - piece.start)
        for piece in split(text, markdown=markdown)
    )


def unfinished(text: str) -> int:
    """Return where a formula begins that the end of the text cuts off, or the text's length.

    >>> unfinished("regret of $O("), unfinished("costs of $200K/month despite")
    (10, 28)
    """
    behind = max((formula.end for formula in find(text)), default=0)
    opening = None
    for mark in _PLAIN_STOP.finditer(text, behind):
        if mark[0] in _CLOSERS:
            opening = mark
    if opening is None:
        return len(text)
    rest = text[opening.end() :]
    closed = next(find(f"{text[opening.start() :]}{_CLOSERS[opening[0]]}"), None)
    is_prose = _SPACE.search(rest) and _WORD.search(_COMMANDS.sub("", rest))
    is_cut = not rest.strip() or (closed and not closed.start and not is_prose)
    return opening.start() if is_cut else len(text)


def _dollar_formula(text: str, start: int, *, markdown: bool) -> Formula | None:
    if found := _DISPLAY.match(text, start):
        tex = found[1]
        if markdown and "\n" in tex:
            line = text[text.rfind("\n", 0, start) + 1 : start]
            if line.lstrip().startswith(">"):  # a quotation: its marks are not part of the formula
                tex = re.sub(r"\n[ \t]*>", "\n", tex)
        tex = _stripped(tex)
        return Formula(start, found.end(), tex, display=True) if tex else None
    found = _INLINE[markdown].match(text, start)
    if found and _is_formula(found[1], text[found.end() : found.end() + 1]):
        return Formula(start, found.end(), _stripped(found[1]), display=False)
    return None


def _stripped(tex: str) -> str:
    r"""Strip white space, but for that of the command ``\ `` at the end."""
    stripped = tex.strip()
    backslashes = len(stripped) - len(stripped.rstrip("\\"))
    return stripped + " " if backslashes % 2 else stripped


def _is_formula(between: str, following: str) -> bool:
    """Tell a formula from what happens to stand between two dollar signs.

    ``between`` is that text with its spaces, ``following`` the character after the second dollar.
    Models write ``$ x $`` as often as ``$x$``, so spaces alone decide nothing.
    """
    tex = between.strip()
    if not tex:
        return False
    if _COMMAND.search(tex):
        return True
    if between[0].isspace() != between[-1].isspace() or tex[0] in ")]},.;:!?/":
        return False
    if tex[0].isdigit() and following.isdigit():  # $5 and $10
        return False
    if _EAST_ASIAN.search(tex):
        return False
    prose = _SPACE.search(tex) and _WORD.search(tex) and not _TEXISH.search(tex)
    return not prose


def _bracket_formula(text: str, start: int, *, markdown: bool) -> Formula | None:
    if found := _ENVIRONMENT.match(text, start):
        return Formula(start, found.end(), found[0], display=True)
    found = _ROUND.match(text, start) or _SQUARE.match(text, start)
    if not found:
        return None
    tex = _stripped(found[1])
    display = text[start + 1] == "["
    # In Markdown these are also escaped brackets: \[1\] is a reference, \(see below\) is prose.
    if not tex or (markdown and not _TEXISH.search(tex) and (display or _WORD.search(tex))):
        return None
    return Formula(start, found.end(), tex, display)


def _code_marks(text: str) -> dict[int, int]:
    """Map where code begins to where it ends: runs of backticks, and fences.

    A run ends with the next run of its length in the same paragraph, a fence with its like or with
    the text.
    """
    ends: dict[int, int] = {}
    next_run: dict[int, int] = {}
    for run in reversed(list(_BACKTICKS.finditer(text))):
        start, length = run.start(), len(run[0])
        end = next_run.get(length)
        if end is not None and text.find("\n\n", start, end) < 0:
            ends[start] = end
        next_run[length] = run.end()
    if "```" in text or "~~~" in text:
        position = 0
        while fence := _FENCE_OPEN.search(text, position):
            mark = fence["mark"]
            close = re.compile(rf"^[ \t>]*{mark}{mark[0]}*[ \t]*$", re.MULTILINE)
            found = close.search(text, fence.end())
            position = ends[fence.start("mark")] = found.end() if found else len(text)
    return ends
