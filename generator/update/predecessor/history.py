"""The predecessor's history, read from a folder, a tar archive or a git repository.

Nothing is unpacked or checked out: the README files are read one by one.
"""

from __future__ import annotations

import tarfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from lzma import LZMAError
from pathlib import Path, PurePath, PurePosixPath

from generator.core.errors import ReadmeError
from generator.store.places import files_below
from generator.update.predecessor.expanded import ExpansionError, expanded
from generator.update.predecessor.git_history import Version, is_repository, versions
from generator.update.predecessor.readme import Snapshot, is_snapshot, parse_readme
from generator.update.predecessor.readme_layout import broken

MAX_BYTES = 20_000_000  # of one README; the largest known ones have 200,000
MAX_MEMBERS = 100_000  # of a tar; a README a day makes 365 a year
_README = "README.md"
# What tarfile and the decompressors raise at input that is damaged or of another kind; Python's own
# are about numbers and names in headers.
_UNREADABLE = (
    *(tarfile.TarError, EOFError, LZMAError, zlib.error, OSError),
    *(ValueError, OverflowError, LookupError, TypeError, RecursionError),
)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A commit whose README the bot did not write."""

    name: str
    why: str


def read_history(path: Path) -> Iterator[Snapshot | Skipped]:
    """Yield every snapshot under a path, sorted by file name, or oldest commit first.

    In a git repository the README has a life before and beside the bot: such commits are Skipped.
    Whatever else cannot be read raises ReadmeError, and so does a path without any snapshot.
    """
    try:
        yield from _read(path)
    except OSError as error:
        place = Path(error.filename or path)
        raise _unusable(place, f"it cannot be read ({error.strerror or error})") from error


def _read(path: Path) -> Iterator[Snapshot | Skipped]:
    if path.is_dir() and is_repository(path):
        for version in versions(path, _README, MAX_BYTES):
            yield _committed(version)
    else:
        for name, content in _from_folder(path) if path.is_dir() else _from_tar(path):
            yield parse_readme(_decoded(name, content), name=name)


def latest_per_day(snapshots: Iterable[Snapshot]) -> dict[date, Snapshot]:
    """Return the last snapshot of each day: the latest update, and of equal ones the last given."""
    ordered = sorted(snapshots, key=lambda s: (s.date, _updated(s)))
    return {snapshot.date: snapshot for snapshot in ordered}


def _updated(snapshot: Snapshot) -> datetime:
    return snapshot.updated or datetime.min.replace(tzinfo=UTC)


def _committed(version: Version) -> Snapshot | Skipped:
    name = f"{_README} of commit {version.commit[:12]}"
    if version.content is None:
        return Skipped(name, "the commit removed the file")
    text = _decoded(name, version.content)
    if not is_snapshot(text):
        return Skipped(name, "it has no statistics header: the bot did not write it")
    day = version.committed.date() if version.committed else None
    return parse_readme(text, name=name, fallback_date=day)


def _from_folder(folder: Path) -> Iterator[tuple[str, bytes]]:
    files = [file for file in files_below(folder) if _is_readme(file) and file.is_file()]
    if not files:
        raise _unusable(folder, "no file in it ends in .md")
    for file in files:
        _check_size(str(file), file.stat().st_size)
        yield str(file), file.read_bytes()


def _from_tar(path: Path) -> Iterator[tuple[str, bytes]]:
    try:
        with expanded(path) as stream, tarfile.open(fileobj=stream, mode="r:") as archive:
            found = [
                _member(archive, member)
                for number, member in enumerate(archive, start=1)
                if _is_counted(number, path)
                and not member.isdir()
                and _is_readme(PurePosixPath(member.name))
            ]
            _check_whole(archive, path)
    except ExpansionError as error:
        raise _unusable(path, str(error)) from error
    except _UNREADABLE as error:
        why = f"it is neither a folder nor a whole tar archive ({error})"
        raise _unusable(path, why) from error
    if not found:
        raise _unusable(path, "no file in it ends in .md")
    yield from sorted(found)


def _is_counted(number: int, path: Path) -> bool:
    """Give True for a member among the first ones. Raises ReadmeError behind these."""
    if number > MAX_MEMBERS:
        raise _unusable(path, f"it has more than {MAX_MEMBERS:,} members")
    return True


def _member(archive: tarfile.TarFile, member: tarfile.TarInfo) -> tuple[str, bytes]:
    name = PurePosixPath(member.name)
    content = archive.extractfile(member) if member.isreg() else None
    if content is None or name.is_absolute() or ".." in name.parts:
        raise broken(member.name, 1, "it is a link, a device, or lies outside of the archive")
    _check_size(member.name, member.size)
    return member.name, content.read()


def _check_whole(archive: tarfile.TarFile, path: Path) -> None:
    """Raise ReadmeError where no block of zeros ends it: tarfile takes a broken header for that."""
    assert archive.fileobj is not None  # noqa: S101  (it has just been read from)
    archive.fileobj.seek(archive.offset)
    if archive.fileobj.read(tarfile.BLOCKSIZE) != bytes(tarfile.BLOCKSIZE):
        raise _unusable(path, "the archive is broken off or damaged")


def _is_readme(path: PurePath) -> bool:
    """Tell whether to read a file: Markdown, and no hidden companion (macOS makes ._ files)."""
    return path.suffix.lower() == ".md" and not path.name.startswith(".")


def _check_size(name: str, size: int) -> None:
    if size > MAX_BYTES:
        raise broken(name, 1, f"it has {size:,} bytes; a README has less than {MAX_BYTES:,}")


def _decoded(name: str, content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise broken(name, line, f"it is no UTF-8 text ({error.reason})") from error


def _unusable(path: Path, why: str) -> ReadmeError:
    return ReadmeError(
        "Cannot read the predecessor's history",
        item=str(path),
        why=why,
        todo="Give a folder or tar archive of README snapshots (*.md), or the bot's git repository",
    )
