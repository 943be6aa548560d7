"""Downloads, and what was read of them, kept on disk: a file each, its digest before its content.

It is a cache: every file may be deleted at any time, and one that is damaged, or holds what nobody
can use, is dropped with a warning and made anew.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from generator.core.errors import FetchError, InputError
from generator.core.files import replace_file

_LOGGER = logging.getLogger(__name__)
_Value = TypeVar("_Value")

# What a reader of a file raises where it holds something else than the reader wrote.
_UNUSABLE = (ValueError, TypeError, LookupError, AttributeError, RecursionError, InputError)


def load(path: Path, read: Callable[[bytes], _Value]) -> _Value | None:
    """Return what ``read`` makes of a file's content, or None where that is nothing, or damaged.

    ``read`` may raise any error of a value that is not what it should be: then the file is damaged.
    Raises FetchError where the folder cannot be used.
    """
    try:
        if path.exists() and not path.is_file():
            _LOGGER.warning("Not used as a cache file, since it is no file: %s", path)
            return None
        digest, _, content = path.read_bytes().partition(b"\n")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unusable(path, error) from error
    if digest == _digest(content):
        try:
            return read(content)
        except _UNUSABLE as error:
            _LOGGER.info("%s: %s: %s", path, type(error).__name__, error)
    _LOGGER.warning("Discarding a damaged cache file: %s", path)
    return None


def save(path: Path, content: bytes) -> None:
    """Keep something in a file, in one step. Raises FetchError where that cannot be done."""
    try:
        if path.is_dir():
            return  # ``load`` has warned of it
        replace_file(path, _digest(content) + b"\n" + content)
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
