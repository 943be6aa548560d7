"""Symbolic links where Daybook writes: followed where the operator put one, refused where not."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from generator.build.site.writer import GENERATED
from generator.cli.commands import main
from generator.config.schema import load_config
from generator.core.errors import StoreError
from generator.store.store import Store
from tests.builders import make_day, make_paper
from tests.projects import Once, contents, make_project, run_generator


@pytest.fixture
def project(once: Once, tmp_path: Path) -> Path:
    """A project with one paper, which has been built."""

    def make(folder: Path) -> Path:
        project = make_project(folder / "project")
        paper = make_paper()
        Store(project / "data").write([paper], [make_day(paper)])
        run_generator(project, "build")
        return project

    shutil.copytree(once("linked", make), tmp_path / "project", symlinks=True)
    return tmp_path / "project"


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    folder = tmp_path / "outside"
    (folder / "2602").mkdir(parents=True)
    for name in ("precious.md", "index.md", "2602/2602.99999.md", "2602/2602.00001.md"):
        (folder / name).write_text("x")
    return folder


def test_a_link_to_a_web_root_is_followed_for_ever(project: Path, tmp_path: Path) -> None:
    expected = contents(project / "site")
    root = tmp_path / "srv" / "www"
    root.mkdir(parents=True)
    (root / "index.html").write_text("old")
    shutil.rmtree(project / "site")
    (project / "site").symlink_to(root)
    for _ in range(2):
        run_generator(project, "build")
        assert (project / "site").readlink() == root
        assert contents(root) == expected
    run_generator(project, "check")
    assert [path.name for path in root.parent.iterdir()] == ["www"]


def test_a_link_to_where_nothing_is_yet(project: Path, tmp_path: Path) -> None:
    shutil.rmtree(project / "site")
    (tmp_path / "srv").mkdir()
    (project / "site").symlink_to(tmp_path / "srv" / "www")
    run_generator(project, "build")
    assert (tmp_path / "srv" / "www" / "index.html").exists()


@pytest.mark.parametrize("target", ["data", "site_src", "data/papers", ".", "..", "site"])
def test_a_link_to_what_must_stay_is_refused(target: str, project: Path, capsys) -> None:
    before = contents(project / "data")
    shutil.rmtree(project / "site")
    (project / "site").symlink_to(project / target)
    run_generator(project, "build", code=2)
    assert "paths.site" in capsys.readouterr().err
    assert contents(project / "data") == before


@pytest.mark.parametrize("beside", ["site.new", "site.old"])
def test_a_link_where_the_new_site_is_made_is_not_followed(
    beside: str, project: Path, outside: Path
) -> None:
    (project / beside).symlink_to(outside)
    before = contents(outside)
    run_generator(project, "build")
    assert contents(outside) == before
    assert not (project / beside).exists()


@pytest.mark.parametrize(
    ("name", "target"),
    [
        *((name, "") for name in GENERATED if "." not in name),
        ("index.md", "index.md"),
        ("about.md", "nothing"),
        ("papers/2602", "2602"),
        ("papers/2602/2602.00001.md", "2602/2602.00001.md"),
        ("days/2026", ""),
        ("papers/9999", ""),
        ("papers/2602/stray.md", "precious.md"),
    ],
)
def test_a_link_among_the_pages_is_named_and_not_followed(
    name: str, target: str, project: Path, outside: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place, site = project / "site_src" / name, contents(project / "site")
    if place.is_dir():
        shutil.rmtree(place)
    place.unlink(missing_ok=True)
    place.symlink_to(outside / target)
    before = contents(outside)
    run_generator(project, "build", code=7)
    said = capsys.readouterr().err
    assert f"site_src/{name}" in said
    assert "symbolic link" in said
    assert contents(outside) == before
    assert contents(project / "site") == site


@pytest.mark.parametrize(
    "name",
    [
        *("papers", "days", "papers/2602", "days/2026"),
        *(".pending", ".commit", ".lock", ".lock-summaries"),
    ],
)
def test_a_link_in_the_store_is_named_and_not_followed(
    name: str, project: Path, outside: Path
) -> None:
    (outside / "2602" / "2602.00001.json").write_text("{}")
    place = project / "data" / name
    if place.is_dir():
        shutil.rmtree(place)
    place.unlink(missing_ok=True)
    place.symlink_to(outside / "precious.md" if name.startswith(".lock") else outside)
    before = contents(outside)
    paper = make_paper(title="New")
    for _ in range(2):
        with pytest.raises(StoreError, match=f"data/{name}: .* symbolic link"):
            Store(project / "data").write([paper], [make_day(paper)])
        assert contents(outside) == before


def test_a_project_behind_a_link_works(project: Path, tmp_path: Path) -> None:
    expected = contents(project / "site")
    (tmp_path / "link").symlink_to(project)
    run_generator(tmp_path / "link", "build")
    assert contents(project / "site") == expected
    (project / "data").rename(tmp_path / "disk")
    (project / "data").symlink_to(tmp_path / "disk")
    assert load_config(project / "daybook.yml", {}).paths.data == tmp_path / "disk"
    run_generator(project, "build")
    assert contents(project / "site") == expected
    assert main(["-q", "-c", os.fspath(project / "daybook.yml"), "check"]) == 0
