"""A site's data API, held against the JSON Schemas that the site publishes with it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource

FORMATS = FormatChecker(formats=["date"])


@FORMATS.checks("date-time", raises=ValueError)
def _is_instant(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


@FORMATS.checks("uri", raises=ValueError)
def _is_uri(value: object) -> bool:
    return not isinstance(value, str) or bool(urlsplit(value).scheme and urlsplit(value).hostname)


def api_documents(site: Path) -> dict[str, Any]:
    """Every document but the schemas, by path below ``api/v1/``; each is one line of JSON."""
    root = site / "api" / "v1"
    found = {}
    for path in sorted(root.rglob("*.json")):
        name = path.relative_to(root).as_posix()
        text = path.read_bytes().decode()
        assert text.endswith("}\n"), name
        assert text.count("\n") == 1, name
        if not name.startswith("schema/"):
            found[name] = json.loads(text)
    return found


def schemas(site: Path) -> dict[str, Any]:
    """The published schemas by ``$id``."""
    found = [json.loads(p.read_bytes()) for p in sorted((site / "api/v1/schema").glob("*.json"))]
    return {schema["$id"]: schema for schema in found}


def problems(site: Path) -> Iterator[str]:
    """What is wrong with a site's documents, a line each."""
    known = schemas(site)
    registry: Registry[Any] = Registry().with_resources(
        (address, Resource.from_contents(schema)) for address, schema in known.items()
    )
    validators = {
        address: Draft202012Validator(schema, registry=registry, format_checker=FORMATS)
        for address, schema in known.items()
    }
    for name, document in api_documents(site).items():
        for error in validators[document["$schema"]].iter_errors(document):
            yield f"{name}: {error.json_path}: {error.message[:200]}"
