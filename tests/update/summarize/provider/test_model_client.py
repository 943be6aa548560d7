"""Asking a model over a real connection: what is sent, what comes back, what goes wrong."""

from __future__ import annotations

import gzip
import json
import logging
import time
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest

from generator.core.errors import ConfigError, DaybookError, ModelError
from generator.core.summaries import FailureReason, Usage
from generator.update.summarize.model import Answer, Repair
from generator.update.summarize.papers.document import estimate_tokens
from generator.update.summarize.provider import connection
from generator.update.summarize.provider.client import OpenAIModel
from generator.update.summarize.provider.limits import RateLimit
from tests import llm_replies as replies
from tests.asking import KEY, PAPER, SCHEMA, FastRateLimit, check_detail, client, failure, question
from tests.llm_replies import GOOD, Reply, error
from tests.llm_server import ModelServer


def sent(server: ModelServer) -> list[dict]:
    """The parameters of each request for an answer, without what is always there."""
    return [
        {name: value for name, value in call.body.items() if name not in ("model", "messages")}
        for call in server.chats()
    ]


def ask_together(asking: OpenAIModel, questions: int, threads: int = 16) -> None:
    """Ask about so many papers, from many threads at once."""
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda n: asking.ask(question(f"2601.000{n + 10}")), range(questions)))


def told(status: int, body: object) -> Reply:
    """A reply whose body is this value as JSON."""
    return Reply(status=status, body=json.dumps(body).encode())


# What is sent


def test_a_question_gets_its_answer(server: ModelServer, model) -> None:
    answer = model().ask(question())
    assert set(json.loads(answer.text)) == {"tldr", "body"}
    assert not answer.truncated
    (call,) = server.chats()
    assert call.authorization == f"Bearer {KEY}"
    assert call.body == {
        "model": "test-model",
        "messages": [
            {"role": "system", "content": question().instructions},
            {"role": "user", "content": question().paper},
        ],
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "summary", "strict": True, "schema": SCHEMA},
        },
        "max_completion_tokens": 500,
    }


def test_options_are_passed_on(server: ModelServer, model) -> None:
    model(temperature=0.3, extra_body={"enable_thinking": False, "top_p": 0.5}).ask(question())
    (parameters,) = sent(server)
    assert (
        parameters.items() >= {"temperature": 0.3, "enable_thinking": False, "top_p": 0.5}.items()
    )


def test_a_repair_continues_the_talk(server: ModelServer, model) -> None:
    model().ask(question(), Repair(answer="x" * 30_000, complaint="That is no JSON."))
    messages = server.chats()[0].body["messages"]
    assert [message["role"] for message in messages] == ["system", "user", "assistant", "user"]
    assert messages[2]["content"] == "x" * 20_000
    assert messages[3]["content"] == "That is no JSON."


def test_a_server_without_keys_is_sent_none(server: ModelServer, model) -> None:
    model(key=None).ask(question())
    assert server.chats()[0].authorization is None


def test_text_that_no_encoding_can_carry_is_sent_all_the_same(server, model) -> None:
    model().ask(question(paper=f"{PAPER} half a pair \ud835 and \u2028 a line"))
    content = server.chats()[0].body["messages"][1]["content"]
    assert f"{PAPER} half a pair ? and \u2028 a line" in content


def test_nothing_comes_from_the_environment(server: ModelServer, model, monkeypatch) -> None:
    for name in ("ORG_ID", "PROJECT_ID", "API_KEY", "ADMIN_KEY", "WEBHOOK_SECRET"):
        monkeypatch.setenv(f"OPENAI_{name}", "stray")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/stray")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Stray: stray\nAuthorization: Bearer stray")
    for key in (KEY, None):
        model(key=key).ask(question())
    headers = [call.headers for call in server.chats()]
    assert len(headers) == 2
    assert "stray" not in str(headers)
    assert headers[0]["authorization"] == f"Bearer {KEY}"
    assert not any("organization" in name or "project" in name for name in headers[0])


# What the server takes


