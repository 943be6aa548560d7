"""How work reports its progress."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

# Told (done, total) as work goes on; a total of 0 is one that is not known.
Progress = Callable[[int, int], None]
# Opens a bar with a title, and gives what moves it.
OpenBar = Callable[[str], AbstractContextManager[Progress]]


def silent(done: int, total: int) -> None:
    """Report progress to nobody."""
