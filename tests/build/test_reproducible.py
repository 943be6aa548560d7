"""The same ``data/`` gives the same bytes: by any number of processes, anywhere."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.edge_archive import build_edge_site
from tests.projects import PROJECT, Once, contents, make_project

# A build as on a machine with so many cores. Small chunks, so that each process gets some.
_BUILD = """
import sys
from generator.core import parallel
parallel._cores = lambda: {cores}
parallel.CHUNK = {chunk}
from generator.cli.commands import main
sys.exit(main(["-q", "build"]))
"""


@dataclass(frozen=True)
class Surroundings:
    """Where and how a build runs."""

    cores: int
    chunk: int
    folder: str
    environment: dict[str, str] = field(default_factory=dict)
    umask: int = 0o022


BUILDS = [
    Surroundings(1, 48, "a", {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C.UTF-8"}),
    Surroundings(
        2, 5, "b/ö 项目", {"PYTHONHASHSEED": "1", "TZ": "Asia/Kathmandu", "LANG": "zh_CN.UTF-8"}
    ),
    Surroundings(
        8,
        3,
        "c/" + "long" * 20,
        {
            # Files are ASCII for whoever forgets to say what they are.
            **{"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
            **{"PYTHONHASHSEED": "4294967295", "TZ": "America/St_Johns", "COLUMNS": "20"},
            **{"PYTHONOPTIMIZE": "1", "FORCE_COLOR": "1", "LANGUAGE": "ar:tr"},
        },
        umask=0o077,
    ),
]


def build(data: Path, folder: Path, how: Surroundings) -> Path:
    """Build a project with a copy of an archive's data; return the project."""
    project = make_project(folder / how.folder)
    shutil.copytree(data, project / "data", ignore=shutil.ignore_patterns(".lock*"))
    inherited = {
        name: value
        for name, value in os.environ.items()
        if name not in ("LANG", "LANGUAGE", "TZ", "SOURCE_DATE_EPOCH")
        and not name.startswith(("LC_", "PYTHON"))
    }
    home = folder / f"{how.folder}.home"
    done = subprocess.run(
        [sys.executable, "-c", _BUILD.format(cores=how.cores, chunk=how.chunk)],
        cwd=project,
        env={**inherited, "PYTHONPATH": str(PROJECT), "HOME": str(home), **how.environment},
        umask=how.umask,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return project


@pytest.mark.parametrize("how", BUILDS[1:], ids=lambda how: f"{how.cores}-{how.chunk}")
def test_every_build_gives_the_same_bytes(how: Surroundings, once: Once, tmp_path: Path) -> None:
    data = once("edge", build_edge_site).parent / "data"
    first = once("first", lambda folder: build(data, folder, BUILDS[0]))
    project = build(data, tmp_path, how)
    for name in ("site", "site_src", ".cache/search"):
        expected, found = contents(first / name), contents(project / name)
        assert found.keys() == expected.keys()
        assert [path for path in expected if found[path] != expected[path]] == []
    for path, data in contents(project / "site").items():
        assert str(tmp_path).encode() not in data, path
