"""Fixtures that several test files use."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.chromium import CHROMIUM, Window, launch
from tests.edge_archive import build_empty_site
from tests.golden import build_golden
from tests.loopback import Loopback
from tests.projects import Once, serving

# A machine that is busy takes its time; who fails waits so long.
expect.set_options(timeout=30_000)
settings.register_profile(
    "busy",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("busy")


def pytest_xdist_auto_num_workers() -> int:
    """Return two processes more than cores: browsers and servers are mostly waited for."""
    return len(os.sched_getaffinity(0)) + 2


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


# What is built once. Nobody may change it.


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    """Have something made in a folder, by whichever of the run's processes needs it first.

    Called with a name and with what makes it below the folder that it is given, and returns the
    path of what was made.
    """
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent

    def path_of(name: str, make: Callable[[Path], Path]) -> Path:
        folder, done = shared / name, shared / f"{name}.done"
        with (shared / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not done.exists():
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                done.write_text(str(make(folder)))
        return Path(done.read_text())

    return path_of


@pytest.fixture(scope="session")
def golden(once: Once) -> Path:
    """The project of the golden archive, with its site."""
    return once("golden", build_golden)


@pytest.fixture
def own_golden(golden: Path, tmp_path: Path) -> Path:
    """A copy of that project, to be changed."""
    return shutil.copytree(golden, tmp_path / "project", symlinks=True)


@pytest.fixture(scope="session")
def golden_site(golden: Path) -> Path:
    """The golden archive's site."""
    return golden / "site"


@pytest.fixture(scope="session")
def served(golden_site: Path) -> Iterator[str]:
    """The golden archive's site on loopback; the value is its address with a slash."""
    with serving(golden_site) as address:
        yield address


@pytest.fixture(scope="session")
def empty_site(once: Once) -> Path:
    """The site of an archive before its first update."""
    return once("empty", build_empty_site)


@pytest.fixture(scope="session")
def empty(empty_site: Path) -> Iterator[str]:
    """That site on loopback; the value is its address with a slash."""
    with serving(empty_site) as address:
        yield address
