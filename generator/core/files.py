"""Files in folders that are Daybook's own: what a symbolic link leads to is not."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path


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
