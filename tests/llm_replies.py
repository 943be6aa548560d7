"""What the model's server of the tests can say: good answers, and everything that goes wrong."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Reply:
    """One reply to a chat completion, by default a good one.

    ``content`` is the message (``None``: null; without it, the server's good answer), ``finish``
    the finish_reason. ``usage`` is sent as given, ``None`` leaves it out, without it the server
    counts. ``body`` takes the place of the whole answer. ``delay`` seconds pass before it; ``drip``
    seconds pass after each byte of the body; ``hang`` never answers; ``cut`` sends so many bytes of
    the body, and closes the connection.
    """

    status: int = 200
    content: Any = ...
    finish: str = "stop"
    refusal: str | None = None
    reasoning: str | None = None
    usage: Any = ...
    body: bytes | None = None
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    drip: float = 0.0
    hang: bool = False
    cut: int | None = None


GOOD = Reply()
HANG = Reply(hang=True)
CUT = Reply(cut=25)
CUT_AT_ONCE = Reply(cut=-1)
EMPTY = Reply(content="")
NULL = Reply(content=None)
REFUSAL = Reply(content=None, refusal="I cannot help with that.")
FILTERED = Reply(content=None, finish="content_filter")
TRUNCATED = Reply(content='{"tldr": "A sentence that', finish="length")
BAD_JSON = Reply(content='{"tldr": "A sentence", "tags": [')
PLAIN_TEXT = Reply(content="This paper is about caches. They are fast.")
OTHER_LANGUAGE = Reply(
    content=json.dumps(
        {"tldr": "Dieser Aufsatz handelt von Zwischenspeichern.", "tags": [], "body": "Sie helfen."}
    )
)
NO_USAGE = Reply(usage=None)
HTML = Reply(
    body=b"<!doctype html><html><title>Sign in to the network</title></html>",
    content_type="text/html",
)


def error(
    status: int,
    message: str,
    *,
    code: str | int | None = None,
    param: str | None = None,
    kind: str | None = None,
    **options: Any,
) -> Reply:
    """An error in OpenAI's form; ``kind`` is its ``type``."""
    told = {"message": message, "type": kind, "param": param, "code": code}
    return Reply(status=status, body=json.dumps({"error": told}).encode(), **options)


def refused(parameter: str, status: int = 400) -> Reply:
    """What OpenAI says to a parameter that a model does not take."""
    return error(
        status,
        f"Unsupported parameter: '{parameter}' is not supported with this model.",
        code="unsupported_parameter",
        param=parameter,
        kind="invalid_request_error",
    )


def completion(reply: Reply, model: str, good: str, prompt: int) -> dict[str, Any]:
    """The body of an answer. ``prompt`` is how many tokens were read."""
    content = good if reply.content is ... else reply.content
    message: dict[str, Any] = {"role": "assistant", "content": content, "refusal": reply.refusal}
    if reply.reasoning is not None:
        message["reasoning_content"] = reply.reasoning
    body: dict[str, Any] = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1_767_600_000,
        "model": model,
        "choices": [{"index": 0, "message": message, "finish_reason": reply.finish}],
    }
    written = max(1, len(str(content or "")) // 4)
    counted = {
        "prompt_tokens": prompt,
        "completion_tokens": written,
        "total_tokens": prompt + written,
        "prompt_tokens_details": {"cached_tokens": 0},
    }
    if reply.usage is not None:
        body["usage"] = counted if reply.usage is ... else reply.usage
    return body


def good_answer(paper: str, body: Mapping[str, Any]) -> str:
    """A good answer: filled in after the schema of the request where it has one."""
    schema = body.get("response_format", {}).get("json_schema", {}).get("schema")
    if schema:
        return json.dumps(_filled(schema, paper), ensure_ascii=False)
    text = f"The paper {paper} shows that a cache is fast. It measures this, and discusses limits."
    return json.dumps({"tldr": text, "tags": ["caching"], "body": f"## Contributions\n\n{text}\n"})


def _filled(schema: Mapping[str, Any], paper: str) -> Any:
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("type"):
        case "object":
            return {name: _filled(part, paper) for name, part in schema["properties"].items()}
        case "array":
            return [_filled(schema["items"], paper)] * max(1, schema.get("minItems", 1))
        case "integer" | "number":
            return 1
        case "boolean":
            return True
        case _:
            return f"The paper {paper} shows that a cache is fast, and measures it."[
                : schema.get("maxLength", 1000)
            ]
