"""Polite downloads: few, spaced, identified, conditional, and bounded in time and size.

arXiv asks for one request every three seconds and one connection at a time over all of its hosts
(https://info.arxiv.org/help/api/tou.html).
"""

from __future__ import annotations

import functools
import hashlib
import html
import json
import logging
import re
import time
from collections.abc import Callable, Container
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from typing import Any, Self

import httpx2

from generator import __version__
from generator.core.errors import FetchError, MissingError, TooLargeError
from generator.update.sources import cache
from generator.update.sources.addresses import NetworkGuard, may_lead_to
from generator.update.sources.deadline import Deadline
from generator.update.sources.unpacking import GZIP, UNPACKED, packing_of, unpacked

_LOGGER = logging.getLogger(__name__)
_MAX_REDIRECTS = 5
_KEPT = ("url", "content_type", "etag", "last_modified")  # of an answer, in the cache
_RETRIES = 3
# What httpx2 raises where another try ends in the same: an address that is none, a server that
# answers with what cannot be followed or read. Python's own are about host names and ports.
_FINAL = (
    httpx2.InvalidURL,
    httpx2.UnsupportedProtocol,
    httpx2.LocalProtocolError,
    httpx2.TooManyRedirects,
    httpx2.DecodingError,
    httpx2.HTTPStatusError,
    httpx2.CookieConflict,
    httpx2.StreamError,
    ValueError,
    OverflowError,
)
_LONGEST_WAIT = 120.0
_tls = functools.cache(httpx2.create_ssl_context)  # reading all certificates takes a while
_TITLE = re.compile(rb"<title[^>]*>([^<]{1,300})</title>", re.IGNORECASE)


def user_agent(contact: str | None = None) -> str:
    """Return how Daybook names itself, with an e-mail address or URL of its operator."""
    if contact is None:
        return f"Daybook/{__version__}"
    return f"Daybook/{__version__} ({'mailto:' if '@' in contact else '+'}{contact})"


