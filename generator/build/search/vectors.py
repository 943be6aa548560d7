"""Vectors of papers and terms as files in a cache, brought up to date by as little as can be.

What is learned (the terms' vectors and the codebook) stays as it is from day to day, and so do the
bytes of papers that have not changed. All is learned anew in a new year, when the archive has grown
by a quarter, and when this code or the cache is another.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from generator.build.search.sealed import compact_json, seal, sealed
from generator.build.search.sparse import Floats, unit_rows
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
from generator.build.search.vector_terms import PaperText, TermCounts, term_counts
from generator.build.search.vector_training import (
    PIECES,
    Codebook,
    encode,
    learn_codebook,
    learn_table,
)
from generator.build.search.words import is_run
from generator.core.files import remove
from generator.core.parallel import Workers

# What is less like a query than this is not found, and nothing is where fewer of its words and
# pairs of characters are known: docs/search.md has the figures.
_FLOOR = 0.3
_KNOWN_WORDS, _KNOWN_RUNS = 0.6, 0.4
_GROWN = 1.25
# To learn from more papers costs much and adds little.
_MOST_LEARNED_FROM, _MOST_WITH_RUNS = 10_000, 3_000
_PACKAGE = Path(__file__).parents[2]  # generator/
# The code that decides what is learned, and what a paper's vector is.
_MAKES_VECTORS = ("vectors", "vector_terms", "vector_training", "vector_files", "sparse", "words")

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
    papers: Mapping[str, PaperText], parts: Mapping[str, Sequence[str]], folder: Path
) -> None:
    """Bring ``folder`` up to date: what a site publishes as ``search/vectors/``, and a seal.

    ``papers`` has the papers by id; ``parts`` the ids of each part of the index in the order of
    their numbers there, newest part first, with names that begin with their year. Raises OSError.
    """
    key, year = _fingerprint(), max(parts, default="")[:4]
    digests = {identifier: _digest(paper) for identifier, paper in papers.items()}
    model, known = _read(folder, key)
    if (
        model is None
        or model.year != year
        or not model.papers / _GROWN < len(papers) < model.papers * _GROWN
    ):
        model, codes = _learn(papers, year)
    else:
        codes = {i: code for i, (digest, code) in known.items() if digests.get(i) == digest}
        codes |= _encoded(model, {i: paper for i, paper in papers.items() if i not in codes})
    values = {
        "key": key,
        "year": year,
        "learned_from": model.papers,
        "papers": {i: [digests[i], codes[i].hex()] for i in sorted(papers)},
    }
    files = {name: b"".join(map(codes.__getitem__, ids)) for name, ids in parts.items()}
    published = _published(model, files)
    is_there = sealed(folder) == json.loads(compact_json(values)) if folder.is_dir() else False
    if not is_there or (folder / MODEL).read_bytes() != published[MODEL]:
        _write(folder, published, values)


def _learn(papers: Mapping[str, PaperText], year: str) -> tuple[_Model, dict[str, bytes]]:
    """Learn from the papers, or from some of them; return the model and all papers' codes."""
    chosen = sorted(sorted(papers, key=_chance)[:_MOST_LEARNED_FROM])
    counts = dict(zip(chosen, _counted([papers[i] for i in chosen]), strict=True))
    table = learn_table(list(counts.values()))
    rows = {term: row for row, term in enumerate(table.terms)}
    terms = rows, (table.levels * table.scales[:, None].astype(np.int32)).astype(np.float32)
    vectors = {identifier: _vector(terms, own) for identifier, own in counts.items()}
    del counts  # the largest of what is in memory
    vectors |= _vectors(terms, {i: paper for i, paper in papers.items() if i not in vectors})
    codebook = learn_codebook(np.stack([vectors[i] for i in chosen]) if chosen else terms[1])
    model = _Model(year, len(papers), table.dimensions, codebook, term_files(table))
    return model, _codes(codebook, vectors)


def _encoded(model: _Model, papers: Mapping[str, PaperText]) -> dict[str, bytes]:
    """Return the codes of papers that are new to a model."""
    words = {term for paper in papers.values() for term in term_counts(paper).weighted()}
    return _codes(model.codebook, _vectors(model.terms(sorted(words)), papers))


def _codes(codebook: Codebook, vectors: Mapping[str, Floats]) -> dict[str, bytes]:
    if not vectors:
        return {}
    numbers = encode(np.stack(list(vectors.values())), codebook)
    return {identifier: row.tobytes() for identifier, row in zip(vectors, numbers, strict=True)}


def _vectors(terms: Terms, papers: Mapping[str, PaperText]) -> dict[str, Floats]:
    def vector(identifier: str) -> tuple[str, Floats]:
        return identifier, _vector(terms, term_counts(papers[identifier], with_runs=False))

    found = dict(pair for chunk in Workers(vector, list(papers)).results() for pair in chunk)
    return {identifier: found[identifier] for identifier in papers}


def _vector(terms: Terms, counts: TermCounts) -> Floats:
    """Return a paper's vector: the sum of its words', of length 1, or zeros."""
    rows, table = terms
    found = sorted(
        (rows[t], n) for t, n in counts.weighted().items() if t in rows and not is_run(t)
    )
    if not found:
        return np.zeros(table.shape[1], np.float32)
    weights = np.array([math.log1p(count) for _, count in found], np.float32)
    total: Floats = weights @ table[[row for row, _ in found]]
    return np.asarray(unit_rows(total[None])[0])


def _counted(papers: Sequence[PaperText]) -> list[TermCounts]:
    """Return the papers' terms, each of which is one string, however often it is there."""
    summarised = [number for number, paper in enumerate(papers) if paper.summaries]
    without_runs = set(summarised[_MOST_WITH_RUNS:])

    def count(number: int) -> tuple[int, TermCounts]:
        return number, term_counts(papers[number], with_runs=number not in without_runs)

    workers = Workers(count, range(len(papers)))
    found = {number: counts.interned() for chunk in workers.results() for number, counts in chunk}
    return [found[number] for number in range(len(papers))]


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


def _digest(paper: PaperText) -> str:
    return _hash(repr(paper).encode())


def _chance(identifier: str) -> tuple[str, str]:
    """Return what sorts ids as if by chance, always alike."""
    return _hash(identifier.encode()), identifier


def _hash(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=6).hexdigest()
