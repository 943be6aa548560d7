"""A table of meanings learned from the archive itself: a vector for each of its terms. Pure.

Latent semantic analysis (Deerwester et al., "Indexing by latent semantic analysis", 1990) gives
each paper a vector. But its vectors of terms are made for whole papers; a query is a few words. So
the table is learned anew, by ridge regression: added up over a paper's title alone, its abstract
alone, or its summary alone, the vectors are to come as near as they can to the whole paper's.
Terms of scripts without spaces (summaries in Chinese) are learned against the same vectors, which
only have words of the Latin kind in them: papers with a summary and without one stand in the same
place, and a Chinese query finds what says it in English. docs/search.md has the figures.

A paper's vector is what the table gives for its words. It is kept by product quantisation (Jégou,
Douze and Schmid, "Product quantization for nearest neighbor search", 2011): a byte for each of 24
pieces of the vector names the nearest of 256 pieces in a codebook.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress

import numpy as np
from numpy.typing import NDArray

from generator.build.search.sparse import (
    Floats,
    Sparse,
    directions,
    ridge,
    stacked,
    unit_rows,
)
from generator.build.search.vector_terms import TELL_NOTHING, Counts, TermCounts
from generator.build.search.words import stem

PIECES = 24
CENTROIDS = 256
LARGEST_LEVEL = 7
LARGEST_SCALE = 4095
LARGEST_CODEBOOK = 127

_DIMENSIONS = 144
_FEWEST_PAPERS = 40  # fewer say nothing of what their words mean
# A term must be in so many papers, and may be in this share of them.
_FEWEST, _FEWEST_OF_RUNS, _LARGEST_SHARE = 3, 10, 0.25
_PENALTY, _STEPS = 2.0, 10
_PENALTY_OF_RUNS, _STEPS_OF_RUNS = 0.2, 12


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A vector for each term, ``levels[t] * scales[t]``, whole numbers; ``terms`` is sorted.

    Terms that are too common to tell anything have the scale 0.
    """

    terms: tuple[str, ...]
    levels: NDArray[np.int8]
    scales: NDArray[np.uint16]

    @property
    def dimensions(self) -> int:
        """The length of each vector: a multiple of ``PIECES``."""
        return int(self.levels.shape[1])


@dataclass(frozen=True, slots=True, eq=False)
class Codebook:
    """The pieces that papers' vectors are made of: ``pieces[place, number] / scale``."""

    pieces: NDArray[np.int8]
    scale: int


