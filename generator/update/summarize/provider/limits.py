"""How fast a provider may be asked, and for how much at most."""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from collections.abc import Callable

from generator.core.summaries import Usage

# Providers count per minute.
_WINDOW = 60.0


class RateLimit:
    """A provider's limits, kept over every window of 60 seconds. May be shared by threads.

    ``clock`` is monotonic seconds; a limit of ``None`` is none.
    """

    def __init__(
        self,
        requests_per_minute: int | None,
        tokens_per_minute: int | None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._most_requests = math.inf if requests_per_minute is None else requests_per_minute
        self._most_tokens = math.inf if tokens_per_minute is None else tokens_per_minute
        self._clock = clock
        self._sleep = sleep
        self._used: deque[tuple[float, int]] = deque()
        # Whoever waits for the window holds this, so that a large request is not overtaken for
        # ever by small ones.
        self._turn = threading.Lock()

    def acquire(self, tokens: int) -> None:
        """Wait until one more request of ``tokens`` tokens is allowed, and count it.

        A request larger than the whole limit waits for a window without tokens and goes alone.
        """
        with self._turn:
            while (wait := self._wait(tokens)) > 0:
                # Not less than a millisecond: a rounding error must not become a busy loop.
                self._sleep(max(wait, 0.001))
            self._used.append((self._clock(), tokens))

    def _wait(self, tokens: int) -> float:
        """Return the seconds until the oldest request leaves the window; 0 if there is room."""
        now = self._clock()
        # The same sum as below: by another one, rounding could find no wait and no place either.
        while self._used and self._used[0][0] + _WINDOW - now <= 0:
            self._used.popleft()
        used = sum(count for _, count in self._used)
        fits = tokens == 0 or used == 0 or used + tokens <= self._most_tokens
        if fits and len(self._used) < self._most_requests:
            return 0.0
        return self._used[0][0] + _WINDOW - now


class Budget:
    """What one run may use. What is reserved and what is spent never exceed it together.

    ``max_cost`` is in the currency of the prices. ``None`` means no limit. May be shared by
    threads. It can only be as good as what is reserved: reserve the most that a call may use.
    """

    def __init__(self, max_tokens: int | None, max_cost: float | None) -> None:
        self._max_tokens = math.inf if max_tokens is None else max_tokens
        self._max_cost = math.inf if max_cost is None else _millionths(max_cost)
        self._reserved_tokens = 0
        self._reserved_cost = 0
        self._spent = Usage()
        self._lock = threading.Lock()

    @property
    def spent(self) -> Usage:
        """What all settled calls used."""
        with self._lock:
            return self._spent

    def reserve(self, tokens: int, cost: float | None) -> bool:
        """Set this much aside for a call; False, and nothing is, where it does not fit."""
        with self._lock:
            reserved_tokens = self._reserved_tokens + tokens
            reserved_cost = self._reserved_cost + _millionths(cost)
            if self._spent.tokens + reserved_tokens > self._max_tokens:
                return False
            if _millionths(self._spent.cost) + reserved_cost > self._max_cost:
                return False
            self._reserved_tokens, self._reserved_cost = reserved_tokens, reserved_cost
            return True

    def settle(self, reserved_tokens: int, reserved_cost: float | None, usage: Usage) -> None:
        """Give back what was reserved, and count what was really used (nothing: ``Usage()``)."""
        with self._lock:
            self._reserved_tokens -= reserved_tokens
            self._reserved_cost -= _millionths(reserved_cost)
            self._spent += usage


def _millionths(cost: float | None) -> int:
    # Whole numbers: what is given back must cancel out exactly, after any number of calls. Rounded
    # before it is rounded up, because 0.07 * 1e6 is 70000.00000000001.
    return math.ceil(round((cost or 0.0) * 1e6, 3))
