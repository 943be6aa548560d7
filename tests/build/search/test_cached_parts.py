"""Parts in the cache are made anew when the code changes that decides what is in them."""

from __future__ import annotations

import ast
from pathlib import Path

from generator.build.search.index import _MAKES_PARTS
from generator.build.search.vectors import _MAKES_VECTORS

GENERATOR = Path(__file__).resolve().parents[3] / "generator"
# The rooms where text becomes what is indexed. What comes from others, such as the archive, is in
# the records, whose digests the cache compares.
ROOMS = ("build/search/", "markup/", "core/characters.py")
# Says which part holds a paper, not what is in it.
PLAN = "build/search/plan.py"
# The vectors of all parts are made anew when their own code changes.
WITH_A_KEY_OF_THEIR_OWN = {f"build/search/{name}.py" for name in _MAKES_VECTORS} - {
    f"build/search/{name}.py" for name in ("words", "reading", "records")
}


def _imported(path: str) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse((GENERATOR / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("generator."):
            folder = "/".join((node.module or "").split(".")[1:])
            modules = {folder, *(f"{folder}/{alias.name}" for alias in node.names)}
            found |= {f"{m}.py" for m in modules if (GENERATOR / f"{m}.py").is_file()}
    return {path for path in found if path.startswith(ROOMS)} - {PLAN, *WITH_A_KEY_OF_THEIR_OWN}


def test_the_code_behind_a_part_is_in_its_key() -> None:
    kept = {
        str(path.relative_to(GENERATOR)) for name in _MAKES_PARTS for path in GENERATOR.glob(name)
    }
    wanted = {"build/search/index.py"}
    while new := {one for path in wanted for one in _imported(path)} - wanted:
        wanted |= new
    assert {"build/search/words.py", "markup/text.py", "core/characters.py"} <= wanted
    assert wanted <= kept
