"""Where each thing stands below ``data/``."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

from generator.core.errors import StoreError


def paper_path(identifier: str) -> Path:
    """Return ``papers/<yymm>/<id>.json``, for old ids ``papers/<archive>/<number>.json``."""
    archive, slash, number = identifier.partition("/")
    if slash:
        return Path("papers", archive, f"{number}.json")
    return Path("papers", identifier[:4], f"{identifier}.json")


def day_path(day: date) -> Path:
    """Return ``days/<yyyy>/<yyyy-mm-dd>.json``."""
    return Path("days", f"{day:%Y}", f"{day.isoformat()}.json")


def batch_path(token: str) -> Path:
    """Return ``batches/<token>.json``."""
    return Path("batches", f"{token}.json")


def json_files(folder: Path, depth: int = 2) -> list[Path]:
    """Return the JSON files so deep below a folder, sorted. Raises StoreError.

    A folder that is not there has none; ``Path.glob`` says so of one that cannot be read, too.
    """
    try:
        paths = [Path(entry) for entry in os.scandir(folder)]
        for _ in range(depth - 1):
            paths = [Path(e) for path in paths if path.is_dir() for e in os.scandir(path)]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise unreadable(folder, error) from error
    return sorted(path for path in paths if path.suffix == ".json")


def files_below(folder: Path) -> list[Path]:
    """Return every file below a folder, sorted; none where there is no folder. Raises OSError.

    ``Path.rglob`` passes over a folder that it may not read.
    """
    found: list[Path] = []
    waiting = [folder] if folder.exists() else []
    while waiting:
        for entry in os.scandir(waiting.pop()):
            (waiting if entry.is_dir(follow_symlinks=False) else found).append(Path(entry))
    return sorted(found)


def unreadable(path: Path, error: OSError) -> StoreError:
    """Return what to say of a file or folder that cannot be read."""
    return StoreError(
        "Cannot read the data store",
        item=str(error.filename or path),
        why=error.strerror or str(error),
        todo="Check the folder's permissions and the disk",
    )
