"""kill -9 at every file operation of `import` and `update`: the next run makes the store whole."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from generator.cli.commands import main
from generator.store.store import Store
from tests.api_answers import Result, serve_query
from tests.killing import killed_at, restore
from tests.loopback import Answer, Loopback
from tests.projects import contents, make_project, timeless
from tests.readme_writer import Sample, write_readme
from tests.rss import Item, feed
from tests.update.test_backfill import FOR_TUESDAY, FOR_WEDNESDAY


def _check_every_point(project: Path, run: Callable[[], int]) -> None:
    """Kill at point after point until a run ends; each time the next run must heal everything."""
    data = project / "data"
    start = contents(data)
    assert run() == 0
    undisturbed = timeless(contents(data))
    assert undisturbed != timeless(start)
    points = 0
    while True:
        restore(data, start)
        shutil.rmtree(project / ".cache", ignore_errors=True)
        points += 1
        if not killed_at(run, points):
            break
        store = Store(data)
        # Whatever moment it was, a reader finds all of it or nothing.
        assert timeless(contents(data)) in (timeless(start), undisturbed)
        assert store.check() == []
        assert run() == 0
        assert timeless(contents(data)) == undisturbed
    assert points > 10


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


def test_killed_backfills(project: Path, arxiv: Loopback) -> None:
    """Whatever moment it was, each day is whole or not there, and the same command goes on."""
    data = project / "data"
    results = [Result(id="2603.90001", published=FOR_TUESDAY)]
    results += [Result(id="2603.90002", published=FOR_WEDNESDAY)]
    arxiv.on_prefix("/api/query", lambda path: Answer(200, serve_query(path, results)))

    def run() -> int:
        return main(["-q", "backfill", "--from", "2026-03-03", "--to", "2026-03-04"])

    assert run() == 0
    undisturbed = contents(data)
    for point in itertools.count(1):
        shutil.rmtree(data)
        if not killed_at(run, point):
            break
        store = Store(data)
        assert store.check() == []
        assert all(undisturbed[path] == content for path, content in contents(data).items())
        assert run() == 0
        assert contents(data) == undisturbed
    assert point > 10


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
