"""The documents name every command, option and exit code, and only what exists."""

from __future__ import annotations

import re
from pathlib import Path

import click

from generator.cli.commands import program
from generator.cli.exits import ExitCode

PROJECT = Path(__file__).resolve().parents[1]
COMMANDS = (PROJECT / "docs" / "commands.md").read_text()
README = (PROJECT / "README.md").read_text()


def _options(command: click.Command) -> set[str]:
    return {
        name
        for option in command.params
        if option.param_type_name == "option"
        for name in option.opts
    }


def test_every_command_has_a_section_and_every_section_a_command() -> None:
    assert set(re.findall(r"^## `(\w+)", COMMANDS, re.M)) == set(program.commands)


def test_every_option_of_a_command_is_in_its_section() -> None:
    for name, command in {**program.commands, "": program}.items():
        start = COMMANDS.index(f"## `{name}") if name else COMMANDS.index("## Options of every")
        section = COMMANDS[start : COMMANDS.find("\n## ", start + 1)]
        for option in _options(command) | (set() if name else {"-h", "--help"}):
            assert f"`{option}" in section, f"{name} {option} is not documented"


def test_no_option_is_documented_that_does_not_exist() -> None:
    known = {"--help"}.union(*map(_options, (program, *program.commands.values())))
    assert set(re.findall(r"`(--[a-z-]+)", COMMANDS)) <= known


def test_every_exit_code_is_documented() -> None:
    documented = {int(code) for code in re.findall(r"^\| (\d+) \|", COMMANDS, re.M)}
    assert documented == set(ExitCode)


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
