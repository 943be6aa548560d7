"""Vectors of papers and terms as files in a cache, brought up to date by as little as can be.

What is learned (the terms' vectors and the codebook) stays as it is from day to day, and so do the
bytes of papers that have not changed. All is learned anew in a new year, when the archive has grown
by a quarter, and when this code or the cache is another.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from generator.build.search.reading import Reading
from generator.build.search.sealed import compact_json, seal, sealed
from generator.build.search.sparse import Floats, Sparse, unit_rows
from generator.build.search.vector_files import (
    CODEBOOK,
    MODEL,
    PAPERS,
    TERMS,
    read_codebook,
    read_terms,
    shard_of,
    term_files,
)
from generator.build.search.vector_terms import TermCounts, term_counts
from generator.build.search.vector_training import (
    PIECES,
    Codebook,
    encode,
    learn_codebook,
    learn_table,
)
from generator.core.files import remove

# What is less like a query than this is not found, and nothing is where fewer of its words and
# pairs of characters are known: docs/search.md has the figures.
_FLOOR = 0.3
_KNOWN_WORDS, _KNOWN_RUNS = 0.6, 0.4
_GROWN = 1.25
# To learn from more papers costs much and adds little.
_MOST_LEARNED_FROM, _MOST_WITH_RUNS = 10_000, 3_000
_PACKAGE = Path(__file__).parents[2]  # generator/
# The code that decides what is learned, and what a paper's vector is.
_MAKES_VECTORS = (
    *("vectors", "vector_terms", "vector_training", "vector_files"),
    *("sparse", "reading", "records", "words"),
)

Terms = tuple[Mapping[str, int], Floats]


@dataclass(frozen=True, slots=True, eq=False)
class _Model:
    """What was learned, in which year, from how many papers; terms' vectors as files by path."""

    year: str
    papers: int
    dimensions: int
    codebook: Codebook
    files: Mapping[str, bytes]

    def terms(self, wanted: Iterable[str]) -> Terms:
        """Return a row for each wanted term that has a vector, and the vectors."""
        shards: dict[int, list[str]] = {}
        for term in wanted:
            shards.setdefault(shard_of(term, len(self.files)), []).append(term)
        rows: dict[str, int] = {}
        vectors = [np.zeros((0, self.dimensions), np.float32)]
        for shard, members in shards.items():
            known = read_terms(self.files[f"{TERMS}/{shard}.bin"], self.dimensions)
            found = [term for term in members if term in known]
            rows.update(zip(found, range(len(rows), len(rows) + len(found)), strict=True))
            vectors.extend(known[term].astype(np.float32)[None] for term in found)
        return rows, np.concatenate(vectors)


def write_vectors(
    reading: Reading, digests: Mapping[str, str], parts: Mapping[str, Sequence[str]], folder: Path
) -> None:
    """Bring ``folder`` up to date: what a site publishes as ``search/vectors/``, and a seal.

    ``digests`` has what differs for two states of a paper, by id; ``parts`` the ids of each part of
    the index in the order of their numbers there, newest part first, with names that begin with
    their year. Raises OSError.
    """
    key, year = _fingerprint(), max(parts, default="")[:4]
    model, known = _read(folder, key)
    if (
        model is None
        or model.year != year
        or not model.papers / _GROWN < len(digests) < model.papers * _GROWN
    ):
        model, codes = _learn(reading, list(digests), year)
    else:
        codes = {i: code for i, (digest, code) in known.items() if digests.get(i) == digest}
        codes |= _encoded(model, reading, [i for i in digests if i not in codes])
    values = {
        "key": key,
        "year": year,
        "learned_from": model.papers,
        "papers": {i: [digests[i], codes[i].hex()] for i in sorted(digests)},
    }
    files = {name: b"".join(map(codes.__getitem__, ids)) for name, ids in parts.items()}
    published = _published(model, files)
    is_there = sealed(folder) == json.loads(compact_json(values)) if folder.is_dir() else False
    if not is_there or (folder / MODEL).read_bytes() != published[MODEL]:
        _write(folder, published, values)


def _learn(reading: Reading, ids: Sequence[str], year: str) -> tuple[_Model, dict[str, bytes]]:
    """Learn from the papers, or from some of them; return the model and all papers' codes."""
    chosen = sorted(sorted(ids, key=_chance)[:_MOST_LEARNED_FROM])
    counts = _counted(reading, chosen)
    table = learn_table(counts)
    rows = {term: row for row, term in enumerate(table.terms)}
    terms = rows, (table.levels * table.scales[:, None].astype(np.int32)).astype(np.float32)
    vectors = _vectors(terms, counts)
    codebook = learn_codebook(vectors)
    model = _Model(year, len(ids), table.dimensions, codebook, term_files(table))
    codes = _codes(codebook, chosen, vectors)
    others = sorted(set(ids).difference(chosen))
    return model, codes | _codes(codebook, others, _vectors(terms, _counted(reading, others)))


