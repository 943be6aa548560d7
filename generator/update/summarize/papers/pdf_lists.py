"""Lists of a PDF that are not read: where contents and references begin and end. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate, pairwise

from generator.update.summarize.papers.pdf_layout import Line
from generator.update.summarize.papers.pdf_titles import CAPTION, PdfHeading, bare, has_leaders

# What every second line of a list of references has, and few other lines.
_CITES = re.compile(
    r"\b(?:1[6-9]|20)\d\d[a-z]?\b|\bdoi\b|arxiv|https?:|\bpp?\.\s?\d|\bvol\.|\bet al\b|\bproc\b"
    r"|proceedings|journal|\bin press\b|university press|\beds?\.|\d+\s?\(\d+\)|\d+[:,]\s?\d+[-–]\d"
    r"|^\[[\w+]{1,8}\]|[A-Z]\.,? (?:and|&) |(?:[A-Z]\. ?){1,3}[A-Z][a-z]+, [A-Z]\."
    r"|^[A-Z][\w'’-]+, [A-Z]\.",
    re.IGNORECASE,
)
_PAGE = re.compile(r"\s(\d{1,3}|[ivxl]{1,6})$")
_CONTENTS = re.compile(r"(?:table of )?contents|list of (?:figures|tables)", re.IGNORECASE)
_ENTRIES = 4
_LABEL = re.compile(r"(?:\[(\d{1,3})\]|(\d{1,3})\.?(?=\s*[^\W\d_]))")
_FEW = 0.25  # of the lines around
_AROUND = 5  # lines before and behind
_FAR = 25  # lines: so long no reference is
_LABELS = 5


def without_contents(lines: Sequence[Line]) -> list[Line]:
    """Return the lines without tables of contents.

    These are lines one below the other that end with rising numbers, and most of which come again
    or have dots before the number.
    """
    entries = [_entry(line.text) for line in lines]
    titles = {bare(line.text) for line in lines}
    kept: list[Line] = []
    begin = 0
    while begin < len(lines):
        end, found = begin + 1, []
        for index in range(begin, len(lines) if entries[begin][0] else begin):
            if entries[index][0]:
                end = index + 1
                found.append(entries[index])
            elif index - end > 2:
                break
        again = sum(name in titles or led for name, led in {(name, led) for name, _, led in found})
        rises = sum(before[1] <= after[1] for before, after in pairwise(found))
        if again >= max(_ENTRIES, len(found) / 2) and rises > 0.9 * (len(found) - 2):
            while kept and _CONTENTS.fullmatch(kept[-1].text):
                kept.pop()
        else:
            kept += lines[begin:end]
        begin = end
    return kept


def _entry(text: str) -> tuple[str, int, bool]:
    """Return title ("": none) and page in a line of a table of contents, and if dots join them."""
    found = _PAGE.search(text)
    if not found or sum(map(str.isalpha, text[: found.start()])) < 3:
        return "", 0, False
    page = int(found[1]) if found[1].isdecimal() else 0
    return bare(text[: found.start()].rstrip(" .·…")), page, has_leaders(text)


def without_references(lines: Sequence[Line]) -> list[Line]:
    """Return what stands among or behind the references whose title is before these lines."""
    cites = [_cites(line.text) for line in lines]
    share = _density(cites)
    kept: list[int] = []
    floats, end = False, 0
    for index, line in enumerate(lines):
        if CAPTION.match(line.text):
            floats = True
        elif floats and sum(cites[index : index + 6]) > 4:
            floats = False
        if floats:
            kept.append(index)
        elif share[index] >= _FEW:
            end = index + 1
        elif index - end > _FAR:
            break
    behind = lines[end:] if len(lines) - end > _AROUND else ()
    return [*(lines[index] for index in kept if index < end or not behind), *behind]


def untitled_references(lines: Sequence[Line]) -> list[PdfHeading]:
    """Return a title where labels ``[1]``, ``[2]`` and on begin a list of references."""
    share = _density([_cites(line.text) for line in lines])
    best: list[int] = []
    for begin, line in enumerate(lines):
        if begin < len(lines) // 4 or _label(line) != 1 or (best and begin <= best[-1]):
            continue
        chain = [begin]
        for index in range(begin + 1, len(lines)):
            if _label(lines[index]) == len(chain) + 1:
                chain.append(index)
            elif index - chain[-1] > 25:
                break
        cited = sum(share[index] for index in chain) / len(chain)
        if len(chain) >= max(_LABELS, len(best)) and cited > 0.4:
            best = chain
    return [PdfHeading(best[0], best[0], "References", lines[best[0]].style, 1)] if best else []


def _label(line: Line) -> int:
    found = _LABEL.match(line.text)
    return int(found[1] or found[2]) if found else 0


def _cites(text: str) -> bool:
    """Tell whether a line may be of a reference: by what it names, or because it is all names."""
    words = text.split()
    names = sum(word[:1].isupper() for word in words)
    return _CITES.search(text[:300]) is not None or (
        text.count(",") > 1 and names > 0.6 * len(words) > 1
    )


def _density(cites: Sequence[bool]) -> list[float]:
    """Return for each line which share of the lines around it cites something."""
    sums = [0, *accumulate(cites)]
    return [
        (sums[end] - sums[start]) / (end - start)
        for start, end in (
            (max(0, index - _AROUND), min(len(cites), index + _AROUND + 1))
            for index in range(len(cites))
        )
    ]
