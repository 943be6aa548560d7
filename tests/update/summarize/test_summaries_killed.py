"""kill -9 in the middle of making summaries: the next run goes on and pays for nothing twice."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime

import pytest

import generator.update.summarize.batch_run  # noqa: F401 - what every killed child would import anew
from generator.cli import session
from generator.core.summaries import Summary
from generator.store.store import Store
from tests.killing import killed_at, restore
from tests.llm_server import ModelServer
from tests.projects import contents
from tests.summaries import KEY, answer, paper, run_summaries, summary_project


def summaries(store: Store) -> dict[str, list[Summary]]:
    """All summaries, but for what they cost: a second run's prompts know the tags of the first."""
    return {p.id: [replace(s, usage=None) for s in p.summaries] for p in store.papers()}


@pytest.mark.parametrize(("concurrency", "step"), [(1, 2), (4, 5)])
def test_no_stored_answer_is_paid_again(tmp_path, monkeypatch, concurrency: int, step: int) -> None:
    monkeypatch.setenv("SAMPLE_KEY", KEY)
    monkeypatch.setattr(session, "now", lambda: datetime(2026, 1, 5, 12, tzinfo=UTC))
    with ModelServer() as server:
        server.answer = answer
        papers = [paper(n) for n in range(4)]
        project = summary_project(tmp_path, server, papers, concurrency=concurrency)
        monkeypatch.chdir(project)
        data = project / "data"
        start = contents(data)
        assert run_summaries() == 0
        undisturbed = summaries(Store(data))
        point = 0
        while True:
            point += step
            restore(data, start)
            shutil.rmtree(project / ".cache")
            server.paid.clear()
            if not killed_at(run_summaries, point):
                break
            store = Store(data)
            stored = {p.id for p in store.papers() if p.summaries}
            assert all(server.paid[identifier] == 1 for identifier in stored)
            # What was under way when the kill came is all that may be lost.
            assert sum(server.paid.values()) <= len(stored) + concurrency
            assert run_summaries() == 0
            assert all(server.paid[identifier] == 1 for identifier in stored)
            assert sum(server.paid.values()) <= len(papers) + concurrency
            assert summaries(store) == undisturbed
            assert store.check() == []
        assert point > 20


def test_no_batch_is_submitted_or_counted_twice(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("SAMPLE_KEY", KEY)
    monkeypatch.setattr(session, "now", lambda: datetime(2026, 1, 5, 12, tzinfo=UTC))
    with ModelServer() as server:
        server.answer = answer
        papers = [paper(n) for n in range(3)]
        project = summary_project(tmp_path, server, papers)
        monkeypatch.chdir(project)
        data = project / "data"
        start = contents(data)

        def submit_and_collect() -> int:
            for _ in range(8):
                code = run_summaries("--batch")
                if code or not list(Store(data).batches()):
                    break
            return code

        point = 0
        while True:
            point += 13
            restore(data, start)
            shutil.rmtree(project / ".cache", ignore_errors=True)
            server.paid.clear()
            if not killed_at(submit_and_collect, point):
                break
            assert submit_and_collect() == 0
            assert all(len(p.summaries) == 1 for p in Store(data).papers())
            # The one question that is asked at once may have been under way.
            assert sum(server.paid.values()) <= len(papers) + 1
            assert all(count == 1 for name, count in server.paid.items() if name != papers[0].id)
        assert point > 20