@pytest.mark.parametrize(
    ("rejects", "expected"),
    [
        ({"json_schema"}, {"response_format": {"type": "json_object"}}),
        ({"response_format"}, {}),
        ({"json_schema", "json_object"}, {}),
    ],
)
@pytest.mark.parametrize("status", [400, 404, 415, 422, 501])
def test_a_format_that_is_not_taken_is_left_out(server, model, rejects, expected, status) -> None:
    server.rejects = rejects
    server.rejection = lambda name: error(status, "response_format is not implemented here")
    model().ask(question())
    assert sent(server)[-1] == {**expected, "max_completion_tokens": 500}


def test_any_refusal_that_goes_away_without_a_format_is_one_of_formats(server, model) -> None:
    server.rejects = {"json_schema", "json_object"}
    server.rejection = lambda name: error(400, "unexpected request")
    asking = model()
    asking.ask(question())
    asking.ask(question("2601.00002"))
    formats = [parameters.get("response_format", {}).get("type") for parameters in sent(server)]
    assert formats == ["json_schema", "json_object", None, None]


def test_a_refusal_that_stays_keeps_the_format(server: ModelServer, model) -> None:
    server.on(PAPER, *[error(400, "this paper is cursed")] * 3)
    asking = model()
    caught = failure(asking)
    assert caught.reason is FailureReason.REJECTED
    assert "this paper is cursed" in caught.detail
    asking.ask(question("2601.00002"))
    assert sent(server)[-1]["response_format"]["type"] == "json_schema"
    # Now that it is known to be taken, a cursed paper is no reason to try without.
    server.on(PAPER, error(400, "this paper is cursed"))
    assert failure(asking).reason is FailureReason.REJECTED
    assert len(server.chats()) == 5


@pytest.mark.parametrize(
    ("rejects", "expected"),
    [
        ({"max_completion_tokens"}, {"max_tokens": 500}),
        ({"max_completion_tokens", "max_tokens"}, {}),
        ({"temperature"}, {"max_completion_tokens": 500}),
        ({"temperature", "max_completion_tokens"}, {"max_tokens": 500}),
    ],
)
def test_other_parameters_that_are_not_taken_are_left_out(server, model, rejects, expected) -> None:
    server.rejects = rejects
    model(temperature=None if "temperature" not in rejects else 0.3).ask(question())
    last = sent(server)[-1]
    assert last.pop("response_format")["type"] == "json_schema"
    assert last == expected


def test_fastapi_names_parameters_in_its_own_way(server: ModelServer, model) -> None:
    refusal = {
        "type": "extra_forbidden",
        "loc": ["body", "max_completion_tokens"],
        "msg": "Extra inputs are not permitted",
        "input": {"text": "a paper on response_format, temperature and content filters"},
    }
    server.rejects = {"max_completion_tokens"}
    server.rejection = lambda name: told(422, {"detail": [refusal]})
    model(temperature=1.0).ask(question())
    last = sent(server)[-1]
    assert last.pop("response_format")["type"] == "json_schema"
    assert last == {"temperature": 1.0, "max_tokens": 500}


def test_the_next_run_begins_where_this_one_ended(server: ModelServer, model) -> None:
    server.rejects = {"response_format", "max_completion_tokens", "temperature"}
    first = model(temperature=0.5)
    assert not first.settled
    first.ask(question())
    tried = len(server.chats())
    assert tried == 5
    second = model(temperature=0.5)
    assert second.settled
    second.ask(question())
    assert len(server.chats()) == tried + 1
    # Another model at the same address is another matter.
    assert not model(model="other").settled


def test_a_server_that_has_changed_is_found_out_again(server: ModelServer, model) -> None:
    model().ask(question())
    server.rejects = {"json_schema", "max_completion_tokens"}
    ask_together(model(), 8)
    assert sent(server)[-1] == {"response_format": {"type": "json_object"}, "max_tokens": 500}
    assert sum(server.paid.values()) == 9
    assert model().request_body(question())["max_tokens"] == 500


def test_many_threads_find_out_once(server: ModelServer, model) -> None:
    server.rejects = {"response_format", "max_completion_tokens"}
    server.always("", Reply(delay=0.3))
    ask_together(model(), 16)
    assert server.most_at_once > 4  # those who waited then ask together
    assert len(server.chats()) == 16 + 3
    assert set(server.paid.values()) == {1}
    assert len(server.paid) == 16


