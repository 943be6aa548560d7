"""Which papers are like a paper: BM25 over title, tags and abstract, in lunr's own words.

A paper is a vector over its terms: words as lunr's pipeline makes them (trimmed, no stop words,
Porter stems), pairs of neighbouring words ("speculative decoding" says more than its halves), and
tags. A term weighs what lunr gives it, BM25's saturated frequency times the inverse document
frequency (https://lunrjs.com/docs/lunr.Builder.html; Robertson and Zaragoza, "The Probabilistic
Relevance Framework: BM25 and Beyond", 2009, with the fields weighted as in section 3.6). Vectors
have length 1, so the likeness of two papers, their product, is between 0 and 1 in any archive.
"""

from __future__ import annotations

import re
from array import array
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from zlib import crc32

import numpy as np
from lunr import get_default_builder
from numpy.typing import NDArray

from generator.build.archive.archive import Archive, Entry
from generator.core.parallel import Workers
from generator.markup.text import plain

# Tuned by how like each other the summaries are of papers that it brings together.
_TITLE, _TAG, _ABSTRACT = 3.0, 2.0, 1.0
_PAIR = 0.4  # of what a word weighs in its place
_K1, _B = 1.2, 0.75  # lunr's
# A paper is asked for by its strongest terms: more change little and cost much, for the rest is
# what half of the archive has.
_TERMS = 32
# Papers less like each other than this share no more than some general words: their summaries are
# often no more alike than those of any two. One term alone, however rare, never makes it.
_FLOOR, _LARGEST = 0.075, 0.05
# Weights are whole numbers, so that sums are exact, whatever their order.
_ONE = 1 << 15

_Numbers = NDArray[np.int32] | NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Related:
    """The statistics of an archive, ready to be asked about each of its papers.

    ``ids`` is sorted. Each pairing of a paper and a term of at least two papers is there twice:
    ``terms`` and ``weights`` by paper, those of paper ``p`` from ``of_paper[p]`` to
    ``of_paper[p + 1]``; ``papers`` and ``weights_by_term`` likewise by term.
    """

    ids: tuple[str, ...]
    places: dict[str, int]
    of_paper: _Numbers
    terms: _Numbers
    weights: _Numbers
    of_term: _Numbers
    papers: _Numbers
    weights_by_term: _Numbers

    @classmethod
    def of(cls, archive: Archive) -> Related:
        """Count an archive's words and weigh them."""
        ids = tuple(sorted(archive.listed))
        sizes, keys, counts = _counted(archive, ids)
        papers = np.repeat(np.arange(len(ids), dtype=np.int32), sizes)
        terms, spread = np.unique(keys, return_inverse=True, return_counts=True)[1:]
        del keys  # for five years of papers each of these rows takes 70 MB
        lengths = np.bincount(papers, counts, minlength=len(ids))
        average = max(lengths.sum(), 1) / max(len(ids), 1)
        saturation = (_K1 * (1 - _B + _B * lengths / average)).astype(np.float32)[papers]
        idf = np.log(1 + (len(ids) - spread + 0.5) / (spread + 0.5)).astype(np.float32)
        weights = idf[terms] * (_K1 + 1) * counts / (saturation + counts)
        norms = np.sqrt(np.bincount(papers, weights**2, minlength=len(ids)))
        shared = spread[terms] > 1
        whole = np.rint(weights / norms[papers] * _ONE)[shared].astype(np.int32)
        papers, terms = papers[shared], terms[shared]
        by_term = np.argsort(terms, kind="stable")
        return cls(
            ids=ids,
            places={identifier: place for place, identifier in enumerate(ids)},
            of_paper=_starts(papers, len(ids)),
            terms=terms,
            weights=whole,
            of_term=_starts(terms[by_term], len(spread)),
            papers=papers[by_term],
            weights_by_term=whole[by_term],
        )

    def to(self, identifier: str, count: int = 5) -> tuple[str, ...]:
        """Return the ids of the papers most like one, best first; at most ``count``, maybe none.

        Papers that are equally like it come in the order of their ids.
        """
        place = self.places[identifier]
        own = slice(self.of_paper[place], self.of_paper[place + 1])
        strongest = np.lexsort((self.terms[own], -self.weights[own]))[:_TERMS]
        terms, weights = self.terms[own][strongest], self.weights[own][strongest]
        begins = self.of_term[terms]
        sizes = self.of_term[terms + 1] - begins
        # The numbers begins[0], begins[0] + 1, ... of the first term, then those of the second...
        at = np.repeat(begins - np.cumsum(sizes) + sizes, sizes) + np.arange(sizes.sum())
        products = self.weights_by_term[at] * np.repeat(weights, sizes)
        products = np.minimum(products, int(_LARGEST * _ONE**2))
        scores = np.bincount(self.papers[at], products, minlength=len(self.ids))
        scores[place] = 0
        like = np.flatnonzero(scores >= _FLOOR * _ONE**2)
        best = like[np.argsort(-scores[like], kind="stable")[:count]]
        return tuple(self.ids[other] for other in best)


def _counted(
    archive: Archive, ids: Sequence[str]
) -> tuple[NDArray[np.int64], NDArray[np.uint64], NDArray[np.float32]]:
    """Return how many terms each paper has; then, by paper, each term's key and weighted count."""

    def count(identifier: str) -> tuple[str, array[int], array[float]]:
        found = _term_counts(archive.listed[identifier][-1])
        return identifier, array("Q", found), array("f", found.values())

    counted = {i: (k, c) for chunk in Workers(count, ids).results() for i, k, c in chunk}
    sizes, keys, counts = array("q"), array("Q"), array("f")
    for identifier in ids:
        own_keys, own_counts = counted.pop(identifier)
        sizes.append(len(own_keys))
        keys.extend(own_keys)
        counts.extend(own_counts)
    return np.asarray(sizes), np.asarray(keys), np.asarray(counts)


def _term_counts(entry: Entry) -> dict[int, float]:
    counts: dict[int, float] = defaultdict(float)
    for weight, words in _fields(entry):
        for word in words:
            counts[word] += weight
        for first, second in pairwise(words):
            counts[first << 32 | second] += weight * _PAIR
    for tag in entry.tags:
        counts[_key(f"tag {tag}")] += _TAG
    return counts


_ADDRESS = re.compile(r"https?://\S+")
_WORD = re.compile(r"\w\w+")


def _fields(entry: Entry) -> Iterator[tuple[float, list[int]]]:
    """Yield the fields that hold text, each with its weight and the keys of its words."""
    abstract = entry.paper.abstract
    if entry.paper.abstract_is_excerpt:
        abstract = abstract.rpartition(" ")[0]  # the last word is cut
    for weight, text in ((_TITLE, entry.texts.title), (_ABSTRACT, plain(abstract))):
        words = _WORD.findall(_ADDRESS.sub(" ", text).lower())
        yield weight, [key for key in map(_word_key, words) if key]


_PIPELINE = get_default_builder().pipeline


@lru_cache(maxsize=200_000)
def _word_key(word: str) -> int:
    """Return the key of what lunr makes of a word; 0 for a stop word, and for a bare number."""
    return 0 if word.isdigit() else _key("".join(_PIPELINE.run_string(word)))


def _key(term: str) -> int:
    """Return a number for a term, the same in every process; two terms share one in 4 billion."""
    return crc32(term.encode())


def _starts(sorted_numbers: _Numbers, count: int) -> _Numbers:
    """Return where each number begins in a sorted row of them, and the end of all."""
    return np.searchsorted(sorted_numbers, np.arange(count + 1))
