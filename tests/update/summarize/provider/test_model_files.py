"""Papers as files: lent to the provider, read, and taken back whatever happens."""

from __future__ import annotations

import logging

import pytest

from generator.core.errors import ConfigError, ModelError
from generator.core.summaries import FailureReason
from generator.update.summarize.model import Repair
from tests import llm_replies as replies
from tests.asking import KEY, PAPER, failure, question
from tests.llm_replies import Reply, error
from tests.llm_server import ModelServer

PDF = b"%PDF-1.7\r\n\x00\xff\r\n--not a boundary\n%%EOF\r\n"


def deleted(server: ModelServer) -> int:
    return sum(call.method == "DELETE" for call in server.calls)


def test_a_file_is_uploaded_read_and_deleted(server: ModelServer, model) -> None:
    uploads = []
    server.override = lambda call: uploads.append(list(server.files.values()))
    server.processing_looks = 3
    answer = model().ask(question(file=PDF))
    assert answer.text
    (file,) = max(uploads, key=len)
    assert (file.content, file.purpose, file.name) == (PDF, "file-extract", "2601.00001v1.pdf")
    assert file.looks == 4
    (chat,) = server.chats()
    assert [(message["role"], message["content"]) for message in chat.body["messages"]] == [
        ("system", question().instructions),
        ("system", f"fileid://{file.id}"),
        ("user", question().paper),
    ]
    assert server.live_files == []


def test_old_ids_make_good_file_names(server: ModelServer, model) -> None:
    names = []
    server.override = lambda call: names.extend(file.name for file in server.files.values())
    model().ask(question(name="math/0309136v2", file=PDF))
    assert set(names) == {"math-0309136v2.pdf"}


def test_a_repair_reads_the_file_again(server: ModelServer, model) -> None:
    model().ask(question(file=PDF), Repair(answer="{", complaint="That is no JSON."))
    roles = [message["role"] for message in server.chats()[0].body["messages"]]
    assert roles == ["system", "system", "user", "assistant", "user"]
    assert server.live_files == []


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (replies.REFUSAL, FailureReason.REFUSED),
        (replies.HTML, FailureReason.SERVER),
        (error(400, "the file is cursed"), FailureReason.REJECTED),
        (error(503, "busy"), FailureReason.SERVER),
        (replies.HANG, FailureReason.TIMEOUT),
        (replies.CUT, FailureReason.NETWORK),
        (replies.EMPTY, FailureReason.EMPTY),
    ],
)
def test_a_file_is_deleted_when_the_question_fails(server, model, reply, reason) -> None:
    server.always(PAPER, reply)
    # On a busy machine the deletion takes its time, and would be repeated.
    timeout = 2 if reply is replies.HANG else 30
    assert failure(model(timeout=timeout), question(file=PDF)).reason is reason
    assert server.live_files == []
    assert deleted(server) == 1


@pytest.mark.parametrize(
    ("reply", "kind"), [(error(401, "no"), ConfigError), (error(402, "pay"), ModelError)]
)
def test_a_file_is_deleted_when_the_run_ends(server: ModelServer, model, reply, kind) -> None:
    server.always(PAPER, reply)
    with pytest.raises(kind):
        model().ask(question(file=PDF))
    assert server.live_files == []


def test_a_file_is_deleted_when_the_operator_interrupts(server, model, monkeypatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    asking = model()
    monkeypatch.setattr(asking, "_answer", interrupt)
    with pytest.raises(KeyboardInterrupt):
        asking.ask(question(file=PDF))
    assert server.live_files == []
    assert deleted(server) == 1


def test_a_file_that_cannot_be_read_is_rejected(server: ModelServer, model) -> None:
    server.unreadable = True
    caught = failure(model(), question(file=PDF))
    assert caught.reason is FailureReason.REJECTED
    assert "no text in it" in caught.detail
    assert server.live_files == []
    assert server.chats() == []


def test_a_file_that_is_never_processed_runs_into_the_timeout(server: ModelServer, model) -> None:
    server.processing_looks = 10**6
    assert failure(model(timeout=0.2), question(file=PDF)).reason is FailureReason.TIMEOUT
    assert server.live_files == []
    assert server.chats() == []


def test_a_file_that_stays_is_named_in_a_warning(server: ModelServer, model, caplog) -> None:
    server.undeletable = True
    with caplog.at_level(logging.WARNING):
        assert model().ask(question(file=PDF)).text
    (file_id,) = server.live_files
    assert file_id in caplog.text
    assert KEY not in caplog.text


def test_a_file_too_large_is_not_sent(server: ModelServer, model, monkeypatch) -> None:
    monkeypatch.setattr("generator.update.summarize.provider.files._MOST_BYTES", len(PDF) - 1)
    assert failure(model(), question(file=PDF)).reason is FailureReason.TOO_LONG
    assert server.calls == []


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (404, "Invalid URL (POST /v1/files)"),
        (405, "Method Not Allowed"),
        (400, "'file-extract' is not one of the allowed purposes"),
    ],
)
def test_a_provider_that_reads_no_files_ends_the_run(server, model, status, message) -> None:
    body = {"error": {"message": message}}
    server.override = lambda call: (status, body) if call.path == "/v1/files" else None
    with pytest.raises(ConfigError) as caught:
        model().ask(question(file=PDF))
    assert "summarize.input" in caught.value.todo
    assert message in caught.value.why


@pytest.mark.parametrize("answer", [b"<html>Sign in</html>", b"null", b"{}", b'{"id": 3}', b"{"])
def test_an_upload_answered_with_something_else(server: ModelServer, model, answer) -> None:
    server.override = lambda call: (200, answer) if call.path == "/v1/files" else None
    assert failure(model(), question(file=PDF)).reason is FailureReason.SERVER


@pytest.mark.parametrize("answer", [b"<html>Sign in</html>", b"null", b"{"])
def test_a_look_answered_with_something_else(server: ModelServer, model, answer) -> None:
    def override(call):
        return (200, answer) if call.method == "GET" else None

    server.override = override
    assert failure(model(timeout=0.2), question(file=PDF)).reason in (
        FailureReason.SERVER,
        FailureReason.TIMEOUT,
    )
    assert server.live_files == []


def test_a_file_counts_as_much_as_may_be_read(server: ModelServer, model) -> None:
    asking = model(context_tokens=7_000)
    with_file = asking.estimate(question(file=PDF)).prompt
    assert with_file == asking.estimate(question()).prompt + 7_000


def test_an_empty_answer_is_asked_for_plainly_with_the_same_file(server, model) -> None:
    server.on(PAPER, Reply(content=""))
    model().ask(question(file=PDF))
    first, second = (call.body["messages"][1]["content"] for call in server.chats())
    assert first == second
    assert deleted(server) == 1
