"""How the processor time of some work grows with its size: a ratio, which holds on any machine."""

from __future__ import annotations

import time
from collections.abc import Callable

# What takes less than this is lost in the noise.
_NOISE = 0.02


def assert_linear(work: Callable[[int], object], size: int) -> None:
    """Assert that work of ``size`` takes about 4 times as long as a quarter of it.

    Quadratic work takes 16 times as long. What else the machine does disturbs even processor time,
    so that only the third measurement counts against it.
    """
    ratios: list[float] = []
    while len(ratios) < 3 and min(ratios, default=16) > 8:
        quarter = max(_seconds(work, size // 4), _NOISE)
        ratios.append(_seconds(work, size) / quarter)
    assert min(ratios) <= 8, f"four times the work took {min(ratios):.1f} times as long"


def _seconds(work: Callable[[int], object], size: int) -> float:
    """Return the processor time (seconds) that work of a size takes."""
    started = time.process_time()
    work(size)
    return time.process_time() - started
