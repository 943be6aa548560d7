"""Summaries from end to end: a store, a real server that speaks the API, and the store after it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from generator.cli import commands as cli
from generator.cli import session
from generator.core.papers import Paper
from generator.store.store import Store
from generator.update.sources.http import Fetcher
from tests.llm_replies import (
    BAD_JSON,
    CUT,
    CUT_AT_ONCE,
    EMPTY,
    FILTERED,
    HANG,
    HTML,
    NULL,
    PLAIN_TEXT,
    REFUSAL,
    TRUNCATED,
    Reply,
    error,
)
from tests.llm_server import ModelServer
from tests.projects import contents
from tests.summaries import KEY, PARTS, paper, run_summaries, sections, serve_html, summary_project

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The time stands still; the value sets it."""
    monkeypatch.setenv("SAMPLE_KEY", KEY)

    def set_clock(now: datetime) -> None:
        monkeypatch.setattr(session, "now", lambda: now)

    set_clock(NOW)
    return set_clock


def stored(project: Path) -> dict[str, Paper]:
    return {paper.id: paper for paper in Store(project / "data").papers()}


def test_thirty_papers_come_out_the_same_at_any_concurrency(server, tmp_path, monkeypatch) -> None:
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


def good(name: str, **changes: Any) -> Reply:
    """An answer in the right form but for the changes."""
    return Reply(content=sections(name, **changes))


BUSY = error(429, "Slow down", headers={"Retry-After": "0"})
DOWN = error(503, "Overloaded", headers={"Retry-After": "0"})
TOO_LONG = error(400, "maximum context length is 4096 tokens", code="context_length_exceeded")
GERMAN = "Dieser Aufsatz stellt ein Verfahren vor und misst es an drei Datensätzen sehr genau."
LATER = NOW + timedelta(days=2)

# What the server says to one of three papers, again and again; the reason that is kept; how many of
# the answers are paid for in the first run.
FAULTS: list[tuple[str, list[Reply], str, int]] = [
    ("refusal", [REFUSAL], "refused", 1),
    ("refusal in words", [Reply(content="I'm sorry, but I can't help you.")] * 2, "refused", 2),
    ("content filter", [FILTERED], "content filter", 1),
    ("filtered question", [error(400, "flagged", code="content_filter")], "content filter", 0),
    ("truncated", [TRUNCATED] * 2, "truncated", 2),
    ("invalid JSON", [BAD_JSON] * 2, "invalid answer", 2),
    ("plain words", [PLAIN_TEXT] * 2, "invalid answer", 2),
    ("a section is missing", [good("x", results="")] * 2, "invalid answer", 2),
    ("wrong language", [good("x", tldr=GERMAN, **dict.fromkeys(PARTS, GERMAN * 3))] * 2,
     "wrong language", 2),
    ("empty, in and out of JSON mode", [EMPTY] * 2, "empty answer", 2),
    ("null", [NULL] * 2, "empty answer", 2),
    ("too long", [TOO_LONG], "too long for the model", 0),
    ("429 again and again", [BUSY] * 3, "rate limit", 0),
    ("503 again and again", [DOWN] * 3, "server error", 0),
    ("500 again and again", [error(500, "oops", headers={"Retry-After": "0"})] * 3,
     "server error", 0),
    ("connection cut in the answer", [CUT] * 3, "network", 0),
    ("connection cut at once", [CUT_AT_ONCE] * 3, "network", 0),
    ("no answer in time", [HANG] * 3, "timeout", 0),
    ("a page instead of an answer", [HTML], "server error", 0),
    ("no choices", [Reply(body=b'{"choices": []}')], "server error", 0),
    ("some other refusal of the server", [error(422, "no such thing")], "rejected request", 0),
]  # fmt: skip


@pytest.mark.parametrize(("name", "replies", "reason", "paid"), FAULTS, ids=[f[0] for f in FAULTS])
def test_a_fault_is_noted_and_healed_by_a_later_run(
    server: ModelServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    clock: Any,
    capsys: pytest.CaptureFixture[str],
    *,
    name: str,
    replies: list[Reply],
    reason: str,
    paid: int,
) -> None:
    papers = [paper(n) for n in range(3)]
    bad = papers[1].id
    project = summary_project(tmp_path, server, papers, concurrency=1, timeout=1)
    monkeypatch.chdir(project)
    server.on(bad, *replies)
    assert run_summaries() == 5
    assert "1 summaries failed" in capsys.readouterr().err
    failed = stored(project)[bad]
    assert failed.summaries == ()
    assert [(f.reason, f.attempts, f.last) for f in failed.failures] == [(reason, 1, NOW)]
    assert (failed.failures[0].usage.tokens > 0) == (paid > 0)
    assert KEY not in failed.failures[0].detail
    assert server.paid[bad] == paid
    assert [server.paid[p.id] for p in papers if p.id != bad] == [1, 1]

    # Not at once: the next run knows that it has just failed.
    assert run_summaries() == 0
    assert server.paid[bad] == paid
    clock(LATER)
    assert run_summaries() == 0
    healed = stored(project)[bad]
    assert healed.failures == ()
    assert len(healed.summaries) == 1
    assert server.paid[bad] == paid + 1
    assert [server.paid[p.id] for p in papers if p.id != bad] == [1, 1]
    assert Store(project / "data").check() == []


