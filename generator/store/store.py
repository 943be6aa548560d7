"""The data store below ``data/``: papers, days, open batches; read and written whole or not at all.

A write is a transaction over many files. All new files are first staged in ``data/.pending/``;
renaming the staging folder to ``data/.commit/`` is the instant from which the write has happened;
the files are then renamed to their places. Whoever opens the store next finishes a commit that a
kill interrupted, and drops what was merely pending. Renames are atomic on one file system, so a
reader never sees half a file. (Data is handed to the kernel, not forced to the disk: a kill loses
nothing, a power cut may; git has the last run's state.)
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from filelock import FileLock, Timeout

from generator.core.errors import StoreError
from generator.core.models import Batch, Day, Paper
from generator.core.progress import Progress, silent
from generator.store import codec

LOCK_TIMEOUT_SECONDS = 60.0


class Store:
    """Access to one ``data/`` folder; ``root`` need not exist yet.

    Opening it finishes an interrupted commit. Raises StoreError where another run holds the store
    for more than a minute, or the folder cannot be written when it has to be.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._pending = root / ".pending"
        self._commit = root / ".commit"
        self._held = False
        if self._pending.exists() or self._commit.exists():
            with self.exclusive():
                pass  # which finishes what a kill interrupted

    def paper(self, identifier: str) -> Paper | None:
        """The paper with this canonical id, or ``None``."""
        path = self.root / _paper_path(identifier)
        data = _read(path)
        return None if data is None else self._decode_paper(path, data)

    def papers(self, progress: Progress = silent) -> Iterator[Paper]:
        """All papers, sorted by file name."""
        paths = sorted((self.root / "papers").glob("*/*.json"))
        for number, path in enumerate(paths, 1):
            progress(number, len(paths))
            yield self._decode_paper(path, path.read_bytes())

    def day(self, day: date) -> Day | None:
        """That announcement day, or ``None``."""
        path = self.root / _day_path(day)
        data = _read(path)
        return None if data is None else self._decode_day(path, data)

    def days(self, newest_first: bool = False) -> Iterator[Day]:
        """All announcement days, oldest first if not asked otherwise."""
        for path in sorted((self.root / "days").glob("*/*.json"), reverse=newest_first):
            yield self._decode_day(path, path.read_bytes())

    def first_day(self) -> date | None:
        """The oldest announcement day, or ``None`` where there is none."""
        first = min((self.root / "days").glob("*/*.json"), default=None)
        return date.fromisoformat(first.stem) if first else None

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Keep other writers out, so that what is read stays true until it is written."""
        with self._locked():
            self._recover()
            yield

    def write(
        self, papers: Iterable[Paper], days: Iterable[Day], progress: Progress = silent
    ) -> int:
        """Write these papers and days in one transaction; return how many files changed.

        A file whose bytes would be the same is left alone.
        """
        with self.exclusive():
            return self._put(_encoded(papers, days), progress)

    def change(self, identifier: str, change: Callable[[Paper], Paper]) -> None:
        """Write what ``change`` makes of a paper, with no other writer in between.

        Raises StoreError where there is no such paper.
        """
        with self.exclusive():
            paper = self.paper(identifier)
            if paper is None:
                raise StoreError(
                    "Cannot change a paper",
                    item=identifier,
                    why="data/papers has no file for it",
                    todo="Run: generator check, and restore data/ from git",
                )
            self._put(_encoded([change(paper)], []), silent)

    def batches(self) -> Iterator[Batch]:
        """The batches that have not been collected, oldest first."""
        paths = sorted((self.root / "batches").glob("*.json"))
        read = [codec.decode_batch(p.read_bytes(), name=f"batches/{p.name}") for p in paths]
        for path, batch in zip(paths, read, strict=True):
            if path != self.root / _batch_path(batch.token):
                raise _misplaced(f"batches/{path.name}", batch.token)
        yield from sorted(read, key=lambda batch: (batch.created, batch.token))

    def write_batch(self, batch: Batch) -> None:
        """Note a batch, or what is new of it."""
        with self.exclusive():
            self._put([(_batch_path(batch.token), codec.encode_batch(batch))], silent)

    def remove_batch(self, token: str) -> None:
        """Forget a batch that has been collected."""
        with self._locked():
            (self.root / _batch_path(token)).unlink()

    @contextmanager
    def summarizing(self) -> Iterator[None]:
        """Keep out other runs that make summaries: two of them would pay for the same.

        Raises StoreError where another one is under way.
        """
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            with FileLock(self.root / ".lock-summaries", timeout=0):
                yield
        except Timeout as error:
            raise StoreError(
                "Another run is making summaries",
                item=str(self.root),
                why="two at once would pay for the same summary twice",
                todo="Wait for that run to end, then try again",
            ) from error

    def _put(self, files: Iterable[tuple[Path, bytes]], progress: Progress) -> int:
        """One transaction; the lock is held."""
        changed = 0
        for number, (path, data) in enumerate(files, 1):
            progress(number, 0)
            if _read(self.root / path) != data:
                staged = self._pending / path
                staged.parent.mkdir(parents=True, exist_ok=True)
                staged.write_bytes(data)
                changed += 1
        if changed:
            self._pending.rename(self._commit)
            self._recover()
        return changed

    def check(self, progress: Progress = silent) -> list[str]:
        """Everything that is wrong with the store, a line each; an empty list proves it whole."""
        return list(_problems(self, progress))

    def _decode_paper(self, path: Path, data: bytes) -> Paper:
        name = str(path.relative_to(self.root))
        paper = codec.decode_paper(data, name=name)
        if path != self.root / _paper_path(paper.id):
            raise _misplaced(name, paper.id)
        return paper

    def _decode_day(self, path: Path, data: bytes) -> Day:
        name = str(path.relative_to(self.root))
        day = codec.decode_day(data, name=name)
        if path != self.root / _day_path(day.date):
            raise _misplaced(name, day.date.isoformat())
        return day

    def _recover(self) -> None:
        """Finish an interrupted commit, drop an unfinished one. The lock is held."""
        if self._commit.exists():
            for staged in sorted(self._commit.rglob("*.json")):
                path = self.root / staged.relative_to(self._commit)
                path.parent.mkdir(parents=True, exist_ok=True)
                staged.replace(path)
            shutil.rmtree(self._commit)
        if self._pending.exists():
            shutil.rmtree(self._pending)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        if self._held:
            yield
            return
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            with FileLock(self.root / ".lock", timeout=LOCK_TIMEOUT_SECONDS):
                self._held = True
                yield
        except Timeout as error:
            raise StoreError(
                "The data store is in use",
                item=str(self.root),
                why=f"another run has held it for {LOCK_TIMEOUT_SECONDS:.0f} seconds",
                todo="Wait for that run to end, then try again",
            ) from error
        except OSError as error:
            raise StoreError(
                "Cannot write the data store",
                item=str(error.filename or self.root),
                why=os.strerror(error.errno) if error.errno else str(error),
                todo="Check the folder's permissions and the free space; the store is as it was",
            ) from error
        finally:
            self._held = False


def _paper_path(identifier: str) -> Path:
    """``papers/<yymm>/<id>.json``, old ids ``papers/<archive>/<number>.json``."""
    archive, slash, number = identifier.partition("/")
    if slash:
        return Path("papers", archive, f"{number}.json")
    return Path("papers", identifier[:4], f"{identifier}.json")


def _day_path(day: date) -> Path:
    return Path("days", f"{day:%Y}", f"{day.isoformat()}.json")


def _batch_path(token: str) -> Path:
    return Path("batches", f"{token}.json")


def _encoded(papers: Iterable[Paper], days: Iterable[Day]) -> Iterator[tuple[Path, bytes]]:
    for paper in papers:
        yield _paper_path(paper.id), codec.encode_paper(paper)
    for day in days:
        yield _day_path(day.date), codec.encode_day(day)


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _misplaced(name: str, belongs_to: str) -> StoreError:
    return StoreError(
        "Misplaced data file",
        item=name,
        why=f"it holds {belongs_to}",
        todo="Move it to its place, or restore data/ from git",
    )


def _problems(store: Store, progress: Progress) -> Iterator[str]:
    versions: dict[str, tuple[int, ...]] = {}
    listed: set[str] = set()
    paths = sorted((store.root / "papers").rglob("*"))
    for number, path in enumerate(paths, 1):
        progress(number, len(paths))
        if path.is_file():
            try:
                paper = store._decode_paper(path, path.read_bytes())
                versions[paper.id] = paper.versions
            except StoreError as error:
                yield str(error)
    for path in sorted((store.root / "days").rglob("*")):
        if not path.is_file():
            continue
        try:
            day = store._decode_day(path, path.read_bytes())
        except StoreError as error:
            yield str(error)
            continue
        ids = [row.id.id for row in day.rows]
        for identifier in sorted({i for i in ids if ids.count(i) > 1}):
            yield f"{day.date}: {identifier} is listed more than once"
        for row in day.rows:
            if row.id.id not in versions:
                yield f"{day.date}: {row.id.id} is listed but has no file in data/papers"
            elif row.id.version not in versions[row.id.id]:
                yield f"{day.date}: {row.id} is listed but its paper knows no such version"
        listed.update(ids)
    for identifier in sorted(versions.keys() - listed):
        yield f"{identifier} is stored but no day lists it"
    yield from _batch_problems(store, versions.keys())


def _batch_problems(store: Store, papers: Collection[str]) -> Iterator[str]:
    try:
        for batch in store.batches():
            for item in batch.items:
                if item.id.id not in papers:
                    yield f"batch {batch.token}: {item.id} has no file in data/papers"
    except StoreError as error:
        yield str(error)
