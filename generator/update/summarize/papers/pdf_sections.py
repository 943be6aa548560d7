"""The lines of a PDF, in reading order, as sections of whole paragraphs. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from generator.update.summarize.papers.document import PaperSection
from generator.update.summarize.papers.pdf_headings import find_headings
from generator.update.summarize.papers.pdf_layout import Line, Style, body_style
from generator.update.summarize.papers.pdf_lists import (
    untitled_references,
    without_contents,
    without_references,
)
from generator.update.summarize.papers.pdf_titles import CAPTION, Entry, PdfHeading
from generator.update.summarize.papers.pdf_words import joined, vocabulary

_SENTENCE_END = re.compile(r"[.!?:。！？][\"')\]”’\d]*$")
_ITEM = re.compile(r"(?:\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]|[•▪◦–—-])\s")
_HYPHEN = re.compile(r"[^\W\d_]{2}-$")


@dataclass(frozen=True, slots=True)
class PdfText:
    """What a PDF says: its title, its sections, and what stands in none of them."""

    title: str
    sections: tuple[PaperSection, ...]
    omitted: tuple[str, ...]


def read_sections(lines: Sequence[Line], outline: Sequence[Entry]) -> PdfText:
    """Return sections with their paragraphs; what stands before the first title has the title "".

    References are left out; what follows them without a title is a section without one.
    """
    everything = len(lines)
    lines = without_contents(lines)
    omitted = ["table of contents"] if len(lines) < everything else []
    words = vocabulary(line.text for line in lines)
    style, leading = body_style(lines), _leading(lines)
    headings = find_headings(lines, outline, words)
    if not any(heading.is_references for heading in headings):
        headings = sorted([*headings, *untitled_references(lines)], key=lambda title: title.start)
    found: list[PaperSection] = []
    current, cited, appendix = PdfHeading(0, 0, "", style, 1), 0, False
    paragraphs = _Paragraphs(style, leading, words)

    def finish(title: str) -> None:
        text = paragraphs.take()
        if text or title:
            found.append(PaperSection(title, text, appendix))

    for heading, following in pairwise(
        [current, *headings, PdfHeading(len(lines), 0, "", style, 1)]
    ):
        if heading.level == 1:
            finish(current.text if not current.is_references else "")
            current, appendix = heading, heading.appendix
        else:
            paragraphs.title(f"### {heading.text}")
        text = lines[heading.end : following.start]
        if heading.is_references and heading.level == 1:
            rest = without_references(text)
            cited += sum(len(line.text.split()) for line in text)
            cited -= sum(len(line.text.split()) for line in rest)
            text, appendix = rest, True  # tables and figures
        if heading.rest:
            paragraphs.add(replace(lines[heading.start], text=heading.rest))
        for line in text:
            paragraphs.add(line)
    finish(current.text if not current.is_references else "")
    if cited:
        omitted.append(f"references ({cited} words)")
    return PdfText(_title(lines, headings, words), tuple(found), tuple(omitted))


def _title(lines: Sequence[Line], headings: Sequence[PdfHeading], words: frozenset[str]) -> str:
    """Return the lines in the largest letters of what stands before the first title."""
    end = headings[0].start if headings else len(lines)
    head = [line for line in lines[:end] if line.page == 0 and len(line.text) > 3]
    largest = max((line.size for line in head), default=0.0)
    title = ""
    for line in head:
        if line.size > 0.97 * largest and len(title) < 300:
            title = "".join(joined(title, line.text, words)).strip()
        elif title:
            break
    return title


def _leading(lines: Sequence[Line]) -> dict[int, int]:
    """Return the distance between lines that is usual for letters of a size, in half points."""
    steps: dict[int, Counter[int]] = {}
    for last, line in pairwise(lines):
        step = last.base - line.base
        near = line.page == last.page and 0.8 * line.size < step < 3.2 * line.size
        if near and abs(line.size - last.size) < 0.3 and len(line.text) > 30:
            steps.setdefault(round(2 * line.size), Counter())[round(step)] += 1
    return {size: counts.most_common(1)[0][0] for size, counts in steps.items()}


class _Paragraphs:
    """Puts lines together to paragraphs.

    What floats between two parts of a paragraph (captions, tables, footnotes) is put behind it.
    """

    def __init__(self, body: Style, leading: dict[int, int], words: frozenset[str]) -> None:
        self._body, self._leading, self._words = body, leading, words
        self._done: list[list[str]] = []  # the pieces of each, since they may be many
        self._main: tuple[int, Line] | None = None  # of the text: paragraph and its last line
        self._side: tuple[int, Line] | None = None  # of what floats
        self._last: Line | None = None
        self._right = 0.0

    def title(self, text: str) -> None:
        self._done.append([text])
        self._main = self._side = self._last = None

    def take(self) -> str:
        text = "\n\n".join("".join(pieces) for pieces in self._done)
        self._done = []
        self._main = self._side = self._last = None
        return text

    def add(self, line: Line) -> None:
        broken = self._last is None or self._breaks(self._last, line)
        floats = self._floats(line, broken=broken)
        before = self._side if floats else self._main
        if before is None or (
            self._begins(before[1], line, broken=broken or before[1] is not self._last)
        ):
            self._done.append([line.text])
            place = len(self._done) - 1
            self._right = line.right
        else:
            place = before[0]
            pieces = self._done[place]
            pieces[-1:] = joined(pieces[-1], line.text, self._words)
        self._right = max(self._right, line.right)
        if floats:
            self._side = place, line
        else:
            self._main, self._side = (place, line), None
        self._last = line

    def _breaks(self, last: Line, line: Line) -> bool:
        """Tell whether a page or column ends between two lines."""
        return line.page != last.page or last.base - line.base < -1.5 * line.size

    def _floats(self, line: Line, *, broken: bool) -> bool:
        """Tell whether a line belongs to what stands between the text's lines."""
        if CAPTION.match(line.text):
            return True
        small = line.size < 0.95 * self._body.size
        if small and (len(line.text) > 20 or self._side is not None):
            return True
        unfinished = self._main is not None and not _SENTENCE_END.search(self._main[1].text)
        if self._side is not None and not broken and self._last is self._side[1]:
            # The text goes on below a gap, in its own type, or with its own sentence.
            alike = abs(line.size - self._side[1].size) < 0.3 and self._step(line) < 1.35
            resumes = unfinished and line.text[:1].islower()
            return alike and not (resumes and _SENTENCE_END.search(self._side[1].text))
        return broken and unfinished and not self._continues(line)

    def _continues(self, line: Line) -> bool:
        """Tell whether a line at the top of a page may go on with a sentence."""
        letters = sum(map(str.isalpha, line.text))
        prose = letters > 0.7 * len(line.text.replace(" ", ""))
        return prose and (line.text[:1].islower() or len(line.text) > 40)

    def _step(self, line: Line) -> float:
        """Return how far a line is below the last one, of what is usual for its size."""
        if self._last is None:
            return 0.0
        leading = self._leading.get(round(2 * line.size), 1.25 * line.size)
        return (self._last.base - line.base) / max(leading, line.size)

    def _begins(self, last: Line, line: Line, *, broken: bool) -> bool:
        """Tell whether a line begins a paragraph; where that is unclear, sentences decide."""
        ended = _SENTENCE_END.search(last.text) is not None
        lower = line.text[:1].islower()
        if lower and _HYPHEN.search(last.text):
            return False
        if broken:  # a new page or column
            self._right = line.right
            return ended and not lower
        step = self._step(line)
        if step > 1.35:
            return ended or not lower or step > 2.3
        indented = line.left - last.left > 0.6 * line.size
        short = last.right < self._right - 3 * line.size
        return ended and (indented or short or _ITEM.match(line.text) is not None)
