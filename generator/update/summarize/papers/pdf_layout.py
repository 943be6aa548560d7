"""The lines of a PDF's pages: which belong to the text, and in which order they are read. Pure."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

_STAMP = re.compile(r"arXiv:\S{1,30}v\d+\s*\[", re.IGNORECASE)
_PAGE_NUMBER = re.compile(
    r"\W*(?:(?:page\s*)?\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?|[ivxl]{1,6})\W*", re.IGNORECASE
)
_NUMBER = re.compile(r"\d+")
SECTION_NUMBER = re.compile(r"(?:[A-Z]|[IVX]{1,5}|\d{1,2})(?:\.\d{1,2})*[.:)]?\s*")
OWN = 0.6  # of a line's letters are in one type, or it is mixed
_CODE = re.compile(r"mono|typewriter|courier|consol|cmtt|sftt|ectt", re.IGNORECASE)
_LINE_NUMBERS = 20  # fewer numbers one below the other are a table's


@dataclass(frozen=True, slots=True)
class Style:
    """The type that letters are set in: the font's name, points, and whether it is bold."""

    font: str
    size: float
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A piece of one line of text; points from the page's lower left corner.

    ``base`` is where its letters stand, ``style`` the type of most of them. ``first`` is the type
    that it begins with, and ``lead`` how many characters have it ere another follows (0: all);
    a number at the beginning counts as what follows it. ``second`` is a type that much else has.
    """

    page: int
    text: str
    left: float
    right: float
    base: float
    style: Style
    first: Style
    lead: int = 0
    second: Style | None = None

    @property
    def size(self) -> float:
        """Return the size of its letters, in points."""
        return self.style.size


def reading_order(lines: Iterable[Line]) -> list[Line]:
    """Return all lines as they are read, without running heads, page and line numbers.

    Pieces of one line that end up next to each other are one line again.
    """
    numbered = _without_line_numbers(list(lines))
    pages = [list(page) for _, page in groupby(numbered, key=lambda line: line.page)]
    whole = [_joined(_by_column(page)) for page in pages]
    return [line for page in _without_margins(whole) for line in page]


def body_style(lines: Sequence[Line]) -> Style:
    """Return the type that most of the text is set in."""
    counts: Counter[Style] = Counter()
    for line in lines:
        counts[line.style] += 0 if _CODE.search(line.style.font) else len(line.text)
    return counts.most_common(1)[0][0] if counts else Style("", 10.0)


def _without_line_numbers(lines: list[Line]) -> list[Line]:
    """Return the lines without the numbers that journals put beside each, or each fifth."""
    places: dict[tuple[str, int], list[Line]] = {}
    for line in lines:
        if line.text.isdecimal() and len(line.text) < 5:
            places.setdefault(("left", round(line.left / 4)), []).append(line)
            places.setdefault(("right", round(line.right / 4)), []).append(line)
    lefts: dict[int, list[float]] = {}
    for line in sorted(lines, key=lambda line: line.left):
        if not line.text.isdecimal():
            lefts.setdefault(line.page, [0.0]).append(line.left)
    numbers: set[int] = set()
    for found in places.values():
        found.sort(key=lambda line: (line.page, -line.base))
        steps = Counter(int(b.text) - int(a.text) for a, b in pairwise(found))
        even = max(steps[1], steps[5]) > 0.8 * (len(found) - 1)
        # Beside the text: few lines begin farther left, or most do.
        pages = [(line.left, lefts.get(line.page, [0.0])) for line in found]
        beside = sum(bisect_left(page, left) / len(page) for left, page in pages) / len(pages)
        if len(found) >= _LINE_NUMBERS and even and not 0.15 < beside < 0.9:
            numbers.update(map(id, found))
    return [line for line in lines if id(line) not in numbers]


def _by_column(page: list[Line]) -> list[Line]:
    """Return a page's lines, column after column.

    Nearly every PDF has them so; those that have not, jump from column to column all the time.
    Only lines of prose count: the cells of a table are to stay in their rows.
    """
    if not page:
        return page
    left, right = min(line.left for line in page), max(line.right for line in page)
    middle, tolerance = (left + right) / 2, (right - left) / 50
    sides = [
        0 if line.right <= middle + tolerance else 1 if line.left >= middle - tolerance else 2
        for line in page
    ]
    wide = [
        side
        for line, side in zip(page, sides, strict=True)
        if line.right - line.left > 17 * tolerance
    ]
    jumps = sum(before != after for before, after in pairwise(wide) if 2 not in (before, after))
    if min(wide.count(0), wide.count(1)) < 5 or jumps <= max(5, len(wide) // 4):
        return page
    # What spans both columns divides the page into bands, each of which is read left, then right.
    across = sorted(-line.base for line, side in zip(page, sides, strict=True) if side == 2)

    def place(pair: tuple[Line, int]) -> tuple[int, int, int, float]:
        line, side = pair
        band = bisect_left(across, -line.base - line.size / 2)
        return band, side, -round(line.base), line.left

    return [line for line, _ in sorted(zip(page, sides, strict=True), key=place)]


def _joined(page: list[Line]) -> list[Line]:
    joined: list[Line] = []
    pieces: list[Line] = []
    for line in page:
        if pieces and not _is_beside(pieces[-1], line):
            joined.append(_whole(pieces))
            pieces = []
        pieces.append(line)
    return [*joined, _whole(pieces)] if pieces else joined


def _is_beside(last: Line, line: Line) -> bool:
    """Tell whether a piece goes on with a line: what is far must be exactly as high."""
    gap, size = line.left - last.right, max(last.size, line.size)
    return gap >= -1 and abs(last.base - line.base) < (0.3 if gap < 3 * size else 0.03) * size


def _whole(pieces: list[Line]) -> Line:
    """Return one line of its pieces."""
    if len(pieces) == 1:
        return pieces[0]
    first, lead = pieces[0], 0
    if SECTION_NUMBER.fullmatch(first.text):  # of a title, perhaps: what follows tells its type
        first = replace(first, style=pieces[1].style, first=pieces[1].first)
        pieces = [first, *pieces[1:]]
    for piece in pieces:
        if piece.first != first.first:
            break
        lead += piece.lead or len(piece.text) + 1
        if piece.lead:
            break
    text = " ".join(piece.text for piece in pieces)
    style = max(pieces, key=lambda piece: len(piece.text)).style
    lead = 0 if lead > len(text) else lead
    others: Counter[Style] = Counter()
    for piece in pieces:
        others[piece.second or piece.style] += len(piece.text)
    own = others.pop(style, 0)
    second = others.most_common(1)[0][0] if own < OWN * len(text) and others else None
    return Line(
        page=first.page,
        text=text,
        left=first.left,
        right=pieces[-1].right,
        base=first.base,
        style=style,
        first=first.first,
        lead=lead,
        second=second,
    )


def _without_margins(pages: list[list[Line]]) -> list[list[Line]]:
    """Return the pages without the lines at their edges that repeat, or only number them.

    What is close to the text must be the same on several pages; of what is apart numbers may vary.
    """
    edges = [_edges(page) for page in pages]
    counts = Counter(
        key
        for page, edge in zip(pages, edges, strict=True)
        for key in {key for line in page if round(line.base) in edge for key in _keys(line)}
    )
    often = max(2, len(pages) // 6)

    def marginal(line: Line, edge: dict[int, bool]) -> bool:
        if _STAMP.match(line.text):
            return True
        if round(line.base) not in edge:
            return False
        same, alike = (counts[key] >= often for key in _keys(line))
        return (
            same
            or (alike and edge[round(line.base)])
            or _PAGE_NUMBER.fullmatch(line.text) is not None
        )

    return [
        [line for line in page if not marginal(line, edge)]
        for page, edge in zip(pages, edges, strict=True)
    ]


def _edges(page: list[Line]) -> dict[int, bool]:
    """Return where the outer two lines above and below are, and whether they are apart."""
    places = sorted({round(line.base) for line in page})
    steps = [after - before for before, after in pairwise(places)]
    usual = sorted(steps)[len(steps) // 2] if steps else 0
    found: dict[int, bool] = {}
    for side, gaps in ((places, steps), (places[::-1], steps[::-1])):
        apart = [gap > 1.25 * usual for gap in gaps[:2]]
        for index, place in enumerate(side[:2]):
            found[place] = found.get(place, False) or any(apart[index:])
    return found


def _keys(line: Line) -> tuple[tuple[str, int], tuple[str, int]]:
    """Return what a running head has on each page: words and height, with and without numbers."""
    text, height = line.text.casefold(), round(line.base / 4)
    return (text, height), (_NUMBER.sub("#", text) + " ", height)
