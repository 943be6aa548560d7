"""Work on several cores: every result once, and no failure goes unheard."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from itertools import chain

import pytest

from generator.core.errors import BuildError, StoreError
from generator.core.parallel import CHUNK, Workers


def results(function: Callable[[int], int], count: int) -> list[int]:
    return sorted(chain.from_iterable(Workers(function, range(count)).results()))


@pytest.mark.parametrize("count", [0, 1, CHUNK, CHUNK + 1, 20 * CHUNK])
def test_every_item_is_done_once(count: int) -> None:
    assert results(lambda n: n * n, count) == [n * n for n in range(count)]


@pytest.mark.parametrize("cores", [1, 2, 4])
def test_the_number_of_cores_makes_no_difference(cores: int, monkeypatch) -> None:
    monkeypatch.setattr("generator.core.parallel._cores", lambda: cores)
    assert results(lambda n: n + 1, 500) == list(range(1, 501))


def test_an_error_of_a_worker_keeps_its_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generator.core.parallel._cores", lambda: 2)
    parent = os.getpid()

    def fail(number: int) -> int:
        if os.getpid() == parent:
            time.sleep(0.01)  # let the worker take some
            return number
        raise StoreError("Broken", item=str(number), why="a test", todo="Nothing")

    with pytest.raises(StoreError, match=r"Broken: \d+: a test"):
        results(fail, 10 * CHUNK)


def test_a_killed_worker_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generator.core.parallel._cores", lambda: 2)
    parent = os.getpid()

    def die(number: int) -> int:
        if os.getpid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(0.01)
        return number

    with pytest.raises(BuildError, match="A worker process ended"):
        results(die, 10 * CHUNK)
