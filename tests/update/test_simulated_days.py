"""Fifteen days in a row, one outage and one kill among them: no paper is lost or listed twice."""

from __future__ import annotations

from pathlib import Path

from benchmarks.simulated_year import simulate, weekdays


def test_three_weeks(tmp_path: Path) -> None:
    outcome = simulate(tmp_path, weekdays(15), down={5}, killed={10})
    assert outcome.problems == []
    assert (outcome.failed, outcome.killed) == (1, 1)
    # Of fifteen weekdays, two follow a deferred mailing.
    assert outcome.papers == 14 * 13


def test_it_would_notice_what_is_lost(tmp_path: Path) -> None:
    """An outage on the last day is nothing that a later update could have repaired."""
    outcome = simulate(tmp_path, weekdays(3), down={2}, killed=set())
    assert any("lost" in problem for problem in outcome.problems)
