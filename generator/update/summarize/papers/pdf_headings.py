"""Which lines of a PDF are titles of sections. Pure.

A PDF knows letters and places, not titles. What tells them, strongest first: the file's outline,
where its entries stand on their pages; numbers that go on from one title to the next, in one type;
names that nearly every paper has; and the type of those that were found so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from generator.update.summarize.papers.pdf_layout import Line, Style, body_style
from generator.update.summarize.papers.pdf_titles import (
    ALWAYS,
    APPENDIX,
    CAPTION,
    CERTAIN,
    INLINE_ABSTRACT,
    NUMBERED,
    REFERENCES,
    STATEMENT,
    USUAL,
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
_SHORT_TITLE = 70  # characters
_ROWS = 20  # that end with the same number: of more the latest are looked at


def find_headings(
    lines: Sequence[Line], outline: Sequence[Entry], words: frozenset[str]
) -> list[PdfHeading]:
    """Return the titles of sections and of what is below them, in the order of the lines.

    ``words`` are the paper's, which tell how a broken one is written.
    """
    return _Finder(lines, outline, words).find()


class _Finder:
    """What is known of the lines that may be titles: ``levels`` of those that are, by index."""

    def __init__(
        self, lines: Sequence[Line], outline: Sequence[Entry], words: frozenset[str]
    ) -> None:
        self.lines, self.words = lines, words
        self.body = body_style(lines)
        lefts = Counter(round(line.left) for line in lines if len(line.text) > 20)
        self.margins = {left for left, count in lefts.items() if 30 * count > len(lines)}
        self.outline = outline
        self.named = {(entry.page, bare(entry.title)): entry.depth for entry in outline}
        self.titles = list(self._candidates())
        self.numbers = [numbers_of(title.text) for title in self.titles]
        self.levels: dict[int, int] = {}
        self.appendices: set[int] = set()

    def find(self) -> list[PdfHeading]:
        self._by_outline()
        chain, roman = self._chain()
        if 2 * sum(index in self.levels for index in chain) < len(chain) * bool(self.levels):
            chain = []  # a list's numbers, where the outline has sections without any
        self.levels.update(dict.fromkeys(chain, 1))
        ordered = bool(chain or self.levels)
        first = min(self.levels, default=len(self.titles))
        for index, title in enumerate(self.titles):
            name = title.text.rstrip(".: ")
            always = ALWAYS.fullmatch(name) and (index < first or name.lower() != "abstract")
            certain = CERTAIN.fullmatch(name)
            outside = (
                not chain[:1] <= [index] <= chain[-1:]
                and self.strength(self.lines[title.start]) == 2
            )
            if (
                always
                or (certain and outside)
                or (not ordered and (certain or USUAL.fullmatch(name)))
            ):
                self.levels.setdefault(index, 1)
        self._by_style(ordered=ordered)
        self._lettered(max(chain, default=-1), roman=roman)
        self._below(roman=roman)
        return list(self._in_order())

    def _candidates(self) -> Iterator[PdfHeading]:
        """Yield the lines that may be titles, put together where one takes several."""
        index = 0
        while index < len(self.lines):
            line, end = self.lines[index], index + 1
            if self.strength(line) and is_title(line.text):
                while end < len(self.lines) and self._goes_on(self.lines[end - 1], self.lines[end]):
                    end += 1
                text = line.text
                for more in self.lines[index + 1 : min(end, index + _MAX_LINES)]:
                    text = "".join(joined(text, more.text, self.words))
                if end - index <= _MAX_LINES and len(text) <= _MAX_TITLE:
                    yield PdfHeading(index, end, text, line.style)
            elif title := self._plain(index, line):
                yield title
            index = end

    def _plain(self, index: int, line: Line) -> PdfHeading | None:
        """Return a title that its name tells, not its type, or that text follows on its line."""
        name = line.text.rstrip(".: ")
        number = NUMBERED.fullmatch(name)
        if (
            CERTAIN.fullmatch(number["title"] if number else name)
            or REFERENCES.fullmatch(name)
            or (line.page, bare(name)) in self.named
        ):
            return PdfHeading(index, index + 1, line.text, line.style)
        if found := INLINE_ABSTRACT.match(line.text):
            return PdfHeading(
                index, index + 1, found["title"].title(), line.first, rest=found["rest"]
            )
        lead, rest = line.text[: line.lead].strip(), line.text[line.lead :].strip()
        if not lead or line.first == self.body or not rest:
            return None
        below = any(len(number) > 1 for _, number in numbers_of(lead))
        if below and len(rest) < _SHORT:  # a formula or number that belongs to the title
            return PdfHeading(index, index + 1, line.text, line.first)
        if ALWAYS.fullmatch(lead.rstrip(".: —–-")) or (below and is_title(lead)):
            return PdfHeading(index, index + 1, lead.rstrip(".: —–-"), line.first, rest=rest)
        return None

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
        return int(style.font != self.body.font and style.size >= 0.88 * self.body.size)

    def gap(self, index: int) -> float:
        """Return how far a line is below the one before; far at the top of a page or column."""
        if not index or self.lines[index - 1].page != self.lines[index].page:
            return 1e3
        step = self.lines[index - 1].base - self.lines[index].base
        return step if step > 0 else 1e3

    def _goes_on(self, last: Line, line: Line) -> bool:
        """Tell whether a title takes another line: in the same type, directly below."""
        number = NUMBERED.fullmatch(line.text)
        return (
            line.page == last.page
            and line.style == last.style
            and line.text.isupper() == last.text.isupper()
            and 0 < last.base - line.base < 1.55 * max(line.size, self.body.size)
            and not (number and NUMBERED.fullmatch(last.text))
            and (self.strength(line) > 0)
        )

    def key(self, index: int) -> tuple[Style, bool, bool]:
        """Return what titles of one level have in common: type, capitals, place at a margin."""
        title = self.titles[index]
        left = round(self.lines[title.start].left)
        return (
            title.style,
            title.text.isupper(),
            not self.margins.isdisjoint((left - 1, left, left + 1)),
        )

    def _by_outline(self) -> None:
        """Find the outline's entries on their pages; they count if at least half are there."""
        places: dict[tuple[int, str], int] = {}
        for index, title in enumerate(self.titles):
            places.setdefault((self.lines[title.start].page, bare(title.text)), index)
        found: list[tuple[int, int]] = []
        for entry in self.outline:
            name = bare(entry.title)
            for page in (entry.page, entry.page + 1, entry.page - 1):
                if name and (page, name) in places:
                    found.append((places[page, name], entry.depth))
                    break
        if 2 * len(found) < len(self.outline) or not found:
            return
        depths = Counter(depth for _, depth in found)
        # A paper whose one first entry is its own title has its sections below.
        top = min((depth for depth in depths if depths[depth] > 1), default=min(depths))
        for index, depth in found:
            deep = max((len(number) for _, number in self.numbers[index]), default=1)
            if depth >= top:
                self.levels[index] = 1 if depth == top and deep == 1 else 2

    def _chain(self) -> tuple[list[int], bool]:
        """Return the titles whose numbers go on from one to the next, and if they are Roman."""
        chains = {kind: self._longest(kind) for kind in ("arabic", "roman")}
        kind = max(chains, key=lambda kind: chains[kind][0])
        return chains[kind][1], kind == "roman"

    def _longest(self, kind: str) -> tuple[float, list[int]]:
        """Return the best row of titles with numbers of one kind, and how good it is."""
        # By number, the rows that end with it: how good, the title, the row before it.
        ends: dict[int, list[tuple[float, int, Any]]] = {}
        best: tuple[float, int, Any] = (0.0, -1, None)
        for index, title in enumerate(self.titles):
            numbers = [n[0] for k, n in self.numbers[index] if k == kind and len(n) == 1]
            if not numbers or title.rest:
                continue
            worth = (0.3, 0.3, 2.0)[self.strength(self.lines[title.start])]
            rows = [*ends.get(numbers[0] - 1, ()), *ends.get(numbers[0] - 2, ())]
            options = [(row[0] + worth + self._kinship(row[1], index), index, row) for row in rows]
            if numbers[0] <= 1:
                options.append((worth, index, None))
            if options:
                row = max(options, key=lambda option: option[0])
                ends.setdefault(numbers[0], []).append(row)
                del ends[numbers[0]][:-_ROWS]
                if row[0] > best[0] and (row[2] or self._is_named(index)):
                    best = row
        path: list[int] = []
        row = best
        while row and row[1] >= 0:
            path.append(row[1])
            row = row[2]
        return best[0], path[::-1]

    def _is_named(self, index: int) -> bool:
        found = NUMBERED.fullmatch(self.titles[index].text.rstrip(".: "))
        return found is not None and CERTAIN.fullmatch(found["title"]) is not None

    def _kinship(self, index: int, other: int) -> float:
        """Return how much two titles look like neighbours: in one type, with text between."""
        between = self.titles[other].start - self.titles[index].end
        return 0.3 * (self.key(index) == self.key(other)) + min(between, 60) / 60

    def _by_style(self, *, ordered: bool) -> None:
        """Take what is set as the known sections are for sections, too."""
        keys = Counter(self.key(index) for index, level in self.levels.items() if level == 1)
        for index, level in self.levels.items():
            if level == 2:
                keys.pop(self.key(index), None)
        seeds = [index for index, level in self.levels.items() if level == 1]
        if not keys or not seeds:
            return
        usual = {key for key, count in keys.items() if count > 1 or len(seeds) < 3}
        gap = min(self.gap(self.titles[index].start) for index in seeds)
        for index in range(min(seeds), len(self.titles)):
            title, key = self.titles[index], self.key(index)
            if index in self.levels or key not in usual or not self._may_be_title(title):
                continue
            larger = title.style.size >= _LARGER * self.body.size
            name = title.text.rstrip(".: ")
            known = CERTAIN.fullmatch(name) or USUAL.fullmatch(name)
            numbered = any(len(number) > 1 for _, number in self.numbers[index])
            if not numbered and (
                known or larger or (not ordered and self.gap(title.start) > 0.9 * gap)
            ):
                self.levels[index] = 1

    def _may_be_title(self, title: PdfHeading) -> bool:
        return not (CAPTION.match(title.text) or STATEMENT.match(title.text) or title.rest)

    def _lettered(self, last: int, *, roman: bool) -> None:
        """Find the appendices: by their word, or by letters that go on behind the sections."""
        tops = {self.key(index) for index, level in self.levels.items() if level == 1}
        letter, begun = 0, False
        for index, title in enumerate(self.titles):
            if index <= last:
                continue
            begun = begun or title.is_references
            word = APPENDIX.fullmatch(title.text)
            if not self._may_be_title(title) or not (
                self.strength(self.lines[title.start]) or word
            ):
                continue
            number = next(
                (n[0] for k, n in self.numbers[index] if k == "letter" and len(n) == 1), 0
            )
            follows = number - letter in (1, 2) and not (roman and not begun and not word)
            strong = self.strength(self.lines[title.start]) == 2
            alike = self.key(index) in tops or (begun and strong)
            if (word and not re.search(r"\b(?:table|figure)\b", title.text, re.I)) or (
                follows and alike
            ):
                letter, begun = number or letter, True
                self.levels[index] = 1
                self.appendices.add(index)
            elif self.levels.get(index) == 1 and self.appendices:
                self.appendices.add(index)

    def _below(self, *, roman: bool) -> None:
        """Find the titles below sections: by their numbers, or by type where there are none."""
        top: int | None = None
        begin = min(self.levels, default=len(self.titles))
        free: list[int] = []
        for index, title in enumerate(self.titles):
            if self.levels.get(index) == 1:
                top = next((number[0] for _, number in self.numbers[index]), None)
            if index in self.levels or index < begin:
                continue
            strength = self.strength(self.lines[title.start]) or 2 * bool(title.rest)
            deep = [number[0] for _, number in self.numbers[index] if len(number) > 1]
            lettered = roman and any(kind == "letter" for kind, _ in self.numbers[index])
            if strength and ((deep and (top is None or top in deep)) or lettered):
                self.levels[index] = 2
            elif (
                strength and self._may_be_title(title) and not title.text.endswith((".", ",", ";"))
            ):
                free.append(index)
        tops = {self.key(index)[2] for index, level in self.levels.items() if level == 1}
        known = {self.key(index) for index, level in self.levels.items() if level == 2}
        keys = Counter(self.key(index) for index in free)
        for index in free:
            title = self.titles[index]
            strong = self.strength(self.lines[title.start]) == 2
            short = len(title.text) < _SHORT_TITLE and not self.numbers[index]
            weak = keys[self.key(index)] > 1 and short
            larger = title.style.size >= _LARGER * self.body.size and self.key(index) in known
            placed = self.key(index)[2] or False in tops
            if (
                placed
                and (larger if known else strong or weak)
                and self.gap(title.start) > 1.1 * self.body.size
            ):
                self.levels[index] = 2

    def _in_order(self) -> Iterator[PdfHeading]:
        in_references = False
        for index in sorted(self.levels):
            title, level = self.titles[index], self.levels[index]
            if in_references and level == 2:
                continue
            in_references = level == 1 and title.is_references
            yield replace(title, level=level, appendix=index in self.appendices)
