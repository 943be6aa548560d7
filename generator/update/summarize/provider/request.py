"""What is sent to a model: the body of one chat completion, the same live and in a batch. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.config.options import SummaryOptions
from generator.update.summarize.model import Question, Repair
from generator.update.summarize.papers.document import estimate_tokens
from generator.update.summarize.provider.capabilities import Capabilities

# An answer gone wrong by repeating itself need not be sent back whole.
_MOST_REPAIRED = 20_000


def request_body(
    question: Question,
    repair: Repair | None,
    file_id: str | None,
    capabilities: Capabilities,
    *,
    options: SummaryOptions,
    schema: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the JSON body for ``/chat/completions``.

    ``schema`` is the JSON schema of the answer, sent where the server takes one. ``file_id`` names
    an uploaded file for DashScope. What ``options.extra_body`` has wins over all.
    """
    body: dict[str, Any] = {
        "model": options.model,
        "messages": _messages(question, repair, file_id),
    }
    if capabilities.response_format == "json_schema":
        body["response_format"] = {
            "type": "json_schema",
            "json_schema": {"name": "summary", "strict": True, "schema": dict(schema)},
        }
    elif capabilities.response_format == "json_object":
        body["response_format"] = {"type": "json_object"}
    if capabilities.output_limit != "none":
        body[capabilities.output_limit] = options.max_output_tokens
    if capabilities.temperature and options.temperature is not None:
        body["temperature"] = options.temperature
    return {**body, **options.extra_body}


def prompt_tokens(body: Mapping[str, Any]) -> int:
    """Estimate how many tokens a model counts for what it is to read."""
    return sum(estimate_tokens(message["content"]) for message in body["messages"])


def _messages(
    question: Question, repair: Repair | None, file_id: str | None
) -> list[dict[str, str]]:
    messages = [_message("system", question.instructions)]
    if file_id is not None:
        # DashScope reads a file only from a second system message; the first is the role.
        messages.append(_message("system", f"fileid://{file_id}"))
    messages.append(_message("user", question.paper))
    if repair is not None:
        messages.append(_message("assistant", repair.answer[:_MOST_REPAIRED]))
        messages.append(_message("user", repair.complaint))
    return messages


def _message(role: str, text: str) -> dict[str, str]:
    # PDFs yield halves of surrogate pairs, which no UTF-8 can carry.
    return {"role": role, "content": text.encode("utf-8", "replace").decode("utf-8")}
