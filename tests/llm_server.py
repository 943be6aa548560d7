"""A real server on loopback that speaks OpenAI's API, and arXiv's for HTML and PDF.

    with ModelServer() as server:
        server.on("2601.00001", error(503, "busy"), GOOD)   # by id or title, in turn, then good
        server.rejects = {"response_format"}                # a server that knows less
        ... ask server.url + "/v1" ...
    assert server.paid == {"2601.00001": 1}

A paper is recognised by the markers given to ``on`` in the user's messages, else by the first arXiv
id in them. ``next`` scripts calls whatever their paper. ``python -m tests.llm_server`` runs alone.
"""

from __future__ import annotations

import argparse
import json
import re
import select
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from tests.llm_replies import GOOD, Reply, completion, error, good_answer, refused
from tests.llm_storage import Call, Storage

_ID = re.compile(r"\b(\d{4}\.\d{4,5}|[a-z]+(?:-[a-z]+)?/\d{7})")


class ModelServer(Storage):
    """The server; a context manager. ``url`` has no slash at its end.

    ``rejects`` are parameters refused with 400: ``response_format``, ``json_schema`` and
    ``json_object`` (its kinds), ``max_completion_tokens``, ``max_tokens``, ``temperature``;
    ``rejection`` makes the refusal. ``answer`` writes good answers. ``override`` replies to any
    request first: ``(status, body)`` or ``None``.
    """

    def __init__(self, port: int = 0) -> None:
        super().__init__()
        self.calls: list[Call] = []
        self.paid: Counter[str] = Counter()
        self.most_at_once = 0
        self.rejects: set[str] = set()
        self.rejection: Callable[[str], Reply] = refused
        self.answer: Callable[[str, Mapping[str, Any]], str] = good_answer
        self.override: Callable[[Call], tuple[int, Any] | None] = lambda call: None
        self.arxiv: dict[str, tuple[int, str, bytes]] = {}
        self._scripts: dict[str, list[Reply]] = {}
        self._forever: dict[str, Reply] = {}
        self._queue: list[Reply] = []
        self._now = 0
        self._stopping = threading.Event()
        self._server = _Server(("127.0.0.1", port), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    # Scripting and looking

    def on(self, marker: str, *replies: Reply) -> None:
        """Reply so to the next calls for a paper: an arXiv id without version, or a title."""
        self._scripts[marker] = list(replies)

    def always(self, marker: str, reply: Reply) -> None:
        """Reply so to every call for a paper; ``""`` is every paper."""
        self._forever[marker] = reply

    def next(self, *replies: Reply) -> None:
        """Reply so to the next calls, whatever they are about."""
        self._queue += replies

    def page(self, path: str, body: bytes, kind: str = "text/html", status: int = 200) -> None:
        """What arXiv has under ``/html/...`` or ``/pdf/...``."""
        self.arxiv[path] = (status, kind, body)

    def chats(self, paper: str | None = None) -> list[Call]:
        """The requests for chat completions, of one paper or of all."""
        with self._lock:
            chats = [call for call in self.calls if call.path.endswith("/chat/completions")]
        return [call for call in chats if paper in (None, call.paper)]

    # Replies

    def _paper(self, messages: Iterable[Any]) -> str:
        text = "\n".join(str(m.get("content")) for m in messages if m.get("role") == "user")
        for marker in (*self._scripts, *self._forever):
            if marker and marker in text:
                return marker
        found = _ID.search(text)
        return found[1] if found else "?"

    def _reply(self, paper: str, body: Mapping[str, Any]) -> Reply:
        with self._lock:
            if missing := self._missing_file(body):
                return missing
            for name in sorted(self.rejects):
                form = body.get("response_format", {}).get("type")
                if name in body or name == form:
                    return self.rejection(name)
            if self._queue:
                return self._queue.pop(0)
            if self._scripts.get(paper):
                return self._scripts[paper].pop(0)
            return self._forever.get(paper) or self._forever.get("") or GOOD

    def _missing_file(self, body: Mapping[str, Any]) -> Reply | None:
        for message in body["messages"]:
            name = str(message["content"])
            if message["role"] == "system" and name.startswith("fileid://"):
                file = self.files.get(name.removeprefix("fileid://"))
                if file is None:
                    return error(400, "Invalid file: not found")
                if file.looks <= self.processing_looks:
                    return error(400, "File parsing in progress, please try again later.")
        return None

    def _completion(self, reply: Reply, paper: str, body: Mapping[str, Any]) -> bytes:
        if reply.body is not None:
            return reply.body
        prompt = sum(len(str(m["content"])) for m in body["messages"]) // 4
        good = self.answer(paper, body)
        return json.dumps(completion(reply, body["model"], good, prompt)).encode()

    def _batch_answer(self, body: Mapping[str, Any]) -> tuple[int, Any]:
        paper = self._paper(body["messages"])
        reply = self._reply(paper, body)
        if reply.status == 200:
            self.paid[paper] += 1
        return reply.status, json.loads(self._completion(reply, paper, body))

    # HTTP

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def _do(self) -> None:
                server._handle(self)

            do_GET = do_POST = do_DELETE = _do

            def log_message(self, format: str, *args: object) -> None:
                pass

        return Handler

    def _handle(self, handler: BaseHTTPRequestHandler) -> None:
        raw = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in handler.headers.items()}
        is_json = headers.get("content-type", "").startswith("application/json")
        body = json.loads(raw) if is_json and raw else raw
        chat = handler.path.endswith("/chat/completions")
        call = Call(
            method=handler.command,
            path=handler.path,
            headers=headers,
            body=body,
            time=time.monotonic(),
            paper=self._paper(body["messages"]) if chat else "",
        )
        with self._lock:
            self.calls.append(call)
            instead = self.override(call)
        try:
            if instead is None and call.path in self.arxiv:
                status, kind, page = self.arxiv[call.path]
                _head(handler, status, {"Content-Type": kind}, len(page))
                handler.wfile.write(page)
            elif chat and instead is None:
                self._chat(handler, call)
            else:
                with self._lock:
                    status, value = instead or self.route(call)
                data = value if isinstance(value, bytes) else json.dumps(value).encode()
                _head(handler, status, {"Content-Type": "application/json"}, len(data))
                handler.wfile.write(data)
        except (BrokenPipeError, ConnectionResetError):
            handler.close_connection = True  # the client gave up: what many a test is about

    def _chat(self, handler: BaseHTTPRequestHandler, call: Call) -> None:
        with self._lock:
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
        try:
            reply = self._reply(call.paper, call.body)
            data = self._completion(reply, call.paper, call.body)
            self._stopping.wait(reply.delay)
            if reply.hang:
                self._stopping.wait()
                handler.close_connection = True
                return
            if reply.cut is not None:
                handler.close_connection = True
                if reply.cut < 0:
                    return
            self._send(handler, call, reply, data)
        finally:
            with self._lock:
                self._now -= 1

    def _send(self, handler: BaseHTTPRequestHandler, call: Call, reply: Reply, data: bytes) -> None:
        headers = {"Content-Type": reply.content_type, **reply.headers}
        parts = [bytes([byte]) for byte in data] if reply.drip else [data[: reply.cut]]
        paid = reply.status == 200 and reply.body is None and reply.cut is None
        _head(handler, reply.status, headers, len(data))
        for part in parts[:-1]:
            handler.wfile.write(part)
            self._stopping.wait(reply.drip)
        if paid and _gone(handler):
            raise ConnectionResetError
        if paid:
            # Before the last write: whoever has the answer must find it counted.
            with self._lock:
                self.paid[call.paper] += 1
        try:
            handler.wfile.write(parts[-1])
        except OSError:
            with self._lock:
                self.paid[call.paper] -= paid
            raise


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128


def _head(
    handler: BaseHTTPRequestHandler, status: int, headers: Mapping[str, str], length: int
) -> None:
    handler.send_response(status)
    for name, value in {**headers, "Content-Length": str(length)}.items():
        handler.send_header(name, value)
    handler.end_headers()


def _gone(handler: BaseHTTPRequestHandler) -> bool:
    """Whether the client has closed the connection."""
    readable, _, _ = select.select([handler.connection], [], [], 0)
    return bool(readable) and handler.connection.recv(1, socket.MSG_PEEK) == b""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    with ModelServer(parser.parse_args().port) as server:
        print(server.url, flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
