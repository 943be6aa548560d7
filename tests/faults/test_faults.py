"""A sample of ``python -m tests.faults``, which lets every call fail."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

if sys.platform != "linux" or not shutil.which("cc"):
    pytest.skip("needs Linux and a C compiler", allow_module_level=True)


@pytest.mark.parametrize(
    "arguments",
    [
        ["update", "--fault", "EACCES", "--first", "129", "--every", "1000"],
        ["import", "--fault", "a full disk", "--first", "19", "--every", "1000"],
        ["build", "--fault", "a full disk", "--every", "100000", "--first", "350"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_whichever_call_fails_nobody_has_to_complain(arguments: list[str]) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "tests.faults", *arguments],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert " calls" in ended.stdout
