"""A whole small archive, page for page; `make golden` writes the expected files anew."""

from __future__ import annotations

from pathlib import Path

from tests.golden import GOLDEN, build_golden, golden_files
from tests.projects import contents


def test_the_golden_archive_is_built_as_reviewed(golden: Path) -> None:
    expected = contents(GOLDEN)
    built = golden_files(golden)
    assert sorted(built) == sorted(expected)
    for path, data in built.items():
        assert data.decode() == expected[path].decode(), f"{path} differs: make golden, git diff"


def test_the_same_data_give_the_same_bytes(golden: Path, tmp_path: Path) -> None:
    assert golden_files(build_golden(tmp_path)) == golden_files(golden)
