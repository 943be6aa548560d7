"""Which papers come first. Pure. ``site_src/assets/search/ranking.js`` is the twin of this file.

All numbers are integers, so that both give the same order. A paper's score is BM25's sum, over what
is sought, of its impact in the paper times how rare it is in the archive; what a title has counts
up to twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log
from typing import NamedTuple

from generator.build.search.matching import Matches
from generator.build.search.postings import MOST_IMPACT, TITLE_BIT

ALL, MOST, SOME, MEANING = "all", "most", "some", "meaning"
_SCALE = 1000


class Ranked(NamedTuple):
    """A paper, by its part and its number there."""

    part: int
    paper: int
    tier: str
    score: int


def weights(found: Sequence[int], papers: int) -> list[int]:
    """Return how rare each sought thing is, which ``found`` of all ``papers`` have."""
    return [round(_SCALE * log(1 + (papers - n + 0.5) / (n + 0.5))) for n in found]


def ranked(parts: Sequence[Sequence[Matches]], weight: Sequence[int]) -> list[Ranked]:
    """Return the papers that have anything of what is sought, the best first.

    ``parts`` has for each part, newest first, the matches of each sought thing. Those with all of
    it come before those with most of it, by weight, and these before those with some.
    """
    total = sum(weight)
    found: list[Ranked] = []
    for number, each in enumerate(parts):
        for paper in set().union(*each):
            has = tuple(paper in matches for matches in each)
            own = sum(w for w, one in zip(weight, has, strict=True) if one)
            impacts = [matches.get(paper, 0) for matches in each]
            score = sum(w * (i & MOST_IMPACT) for w, i in zip(weight, impacts, strict=True))
            title = sum(w for w, i in zip(weight, impacts, strict=True) if i & TITLE_BIT)
            score += score * title // max(total, 1)
            tier = ALL if all(has) else MOST if 2 * own >= total else SOME
            found.append(Ranked(number, paper, tier, score))
    return sorted(found, key=_place)


def _place(one: Ranked) -> tuple[int, int, int, int]:
    return (ALL, MOST, SOME).index(one.tier), -one.score, one.part, one.paper
