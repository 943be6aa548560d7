"""What the packages of requirements*.txt pull in, pinned in constraints.txt, and every file's hash.

`python -m tests.constraints` writes constraints.txt from what is installed here (run it in a new
`.venv`), and from it the two locks. These name the hash of every file that was published of each
version, for all systems; only they are installed. It needs the program uv (`pip install uv`).
"""

from __future__ import annotations

import re
import subprocess
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = Path(__file__).resolve().parents[1]
CONSTRAINTS = PROJECT / "constraints.txt"
_HEAD = """\
# What the packages of requirements*.txt pull in: pip install -c constraints.txt.
# Written by: python -m tests.constraints
"""
_LOCK_HEAD = """\
# {} and what it pulls in, with all hashes: pip install --require-hashes -r.
# Written by: python -m tests.constraints
"""
_OLDEST_PYTHON = "3.11.5"  # what the packages run on


def direct() -> dict[str, str]:
    """Return the pinned packages of requirements*.txt as name and version.

    Not those of fuzzing: an environment for the tests goes without, and they pull nothing in.
    """
    lines = [
        line.split(" ;")[0]
        for path in sorted(PROJECT.glob("requirements*.txt"))
        if path.name != "requirements-fuzz.txt"
        for line in path.read_text().splitlines()
        if re.match(r"\w", line)
    ]
    return {
        canonicalize_name(name): version for name, _, version in (x.partition("==") for x in lines)
    }


def pulled_in() -> dict[str, str]:
    """Return what the direct packages need on this Python, as name and installed version."""
    found: dict[str, str] = {}
    todo = [(name, "") for name in direct()]
    seen = set(todo)
    while todo:
        name, extra = todo.pop()
        package = distribution(name)
        found[name] = package.version
        for line in package.requires or ():
            need = Requirement(line)
            if need.marker is None or need.marker.evaluate({"extra": extra}):
                wanted = {(canonicalize_name(need.name), e) for e in ("", *need.extras)} - seen
                seen |= wanted
                todo += wanted
    return {name: found[name] for name in sorted(found.keys() - direct().keys())}


def constraints() -> dict[str, str]:
    """Return the pins of constraints.txt as name and version."""
    lines = [line for line in CONSTRAINTS.read_text().splitlines() if not line.startswith("#")]
    return dict(line.split("==") for line in lines)


def locks() -> dict[Path, Path]:
    """Return each lock with the file of the packages that it locks."""
    return {path.with_suffix(".lock"): path for path in sorted(PROJECT.glob("requirements*.txt"))}


def locked(lock: Path) -> dict[str, tuple[str, list[str]]]:
    """Return the version of each package of a lock, and the SHA-256 of each of its files."""
    found: dict[str, tuple[str, list[str]]] = {}
    for line in lock.read_text().splitlines():
        if pin := re.match(r"([\w.-]+)==(\S+)", line):
            hashes: list[str] = []
            found[canonicalize_name(pin[1])] = pin[2], hashes
        elif one := re.fullmatch(r" +--hash=sha256:([0-9a-f]{64})(?: \\)?", line):
            hashes.append(one[1])
        elif not line.startswith("#"):
            raise ValueError(f"{lock.name} has a line that is no pin and no hash: {line}")
    return found


def _write_locks() -> None:
    options = ("--universal", "--generate-hashes", "--no-annotate", "--no-header", "--quiet")
    for lock, requirements in locks().items():
        lock.unlink(missing_ok=True)
        subprocess.run(
            [
                *("uv", "pip", "compile", *options, "--python-version", _OLDEST_PYTHON),
                *("-c", CONSTRAINTS.name, requirements.name, "-o", lock.name),
            ],
            cwd=PROJECT,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        lock.write_text(_LOCK_HEAD.format(requirements.name) + lock.read_text())


if __name__ == "__main__":
    pins = "".join(f"{name}=={version}\n" for name, version in pulled_in().items())
    CONSTRAINTS.write_text(_HEAD + pins)
    _write_locks()
