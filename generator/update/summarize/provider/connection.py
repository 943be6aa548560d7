"""The openai package, made to keep to limits and to take nothing from the environment."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import httpx2
import openai

from generator.config.options import SummaryOptions
from generator.core.errors import ConfigError, DaybookError
from generator.core.models import FailureReason
from generator.update.summarize.model import ModelFailure
from generator.update.summarize.provider.failures import (
    Rejection,
    Server,
    gist,
    judge,
    load_json,
    read_rejection,
)
from generator.update.summarize.provider.limits import RateLimit

# openai's client insists on a key; no header is sent for this one.
_NO_KEY = "none"

_CONNECT_SECONDS = 10.0
_RETRIES = 2


class ModelResponse(Protocol):
    """What httpx's responses and openai's raw ones have in common."""

    @property
    def content(self) -> bytes:
        """The body."""

    @property
    def status_code(self) -> int:
        """The HTTP status."""


class Connection:
    """One client of the openai package, for many threads.

    ``client`` tries again by itself (connection, 408, 409, 429, 5xx); ``once`` never does, for
    what must not happen twice. Every HTTP request, those tries included, waits for ``rate``.
    """

    def __init__(self, options: SummaryOptions, api_key: str | None, rate: RateLimit) -> None:
        self.server = Server(options.base_url, options.model or "", options.api_key_env, api_key)
        _check_key(api_key, self.server)
        self._rate = rate
        self._timeout = options.timeout
        self._asked = threading.local()
        self._http = openai.DefaultHttpxClient(
            event_hooks={"request": [self._before], "response": [self._after]}
        )
        self.client = self._openai(_RETRIES)
        self.once = self._openai(0)

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

    @contextmanager
    def tokens(self, count: int) -> Iterator[None]:
        """Requests within (of this thread) count as so many tokens, others as none."""
        self._asked.tokens = count
        try:
            yield
        finally:
            self._asked.tokens = 0

    @contextmanager
    def judged(self) -> Iterator[None]:
        """Turn openai's exceptions within into ours: ModelFailure, ConfigError, ModelError.

        The original is not chained: its message may repeat the key.
        """
        try:
            yield
        except openai.OpenAIError as error:
            raise self.judge(error) from None

    def judge(self, error: openai.OpenAIError) -> ModelFailure | DaybookError:
        """What an exception of the package means."""
        if isinstance(error, openai.APIStatusError):
            return judge(rejection(error), self.server)
        if isinstance(error, openai.APITimeoutError):
            return self.server.failure(
                FailureReason.TIMEOUT, f"no answer within {self._timeout:g} s ({_cause(error)})"
            )
        if isinstance(error, openai.APIConnectionError):
            return self.server.failure(FailureReason.NETWORK, _cause(error))
        return self.server.failure(FailureReason.SERVER, f"{type(error).__name__}: {error}")

    def json(self, response: ModelResponse) -> object:
        """The JSON in a raw response. Raises ModelFailure where it is none, or ``null``.

        Raw, because openai's own reading of a 200 that is not the API's ends in any exception.
        """
        value = load_json(response.content)
        if value is None:
            raise self.server.failure(
                FailureReason.SERVER,
                f"HTTP {response.status_code}, but no JSON: {gist(response.content)}",
            )
        return value

    def record(self, response: ModelResponse) -> dict[str, Any]:
        """The same for what must be an object with an ``id``."""
        value = self.json(response)
        if isinstance(value, dict) and isinstance(value.get("id"), str):
            return value
        raise self.server.failure(
            FailureReason.SERVER, f"HTTP {response.status_code}, but no record: {value!r}"
        )

    def _openai(self, retries: int) -> openai.OpenAI:
        client = openai.OpenAI(
            api_key=self.server.key or _NO_KEY,
            admin_api_key="",
            webhook_secret="",
            base_url=self.server.base_url,
            timeout=openai.Timeout(self._timeout, connect=min(_CONNECT_SECONDS, self._timeout)),
            max_retries=retries,
            http_client=self._http,
        )
        # Without these it reads OPENAI_ORG_ID, OPENAI_PROJECT_ID and OPENAI_CUSTOM_HEADERS, which
        # were meant for another program. No argument says "none"; "" would send an empty header.
        client.organization = None
        client.project = None
        client._custom_headers = {}
        return client

    def _before(self, request: httpx2.Request) -> None:
        self._rate.acquire(getattr(self._asked, "tokens", 0))
        if request.headers.get("Authorization") == f"Bearer {_NO_KEY}":
            del request.headers["Authorization"]
        request.extensions["ends"] = time.monotonic() + self._timeout

    def _after(self, response: httpx2.Response) -> None:
        if isinstance(response.stream, httpx2.SyncByteStream):
            response.stream = _Punctual(response.stream, response.request)


class _Punctual(httpx2.SyncByteStream):
    """A body that must end in time: httpx's own timeout begins anew with every byte.

    DeepSeek sends blank lines for as long as a request waits for its turn.
    """

    def __init__(self, body: httpx2.SyncByteStream, request: httpx2.Request) -> None:
        self._body = body
        self._request = request

    def __iter__(self) -> Iterator[bytes]:
        for part in self._body:
            if time.monotonic() > self._request.extensions["ends"]:
                raise httpx2.ReadTimeout("still not complete", request=self._request)
            yield part

    def close(self) -> None:
        self._body.close()


def rejection(error: openai.APIStatusError) -> Rejection:
    """What the server said, read from the whole body: the package keeps only a part of it."""
    response = error.response
    return read_rejection(
        error.status_code, response.content, response.headers.get("retry-after", "")
    )


def _cause(error: openai.APIConnectionError) -> str:
    cause = error.__cause__
    return f"{type(cause).__name__}: {cause}" if cause else str(error)


def _check_key(api_key: str | None, server: Server) -> None:
    if api_key is None or (api_key.isascii() and api_key.isprintable() and " " not in api_key):
        return
    raise ConfigError(
        "The key cannot be sent",
        item=server.key_env or "API key",
        why="it has spaces, line ends or characters that are not ASCII",
        todo="Copy the key once more, without anything around it",
    )
