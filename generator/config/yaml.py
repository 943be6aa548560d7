"""YAML text → plain values, and where in the file each stands.

Of YAML only what a configuration needs: mappings, lists and plain values. A plain value is a
number, true/false, null, or else text: ``no``, ``12:30`` and ``2026-01-01`` are text, as in YAML
1.2's core schema (https://yaml.org/spec/1.2.2/#103-core-schema). Keys that stand twice, anchors and
tags are problems.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

import yaml

from generator.core.errors import ConfigError

# The keys and indices that lead to a value, as pydantic has them too.
Location = tuple[int | str, ...]


def dotted(location: Location) -> str:
    """Return the path of an option as people write it, such as ``select.keywords[0]``."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in location)
    return "".join(steps).removeprefix(".")


class SourcePlace(NamedTuple):
    """Where a value stands: ``line`` counts from 1; ``written`` is how the file has a plain one."""

    path: str
    line: int
    written: str = ""


class Problem(NamedTuple):
    """One thing wrong; ``text`` goes on from the path. ``line`` 0 is for the environment."""

    line: int
    path: str
    text: str


@dataclass(frozen=True, slots=True)
class YamlDocument:
    """A file's plain ``value``, the places of all values in it, and the keys that stand twice."""

    value: object
    places: dict[Location, SourcePlace]
    problems: list[Problem]

    def place(self, location: Location) -> SourcePlace:
        """Return where a value stands; one that is left out has the line of what it belongs to."""
        if location in self.places:
            return self.places[location]
        above = location[:-1]
        while above and above not in self.places:
            above = above[:-1]
        return SourcePlace(dotted(location), self.places[above].line if above else 1)


class _Loader(yaml.BaseLoader):
    """PyYAML's parser, without aliases and tags."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent) or getattr(event, "tag", None):
            raise yaml.composer.ComposerError(
                None, None, "aliases and tags (* and !) are not supported", event.start_mark
            )
        return super().compose_node(parent, index)


# Numbers of more than 18 digits stay text: Python refuses to read very long ones.
_PLAIN: tuple[tuple[str, Callable[[str], object]], ...] = (
    (r"~|null|Null|NULL|", lambda _: None),
    (r"true|True|TRUE|false|False|FALSE", lambda written: written.lower() == "true"),
    (r"[-+]?[0-9]{1,18}", int),
    (r"[-+]?(\.[0-9]+|[0-9]{1,18}(\.[0-9]*)?)([eE][-+]?[0-9]+)?", float),
    (r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)", lambda written: float(written.replace(".", ""))),
)


_TOO_DEEP = "it is nested too deeply to be a configuration"


def _plain(node: yaml.ScalarNode) -> object:
    """Return what a scalar says; one in quotes is always text."""
    if node.style is None:
        for pattern, read in _PLAIN:
            if re.fullmatch(pattern, node.value):
                return read(node.value)
    return node.value


def read_yaml(source: str, name: str) -> YamlDocument:
    """Read the text of the file ``name``. Raises ConfigError where it is not YAML at all."""
    try:
        node = _Loader(source).get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        reason = ", ".join(filter(None, (error.problem, error.context)))
        raise _not_yaml(name, where + reason) from error
    except yaml.reader.ReaderError as error:
        line = source.count("\n", 0, error.position) + 1
        raise _not_yaml(name, f"line {line}: the character U+{error.character:04X}") from error
    except RecursionError as error:
        raise _not_yaml(name, _TOO_DEEP) from error
    walk = _Walk()
    try:
        value = walk.value(node, ()) if node else None
    except RecursionError as error:
        raise _not_yaml(name, _TOO_DEEP) from error
    return YamlDocument(value, walk.places, walk.problems)


def _not_yaml(name: str, why: str) -> ConfigError:
    return ConfigError(
        "The configuration is not valid YAML",
        item=name,
        why=why,
        todo="Look at this line and the one before it; texts with : or # need quotes",
    )


@dataclass(frozen=True, slots=True)
class _Walk:
    """One way through PyYAML's nodes, which collects what a YamlDocument says of them."""

    places: dict[Location, SourcePlace] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def value(self, node: yaml.Node, location: Location) -> object:
        """Return the plain value of the node that stands at ``location``."""
        if isinstance(node, yaml.ScalarNode):
            return _plain(node)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, location)
        entries = [((*location, n), entry) for n, entry in enumerate(node.value)]
        return [self._entry(here, entry, entry) for here, entry in entries]

    def _mapping(self, node: yaml.MappingNode, location: Location) -> dict[str, object]:
        values: dict[str, object] = {}
        for key, entry in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else "?"
            here = (*location, name)
            if name in values:
                text = f"stands twice; the first is in line {self.places[here].line}"
                self.problems.append(Problem(key.start_mark.line + 1, dotted(here), text))
            else:
                values[name] = self._entry(here, key, entry)
        return values

    def _entry(self, here: Location, start: yaml.Node, node: yaml.Node) -> object:
        """Return the value of an entry; its line is the one where ``start`` begins."""
        written = node.value if isinstance(node, yaml.ScalarNode) else ""
        self.places[here] = SourcePlace(dotted(here), start.start_mark.line + 1, written)
        return self.value(node, here)