@pytest.mark.parametrize(
    ("name", "replies", "paid"),
    [
        ("one busy moment", [BUSY, DOWN], 1),
        ("broken JSON, then good", [BAD_JSON], 2),
        ("truncated, then good", [TRUNCATED], 2),
        ("wrong language, then good", [good("x", **dict.fromkeys(PARTS, GERMAN * 3))], 2),
        ("no usage", [Reply(usage=None)], 1),
        ("thinking first", [Reply(content="<think>hm</think>\n" + sections("x"))], 1),
        ("in a code fence", [Reply(content=f"```json\n{sections('x')}\n```")], 1),
    ],
)
def test_what_heals_within_a_run(server, tmp_path, monkeypatch, *, name, replies, paid) -> None:
    papers = [paper(0)]
    project = summary_project(tmp_path, server, papers)
    monkeypatch.chdir(project)
    server.on(papers[0].id, *replies)
    assert run_summaries() == 0
    assert server.paid[papers[0].id] == paid
    assert len(stored(project)[papers[0].id].summaries) == 1


@pytest.mark.parametrize(
    ("reply", "code", "says"),
    [
        (error(401, f"Incorrect API key provided: {KEY}", code="invalid_api_key"), 2, "key"),
        (error(403, "no access"), 2, "key"),
        (error(404, "The model sample-1 does not exist", code="model_not_found"), 2, "sample-1"),
        (error(429, "You exceeded your quota", code="insufficient_quota"), 8, "quota"),
        (error(402, "Insufficient Balance"), 8, "Balance"),
    ],
)
def test_a_wrong_key_or_model_stops_at_the_first_question(
    server: ModelServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    reply: Reply,
    code: int,
    says: str,
) -> None:
    papers = [paper(n) for n in range(15)]
    project = summary_project(tmp_path, server, papers, concurrency=8)
    monkeypatch.chdir(project)
    before = contents(project / "data")
    server.always("", reply)
    assert run_summaries() == code
    said = capsys.readouterr().err
    assert says in said and KEY not in said
    assert len(server.chats()) <= 3  # one question, with the retries of the openai package
    assert contents(project / "data") == before


def test_a_server_that_is_down_is_asked_three_times_and_no_paper_is_blamed(
    server: ModelServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: Any
) -> None:
    papers = [paper(n) for n in range(15)]
    project = summary_project(tmp_path, server, papers, attempts=1, concurrency=8)
    monkeypatch.chdir(project)
    server.always("", DOWN)
    assert run_summaries() == 8
    assert sum(bool(p.failures) for p in stored(project).values()) == 3
    server.always("", Reply())
    clock(LATER)
    assert run_summaries() == 0
    assert all(len(p.summaries) == 1 for p in stored(project).values())


def test_a_paper_that_fails_again_and_again_is_left_alone(
    server: ModelServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: Any
) -> None:
    papers = [paper(0)]
    project = summary_project(tmp_path, server, papers, attempts=2)
    monkeypatch.chdir(project)
    server.always("", REFUSAL)
    for days, calls in ((0, 1), (2, 2), (4, 2), (6, 2)):
        clock(NOW + timedelta(days=days))
        run_summaries()
        assert server.paid[papers[0].id] == calls
    assert stored(project)[papers[0].id].failures[0].attempts == 2
    # Unless it is asked for by name.
    server.always("", Reply())
    assert run_summaries("--paper", papers[0].id) == 0
    assert len(stored(project)[papers[0].id].summaries) == 1


def test_the_limits_of_a_run(server, tmp_path, monkeypatch, capsys) -> None:
    papers = [paper(n) for n in range(6)]
    prices = {"price_input": 1.0, "price_output": 4.0, "max_output_tokens": 500}
    limits: list[tuple[dict[str, Any], int]] = [
        ({"max_papers": 2}, 2),
        ({"max_tokens": 3_000}, 3),
        ({"max_cost": 0.005}, 3),
    ]
    for number, (limit, most) in enumerate(limits):
        project = summary_project(
            tmp_path / str(number), server, papers, concurrency=4, **prices, **limit
        )
        monkeypatch.chdir(project)
        assert cli.main(["summarize"]) == 0
        made = [s for p in stored(project).values() for s in p.summaries]
        assert 0 < len(made) <= most
        tokens = sum(s.usage.tokens for s in made if s.usage)
        cost = sum(s.usage.cost or 0 for s in made if s.usage)
        assert tokens <= limit.get("max_tokens", tokens)
        assert 0 < cost <= limit.get("max_cost", cost)
        said = " ".join(capsys.readouterr().err.split())
        assert f"{len(made)} summaries made, 0 failed, {6 - len(made)} left" in said
        assert f"{cost:.4f} USD" in said


