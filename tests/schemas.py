"""A site's data API, held against the JSON Schemas that the site publishes with it."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource

from tests.projects import contents

FORMATS = FormatChecker(formats=["date"])


@FORMATS.checks("date-time", raises=ValueError)
def _is_instant(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


@FORMATS.checks("uri", raises=ValueError)
def _is_uri(value: object) -> bool:
    return not isinstance(value, str) or bool(urlsplit(value).scheme and urlsplit(value).hostname)


def api_documents(site: Path) -> dict[str, Any]:
    """Every document and schema of a site, by path below ``api/v1/``."""
    return parsed({f"api/{path}": data for path, data in contents(site / "api").items()})


def parsed(files: dict[str, bytes]) -> dict[str, Any]:
    """Likewise of files by path below the site's root; each document is one line of JSON."""
    found = {}
    for path, data in files.items():
        if path.startswith("api/v1/"):
            text = data.decode()
            assert text.endswith("}\n"), path
            assert text.count("\n") == 1, path
            found[path.removeprefix("api/v1/")] = json.loads(text)
    return found


def problems(documents: dict[str, Any]) -> list[str]:
    """What in documents is not as the schemas among them say, a line each."""
    registry: Registry[Any] = Registry().with_resources(
        (schema["$id"], Resource.from_contents(schema))
        for name, schema in documents.items()
        if name.startswith("schema/")
    )
    found = []
    for name, document in documents.items():
        if not name.startswith("schema/"):
            schema = {"$ref": document["$schema"]}
            validator = Draft202012Validator(schema, registry=registry, format_checker=FORMATS)
            found += [
                f"{name}: {error.json_path}: {error.message[:200]}"
                for error in validator.iter_errors(document)
            ]
    return found
