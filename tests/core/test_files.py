"""Files that are replaced in one step, by whoever else writes them at the same time."""

from __future__ import annotations

import multiprocessing
import re
from pathlib import Path

import pytest

from generator.core.files import replace_file

GENERATOR = Path(__file__).resolve().parents[2] / "generator"


def _write_often(path: Path, letter: bytes) -> None:
    for _ in range(200):
        replace_file(path, letter * 50_000)


def test_writers_of_one_file_do_not_get_in_each_others_way(tmp_path: Path) -> None:
    file = tmp_path / "folder" / "file"
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=_write_often, args=(file, b)) for b in (b"a", b"b", b"c")]
    for writer in writers:
        writer.start()
    seen = set()
    while any(writer.is_alive() for writer in writers):
        seen.add(file.read_bytes() if file.exists() else b"")
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0, 0]
    assert seen <= {b"", b"a" * 50_000, b"b" * 50_000, b"c" * 50_000}
    assert list(file.parent.iterdir()) == [file]


def test_nothing_is_left_where_a_file_cannot_be_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    with pytest.raises(OSError):
        replace_file(folder, b"content")
    assert list(tmp_path.iterdir()) == [folder]


def test_no_other_file_is_replaced_under_a_name_that_is_always_the_same() -> None:
    """Folders of the build are made under its lock, and data/ has its own transactions."""
    folders = {"build/search/index.py", "build/search/vectors.py", "build/site/engine.py"}
    fixed = re.compile(r"""["'{][\w.}]*\.(?:new|tmp|temp|part)["']""")
    named = {
        path.relative_to(GENERATOR).as_posix()
        for path in GENERATOR.rglob("*.py")
        if fixed.search(path.read_text())
    }
    assert named <= folders
