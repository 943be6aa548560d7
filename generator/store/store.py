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
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TypeVar

from filelock import FileLock, Timeout

from generator.core.days import Day
from generator.core.errors import StoreError
from generator.core.papers import Paper
from generator.core.progress import Progress, silent
from generator.core.summaries import Batch
from generator.store import codec

T = TypeVar("T")

LOCK_TIMEOUT_SECONDS = 60.0
# What stands in data/ besides its folders' content.
_OWN = (".pending", ".commit", ".lock", ".lock-summaries", "papers", "days", "batches")


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
        """Return the paper with this canonical id, or ``None``."""
        path = self.root / _paper_path(identifier)
        return self._read_paper(path) if path.exists() else None

    def papers(self, progress: Progress = silent) -> Iterator[Paper]:
        """Yield all papers, sorted by file name."""
        paths = sorted((self.root / "papers").glob("*/*.json"))
        for number, path in enumerate(paths, 1):
            progress(number, len(paths))
            yield self._read_paper(path)

    def day(self, day: date) -> Day | None:
        """Return that announcement day, or ``None``."""
        path = self.root / _day_path(day)
        return self._read_day(path) if path.exists() else None

    def days(self, newest_first: bool = False) -> Iterator[Day]:
        """Yield all announcement days, oldest first if not asked otherwise."""
        for path in sorted((self.root / "days").glob("*/*.json"), reverse=newest_first):
            yield self._read_day(path)

    def first_day(self) -> date | None:
        """Return the oldest announcement day, or ``None`` where there is none."""
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
        """Yield the batches that have not been collected, oldest first."""
        read = map(self._read_batch, sorted((self.root / "batches").glob("*.json")))
        yield from sorted(read, key=lambda batch: (batch.created, batch.token))

    def write_batch(self, batch: Batch) -> None:
        """Write a batch, or what is new of it."""
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
            self._refuse_links()
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
        """Write files in one transaction; the lock is held."""
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
        """Return what is wrong with the store, a line each; an empty list proves it whole."""
        return list(_problems(self, progress))

    def _read_paper(self, path: Path) -> Paper:
        paper = codec.decode_paper(path.read_bytes(), name=self._name(path))
        self._check_place(path, _paper_path(paper.id), paper.id)
        return paper

    def _read_day(self, path: Path) -> Day:
        day = codec.decode_day(path.read_bytes(), name=self._name(path))
        self._check_place(path, _day_path(day.date), day.date)
        return day

    def _read_batch(self, path: Path) -> Batch:
        batch = codec.decode_batch(path.read_bytes(), name=self._name(path))
        self._check_place(path, _batch_path(batch.token), batch.token)
        return batch

    def _name(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()

    def _check_place(self, path: Path, place: Path, held: object) -> None:
        if path != self.root / place:
            raise StoreError(
                "Misplaced data file",
                item=self._name(path),
                why=f"it holds {held}",
                todo="Move it to its place, or restore data/ from git",
            )

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

    def _refuse_links(self) -> None:
        """Raise StoreError where a folder or lock is a link: a write would land elsewhere.

        Files need no such care: a rename takes the place of a link to one.
        """
        own = (self.root / name for name in _OWN)
        for path in (*own, *self.root.glob("papers/*"), *self.root.glob("days/*")):
            if path.is_symlink():
                raise StoreError(
                    "Refused to write into the data store",
                    item=str(path),
                    why="it is a symbolic link, and what it leads to is not the store's",
                    todo="Put the folder itself there; data/ as a whole may be a link",
                )

    @contextmanager
    def _locked(self) -> Iterator[None]:
        if self._held:
            yield
            return
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            self._refuse_links()
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
    """Return ``papers/<yymm>/<id>.json``, for old ids ``papers/<archive>/<number>.json``."""
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


def _problems(store: Store, progress: Progress) -> Iterator[str]:
    versions: dict[str, tuple[int, ...]] = {}
    listed: set[str] = set()
    for paper in _readable((store.root / "papers").rglob("*"), store._read_paper, progress):
        if isinstance(paper, StoreError):
            yield str(paper)
        else:
            versions[paper.id] = paper.versions
    for day in _readable((store.root / "days").rglob("*"), store._read_day):
        if isinstance(day, StoreError):
            yield str(day)
        else:
            yield from _day_problems(day, versions)
            listed.update(row.id.id for row in day.rows)
    for identifier in sorted(versions.keys() - listed):
        yield f"{identifier} is stored but no day lists it"
    for batch in _readable((store.root / "batches").glob("*.json"), store._read_batch):
        if isinstance(batch, StoreError):
            yield str(batch)
        else:
            unknown = (item.id for item in batch.items if item.id.id not in versions)
            yield from (f"batch {batch.token}: {i} has no file in data/papers" for i in unknown)


def _readable(
    files: Iterable[Path], read: Callable[[Path], T], progress: Progress = silent
) -> Iterator[T | StoreError]:
    """Yield what each file holds, or why it cannot be read."""
    paths = sorted(path for path in files if path.is_file())
    for number, path in enumerate(paths, 1):
        progress(number, len(paths))
        try:
            yield read(path)
        except StoreError as error:
            yield error


def _day_problems(day: Day, versions: Mapping[str, tuple[int, ...]]) -> Iterator[str]:
    times = Counter(row.id.id for row in day.rows)
    for identifier in sorted(identifier for identifier, count in times.items() if count > 1):
        yield f"{day.date}: {identifier} is listed more than once"
    for row in day.rows:
        if row.id.id not in versions:
            yield f"{day.date}: {row.id.id} is listed but has no file in data/papers"
        elif row.id.version not in versions[row.id.id]:
            yield f"{day.date}: {row.id} is listed but its paper knows no such version"
