"""YAML text → values that know where they stand, and the collector of everything wrong with them.

Of YAML only what a configuration needs: mappings, lists and plain values. A plain value is a
number, true/false, null, or else text: ``no``, ``12:30`` and ``2026-01-01`` are text, as in YAML
1.2's core schema (https://yaml.org/spec/1.2.2/#103-core-schema). Keys that stand twice, anchors and
tags are problems.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TypeVar

import yaml

from generator.core.errors import ConfigError

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Item:
    """A value with its place: ``path`` is dotted, ``line`` counts from 1, 0 for the environment.

    ``value`` is None, bool, int, float, str, ``list[Item]`` or ``dict[str, Item]``; ``written`` is
    how the file has a plain value.
    """

    value: object
    path: str
    line: int
    written: str = ""


class Unfit(Exception):
    """A value is not what its option needs; the message says what it needs."""


@dataclass(slots=True)
class Problems:
    """Collects what is wrong, so that one report says everything."""

    found: list[tuple[int, str]] = field(default_factory=list)

    def add(self, path: str, line: int, text: str) -> None:
        """Note that the option at ``path`` is wrong in the way that ``text`` says."""
        where = f"{path} (line {line})" if line else path
        self.found.append((line, f"{where} {text}"))

    def read(self, item: Item, reader: Callable[[Item], Value], default: Value) -> Value:
        """What ``reader`` makes of ``item``; an unfit one is noted, and ``default`` used."""
        try:
            return reader(item)
        except Unfit as unfit:
            self.add(item.path, item.line, str(unfit))
            return default

    def raise_if_any(self, name: str) -> None:
        """Raise one ConfigError that lists all problems of the file ``name``, in its order."""
        if not self.found:
            return
        count = len(self.found)
        lines = [text for _, text in sorted(self.found, key=lambda problem: problem[0])]
        raise ConfigError(
            f"The configuration has {count} problem{'s' if count > 1 else ''}",
            item=name,
            why="".join(f"\n  {line}" for line in lines).rstrip("."),
            todo="\nCorrect this; docs/configuration.md describes every option",
        )


class Section:
    """A mapping of options. Those never asked for are unknown; ``close`` notes them as problems."""

    def __init__(self, item: Item | None, path: str, problems: Problems) -> None:
        self.path = path
        self.line = item.line if item else 0
        self._problems = problems
        self._asked: list[str] = []
        self._items: dict[str, Item] = {}
        if item and isinstance(item.value, dict):
            self._items = item.value
        elif item and item.value is not None:
            problems.add(item.path or "the file", item.line, f"must be a mapping{but_is(item)}")

    def take(self, option: str) -> Item | None:
        """The option as written, or None where it is absent."""
        self._asked.append(option)
        return self._items.get(option)

    def get(self, option: str, reader: Callable[[Item], Value], default: Value) -> Value:
        """The option's value, or ``default`` where it is absent or unfit."""
        item = self.take(option)
        return default if item is None else self._problems.read(item, reader, default)

    def require(self, option: str, reader: Callable[[Item], Value], stand_in: Value) -> Value:
        """The option's value; its absence is a problem."""
        if option not in self._items:
            self._problems.add(self._path_of(option), self.line, "is missing")
        return self.get(option, reader, stand_in)

    def each(self, option: str, reader: Callable[[Item], Value]) -> tuple[Value, ...]:
        """The values of a list, without its unfit ones. An absent or empty list is empty."""
        item = self.take(option)
        if item is None or item.value is None:
            return ()
        if not isinstance(item.value, list):
            self._problems.add(
                item.path, item.line, f'must be a list, with "- " before each{but_is(item)}'
            )
            return ()
        values: list[Value] = []
        for entry in item.value:
            self._problems.read(entry, lambda entry: values.append(reader(entry)), None)
        return tuple(values)

    def is_empty(self, option: str) -> bool:
        """Whether a list is absent, or has no entry."""
        item = self.take(option)
        return item is None or item.value in (None, [])

    def close(self, elsewhere: Iterable[str] = ()) -> None:
        """Note every unknown option, with the name that was probably meant.

        ``elsewhere`` are the dotted paths of all options, for one that stands in the wrong section.
        """
        for option, item in self._items.items():
            if option in self._asked:
                continue
            near = get_close_matches(option, self._asked, n=1)
            moved = [path for path in elsewhere if path.rpartition(".")[2] == option]
            if suggestion := [self._path_of(name) for name in near] or moved:
                hint = f' (did you mean "{suggestion[0]}"?)'
            else:
                hint = f"; known here: {', '.join(self._asked)}"
            self._problems.add(item.path, item.line, f"is no option{hint}")

    def _path_of(self, option: str) -> str:
        return f"{self.path}.{option}" if self.path else option


