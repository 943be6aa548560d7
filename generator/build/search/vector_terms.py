"""Which terms of papers have a meaning, and how often each paper has each. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from lunr.stop_word_filter import WORDS as LUNR_STOP_WORDS
from numpy.typing import NDArray

from generator.build.search.reading import PaperWords
from generator.build.search.records import Section
from generator.build.search.words import STOP_WORDS, is_run, stem

# What any abstract says of itself.
_OF_PAPERS = {
    *("approach", "based", "existing", "introduce", "method", "new", "paper", "present", "propose"),
    *("proposed", "result", "results", "show", "use", "used", "using", "via"),
}
TELL_NOTHING = STOP_WORDS | frozenset(LUNR_STOP_WORDS) | _OF_PAPERS


# The parts that each tell by themselves what a paper is about.
_PARTS = (Section.TITLE, Section.ABSTRACT, Section.SUMMARY)
_TOLD = np.isin(np.arange(len(Section)), (*_PARTS, Section.TAGS))  # by section


class Counts(NamedTuple):
    """How often papers have terms, by place: sorted by paper, then by term; each pairing once."""

    papers: NDArray[np.int64]
    terms: NDArray[np.int64]
    counts: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class TermCounts:
    """The terms of ``height`` papers, sorted, and how often each paper has each.

    ``whole`` counts all of a paper, its title twice; ``parts`` its title, abstract, and summary,
    each alone. ``are_runs`` tells which terms are of a script without spaces.
    """

    height: int
    terms: tuple[str, ...]
    are_runs: NDArray[np.bool_]
    parts: tuple[Counts, ...]
    whole: Counts


def term_counts(
    papers: Sequence[PaperWords], vocabulary: Sequence[str], *, most_with_runs: int
) -> TermCounts:
    """Count the terms of papers, whose words are places in ``vocabulary``.

    Runs (of scripts without spaces) are counted in the first ``most_with_runs`` papers with any.
    """
    sections = np.concatenate([np.zeros(0, np.int8), *(paper.sections for paper in papers)])
    sections[sections == Section.PHRASES] = Section.SUMMARY
    numbers = np.concatenate([np.zeros(0, np.int32), *(paper.words for paper in papers)])
    places = np.repeat(np.arange(len(papers)), [len(paper.words) for paper in papers])
    terms, of_word = _terms(vocabulary, np.unique(numbers[_TOLD[sections]]))
    columns = of_word[numbers]
    are_runs = np.array([is_run(term) for term in terms], bool)
    kept = _TOLD[sections] & (columns >= 0)
    runs = kept & np.append(are_runs, False)[columns]
    unwanted = np.unique(places[runs])[most_with_runs:]
    kept &= ~(runs & np.isin(places, unwanted))
    sections, places, columns = sections[kept], places[kept], columns[kept]

    keys = places * len(terms) + columns

    def counted(keys: NDArray[np.int64]) -> Counts:
        found, counts = np.unique(keys, return_counts=True)
        return Counts(*np.divmod(found, max(len(terms), 1)), counts)

    return TermCounts(
        height=len(papers),
        terms=terms,
        are_runs=are_runs,
        parts=tuple(counted(keys[sections == part]) for part in _PARTS),
        whole=counted(np.concatenate([keys, keys[sections == Section.TITLE]])),
    )


def _terms(
    vocabulary: Sequence[str], numbers: NDArray[np.int32]
) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Return the terms of words, sorted, and for each word of the vocabulary its term's place.

    Words that tell nothing have the place -1, and those that are not asked for.
    """
    terms = {number: _term(vocabulary[number]) for number in numbers.tolist()}
    names = tuple(sorted(set(terms.values()) - {""}))
    places = {term: place for place, term in enumerate(names)} | {"": -1}
    of_word = np.full(len(vocabulary), -1)
    of_word[numbers] = [places[term] for term in terms.values()]
    return names, of_word


def _term(word: str) -> str:
    """Return a word's stem, a pair of characters as it is, "" for what tells nothing."""
    return stem(word) if may_tell(word) and word not in TELL_NOTHING else ""


def may_tell(term: str) -> bool:
    """Tell whether a term can have a meaning: no number, no single letter or character."""
    return len(term) > 1 and not "0" <= term[0] <= "9"
