"""Summaries from end to end: a store, a real server that speaks the API, and the store after it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from generator import cli
from generator.models import Paper
from generator.store import Store
from tests.llm_replies import Reply
from tests.llm_server import ModelServer
from tests.projects import contents
from tests.summaries import KEY, answer, paper, run_summaries, serve_html, summary_project

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as running:
        running.answer = answer
        yield running


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The time stands still; the value sets it."""
    monkeypatch.setenv("SAMPLE_KEY", KEY)

    def set_clock(now: datetime) -> None:
        monkeypatch.setattr(cli, "_now", lambda: now)

    set_clock(NOW)
    return set_clock


def stored(project: Path) -> dict[str, Paper]:
    return {paper.id: paper for paper in Store(project / "data").papers()}


def test_thirty_papers_come_out_the_same_at_any_concurrency(
    server: ModelServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    papers = [paper(n) for n in range(30)]
    serve_html(server, papers)
    server.always("", Reply(delay=0.02))
    stores = {}
    for concurrency in (1, 4, 16):
        server.most_at_once = 0
        project = summary_project(
            tmp_path / str(concurrency), server, papers, concurrency=concurrency, input="fulltext"
        )
        monkeypatch.chdir(project)
        assert run_summaries() == 0
        assert server.most_at_once <= concurrency
        assert (server.most_at_once > 1) == (concurrency > 1)
        stores[concurrency] = contents(project / "data")
    assert stores[1] == stores[4] == stores[16]
    assert set(server.paid.values()) == {3}
    made = stored(project)["2601.90000"].summaries
    assert [summary.input for summary in made] == ["fulltext"]
    assert made[0].tldr == "The paper 2601.90000 shows that sampling makes a model fast."
    assert "## " in made[0].body and "| way | score |" in made[0].body
    assert made[0].usage is not None and made[0].usage.prompt > 1000
