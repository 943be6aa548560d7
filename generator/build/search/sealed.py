"""Folders in a cache that count only as they were made: each has a seal over all its files.

Anybody and anything may have been at a cache: a full disk, a cleaner, another version, a person.
A folder with a byte, a file or a link more or less than when it was sealed is none.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

SEAL = "seal"
_LARGEST_SEAL = 100_000_000  # bytes, far more than any part needs


def seal(folder: Path, name: str, values: Mapping[str, Any]) -> None:
    """Seal a folder that is to be called ``name``, with values to keep."""
    digests = {path: _measured(folder / path) for path in _files(folder)}
    written = compact_json({"name": name, "files": digests, "values": values})
    (folder / SEAL).write_bytes(_hash(written) + b"\n" + written)


def sealed(folder: Path) -> dict[str, Any] | None:
    """Return the values of a sealed folder; None for any other."""
    try:
        found = set(_files(folder))
        found.remove(SEAL)
        if (folder / SEAL).stat().st_size > _LARGEST_SEAL:
            return None
        stated, written = (folder / SEAL).read_bytes().split(b"\n", 1)
        if stated != _hash(written):
            return None
        manifest = json.loads(written)
        digests = manifest["files"]
        if manifest["name"] != folder.name or digests.keys() != found:
            return None
        for path, (size, digest) in digests.items():
            # A file that has grown beyond all bounds is not read.
            if (folder / path).stat().st_size != size or _measured(folder / path)[1] != digest:
                return None
    except (OSError, ValueError, KeyError):
        return None
    values: dict[str, Any] = manifest["values"]
    return values


def _files(folder: Path, prefix: str = "") -> Iterator[str]:
    """Yield each file's path, with slashes.

    Raises ValueError where something is neither a plain file nor a folder with some.
    """
    if folder.is_symlink():
        raise ValueError(folder)
    with os.scandir(folder) as found:
        entries = list(found)
        if not entries:
            raise ValueError(folder)
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _files(folder / entry.name, f"{prefix}{entry.name}/")
            elif entry.is_file(follow_symlinks=False):
                yield prefix + entry.name
            else:
                raise ValueError(entry.path)


def _measured(path: Path) -> tuple[int, str]:
    """Return a file's size (bytes) and hash."""
    data = path.read_bytes()
    return len(data), _hash(data).decode()


def _hash(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=16).hexdigest().encode()


def compact_json(value: object) -> bytes:
    """Return JSON without spaces and with sorted keys: the same bytes for the same value."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
