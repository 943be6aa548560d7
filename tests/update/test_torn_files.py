"""An archive whose newest files a power cut has emptied, and the update that comes next."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from generator.cli.commands import main
from generator.store.store import Store
from tests.api_answers import Result, serve_query
from tests.loopback import Answer, Loopback
from tests.projects import contents, make_project, timeless
from tests.rss import Item, feed
from tests.update.test_backfill import FOR_TUESDAY, MONDAY, TUESDAY, WEDNESDAY, set_clock


@pytest.fixture
def project(tmp_path: Path, arxiv: Loopback, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An archive of Monday and Tuesday, with all that Tuesday's update wrote empty."""
    folder = make_project(tmp_path / "project", feeds=arxiv.url)
    monkeypatch.chdir(folder)
    set_clock(monkeypatch, datetime(2026, 3, 4, 12, tzinfo=UTC))
    serve(arxiv, MONDAY)
    assert update(MONDAY) == 0
    before = contents(folder / "data")
    serve(arxiv, TUESDAY)
    assert update(TUESDAY) == 0
    written = contents(folder / "data")
    for name in written.keys() - before.keys():
        (folder / "data" / name).write_bytes(b"")
    return folder


def items(day: date) -> list[Item]:
    return [Item(id=f"2603.{day.day:02}00{n}", authors="Ada Sample") for n in range(3)]


def serve(arxiv: Loopback, day: date) -> None:
    for category in ("cs.LG", "cs.AI"):
        arxiv.on(f"/rss/{category}", Answer(200, feed(category, day, *items(day))))


def serve_api(arxiv: Loopback, day: date) -> None:
    published = FOR_TUESDAY + (day - TUESDAY)
    results = [Result(id=item.id, published=published) for item in items(day)]
    arxiv.on_prefix("/api/query", lambda path: Answer(200, serve_query(path, results)))


def update(day: date) -> int:
    return main(["-q", "update", "--date", day.isoformat()])


def listed(project: Path, day: date) -> list[str]:
    found = Store(project / "data").day(day)
    return [row.id.id for row in found.rows] if found else []


def live(project: Path) -> dict[str, bytes]:
    files = timeless(contents(project / "data"))
    return {name: data for name, data in files.items() if not name.startswith(".damaged/")}


def test_the_same_update_makes_everything_anew(project, arxiv, capsys, caplog) -> None:
    assert main(["-q", "check"]) == 1
    assert "generator update" in capsys.readouterr().out
    assert update(TUESDAY) == 0
    assert "empty or torn" in caplog.text
    assert main(["-q", "check"]) == 0
    assert listed(project, TUESDAY) == [item.id for item in items(TUESDAY)]


def test_the_next_days_update_repairs_the_day(project, arxiv, caplog) -> None:
    serve(arxiv, WEDNESDAY)
    serve_api(arxiv, TUESDAY)
    assert update(WEDNESDAY) == 0
    assert "2026-03-03.json is empty or torn" in caplog.text
    assert sorted(listed(project, TUESDAY)) == [item.id for item in items(TUESDAY)]
    assert Store(project / "data").check() == []
    whole = live(project)
    assert update(WEDNESDAY) == 0
    assert live(project) == whole


def test_papers_whose_day_is_whole_are_described_again(project, arxiv) -> None:
    """Of a day that lists them with their reasons, only the papers themselves are asked for."""
    assert update(TUESDAY) == 0
    whole = live(project)
    for name in whole:
        if name.startswith("papers/2603/2603.03"):
            (project / "data" / name).write_bytes(b"")
    serve(arxiv, WEDNESDAY)
    serve_api(arxiv, TUESDAY)
    assert update(WEDNESDAY) == 0
    assert Store(project / "data").check() == []
    assert whole["days/2026/2026-03-03.json"] == live(project)["days/2026/2026-03-03.json"]


def test_what_cannot_be_repaired_is_said(project, arxiv, capsys) -> None:
    """A day of long ago is met where all days are looked through, for a paper that is torn."""
    late = TUESDAY + timedelta(days=14)
    (project / "data" / "papers" / "2603" / "2603.02000.json").write_bytes(b"")
    again = Item(id="2603.02000", version=2, type="replace")
    for category in ("cs.LG", "cs.AI"):
        arxiv.on(f"/rss/{category}", Answer(200, feed(category, late, again, *items(late))))
    arxiv.on_prefix("/api/query", lambda path: Answer(200, serve_query(path, [])))
    assert update(late) == 5
    assert "days/2026/2026-03-03.json was damaged" in capsys.readouterr().err
