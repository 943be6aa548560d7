"""Files and folders that are Daybook's own: replaced in one step, and not followed out of."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path


def replace_file(path: Path, content: bytes) -> None:
    """Write a whole file, made with its folder if need be. Raises OSError.

    Whoever reads finds the old content or the new one. This first goes into a file beside it whose
    name no other run has: of two runs that write the same file at once, one has the last word.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}.new")
    try:
        with temporary.open("xb") as file:
            file.write(content)
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise


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
