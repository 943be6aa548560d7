"""Two commands at once: nothing that one of them has stored is lost to the other."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import date
from pathlib import Path

from generator.store.store import Store
from tests.builders import make_day, make_paper, make_summary
from tests.projects import make_project
from tests.readme_writer import Sample, write_readme

DAY = date(2026, 2, 5)
_TICKS_TO_START = 20  # of a hundredth of a second of the processor's time


def _start(project: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "generator", "-q", *arguments],
        cwd=project,
        stderr=subprocess.PIPE,
        text=True,
    )


def _await_sleep(command: subprocess.Popen[str]) -> None:
    """Wait until a command has begun and sleeps for long: it waits for the lock."""
    asleep = 0
    while asleep < 20:
        time.sleep(0.02)
        state, *numbers = Path(f"/proc/{command.pid}/stat").read_text().rsplit(") ", 1)[1].split()
        assert state != "Z", "the command has ended"
        ticks = int(numbers[10]) + int(numbers[11])
        asleep = asleep + 1 if state == "S" and ticks > _TICKS_TO_START else 0


def test_an_import_keeps_what_an_update_stores_meanwhile(tmp_path: Path) -> None:
    project, history = make_project(tmp_path / "project"), tmp_path / "history"
    history.mkdir()
    known = Sample(id="2602.00001", published=str(DAY))
    (history / "day.md").write_text(write_readme([known], updated=f"{DAY} 06:40:51 UTC"))
    store = Store(project / "data")
    papers = [make_paper(n, summaries=(make_summary(),)) for n in range(1, 26)]
    with store.exclusive():
        importing = _start(project, "import", str(history))
        _await_sleep(importing)
        store.write(papers, [make_day(*papers)])
    assert importing.communicate(timeout=60) == (None, "")
    day = store.day(DAY)
    assert day is not None
    assert {row.id.id for row in day.rows} == {paper.id for paper in papers}
    paid = [paper.id for paper in store.papers() if paper.summaries]
    assert paid == [paper.id for paper in papers]
    assert store.check() == []
