"""Papers that are similar in meaning to the terms of a query, read from ``search/vectors/``.

``site_src/assets/search/meaning.js`` does the same in the browser, in whole numbers and in the same
order.
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from generator.build.search.vector_files import (
    CODEBOOK,
    MODEL,
    PAPERS,
    TERMS,
    read_codebook,
    read_papers,
    read_terms,
    shard_of,
)
from generator.build.search.vector_terms import may_tell
from generator.build.search.vector_training import PIECES, Codebook
from generator.build.search.words import is_run


class Similar(NamedTuple):
    """A paper, by its number in a part, and how like a query it is: at most about 1."""

    part: str
    doc: int
    score: float


def similar(
    folder: Path, terms: Iterable[str], *, limit: int = 20, parts: Collection[str] | None = None
) -> list[Similar]:
    """Return the papers most like a query's terms (stems, and pairs of characters), best first.

    Where too few of the terms have a vector, nothing is like them. Equals come in the order of
    parts, then of numbers. Without ``parts`` all are asked. Raises OSError.
    """
    model = json.loads((folder / MODEL).read_bytes())
    query = _query(folder, model, terms)
    length = math.sqrt(float((query * query).sum()))
    if length == 0:
        return []
    dimensions, scale = model["dimensions"], model["scale"]
    codebook = read_codebook((folder / CODEBOOK).read_bytes(), dimensions, scale)
    products = _products(query, codebook)
    found = []
    for place, part in enumerate(model["parts"]):
        if parts is not None and part["name"] not in parts:
            continue
        codes = read_papers((folder / PAPERS / f"{part['name']}.bin").read_bytes())
        sums = products[np.arange(PIECES), codes].sum(axis=1)
        least = model["floor"] * length * scale
        best = np.argsort(-sums, kind="stable")[:limit]
        found += [(-int(sums[doc]), place, int(doc)) for doc in best if sums[doc] >= least]
    names = [part["name"] for part in model["parts"]]
    return [
        Similar(names[place], doc, -negative / (length * scale))
        for negative, place, doc in sorted(found)[:limit]
    ]


def _query(folder: Path, model: dict[str, Any], terms: Iterable[str]) -> NDArray[np.int64]:
    """Return the sum of the terms' vectors, each once; zeros where too few terms have one."""
    total = np.zeros(model["dimensions"], np.int64)
    needed, known = 0.0, 0
    for term in filter(may_tell, dict.fromkeys(terms)):
        path = folder / TERMS / f"{shard_of(term, model['shards'])}.bin"
        vector = read_terms(path.read_bytes(), model["dimensions"]).get(term)
        if vector is None or vector.any():
            needed += model["known_runs" if is_run(term) else "known_words"]
        if vector is not None and vector.any():
            known += 1
            total += vector
    return total if known >= needed else np.zeros_like(total)


def _products(query: NDArray[np.int64], codebook: Codebook) -> NDArray[np.int64]:
    """Return the product of each piece of the query with each of the codebook's for that place."""
    pieces = query.reshape(PIECES, 1, -1)
    return np.asarray((codebook.pieces.astype(np.int64) * pieces).sum(axis=2))
