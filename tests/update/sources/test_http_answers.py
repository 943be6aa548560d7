"""Answers that no server should give, over a real connection: one download fails, nothing else."""

from __future__ import annotations

import gzip
import socket
import threading
import zlib
from collections.abc import Iterator
from contextlib import suppress
from typing import Self

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from generator.core.errors import DaybookError
from generator.update.sources.api import parse_api
from generator.update.sources.feed import parse_feed
from generator.update.sources.http import Fetcher
from generator.update.summarize.papers.html import parse_html


class RawServer:
    """Sends ``answer`` to whoever connects, byte for byte, then hangs up; a context manager."""

    def __init__(self) -> None:
        self.answer = b""
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            with connection, suppress(OSError):
                connection.recv(65536)
                connection.sendall(self.answer)
                connection.shutdown(socket.SHUT_WR)


@pytest.fixture(scope="module")
def raw() -> Iterator[RawServer]:
    with RawServer() as server:
        yield server


def _chunked(data: bytes) -> bytes:
    parts = [data[i : i + 7] for i in range(0, len(data), 7)]
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts)


PLAIN = st.binary(max_size=60) | st.sampled_from(
    [b"<rss/>", b"<title>&#27;&#xD800;</title>", b"\0" * 100_000, b"<!DOCTYPE html><p>"]
)
BODIES = PLAIN | st.builds(gzip.compress, PLAIN) | st.builds(zlib.compress, PLAIN)
STATUS = st.sampled_from([b"200", b"304", b"302", b"404", b"429", b"503", b"100", b"101", b"204"])
LINES = st.builds(
    b"%b %b %b".__mod__,
    st.tuples(
        st.sampled_from([b"HTTP/1.1", b"HTTP/1.0", b"HTTP/2", b"ICY"]) | st.binary(max_size=5),
        STATUS | st.binary(max_size=5),
        st.sampled_from([b"OK", b""]) | st.binary(max_size=10),
    ),
)
NAMES = st.sampled_from(
    [
        *(b"ETag", b"Last-Modified", b"Content-Type", b"Content-Encoding", b"Content-Length"),
        *(b"Transfer-Encoding", b"Location", b"Retry-After", b"Set-Cookie", b"Connection"),
        *(b"WWW-Authenticate", b"Refresh", b"X", b""),
    ]
)
VALUES = st.binary(max_size=20) | st.sampled_from(
    [
        *(
            b"gzip",
            b"chunked",
            b"br",
            b"0",
            b"5",
            b"-1",
            b"9" * 30,
            b"http://a..b/",
            b"/",
            b"data:x",
        ),
        *(
            b"http://xn--/",
            b"http://[::1",
            b"text/xml; charset=\xff",
            b'"\xe9"',
            b"close",
            b"Upgrade",
        ),
        *(b"Mon, 05 Jan 99999 00:00:00 GMT", b"Mon, 99 Foo", b"Fri, 31 Dec 9999 23:59:59 -2359"),
        *(b"a=b; Expires=x; Max-Age=9e999; Path=/", b"Digest nonce=", b"Basic"),
    ]
)
HEADERS = st.lists(st.builds(b"%b: %b".__mod__, st.tuples(NAMES, VALUES)), max_size=6)


@st.composite
def answers(draw: st.DrawFn) -> bytes:
    body = draw(BODIES)
    headers = draw(HEADERS)
    form = draw(st.sampled_from(["bare", "length", "chunked", "too long", "gzip"]))
    if form == "chunked":
        headers.append(b"Transfer-Encoding: chunked")
        body = _chunked(body) + draw(
            st.sampled_from([b"0\r\n\r\n", b"", b"zz\r\n", b"ffffffffff\r\n"])
        )
    elif form in ("length", "too long"):
        headers.append(b"Content-Length: %d" % (len(body) + 9 * (form == "too long")))
    elif form == "gzip":
        headers.append(b"Content-Encoding: gzip")
    whole = b"\r\n".join([draw(LINES), *headers, b"", body])
    return whole[: draw(st.integers(0, len(whole)))] if draw(st.booleans()) else whole


def _read(raw: RawServer, folder, answer: bytes) -> None:
    """Fetch what is answered, twice, through a cache, and read it as all that it may be."""
    raw.answer = answer
    for _ in range(2):
        try:
            with Fetcher(
                folder, timeout=1, deadline=5, delay=0, max_bytes=50_000, sleep=lambda _: None
            ) as fetcher:
                response = fetcher.get(f"{raw.url}/rss/cs.AI", accept=(400,))
        except DaybookError as error:
            assert all((error.what, error.item, error.why, error.todo))
            return
        body, kind = response.body, response.content_type
        with suppress(DaybookError):
            parse_feed(body, source="x", content_type=kind)
        with suppress(DaybookError):
            parse_api(body, "x", kind)
        with suppress(DaybookError):
            parse_html(body)


@given(answer=answers() | st.binary(max_size=100))
@example(b'HTTP/1.1 200 OK\r\nETag: "\xe9"\r\nContent-Length: 1\r\n\r\nx')
@example(b"HTTP/1.1 302 Found\r\nLocation: http://a..b/\r\n\r\n")
@example(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(bytes(10_000_000)))
@example(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab")
@example(b"HTTP/1.1 100 Continue\r\n\r\n" * 5000)
@example(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 50_000)
@settings(max_examples=150)
def test_whatever_a_server_answers_only_its_own_download_fails(
    raw: RawServer, tmp_path_factory: pytest.TempPathFactory, answer: bytes
) -> None:
    _read(raw, tmp_path_factory.mktemp("cache"), answer)
