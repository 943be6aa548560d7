"""The openai package, made to keep to limits and to take nothing from the environment."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import httpx2
import openai

from generator.config.options import SummaryOptions
from generator.core.errors import ConfigError, DaybookError
from generator.core.summaries import FailureReason
from generator.update.sources.addresses import is_same_server
from generator.update.sources.unpacking import GZIP, UNPACKED, packing_of, unpacked
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
from generator.update.summarize.provider.scrub import ANSWER_PART, scrub

# openai's client insists on a key; no header is sent for this one.
_NO_KEY = "none"

_RAW = httpx2.Response
_CONNECT_SECONDS = 10.0
_MAX_BYTES = 256 * 1024 * 1024  # of an answer: a batch has up to 200 MB
_RETRIES = 2


class Connection:
    """One client of the openai package, for many threads.

    It tries again by itself (connection, 408, 409, 429, 5xx). Every HTTP request, those tries
    included, waits for ``rate``. All calls raise openai's exceptions (see ``judged``), and
    ModelFailure where a success is not the API's.
    """

    def __init__(self, options: SummaryOptions, api_key: str | None, rate: RateLimit) -> None:
        self.server = Server(options.base_url, options.model or "", options.api_key_env, api_key)
        _check_key(api_key, self.server)
        # At -v these would tell every header that came back, and the key may be in one.
        for name in ("openai", "httpx2", "httpcore2"):
            logging.getLogger(name).setLevel(logging.WARNING)
        self._rate = rate
        self._base = httpx2.URL(options.base_url)
        self._timeout = options.timeout
        self._asked = threading.local()
        self._http = openai.DefaultHttpxClient(
            event_hooks={"request": [self._before], "response": [self._after]}
        )
        self._client = openai.OpenAI(
            api_key=api_key or _NO_KEY,
            admin_api_key="",
            webhook_secret="",
            base_url=options.base_url,
            timeout=openai.Timeout(self._timeout, connect=min(_CONNECT_SECONDS, self._timeout)),
            max_retries=_RETRIES,
            http_client=self._http,
        )
        # Without these it reads OPENAI_ORG_ID, OPENAI_PROJECT_ID and OPENAI_CUSTOM_HEADERS, which
        # were meant for another program. No argument says "none"; "" would send an empty header.
        self._client.organization = None
        self._client.project = None
        self._client._custom_headers = {}

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

    # Not the package's own methods: their models fill in what is missing, and end in any exception
    # where a 200 is not the API's.

    def get(self, *path: str, **parameters: str | int) -> object:
        """Return the JSON at a path below the base URL, given by its segments."""
        options = openai.RequestOptions(params=parameters)
        return self._json(self._client.get(_path(path), cast_to=_RAW, options=options))

    def content(self, file_id: str) -> bytes:
        """Return the bytes of a file at the server."""
        path = _path(("files", file_id, "content"))
        options = openai.RequestOptions(headers={"Accept": "application/binary"})
        return self._scrubbed(self._client.get(path, cast_to=_RAW, options=options))

    def post(self, path: str, body: Mapping[str, Any], *, retries: int = _RETRIES) -> object:
        """Send JSON, and return the JSON that came back; ``retries=0`` for what happens once."""
        options = openai.RequestOptions(max_retries=retries)
        return self._json(self._client.post(path, cast_to=_RAW, body=body, options=options))

    def delete(self, *path: str) -> object:
        """Delete what is at a path, and return the JSON that came back."""
        return self._json(self._client.delete(_path(path), cast_to=_RAW))

    def upload(self, name: str, data: bytes, purpose: str) -> str:
        """Upload a file, and return its id."""
        create: Any = self._client.files.with_raw_response.create  # typed for OpenAI's purposes
        return str(self.record(self._json(create(file=(name, data), purpose=purpose)))["id"])

    def record(self, value: object) -> dict[str, Any]:
        """Return what must be an object with an ``id``. Raises ModelFailure where it is none."""
        if isinstance(value, dict) and isinstance(value.get("id"), str):
            return value
        raise self.server.failure(FailureReason.SERVER, f"HTTP 200, but no record: {value!r}")

    @contextmanager
    def tokens(self, count: int) -> Iterator[None]:
        """Count requests within (of this thread) as so many tokens, others as none."""
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
        """Return what an exception of the package means."""
        if isinstance(error, openai.APIStatusError):
            return judge(self.rejection(error), self.server)
        if isinstance(error, openai.APITimeoutError):
            return self.server.failure(
                FailureReason.TIMEOUT, f"no answer within {self._timeout:g} s ({_cause(error)})"
            )
        if isinstance(error, openai.APIConnectionError):
            return self.server.failure(FailureReason.NETWORK, _cause(error))
        return self.server.failure(FailureReason.SERVER, f"{type(error).__name__}: {error}")

    def rejection(self, error: openai.APIStatusError) -> Rejection:
        """Return what the server said, from the whole body: the package keeps only a part of it."""
        response = error.response
        retry_after = response.headers.get("retry-after", "")
        return read_rejection(error.status_code, self.server.scrub(response.content), retry_after)

    def _scrubbed(self, response: Any) -> bytes:
        """Return an answer without the key, for it will be published."""
        return scrub(response.content, self.server.key, ANSWER_PART)

    def _json(self, response: Any) -> object:
        value = load_json(self._scrubbed(response))
        if value is None:
            says = gist(self.server.scrub(response.content))
            why = f"HTTP {response.status_code}, but no JSON: {says}"
            raise self.server.failure(FailureReason.SERVER, why)
        return value

    def _before(self, request: httpx2.Request) -> None:
        if not is_same_server(request.url, self._base):
            raise httpx2.TooManyRedirects(f"it leads to another server, {request.url.host}")
        self._rate.acquire(getattr(self._asked, "tokens", 0))
        if request.headers.get("Authorization") == f"Bearer {_NO_KEY}":
            del request.headers["Authorization"]
        request.headers["Accept-Encoding"] = "gzip"
        request.extensions["ends"] = time.monotonic() + self._timeout

    def _after(self, response: httpx2.Response) -> None:
        if not isinstance(response.stream, httpx2.SyncByteStream):
            return
        packing = packing_of(response)
        if packing not in (*UNPACKED, *GZIP):
            raise httpx2.RemoteProtocolError(f"it is packed as {packing!r}, which nobody asked for")
        response.stream = _BoundedStream(response.stream, response.request, packing)
        response.headers.pop("content-encoding", None)  # it is unpacked, within the bound


class _BoundedStream(httpx2.SyncByteStream):
    """A body that must end in time, and within a size: it may grow when it is unpacked.

    httpx's own timeout begins anew with every byte, and DeepSeek sends blank lines for as long as
    a request waits for its turn.
    """

    def __init__(self, body: httpx2.SyncByteStream, request: httpx2.Request, packing: str) -> None:
        self._body = body
        self._request = request
        self._packing = packing

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        for part in unpacked(self._punctual(), self._packing, _MAX_BYTES):
            size += len(part)
            if size > _MAX_BYTES:
                raise httpx2.RemoteProtocolError(f"it is larger than {_MAX_BYTES} bytes")
            yield part

    def _punctual(self) -> Iterator[bytes]:
        for part in self._body:
            if time.monotonic() > self._request.extensions["ends"]:
                raise httpx2.ReadTimeout("still not complete", request=self._request)
            yield part

    def close(self) -> None:
        self._body.close()


def _path(segments: Sequence[str]) -> str:
    return "/" + "/".join(quote(segment, safe="") for segment in segments)


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
