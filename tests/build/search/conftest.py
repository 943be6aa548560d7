"""The invented archive to search in, served, and a page on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from tests.chromium import watching
from tests.projects import Once, serving
from tests.search_archive import build_archive


@pytest.fixture(scope="session")
def site(once: Once) -> Iterator[str]:
    """The invented archive, served; the value is its address with a slash."""
    with serving(once("search", build_archive)) as address:
        yield address


@pytest.fixture
def page(window: Callable[..., Page], site: str) -> Iterator[Page]:
    """A page on which nothing may go wrong: no error, no dialog, no request to another host."""
    page = window()
    with watching(page, site) as wrong:
        yield page
    assert wrong == []
