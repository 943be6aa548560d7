"""The commands whose system calls fail: an update, an import, a build that publishes anew."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from tests.faults.injection import Scenario
from tests.loopback import Answer, Loopback
from tests.projects import make_project, run_generator
from tests.readme_writer import Sample, write_readme
from tests.rss import Item, feed

MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)


def update(folder: Path, arxiv: Loopback) -> Scenario:
    """Return the second day's update of an archive, whose list goes into a README."""
    project = _archive(folder / "update", arxiv)
    _serve(arxiv, TUESDAY)
    return Scenario("update", project, ("update", "--date", TUESDAY.isoformat()), ("data", "lists"))


def import_history(folder: Path, arxiv: Loopback) -> Scenario:
    """Return the import of two READMEs into an archive."""
    project = _archive(folder / "import", arxiv)
    history = project / "history"
    history.mkdir()
    for day in ("2026-02-04", "2026-02-05"):
        papers = [Sample(id=f"2602.0000{n}", published=day, summary="It was.") for n in range(2)]
        (history / f"{day}.md").write_text(write_readme(papers, updated=f"{day} 06:40:51 UTC"))
    return Scenario("import", project, ("import", "history"), ("data", "lists"))


def build(folder: Path, arxiv: Loopback) -> Scenario:
    """Return the build of an archive that has a site of the day before."""
    project = _archive(folder / "build", arxiv)
    run_generator(project, "build")
    _serve(arxiv, TUESDAY)
    run_generator(project, "update", "--date", TUESDAY.isoformat())
    return Scenario("build", project, ("build",), ("data", "site"))


SCENARIOS: dict[str, Callable[[Path, Loopback], Scenario]] = {
    "update": update,
    "import": import_history,
    "build": build,
}


def _archive(project: Path, arxiv: Loopback) -> Path:
    """Make a project with one day's papers."""
    make_project(project, feeds=arxiv.url)
    (project / "lists").mkdir()
    config = project / "daybook.yml"
    config.write_text(config.read_text() + "paths: {digest: lists/README.md}\n")
    _serve(arxiv, MONDAY)
    run_generator(project, "update", "--date", MONDAY.isoformat())
    return project


def _serve(arxiv: Loopback, day: date) -> None:
    items = [Item(id=f"2603.{day.day:02}00{n}") for n in range(2)]
    for category in ("cs.LG", "cs.AI"):
        arxiv.on(f"/rss/{category}", Answer(200, feed(category, day, *items)))
