"""The lines of a PDF, in reading order, as sections of whole paragraphs. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from generator.core.characters import EAST_ASIAN
from generator.update.summarize.papers.document import PaperSection
from generator.update.summarize.papers.pdf_headings import Headings, PdfHeading
from generator.update.summarize.papers.pdf_layout import Line, body_height

# Only these: full compatibility folding would make x2 of x².
_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "\u00ad": "-"}
)
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_BROKEN = re.compile(r"([^\W\d_]+(?:-[^\W\d_]+)*)-$")
_SENTENCE_END = re.compile(r"[.!?:。！？][\"')\]”’]*$")
_EAST_ASIAN = re.compile(f"[{EAST_ASIAN}]")


def sections(lines: Sequence[Line]) -> tuple[PaperSection, ...]:
    """Return sections with their paragraphs; what stands before the first title has the title "".

    References are left out, up to an appendix, another section or the end.
    """
    lines = [
        replace(line, text=" ".join(line.text.translate(_LIGATURES).split())) for line in lines
    ]
    words = {word.casefold() for line in lines for word in _WORD.findall(line.text)}
    headings = Headings(body_height(lines))
    found: list[PaperSection] = []
    current = PdfHeading("section", "")
    paragraphs = _Paragraphs(words)

    def finish() -> None:
        text = paragraphs.take()
        if text and current.kind != "references":
            found.append(PaperSection(current.title, text, current.appendix))

    last: tuple[Line, PdfHeading] | None = None
    for line in lines:
        heading = headings.find(line)
        if heading is None and last and _goes_on(*last, line, headings):
            first, second = _joined(last[1].title, line.text, words)
            longer = replace(last[1], title=first + second)
            if longer.kind == "subsection":
                paragraphs.replace_title(f"### {longer.title}")
            else:
                current = longer
            last = (line, longer)
            continue
        last = (line, heading) if heading else None
        if heading is None:
            paragraphs.add(line)
        elif heading.kind == "subsection":
            paragraphs.title(f"### {heading.title}")
        else:
            finish()
            current = heading
            if heading.rest:
                paragraphs.add(replace(line, text=heading.rest))
    finish()
    return tuple(found)


def _goes_on(title: Line, heading: PdfHeading, line: Line, headings: Headings) -> bool:
    """Tell whether a title takes a second line: in the same type, directly below."""
    return (
        not heading.rest
        and headings.is_set_off(title)
        and headings.is_set_off(line)
        and title.bold == line.bold
        and abs(title.height - line.height) < 0.02 * title.height
        and 0 < title.bottom - line.bottom < 1.5 * title.height
        and len(title.text) > 25
        and len(heading.title) < 120
    )


class _Paragraphs:
    """Puts lines together to paragraphs."""

    def __init__(self, words: set[str]) -> None:
        self._words = words
        self._done: list[list[str]] = []  # the pieces of each, since they may be many
        self._last: Line | None = None
        self._right = 0.0
        self._leading = 0.0

    def title(self, text: str) -> None:
        self._done.append([text])
        self._last = None

    def replace_title(self, text: str) -> None:
        self._done[-1] = [text]

    def take(self) -> str:
        text = "\n\n".join("".join(pieces) for pieces in self._done)
        self._done, self._last = [], None
        return text

    def add(self, line: Line) -> None:
        if self._last is None or self._begins(self._last, line):
            self._done.append([line.text])
            self._right = line.right
        else:
            pieces = self._done[-1]
            pieces[-1:] = _joined(pieces[-1], line.text, self._words)
            step = self._last.bottom - line.bottom
            if 0.5 * line.height < step < 2 * line.height:
                self._leading = step
        self._right = max(self._right, line.right)
        self._last = line

    def _begins(self, last: Line, line: Line) -> bool:
        """Tell whether a line begins a paragraph; where that is unclear, sentences decide."""
        ended = _SENTENCE_END.search(last.text) is not None
        step = last.bottom - line.bottom
        if line.page != last.page or step < -0.5 * line.height:  # a new page or column
            self._right = line.right
            return ended and not line.text[:1].islower()
        leading = self._leading or 1.3 * line.height
        if step > 1.35 * max(leading, line.height):
            return True
        indented = line.left - last.left > 0.6 * line.height
        short = last.right < self._right - 3 * line.height
        return ended and (indented or short)


def _joined(before: str, after: str, words: set[str]) -> tuple[str, str]:
    """Return two lines, ready to be put together.

    Where a word was broken, the paper's other words tell how it is written.
    """
    broken, rest = _BROKEN.search(before, max(0, len(before) - 100)), _WORD.match(after)
    if broken and rest and rest[0][0].islower():
        head, tail = broken[1], rest[0]
        whole = f"{head}{tail}".casefold() in words or "-" not in head + tail
        compound = f"{head}-{tail}".casefold() in words
        return (before[:-1] if whole and not compound else before), after
    if before.endswith("-") and after[:1].isalnum() and not before.endswith(" -"):
        return before, after
    if before and after and _EAST_ASIAN.match(before[-1]) and _EAST_ASIAN.match(after[0]):
        return before, after
    return before, f" {after}"
