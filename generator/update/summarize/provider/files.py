"""A PDF lent to a provider that reads files itself, the way of DashScope's ``qwen-long``."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager

import openai

from generator.core.errors import ConfigError, DaybookError
from generator.core.summaries import FailureReason
from generator.update.summarize.model import ModelFailure
from generator.update.summarize.provider.connection import Connection

_LOGGER = logging.getLogger(__name__)

# https://help.aliyun.com/zh/model-studio/long-context-qwen-long
_MOST_BYTES = 150 * 1024 * 1024

_FIRST_WAIT, _LONGEST_WAIT = 0.25, 4.0


@contextmanager
def uploaded(connection: Connection, name: str, data: bytes, *, seconds: float) -> Iterator[str]:
    """Upload ``data`` as ``name``.pdf, wait until it can be read, and give its id.

    It is deleted afterwards whatever happens: the provider keeps files for ever. ``seconds`` is how
    long it may take to be processed. Raises ModelFailure, ConfigError and ModelError.
    """
    if len(data) > _MOST_BYTES:
        megabytes = len(data) / 1024 / 1024
        raise connection.server.failure(
            FailureReason.TOO_LONG, f"the PDF has {megabytes:.0f} MB, at most 150 can be sent"
        )
    with connection.judged():
        file_id = _upload(connection, re.sub(r"[^\w.-]", "-", name) + ".pdf", data)
    try:
        _wait(connection, file_id, seconds)
        yield file_id
    finally:
        delete_file(connection, file_id)


def delete_file(connection: Connection, file_id: str) -> None:
    """Delete an uploaded file; where that fails, a warning names it."""
    try:
        with connection.judged():
            connection.record(connection.delete("files", file_id))
    except (ModelFailure, DaybookError) as error:
        why = error.detail if isinstance(error, ModelFailure) else error.why
        _LOGGER.warning("the uploaded file %s could not be deleted: %s", file_id, why)


def _upload(connection: Connection, file_name: str, data: bytes) -> str:
    try:
        return connection.upload(file_name, data, "file-extract")
    except openai.APIStatusError as error:
        refusal = connection.rejection(error)
        if refusal.status not in (404, 405, 501) and "purpose" not in refusal.words + refusal.param:
            raise
        raise ConfigError(
            "The provider does not read files",
            item=f"{connection.server.model} at {connection.server.address}",
            why=connection.server.line(refusal.message),
            todo="Set summarize.input to fulltext in daybook.yml",
        ) from None


def _wait(connection: Connection, file_id: str, seconds: float) -> None:
    """Wait until a file has been processed. Raises ModelFailure where it cannot, or is late."""
    failure = connection.server.failure
    ends = time.monotonic() + seconds
    wait = _FIRST_WAIT
    while True:
        with connection.judged():
            file = connection.record(connection.get("files", file_id))
        # Besides these DashScope has uploading, processing, ...
        if file.get("status") == "processed":
            return
        if file.get("status") == "error":
            why = file.get("status_details") or "no reason given"
            raise failure(FailureReason.REJECTED, f"the provider cannot read the PDF: {why}")
        if time.monotonic() + wait > ends:
            raise failure(
                FailureReason.TIMEOUT, f"the PDF is still not processed after {seconds:g} s"
            )
        time.sleep(wait)
        wait = min(wait * 2, _LONGEST_WAIT)
