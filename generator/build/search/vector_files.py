"""The format of ``search/vectors/``, written and read; docs/search.md describes it. Pure."""

from __future__ import annotations

import json

import numpy as np
from numpy.typing import NDArray

from generator.build.search.sealed import compact_json
from generator.build.search.vector_training import CENTROIDS, PIECES, Codebook, Table

VECTORS = "vectors"  # the folder
MODEL = "model.json"
CODEBOOK = "codebook.bin"
TERMS, PAPERS = "terms", "papers"

_LARGEST_SHARD = 5_000  # bytes, about
_SCALE = np.dtype("<u2")
# Levels are kept as numbers without sign.
_ZERO = 8


def shard_count(table: Table) -> int:
    """Return in how many files the terms are: a power of two."""
    size = len(table.terms) * (_term_bytes(table.dimensions) + 8)
    return 1 << (size // _LARGEST_SHARD).bit_length()


def shard_of(term: str, shards: int) -> int:
    """Return the number of a term's file: its hash by FNV-1a in 32 bits (RFC 9923), modulo."""
    number = 0x811C9DC5
    for byte in term.encode():
        number = (number ^ byte) * 0x01000193 & 0xFFFFFFFF
    return number % shards


def term_files(table: Table) -> dict[str, bytes]:
    """Return the files with the terms' vectors by path."""
    shards = shard_count(table)
    members: list[list[int]] = [[] for _ in range(shards)]
    for place, term in enumerate(table.terms):
        members[shard_of(term, shards)].append(place)
    levels = (table.levels + _ZERO).astype(np.uint8)
    packed = levels[:, 0::2] << 4 | levels[:, 1::2]
    scales = table.scales.astype(_SCALE).view(np.uint8).reshape(-1, 2)
    rows = np.concatenate([scales, packed], axis=1)
    return {
        f"{TERMS}/{shard}.bin": compact_json([table.terms[place] for place in places])
        + b"\n"
        + rows[places].tobytes()
        for shard, places in enumerate(members)
    }


def read_terms(data: bytes, dimensions: int) -> dict[str, NDArray[np.int64]]:
    """Return the vectors in one of the terms' files, in whole numbers."""
    names, _, rest = data.partition(b"\n")
    terms: list[str] = json.loads(names)
    size = _term_bytes(dimensions)
    rows = np.frombuffer(rest, np.uint8).reshape(len(terms), size)
    scales = rows[:, :2].copy().view(_SCALE).astype(np.int64)
    levels = np.empty((len(terms), dimensions), np.int64)
    levels[:, 0::2] = rows[:, 2:] >> 4
    levels[:, 1::2] = rows[:, 2:] & 15
    return dict(zip(terms, (levels - _ZERO) * scales, strict=True))


def read_codebook(data: bytes, dimensions: int, scale: int) -> Codebook:
    """Return the pieces of papers' vectors."""
    width = dimensions // PIECES
    return Codebook(np.frombuffer(data, np.int8).reshape(PIECES, CENTROIDS, width), scale)


def read_papers(data: bytes) -> NDArray[np.uint8]:
    """Return the numbers of the pieces of each paper of a part."""
    return np.frombuffer(data, np.uint8).reshape(-1, PIECES)


def _term_bytes(dimensions: int) -> int:
    return _SCALE.itemsize + dimensions // 2
