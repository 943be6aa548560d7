"""An exchange over HTTP that ends in time, however lively its connection is."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import Any, Self

import httpx2

from generator.core.errors import FetchError


class Deadline:
    """Ends an exchange that takes too long, however lively its connection is.

    httpx2's timeouts bound a single wait, so a byte every few seconds would go on for days. When
    time is up, the socket, which httpcore2's trace extension tells, is shut down under it.
    """

    def __init__(self, url: str, seconds: float) -> None:
        self._url = url
        self._seconds = seconds
        self._passed = False
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._pass)
        self._timer.daemon = True

    def trace(self, event: str, info: dict[str, Any]) -> None:
        """Note the connection's socket (https://www.encode.io/httpcore/extensions/#trace)."""
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            self._socket = info["return_value"].get_extra_info("socket")

    def _pass(self) -> None:
        self._passed = True
        if self._socket is not None:
            with suppress(OSError):  # closed in the same moment
                self._socket.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self._timer.cancel()
        if self._passed and (error is None or isinstance(error, httpx2.TransportError)):
            raise FetchError(
                "Download given up",
                item=self._url,
                why=f"it took longer than {self._seconds:g} seconds",
                todo="Try again later",
            ) from error
