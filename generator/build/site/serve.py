"""A small static server to read a built site on one's own machine: gzip, types, the 404 page."""

from __future__ import annotations

import gzip
import mimetypes
import posixpath
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from generator.build.site.policy import policy_header
from generator.core.errors import BuildError, ConfigError

# Types that the tables of some systems lack, or get wrong.
_TYPES = {
    **{".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8"},
    **{".js": "text/javascript; charset=utf-8", ".json": "application/json"},
    **{".xml": "application/xml; charset=utf-8", ".opml": "text/x-opml; charset=utf-8"},
    **{".txt": "text/plain; charset=utf-8", ".csv": "text/csv; charset=utf-8"},
    **{".bib": "application/x-bibtex; charset=utf-8"},
    **{".ris": "application/x-research-info-systems; charset=utf-8"},
    **{".svg": "image/svg+xml", ".woff2": "font/woff2"},
}
# A browser shows their source with a style of its own, which a policy would forbid.
_DRAWN = (".xml", ".opml")
_COMPRESSED = frozenset(_TYPES) - {".woff2"}


def make_server(site: Path, host: str, port: int) -> ThreadingHTTPServer:
    """Return a server for the built site, not yet running. Port 0 takes a free one.

    Raises BuildError where there is no site, ConfigError where the address cannot be had.
    """
    if not (site / "index.html").is_file():
        raise BuildError(
            "There is no site to serve",
            item=str(site),
            why="it has no index.html",
            todo="Run: generator build",
        )
    try:
        return ThreadingHTTPServer((host, port), partial(SiteHandler, site.resolve()))
    except OSError as error:
        raise ConfigError(
            "Cannot serve",
            item=f"{host}:{port}",
            why=error.strerror or str(error),
            todo="Choose another port with --port",
        ) from error


class SiteHandler(BaseHTTPRequestHandler):
    """Answers with the files of a site; a browser asks each time whether they are new."""

    protocol_version = "HTTP/1.1"
    cache_control = "no-cache"

    def __init__(self, site: Path, *args: object) -> None:
        self._site = site
        super().__init__(*args)  # type: ignore[arg-type]

    def handle(self) -> None:
        """Answer requests until the browser is done, or goes away in the middle of an answer."""
        with suppress(BrokenPipeError, ConnectionResetError):
            super().handle()

    def do_GET(self) -> None:
        """Answer with the file, a redirect to the folder's slash, or the site's 404 page."""
        address = urlsplit(self.path).path
        path = unquote(address)
        file = self._site / posixpath.normpath(path).lstrip("/")
        if file.is_dir() and not path.endswith("/"):
            self._answer(HTTPStatus.MOVED_PERMANENTLY, b"", ".html", Location=f"{address}/")
            return
        if file.is_dir():
            file /= "index.html"
        # A link inside the site may not lead out of it.
        if file.is_file() and file.resolve().is_relative_to(self._site):
            self._answer(HTTPStatus.OK, file.read_bytes(), file.suffix)
        else:
            self._answer(HTTPStatus.NOT_FOUND, (self._site / "404.html").read_bytes(), ".html")

    do_HEAD = do_GET

    def _answer(self, status: HTTPStatus, body: bytes, suffix: str, **more: str) -> None:
        """Send a file's content; ``more`` are headers."""
        headers = {
            "Content-Type": _TYPES.get(suffix)
            or mimetypes.types_map.get(suffix, "application/octet-stream"),
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",
            "Cache-Control": self.cache_control,
            "Vary": "Accept-Encoding",
            **more,
        }
        if suffix not in _DRAWN:
            headers["Content-Security-Policy"] = policy_header(body)
        if suffix in _COMPRESSED and "gzip" in self.headers.get("Accept-Encoding", ""):
            body = self.compressed(body)
            headers["Content-Encoding"] = "gzip"
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def compressed(self, body: bytes) -> bytes:
        """Return what goes over the wire in the place of a text."""
        return gzip.compress(body, 6, mtime=0)

    def log_message(self, *args: object) -> None:
        """Say nothing: the terminal shows the address only."""
