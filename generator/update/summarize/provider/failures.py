"""What a model's server says in refusing, and what follows from it. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit

from generator.core.errors import ConfigError, DaybookError, ModelError
from generator.core.summaries import FailureReason, Usage
from generator.update.summarize.model import ModelFailure
from generator.update.summarize.provider.scrub import scrub

_MOST_DETAIL = 300

# OpenAI repeats a refused key with its middle starred out; that is still more than a log needs.
_KEY_LIKE = re.compile(
    r"\bsk-[\w*.-]{4,}|(?<=Bearer )\S+|(?<![\w-])[\w-]*+\*{3}[\w*.-]*+", re.IGNORECASE
)

_TOO_LONG = re.compile(
    # OpenAI and vLLM; llama.cpp; Ollama; DashScope; Anthropic and OpenRouter; OpenAI's
    # "Request too large", which no waiting makes smaller.
    r"context_length_exceeded|maximum context length|context (?:length|size|window)"
    r"|exceed_context_size|range of input length|maximum prompt length"
    r"|(?:prompt|input|request) (?:is |was )?too (?:long|large)"
    r"|input length.{0,40}(?:exceed|limit)|too many (?:input )?tokens",
    re.IGNORECASE,
)
_FILTERED = re.compile(
    # OpenAI and Azure; DashScope; DeepSeek; Zhipu; OpenRouter.
    r"content_?filter|content_policy_violation|content management policy"
    r"|ResponsibleAIPolicyViolation"
    r"|data_?inspection_?failed|inappropriate content|content exists risk|requires moderation",
    re.IGNORECASE,
)
_NO_MONEY = re.compile(
    r"insufficient_quota|insufficient_balance|billing_(?:hard_limit_reached|not_active)|arrearage",
    re.IGNORECASE,
)
_NO_MODEL = re.compile(
    r"model_not_found|invalid_model|model_not_exist|unknown model|no such model|invalid model"
    r"|model\b.{0,120}\b(?:does not exist|not exist|not found|is not a valid|is not available)"
    r"|not a valid model",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class Rejection:
    """A refusal as received: HTTP ``status``, the server's words, and what it calls the matter.

    ``code`` joins all codes and types that it gives, ``param`` names the parameter it blames ("" if
    none), ``retry_after`` is the header of this name.
    """

    status: int
    message: str
    code: str = ""
    param: str = ""
    retry_after: str = ""

    @property
    def words(self) -> str:
        """All that it says, to look for patterns in."""
        return f"{self.code} {self.message}"


@dataclass(frozen=True)
class Server:
    """Whom we are asking, for messages; knows the key only in order to keep it out of them."""

    base_url: str
    model: str
    key_env: str | None = None
    key: str | None = field(default=None, repr=False)

    @property
    def address(self) -> str:
        """The base URL without a password that may stand in it."""
        parts = urlsplit(self.base_url)
        return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))

    def scrub(self, data: bytes) -> bytes:
        """Return what the server says in refusing, without any part of the key."""
        return scrub(data, self.key)

    def line(self, text: str) -> str:
        """Make one printable line of at most 300 characters, without the key."""
        text = self.scrub(text.encode("utf-8", "replace")).decode("utf-8", "replace")
        text = _KEY_LIKE.sub("***", text)
        text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
        return text if len(text) <= _MOST_DETAIL else text[: _MOST_DETAIL - 1] + "…"

    def failure(
        self, reason: FailureReason, detail: str, usage: Usage | None = None
    ) -> ModelFailure:
        """Return the failure of one question, with what it used."""
        return ModelFailure(reason, self.line(detail), usage)


def load_json(data: bytes | str) -> object:
    """Return the value, or ``None`` where it is no JSON (as for ``null``)."""
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def gist(data: bytes) -> str:
    """Return what a body says that is not the API's: a page's title, or how it begins."""
    text = data[:4000].decode("utf-8", "replace")
    title = re.search(r"<title[^>]*>(.*?)</title", text, re.IGNORECASE | re.DOTALL)
    return (
        f"a page titled {title[1].strip()!r}" if title else repr(text[:120]) if text else "no body"
    )


def read_rejection(status: int, data: bytes, retry_after: str = "") -> Rejection:
    """Read an error body in any of the shapes that providers send."""
    body = load_json(data)
    if body is None:
        return Rejection(status=status, message=gist(data), retry_after=retry_after)
    return rejection_of(status, body, retry_after)


def rejection_of(status: int, body: object, retry_after: str = "") -> Rejection:
    """Read an error body that is JSON already."""
    said = list(_texts(body))
    messages = dict.fromkeys(text for kind, text in said if kind == "message")
    return Rejection(
        status=status,
        message="; ".join(messages) or "no reason given",
        code=" ".join(text for kind, text in said if kind == "code"),
        param=" ".join(text for kind, text in said if kind == "param"),
        retry_after=retry_after,
    )


def _texts(value: object) -> Iterator[tuple[str, str]]:
    """Yield what is said under the names in use, by kind.

    Never all of it: FastAPI repeats the whole request.
    """
    if isinstance(value, str):
        yield "message", value
    elif isinstance(value, list):
        for item in value[:5]:
            yield from _texts(item)
    elif isinstance(value, dict):
        for name in ("error", "message", "msg", "detail"):
            if name in value:
                yield from _texts(value[name])
        for name in ("code", "type"):
            if isinstance(value.get(name), str | int):
                yield "code", str(value[name])
        if isinstance(value.get("param"), str):
            yield "param", value["param"]
        if isinstance(value.get("loc"), list):
            yield "param", ".".join(str(part) for part in value["loc"])
        if isinstance(value.get("innererror"), dict):
            yield from _texts(value["innererror"])


def judge(rejection: Rejection, server: Server) -> ModelFailure | DaybookError:
    """Return what a refusal means, for this question (ModelFailure) or for all (the others)."""
    status, reason = rejection.status, reason_of(rejection)
    wait = f" (Retry-After: {rejection.retry_after})" if rejection.retry_after else ""
    failure = server.failure(reason, f"HTTP {status}: {rejection.message}{wait}")
    kind: type[DaybookError] = ConfigError
    item = server.address
    if status == 402 or _NO_MONEY.search(rejection.code):
        kind, what = ModelError, "The model's provider wants to be paid first"
        todo = "Look at the account's balance and limits at the provider, then run again"
    elif reason in (FailureReason.CONTENT_FILTER, FailureReason.TOO_LONG):
        return failure
    elif status in (401, 403) and server.key is None:
        what = "The model's server wants a key"
        todo = "Name the variable in summarize.api_key_env"
    elif status in (401, 403):
        what = "The model's server refuses the key"
        where = server.key_env or "the environment"
        todo = f"Check the key in {where}, and what it may be used for"
    elif status == 404 or (status == 400 and _names_model(rejection, server.model)):
        what, item = "The server has no such model or address", f"{server.model} at {item}"
        todo = "Check summarize.model and summarize.base_url in daybook.yml"
    else:
        return failure
    return kind(what, item=item, why=failure.detail, todo=todo)


def reason_of(rejection: Rejection) -> FailureReason:
    """Return what a refusal says of a question, where not all of them are refused."""
    status, words = rejection.status, rejection.words
    if status < 429 and _FILTERED.search(words):
        return FailureReason.CONTENT_FILTER
    if status == 413 or _TOO_LONG.search(words):
        return FailureReason.TOO_LONG
    known = {429: FailureReason.RATE_LIMIT, 408: FailureReason.TIMEOUT}
    otherwise = FailureReason.REJECTED if 400 <= status < 500 else FailureReason.SERVER
    return known.get(status, otherwise)


def _names_model(rejection: Rejection, model: str) -> bool:
    if rejection.param == "model" or _NO_MODEL.search(rejection.code):
        return True
    return bool(_NO_MODEL.search(rejection.message.replace(model, "model")))
