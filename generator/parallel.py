"""Work spread over the machine's cores by forking, so that workers inherit what they need.

Nothing but the numbers of items and small results crosses between processes. Where there is one
core, or no ``fork``, the work is done in this process.
"""

from __future__ import annotations

import gc
import multiprocessing
import multiprocessing.pool
import os
from collections.abc import Callable, Iterator, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")

CHUNK = 48


class Workers(Generic[T, R]):
    """Applies ``function`` to each item in the background, from the moment it is made.

    Not to be used twice at a time in one process.
    """

    def __init__(self, function: Callable[[T], R], items: Sequence[T]) -> None:
        self._function = function
        self._items = items
        self._pool: multiprocessing.pool.Pool | None = None
        self._starts = range(0, len(items), CHUNK)
        count = min(_cores(), len(self._starts))
        if count > 1 and "fork" in multiprocessing.get_all_start_methods():
            # What exists now is not collected any more, so that its pages stay shared.
            gc.freeze()
            context = multiprocessing.get_context("fork")
            self._pool = context.Pool(count, _inherit, (self._run,))
            self._chunks = self._pool.imap_unordered(_run_inherited, self._starts)

    def results(self) -> Iterator[list[R]]:
        """Each chunk's results as it is done, in any order. Raises what ``function`` raised."""
        try:
            yield from self._chunks if self._pool else map(self._run, self._starts)
        finally:
            self.stop()

    def stop(self) -> None:
        """End the workers, whatever they are doing."""
        if self._pool is not None:
            self._pool.terminate()
            self._pool.join()
            self._pool = None
            gc.unfreeze()

    def _run(self, start: int) -> list[R]:
        return [self._function(item) for item in self._items[start : start + CHUNK]]


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


_inherited: list[Callable[[int], object]] = []


def _inherit(run: Callable[[int], object]) -> None:
    """Runs in a worker when it starts."""
    _inherited[:] = [run]


def _run_inherited(start: int) -> object:
    return _inherited[0](start)
