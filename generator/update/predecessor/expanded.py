"""A compressed archive as a stream of what is in it, which ends in an error where that is too much.

650 kB can expand to gigabytes, and tarfile takes whole headers of any size into memory.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

MAX_EXPANDED = 1_000_000_000  # bytes, of all READMEs together; a year has 20 MB
# READMEs become 5 to 20 times smaller. What is small anyway may be anything.
MAX_RATIO, _SMALL = 100, 50_000_000

# How the formats that Python reads begin.
_FORMATS: tuple[tuple[bytes, Callable[[Path], Any]], ...] = (
    (b"\x1f\x8b", gzip.open),
    (b"BZh", bz2.open),
    (b"\xfd7zXZ\x00", lzma.open),
    (b"]\x00\x00", lzma.open),
)


class ExpansionError(Exception):
    """The archive expands to more than any history has."""


@contextmanager
def expanded(path: Path) -> Iterator[IO[bytes]]:
    """Open a file that may be compressed, and close it.

    To read or seek behind the bound raises ExpansionError, before the bytes are expanded. What the
    decompressors raise at damaged input passes through.
    """
    with path.open("rb") as file:
        head = file.read(6)
    size = path.stat().st_size
    found = next((open_it for magic, open_it in _FORMATS if head.startswith(magic)), None)
    limit = min(MAX_EXPANDED, max(_SMALL, MAX_RATIO * size)) if found else MAX_EXPANDED
    with found(path) if found else path.open("rb") as stream:
        yield cast(IO[bytes], _Bounded(stream, limit))


class _Bounded:
    """The first ``limit`` bytes of a stream, as far as tarfile asks for them."""

    def __init__(self, stream: IO[bytes], limit: int) -> None:
        self._stream = stream
        self._limit = limit

    def read(self, size: int = -1) -> bytes:
        """Read up to ``size`` bytes. Raises ExpansionError where these go beyond the limit."""
        room = self._limit - self._stream.tell() + 1
        data = self._stream.read(room if size < 0 else min(size, room))
        self._check(self._stream.tell())
        return data

    def seek(self, position: int) -> int:
        """Go to a place. Raises ExpansionError where this is beyond the limit."""
        self._check(position)
        return self._stream.seek(position)

    def tell(self) -> int:
        """Return the place (bytes from the start)."""
        return self._stream.tell()

    def _check(self, position: int) -> None:
        if position > self._limit:
            raise ExpansionError(f"it expands to more than {self._limit:,} bytes")
