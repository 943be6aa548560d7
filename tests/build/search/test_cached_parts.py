"""Parts in the cache are made anew when the code changes that decides what is in them."""

from __future__ import annotations

import ast
from pathlib import Path

from generator.build.search.index import _MAKES_PARTS

GENERATOR = Path(__file__).resolve().parents[3] / "generator"
# What these give to a part is in the records, whose digests the cache compares.
DATA = {"build/archive/archive.py", "core/models.py", "store/merge.py", "core/taxonomy.py"}
# What cannot change a part: it carries names, errors and processes.
FRAME = {"build/search/plan.py", "core/errors.py", "core/parallel.py", "core/progress.py"}


def _imported(path: str) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse((GENERATOR / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("generator."):
            folder = "/".join((node.module or "").split(".")[1:])
            modules = {folder, *(f"{folder}/{alias.name}" for alias in node.names)}
            found |= {f"{m}.py" for m in modules if (GENERATOR / f"{m}.py").is_file()}
    return found


def test_the_code_behind_a_part_is_in_its_key() -> None:
    kept = {
        str(path.relative_to(GENERATOR)) for name in _MAKES_PARTS for path in GENERATOR.glob(name)
    }
    wanted = {"build/search/index.py"}
    while new := {one for path in wanted for one in _imported(path)} - wanted - DATA - FRAME:
        wanted |= new
    assert {"build/search/segment.py", "markup/text.py", "core/characters.py"} <= wanted
    assert wanted <= kept
