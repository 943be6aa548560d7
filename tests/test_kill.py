"""kill -9 at every file operation of `import` and `update`: the next run makes the store whole."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from generator.cli import main
from generator.store import Store
from tests.loopback import Answer, Loopback
from tests.projects import contents, make_project
from tests.readme_writer import Sample, write_readme
from tests.rss import Item, feed

# What changes files, as the interpreter announces it just before it happens.
_CHANGES = ("open", "os.rename", "os.mkdir", "os.remove", "os.rmdir")


def _killed_at(run: Callable[[], int], point: int) -> bool:
    """Run in a child that kills itself at its n-th file operation; False if it ended before."""
    child = os.fork()
    if child == 0:
        seen = 0

        def watch(event: str, args: tuple[object, ...]) -> None:
            nonlocal seen
            if event in _CHANGES and (event != "open" or _writes(args)):
                seen += 1
                if seen == point:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(watch)
        os._exit(run())
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == 0
    return False


def _writes(args: tuple[object, ...]) -> bool:
    flags = args[2] if len(args) > 2 else 0
    return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))


def _check_every_point(project: Path, run: Callable[[], int]) -> None:
    """Kill at point after point until a run ends; each time the next run must heal everything."""
    data = project / "data"
    start = contents(data)
    assert run() == 0
    undisturbed = contents(data)
    assert undisturbed != start
    points = 0
    while True:
        _restore(data, start)
        shutil.rmtree(project / ".cache", ignore_errors=True)
        points += 1
        if not _killed_at(run, points):
            break
        store = Store(data)
        # Whatever moment it was, a reader finds all of it or nothing.
        assert contents(data) in (start, undisturbed)
        assert store.check() == []
        assert run() == 0
        assert contents(data) == undisturbed
    assert points > 10


def _restore(data: Path, files: dict[str, bytes]) -> None:
    shutil.rmtree(data, ignore_errors=True)
    for name, content in files.items():
        path = data / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


@pytest.fixture
def project(tmp_path: Path, arxiv: Loopback, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = make_project(tmp_path / "project", feeds=arxiv.url)
    monkeypatch.chdir(folder)
    return folder


def test_killed_updates(project: Path, arxiv: Loopback) -> None:
    monday, tuesday = date(2026, 1, 5), date(2026, 1, 6)
    papers = [Item(id=f"2601.9000{n}") for n in range(4)]
    for category in ("cs.LG", "cs.AI"):
        arxiv.on(f"/rss/{category}", Answer(200, feed(category, monday, *papers[:2])))
    assert main(["-q", "update", "--date", monday.isoformat()]) == 0
    replaced = Item(id="2601.90000", version=2, type="replace")
    for category in ("cs.LG", "cs.AI"):
        arxiv.on(f"/rss/{category}", Answer(200, feed(category, tuesday, replaced, *papers[2:])))
    _check_every_point(project, lambda: main(["-q", "update", "--date", tuesday.isoformat()]))


def test_killed_imports(project: Path, tmp_path: Path) -> None:
    history = tmp_path / "history"
    history.mkdir()
    for day in ("2026-02-04", "2026-02-05", "2026-02-06"):
        papers = [
            Sample(id=f"2602.0000{n}", published=day, summary=f"# Of {n}\n\nIt was {day}.")
            for n in range(3)
        ]
        (history / f"{day}.md").write_text(write_readme(papers, updated=f"{day} 06:40:51 UTC"))
    _check_every_point(project, lambda: main(["-q", "import", str(history)]))
