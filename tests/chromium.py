"""The real browser of the tests and benchmarks: Debian's Chromium, without a screen."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, Playwright

CHROMIUM = Path("/usr/bin/chromium")
_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def launch(playwright: Playwright) -> Browser:
    """Start it with an empty profile."""
    return playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(_ARGUMENTS))
