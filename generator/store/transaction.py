"""A write over many files of a folder: all of it or nothing, after a kill and a power cut too.

All new files are first staged in ``.pending/``; renaming the staging folder to ``.commit/`` is the
instant from which the write has happened; the files are then renamed to their places. Whoever
comes next finishes a commit that was interrupted, and drops what was merely pending. Each step is
on the disk before the next one begins.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from generator.core.files import sync_files, sync_folders
from generator.core.progress import Progress
from generator.store.places import files_below

_LOGGER = logging.getLogger(__name__)
_PENDING, _COMMIT, _DAMAGED = ".pending", ".commit", ".damaged"


def is_interrupted(root: Path) -> bool:
    """Tell whether a write has not come to its end."""
    return (root / _PENDING).exists() or (root / _COMMIT).exists()


def write_files(root: Path, files: Iterable[tuple[Path, bytes]], progress: Progress) -> int:
    """Write files below ``root``; return how many changed. Raises OSError."""
    staged = []
    for number, (path, data) in enumerate(files, 1):
        progress(number, 0)
        if _content(root / path) != data:
            staged.append(root / _PENDING / path)
            staged[-1].parent.mkdir(parents=True, exist_ok=True)
            staged[-1].write_bytes(data)
    if staged:
        sync_files(staged)
        sync_folders(_folders(staged, root))
        (root / _PENDING).rename(root / _COMMIT)
        _finish(root)
    return len(staged)


def recover(root: Path) -> None:
    """Finish a commit that was interrupted, drop what was merely pending. Raises OSError."""
    if (root / _COMMIT).exists():
        for path in files_below(root / _COMMIT):
            # Only a disk that says "done" too early, or an older Daybook, leaves one.
            if is_torn(path.read_bytes()):
                set_aside(root, path, path.relative_to(root / _COMMIT))
        _finish(root)
    if (root / _PENDING).exists():
        shutil.rmtree(root / _PENDING)


def is_torn(data: bytes) -> bool:
    """Tell whether a file of the store is empty, or lacks some of its blocks or its end."""
    return b"\0" in data or not data.rstrip().endswith(b"}")


def set_aside(root: Path, path: Path, name: Path) -> None:
    """Move a damaged file out of the way, and say so. Raises OSError."""
    aside = root / _DAMAGED / name
    aside.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileNotFoundError):  # another thread was faster
        path.replace(aside)
        sync_folders(_folders([path, aside], root))
        _LOGGER.warning(
            "%s is empty or torn, as a power cut leaves a file. It was set aside as %s", path, aside
        )


def _finish(root: Path) -> None:
    """Bring what is committed to its place."""
    commit = root / _COMMIT
    sync_folders([root])  # from here on the write has happened
    placed = []
    # Days come last: who reads meanwhile finds the papers of a day that is there.
    for staged in sorted(files_below(commit), key=lambda path: _is_day(path, commit)):
        placed.append(root / staged.relative_to(commit))
        placed[-1].parent.mkdir(parents=True, exist_ok=True)
        staged.replace(placed[-1])
    sync_folders(_folders(placed, root))
    shutil.rmtree(commit)


def _is_day(path: Path, commit: Path) -> bool:
    return path.relative_to(commit).parts[0] == "days"


def _folders(files: Iterable[Path], root: Path) -> Iterator[Path]:
    """Yield each folder above these files once, up to ``root``."""
    seen: set[Path] = set()
    for path in files:
        folder = path.parent
        while folder not in seen and folder.is_relative_to(root):
            seen.add(folder)
            yield folder
            folder = folder.parent


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
