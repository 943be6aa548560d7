"""Fixtures that several test files use."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.chromium import CHROMIUM, launch
from tests.golden import golden_project
from tests.loopback import Loopback
from tests.projects import serving


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
def golden_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The golden archive's site, built once."""
    folder = tmp_path_factory.mktemp("golden")
    return golden_project(folder) / "site"


@pytest.fixture(scope="session")
def served(golden_site: Path) -> Iterator[str]:
    """The golden archive's site on loopback; the value is its address with a slash."""
    with serving(golden_site) as address:
        yield address
