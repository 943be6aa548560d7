"""`pip install .`: the console script, and every file that the code reads."""

from __future__ import annotations

import email
import os
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path

import pytest

from generator import __version__
from tests.checkout import check_out
from tests.loopback import Answer, Loopback
from tests.projects import PROJECT, make_project
from tests.rss import Item, feed

MONDAY = date(2026, 1, 5)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package, built without a network."""
    folder = tmp_path_factory.mktemp("package")
    _pip("wheel", str(check_out(folder / "project")), "--wheel-dir", str(folder / "wheels"))
    (built,) = (folder / "wheels").iterdir()
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the installed package; the other packages come from these tests' Python."""
    folder = tmp_path_factory.mktemp("installed")
    _pip("install", str(wheel), "--target", str(folder))
    return folder


def _pip(command: str, *arguments: str) -> None:
    options = ("--quiet", "--no-deps", "--disable-pip-version-check", "--no-index")
    if command == "wheel":
        options += ("--no-build-isolation",)
    subprocess.run([sys.executable, "-m", "pip", command, *options, *arguments], check=True)


def _daybook(installed: Path, folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        [str(installed / "bin" / "daybook"), *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_package_has_every_file_of_the_code(wheel: Path) -> None:
    code = PROJECT / "generator"
    expected = {
        path.relative_to(PROJECT).as_posix()
        for path in code.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    packed = set(zipfile.ZipFile(wheel).namelist())
    assert expected - packed == set()


def test_the_package_names_what_it_needs_and_its_licence(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        folder = f"daybook-{__version__}.dist-info"
        told = email.message_from_bytes(archive.read(f"{folder}/METADATA"))
        assert b"MIT License" in archive.read(f"{folder}/licenses/LICENSE")
    required = (PROJECT / "requirements.txt").read_text().splitlines()
    assert set(told.get_all("Requires-Dist", [])) == {
        line for line in required if line and not line.startswith("#")
    }
    assert told["License-Expression"] == "MIT"


def test_the_console_script_makes_a_site(installed: Path, tmp_path: Path, arxiv: Loopback) -> None:
    project = make_project(tmp_path / "project", feeds=arxiv.url, categories="cs.LG")
    # What the site's settings name; the package's own modules are those that run.
    arxiv.on("/rss/cs.LG", Answer(200, feed("cs.LG", MONDAY, Item())))
    assert __version__ in _daybook(installed, project, "--version")
    _daybook(installed, project, "update", "--date", MONDAY.isoformat())
    _daybook(installed, project, "build")
    assert (project / "site" / "papers" / "2601.90001" / "index.html").is_file()
    assert "sleeps" in _daybook(installed, project, "search", "LLM")


def test_the_installed_demo_runs_on_the_bundled_sample(installed: Path, tmp_path: Path) -> None:
    project = make_project(tmp_path / "project")
    _daybook(installed, project, "demo")
    assert list((project / "demo" / "site" / "papers").iterdir())
