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
from itertools import takewhile
from typing import Any

from generator.update.summarize.papers.pdf_candidates import candidates
from generator.update.summarize.papers.pdf_layout import Line
from generator.update.summarize.papers.pdf_titles import (
    ALWAYS,
    APPENDIX,
    CAPTION,
    CERTAIN,
    NUMBERED,
    STATEMENT,
    USUAL,
    Entry,
    PdfHeading,
    bare,
)

_MARKED = re.compile(r"[A-Z][.:)]")
_ABOUT_FLOATS = re.compile(r"\b(?:tables?|figures?)\b", re.IGNORECASE)
_SHORT_TITLE = 70  # characters
_ROWS = 20  # that end with the same number: of more the latest are looked at
_LEAST_GAP = 1.1  # of a title's size


def find_headings(
    lines: Sequence[Line], outline: Sequence[Entry], words: frozenset[str]
) -> list[PdfHeading]:
    """Return the titles of sections and of what is below them, in the order of the lines.

    ``words`` are the paper's, which tell how a broken one is written.
    """
    return list(_Finder(tuple(candidates(lines, outline, words)), outline).find())


class _Finder:
    """What is known of the lines that may be titles: ``levels`` of those that are, by index."""

    def __init__(self, titles: Sequence[PdfHeading], outline: Sequence[Entry]) -> None:
        self.titles, self.outline = titles, outline
        self.levels: dict[int, int] = {}
        self.appendices: set[int] = set()

    def find(self) -> Iterator[PdfHeading]:
        chain, roman = self._chain()
        self._by_outline(chain)
        if self.levels and self.levels.keys().isdisjoint(chain):
            # Either the numbers are a list's, or the outline is of something else.
            if len(self.levels) >= max(3, len(chain)):
                chain = []
            else:
                self.levels.clear()
        self.levels.update(dict.fromkeys(chain, 1))
        ordered = bool(self.levels)
        self._by_name(chain, ordered=ordered)
        self._by_style(ordered=ordered)
        self._lettered(max(chain, default=-1), roman=roman)
        self._below(roman=roman)
        in_references = False
        for index in sorted(self.levels):
            title = self.titles[index]
            level = 1 if title.is_references else self.levels[index]
            in_references = title.is_references if level == 1 else in_references
            if level == 1 or not in_references:
                yield replace(title, level=level, appendix=index in self.appendices)

    def _at(self, level: int) -> list[PdfHeading]:
        return [self.titles[index] for index, found in self.levels.items() if found == level]

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
        before_references = takewhile(lambda title: not title.is_references, self.titles)
        for index, title in enumerate(before_references):
            numbers = [n[0] for k, n in title.numbers if k == kind and len(n) == 1]
            if not numbers or title.rest:
                continue
            worth = 2.0 if title.strength == 2 else 0.3
            rows = [*ends.get(numbers[0] - 1, ()), *ends.get(numbers[0] - 2, ())]
            options = [
                (row[0] + worth + _kinship(self.titles[row[1]], title), index, row) for row in rows
            ]
            if numbers[0] <= 1:
                options.append((worth, index, None))
            if options:
                longest = max(options, key=lambda option: option[0])
                ends.setdefault(numbers[0], []).append(longest)
                del ends[numbers[0]][:-_ROWS]
                if longest[0] > best[0] and (longest[2] or _is_certain(title)):
                    best = longest
        path: list[int] = []
        row: Any = best
        while row and row[1] >= 0:
            path.append(row[1])
            row = row[2]
        return best[0], path[::-1]

    def _by_outline(self, chain: Sequence[int]) -> None:
        """Find the outline's entries on their pages; they count if at least half are there.

        Sections are as deep as those of the ``chain`` of numbers. Where there is none, a first
        entry that is alone on its level is the paper's own title.
        """
        places: dict[tuple[int, str], int] = {}
        for index, title in enumerate(self.titles):
            places.setdefault((title.page, bare(title.text)), index)
        found: dict[int, int] = {}
        for entry in self.outline:
            name = bare(entry.title)
            for page in (entry.page, entry.page + 1, entry.page - 1):
                if name and (page, name) in places:
                    found[places[page, name]] = entry.depth
                    break
        if not found or 2 * len(found) < len(self.outline):
            return
        every = Counter(found.values())
        chained = Counter(found[index] for index in chain if index in found)
        top = min((depth for depth in every if every[depth] > 1), default=min(every))
        top = chained.most_common(1)[0][0] if chained else top
        for index, depth in found.items():
            deep = any(len(number) > 1 for _, number in self.titles[index].numbers)
            if depth >= top:
                self.levels[index] = 1 if depth == top and not deep else 2

    def _by_name(self, chain: Sequence[int], *, ordered: bool) -> None:
        """Take what is named as only sections are; around ``ordered`` ones, less is needed."""
        first = min(self.levels, default=len(self.titles))
        for index, title in enumerate(self.titles):
            always = ALWAYS.fullmatch(title.name)
            if always and title.name.lower() == "abstract":
                always = always if index < first else None
            certain = CERTAIN.fullmatch(title.name)
            around = not chain or not chain[0] < index < chain[-1]
            usual = not ordered and (certain or USUAL.fullmatch(title.name))
            if always or usual or (certain and around and title.strength == 2):
                self.levels.setdefault(index, 1)

    def _by_style(self, *, ordered: bool) -> None:
        """Take what is set as the known sections are for sections, too."""
        seeds = self._at(1)
        below = {title.key for title in self._at(2)}
        keys = Counter(title.key for title in seeds if title.key not in below)
        usual = {key for key, count in keys.items() if count > 1 or len(seeds) < 3}
        gap = min((title.gap for title in seeds), default=0.0)
        first = min((index for index in self.levels if self.levels[index] == 1), default=0)
        for index, title in enumerate(self.titles[first:], first):
            if index in self.levels or title.key not in usual or not _may_be_title(title):
                continue
            known = CERTAIN.fullmatch(title.name) or USUAL.fullmatch(title.name)
            deep = any(len(number) > 1 for _, number in title.numbers)
            apart = not ordered and title.gap > 0.9 * gap
            if not deep and (known or title.larger or apart):
                self.levels[index] = 1

    def _lettered(self, last: int, *, roman: bool) -> None:
        """Find appendices: by their word, or by letters that go on behind the ``last`` section."""
        tops = {title.key for title in self._at(1)}
        letter, begun, chained = 0, False, last >= 0
        start = 1 + max(last, min(self.levels, default=0))
        for index, title in enumerate(self.titles[start:], start):
            begun = begun or title.is_references
            word = APPENDIX.fullmatch(title.text) and not _ABOUT_FLOATS.search(title.text)
            number = next((n[0] for k, n in title.numbers if k == "letter" and len(n) == 1), 0)
            follows = number - letter in (1, 2) and (begun or bool(word) or not roman)
            if number == 1 and not (begun or chained or _MARKED.match(title.text)):
                follows = False  # "A Design" is an article and a noun
            alike = title.strength and (title.key in tops or (begun and title.strength == 2))
            if _may_be_title(title) and (word or (follows and alike)):
                letter, begun = number or letter, True
                self.levels[index] = 1
                self.appendices.add(index)
            elif self.levels.get(index) == 1 and self.appendices:
                self.appendices.add(index)

    def _below(self, *, roman: bool) -> None:
        """Find the titles below sections: by their numbers, or by type where there are none."""
        top: int | None = None
        free: list[int] = []
        first = min(self.levels, default=len(self.titles))
        for index, title in enumerate(self.titles[first:], first):
            if self.levels.get(index) == 1:
                top = next((number[0] for _, number in title.numbers), None)
            if index in self.levels or not (title.strength or title.rest):
                continue
            deep = [number[0] for _, number in title.numbers if len(number) > 1]
            lettered = roman and any(kind == "letter" for kind, _ in title.numbers)
            if lettered or (deep and (top is None or top in deep)):
                self.levels[index] = 2
            elif _may_be_title(title) and not title.text.endswith((".", ",", ";")):
                free.append(index)
        known = {title.key for title in self._at(2)}
        indented = any(not title.at_margin for title in self._at(1))
        keys = Counter(self.titles[index].key for index in free)
        for index in free:
            title = self.titles[index]
            short = len(title.text) < _SHORT_TITLE and not title.numbers
            set_off = title.strength == 2 or (short and keys[title.key] > 1)
            alike = title.larger and title.key in known
            placed = (title.at_margin or indented) and title.gap > _LEAST_GAP * title.style.size
            if placed and (alike if known else set_off):
                self.levels[index] = 2


def _is_certain(title: PdfHeading) -> bool:
    found = NUMBERED.fullmatch(title.name)
    return found is not None and CERTAIN.fullmatch(found["title"]) is not None


def _may_be_title(title: PdfHeading) -> bool:
    return not (CAPTION.match(title.text) or STATEMENT.match(title.text) or title.rest)


def _kinship(title: PdfHeading, following: PdfHeading) -> float:
    """Return how much two titles look like neighbours: in one type, with text between."""
    between = following.start - title.end
    return 0.3 * (title.key == following.key) + min(between, 60) / 60
