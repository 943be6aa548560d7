"""What a damaged or full disk does to a run: it is said, and nothing is lost."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from tests.failing_calls import STRACE, Call, one_of_a_kind, subject

# How many calls of each command fail here; `python -m tests.failing_calls` takes them all.
SAMPLES = {"update": 6, "import": 4, "check": 3, "build": 3}


@pytest.mark.parametrize("command", SAMPLES)
def test_a_failing_call_is_said_and_the_next_run_goes_on(command: str, tmp_path: Path) -> None:
    """A sample of the calls; a user would see a message each time, never a traceback."""
    if STRACE is None:
        if os.environ.get("CI"):
            pytest.fail("no strace: .ci/run installs it")
        pytest.skip("no strace (Debian's package strace)")
    chance = random.Random(command)

    def chosen(calls: list[Call]) -> list[Call]:
        return chance.sample(one_of_a_kind(calls), SAMPLES[command])

    with subject(command, tmp_path) as made:
        assert made.sweep(chosen) == []