class Fetcher:
    """Downloads one URL after another; a context manager.

    ``cache`` is a folder for conditional requests. ``timeout`` bounds connecting and each wait for
    more bytes, ``deadline`` a whole answer, ``delay`` is kept between any two requests, redirects
    and retries too; all in seconds. ``max_bytes`` bounds a body, as sent and as unpacked.
    ``clock``, ``sleep`` and ``now`` are the time, for those who want to set it.
    """

    def __init__(
        self,
        cache: Path | None = None,
        *,
        timeout: float = 30.0,
        deadline: float = 180.0,
        delay: float = 3.0,
        max_bytes: int = 64 * 1024 * 1024,
        contact: str | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._cache = cache
        self._deadline = deadline
        self._delay = delay
        self._max_bytes = max_bytes
        self._clock, self._sleep, self._now = clock, sleep, now
        self._next_turn = clock()
        self._client = httpx2.Client(
            # Only gzip is asked for, since only gzip is unpacked (see unpacking).
            headers={"User-Agent": user_agent(contact), "Accept-Encoding": "gzip"},
            # What a server sets is never sent back.
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            timeout=timeout,
            verify=_tls(),
            # Connections are not kept: between two requests lie seconds.
            limits=httpx2.Limits(max_connections=1, max_keepalive_connections=0),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def get(
        self,
        url: str,
        *,
        max_bytes: int | None = None,
        keep: bool = True,
        accept: Container[int] = (),
    ) -> Response:
        """Download a URL (http or https).

        ``max_bytes`` takes the place of the fetcher's own limit; without ``keep`` the cache is left
        alone. ``accept`` names statuses besides 200 whose bodies are answers. Tries again, at most
        three times, where that may help: on 429, 5xx, and network failures. Raises FetchError:
        MissingError on 404 and 410, TooLargeError beyond the limit.
        """
        kept = self._cache / _file_name(url) if self._cache and keep else None
        most = self._max_bytes if max_bytes is None else max_bytes
        cached = cache.load(kept, _kept_response) if kept else None
        for attempt in range(_RETRIES + 1):
            wait = 3.0 * 2**attempt
            try:
                answer = self._ask(url, cached.validators if cached else {}, most)
            except httpx2.HTTPError as error:
                why = f"{type(error).__name__}: {error}".rstrip(": ")
            else:
                if cached and answer.status == HTTPStatus.NOT_MODIFIED:
                    return cached
                if answer.status == HTTPStatus.OK or answer.status in accept:
                    return _response(answer, kept)
                why = answer.describe()
                wait = self._asked_to_wait(answer, url, why) or wait
            if attempt < _RETRIES:
                _LOGGER.info("%s: %s; trying again in %.0f s", url, why, wait)
                self._sleep(wait)
        raise FetchError(
            "Download failed",
            item=url,
            why=f"{why}, {_RETRIES + 1} times",
            todo="Try again later; https://status.arxiv.org says whether arXiv has a problem",
        )

    def _ask(self, url: str, headers: dict[str, str], max_bytes: int) -> _Answer:
        try:
            request = self._client.build_request("GET", url, headers=headers)
            asked = request.url
            for _ in range(_MAX_REDIRECTS + 1):
                # Redirects are followed here: httpx2 would read their bodies unbounded.
                answer = self._exchange(request, asked, max_bytes)
                if answer.response.next_request is None:
                    return answer
                request = answer.response.next_request
                if not may_lead_to(request.url, asked):
                    raise _led_away(url, f"it leads to another server, {request.url}")
        except _FINAL as error:
            raise _refused(url, str(error) or type(error).__name__) from error
        raise _refused(url, f"more than {_MAX_REDIRECTS} redirects")

    def _exchange(self, request: httpx2.Request, asked: httpx2.URL, max_bytes: int) -> _Answer:
        wait = self._next_turn - self._clock()
        if wait > 0:
            self._sleep(wait)
        self._next_turn = self._clock() + self._delay
        _LOGGER.debug("GET %s", request.url)
        with Deadline(str(request.url), self._deadline) as deadline:
            network = NetworkGuard(request.url, asked)

            def trace(event: str, info: dict[str, Any]) -> None:
                deadline.trace(event, info)
                if problem := network.problem(event, info):
                    raise _led_away(str(asked), problem)

            request.extensions = {**request.extensions, "trace": trace}
            response = self._client.send(request, stream=True)
            try:
                bodiless = response.next_request or response.status_code == HTTPStatus.NOT_MODIFIED
                body = b"" if bodiless else _read(response, max_bytes)
            finally:
                response.close()
        return _Answer(response, body)

    def _asked_to_wait(self, answer: _Answer, url: str, why: str) -> float | None:
        """Return the seconds in Retry-After, if any.

        Raises FetchError where they are too many, or another try would end in the same.
        """
        if answer.status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
            raise _refused(url, why, MissingError)
        if answer.status != HTTPStatus.TOO_MANY_REQUESTS and answer.status < 500:
            raise _refused(url, why)
        seconds = _retry_after(answer.response.headers.get("retry-after", ""), self._now())
        if seconds is not None and seconds > _LONGEST_WAIT:
            until = self._now() + timedelta(seconds=seconds)
            raise FetchError(
                "Download put off",
                item=url,
                why=f"{why}, and the server asks to wait {seconds:.0f} seconds",
                todo=f"Try again after {until:%Y-%m-%d %H:%M} UTC",
            )
        return seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A download: where redirects led, what came, and the validators it came with ("" for none).

    ``from_cache``: the server says that it has not changed.
    """

    url: str
    body: bytes
    content_type: str
    etag: str
    last_modified: str
    status: int = HTTPStatus.OK
    from_cache: bool = False

    @property
    def validators(self) -> dict[str, str]:
        """The headers of a conditional request (RFC 9110, section 13.1)."""
        headers = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in headers.items() if value}


@dataclass(frozen=True, slots=True)
class _Answer:
    """What came back for one request, of whatever status."""

    response: httpx2.Response
    body: bytes

    @property
    def status(self) -> int:
        return self.response.status_code

    def describe(self) -> str:
        """Return the status, and the title of the page or feed that explains it."""
        phrase = f"HTTP {self.status} {httpx2.codes.get_reason_phrase(self.status)}".strip()
        if found := _TITLE.search(self.body):
            title = html.unescape(found[1].decode("utf-8", "replace"))
            shown = "".join(c if c.isprintable() else " " for c in title)
            return f"{phrase}: {' '.join(shown.split())}"
        return phrase


def _file_name(url: str) -> str:
    return f"{hashlib.sha256(url.encode()).hexdigest()[:32]}.download"


def _kept_response(content: bytes) -> Response:
    """Return an answer from the cache: a line of JSON, then the body. Raises any error."""
    head, _, body = content.partition(b"\n")
    fields = json.loads(head)
    for name in _KEPT:
        if not isinstance(fields[name], str):
            raise TypeError(f"{name} is no text")
    if any(_validator(fields[name]) != fields[name] for name in ("etag", "last_modified")):
        raise ValueError("a validator cannot be sent")
    return Response(body=body, from_cache=True, **fields)


def _validator(value: str) -> str:
    """Return a header's value where it can be sent back: as ASCII (RFC 9110 allows ETags more)."""
    return value if value.isascii() and value.isprintable() else ""


def _response(answer: _Answer, path: Path | None) -> Response:
    """Return an answer, kept in a file if it is whole and can be asked for again."""
    headers = answer.response.headers
    response = Response(
        url=str(answer.response.url),
        body=answer.body,
        content_type=headers.get("content-type", ""),
        etag=_validator(headers.get("etag", "")),
        last_modified=_validator(headers.get("last-modified", "")),
        status=answer.status,
    )
    if path and response.validators and answer.status == HTTPStatus.OK:
        head = json.dumps({field: getattr(response, field) for field in _KEPT})
        cache.save(path, head.encode() + b"\n" + response.body)
    return response


def _read(response: httpx2.Response, max_bytes: int) -> bytes:
    """Return the body, unpacked within the bound."""
    packing = packing_of(response)
    if packing not in (*UNPACKED, *GZIP):
        raise _refused(str(response.url), f"it is packed as {packing!r}, which was not asked for")
    announced = response.headers.get("content-length", "")
    if announced.isdecimal() and int(announced[:20]) > max_bytes:
        raise _too_large(response, max_bytes)
    body = b"".join(unpacked(response.iter_raw(), packing, max_bytes))
    if len(body) > max_bytes:
        raise _too_large(response, max_bytes)
    return body


def _retry_after(header: str, now: datetime) -> float | None:
    """Return the seconds that a Retry-After asks for, if it does (RFC 9110, section 10.2.3)."""
    header = header.strip()
    if re.fullmatch(r"[0-9]{1,9}", header):
        return float(header)
    try:
        moment = parsedate_to_datetime(header)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max((moment - now).total_seconds(), 0.0)


def _too_large(response: httpx2.Response, max_bytes: int) -> TooLargeError:
    return TooLargeError(
        "Download given up",
        item=str(response.url),
        why=f"it is larger than {max_bytes} bytes",
        todo="Check the address",
    )


def _led_away(url: str, why: str) -> FetchError:
    return FetchError(
        "Redirect refused",
        item=url,
        why=why,
        todo="If that server is meant, give its address, under sources in daybook.yml or to --feed",
    )


def _refused(url: str, why: str, kind: type[FetchError] = FetchError) -> FetchError:
    return kind("Download refused", item=url, why=why, todo="Check the address")
