"""Downloads, and what was read of them, kept on disk: a file each, its digest before its content.

It is a cache: every file may be deleted at any time, and a damaged one is made anew.
"""

from __future__ import annotations

import hashlib
import logging
from pathlib import Path

from generator.core.errors import FetchError

_LOGGER = logging.getLogger(__name__)


def load(path: Path) -> bytes | None:
    """Return what is kept in a file, or None where that is nothing, or damaged.

    Raises FetchError where the folder cannot be used.
    """
    try:
        digest, _, content = path.read_bytes().partition(b"\n")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unusable(path, error) from error
    if digest == _digest(content):
        return content
    _LOGGER.warning("Discarding a damaged cache file: %s", path)
    return None


def save(path: Path, content: bytes) -> None:
    """Keep something in a file, in one step. Raises FetchError where that cannot be done."""
    temporary = path.with_name(f"{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(_digest(content) + b"\n" + content)
        temporary.replace(path)
    except OSError as error:
        raise _unusable(path, error) from error


def _digest(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode()


def _unusable(path: Path, error: OSError) -> FetchError:
    return FetchError(
        "The cache cannot be used",
        item=str(path),
        why=error.strerror or str(error),
        todo="Make the folder writable, or delete it",
    )
