"""The Batch API: nothing paid twice, nothing lost, half the price."""

from __future__ import annotations

import json
import logging

import pytest

from generator.core.errors import ConfigError, ModelError
from generator.core.summaries import FailureReason
from generator.update.summarize.model import Answer, ModelFailure
from generator.update.summarize.provider.batches import Batches, batch_line
from generator.update.summarize.provider.client import OpenAIModel
from tests import llm_replies as replies
from tests.asking import KEY, check_detail, question
from tests.llm_replies import Reply, error
from tests.llm_server import ModelServer

PAPERS = ("2601.00001", "2601.00002", "2601.00003")


@pytest.fixture
def model(model) -> OpenAIModel:
    return model(timeout=1.0, price_input=100.0, price_output=300.0)


@pytest.fixture
def batches(model: OpenAIModel) -> Batches:
    return Batches(model)


def lines(model: OpenAIModel, papers: tuple[str, ...] = PAPERS) -> list[dict]:
    return [batch_line(paper, model.request_body(question(paper))) for paper in papers]


def finished(server: ModelServer, batches: Batches, model: OpenAIModel) -> dict:
    """What became of all three papers, by name."""
    batch_id = batches.submit(lines(model), "token-1")
    server.end_batch(batch_id)
    return dict(batches.results(batch_id))


def creations(server: ModelServer) -> int:
    return sum((call.method, call.path) == ("POST", "/v1/batches") for call in server.calls)


def test_a_batch_brings_what_live_questions_would(server, model, batches) -> None:
    live = {paper: model.ask(question(paper)) for paper in PAPERS}
    server.paid.clear()
    batch_id = batches.submit(lines(model), "token-1")
    states = [batches.state(batch_id) for _ in range(3)]
    assert [state.status for state in states] == ["in_progress", "in_progress", "completed"]
    assert [state.over for state in states] == [False, False, True]
    results = dict(batches.results(batch_id))
    assert set(results) == set(PAPERS)
    for paper in PAPERS:
        assert results[paper].text == live[paper].text
        assert results[paper].usage.tokens == live[paper].usage.tokens
        assert results[paper].usage.cost == pytest.approx(live[paper].usage.cost / 2)
    assert server.paid == dict.fromkeys(PAPERS, 1)


def test_the_lines_are_the_live_requests(server, model, batches) -> None:
    batches.submit(lines(model), "token-1")
    (file,) = server.files.values()
    model.ask(question(PAPERS[0]))
    first = file.content.splitlines()[0]
    assert file.purpose == "batch"
    assert json.loads(first) == {
        "custom_id": PAPERS[0],
        "method": "POST",
        "url": "/v1/chat/completions",
        "body": server.chats()[0].body,
    }


def test_each_line_has_its_own_fate(server, model, batches) -> None:
    server.on(PAPERS[0], replies.REFUSAL)
    server.on(PAPERS[1], error(400, "prompt is too long", code="context_length_exceeded"))
    server.on(PAPERS[2], replies.TRUNCATED)
    results = finished(server, batches, model)
    assert results[PAPERS[0]].reason is FailureReason.REFUSED
    assert results[PAPERS[0]].usage.cost > 0
    assert results[PAPERS[1]].reason is FailureReason.TOO_LONG
    assert results[PAPERS[2]].truncated


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (replies.EMPTY, FailureReason.EMPTY),
        (replies.FILTERED, FailureReason.CONTENT_FILTER),
        (error(429, "slow down"), FailureReason.RATE_LIMIT),
        (error(429, "pay", code="insufficient_quota"), FailureReason.REJECTED),
        (error(404, "no such model"), FailureReason.REJECTED),
        (error(500, f"key {KEY}"), FailureReason.SERVER),
        (Reply(body=b"null"), FailureReason.SERVER),
    ],
)
def test_a_failed_line_is_a_value(server, model, batches, reply, reason) -> None:
    server.on(PAPERS[1], reply)
    results = finished(server, batches, model)
    failed = results[PAPERS[1]]
    assert isinstance(failed, ModelFailure)
    assert failed.reason is reason
    check_detail(failed.detail)
    assert isinstance(results[PAPERS[0]], Answer)


def test_broken_lines_are_told_and_left_out(server, model, batches, caplog) -> None:
    server.batch_garbage = b'{"custom_id": "2601.0\n\n[]\n{"custom_id": 3, "response": {}}\n\xff\n'
    batch_id = batches.submit(lines(model), "token-1")
    server.end_batch(batch_id)
    with caplog.at_level(logging.WARNING):
        assert set(dict(batches.results(batch_id))) == set(PAPERS)
    broken = [record.getMessage() for record in caplog.records]
    assert len(broken) == 4
    for told in broken:
        assert told.startswith("line ")
        check_detail(told)


def test_an_answer_may_hold_any_line_end_of_unicode(server, model, batches) -> None:
    text = "one\u2028two\u2029three\x85four\x0bfive\x0csix"
    server.on(PAPERS[0], Reply(content=text))
    assert finished(server, batches, model)[PAPERS[0]].text == text