def test_once_it_is_known_threads_ask_together(server: ModelServer, model) -> None:
    asking = model()
    asking.ask(question())
    server.always("", Reply(delay=0.3))
    ask_together(asking, 8)
    assert server.most_at_once > 4


@pytest.mark.parametrize("damage", [b"", b"[]", b"{", b'{"test-model at x": 3}', b"\xff\xfe"])
def test_a_damaged_memory_is_forgotten(server: ModelServer, model, tmp_path, damage) -> None:
    model().ask(question())
    (file,) = (tmp_path / "cache").iterdir()
    file.write_bytes(damage)
    asking = model()
    assert not asking.settled
    asking.ask(question())
    assert model().settled


def test_a_memory_that_cannot_be_written_is_no_failure(server, model, tmp_path, caplog) -> None:
    (tmp_path / "cache").write_bytes(b"a file where the folder should be")
    with caplog.at_level(logging.WARNING):
        model().ask(question())
    assert str(tmp_path / "cache") in caplog.text


# Empty answers in JSON mode


@pytest.mark.parametrize("empty", [replies.EMPTY, replies.NULL, Reply(content="\n \n")])
def test_an_empty_answer_in_json_mode_is_asked_for_plainly_once(server, model, empty) -> None:
    server.on(PAPER, empty)
    answer = model().ask(question())
    assert [("response_format" in parameters) for parameters in sent(server)] == [True, False]
    assert server.paid == {PAPER: 2}
    assert answer.usage.prompt == 2 * (READ // 4)
    # It is a whim of one answer, nothing to be remembered.
    assert model().request_body(question())["response_format"]["type"] == "json_schema"


def test_an_answer_that_stays_empty_is_a_failure_and_was_paid_twice(server, model) -> None:
    server.on(PAPER, replies.EMPTY, replies.EMPTY)
    caught = failure(model(price_input=1000.0, price_output=0.0))
    assert caught.reason is FailureReason.EMPTY
    assert server.paid == {PAPER: 2}
    assert caught.usage.prompt == 2 * (READ // 4)
    assert caught.usage.cost == pytest.approx(caught.usage.prompt / 1000)


def test_what_an_empty_answer_cost_is_not_forgotten_when_the_next_call_fails(server, model) -> None:
    server.on(PAPER, replies.EMPTY, *[error(503, "busy")] * 3)
    caught = failure(model())
    assert caught.reason is FailureReason.SERVER
    assert caught.usage.prompt > 0


# Trying again


@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 503, 529])
def test_a_server_in_trouble_is_asked_again(server: ModelServer, model, status: int) -> None:
    server.on(PAPER, error(status, "busy"), error(status, "busy"), GOOD)
    assert isinstance(model().ask(question()), Answer)
    assert len(server.chats()) == 3
    assert server.paid == {PAPER: 1}


def test_retry_after_is_honoured(server: ModelServer, model) -> None:
    server.on(PAPER, error(429, "slow down", headers={"Retry-After": "0.3"}))
    model().ask(question())
    first, second = server.chats()
    assert 0.3 <= second.time - first.time < 0.6


def test_a_long_retry_after_is_not_waited_for(server: ModelServer, model) -> None:
    server.on(PAPER, error(429, "slow down", headers={"Retry-After": "3600"}))
    caught = failure(model())
    assert caught.reason is FailureReason.RATE_LIMIT
    assert "3600" in caught.detail
    assert len(server.chats()) == 1


@pytest.mark.parametrize("cut", [replies.CUT, replies.CUT_AT_ONCE])
def test_a_broken_off_answer_is_asked_for_again(server: ModelServer, model, cut: Reply) -> None:
    server.on(PAPER, cut)
    model().ask(question())
    assert server.paid == {PAPER: 1}


# The limits of a provider


def test_every_request_counts_even_those_tried_again(server: ModelServer, model) -> None:
    class Counting(RateLimit):
        counted: list[int]

        def acquire(self, tokens: int) -> None:
            self.counted.append(tokens)

    rate = Counting(None, None)
    rate.counted = []
    server.rejects = {"json_schema"}
    server.on(PAPER, error(429, "slow down"), error(503, "busy"))
    model(rate=rate).ask(question())
    assert len(rate.counted) == len(server.chats()) == 4
    read = estimate_tokens(question().instructions) + estimate_tokens(question().paper)
    assert rate.counted[0] == read + 500


