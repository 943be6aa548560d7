"""Every package is pinned, those that others pull in too, and somebody proposes newer ones."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import yaml

from tests.constraints import CONSTRAINTS, PROJECT, constraints, direct, pulled_in

DEPENDABOT = PROJECT / ".github" / "dependabot.yml"


def test_what_is_pulled_in_is_pinned_and_installed_so() -> None:
    pinned = constraints()
    missing = {n: v for n, v in pulled_in().items() if pinned.get(n) != v}
    assert missing == {}, "run python -m tests.constraints in a new .venv"


def test_nothing_is_pinned_in_two_places() -> None:
    assert not constraints().keys() & direct().keys()


def test_no_pin_names_a_host() -> None:
    for path in (CONSTRAINTS, *PROJECT.glob("requirements*.txt")):
        text = path.read_text()
        assert "://" not in text
        assert "--index" not in text


def test_every_installation_keeps_to_the_pins() -> None:
    workflows = (PROJECT / ".github" / "workflows").glob("*.yml")
    for path in (PROJECT / "Makefile", PROJECT / "Dockerfile", PROJECT / "vercel.json", *workflows):
        for line in path.read_text().splitlines():
            if "pip install" in line:
                assert "-c constraints.txt -r requirements" in line, f"{path.name}: {line.strip()}"


def test_newer_versions_are_proposed_for_each_kind_of_pin() -> None:
    updates = yaml.safe_load(DEPENDABOT.read_text())["updates"]
    assert {update["package-ecosystem"] for update in updates} == {
        "pip",
        "github-actions",
        "docker",
    }
    program = Path(sys.executable).with_name("check-jsonschema")
    subprocess.run([program, "--builtin-schema", "vendor.dependabot", DEPENDABOT], check=True)
