"""Imports go one way, as the folders and docs/architecture.md draw it: two halves on one ground."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

GENERATOR = Path(__file__).resolve().parents[1] / "generator"

# What each room may import besides itself. A room is a folder, or a file beside folders.
GROUND = {
    "core": set[str](),
    "markup": {"core"},
    "config": {"core"},
    "store": {"core", "markup"},
}
# Lowest first: each room of a half may import the ground and what stands before it.
HALVES = {
    "update": (
        ("sources", "selection"),
        ("daily", "summarize"),
        ("summaries", "fetching", "backfill", "predecessor"),
        ("gaps",),
        ("update",),
    ),
    "build": (
        ("citation",),
        ("archive",),
        ("search",),
        ("pages",),
        ("exports",),
        ("site",),
        ("build",),
    ),
}
TOP = {
    "sample": {"core", "update/sources"},
    "cli": {*GROUND, "sample", *HALVES},
    "__main__": {"cli"},
}
# Neighbours on one floor that may see each other, in this direction only.
BESIDE = {"update/selection": {"update/sources"}}


def rooms() -> dict[str, set[str]]:
    """Every room below ``generator/`` with the rooms that it may import."""
    allowed = dict(GROUND)
    for half, floors in HALVES.items():
        below = set(GROUND)
        for floor in floors:
            names = {f"{half}/{name}" for name in floor}
            for name in names:
                allowed[name] = below | BESIDE.get(name, set())
            below = below | names
    for name, imports in TOP.items():
        halves = {room for room in allowed if room.split("/")[0] in imports & set(HALVES)}
        allowed[name] = imports - set(HALVES) | halves
    return allowed


def _room(parts: tuple[str, ...]) -> str:
    return "/".join(parts[:2]) if parts[0] in HALVES else parts[0]


def _imports(path: Path) -> Iterator[tuple[str, ...]]:
    """The modules of ours that a file imports, as their parts behind ``generator``."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "generator":
            module = tuple((node.module or "").split(".")[1:])
            is_folder = GENERATOR.joinpath(*module).is_dir()
            for alias in node.names:
                if alias.name != "__version__":
                    yield (*module, alias.name) if is_folder else module
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.startswith("generator."):
                    yield tuple(alias.name.split(".")[1:])


def wrong_imports() -> list[str]:
    """A line for each import that runs upwards or across."""
    allowed = rooms()
    wrong = []
    for path in sorted(GENERATOR.rglob("*.py")):
        own = path.relative_to(GENERATOR).with_suffix("").parts
        if own[-1] == "__init__" and _room(own) not in allowed:
            continue
        for module in _imports(path):
            here, there = _room(own), _room(module)
            if here != there and there not in allowed[here]:
                wrong.append(f"{'/'.join(own)} imports {'.'.join(module)}")
    return wrong


def test_no_import_runs_upwards_or_across() -> None:
    assert wrong_imports() == []


def test_the_halves_meet_only_at_the_store() -> None:
    allowed = rooms()
    for room, imports in allowed.items():
        halves = {name.split("/")[0] for name in {room, *imports}} & set(HALVES)
        assert room in TOP or len(halves) < 2, f"{room} may import both halves"


def test_an_import_from_build_to_update_is_found(monkeypatch) -> None:
    """The rule bites: the same files with one wrong import among them are refused."""
    real = _imports

    def with_a_wrong_one(path: Path) -> Iterator[tuple[str, ...]]:
        yield from real(path)
        if path.name == "archive.py":
            yield ("update", "sources", "feed")

    monkeypatch.setitem(globals(), "_imports", with_a_wrong_one)
    assert wrong_imports() == ["build/archive/archive imports update.sources.feed"]


def test_every_folder_and_file_has_its_room() -> None:
    found = {
        _room(path.relative_to(GENERATOR).with_suffix("").parts)
        for path in GENERATOR.rglob("*.py")
        if path.name != "__init__.py"
    }
    assert found == set(rooms()) - {"sample"}


def test_the_map_is_the_folder_list() -> None:
    """docs/architecture.md draws every folder, and none that is not there."""
    text = (GENERATOR.parent / "docs" / "architecture.md").read_text()
    drawn: set[str] = set()
    above: list[str] = []
    block = text.split("    generator/\n", 1)[1].split("\n\n", 1)[0]
    for line in block.splitlines():
        if found := re.match(r"    ( +)([a-z]+)/", line):
            depth = len(found[1]) // 2 - 1
            above[depth:] = [found[2]]
            drawn.add("/".join(above))
    folders = {
        str(path.parent.relative_to(GENERATOR))
        for path in GENERATOR.rglob("__init__.py")
        if path.parent != GENERATOR
    }
    assert drawn == folders


def test_the_predecessor_could_be_taken_out() -> None:
    """Only the left half's top and the commands know the folder of the bot that came before."""
    knowing = {
        "/".join(path.relative_to(GENERATOR).parts)
        for path in GENERATOR.rglob("*.py")
        for module in _imports(path)
        if module[:2] == ("update", "predecessor")
        and path.parent != GENERATOR / "update" / "predecessor"
    }
    assert {name for name in knowing if not name.startswith("cli/")} == {"update/update.py"}