def test_sixteen_threads_keep_to_the_requests_per_minute(server: ModelServer, model) -> None:
    rate = FastRateLimit(12, faster=100)  # a minute passes in 0.6 s
    server.next(*[error(429, "slow down"), GOOD] * 6)
    ask_together(model(rate=rate), 36)
    assert len(server.chats()) == len(rate.granted) == 42
    times = sorted(rate.granted)
    for first, thirteenth in zip(times, times[12:], strict=False):
        assert thirteenth - first >= 60
    assert times[-1] - times[0] < 1000
    assert set(server.paid.values()) == {1}


# What it costs


READ = len(question().instructions + question().paper)
COUNTED = {
    "prompt_tokens": 1_000_000,
    "completion_tokens": 100_000,
    "prompt_tokens_details": {"cached_tokens": 400_000},
}


@pytest.mark.parametrize(
    ("prices", "cost"),
    [
        ({"price_input": 2.0, "price_output": 8.0, "price_cached": 0.5}, 1.2 + 0.2 + 0.8),
        ({"price_input": 2.0, "price_output": 8.0}, 2.0 + 0.8),
        ({"price_input": 0.0, "price_output": 0.0}, 0.0),
        ({"price_output": 8.0}, None),
        ({}, None),
    ],
)
def test_tokens_and_their_cost_are_counted(server: ModelServer, model, prices, cost) -> None:
    server.on(PAPER, Reply(usage=COUNTED))
    usage = model(**prices).ask(question()).usage
    assert usage == Usage(prompt=1_000_000, cached=400_000, completion=100_000, cost=cost)


def test_costs_have_six_decimals(server: ModelServer, model) -> None:
    server.on(PAPER, Reply(usage={"prompt_tokens": 1, "completion_tokens": 1}))
    assert model(price_input=1 / 3, price_output=1 / 3).ask(question()).usage.cost == 0.000001


def test_deepseek_has_its_own_name_for_cached_tokens(server: ModelServer, model) -> None:
    counted = {"prompt_tokens": 100, "completion_tokens": 1, "prompt_cache_hit_tokens": 64}
    server.on(PAPER, Reply(usage=counted))
    assert model().ask(question()).usage.cached == 64


@pytest.mark.parametrize(
    "usage",
    [
        *(None, "many", {}, {"prompt_tokens_details": {"cached_tokens": True}}),
        {"prompt_tokens": None, "completion_tokens": None, "prompt_tokens_details": None},
        {"prompt_tokens": -1, "completion_tokens": "3", "prompt_tokens_details": []},
    ],
)
def test_where_the_server_does_not_count_it_is_estimated(server, model, usage) -> None:
    server.on(PAPER, Reply(content="x" * 400, usage=usage))
    used = model().ask(question()).usage
    assert (used.completion, used.cached) == (100, 0)
    assert used.prompt == pytest.approx(READ / 4, abs=1)


def test_an_estimate_is_never_less_than_what_is_used(server: ModelServer, model) -> None:
    asking = model(price_input=1.0, price_output=2.0, price_cached=0.1)
    expected = asking.estimate(question())
    used = asking.ask(question()).usage
    assert used.tokens <= expected.tokens
    assert used.cost <= expected.cost


# Answers that are none


@pytest.mark.parametrize(
    ("reply", "reason", "words"),
    [
        (replies.REFUSAL, FailureReason.REFUSED, "I cannot help with that."),
        (replies.FILTERED, FailureReason.CONTENT_FILTER, "filter"),
        # To ask once more would end the same way.
        (Reply(content=None, reasoning="Hm.", finish="length"), FailureReason.EMPTY, "reasoning"),
        (Reply(content=None, reasoning="Hm.", finish="length"), FailureReason.EMPTY, "max_output_"),
        (Reply(content="", finish="error"), FailureReason.SERVER, "broke off"),
    ],
)
def test_an_answer_that_is_none_was_paid_all_the_same(server, model, reply, reason, words) -> None:
    server.on(PAPER, reply)
    caught = failure(model(price_input=1.0, price_output=1.0))
    assert caught.reason is reason
    assert words in caught.detail
    assert caught.usage.prompt > 0
    assert caught.usage.cost > 0
    assert server.paid == {PAPER: 1}


