"""A server on loopback that compresses as GitHub Pages does, and knows every byte that it sent."""

from __future__ import annotations

import gzip
import mimetypes
import posixpath
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from urllib.parse import unquote, urlsplit

_TYPES = {".js": "text/javascript", ".json": "application/json", ".wasm": "application/wasm"}
# Pagefind's own files are compressed by Pagefind, whatever they are called.
_COMPRESSED = (".html", ".css", ".js", ".json", ".xml", ".svg", ".txt")


@dataclass(frozen=True)
class Sent:
    """One answer: when it went out, for which path, how many bytes with its head."""

    time: float
    path: str
    bytes: int


@dataclass
class Site:
    """A built site, served while the ``with`` block runs; ``log`` has what was sent, in order.

    A file is compressed when it is first asked for: visit a page once before you measure.
    """

    root: Path
    log: list[Sent] = field(default_factory=list)

    def __enter__(self) -> Site:
        self._bodies: dict[Path, tuple[bytes, str]] = {}
        self._server = _Server(("127.0.0.1", 0), partial(_Handler, self))
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}/"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def body(self, file: Path) -> tuple[bytes, str]:
        """What goes over the wire for a file, and its content encoding ("" for none)."""
        if file not in self._bodies:
            data = file.read_bytes()
            packed = gzip.compress(data, 6, mtime=0) if file.suffix in _COMPRESSED else data
            self._bodies[file] = (packed, "gzip") if len(packed) < len(data) else (data, "")
        return self._bodies[file]

    def bytes_since(self, position: int, part: str = "") -> int:
        """What was sent since the log had ``position`` entries, for paths that hold ``part``."""
        return sum(sent.bytes for sent in self.log[position:] if part in sent.path)

    def wait_until_quiet(self, seconds: float = 0.5) -> None:
        """Wait until nothing has been sent for so long."""
        begun = time.monotonic()
        while time.monotonic() - max([begun, *(s.time for s in self.log[-1:])]) < seconds:
            time.sleep(0.02)


class _Server(ThreadingHTTPServer):
    daemon_threads = True  # a browser keeps its connections open


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def __init__(self, site: Site, *args: object) -> None:
        self._site = site
        super().__init__(*args)  # type: ignore[arg-type]

    def handle(self) -> None:
        with suppress(BrokenPipeError, ConnectionResetError):
            super().handle()

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        file = self._site.root / posixpath.normpath(path).lstrip("/")
        if file.is_dir():
            file /= "index.html"
        found = file.is_file()
        body, encoding = self._site.body(file) if found else (b"", "")
        kind = _TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0]
        lines = [
            f"HTTP/1.1 {'200 OK' if found else '404 Not Found'}",
            f"Content-Type: {kind or 'application/octet-stream'}",
            f"Content-Length: {len(body)}",
            "Cache-Control: max-age=600",
            *([f"Content-Encoding: {encoding}"] if encoding else []),
        ]
        answer = "\r\n".join([*lines, "", ""]).encode() + body
        self._site.log.append(Sent(time.monotonic(), path, len(answer)))
        self.wfile.write(answer)

    def log_message(self, *args: object) -> None:
        pass
