"""The data store below ``data/``: papers, days, open batches; read and written whole or not at all.

A write is a transaction over many files (see ``transaction``). Renames are atomic on one file
system, so a reader never sees half a file.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TypeVar

from filelock import FileLock, Timeout

from generator.core.days import Day
from generator.core.errors import StoreError
from generator.core.files import sync_folders
from generator.core.papers import Paper
from generator.core.progress import Progress, silent
from generator.core.summaries import Batch
from generator.store import codec, transaction
from generator.store.places import (
    batch_path,
    day_path,
    files_below,
    json_files,
    paper_path,
    unreadable,
)

T = TypeVar("T")

LOCK_TIMEOUT_SECONDS = 60.0
# What stands in data/ besides its folders' content.
_OWN = (".pending", ".commit", ".lock", ".lock-summaries", "papers", "days", "batches")


class TornError(StoreError):
    """A file of the store is empty, or lacks some of its blocks or its end."""


class Store:
    """Access to one ``data/`` folder; ``root`` need not exist yet.

    Opening it finishes an interrupted commit. Raises StoreError where another run holds the store
    for more than a minute, or the folder cannot be read, or written when it has to be.

    Where it ``mends``, a paper or day whose file is empty or torn counts as missing: the file is
    moved to ``data/.damaged/`` and its name noted in ``set_aside``. Otherwise it is a StoreError.
    """

    def __init__(self, root: Path, *, mends: bool = False) -> None:
        self.root = root
        self.set_aside: list[str] = []
        self._mends = mends
        self._held = False
        try:
            interrupted = transaction.is_interrupted(root)
        except OSError as error:
            raise unreadable(root, error) from error
        if interrupted:
            with self.exclusive():
                pass  # which finishes what a kill interrupted

    def paper(self, identifier: str) -> Paper | None:
        """Return the paper with this canonical id, or ``None``."""
        return self._read_if_there(self.root / paper_path(identifier), self._read_paper)

    def papers(self, progress: Progress = silent) -> Iterator[Paper]:
        """Yield all papers, sorted by file name."""
        paths = json_files(self.root / "papers")
        for number, path in enumerate(paths, 1):
            progress(number, len(paths))
            if paper := self._read_if_there(path, self._read_paper):
                yield paper

    def day(self, day: date) -> Day | None:
        """Return that announcement day, or ``None``."""
        return self._read_if_there(self.root / day_path(day), self._read_day)

    def days(self, newest_first: bool = False) -> Iterator[Day]:
        """Yield all announcement days, oldest first if not asked otherwise."""
        for path in sorted(json_files(self.root / "days"), reverse=newest_first):
            if day := self._read_if_there(path, self._read_day):
                yield day

    def first_day(self) -> date | None:
        """Return the oldest announcement day, or ``None`` where there is none."""
        first = min(json_files(self.root / "days"), default=None)
        return date.fromisoformat(first.stem) if first else None

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Keep other writers out, so that what is read stays true until it is written."""
        with self._locked():
            transaction.recover(self.root)
            yield

    def write(
        self, papers: Iterable[Paper], days: Iterable[Day], progress: Progress = silent
    ) -> int:
        """Write these papers and days in one transaction; return how many files changed.

        A file whose bytes would be the same is left alone.
        """
        with self.exclusive():
            return transaction.write_files(self.root, _encoded(papers, days), progress)

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
            transaction.write_files(self.root, _encoded([change(paper)], []), silent)

    def batches(self) -> Iterator[Batch]:
        """Yield the batches that have not been collected, oldest first."""
        read = map(self._read_batch, json_files(self.root / "batches", depth=1))
        yield from sorted(read, key=lambda batch: (batch.created, batch.token))

    def write_batch(self, batch: Batch) -> None:
        """Write a batch, or what is new of it."""
        with self.exclusive():
            encoded = codec.encode_batch(batch)
            transaction.write_files(self.root, [(batch_path(batch.token), encoded)], silent)

    def remove_batch(self, token: str) -> None:
        """Forget a batch that has been collected."""
        with self.exclusive():
            path = self.root / batch_path(token)
            path.unlink()
            sync_folders([path.parent])

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

    def lost(self) -> tuple[str, ...]:
        """Return the names of the files that were set aside and have not been written anew."""
        return tuple(name for name in self.set_aside if not (self.root / name).exists())

    def check(self, progress: Progress = silent) -> list[str]:
        """Return what is wrong with the store, a line each; an empty list proves it whole."""
        if not os.access(self.root, os.W_OK):  # where nobody can write, nobody disturbs
            return list(_problems(self, progress))
        with self.exclusive():
            return list(_problems(self, progress))

    def _read_if_there(self, path: Path, read: Callable[[Path], T]) -> T | None:
        """Return what a file holds; None where it is not there, or torn and to be mended."""
        try:
            return read(path)
        except FileNotFoundError:
            return None
        except TornError:
            if not self._mends:
                raise
        with self.exclusive():
            transaction.set_aside(self.root, path, path.relative_to(self.root))
        self.set_aside.append(self._name(path))
        return None

    def _read_paper(self, path: Path) -> Paper:
        paper = self._decoded(path, codec.decode_paper)
        self._check_place(path, paper_path(paper.id), paper.id)
        return paper

    def _read_day(self, path: Path) -> Day:
        day = self._decoded(path, codec.decode_day)
        self._check_place(path, day_path(day.date), day.date)
        return day

    def _read_batch(self, path: Path) -> Batch:
        batch = self._decoded(path, codec.decode_batch)
        self._check_place(path, batch_path(batch.token), batch.token)
        return batch

    def _decoded(self, path: Path, decode: codec.Decode[T]) -> T:
        """Read a file. Raises StoreError, TornError, FileNotFoundError."""
        data = b""
        try:
            data = path.read_bytes()
            return decode(data, name=self._name(path))
        except FileNotFoundError:
            raise
        except OSError as error:
            raise unreadable(path, error) from error
        except StoreError as error:
            if transaction.is_torn(data):
                raise TornError(
                    error.what,
                    item=error.item,
                    why="it is empty, or some of it is missing",
                    todo="Restore it from git (git checkout -- <file>); of what git has not, a new "
                    "day is repaired by: generator update",
                ) from error
            raise

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
                todo="Check the folder's permissions and the free space; nothing is half written",
            ) from error
        finally:
            self._held = False


