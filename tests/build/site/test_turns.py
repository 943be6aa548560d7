"""Builds one after the other, whatever ended the one before."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from generator.cli.commands import main
from generator.store.store import Store
from tests.builders import make_day, make_paper
from tests.projects import contents, make_project


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = make_project(tmp_path / "project")
    paper = make_paper(1)
    Store(folder / "data").write([paper], [make_day(paper)])
    monkeypatch.chdir(folder)
    return folder


def test_two_builds_at_once(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = [sys.executable, "-m", "generator", "-q", "build"]
    first = subprocess.Popen(command, cwd=project)
    while not (project / "site_src" / "index.md").exists():  # it is in the middle of its work
        assert first.poll() is None
        time.sleep(0.005)
    os.kill(first.pid, signal.SIGSTOP)
    try:
        assert main(["-q", "build"]) == 7
    finally:
        os.kill(first.pid, signal.SIGCONT)
    said = capsys.readouterr().err
    assert "Another build is under way" in said
    assert "Traceback" not in said
    assert first.wait(60) == 0
    assert main(["-q", "check"]) == 0


def test_a_kill_between_the_two_renames_of_a_site(project: Path, capsys) -> None:
    """The last of the build's renames puts the new site in its place: the old one is away."""
    assert main(["-q", "build"]) == 0
    site = contents(project / "site")
    (project / "site").rename(project / "site.old")
    assert main(["-q", "check"]) == 1
    assert "Run: generator build" in capsys.readouterr().out
    # The next build fails: readers have the old site all the same.
    (project / "site_src" / "broken.md").write_text("[nowhere](nowhere.md)\n")
    assert main(["-q", "build"]) == 7
    assert contents(project / "site") == site
    (project / "site_src" / "broken.md").unlink()
    assert main(["-q", "build"]) == 0
    assert main(["-q", "check"]) == 0


def test_a_place_that_cannot_be_written(project: Path, capsys) -> None:
    (project / "site_src" / "papers").write_text("in the way")
    assert main(["-q", "build"]) == 7
    said = capsys.readouterr().err
    assert "Cannot write the site" in said
    assert "papers" in said