def test_a_dry_run_asks_nothing(server, tmp_path, monkeypatch, capsys) -> None:
    project = summary_project(
        tmp_path, server, [paper(0), paper(1)], price_input=1.0, price_output=2.0
    )
    monkeypatch.chdir(project)
    before = contents(project)
    assert cli.main(["summarize", "--dry-run"]) == 0
    said = capsys.readouterr().err
    assert "2601.90000v1 (en) by sample-1" in said and "2 summaries to make: at most" in said
    assert "USD" in said
    assert server.calls == [] and contents(project) == before


def test_another_model_or_prompt_is_one_command_away_and_the_old_summary_stays(
    server: ModelServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: Any
) -> None:
    project = summary_project(tmp_path, server, [paper(0)])
    monkeypatch.chdir(project)
    assert run_summaries() == 0
    config = project / "daybook.yml"
    for number, (old, new) in enumerate(
        (("sample-1", "sample-2"), ('"abstract"', '"fulltext"')), 2
    ):
        config.write_text(config.read_text().replace(old, new))
        clock(NOW + timedelta(days=number))
        assert run_summaries() == 0  # nothing is missing
        assert server.paid["2601.90000"] == number - 1
        assert run_summaries("--since", "2026-01-01") == 0
        assert run_summaries("--since", "2026-01-01") == 0
        assert server.paid["2601.90000"] == number
    summaries = stored(project)["2601.90000"].summaries
    assert [s.model for s in summaries] == ["sample-1", "sample-2", "sample-2"]
    assert len({s.prompt_hash for s in summaries}) == 2


def test_two_languages(server, tmp_path, monkeypatch) -> None:
    chinese = dict.fromkeys(PARTS, "本文提出一种新的采样方法，并在三个数据集上进行了评估。")

    def both(name: str, body: Any) -> str:
        asked_chinese = "Chinese" in body["messages"][0]["content"]
        return sections(name, **(chinese | {"tldr": "本文提出采样方法。"} if asked_chinese else {}))

    server.answer = both
    project = summary_project(tmp_path, server, [paper(0)], languages=["en", "zh"])
    monkeypatch.chdir(project)
    assert run_summaries() == 0
    made = {s.language: s for s in stored(project)["2601.90000"].summaries}
    assert set(made) == {"en", "zh"}
    assert "本文提出" in made["zh"].body and "## " in made["zh"].body


def test_what_cannot_be_read_falls_back_to_the_abstract_and_says_so(
    server: ModelServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    papers = [paper(0), paper(1)]
    serve_html(server, papers[:1])
    server.page("/pdf/2601.90001v1", b"<html>not a PDF</html>", "application/pdf")
    project = summary_project(tmp_path, server, papers, input="fulltext")
    monkeypatch.chdir(project)
    assert cli.main(["summarize"]) == 0
    assert [p.summaries[0].input for p in stored(project).values()] == ["fulltext", "abstract"]
    assert "2601.90001v1: only its abstract could be read" in capsys.readouterr().err


def test_a_download_that_fails_costs_nothing_and_is_tried_another_day(
    server: ModelServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: Any
) -> None:
    monkeypatch.setitem(Fetcher.__init__.__kwdefaults__, "sleep", lambda seconds: None)
    papers = [paper(0)]
    project = summary_project(tmp_path, server, papers, input="fulltext")
    monkeypatch.chdir(project)
    server.page("/html/2601.90000v1", b"busy", status=503)
    assert run_summaries() == 5
    assert server.chats() == []
    assert stored(project)["2601.90000"].failures[0].reason == "paper not downloaded"
    serve_html(server, papers)
    clock(LATER)
    assert run_summaries() == 0
    assert server.paid["2601.90000"] == 1


def test_two_runs_at_once_do_not_pay_twice(server, tmp_path, monkeypatch, capsys) -> None:
    project = summary_project(tmp_path, server, [paper(0)])
    monkeypatch.chdir(project)
    with Store(project / "data").summarizing():
        assert run_summaries() == 6
    assert "Another run is making summaries" in capsys.readouterr().err
    assert server.calls == []


def test_without_model_or_key_there_is_one_clear_message(
    server: ModelServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    project = summary_project(tmp_path / "a", server, [paper(0)])
    monkeypatch.chdir(project)
    monkeypatch.delenv("SAMPLE_KEY")
    assert run_summaries() == 2
    assert "SAMPLE_KEY" in capsys.readouterr().err
    project = summary_project(tmp_path / "b", server, [paper(0)], model=None)
    monkeypatch.chdir(project)
    assert run_summaries() == 2
    assert "summarize.model" in capsys.readouterr().err
    assert server.calls == []
