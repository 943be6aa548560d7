"""Words put right. Pure. ``site_src/assets/search/spelling.js`` is the twin of this file."""

from __future__ import annotations

from collections.abc import Mapping


def nearest(word: str, known: Mapping[str, int]) -> str:
    """Return the known word nearest to one that is not known, the more common first; "" for none.

    ``known`` has in how many papers each word is. One letter may be wrong, from eight letters on
    two; of words with three letters or less none.
    """
    most = 0 if len(word) < 4 else 1 if len(word) < 8 else 2
    best = (most + 1, 0, "")
    for candidate, papers in known.items():
        away = distance(word, candidate, min(best[0], most))
        if away <= most and (away, -papers, candidate) < best:
            best = (away, -papers, candidate)
    return best[2]


def completed(word: str, known: Mapping[str, int]) -> str:
    """Return the most common known word that begins so; "" for none, and for two letters."""
    longer = [other for other in known if other.startswith(word)] if len(word) > 2 else []
    return min(longer, key=lambda other: (-known[other], other), default="")


def distance(one: str, other: str, most: int) -> int:
    """Return how many letters part two words, or ``most + 1`` for more.

    A letter is added, left out or another, or two change places (Damerau, "A technique for computer
    detection and correction of spelling errors", 1964).
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    above = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, opposite in enumerate(other, 1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (letter != opposite))
            swapped = i > 1 < j and letter == other[j - 2] and one[i - 2] == opposite
            row.append(min(cost, before[j - 2] + 1) if swapped else cost)
        if min(row) > most:
            return most + 1
        before, above = above, row
    return above[-1]
