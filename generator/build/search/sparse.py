"""Sparse matrices, as little of them as training vectors needs, with numpy alone. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Sparse:
    """A matrix by rows: row ``r`` has ``values`` at ``columns`` from ``starts[r]`` on.

    Its numbers end where the next row's begin; ``starts`` has the end of all as its last.
    """

    width: int
    starts: Integers
    columns: Integers
    values: Floats

    @classmethod
    def of(
        cls, height: int, width: int, rows: Integers, columns: Integers, values: Floats
    ) -> Sparse:
        """Make a matrix of its numbers with their places, given in any order, each place once."""
        order = np.lexsort((columns, rows))
        starts = np.searchsorted(rows[order], np.arange(height + 1))
        return cls(width, starts, columns[order], values[order].astype(np.float32))

    @property
    def height(self) -> int:
        """The number of rows."""
        return len(self.starts) - 1

    @property
    def rows(self) -> Integers:
        """The row of each number."""
        return np.repeat(np.arange(self.height), np.diff(self.starts))

    def transposed(self) -> Sparse:
        """Return the matrix with rows and columns changed over."""
        return Sparse.of(self.width, self.height, self.columns, self.rows, self.values)

    def unit(self) -> Sparse:
        """Return it with rows of length 1; rows without numbers stay so."""
        norms = np.sqrt(np.bincount(self.rows, self.values**2, minlength=self.height))
        scaled = self.values / np.maximum(norms, 1e-12)[self.rows]
        return Sparse(self.width, self.starts, self.columns, scaled.astype(np.float32))

    def only(self, chosen: NDArray[np.bool_]) -> Sparse:
        """Return the rows that are chosen."""
        kept = chosen[self.rows]
        starts = np.concatenate([[0], np.cumsum(np.diff(self.starts)[chosen])])
        return Sparse(self.width, starts, self.columns[kept], self.values[kept])

    def __matmul__(self, dense: Floats) -> Floats:
        """Return the product with a dense matrix."""
        product = np.zeros((self.height, dense.shape[1]), np.float32)
        ends = self.starts.tolist()
        for row, (begin, end) in enumerate(pairwise(ends)):
            if begin < end:
                # Columns are within bounds, and to check them takes half of the time.
                others = dense.take(self.columns[begin:end], axis=0, mode="clip")
                np.dot(self.values[begin:end], others, out=product[row])
        return product


def stacked(matrices: list[Sparse]) -> Sparse:
    """Return matrices of one width as one, below each other."""
    offsets = np.cumsum([0, *(len(matrix.values) for matrix in matrices)])
    starts = [
        matrix.starts[:-1] + offset for matrix, offset in zip(matrices, offsets, strict=False)
    ]
    return Sparse(
        matrices[0].width,
        np.concatenate([*starts, offsets[-1:]]),
        np.concatenate([matrix.columns for matrix in matrices]),
        np.concatenate([matrix.values for matrix in matrices]),
    )


def ridge(matrix: Sparse, wanted: Floats, penalty: float, steps: int) -> Floats:
    """Return the table whose rows, added up by ``matrix``, come nearest to the ``wanted`` rows.

    Least squares with a penalty on the squared numbers of the table, by conjugate gradients, all
    columns at once (Hestenes and Stiefel, 1952). To stop after a few steps smooths it, too.
    """
    turned = matrix.transposed()
    rest = turned @ wanted
    table, direction = np.zeros_like(rest), rest.copy()
    length = (rest * rest).sum(axis=0)
    for _ in range(steps):
        ahead = turned @ (matrix @ direction) + np.float32(penalty) * direction
        step = length / np.maximum((direction * ahead).sum(axis=0), np.float32(1e-20))
        table += step * direction
        rest -= step * ahead
        before, length = length, (rest * rest).sum(axis=0)
        direction = rest + length / np.maximum(before, np.float32(1e-20)) * direction
    return table


def directions(matrix: Sparse, count: int) -> Floats:
    """Return the right singular vectors of the largest singular values, as columns, largest first.

    By random projection with two rounds of power iteration (Halko, Martinsson and Tropp, "Finding
    structure with randomness", 2011, algorithm 4.4). In each its largest number is positive.
    """
    turned = matrix.transposed()
    more = min(count + 16, matrix.height, matrix.width)
    random = np.random.default_rng(0).standard_normal((matrix.width, more))
    basis = _orthogonal(matrix @ random.astype(np.float32))
    for _ in range(2):
        basis = _orthogonal(matrix @ _orthogonal(turned @ basis))
    small = (turned @ basis).T.astype(np.float64)
    values, left = np.linalg.eigh(small @ small.T)
    found = (small.T @ left[:, ::-1][:, :count]) / np.sqrt(np.maximum(values[::-1][:count], 1e-12))
    largest = np.abs(found).argmax(axis=0)
    signs = np.where(found[largest, np.arange(found.shape[1])] < 0, -1, 1)
    return np.asarray(found * signs, np.float32)


def _orthogonal(matrix: Floats) -> Floats:
    return np.asarray(np.linalg.qr(matrix.astype(np.float64))[0], np.float32)


def unit_rows(matrix: Floats) -> Floats:
    """Return a dense matrix with rows of length 1; rows of zeros stay so."""
    norms = np.sqrt((matrix.astype(np.float64) ** 2).sum(axis=1, keepdims=True))
    return np.asarray(matrix / np.maximum(norms, 1e-12), np.float32)
