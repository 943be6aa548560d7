"""The documents name every command, option and exit code, and only what exists."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from generator.cli.commands import EXIT_CODES, make_parser

PROJECT = Path(__file__).resolve().parents[1]
COMMANDS = (PROJECT / "docs" / "commands.md").read_text()
README = (PROJECT / "README.md").read_text()


def _commands() -> dict[str, argparse.ArgumentParser]:
    action = next(a for a in make_parser()._actions if isinstance(a, argparse._SubParsersAction))
    return dict(action.choices)


def test_every_command_has_a_section_and_every_section_a_command() -> None:
    assert set(re.findall(r"^## `(\w+)", COMMANDS, re.M)) == set(_commands())


def test_every_option_of_a_command_is_in_its_section() -> None:
    for name, parser in {**_commands(), "": make_parser()}.items():
        start = COMMANDS.index(f"## `{name}") if name else COMMANDS.index("## Options of every")
        section = COMMANDS[start : COMMANDS.find("\n## ", start + 1)]
        for action in parser._actions:
            for option in action.option_strings:
                if name and option in ("-h", "--help"):
                    continue
                assert f"`{option}" in section, f"{name} {option} is not documented"


def test_no_option_is_documented_that_does_not_exist() -> None:
    known = {
        option
        for parser in (make_parser(), *_commands().values())
        for action in parser._actions
        for option in action.option_strings
    }
    assert set(re.findall(r"`(--[a-z-]+)", COMMANDS)) <= known


def test_every_exit_code_is_documented() -> None:
    documented = {int(code) for code in re.findall(r"^\| (\d+) \|", COMMANDS, re.M)}
    assert documented == {code for code, _ in EXIT_CODES.values()} | {130}


def test_the_readme_names_the_two_commands_and_every_document() -> None:
    assert "    make demo\n" in README
    assert "    make test\n" in README
    documents = {path.name for path in (PROJECT / "docs").glob("*.md")}
    assert set(re.findall(r"docs/([\w-]+\.md)", README)) == documents


def test_links_between_documents_lead_somewhere() -> None:
    for path in (PROJECT / "README.md", *(PROJECT / "docs").glob("*.md")):
        for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text()):
            assert (path.parent / target).exists(), f"{path.name} links to {target}"


def test_every_package_has_its_reason() -> None:
    decisions = (PROJECT / "docs" / "decisions.md").read_text().lower()
    for line in (PROJECT / "requirements.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            package = line.split("==")[0].lower()
            assert package in decisions, f"{package} has no reason in docs/decisions.md"
