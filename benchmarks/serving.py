"""A server on loopback that compresses as GitHub Pages does, and knows every byte that it sent."""

from __future__ import annotations

import gzip
import threading
import time
from dataclasses import dataclass, field
from functools import cache, partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from urllib.parse import unquote, urlsplit

from generator.build.site.serve import SiteHandler


@dataclass(frozen=True)
class Sent:
    """The head or the body of an answer: when it went out, for which path, how many bytes."""

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


class _Handler(SiteHandler):
    disable_nagle_algorithm = True
    cache_control = "max-age=600"
    compressed = staticmethod(cache(partial(gzip.compress, compresslevel=6, mtime=0)))  # type: ignore[assignment]

    def __init__(self, site: Site, *args: object) -> None:
        self._log = site.log
        super().__init__(site.root, *args)

    def setup(self) -> None:
        super().setup()
        self._write, self.wfile.write = self.wfile.write, self._logged  # type: ignore[method-assign]

    def _logged(self, data: bytes) -> int:
        path = unquote(urlsplit(self.path).path)
        self._log.append(Sent(time.monotonic(), path, len(data)))
        return self._write(data)
