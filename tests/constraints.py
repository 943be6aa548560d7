"""What the packages of requirements*.txt pull in, pinned in constraints.txt.

`python -m tests.constraints` writes the file from what is installed here; run it in a new `.venv`.
"""

from __future__ import annotations

import re
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


def direct() -> dict[str, str]:
    """Return the pinned packages of requirements*.txt as name and version."""
    lines = [
        line.split(" ;")[0]
        for path in sorted(PROJECT.glob("requirements*.txt"))
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


if __name__ == "__main__":
    pins = "".join(f"{name}=={version}\n" for name, version in pulled_in().items())
    CONSTRAINTS.write_text(_HEAD + pins)