def test_an_answer_cut_at_its_limit_says_so(server: ModelServer, model) -> None:
    server.on(PAPER, replies.TRUNCATED)
    answer = model().ask(question())
    assert answer.truncated
    assert answer.text == replies.TRUNCATED.content


def test_an_answer_in_parts_is_put_together(server: ModelServer, model) -> None:
    server.on(PAPER, Reply(content=[{"type": "text", "text": "{"}, {"type": "x"}, {"text": "}"}]))
    assert model().ask(question()).text == "{}"


@pytest.mark.parametrize(
    ("words", "bodies"),
    [
        ("Sign in to the network", [replies.HTML.body]),
        (
            "no JSON",
            [
                b"null",
                b"[" * 100_000,
                b"\xff\xfe\x00",
                b'{"choices": [{"message": {"content": "x"}',
            ],
        ),
        ("no body", [b""]),
        ("no completion", [b"[]", b'"hello"', b"{}", b'{"choices": null}', b'{"choices": []}']),
        ("no completion", [b'{"choices": [null]}', b'{"choices": [{"message": null}]}']),
        ("no completion", [b'{"choices": {"message": {"content": "x"}}}']),
        ("upstream is down", [b'{"error": {"message": "upstream is down", "code": 502}}']),
    ],
)
@pytest.mark.parametrize("kind", ["application/json", "text/html"])
def test_a_success_that_is_not_the_apis_is_the_servers_fault(
    server, model, words: str, bodies: list[bytes], kind: str
) -> None:
    for body in bodies:
        server.always(PAPER, Reply(body=body, content_type=kind))
        caught = failure(model())
        assert caught.reason is FailureReason.SERVER
        assert words in caught.detail
        assert caught.usage == Usage()
        assert not model().settled


@pytest.mark.parametrize("kind", ["text/plain", "application/octet-stream"])
def test_json_under_another_name_is_read(server: ModelServer, model, kind: str) -> None:
    server.on(PAPER, Reply(content_type=kind))
    assert model().ask(question()).text


# Failures of one paper


LONG, FILTER = FailureReason.TOO_LONG, FailureReason.CONTENT_FILTER
# These name parameters, or several codes, and are about the paper all the same.
TOO_LARGE = "'max_tokens' or 'max_completion_tokens' is too large: 8000. This model's maximum \
context length is 4096 tokens"
ALIBABA = "<400> InternalError.Algo.InvalidParameter: Range of input length should be [1, 129024]"
AZURE = {
    "code": "content_filter",
    "message": "The response was filtered",
    "innererror": {"code": "ResponsibleAIPolicyViolation"},
}


@pytest.mark.parametrize(
    ("reason", "reply"),
    [
        (LONG, error(400, "too many", code="context_length_exceeded")),
        (LONG, error(400, "This model's maximum context length is 8192 tokens. Reduce max_tokens")),
        (LONG, told(400, {"object": "error", "message": TOO_LARGE})),
        (LONG, error(400, "try increasing it", code=400, kind="exceed_context_size_error")),
        (LONG, error(400, "the request exceeds the available context size", code=400)),
        (LONG, told(400, {"error": "the input length exceeds the context length"})),
        (LONG, error(400, ALIBABA, code="invalid_parameter_error")),
        (LONG, told(400, [{"error": {"message": "prompt is too long: 210000 tokens > 200000"}}])),
        (LONG, told(413, "Payload Too Large")),
        (FILTER, told(400, {"error": AZURE})),
        (FILTER, error(400, "May be inappropriate content", code="data_inspection_failed")),
        (FILTER, told(400, {"code": "DataInspectionFailed", "message": "Output is suspicious"})),
        (FILTER, error(400, "Content Exists Risk", code="invalid_request_error")),
        (FILTER, error(403, "openai/x requires moderation; flagged", code=403)),
    ],
)
def test_a_paper_too_long_and_one_that_is_filtered_are_told_apart(
    server, model, reason: FailureReason, reply: Reply
) -> None:
    server.always(PAPER, reply)
    assert failure(model()).reason is reason
    assert len(server.chats()) == 1  # no other parameters make it shorter


