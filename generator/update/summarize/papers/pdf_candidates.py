"""Which lines of a PDF may be titles, and how they are set. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from generator.update.summarize.papers.pdf_layout import Line, body_style
from generator.update.summarize.papers.pdf_titles import (
    ALWAYS,
    CERTAIN,
    INLINE_ABSTRACT,
    NUMBERED,
    REFERENCES,
    Entry,
    PdfHeading,
    bare,
    is_title,
    numbers_of,
)
from generator.update.summarize.papers.pdf_words import joined

_LARGER = 1.06  # times the size of the text
_MAX_TITLE = 220  # characters
_MAX_LINES = 4
_SHORT = 25  # characters
_FAR = 1e3  # points: at the top of a page or column


def candidates(
    lines: Sequence[Line], outline: Sequence[Entry], words: frozenset[str]
) -> Iterator[PdfHeading]:
    """Yield the lines that may be titles, put together where one takes several.

    ``words`` are the paper's, which tell how a broken one is written.
    """
    types = _Types(lines)
    named = {(entry.page, bare(entry.title)) for entry in outline}
    index = 0
    while index < len(lines):
        line, end = lines[index], index + 1
        text, style, rest = line.text, line.style, ""
        if types.strength(line) and is_title(line.text):
            while end < len(lines) and types.goes_on(line, lines[end - 1], lines[end]):
                end += 1
            for more in lines[index + 1 : min(end, index + _MAX_LINES)]:
                text = "".join(joined(text, more.text, words))
            found = end - index <= _MAX_LINES and len(text) <= _MAX_TITLE
        elif found := _is_named(line, named):
            pass
        elif parts := _run_in(line, types):
            (text, rest), style, found = parts, line.first, True
        if found:
            yield PdfHeading(
                start=index,
                end=end,
                text=text,
                style=style,
                rest=rest,
                page=line.page,
                strength=types.strength(line),
                larger=style.size >= _LARGER * types.body.size,
                gap=_gap(lines, index),
                at_margin=round(line.left) in types.margins,
                numbers=tuple(numbers_of(text)),
            )
        index = end


def _is_named(line: Line, named: set[tuple[int, str]]) -> bool:
    """Tell whether its name alone tells that a line is a title."""
    number = NUMBERED.fullmatch(name := line.text.rstrip(".: "))
    name = number["title"] if number else name
    known = CERTAIN.fullmatch(name) or REFERENCES.fullmatch(name)
    return known is not None or (line.page, bare(line.text)) in named


def _run_in(line: Line, types: _Types) -> tuple[str, str] | None:
    """Return title and text where a line has both."""
    if found := INLINE_ABSTRACT.match(line.text):
        return found["title"].title(), found["rest"]
    lead, rest = line.text[: line.lead].strip(), line.text[line.lead :].strip()
    if not lead or line.first == types.body or not rest:
        return None
    below = any(len(number) > 1 for _, number in numbers_of(lead))
    if below and len(rest) < _SHORT:  # a formula or number that belongs to the title
        return line.text, ""
    name = lead.rstrip(".: —–-")
    return (name, rest) if below or ALWAYS.fullmatch(name) else None


def _gap(lines: Sequence[Line], index: int) -> float:
    """Return how far a line is below the one before."""
    if not index or lines[index - 1].page != lines[index].page:
        return _FAR
    step = lines[index - 1].base - lines[index].base
    return step if step > 0 else _FAR


def _family(font: str) -> str:
    """Return what fonts of one kind have in common: CMR9 and CMR10 are the same."""
    return re.sub(r"\d", "", font)


class _Types:
    """What lines are compared with: the type of the text, and where its lines begin."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.body = body_style(lines)
        lefts = Counter(round(line.left) for line in lines if len(line.text) > 20)
        usual = (left for left, count in lefts.items() if 30 * count > len(lines))
        self.margins = {near for left in usual for near in (left - 1, left, left + 1)}

    def strength(self, line: Line) -> int:
        """Return how far a line's type is from the text's: 2 larger or bold, 1 other, 0 not."""
        style = line.style
        if line.text.isupper() and len(line.text) > 4 and style.size > 0.8 * self.body.size:
            return 2 if style.size >= _LARGER * self.body.size or style.bold else 1
        if self.body == line.second or (
            line.lead and line.first != style and self.body in (style, line.first)
        ):
            return 0  # words within the text
        if style.size >= _LARGER * self.body.size:
            return 2
        if style.size < 0.8 * self.body.size:
            return 0
        if style.bold and not self.body.bold:
            return 2
        other = _family(style.font) != _family(self.body.font)
        return int(other and style.size >= 0.88 * self.body.size)

    def goes_on(self, first: Line, last: Line, line: Line) -> bool:
        """Tell whether a title takes another line: in the same type, directly below."""
        number = NUMBERED.fullmatch(line.text)
        return (
            line.page == last.page
            and line.style == last.style
            and line.text.isupper() == last.text.isupper()
            and 0 < last.base - line.base < 1.55 * max(line.size, self.body.size)
            and not (number and NUMBERED.fullmatch(first.text))
            and self.strength(line) > 0
        )
