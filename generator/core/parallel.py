"""Work spread over the machine's cores by forking, so that workers inherit what they need.

Nothing but the numbers of chunks and small results crosses between processes. The process that
asks for the results works too; where there is one core, or no ``fork``, it does everything.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from typing import Generic, TypeVar

from generator.core.errors import BuildError

T = TypeVar("T")
R = TypeVar("R")

CHUNK = 48
_PATIENCE_SECONDS = 1.0


class Workers(Generic[T, R]):
    """Applies ``function`` to each item, in the background from the moment it is made."""

    def __init__(
        self, function: Callable[[T], R], items: Sequence[T], *, chunk: int = CHUNK
    ) -> None:
        self._function = function
        self._items = items
        self._chunk = chunk
        self._chunks = -(-len(items) // chunk)
        can_fork = "fork" in multiprocessing.get_all_start_methods()
        self._context = multiprocessing.get_context("fork" if can_fork else None)
        self._claimed = self._context.Value("i", 0)
        self._answers, self._to_parent = self._context.Pipe(duplex=False)
        self._turn = self._context.Lock()
        # What exists now is not collected any more, so that its memory stays shared. Nor is what
        # comes new: it has no cycles, and to look for some is a tenth of the work.
        gc.freeze()
        gc.disable()
        self._processes = [
            self._context.Process(target=self._work, daemon=True)
            for _ in range(min(_cores(), self._chunks) - 1 if can_fork else 0)
        ]
        for process in self._processes:
            process.start()

    def results(self) -> Iterator[list[R]]:
        """Yield each chunk's results as it is done, in any order.

        Raises what ``function`` raised, and BuildError where a worker was killed.
        """
        done = 0
        try:
            for start in self._claim():
                yield self._run(start)
                done += 1
                while self._answers.poll():
                    yield self._answer()
                    done += 1
            while done < self._chunks:
                if not self._answers.poll(_PATIENCE_SECONDS):
                    self._check_alive()
                    continue
                yield self._answer()
                done += 1
        finally:
            self.stop()

    def stop(self) -> None:
        """End the workers, whatever they are doing."""
        for process in self._processes:
            process.terminate()
            process.join()
        self._processes = []
        gc.enable()
        gc.unfreeze()

    def _work(self) -> None:
        for start in self._claim():
            try:
                answer: list[R] | Exception = self._run(start)
            except Exception as error:  # noqa: BLE001 - raised again where the results are read
                answer = error
            with self._turn:
                self._to_parent.send(answer)

    def _claim(self) -> Iterator[int]:
        """Yield the first items' numbers of chunks that nobody else has taken."""
        while True:
            with self._claimed.get_lock():
                chunk = self._claimed.value
                self._claimed.value += 1
            if chunk >= self._chunks:
                return
            yield chunk * self._chunk

    def _run(self, start: int) -> list[R]:
        return [self._function(item) for item in self._items[start : start + self._chunk]]

    def _answer(self) -> list[R]:
        answer: list[R] | Exception = self._answers.recv()
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _check_alive(self) -> None:
        for process in self._processes:
            if process.exitcode not in (None, 0) and not self._answers.poll():
                raise BuildError(
                    "A worker process ended",
                    item=f"process {process.pid}",
                    why=f"it was ended from outside (exit code {process.exitcode})",
                    todo="Was there enough memory? Run the command again",
                )


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
