"""Imports go one way, as docs/architecture.md draws it."""

from __future__ import annotations

import ast
from pathlib import Path

GENERATOR = Path(__file__).resolve().parents[1] / "generator"

# Lowest first; a module imports only from layers before its own, or from its own group.
LAYERS: tuple[tuple[str, ...], ...] = (
    ("__init__", "errors"),
    (
        "models",
        "parallel",
        "texts",
        "render",
        "maths",
        "taxonomy",
        "size",
        "withdrawal",
        "feed_formats",
    ),
    ("urls", "codec", "sources", "matching", "merge"),
    ("selection", "store", "archive", "summarize", "digest", "citing", "sitemap"),
    (
        "daily",
        "refresh",
        "digest_file",
        "describe",
        "strip",
        "chart",
        "plot",
        "fragments",
        "layout",
        "metadata",
        "summaries",
        "search",
        "periods",
        "people",
        "rising",
    ),
    ("bibliography", "cards"),
    ("indexes", "roundup", "trends", "authors", "status", "feeds", "api", "api_documents"),
    ("crawlers", "pagehtml", "backfill"),
    ("pages", "bulk", "sitecheck", "serve"),
    ("mkdocs_hooks", "site"),
    ("config_reader", "config_values", "config_convert", "config_summarize", "config", "sample"),
    ("summary_jobs", "catchup", "fetching"),
    ("pipeline",),
    ("reporting", "arguments"),
    ("demo",),
    ("cli",),
    ("__main__",),
)
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}


def _imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("generator"):
            parts = node.module.split(".")
            found |= {parts[1]} if len(parts) > 1 else {alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {a.name.split(".")[1] for a in node.names if a.name.startswith("generator.")}
    return {name for name in found if not name.startswith("__version")}


def _modules() -> dict[str, list[Path]]:
    modules: dict[str, list[Path]] = {}
    for path in GENERATOR.rglob("*.py"):
        parts = path.relative_to(GENERATOR).with_suffix("").parts
        modules.setdefault(parts[0], []).append(path)
    return modules


def test_every_module_has_its_place() -> None:
    assert set(_modules()) == set(RANK)


def test_no_import_goes_upwards() -> None:
    for name, paths in _modules().items():
        for path in paths:
            for imported in _imports(path) - {name}:
                assert RANK[imported] <= RANK[name], f"{path.name} imports {imported}"
                same = RANK[imported] == RANK[name]
                assert not same or imported.split("_")[0] == name.split("_")[0] or RANK[name] < 5, (
                    f"{path.name} imports {imported} of its own layer"
                )


def test_only_the_top_knows_the_configuration() -> None:
    top = {
        "config",
        "config_convert",
        "config_summarize",
        "summary_jobs",
        "catchup",
        "fetching",
        "pipeline",
        "reporting",
        "demo",
        "cli",
        "__main__",
    }
    for name, paths in _modules().items():
        for path in paths:
            if name not in top:
                assert not _imports(path) & {"config", "cli"}, (
                    f"{path.name} knows the configuration"
                )


def test_the_picture_names_every_module() -> None:
    picture = (GENERATOR.parent / "docs" / "architecture.md").read_text()
    for name in _modules():
        if not name.startswith("__"):
            assert f"`{name}" in picture, f"docs/architecture.md does not name {name}"
