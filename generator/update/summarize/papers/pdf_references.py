"""Where a paper's list of references begins without a title, and where it ends. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate

from generator.update.summarize.papers.pdf_headings import PdfHeading
from generator.update.summarize.papers.pdf_layout import Line

# What every second line of a list of references has, and few other lines.
_CITES = re.compile(
    r"\b(?:1[6-9]|20)\d\d[a-z]?\b|\bdoi\b|arxiv|https?:|\bpp?\.\s?\d|\bvol\.|\bet al\b|\bproc\b"
    r"|proceedings|journal|\bin press\b|university press|\beds?\.|\d+\s?\(\d+\)|\d+[:,]\s?\d+[-–]\d"
    r"|^\[[\w+]{1,8}\]|[A-Z]\.,? (?:and|&) |(?:[A-Z]\. ?){1,3}[A-Z][a-z]+, [A-Z]\."
    r"|^[A-Z][\w'’-]+, [A-Z]\.",
    re.IGNORECASE,
)
_CAPTION = re.compile(r"(?:fig(?:ure|\.)?|table)\s*[A-Z]?[\d.]+\s*[.:|–—]", re.IGNORECASE)
_LABEL = re.compile(r"(?:\[(\d{1,3})\]|(\d{1,3})\.?(?=\s*[^\W\d_]))")
_FEW = 0.25  # of the lines around
_AROUND = 5  # lines before and behind
_LABELS = 5


def end_of_references(lines: Sequence[Line]) -> int:
    """Return how many of the lines behind the title are references."""
    share = _density(lines)
    end = 0
    for index, line in enumerate(lines):
        if share[index] < _FEW or (
            _CAPTION.match(line.text) and max(share[index : index + 9]) < 0.6
        ):
            if index - end > 2 * _AROUND:
                break
            continue
        end = index + 1
    return end if len(lines) - end > 3 else len(lines)


def untitled_references(lines: Sequence[Line]) -> list[PdfHeading]:
    """Return a title where labels ``[1]``, ``[2]`` and on begin a list of references."""
    share = _density(lines)
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


def _density(lines: Sequence[Line]) -> list[float]:
    """Return for each line which share of the lines around it cites something."""
    sums = [0, *accumulate(_CITES.search(line.text[:300]) is not None for line in lines)]
    return [
        (sums[end] - sums[start]) / (end - start)
        for start, end in (
            (max(0, index - _AROUND), min(len(lines), index + _AROUND + 1))
            for index in range(len(lines))
        )
    ]
