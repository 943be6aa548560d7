"""The real browser of the tests and benchmarks: Debian's Chromium, without a screen."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Dialog,
    Error,
    Page,
    Playwright,
    Request,
    TimeoutError,
)

CHROMIUM = Path("/usr/bin/chromium")
_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# With an icon, for a browser asks for one that is not named.
_BLANK = '<!doctype html><link rel="icon" href="data:,">'


def launch(playwright: Playwright) -> Browser:
    """Start it with an empty profile."""
    return playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(_ARGUMENTS))


class Window:
    """A page that many tests use in turn: to start one takes longer than most of them.

    Each finds it blank, with nothing stored by the sites that were open in it. What cannot be
    taken back (scripts, permissions, being offline) needs a context of its own. Whatever a test
    does, no page may break its Content-Security-Policy meanwhile.
    """

    def __init__(self, browser: Browser, **options: Any) -> None:
        self._page = browser.new_context(**options).new_page()
        self._origins: set[str] = set()
        self._refused: list[str] = []
        self._page.on("framenavigated", lambda frame: self._origins.add(_origin(frame.url)))
        self._page.on("console", self._note)

    def show(
        self,
        *,
        width: int = 1280,
        height: int = 720,
        color_scheme: Any = "light",
        reduced_motion: Any = "no-preference",
        forced_colors: Any = "none",
    ) -> Page:
        """Return the page, in this size (CSS pixels) and with these wishes of its reader."""
        self._page.set_viewport_size({"width": width, "height": height})
        self._page.emulate_media(
            media="screen",
            color_scheme=color_scheme,
            reduced_motion=reduced_motion,
            forced_colors=forced_colors,
        )
        return self._page

    def _note(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            self._refused.append(message.text)

    def clear(self) -> None:
        """Leave the site, and forget what it has stored."""
        refused, self._refused = self._refused, []
        self._page.route("**", lambda route: route.fulfill(body=_BLANK, content_type="text/html"))
        for origin in sorted(self._origins - {""}):
            self._page.goto(origin)
            self._page.evaluate("localStorage.clear(); sessionStorage.clear()")
        self._page.unroute_all()
        self._page.mouse.move(0, 0)
        self._origins.clear()
        assert refused == []


def settle(page: Page) -> None:
    """Wait until a page has all that it asks for, and has been drawn with it."""
    page.wait_for_load_state("networkidle")
    page.evaluate(
        "document.fonts.ready.then(() => new Promise((done) => "
        "requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done)))))"
    )


def _origin(url: str) -> str:
    """Return the origin of a page from a server, "" for any other."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def ready(page: Page, address: str) -> None:
    """Open a page and wait until the scripts behind it have started."""
    page.goto(address)
    page.locator(".colophon__keys").wait_for()


def wait_until(page: Page, expression: str, arg: object = None) -> Any:
    """Wait until an expression, or a function of ``arg``, is true of the page; return its value.

    Playwright's own waiting evaluates text in the page, which the page's policy forbids. Raises
    TimeoutError, as that does.
    """
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            value = page.evaluate(expression, arg)
        except Error as error:
            if "context was destroyed" not in str(error):  # it goes on to another page
                raise
        else:
            if value not in (None, False, 0, ""):  # an empty list is true in JavaScript
                return value
        page.wait_for_timeout(20)
    raise TimeoutError(expression)


def press(page: Page, *keys: str) -> None:
    """Press keys, one after the other."""
    for key in keys:
        page.keyboard.press(key)


def too_wide(page: Page) -> int:
    """Return by how many CSS pixels a page is wider than its window; at most 0 is well."""
    return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))


@contextmanager
def watching(page: Page, *allowed: str, console: bool = False) -> Iterator[list[str]]:
    """Collect what goes wrong on a page meanwhile: errors, dialogs, requests to other addresses.

    ``allowed`` are the beginnings of the addresses that may be asked for. With ``console``, the
    errors there count too: an answer of 404, for one.
    """
    wrong: list[str] = []

    def failed(error: Error) -> None:
        wrong.append(str(error))

    def asked(dialog: Dialog) -> None:
        wrong.append(dialog.message)
        dialog.dismiss()

    def requested(request: Request) -> None:
        if not request.url.startswith(allowed):
            wrong.append(request.url)

    def complained(message: ConsoleMessage) -> None:
        if console and message.type == "error":
            wrong.append(message.text)

    with _listening(page, console=complained, pageerror=failed, dialog=asked, request=requested):
        yield wrong


@contextmanager
def requests(page: Page) -> Iterator[list[str]]:
    """Collect the addresses that a page asks for meanwhile."""
    found: list[str] = []
    with _listening(page, request=lambda request: found.append(request.url)):
        yield found


@contextmanager
def _listening(page: Page, **listeners: Any) -> Iterator[None]:
    for event, listener in listeners.items():
        page.on(event, listener)  # type: ignore[call-overload]
    try:
        yield
    finally:
        for event, listener in listeners.items():
            page.remove_listener(event, listener)