def test_a_paper_may_hold_any_line_end_of_unicode(server, model, batches) -> None:
    asked = question(paper=f"{PAPERS[0]} one\u2028two\x85three \ud835")
    batches.submit([batch_line(PAPERS[0], model.request_body(asked))], "token-1")
    (file,) = server.files.values()
    assert len(file.content.decode().splitlines()) == 1


@pytest.mark.parametrize("status", ["expired", "cancelled"])
def test_what_was_answered_in_time_is_kept(server, model, batches, status) -> None:
    batch_id = batches.submit(lines(model), "token-1")
    server.end_batch(batch_id, status, done=1)
    state = batches.state(batch_id)
    assert (state.status, state.over) == (status, True)
    results = dict(batches.results(batch_id))
    assert isinstance(results[PAPERS[0]], Answer)
    for paper in PAPERS[1:]:
        assert isinstance(results[paper], ModelFailure)
        assert status in results[paper].detail
    assert server.paid == {PAPERS[0]: 1}


def test_a_batch_that_was_refused_says_why(server, model, batches) -> None:
    wrong = [{"custom_id": "a"}, *lines(model)]
    batch_id = batches.submit(wrong, "token-1")
    state = batches.state(batch_id)
    assert (state.status, state.over) == ("failed", True)
    assert state.errors == ("invalid_json_line: This line is wrong.",)
    assert list(batches.results(batch_id)) == []


# Not twice


def test_a_batch_is_found_again_on_any_page(server, model, batches) -> None:
    server.batch_page = 2
    ids = [batches.submit(lines(model), f"token-{number}") for number in range(5)]
    assert batches.find("token-0") == ids[0]
    assert batches.find("token-4") == ids[4]
    assert batches.find("token-5") is None


def test_batches_of_others_are_no_hindrance(server, model, batches) -> None:
    batch_id = batches.submit(lines(model), "token-1")
    batches.submit(lines(model), "token-2")
    server.batches[list(server.batches)[1]].metadata = None
    assert batches.find("token-1") == batch_id


@pytest.mark.parametrize("lost", [b"", b"<html>", b"{"])
@pytest.mark.parametrize("status", [200, 500, 504])
def test_a_batch_whose_creation_was_not_confirmed_is_not_made_twice(
    server, model, batches, status, lost
) -> None:
    def override(call):
        if (call.method, call.path) != ("POST", "/v1/batches"):
            return None
        server.route(call)
        return status, lost

    server.override = override
    batch_id = batches.submit(lines(model), "token-1")
    assert creations(server) == 1
    assert list(server.batches) == [batch_id]
    assert len(server.live_files) == 1


@pytest.mark.parametrize(
    ("status", "kind"), [(400, ModelError), (500, ModelError), (401, ConfigError)]
)
def test_a_batch_that_cannot_be_made_leaves_no_file(server, model, batches, status, kind) -> None:
    refusal = (status, {"error": {"message": f"not with {KEY}"}})

    def override(call):
        return refusal if (call.method, call.path) == ("POST", "/v1/batches") else None

    server.override = override
    with pytest.raises(kind) as caught:
        batches.submit(lines(model), "token-1")
    assert KEY not in str(caught.value)
    assert server.live_files == []


def test_a_server_without_batches_ends_the_run(server, model, batches) -> None:
    server.override = lambda call: (404, {"error": {"message": "Invalid URL"}})
    with pytest.raises(ConfigError):
        batches.submit(lines(model), "token-1")
    with pytest.raises(ConfigError):
        batches.state("batch-0001")


@pytest.mark.parametrize("answer", [b"<html>Sign in</html>", b"null", b"{"])
def test_a_server_that_answers_something_else(server, model, batches, answer) -> None:
    batch_id = batches.submit(lines(model), "token-1")
    server.override = lambda call: (200, answer)
    for call in (
        lambda: batches.submit(lines(model), "token-2"),
        lambda: batches.state(batch_id),
        lambda: batches.find("token-1"),
        lambda: list(batches.results(batch_id)),
        lambda: batches.clean(batch_id),
    ):
        with pytest.raises(ModelError):
            call()


def test_a_batch_has_its_limits(server, model, batches, monkeypatch) -> None:
    with pytest.raises(ValueError, match="0 lines"):
        batches.submit([], "token-1")
    monkeypatch.setattr("generator.update.summarize.provider.batches.MOST_LINES", 2)
    with pytest.raises(ValueError, match="3 lines"):
        batches.submit(lines(model), "token-1")
    monkeypatch.setattr("generator.update.summarize.provider.batches.MOST_LINES", 3)
    monkeypatch.setattr("generator.update.summarize.provider.batches.MOST_BYTES", 100)
    with pytest.raises(ValueError, match="100 bytes"):
        batches.submit(lines(model), "token-1")
    assert server.calls == []


def test_cleaning_deletes_what_was_uploaded(server, model, batches, caplog) -> None:
    batch_id = batches.submit(lines(model), "token-1")
    batches.clean(batch_id)
    assert server.live_files == []
    with caplog.at_level(logging.WARNING):
        batches.clean(batch_id)  # again: no more than a warning
    assert "could not be deleted" in caplog.text