@pytest.mark.parametrize(
    ("status", "reason", "asks"),
    [
        (429, FailureReason.RATE_LIMIT, 3),
        (500, FailureReason.SERVER, 3),
        (503, FailureReason.SERVER, 3),
        (408, FailureReason.TIMEOUT, 3),
        (409, FailureReason.REJECTED, 3),
        (418, FailureReason.REJECTED, 1),
        (422, FailureReason.REJECTED, 1),
        (304, FailureReason.SERVER, 1),
    ],
)
def test_other_refusals_have_their_reasons(server, model, status, reason, asks) -> None:
    body = b'{"error": {"message": "that is it"}}'
    server.always(PAPER, Reply(status=status, body=b"" if status == 304 else body))
    asking = model()
    caught = failure(asking)
    assert caught.reason is reason
    assert f"HTTP {status}" in caught.detail
    assert status == 304 or "that is it" in caught.detail
    assert caught.usage == Usage()
    assert len(server.chats()) == asks


@pytest.mark.parametrize("body", [b"that is it", b'{"message": "that is it"}', b'"that is it"'])
def test_errors_in_any_form_are_told(server: ModelServer, model, body: bytes) -> None:
    server.always(PAPER, Reply(status=422, body=body))
    assert "that is it" in failure(model()).detail


def test_a_page_of_a_gateway_is_told_by_its_title(server: ModelServer, model) -> None:
    page = b"<html><head><title>502 Bad\n Gateway</title></head>" + b"<p>nginx</p>" * 1000
    server.always(PAPER, Reply(status=502, body=page, content_type="text/html"))
    assert "502 Bad" in failure(model()).detail


def test_a_silent_server_runs_into_the_timeout(server: ModelServer, model) -> None:
    server.always(PAPER, replies.HANG)
    caught = failure(model(timeout=0.2))
    assert caught.reason is FailureReason.TIMEOUT
    assert "0.2 s" in caught.detail
    assert len(server.chats()) == 3
    assert server.paid == {}


def test_a_dripping_answer_runs_into_the_timeout(server: ModelServer, model) -> None:
    server.always(PAPER, Reply(drip=0.05))
    assert failure(model(timeout=0.3)).reason is FailureReason.TIMEOUT


def test_an_answer_may_be_packed_in_several_members(server: ModelServer, model) -> None:
    message = {"role": "assistant", "content": "An answer in two parts."}
    answer = json.dumps({"choices": [{"message": message, "finish_reason": "stop"}]}).encode()
    packed = gzip.compress(answer[:40]) + gzip.compress(answer[40:])
    server.on(PAPER, Reply(body=packed, headers={"Content-Encoding": "gzip"}))
    assert model().ask(question()).text == message["content"]


@pytest.mark.parametrize("packed", [True, False])
def test_an_answer_without_end_is_given_up(server, model, monkeypatch, packed: bool) -> None:
    monkeypatch.setattr(connection, "_MAX_BYTES", 1_000_000)
    body = gzip.compress(bytes(50_000_000)) if packed else bytes(1_000_001)
    headers = {"Content-Encoding": "gzip"} if packed else {}
    server.always(PAPER, Reply(body=body, headers=headers))
    tracemalloc.start()
    caught = failure(model())
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "larger than 1000000 bytes" in caught.detail
    assert most < 10_000_000


def test_an_answer_packed_as_nobody_asked_for_is_told(server: ModelServer, model) -> None:
    server.always(PAPER, Reply(body=b"x", headers={"Content-Encoding": "br"}))
    assert "it is packed as 'br'" in failure(model()).detail


def test_an_answer_that_came_too_late_is_not_paid(server: ModelServer, model) -> None:
    server.on(PAPER, Reply(delay=1.5))
    model(timeout=1.0).ask(question())
    time.sleep(1.0)
    assert server.paid == {PAPER: 1}


def test_nobody_at_the_other_end(tmp_path: Path) -> None:
    with ModelServer() as gone:
        pass
    with client(gone, tmp_path) as model:
        caught = failure(model)
    assert caught.reason is FailureReason.NETWORK
    assert "Connection refused" in caught.detail


