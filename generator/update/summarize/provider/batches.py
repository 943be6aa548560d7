"""The Batch API: many questions in one file, answered within a day at half the price."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import openai

from generator.core.errors import ConfigError, ModelError
from generator.core.models import FailureReason
from generator.update.summarize.model import Answer, ModelFailure
from generator.update.summarize.provider.answers import BATCH_PRICE, read_answer
from generator.update.summarize.provider.client import OpenAIModel
from generator.update.summarize.provider.failures import gist, judge, load_json, rejection_of
from generator.update.summarize.provider.files import delete_file

# https://platform.openai.com/docs/guides/batch
MOST_LINES = 50_000
MOST_BYTES = 200 * 1024 * 1024

_ENDPOINT: Final = "/v1/chat/completions"
_TOKEN = "daybook"  # noqa: S105 - the name of a field, no secret

# What a batch can still become an answer of.
_UNDER_WAY = frozenset({"validating", "in_progress", "finalizing", "cancelling"})


@dataclass(frozen=True, kw_only=True)
class BatchState:
    """How far a batch is.

    ``status`` is the API's word: validating, in_progress, finalizing, completed, expired,
    cancelling, cancelled or failed. ``errors`` says why it failed. ``completed``, ``failed`` and
    ``total`` count lines.
    """

    status: str
    errors: tuple[str, ...] = ()
    completed: int = 0
    failed: int = 0
    total: int = 0

    @property
    def over(self) -> bool:
        """Whether nothing more will come; results may be there even if it expired."""
        return self.status not in _UNDER_WAY


@dataclass(frozen=True, kw_only=True)
class BatchResult:
    """What became of one line; ``custom_id`` is ``None`` where the line itself is broken."""

    custom_id: str | None
    result: Answer | ModelFailure


def batch_line(custom_id: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """One line for ``submit``; ``body`` is ``OpenAIModel.request_body(question)``."""
    return {"custom_id": custom_id, "method": "POST", "url": _ENDPOINT, "body": dict(body)}


def encode_line(line: Mapping[str, Any]) -> bytes:
    """A line as it is uploaded, to reckon sizes with."""
    # ASCII: a server that splits at every Unicode line end cannot tear it.
    return json.dumps(line, separators=(",", ":")).encode("ascii") + b"\n"


class Batches:
    """Calls of the Batch API, for the server of ``model``.

    All raise ModelError where the server does not do it, ConfigError for key or address.
    """

    def __init__(self, model: OpenAIModel) -> None:
        self._options = model.options
        self._connection = model.connection
        self._server = model.connection.server

    def submit(self, lines: Sequence[Mapping[str, Any]], token: str) -> str:
        """Upload and start a batch; its id. ``token`` (at most 512 characters) is for ``find``.

        Raises ValueError for no lines, more than 50,000 or more than 200 MB. Where it is not known
        whether the batch was created, the server is asked for it before this fails.
        """
        data = b"".join(encode_line(line) for line in lines)
        if not 0 < len(lines) <= MOST_LINES or len(data) > MOST_BYTES:
            raise ValueError(
                f"a batch of {len(lines)} lines and {len(data)} bytes; allowed are 1 to "
                f"{MOST_LINES} lines and {MOST_BYTES} bytes"
            )
        with self._whole("The batch cannot be uploaded"):
            response = self._connection.client.files.with_raw_response.create(
                file=("daybook.jsonl", data), purpose="batch"
            )
            file_id = self._connection.record(response)["id"]
        return self._create(file_id, token)

    def find(self, token: str) -> str | None:
        """The id of the batch that was submitted with ``token``, if there is one."""
        after: str | openai.Omit = openai.omit
        while True:
            with self._whole("The batches cannot be listed"):
                page = self._page(after)
            for batch in page:
                match batch:
                    case {"id": str(batch_id), "metadata": dict(metadata)}:
                        if metadata.get(_TOKEN) == token:
                            return batch_id
            # An empty page is the last one even where has_more is missing.
            if not page or page[-1].get("id") in (None, after):
                return None
            after = page[-1]["id"]

    def state(self, batch_id: str) -> BatchState:
        """How far a batch is."""
        batch = self._retrieve(batch_id)
        counts = batch.get("request_counts")
        counts = counts if isinstance(counts, dict) else {}
        match batch:
            case {"errors": {"data": list(errors)}}:
                told = [rejection_of(0, error) for error in errors]
            case _:
                told = []
        return BatchState(
            status=str(batch.get("status")),
            errors=tuple(self._server.line(f"{each.code}: {each.message}") for each in told),
            completed=counts.get("completed") or 0,
            failed=counts.get("failed") or 0,
            total=counts.get("total") or 0,
        )

    def results(self, batch_id: str) -> Iterator[BatchResult]:
        """What became of each line, in no order. Lines that the batch never reached may be missing.

        A broken line is a result without ``custom_id``.
        """
        batch = self._retrieve(batch_id)
        for file_id in (batch.get("output_file_id"), batch.get("error_file_id")):
            if not isinstance(file_id, str):
                continue
            with self._whole("The results of a batch cannot be fetched"):
                content = self._connection.client.files.with_raw_response.content(file_id).content
            # Not splitlines: an answer may hold U+2028, which JSON need not escape.
            for number, line in enumerate(io.BytesIO(content), start=1):
                if line.strip():
                    yield self._result(line, f"line {number} of {file_id}")

    def clean(self, batch_id: str) -> None:
        """Delete the file that was uploaded for a batch; a warning where that fails."""
        delete_file(self._connection, str(self._retrieve(batch_id).get("input_file_id")))

    def _create(self, file_id: str, token: str) -> str:
        try:
            with self._whole("The batch cannot be started"):
                # Without tries of its own: a batch that was created twice is paid twice.
                response = self._connection.once.batches.with_raw_response.create(
                    completion_window="24h",
                    endpoint=_ENDPOINT,
                    input_file_id=file_id,
                    metadata={_TOKEN: token},
                )
                return str(self._connection.record(response)["id"])
        except ModelError:
            # The answer may have been lost after the batch was created.
            if (found := self.find(token)) is not None:
                return found
            delete_file(self._connection, file_id)
            raise
        except ConfigError:
            delete_file(self._connection, file_id)
            raise

    def _retrieve(self, batch_id: str) -> dict[str, Any]:
        with self._whole("The batch cannot be looked up"):
            response = self._connection.client.batches.with_raw_response.retrieve(batch_id)
            return self._connection.record(response)

    def _page(self, after: str | openai.Omit) -> list[dict[str, Any]]:
        response = self._connection.client.batches.with_raw_response.list(limit=100, after=after)
        match self._connection.json(response):
            case {"data": list(data)}:
                return [batch for batch in data if isinstance(batch, dict)]
        # Not "none": the caller would pay for a second batch.
        raise self._server.failure(FailureReason.SERVER, "the list of batches is none")

    def _result(self, line: bytes, where: str) -> BatchResult:
        match load_json(line):
            case {
                "custom_id": str(custom_id),
                "response": {"status_code": int(status), "body": body},
            }:
                return BatchResult(custom_id=custom_id, result=self._read(status, body))
            case {"custom_id": str(custom_id), "error": dict(error)}:
                return BatchResult(custom_id=custom_id, result=self._line_error(error))
        return BatchResult(
            custom_id=None,
            result=self._server.failure(
                FailureReason.SERVER, f"{where} cannot be read: {gist(line)}"
            ),
        )

    def _read(self, status: int, body: object) -> Answer | ModelFailure:
        if status != 200:
            verdict = judge(rejection_of(status, body), self._server)
            if isinstance(verdict, ModelFailure):
                return verdict
            return self._server.failure(FailureReason.REJECTED, verdict.why)
        try:
            return read_answer(body, options=self._options, server=self._server, price=BATCH_PRICE)
        except ModelFailure as failure:
            return failure

    def _line_error(self, error: Mapping[str, Any]) -> ModelFailure:
        said = rejection_of(0, error)
        expired = "expired" in said.code
        reason = FailureReason.TIMEOUT if expired else FailureReason.SERVER
        return self._server.failure(reason, f"{said.code}: {said.message}")

    @contextmanager
    def _whole(self, what: str) -> Iterator[None]:
        """A failure of these calls is one of the whole batch, not of a question."""
        try:
            with self._connection.judged():
                yield
        except ModelFailure as failure:
            raise ModelError(
                what,
                item=self._server.address,
                why=f"{failure.reason}: {failure.detail}",
                todo="Run again; what was submitted is found again",
            ) from None