def _encoded(model: _Model, reading: Reading, ids: Sequence[str]) -> dict[str, bytes]:
    """Return the codes of papers that are new to a model."""
    counts = _counted(reading, ids)
    return _codes(model.codebook, ids, _vectors(model.terms(counts.terms), counts))


def _counted(reading: Reading, ids: Sequence[str]) -> TermCounts:
    papers = reading.papers(ids)
    return term_counts(papers, reading.vocabulary(), most_with_runs=_MOST_WITH_RUNS)


def _codes(codebook: Codebook, ids: Sequence[str], vectors: Floats) -> dict[str, bytes]:
    numbers = encode(vectors, codebook)
    return {identifier: row.tobytes() for identifier, row in zip(ids, numbers, strict=True)}


def _vectors(terms: Terms, counts: TermCounts) -> Floats:
    """Return papers' vectors: the sum of each one's words, of length 1, or zeros."""
    rows, table = terms
    row_of = np.array([rows.get(term, -1) for term in counts.terms], np.int64)
    row_of[counts.are_runs] = -1
    whole = counts.whole
    kept = row_of[whole.terms] >= 0
    weights = np.log1p(whole.counts[kept]).astype(np.float32)
    matrix = Sparse.of(
        counts.height, len(table), whole.papers[kept], row_of[whole.terms[kept]], weights
    )
    return unit_rows(matrix @ table)


def _published(model: _Model, papers: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files of the artefact by path. Files whose content changes have a version."""
    learned = {**model.files, CODEBOOK: model.codebook.pieces.tobytes()}
    described = {
        "schema": 1,
        "version": _hash(b"".join(learned[path] for path in sorted(learned))),
        "dimensions": model.dimensions,
        "shards": len(model.files),
        "scale": model.codebook.scale,
        "floor": _FLOOR,
        "known_words": _KNOWN_WORDS,
        "known_runs": _KNOWN_RUNS,
        "parts": [
            {"name": name, "papers": len(codes) // PIECES, "version": _hash(codes)}
            for name, codes in papers.items()
        ],
    }
    codes = {f"{PAPERS}/{name}.bin": codes for name, codes in papers.items()}
    return {**learned, **codes, MODEL: compact_json(described)}


def _write(folder: Path, files: Mapping[str, bytes], values: Mapping[str, object]) -> None:
    fresh = folder.with_name(f"{folder.name}.new")
    remove(fresh)
    for name in (TERMS, PAPERS):
        (fresh / name).mkdir(parents=True)
    for path, content in files.items():
        (fresh / path).write_bytes(content)
    if not any((fresh / PAPERS).iterdir()):
        (fresh / PAPERS).rmdir()
    seal(fresh, folder.name, values)
    remove(folder)
    fresh.rename(folder)


def _read(folder: Path, key: str) -> tuple[_Model | None, dict[str, tuple[str, bytes]]]:
    """Return the model in a folder, if it is whole and of this code, and the papers.

    Each has its digest and code. Whatever else is in the folder may have another format.
    """
    values = sealed(folder) if folder.is_dir() else None
    if values is None or values.get("key") != key:
        return None, {}
    described = json.loads((folder / MODEL).read_bytes())
    dimensions = described["dimensions"]
    codebook = read_codebook((folder / CODEBOOK).read_bytes(), dimensions, described["scale"])
    terms = [f"{TERMS}/{shard}.bin" for shard in range(described["shards"])]
    files = {path: (folder / path).read_bytes() for path in terms}
    model = _Model(values["year"], values["learned_from"], dimensions, codebook, files)
    papers = {i: (digest, bytes.fromhex(code)) for i, (digest, code) in values["papers"].items()}
    return model, papers


def _fingerprint() -> str:
    """Return a hash of the code that makes vectors: those of another are no use."""
    code = hashlib.blake2b(np.__version__.encode(), digest_size=6)
    for name in _MAKES_VECTORS:
        code.update((_PACKAGE / "build" / "search" / f"{name}.py").read_bytes())
    return code.hexdigest()


def _chance(identifier: str) -> tuple[str, str]:
    """Return what sorts ids as if by chance, always alike."""
    return _hash(identifier.encode()), identifier


def _hash(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=6).hexdigest()
