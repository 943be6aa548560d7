"""A real HTTP server on loopback that answers as scripted, and remembers who asked what and when.

    with Loopback() as server:
        server.on("/rss/cs.AI", Answer(503), Answer(200, feed_bytes))
        ... requests to server.url + "/rss/cs.AI" ...
    assert [request.path for request in server.requests] == ["/rss/cs.AI", "/rss/cs.AI"]

The answers of a path are sent in turn, the last one again and again. An answer that nobody fetched
fails the test: a script that promises more than happens is a wrong test. Unknown paths get 404,
unless ``on_prefix`` names somebody who answers them.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self


@dataclass(frozen=True, kw_only=True)
class Received:
    """A request as it arrived; ``headers`` have lower-case names, ``time`` is monotonic."""

    path: str
    headers: Mapping[str, str]
    time: float


@dataclass(frozen=True)
class Answer:
    """One scripted answer, by default a well-behaved one.

    ``delay`` seconds pass before it; ``drip`` seconds pass after each byte of the body, or of the
    headers with ``drip_headers``; ``cut`` sends only so many bytes of the body that Content-Length
    promises; ``silent`` never answers and keeps the connection open.
    """

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    drip: float = 0.0
    drip_headers: bool = False
    cut: int | None = None
    silent: bool = False


class Loopback:
    """The server; a context manager. ``url`` has no slash at its end."""

    def __init__(self) -> None:
        self.requests: list[Received] = []
        self._scripts: dict[str, list[Answer]] = {}
        self._sent: dict[str, int] = {}
        self._prefixes: dict[str, Callable[[str], Answer]] = {}
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def on(self, path: str, *answers: Answer) -> None:
        """Script a path (with its query), anew if it was scripted before."""
        self._scripts[path] = list(answers)
        self._sent[path] = 0

    def on_prefix(self, prefix: str, answer: Callable[[str], Answer]) -> None:
        """Have ``answer`` called for every path that begins so and is not scripted."""
        self._prefixes[prefix] = answer

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        unused = [
            path for path, answers in self._scripts.items() if self._sent[path] < len(answers)
        ]
        if error is None and unused:
            raise AssertionError(f"scripted answers were never fetched: {unused}")

    def _next(self, received: Received) -> Answer:
        with self._lock:
            self.requests.append(received)
            answers = self._scripts.get(received.path)
            if not answers:
                for prefix, answer in self._prefixes.items():
                    if received.path.startswith(prefix):
                        return answer(received.path)
                return Answer(404, b"<title>Not here</title>")
            index = self._sent[received.path]
            self._sent[received.path] += 1
            return answers[min(index, len(answers) - 1)]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        loopback = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                headers = {name.lower(): value for name, value in self.headers.items()}
                received = Received(path=self.path, headers=headers, time=time.monotonic())
                loopback._send(loopback._next(received), self)

            def log_message(self, format: str, *args: object) -> None:
                pass

        return Handler

    def _send(self, answer: Answer, handler: BaseHTTPRequestHandler) -> None:
        self._stopping.wait(answer.delay)
        if answer.silent:
            self._stopping.wait()
            return
        lines = [f"HTTP/1.1 {answer.status} Scripted", f"Content-Length: {len(answer.body)}"]
        lines += [f"{name}: {value}" for name, value in answer.headers.items()]
        head = "\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1")
        try:
            self._write(head, answer.drip if answer.drip_headers else 0.0, handler)
            self._write(answer.body[: answer.cut], answer.drip, handler)
        except (BrokenPipeError, ConnectionResetError):
            pass  # the client has given up: what many a test is about

    def _write(self, data: bytes, drip: float, handler: BaseHTTPRequestHandler) -> None:
        if not drip:
            handler.wfile.write(data)
            return
        for byte in data:
            if self._stopping.wait(drip):
                return
            handler.wfile.write(bytes([byte]))