def learn_table(counts: TermCounts) -> Table:
    """Learn the table from papers; the same papers in the same order give the same table."""
    runs = counts.are_runs
    with_runs = np.zeros(counts.height, bool)
    with_runs[counts.whole.papers[runs[counts.whole.terms]]] = True
    spread = np.bincount(counts.whole.terms, minlength=len(counts.terms))
    fewest = np.where(runs, _FEWEST_OF_RUNS, _FEWEST)
    most = np.where(runs, with_runs.sum(), counts.height) * _LARGEST_SHARE
    usual = (spread >= fewest) & (spread <= most)
    dimensions = min(max(counts.height // 4 // PIECES, 1) * PIECES, _DIMENSIONS)
    if counts.height < _FEWEST_PAPERS or (usual & ~runs).sum() < dimensions:
        nothing = np.zeros((0, PIECES), np.int8)
        return Table((), nothing, np.zeros(0, np.uint16))
    rarity = _rarity(spread, counts.height, usual & ~runs)
    learned, about = _learn_words(counts, rarity, dimensions)
    vectors = np.zeros((len(counts.terms), dimensions), np.float32)
    vectors[usual & ~runs] = learned
    if (usual & runs).any():
        rarity = _rarity(spread, int(with_runs.sum()), usual & runs)
        matrix = _matrix(counts.whole, counts.height, rarity).only(with_runs)
        vectors[usual & runs] = _learn_runs(matrix, about[with_runs]) * rarity[usual & runs, None]
    known = list(compress(counts.terms, usual))
    common = {stem(word) for word in TELL_NOTHING}.difference(known)
    common.update(compress(counts.terms, spread > most))
    nothing = np.zeros((len(common), dimensions), np.float32)
    balanced = vectors[usual] @ _balance(about)
    return _rounded([*known, *sorted(common)], np.concatenate([balanced, nothing]))


def _learn_words(counts: TermCounts, rarity: Floats, dimensions: int) -> tuple[Floats, Floats]:
    """Learn the vectors of words; return them and what they make of the papers."""
    whole = _matrix(counts.whole, counts.height, rarity)
    about = unit_rows(whole @ directions(whole, dimensions))
    about = unit_rows(about - about.mean(axis=0))
    parts = [_matrix(part, counts.height, rarity) for part in counts.parts]
    learned = ridge(stacked(parts), np.concatenate([about] * len(parts)), _PENALTY, _STEPS)
    return learned * rarity[rarity > 0, None], unit_rows(whole @ learned)


def _learn_runs(matrix: Sparse, about: Floats) -> Floats:
    """Learn the terms of scripts without spaces from papers that have some."""
    return ridge(matrix, about - about.mean(axis=0), _PENALTY_OF_RUNS, _STEPS_OF_RUNS)


def _rarity(spread: NDArray[np.int64], papers: int, chosen: NDArray[np.bool_]) -> Floats:
    """Return what each chosen term weighs, by the number of papers that have it; others 0."""
    rarity = np.zeros(len(spread), np.float32)
    rarity[chosen] = np.log(papers / spread[chosen])
    return rarity


def _matrix(counts: Counts, height: int, rarity: Floats) -> Sparse:
    """Return a row of length 1 for each paper: its terms, by frequency and rarity.

    A column is a term that weighs something.
    """
    chosen = rarity > 0
    kept = chosen[counts.terms]
    columns = (np.cumsum(chosen) - 1)[counts.terms[kept]]
    values = np.log1p(counts.counts[kept]).astype(np.float32) * rarity[counts.terms[kept]]
    return Sparse.of(height, int(chosen.sum()), counts.papers[kept], columns, values).unit()


def _balance(vectors: Floats) -> Floats:
    """Return the rotation that gives each piece of a vector as much to tell as any other.

    Principal axes are dealt out so that the variances in each piece have the same product (Ge et
    al., "Optimized product quantization", 2014, section 3.2).
    """
    variances, axes = np.linalg.eigh(np.cov(vectors.T.astype(np.float64)))
    pieces: list[list[int]] = [[] for _ in range(PIECES)]
    told = [0.0] * PIECES
    for axis in reversed(range(len(variances))):
        open_pieces = [p for p in range(PIECES) if len(pieces[p]) < len(variances) // PIECES]
        least = min(open_pieces, key=lambda piece: (told[piece], piece))
        pieces[least].append(axis)
        told[least] += math.log1p(max(variances[axis], 1e-12) / max(variances[0], 1e-9))
    order = [axis for piece in pieces for axis in piece]
    largest = np.abs(axes).argmax(axis=0)
    signs = np.where(axes[largest, np.arange(len(axes))] < 0, -1, 1)
    return np.asarray((axes * signs)[:, order], np.float32)


def _rounded(names: Sequence[str], vectors: Floats) -> Table:
    """Return the table in whole numbers, 4 bits each, with a scale for each term."""
    largest = np.abs(vectors).max(axis=1)
    scales = np.rint(largest / max(float(largest.max()), 1e-12) * LARGEST_SCALE)
    levels = np.rint(vectors / np.maximum(largest, 1e-12)[:, None] * LARGEST_LEVEL)
    order = sorted(range(len(names)), key=names.__getitem__)
    return Table(
        tuple(names[place] for place in order),
        levels[order].astype(np.int8),
        scales[order].astype(np.uint16),
    )


def learn_codebook(vectors: Floats) -> Codebook:
    """Learn the pieces from papers' vectors, by Lloyd's algorithm for each place."""
    width = vectors.shape[1] // PIECES
    pieces = np.zeros((PIECES, CENTROIDS, width), np.float32)
    for place in range(PIECES):
        own = vectors[:, place * width : (place + 1) * width].astype(np.float64)
        if len(own):
            pieces[place] = _centroids(own, place)
    scale = int(LARGEST_CODEBOOK / max(float(np.abs(pieces).max()), 0.01))
    return Codebook(np.rint(pieces * scale).astype(np.int8), scale)


def _centroids(rows: NDArray[np.float64], seed: int) -> NDArray[np.float64]:
    order = np.random.default_rng(seed).permutation(len(rows))
    centroids = rows[np.resize(order, CENTROIDS)]
    for _ in range(8):
        nearest = _nearest(rows, centroids)
        sizes = np.bincount(nearest, minlength=CENTROIDS)
        for column in range(rows.shape[1]):
            sums = np.bincount(nearest, rows[:, column], minlength=CENTROIDS)
            centroids[:, column] = np.where(
                sizes > 0, sums / np.maximum(sizes, 1), centroids[:, column]
            )
    return centroids


def encode(vectors: Floats, codebook: Codebook) -> NDArray[np.uint8]:
    """Return the numbers of the pieces that come nearest to each paper's vector."""
    width = codebook.pieces.shape[2]
    numbers = np.zeros((len(vectors), PIECES), np.uint8)
    for place in range(PIECES):
        own = vectors[:, place * width : (place + 1) * width].astype(np.float64)
        numbers[:, place] = _nearest(own, codebook.pieces[place] / codebook.scale)
    return numbers


def _nearest(rows: NDArray[np.float64], centroids: NDArray[np.float64]) -> NDArray[np.int64]:
    closeness = rows @ centroids.T - (centroids**2).sum(axis=1) / 2
    return np.asarray(closeness.argmax(axis=1))
