"""The search index's part in a publish: time, memory, and which files it touches.

    python -m benchmarks.search_index DATA CACHE SITE FIGURES

is that step alone, in a process of its own to be measured: it reads the store as a build does, then
brings the index up to date and puts it into an empty site.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import Measured, run
from generator.build.archive.archive import Archive
from generator.build.search.index import publish, update_index
from generator.build.site.engine import LUNR_JS
from generator.core.progress import silent
from generator.store.store import Store

PROJECT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Publish:
    """One publish: ``seconds`` of the step itself, and the whole process with reading the store.

    ``before`` is the process's own memory in MB when the step began. ``made`` are the parts whose
    files changed or came, ``kept`` those that stayed the same, byte for byte.
    """

    name: str
    seconds: float
    before: float
    process: Measured
    made: tuple[str, ...]
    kept: tuple[str, ...]


def measure_publishes(store: Store, folder: Path) -> list[Publish]:
    """Publish an archive that lacks its newest month, then days of that month as they come.

    The days' files are moved out of the store and back. ``folder`` takes the cache and the sites.
    """
    newest = max(path.name for path in (store.root / "days").glob("*/*.json"))
    month = sorted((store.root / "days").glob(f"*/{newest[:7]}-*.json"))
    aside = folder / "aside"
    aside.mkdir(parents=True)
    for path in month:
        path.rename(aside / path.name)
    steps: list[tuple[str, Sequence[Path]]] = [
        ("everything, for the first time", []),
        ("the first day of a month", month[:1]),
        ("the next build with nothing new", []),
        ("all days of the month but one at once", month[1:-1]),
        ("the month's last day", month[-1:]),
        ("again, with nothing new", []),
    ]
    published, parts = [], _parts(folder / "cache")
    for name, days in steps:
        for path in days:
            (aside / path.name).rename(path)
        known, (seconds, before, process) = parts, _publish(store.root, folder)
        parts = _parts(folder / "cache")
        kept = tuple(sorted(part for part in parts if known.get(part) == parts[part]))
        made = tuple(sorted(set(parts) - set(kept)))
        published.append(Publish(name, seconds, before, process, made, kept))
        print(published[-1], file=sys.stderr, flush=True)
    return published


def _publish(data: Path, folder: Path) -> tuple[float, float, Measured]:
    figures = folder / "figures.json"
    shutil.rmtree(folder / "search", ignore_errors=True)
    command = [sys.executable, "-m", __name__]
    arguments = [data, folder / "cache", folder / "search", figures]
    process = run([*command, *map(str, arguments)], PROJECT, {**os.environ})
    seconds, before = json.loads(figures.read_text())
    return seconds, before, process


def _parts(cache: Path) -> Mapping[str, str]:
    """A digest over each part's files: names, bytes, and when they were written."""
    found = {}
    for part in sorted(cache.glob("*")):
        digest = hashlib.blake2b()
        for path in sorted(part.rglob("*")):
            if path.is_file():
                digest.update(f"{path.relative_to(part)} {path.stat().st_mtime_ns}".encode())
                digest.update(path.read_bytes())
        found[part.name] = digest.hexdigest()
    return found


def _main(data: str, cache: str, site: str, figures: str) -> None:
    store = Store(Path(data))
    archive = Archive.of(store.papers(), store.days())
    status = Path("/proc/self/smaps_rollup").read_text().splitlines()
    before = next(int(line.split()[1]) / 1024 for line in status if line.startswith("Rss:"))
    started = time.perf_counter()
    parts = update_index(archive, Path(cache), silent)
    Path(site).mkdir(parents=True)
    publish(Path(cache), parts, Path(site), LUNR_JS)
    Path(figures).write_text(json.dumps([time.perf_counter() - started, before]))


if __name__ == "__main__":
    _main(*sys.argv[1:])
