"""Fixtures that several test files use."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.chromium import CHROMIUM, Window, launch
from tests.golden import golden_project
from tests.loopback import Loopback
from tests.projects import serving

# A machine that is busy takes its time; who fails waits so long.
expect.set_options(timeout=30_000)
settings.register_profile(
    "busy",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("busy")


@pytest.fixture
def arxiv() -> Iterator[Loopback]:
    """A server in arXiv's place: script it, then give ``arxiv.url`` as base address."""
    with Loopback() as server:
        yield server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Real headless Chromium. Where it is missing the test is skipped, but never in CI."""
    if not CHROMIUM.exists():
        if os.environ.get("CI"):
            pytest.fail(f"no browser at {CHROMIUM}: .ci/run installs it")
        pytest.skip(f"no browser at {CHROMIUM} (Debian's package chromium)")
    with sync_playwright() as playwright:
        started = launch(playwright)
        yield started
        started.close()


@pytest.fixture(scope="session")
def _desk(browser: Browser) -> Window:
    return Window(browser)


@pytest.fixture
def window(_desk: Window) -> Iterator[Callable[..., Page]]:
    """The page that tests share: call it with what ``Window.show`` takes."""
    yield _desk.show
    _desk.clear()


@pytest.fixture(scope="session")
def _phone(browser: Browser) -> Window:
    return Window(browser, has_touch=True, is_mobile=True)


@pytest.fixture
def phone(_phone: Window) -> Iterator[Page]:
    """The page that tests share for what is done by finger, as wide as a phone."""
    yield _phone.show(width=390, height=844)
    _phone.clear()


@pytest.fixture(scope="session")
def golden_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The golden archive's site, built once."""
    folder = tmp_path_factory.mktemp("golden")
    return golden_project(folder) / "site"


@pytest.fixture(scope="session")
def served(golden_site: Path) -> Iterator[str]:
    """The golden archive's site on loopback; the value is its address with a slash."""
    with serving(golden_site) as address:
        yield address
