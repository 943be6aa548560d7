"""`generator summarize --batch`: submitted by one run, collected by a later one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from generator.cli import commands as cli
from generator.core.summaries import FailureReason, SummaryFailure, SummaryKey, Usage
from generator.store.merge import add_failure
from generator.store.store import Store
from tests.llm_replies import BAD_JSON, REFUSAL
from tests.summaries import KEY, paper, run_summaries, serve_html, summary_project


def test_a_batch_is_collected_when_it_is_ready(server, tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.setenv("SAMPLE_KEY", KEY)
    papers = [paper(n) for n in range(5)]
    serve_html(server, papers)
    prices = {"price_input": 1.0, "price_output": 4.0}
    project = summary_project(tmp_path, server, papers, input="fulltext", **prices)
    monkeypatch.chdir(project)
    server.on(papers[3].id, BAD_JSON)
    server.on(papers[4].id, REFUSAL)

    assert cli.main(["summarize", "--batch"]) == 0
    assert "4 summaries submitted" in capsys.readouterr().err
    store = Store(project / "data")
    [batch] = store.batches()
    assert [item.id.id for item in batch.items] == [p.id for p in papers[1:]]
    assert batch.batch_id
    assert store.check() == []
    # One question was asked at once, to learn what the server takes.
    assert server.paid == {papers[0].id: 1}
    # What a batch is about is not asked for by anybody else.
    assert run_summaries() == 0
    assert server.paid == {papers[0].id: 1}

    code = 0
    for _ in range(8):
        if not list(store.batches()):
            break
        code = run_summaries("--batch")
    assert code == 5
    made = {p.id: p for p in store.papers()}
    assert [len(made[p.id].summaries) for p in papers] == [1, 1, 1, 0, 0]
    assert [f.reason for p in papers[3:] for f in made[p.id].failures] == [
        "invalid answer",
        "refused",
    ]
    live, batched = (made[p.id].summaries[0].usage for p in papers[:2])
    assert live and batched and live.cost and batched.cost
    per_token = batched.cost / batched.tokens / (live.cost / live.tokens)
    assert 0.4 < per_token < 0.6
    assert made[papers[1].id].summaries[0].input == "fulltext"
    assert dict(server.paid) == {p.id: 1 for p in papers}
    assert server.files == {} or all(f.purpose != "batch" for f in server.files.values())


def test_a_batch_that_the_server_never_got_is_submitted_anew(server, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("SAMPLE_KEY", KEY)
    project = summary_project(tmp_path, server, [paper(n) for n in range(3)])
    monkeypatch.chdir(project)
    server.override = lambda call: (
        (503, {"error": {"message": "down"}})
        if call.method == "POST" and call.path.endswith("/batches")
        else None
    )
    assert run_summaries("--batch") == 8
    assert [batch.batch_id for batch in Store(project / "data").batches()] == [None]
    server.override = lambda call: None
    for _ in range(8):
        assert run_summaries("--batch") == 0
    assert all(len(p.summaries) == 1 for p in Store(project / "data").papers())
    assert set(server.paid.values()) == {1}


def test_files_cannot_go_into_a_batch(server, tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.setenv("SAMPLE_KEY", KEY)
    monkeypatch.chdir(summary_project(tmp_path, server, [paper(0)], input="file"))
    assert run_summaries("--batch") == 2
    assert "files cannot go into a batch" in capsys.readouterr().err


def test_a_failure_that_is_collected_twice_counts_once() -> None:
    noted = SummaryFailure(
        key=SummaryKey(1, "sample-1", "en", "abc"),
        reason=FailureReason.INVALID,
        detail="no sections",
        attempts=1,
        last=datetime(2026, 1, 5, 12, tzinfo=UTC),
        usage=Usage(prompt=100, completion=10),
    )
    once = add_failure(paper(0), noted)
    assert add_failure(once, noted) == once
    again = add_failure(once, replace(noted, last=noted.last + timedelta(days=1)))
    assert [(f.attempts, f.usage.tokens) for f in again.failures] == [(2, 220)]
