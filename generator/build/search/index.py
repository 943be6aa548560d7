"""The search index as files: parts in a cache, made anew where the plan says so, and published.

A part is a folder: Pagefind's files, the tables of ``fielded``, and a seal that tells what it
holds. It is made beside its place and renamed into it, so a killed run leaves no half part.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.build.archive.archive import Archive
from generator.build.search import fielded, pagefind
from generator.build.search.plan import part_names, plan_parts
from generator.build.search.records import Record, record
from generator.build.search.sealed import SEAL, compact_json, seal, sealed
from generator.core.errors import BuildError
from generator.core.files import remove
from generator.core.progress import Progress

_PACKAGE = Path(__file__).parents[2]  # generator/
# What this module puts into the cache; anything else there is somebody else's.
_OURS = re.compile(r"\d{4}(-\d\d)?(\.new|\.articles)?|engine(-[0-9a-f]+|\.new)")
_MODULES = ("index", "pagefind", "fielded", "records", "segment", "sealed")
# The code that decides what is in a part.
_MAKES_PARTS = (
    *(f"build/search/{name}.py" for name in _MODULES),
    "core/files.py",
    "core/characters.py",
    "markup/*.py",
)


@dataclass(frozen=True)
class Part:
    """A part in the cache: its papers' digests and fragments by id, and Pagefind's own entry."""

    key: str
    papers: dict[str, tuple[str, str]]
    entry: dict[str, Any]

    @property
    def digests(self) -> dict[str, str]:
        """The papers' digests by id, which ``plan`` compares."""
        return {identifier: digest for identifier, (digest, _) in self.papers.items()}


def update_index(archive: Archive, cache: Path, progress: Progress) -> dict[str, Any]:
    """Bring the parts in ``cache`` up to date; return what the browser is to know of them.

    The value is written as ``parts.json``: the parts, newest first, each with its version, number
    of papers, Pagefind entry, and the fragments by id that are stale. Raises BuildError.
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
    plan = plan_parts(digests, names, {name: part.digests for name, part in built.items()})
    for number, (name, papers) in enumerate(plan.contents.items()):
        progress(number, len(plan.contents))
        if name in plan.fresh:
            built[name] = _make(cache / name, key, papers, [records[i] for i in papers])
    kept = {*plan.contents, _engine(cache, key).name}
    for path in ours:
        if path.name not in kept:
            remove(path)
    progress(len(plan.contents), len(plan.contents))
    return {
        "parts": [
            {
                "name": name,
                "version": _version(built[name]),
                "papers": len(papers) - len(plan.stale.get(name, ())),
                "entry": built[name].entry,
                "stale": {i: built[name].papers[i][1] for i in sorted(plan.stale.get(name, ()))},
            }
            for name, papers in plan.contents.items()
        ]
    }


def publish(cache: Path, parts: Mapping[str, Any], folder: Path, lunr_js: Path) -> None:
    """Put the parts and what the browser runs into the site's folder ``search/``."""
    engine = _engine(cache, _fingerprint())
    for name in pagefind.ENGINE:
        shutil.copy(engine / name, folder / name)
    (folder / "lunr.js").write_bytes(_as_module(lunr_js.read_bytes()))
    for part in parts["parts"]:
        name, unwanted = part["name"], shutil.ignore_patterns(SEAL)
        shutil.copytree(cache / name, folder / name, ignore=unwanted, copy_function=_link)
    (folder / "parts.json").write_bytes(compact_json(parts))


def _make(folder: Path, key: str, papers: Mapping[str, str], records: Sequence[Record]) -> Part:
    """Index the papers, given as digests by id and as records, and put the part in its place."""
    fresh = folder.with_name(f"{folder.name}.new")
    articles = folder.with_name(f"{folder.name}.articles")
    for left in (fresh, articles):
        remove(left)
    records = fielded.ordered(records)
    pagefind.write_articles(records, articles)
    with ThreadPoolExecutor(1) as beside:  # Pagefind is a program of its own
        indexing = beside.submit(pagefind.index, articles, fresh)
        tables = fielded.tables(records)
        entry, fragments = indexing.result()
    tables |= fielded.fragment_tables(records, fragments)
    shutil.rmtree(articles)
    for name, table in tables.items():
        path = fresh / f"{name}.json"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(compact_json(table))
    part = Part(key, {i: (d, fragments[i]) for i, d in sorted(papers.items())}, entry)
    _put(fresh, folder, {"key": part.key, "papers": part.papers, "entry": part.entry})
    return part


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
    papers = {i: (digest, fragment) for i, (digest, fragment) in values["papers"].items()}
    return Part(values["key"], papers, values["entry"])


def _engine(cache: Path, key: str) -> Path:
    """Return the folder with what the browser runs, made where it is missing."""
    folder = cache / f"engine-{key}"
    if sealed(folder) is None:
        fresh = cache / "engine.new"
        remove(fresh)
        pagefind.engine(fresh)
        _put(fresh, folder, {})
    return folder


def _fingerprint() -> str:
    """Return a hash of Pagefind and of the code that makes parts: those of another are no use."""
    code = hashlib.blake2b(pagefind.VERSION.encode(), digest_size=6)
    for path in sorted(path for name in _MAKES_PARTS for path in _PACKAGE.glob(name)):
        code.update(path.read_bytes())
    return code.hexdigest()


def _version(part: Part) -> str:
    return hashlib.blake2b(compact_json(part.papers) + part.key.encode(), digest_size=6).hexdigest()


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
