"""Fixtures of the tests in a browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.firefox import Firefox


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A window of its own, for what cannot be taken back or must not touch the others."""
    context = browser.new_context()
    yield context
    context.close()


@pytest.fixture
def scriptless(browser: Browser) -> Iterator[Page]:
    """A page of a browser without JavaScript."""
    context = browser.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def firefox() -> Iterator[Firefox]:
    """Real Firefox without a screen. Where it is missing the test is skipped."""
    with Firefox.started() as started:
        yield started
