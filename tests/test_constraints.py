"""Every package is pinned, those that others pull in too, and somebody proposes newer ones."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from packaging.utils import canonicalize_name

from tests.constraints import (
    CONSTRAINTS,
    PROJECT,
    constraints,
    direct,
    locked,
    locks,
    pulled_in,
)

DEPENDABOT = PROJECT / ".github" / "dependabot.yml"


def test_what_is_pulled_in_is_pinned_and_installed_so() -> None:
    pinned = constraints()
    missing = {n: v for n, v in pulled_in().items() if pinned.get(n) != v}
    assert missing == {}, "run python -m tests.constraints in a new .venv"


def test_nothing_is_pinned_in_two_places() -> None:
    assert not constraints().keys() & direct().keys()


def test_no_pin_names_a_host() -> None:
    for path in (CONSTRAINTS, *PROJECT.glob("requirements*")):
        text = path.read_text()
        assert "://" not in text
        assert "--index" not in text


@pytest.mark.parametrize("lock", locks(), ids=lambda lock: lock.name)
def test_a_lock_has_the_pins_and_hashes_of_all_that_is_installed(lock: Path) -> None:
    names = {line.split("==")[0] for line in locks()[lock].read_text().splitlines()}
    found = locked(lock)
    pinned = constraints() | direct()
    different = {n: v for n, (v, _) in found.items() if pinned.get(n, v) != v}
    assert different == {}, "run python -m tests.constraints"
    assert {canonicalize_name(name) for name in names if re.match(r"\w", name)} <= found.keys()
    # What is not pinned besides is for other systems than those that Daybook knows.
    assert found.keys() - pinned.keys() <= {"httpx2-jsfetch", "atheris"}
    if lock.name == "requirements-dev.lock":
        assert pinned.keys() <= found.keys()
    for name, (_, hashes) in found.items():
        assert len(set(hashes)) == len(hashes) > 0, name
    # Made for each Python and machine.
    for name in {"lxml", "numpy", "pydantic-core"} & found.keys():
        assert len(found[name][1]) > 20, name


def test_what_is_needed_to_run_is_the_same_in_both_locks() -> None:
    run, dev = (locked(PROJECT / f"requirements{kind}.lock") for kind in ("", "-dev"))
    assert run.items() <= dev.items()


def test_every_installation_keeps_to_the_hashes() -> None:
    workflows = (PROJECT / ".github" / "workflows").glob("*.yml")
    for path in (PROJECT / "Makefile", PROJECT / "Dockerfile", PROJECT / "vercel.json", *workflows):
        for line in path.read_text().splitlines():
            if "pip install" in line:
                assert re.search(r"--require-hashes .*-r requirements(-dev|-fuzz)?\.lock", line), (
                    path
                )
                assert ".txt" not in line, path


def test_newer_versions_are_proposed_for_each_kind_of_pin() -> None:
    updates = yaml.safe_load(DEPENDABOT.read_text())["updates"]
    assert {update["package-ecosystem"] for update in updates} == {
        "pip",
        "github-actions",
        "docker",
    }
    program = Path(sys.executable).with_name("check-jsonschema")
    subprocess.run([program, "--builtin-schema", "vendor.dependabot", DEPENDABOT], check=True)
