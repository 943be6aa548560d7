"""A provider's limits and a run's budget, with an invented clock and with real threads."""

from __future__ import annotations

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from generator.core.summaries import Usage
from generator.update.summarize.provider.limits import Budget, RateLimit
from tests.asking import FastRateLimit


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.seconds = 1000.0
        self.slept: list[float] = []

    def now(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.seconds += seconds


def limit(moment: Time, requests: int | None, tokens: int | None) -> RateLimit:
    return RateLimit(requests, tokens, clock=moment.now, sleep=moment.sleep)


def test_without_limits_nobody_waits() -> None:
    moment = Time()
    rate = limit(moment, None, None)
    for _ in range(1000):
        rate.acquire(10**9)
    assert moment.slept == []


def test_the_request_too_many_waits_for_the_window() -> None:
    moment = Time()
    rate = limit(moment, 2, None)
    rate.acquire(0)
    moment.seconds += 10
    rate.acquire(0)
    rate.acquire(0)  # waits until the first one is a minute old
    rate.acquire(0)  # and this one for the second
    assert moment.slept == [50.0, 10.0]


def test_tokens_wait_until_enough_of_them_are_old() -> None:
    moment = Time()
    rate = limit(moment, None, 100)
    for tokens in (30, 30, 40):
        rate.acquire(tokens)
        moment.seconds += 1
    rate.acquire(60)  # the first two must be a minute old
    assert moment.slept == [57.0, 1.0]


def test_a_request_larger_than_the_limit_goes_alone() -> None:
    moment = Time()
    rate = limit(moment, None, 100)
    rate.acquire(10)
    rate.acquire(500)
    rate.acquire(0)  # what uses no tokens is in nobody's way
    assert moment.slept == [60.0]
    rate.acquire(10)
    assert moment.slept == [60.0, 60.0]


@given(
    st.lists(st.tuples(st.integers(0, 150), st.floats(0, 90)), max_size=40),
    st.integers(1, 5) | st.none(),
    st.integers(1, 100) | st.none(),
)
@example(asked=[(0, 0.1), (0, 0.0), (0, 0.0)], requests=1, tokens=None)
def test_no_window_holds_more_than_allowed(asked, requests, tokens) -> None:
    moment = Time()
    rate = limit(moment, requests, tokens)
    went: list[tuple[float, int]] = []
    for count, pause in asked:
        moment.seconds += pause
        rate.acquire(count)
        went.append((moment.seconds, count))
    for start, _ in went:
        window = [count for at, count in went if start <= at < start + 59.999]
        assert requests is None or len(window) <= requests
        if tokens is not None and sum(window) > tokens:
            assert len([count for count in window if count]) == 1


def test_sixteen_threads_keep_to_the_limit_in_real_time() -> None:
    rate = FastRateLimit(10, faster=200)  # a minute passes in 0.3 s
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda _: rate.acquire(1), range(45)))
    went = sorted(rate.granted)
    for first, eleventh in zip(went, went[10:], strict=False):
        assert eleventh - first >= 60
    assert went[-1] - went[0] < 2000


# The budget of a run


def test_a_call_that_does_not_fit_is_not_made() -> None:
    budget = Budget(1000, 1.0)
    assert budget.reserve(600, 0.1)
    assert not budget.reserve(401, 0.1)
    assert not budget.reserve(1, 0.91)
    assert budget.reserve(400, 0.9)
    assert not budget.reserve(1, 0.0)


def test_what_was_reserved_too_much_is_free_again() -> None:
    budget = Budget(1000, None)
    assert budget.reserve(900, None)
    budget.settle(900, None, Usage(prompt=50, completion=50))
    assert budget.spent == Usage(prompt=50, completion=50)
    assert budget.reserve(900, None)
    budget.settle(900, None, Usage())  # failed, and cost nothing
    assert budget.reserve(900, None)
    assert not budget.reserve(1, None)


def test_without_limits_everything_fits_and_is_counted() -> None:
    budget = Budget(None, None)
    for _ in range(3):
        assert budget.reserve(10**9, 10.0**6)
        budget.settle(10**9, 10.0**6, Usage(prompt=1, cached=1, completion=2, cost=0.25))
    assert budget.spent == Usage(prompt=3, cached=3, completion=6, cost=0.75)


def test_small_sums_of_money_add_up_exactly() -> None:
    budget = Budget(None, 0.3)
    assert [budget.reserve(0, 0.1) for _ in range(4)] == [True, True, True, False]
    for _ in range(3):
        budget.settle(0, 0.1, Usage(cost=0.07))
    assert budget.spent.cost == pytest.approx(0.21)
    assert budget.reserve(0, 0.09)
    assert not budget.reserve(0, 0.000001)


def test_sixteen_threads_never_spend_more_than_allowed() -> None:
    budget = Budget(10_000, 1.0)
    at_work = [0]
    most = [0]
    lock = threading.Lock()

    def call(seed: int) -> None:
        chance = random.Random(seed)
        tokens = chance.randrange(100, 900)
        if not budget.reserve(tokens, tokens / 10_000):
            return
        with lock:
            at_work[0] += tokens
            most[0] = max(most[0], budget.spent.tokens + at_work[0])
        time.sleep(0.001)
        used = chance.randrange(tokens)
        with lock:
            at_work[0] -= tokens
            budget.settle(tokens, tokens / 10_000, Usage(prompt=used, cost=used / 10_000))

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(call, range(400)))
    assert most[0] <= 10_000
    assert 5_000 < budget.spent.tokens <= 10_000
    assert budget.spent.cost is not None
    assert budget.spent.cost <= 1.0
