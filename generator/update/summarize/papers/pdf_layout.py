"""The lines of a PDF's pages: which belong to the text, and in which order they are read. Pure."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

_STAMP = re.compile(r"arXiv:\S{1,30}v\d+\s*\[", re.IGNORECASE)
_PAGE_NUMBER = re.compile(
    r"\W*(?:(?:page\s*)?\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?|[ivxl]{1,6})\W*", re.IGNORECASE
)
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Line:
    """A piece of one line of text; points from the page's lower left corner.

    ``bold`` says that it begins and ends so.
    """

    page: int
    text: str
    left: float
    right: float
    bottom: float
    height: float
    bold: bool


def reading_order(lines: Sequence[Line]) -> list[Line]:
    """Return all lines as they are read, without running heads and page numbers.

    Pieces of one line that end up next to each other are one line again.
    """
    pages: dict[int, list[Line]] = {}
    for line in lines:
        pages.setdefault(line.page, []).append(line)
    whole = [_joined(_by_column(page)) for page in pages.values()]
    return [line for page in _without_margins(whole) for line in page]


def _by_column(page: list[Line]) -> list[Line]:
    """Return a page's lines, column after column.

    Nearly every PDF has them so; those that have not, jump from column to column all the time.
    """
    left, right = min(line.left for line in page), max(line.right for line in page)
    middle, tolerance = (left + right) / 2, (right - left) / 50
    sides = [
        0 if line.right <= middle + tolerance else 1 if line.left >= middle - tolerance else 2
        for line in page
    ]
    wide = [
        side
        for line, side in zip(page, sides, strict=True)
        if line.right - line.left > 15 * tolerance
    ]
    if min(wide.count(0), wide.count(1)) < 5 or 2 * wide.count(2) > len(wide):
        return page
    columns = [side for side in sides if side != 2]
    jumps = sum(before != after for before, after in pairwise(columns))
    if jumps <= max(5, len(columns) // 4):
        return page
    # What spans both columns divides the page into bands, each of which is read left, then right.
    across = sorted(-line.bottom for line, side in zip(page, sides, strict=True) if side == 2)

    def place(pair: tuple[Line, int]) -> tuple[int, int, int, float]:
        line, side = pair
        band = bisect_left(across, -line.bottom - line.height / 2)
        return band, side, -round(line.bottom), line.left

    return [line for line, _ in sorted(zip(page, sides, strict=True), key=place)]


def _joined(page: list[Line]) -> list[Line]:
    joined: list[Line] = []
    for line in page:
        last = joined[-1] if joined else None
        if (
            last
            and abs(last.bottom - line.bottom) < 0.3 * max(last.height, line.height)
            and line.left >= last.right - 1
        ):
            joined[-1] = replace(
                last,
                text=f"{last.text} {line.text}",
                right=line.right,
                bold=last.bold and line.bold,
            )
        else:
            joined.append(line)
    return joined


def _without_margins(pages: list[list[Line]]) -> list[list[Line]]:
    """Return the pages without the lines at their edges that repeat, or only number them."""
    edges = [_edges(page) for page in pages]
    counts = Counter(
        key
        for page, edge in zip(pages, edges, strict=True)
        for key in {_key(line) for line in page if round(line.bottom) in edge}
    )
    often = max(3, len(pages) // 5)

    def marginal(line: Line, edge: set[int]) -> bool:
        if round(line.bottom) not in edge:
            return line.page == 0 and _STAMP.match(line.text) is not None
        return bool(counts[_key(line)] >= often or _PAGE_NUMBER.fullmatch(line.text.strip()))

    return [
        [line for line in page if not marginal(line, edge)]
        for page, edge in zip(pages, edges, strict=True)
    ]


def _edges(page: list[Line]) -> set[int]:
    """Return where the highest two and lowest two lines are: running heads and feet are there."""
    bottoms = sorted({round(line.bottom) for line in page})
    return {*bottoms[:2], *bottoms[-2:]}


def _key(line: Line) -> str:
    return _NUMBER.sub("#", " ".join(line.text.split())).casefold()


def body_height(lines: Sequence[Line]) -> float:
    """Return the height of most of the text, in points."""
    return median([line.height for line in lines for _ in range(1 + len(line.text) // 20)] or [0.0])