def test_a_server_that_breaks_off_each_time(server: ModelServer, model) -> None:
    server.always(PAPER, replies.CUT)
    assert failure(model()).reason is FailureReason.NETWORK
    assert server.paid == {}


# Failures of all papers


def fatal(model: OpenAIModel, kind: type[DaybookError]) -> DaybookError:
    with pytest.raises(kind) as caught:
        model.ask(question())
    error = caught.value
    assert all((error.what, error.item, error.why, error.todo))
    check_detail(error.why)
    assert KEY not in str(error)
    return error


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_key_names_its_variable_and_not_itself(server, model, status) -> None:
    server.always("", error(status, f"Incorrect API key provided: {KEY}. You can find it"))
    message = str(fatal(model(api_key_env="MY_KEY"), ConfigError))
    assert "MY_KEY" in message
    assert "Incorrect API key provided: ***" in message
    assert len(server.chats()) == 1


def test_a_missing_key_is_asked_for(server: ModelServer, model) -> None:
    server.always("", error(401, "You didn't provide an API key"))
    assert "summarize.api_key_env" in fatal(model(key=None, api_key_env=None), ConfigError).todo


@pytest.mark.parametrize(
    "reply",
    [
        error(404, "The model `test-model` does not exist"),
        error(404, "nope", code="model_not_found"),
        told(404, {"error": "model 'test-model' not found"}),
        told(404, "404 page not found"),
        error(400, "Model Not Exist", kind="invalid_request_error"),
        error(400, "test-model is not a valid model ID", code=400),
        error(400, "wrong", param="model"),
    ],
)
def test_a_wrong_model_or_address_ends_the_run(server: ModelServer, model, reply) -> None:
    server.always("", reply)
    found = fatal(model(), ConfigError)
    assert "test-model" in found.item
    assert server.url in found.item
    assert "summarize.model" in found.todo


@pytest.mark.parametrize(
    "reply",
    [
        error(402, "Insufficient Balance"),
        error(429, "You exceeded your current quota", code="insufficient_quota"),
        error(429, "You exceeded your current quota", kind="insufficient_quota"),
        error(400, "Access denied, please pay", code="Arrearage"),
    ],
)
def test_an_account_without_money_ends_the_run(server: ModelServer, model, reply) -> None:
    server.always("", reply)
    assert "account" in fatal(model(), ModelError).todo


def test_a_quota_per_minute_is_no_lack_of_money(server: ModelServer, model) -> None:
    # Gemini says "quota" of every limit, and puts its error into a list.
    message = "You exceeded your current quota"
    server.always("", told(429, [{"error": {"code": 429, "message": message}}]))
    assert failure(model()).reason is FailureReason.RATE_LIMIT


@pytest.mark.parametrize("key", [f"{KEY}\n", f" {KEY}", "sk-schlüssel", f"{KEY}\x00"])
def test_a_key_that_cannot_be_sent_is_refused_at_once(server: ModelServer, model, key) -> None:
    with pytest.raises(ConfigError, match="OPENAI_API_KEY") as caught:
        model(key=key)
    assert key.strip() not in str(caught.value)


# The address


def test_a_password_in_the_address_is_in_no_message(server: ModelServer, model) -> None:
    address = server.url.replace("http://", "http://me:pass-word@") + "/v1"
    server.always("", error(404, "not here"))
    assert "pass-word" not in str(fatal(model(base_url=address), ConfigError))


def test_no_other_server_is_asked_whatever_the_server_says(server: ModelServer, model) -> None:
    with ModelServer() as other:
        for target in (f"{other.url}/v1/chat/completions", "http://169.254.169.254/", "data:x"):
            server.always("", Reply(status=307, headers={"Location": target}))
            assert failure(model()).reason is FailureReason.NETWORK
        assert other.calls == []


def test_requests_come_over_few_connections(server: ModelServer, model) -> None:
    asking = model()
    for _ in range(20):
        asking.ask(question())
    times = [call.time for call in server.chats()]
    assert max(later - earlier for earlier, later in pairwise(times)) < 0.5
