"""How work reports its progress."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

# Told (done, total) as files are read or written; a total of 0 is one that is not known.
Report = Callable[[int, int], None]


def silent(done: int, total: int) -> None:
    """The report that tells nobody."""


# Opens a bar with a title; the value reports (done, total).
Progress = Callable[[str], AbstractContextManager[Callable[[int, int], None]]]
