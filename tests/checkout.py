"""A copy of the project as git would hand it to someone else: no environment, no generated file."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.projects import PROJECT


def check_out(folder: Path) -> Path:
    """Copy what is tracked, or would be with the next `git add`, into the new ``folder``."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    found = subprocess.run(listing, cwd=PROJECT, capture_output=True, check=False)
    if found.returncode:
        pytest.skip("this is no git repository, so nobody knows which files belong to the project")
    for name in found.stdout.decode().split("\0"):
        source = PROJECT / name
        if name and source.is_file():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
    return folder