def _encoded(papers: Iterable[Paper], days: Iterable[Day]) -> Iterator[tuple[Path, bytes]]:
    for paper in papers:
        yield paper_path(paper.id), codec.encode_paper(paper)
    for day in days:
        yield day_path(day.date), codec.encode_day(day)


def _problems(store: Store, progress: Progress) -> Iterator[str]:
    versions: dict[str, tuple[int, ...]] = {}
    listed: set[str] = set()
    for paper in _readable(store.root / "papers", store._read_paper, progress):
        if isinstance(paper, StoreError):
            yield str(paper)
        else:
            versions[paper.id] = paper.versions
    for day in _readable(store.root / "days", store._read_day):
        if isinstance(day, StoreError):
            yield str(day)
        else:
            yield from _day_problems(day, versions)
            listed.update(row.id.id for row in day.rows)
    for identifier in sorted(versions.keys() - listed):
        yield f"{identifier} is stored but no day lists it"
    for batch in _readable(store.root / "batches", store._read_batch):
        if isinstance(batch, StoreError):
            yield str(batch)
        else:
            unknown = (item.id for item in batch.items if item.id.id not in versions)
            yield from (f"batch {batch.token}: {i} has no file in data/papers" for i in unknown)


def _readable(
    folder: Path, read: Callable[[Path], T], progress: Progress = silent
) -> Iterator[T | StoreError]:
    """Yield what each file below a folder holds, or why it cannot be read."""
    try:
        paths = files_below(folder)
    except OSError as error:
        yield unreadable(folder, error)
        return
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
