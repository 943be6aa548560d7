"""The Batch API: many questions in one file, answered within a day at half the price."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from generator.core.errors import ConfigError, ModelError
from generator.core.summaries import FailureReason
from generator.update.summarize.model import Answer, ModelFailure
from generator.update.summarize.provider.answers import BATCH_PRICE, read_answer
from generator.update.summarize.provider.client import OpenAIModel
from generator.update.summarize.provider.failures import gist, judge, load_json, rejection_of
from generator.update.summarize.provider.files import delete_file

_LOGGER = logging.getLogger(__name__)

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
    cancelling, cancelled or failed. ``errors`` says why it failed.
    """

    status: str
    errors: tuple[str, ...] = ()

    @property
    def over(self) -> bool:
        """Whether nothing more will come; results may be there even if it expired."""
        return self.status not in _UNDER_WAY


def batch_line(custom_id: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """Return one line for ``submit``; ``body`` is ``OpenAIModel.request_body(question)``."""
    return {"custom_id": custom_id, "method": "POST", "url": _ENDPOINT, "body": dict(body)}


def encode_line(line: Mapping[str, Any]) -> bytes:
    """Return a line as it is uploaded, to reckon sizes with."""
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
        """Upload and start a batch, and return its id.

        ``token`` (at most 512 characters) is for ``find``. Raises ValueError for no lines, more
        than 50,000 or more than 200 MB. Where it is not known whether the batch was created, the
        server is asked for it before this fails.
        """
        data = b"".join(encode_line(line) for line in lines)
        if not 0 < len(lines) <= MOST_LINES or len(data) > MOST_BYTES:
            raise ValueError(
                f"a batch of {len(lines)} lines and {len(data)} bytes; allowed are 1 to "
                f"{MOST_LINES} lines and {MOST_BYTES} bytes"
            )
        with self._for_all("The batch cannot be uploaded"):
            file_id = self._connection.upload("daybook.jsonl", data, "batch")
        try:
            return self._create(file_id, token)
        except (ModelError, ConfigError) as error:
            # The answer may have been lost after the batch was created.
            found = self.find(token) if isinstance(error, ModelError) else None
            if found is None:
                delete_file(self._connection, file_id)
                raise
            return found

    def find(self, token: str) -> str | None:
        """Return the id of the batch that was submitted with ``token``, if there is one."""
        after: dict[str, str] = {}
        while True:
            with self._for_all("The batches cannot be listed"):
                page = self._page(after)
            for batch in page:
                match batch:
                    case {"id": str(batch_id), "metadata": dict(metadata)}:
                        if metadata.get(_TOKEN) == token:
                            return batch_id
            # An empty page is the last one even where has_more is missing.
            last = page[-1].get("id") if page else None
            if last in (None, after.get("after")):
                return None
            after = {"after": str(last)}

    def state(self, batch_id: str) -> BatchState:
        """Ask how far a batch is."""
        batch = self._retrieve(batch_id)
        match batch:
            case {"errors": {"data": list(errors)}}:
                said = [rejection_of(0, error) for error in errors]
            case _:
                said = []
        lines = tuple(self._server.line(f"{each.code}: {each.message}") for each in said)
        return BatchState(status=str(batch.get("status")), errors=lines)

    def results(self, batch_id: str) -> Iterator[tuple[str, Answer | ModelFailure]]:
        """Yield the custom id of each line and what became of it, in no order.

        Lines that the batch never reached may be missing; a warning tells of one that is broken.
        """
        batch = self._retrieve(batch_id)
        for file_id in (batch.get("output_file_id"), batch.get("error_file_id")):
            if not isinstance(file_id, str):
                continue
            with self._for_all("The results of a batch cannot be fetched"):
                content = self._connection.content(file_id)
            # Not splitlines: an answer may hold U+2028, which JSON need not escape.
            for number, line in enumerate(io.BytesIO(content), start=1):
                if result := self._result(line):
                    yield result
                elif line.strip():
                    says = gist(self._server.scrub(line))
                    broken = self._server.line(f"{file_id} cannot be read: {says}")
                    _LOGGER.warning("line %d of %s", number, broken)

    def clean(self, batch_id: str) -> None:
        """Delete the file that was uploaded for a batch; a warning where that fails."""
        delete_file(self._connection, str(self._retrieve(batch_id).get("input_file_id")))

    def _create(self, file_id: str, token: str) -> str:
        body = {
            "completion_window": "24h",
            "endpoint": _ENDPOINT,
            "input_file_id": file_id,
            "metadata": {_TOKEN: token},
        }
        with self._for_all("The batch cannot be started"):
            # Without tries of its own: a batch that was created twice is paid twice.
            made = self._connection.record(self._connection.post("/batches", body, retries=0))
        return str(made["id"])

    def _retrieve(self, batch_id: str) -> dict[str, Any]:
        with self._for_all("The batch cannot be looked up"):
            return self._connection.record(self._connection.get("batches", batch_id))

    def _page(self, after: Mapping[str, str]) -> list[dict[str, Any]]:
        match self._connection.get("batches", limit=100, **after):
            case {"data": list(data)}:
                return [batch for batch in data if isinstance(batch, dict)]
        # Not "none": the caller would pay for a second batch.
        raise self._server.failure(FailureReason.SERVER, "the list of batches is none")

    def _result(self, line: bytes) -> tuple[str, Answer | ModelFailure] | None:
        match load_json(line):
            case {
                "custom_id": str(custom_id),
                "response": {"status_code": int(status), "body": body},
            }:
                return custom_id, self._read(status, body)
            case {"custom_id": str(custom_id), "error": dict(error)}:
                said = rejection_of(0, error)
                expired = "expired" in said.code
                reason = FailureReason.TIMEOUT if expired else FailureReason.SERVER
                return custom_id, self._server.failure(reason, f"{said.code}: {said.message}")
        return None

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

    @contextmanager
    def _for_all(self, what: str) -> Iterator[None]:
        """Make a failure of these calls one of the whole batch, not of a question."""
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
