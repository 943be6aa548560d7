"""Files and folders that are Daybook's own: replaced in one step, and not followed out of."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

# A file system brings many files to the disk at once, if it is asked for many at once.
_AT_ONCE = 16


def replace_file(path: Path, content: bytes, *, durable: bool = False) -> None:
    """Write a whole file, made with its folder if need be. Raises OSError.

    Whoever reads finds the old content or the new one, where it is ``durable`` also after a power
    cut. This first goes into a file beside it whose name no other run has: of two runs that write
    the same file at once, one has the last word.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}.new")
    try:
        with temporary.open("xb") as file:
            file.write(content)
        if durable:
            sync_files([temporary])
        temporary.replace(path)
        if durable:
            sync_folders([path.parent])
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise


def sync_files(paths: Iterable[Path]) -> None:
    """Force the content of files to the disk. Raises OSError."""
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        for _ in threads.map(_sync_file, paths):
            pass


def sync_folders(paths: Iterable[Path]) -> None:
    """Force what folders say of the names in them to the disk. Raises OSError."""
    if os.name == "posix":  # elsewhere a folder cannot be opened
        with ThreadPoolExecutor(_AT_ONCE) as threads:
            for _ in threads.map(_sync_folder, paths):
                pass


def _sync_file(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def links_below(folder: Path) -> Iterator[Path]:
    """Yield the symbolic links at and below a path, which need not exist; none is followed."""
    if folder.is_symlink():
        yield folder
    elif folder.is_dir():
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_symlink() or entry.is_dir():
                    yield from links_below(Path(entry.path))


def remove(path: Path) -> None:
    """Remove whatever is there, if anything: a file, a folder with all in it, a link alone."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
