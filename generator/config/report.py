"""What pydantic finds wrong → sentences with dotted path, line and suggestion, in one report."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from pydantic_core import ErrorDetails

from generator.config.values import but_is
from generator.config.yaml import Location, Problem, SourcePlace, YamlDocument, dotted
from generator.core.errors import ConfigError

# The part of a JSON Schema that describes one value.
Node = dict[str, Any]


def option_paths(schema: Node) -> tuple[str, ...]:
    """Return the dotted path of every option that the JSON Schema knows."""
    sections = {name: _node(schema, (name,)) for name in schema["properties"]}
    return tuple(
        f"{name}.{option}" for name, node in sections.items() for option in node["properties"]
    )


def problems(errors: Iterable[ErrorDetails], document: YamlDocument, schema: Node) -> list[Problem]:
    """Return what is wrong with the values of the document, in pydantic's order."""
    found = []
    for error in errors:
        # A list whose entries are all unfit counts as empty, too.
        if error["type"] != "too_short" or not error["input"]:
            place = document.place(error["loc"])
            found.append(Problem(place.line, place.path, _sentence(error, place, schema)))
    return found


def refusal(found: Iterable[Problem], name: str) -> ConfigError:
    """Return one error that lists all problems of the file ``name``, in its order."""
    lines = [
        f"{path} (line {line}) {text}" if line else f"{path} {text}"
        for line, path, text in sorted(found, key=lambda problem: problem.line)
    ]
    return ConfigError(
        f"The configuration has {len(lines)} problem{'s' if len(lines) > 1 else ''}",
        item=name,
        why="".join(f"\n  {line}" for line in lines).rstrip("."),
        todo="\nCorrect this; docs/configuration.md describes every option",
    )


_WHOLE_SENTENCES = {
    "missing": "is missing",
    "string_unicode": "must be one line of printable text",
}


def _sentence(error: ErrorDetails, place: SourcePlace, schema: Node) -> str:
    kind, location, value = error["type"], error["loc"], error["input"]
    if kind == "value_error":
        return str(error["ctx"]["error"])
    if kind == "unexpected_keyword_argument":
        return _unknown(location, schema)
    if value is None:
        return "is empty; remove it or give it a value"
    if kind in ("string_type", "path_type"):
        quotes = f'; write it in quotes: "{place.written}"'
        return f"must be text{but_is(value) if isinstance(value, (dict, list)) else quotes}"
    if kind == "too_short":
        return f"must name at least one, such as {_node(schema, (*location, 0))['enum'][0]}"
    node = _node(schema, location)
    known = _WHOLE_SENTENCES.get(kind)
    return known or f"must be {_wanted(node)}{_instead(value, place.written, node)}"


def _unknown(location: Location, schema: Node) -> str:
    """Say that there is no such option, with the one that was probably meant."""
    *above, option = location
    known = _node(schema, tuple(above))["properties"]
    near = [dotted((*above, name)) for name in get_close_matches(str(option), known, n=1)]
    moved = [path for path in option_paths(schema) if path.rpartition(".")[2] == option]
    if suggestion := near or moved:
        return f'is no option (did you mean "{suggestion[0]}"?)'
    return f"is no option; known here: {', '.join(known)}"


_KINDS = {"integer": "a whole number", "number": "a number", "object": "a mapping"}


def _wanted(node: Node) -> str:
    """Say what a value must be, by the part of the JSON Schema for it."""
    if "enum" in node:
        return " or ".join(node["enum"])
    if "pattern" in node:
        return str(node["title"])
    wanted = next((name for kind, name in _KINDS.items() if kind in node["type"]), "")
    least, most = node.get("minimum"), node.get("maximum")
    if most is not None:
        return f"{wanted} between {least:.15g} and {most:.15g}"
    if least is not None:
        return f"{wanted} of at least {least:.15g}"
    return wanted.replace("a number", "a finite number") or 'a list, with "- " before each'


def _instead(value: object, written: str, node: Node) -> str:
    """Say what a value is in place of that, or what was probably meant."""
    if near := get_close_matches(written.lower(), node.get("enum", ()), n=1):
        return f'{but_is(value, written)} (did you mean "{near[0]}"?)'
    if "pattern" in node:
        better = f"https://{value}"
        is_address = "." in better and re.match(node["pattern"], better)
        return f" (did you mean {better}?)" if is_address else ""
    if node["type"] in ("integer", "number") and re.fullmatch(r"[-+]?\d+(\.\d+)?", str(value)):
        return ", without quotes" if isinstance(value, str) else but_is(value, written)
    return but_is(value, written)


def _node(schema: Node, location: Location) -> Node:
    """Return the part of the JSON Schema for what stands at ``location``, null left aside."""
    node = schema
    for step in (None, *location):
        if isinstance(step, int):
            node = node["items"]
        elif step:
            node = node.get("properties", {}).get(step) or node["additionalProperties"]
        node = next((part for part in node.get("anyOf", ()) if part.get("type") != "null"), node)
        if "$ref" in node:
            node = schema["$defs"][node["$ref"].rpartition("/")[2]]
    return node
