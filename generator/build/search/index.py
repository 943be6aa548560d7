"""The search index as files: parts in a cache, made anew where the plan says so, and published.

A part is a folder: the dictionary of ``postings``, the tables of ``tables``, ``part.json``, and a
seal that tells what it holds. It is made beside its place and renamed into it, so a killed run
leaves no half part.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.build.archive.archive import Archive
from generator.build.search.plan import part_names, plan_parts
from generator.build.search.postings import postings
from generator.build.search.reading import Reading
from generator.build.search.records import record
from generator.build.search.sealed import SEAL, compact_json, seal, sealed
from generator.build.search.tables import BLOCK, author_tables, days, ordered, tables
from generator.build.search.vector_files import VECTORS
from generator.build.search.vectors import write_vectors
from generator.core.errors import BuildError
from generator.core.files import remove
from generator.core.progress import Progress

_PACKAGE = Path(__file__).parents[2]  # generator/
# What this module puts into the cache; anything else there is somebody else's.
_OURS = re.compile(r"\d{4}(-\d\d)?(\.new)?")
_MODULES = ("index", "postings", "tables", "reading", "records", "words", "sealed")
# The code that decides what is in a part.
_MAKES_PARTS = (
    *(f"build/search/{name}.py" for name in _MODULES),
    "core/files.py",
    "core/characters.py",
    "markup/*.py",
)


@dataclass(frozen=True)
class Part:
    """A part in the cache: its papers in order, ``{id: digest}``, by which code it was made."""

    key: str
    papers: dict[str, str]


def update_index(archive: Archive, cache: Path, progress: Progress) -> dict[str, Any]:
    """Bring the parts in ``cache`` up to date; return what the browser is to know of them.

    The value is written as ``parts.json``: the parts, newest first, each with its version, number
    of papers, and the numbers of those that are stale. Raises BuildError.
    """
    try:
        return _update(archive, cache, progress)
    except OSError as error:
        raise BuildError(
            "Cannot keep the search index",
            item=str(error.filename or cache),
            why=error.strerror or str(error),
            todo=f"Check permissions and free space; {cache} may be deleted at any time",
        ) from error


def _update(archive: Archive, cache: Path, progress: Progress) -> dict[str, Any]:
    if cache.is_symlink() or not cache.is_dir():
        remove(cache)
        cache.mkdir(parents=True)
    key = _fingerprint()
    ours = [path for path in cache.iterdir() if _OURS.fullmatch(path.name)]
    built = {path.name: part for path in ours if (part := _read(path)) and part.key == key}
    records = {identifier: record(entries) for identifier, entries in archive.listed.items()}
    digests = {identifier: known.digest() for identifier, known in records.items()}
    names = part_names({identifier: known.day for identifier, known in records.items()})
    plan = plan_parts(digests, names, {name: part.papers for name, part in built.items()})
    reading = Reading(records)
    for number, (name, papers) in enumerate(plan.contents.items()):
        progress(number, len(plan.contents))
        if name in plan.fresh:
            built[name] = _make(cache / name, key, papers, reading)
    for path in ours:
        if path.name not in plan.contents:
            remove(path)
    in_order = {name: tuple(built[name].papers) for name in plan.contents}
    write_vectors(reading, digests, in_order, cache / VECTORS)
    progress(len(plan.contents), len(plan.contents))
    return {
        "parts": [
            {
                "name": name,
                "version": _version(built[name]),
                "papers": len(papers),
                "stale": _stale(built[name], plan.stale.get(name, frozenset())),
            }
            for name, papers in plan.contents.items()
        ]
    }


def _stale(part: Part, papers: frozenset[str]) -> list[int]:
    """Return the numbers of a part's papers that are not to be seen."""
    return [number for number, identifier in enumerate(part.papers) if identifier in papers]


def publish(
    cache: Path, parts: Mapping[str, Any], authors: Mapping[str, str], folder: Path, lunr_js: Path
) -> None:
    """Put the parts and what the browser needs besides into the site's folder ``search/``.

    ``authors`` has the slug of each author with a page, by name; ``lunr_js`` brings the stemmer.
    """
    (folder / "authors").mkdir(parents=True)
    for number, table in enumerate(author_tables(authors)):
        (folder / "authors" / f"{number}.json").write_bytes(compact_json(table))
    shutil.copytree(cache / VECTORS, folder / VECTORS, ignore=shutil.ignore_patterns(SEAL))
    (folder / "lunr.js").write_bytes(_as_module(lunr_js.read_bytes()))
    for part in parts["parts"]:
        name, unwanted = part["name"], shutil.ignore_patterns(SEAL)
        shutil.copytree(cache / name, folder / name, ignore=unwanted, copy_function=_link)
    (folder / "parts.json").write_bytes(compact_json(parts))


def _make(folder: Path, key: str, papers: Mapping[str, str], reading: Reading) -> Part:
    """Index the papers, given as digests by id, and put the part in its place."""
    fresh = folder.with_name(f"{folder.name}.new")
    remove(fresh)
    records = ordered([reading.records[identifier] for identifier in papers])
    read = reading.papers(record.id for record in records)
    dictionary = postings(read, reading.vocabulary())
    known = tables(records, dictionary.papers)
    known["part"] = {
        "block": BLOCK,
        "days": days(records),
        "stems": dictionary.stems,
        # Who asks for a file that is not there is told of a failure.
        **{kind: _numbered(kind, known) for kind in ("names", "spelling")},
    }
    files = {f"{name}.json": compact_json(value) for name, value in known.items()}
    for name, shards in (("terms", dictionary.terms), ("places", dictionary.places)):
        files |= {f"{name}/{number}.bin": shard for number, shard in enumerate(shards)}
    for name, content in files.items():
        path = fresh / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    part = Part(key, {record.id: papers[record.id] for record in records})
    _put(fresh, folder, {"key": part.key, "papers": list(part.papers.items())})
    return part


def _numbered(kind: str, known: Mapping[str, Any]) -> list[str]:
    """Return what the tables of a kind are called: ``names/7`` is 7."""
    return [name.split("/")[1] for name in known if name.startswith(f"{kind}/")]


def _put(fresh: Path, folder: Path, values: Mapping[str, Any]) -> None:
    """Seal a folder with the values, and put it in its place."""
    seal(fresh, folder.name, values)
    remove(folder)
    fresh.rename(folder)


def _read(folder: Path) -> Part | None:
    """Read a part as it was made; return None for what is none, which is made anew."""
    values = sealed(folder)
    if values is None or "papers" not in values:
        return None
    return Part(values["key"], dict(values["papers"]))


def _fingerprint() -> str:
    """Return a hash of the code that makes parts: those of another are no use."""
    code = hashlib.blake2b(digest_size=6)
    for path in sorted(path for name in _MAKES_PARTS for path in _PACKAGE.glob(name)):
        code.update(path.read_bytes())
    return code.hexdigest()


def _version(part: Part) -> str:
    return hashlib.blake2b(
        compact_json(list(part.papers.items())) + part.key.encode(), digest_size=6
    ).hexdigest()


def _as_module(script: bytes) -> bytes:
    """Make an ECMAScript module of a script that looks for CommonJS's ``module``."""
    before = b"const module = { exports: {} }, exports = module.exports;\n"
    return before + script + b"\nexport default module.exports;\n"


def _link(source: str, target: str) -> None:
    """Return a file a second name where the file system can: five years have 36,000 of them."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy(source, target)
