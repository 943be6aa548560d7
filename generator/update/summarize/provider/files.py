"""A PDF lent to a provider that reads files itself, the way of DashScope's ``qwen-long``."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import openai

from generator.core.errors import ConfigError, DaybookError
from generator.core.models import FailureReason
from generator.update.summarize.model import ModelFailure
from generator.update.summarize.provider.connection import Connection, rejection

_log = logging.getLogger(__name__)

# https://help.aliyun.com/zh/model-studio/long-context-qwen-long
_MOST_BYTES = 150 * 1024 * 1024

_FIRST_WAIT, _LONGEST_WAIT = 0.25, 4.0


@contextmanager
def uploaded(connection: Connection, name: str, data: bytes, *, seconds: float) -> Iterator[str]:
    """Upload ``data`` as ``name``.pdf, wait until it can be read; the value is its id.

    It is deleted afterwards whatever happens: the provider keeps files for ever. ``seconds`` is how
    long it may take to be processed. Raises ModelFailure, ConfigError and ModelError.
    """
    if len(data) > _MOST_BYTES:
        megabytes = len(data) / 1024 / 1024
        raise connection.server.failure(
            FailureReason.TOO_LONG, f"the PDF has {megabytes:.0f} MB, at most 150 can be sent"
        )
    file_id = _upload(connection, name, data)
    try:
        _wait(connection, file_id, seconds)
        yield file_id
    finally:
        delete_file(connection, file_id)


def _upload(connection: Connection, name: str, data: bytes) -> str:
    file_name = re.sub(r"[^\w.-]", "-", name) + ".pdf"
    # The package lists OpenAI's purposes only.
    purpose = cast(Any, "file-extract")
    with connection.judged():
        try:
            response = connection.client.files.with_raw_response.create(
                file=(file_name, data), purpose=purpose
            )
        except openai.APIStatusError as error:
            refusal = rejection(error)
            if refusal.status in (404, 405, 501) or "purpose" in refusal.words + refusal.param:
                raise _reads_no_files(connection, refusal.message) from None
            raise
        return str(connection.record(response)["id"])


def _wait(connection: Connection, file_id: str, seconds: float) -> None:
    ends = time.monotonic() + seconds
    wait = _FIRST_WAIT
    while True:
        with connection.judged():
            response = connection.client.files.with_raw_response.retrieve(file_id)
            file = connection.record(response)
        # Besides these DashScope has uploading, processing, ...
        status = file.get("status")
        if status == "processed":
            return
        if status == "error":
            why = file.get("status_details") or "no reason given"
            raise connection.server.failure(
                FailureReason.REJECTED, f"the provider cannot read the PDF: {why}"
            )
        if time.monotonic() + wait > ends:
            raise connection.server.failure(
                FailureReason.TIMEOUT, f"the PDF is still not processed after {seconds:g} s"
            )
        time.sleep(wait)
        wait = min(wait * 2, _LONGEST_WAIT)


def delete_file(connection: Connection, file_id: str) -> None:
    """Delete an uploaded file; where that fails, a warning names it."""
    try:
        with connection.judged():
            connection.record(connection.client.files.with_raw_response.delete(file_id))
    except ModelFailure as failure:
        _log.warning("the uploaded file %s could not be deleted: %s", file_id, failure.detail)
    except DaybookError as error:
        _log.warning("the uploaded file %s could not be deleted: %s", file_id, error.why)


def _reads_no_files(connection: Connection, why: str) -> ConfigError:
    return ConfigError(
        "The provider does not read files",
        item=f"{connection.server.model} at {connection.server.address}",
        why=connection.server.line(why),
        todo="Set summarize.input to fulltext in daybook.yml",
    )
