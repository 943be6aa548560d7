"""Sparse matrices do what dense ones do."""

from __future__ import annotations

import numpy as np
import pytest

from generator.build.search.sparse import Sparse, directions, ridge, stacked, unit_rows


def dense(seed: int, height: int = 30, width: int = 12) -> np.ndarray:
    """Return a matrix with many zeros, and a row and a column of nothing else."""
    random = np.random.default_rng(seed)
    matrix = random.random((height, width)) * (random.random((height, width)) < 0.3)
    matrix[3] = matrix[:, 5] = 0
    return matrix.astype(np.float32)


def sparse(matrix: np.ndarray) -> Sparse:
    rows, columns = np.nonzero(matrix)
    order = np.random.default_rng(9).permutation(len(rows))
    rows, columns = rows[order], columns[order]
    return Sparse.of(*matrix.shape, rows, columns, matrix[rows, columns])


@pytest.mark.parametrize("seed", range(5))
def test_products_are_those_of_dense_matrices(seed: int) -> None:
    one, other = dense(seed), np.random.default_rng(seed).random((12, 4)).astype(np.float32)
    assert np.allclose(sparse(one) @ other, one @ other, atol=1e-5)
    assert np.allclose(sparse(one).transposed() @ (one @ other), one.T @ (one @ other), atol=1e-5)
    assert np.allclose(sparse(one).unit() @ other, unit_rows(one) @ other, atol=1e-5)
    below = stacked([sparse(one), sparse(dense(seed + 9))])
    assert np.allclose(below @ other, np.concatenate([one, dense(seed + 9)]) @ other, atol=1e-5)


def test_ridge_solves_its_equations() -> None:
    matrix, wanted = dense(1), np.random.default_rng(1).random((30, 3)).astype(np.float32)
    exact = np.linalg.solve(matrix.T @ matrix + 0.5 * np.eye(12), matrix.T @ wanted)
    assert np.allclose(ridge(sparse(matrix), wanted, 0.5, 40), exact, atol=1e-3)


def test_directions_are_the_largest_singular_vectors() -> None:
    matrix = dense(2, 60, 40)
    found = directions(sparse(matrix), 5)
    exact = np.linalg.svd(matrix)[2][:5].T
    assert np.allclose(np.abs((found * exact).sum(axis=0)), 1, atol=1e-2)
    assert (found[np.abs(found).argmax(axis=0), range(5)] > 0).all()