def but_is(item: Item) -> str:
    """The end of a sentence about what a value must be: what it is instead."""
    if isinstance(item.value, dict):
        return ", not a mapping"
    return ", not a list" if isinstance(item.value, list) else f", not {item.written[:60]!r}"


# --- YAML -------------------------------------------------------------------------------------


class _Loader(yaml.SafeLoader):
    """PyYAML's parser with the plain values of YAML 1.2, without aliases and tags."""

    yaml_implicit_resolvers = {}  # noqa: RUF012  # PyYAML's name for its own table

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent) or getattr(event, "tag", None):
            raise yaml.composer.ComposerError(
                None, None, "aliases and tags (* and !) are not supported", event.start_mark
            )
        return super().compose_node(parent, index)


# Numbers of more than 18 digits stay text: Python refuses to read very long ones.
for _tag, _pattern, _first in (
    ("null", r"~|null|Null|NULL|", ("~", "n", "N", "")),
    ("bool", r"true|True|TRUE|false|False|FALSE", tuple("tTfF")),
    ("int", r"[-+]?[0-9]{1,18}", tuple("-+0123456789")),
    ("float", r"[-+]?(\.[0-9]+|[0-9]{1,18}(\.[0-9]*)?)([eE][-+]?[0-9]+)?", tuple("-+.0123456789")),
    ("float", r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)", tuple("-+.")),
):
    _Loader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(f"(?:{_pattern})$"), _first
    )


def parse_yaml(source: str, name: str, problems: Problems) -> Item:
    """The document as a tree of items. Raises ConfigError where it is not YAML at all."""
    try:
        loader = _Loader(source)
        node = loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        reason = ", ".join(filter(None, (error.problem, error.context)))
        raise _not_yaml(name, where + reason) from error
    except yaml.reader.ReaderError as error:
        line = source.count("\n", 0, error.position) + 1
        raise _not_yaml(name, f"line {line}: the character U+{error.character:04X}") from error
    if node is None:
        return Item(None, "", 1)
    return _item(node, "", problems)


def _not_yaml(name: str, why: str) -> ConfigError:
    return ConfigError(
        "The configuration is not valid YAML",
        item=name,
        why=why,
        todo="Look at this line and the one before it; texts with : or # need quotes",
    )


def _item(node: yaml.Node, path: str, problems: Problems) -> Item:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        return Item(_mapping(node, path, problems), path, line)
    if isinstance(node, yaml.SequenceNode):
        entries = enumerate(node.value)
        return Item([_item(entry, f"{path}[{n}]", problems) for n, entry in entries], path, line)
    plain = _PLAIN[node.tag.removeprefix("tag:yaml.org,2002:")]
    return Item(plain(node.value), path, line, node.value)


def _mapping(node: yaml.MappingNode, path: str, problems: Problems) -> dict[str, Item]:
    items: dict[str, Item] = {}
    for key, value in node.value:
        name = key.value if isinstance(key, yaml.ScalarNode) else "?"
        here = f"{path}.{name}" if path else name
        if name in items:
            first = items[name].line
            problems.add(
                here, key.start_mark.line + 1, f"stands twice; the first is in line {first}"
            )
            continue
        item = _item(value, here, problems)
        items[name] = Item(item.value, here, key.start_mark.line + 1, item.written)
    return items


_PLAIN: dict[str, Callable[[str], object]] = {
    "null": lambda _: None,
    "bool": lambda written: written.lower() == "true",
    "int": int,
    "float": lambda written: float(written.lower().replace(".inf", "inf").replace(".nan", "nan")),
    "str": str,
}
