"""The index as it is read from its folder: parts, newest first, with their files.

``site_src/assets/search/parts.js`` does the same in the browser.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from generator.build.search.dictionary import Dictionary


@dataclass(frozen=True)
class OpenPart:
    """A part of the index; ``stale`` are the numbers of papers that are not to be seen."""

    folder: Path
    papers: int
    stale: frozenset[int]

    @cached_property
    def dictionary(self) -> Dictionary:
        """The part's words."""
        return Dictionary(self._bytes, self.table("part")["stems"])

    @cached_property
    def days(self) -> list[str]:
        """The ISO day of every paper, in order."""
        return [day for day, count in self.table("part")["days"] for _ in range(count)]

    @cached_property
    def facets(self) -> dict[str, Any]:
        """What results can be narrowed by."""
        found: dict[str, Any] = self.table("facets")
        return found

    @property
    def size(self) -> int:
        """How many papers of the part can be found."""
        return self.papers - len(self.stale)

    def identifier(self, paper: int) -> str:
        """Return a paper's arXiv id."""
        block = self.table("part")["block"]
        found: str = self.table(f"papers/{paper // block}")[paper % block][0]
        return found

    def table(self, name: str) -> Any:
        """Return a table by its name; what the part does not have is empty."""
        if name not in self._tables:
            path = self.folder / f"{name}.json"
            self._tables[name] = json.loads(path.read_bytes()) if path.exists() else {}
        return self._tables[name]

    @cached_property
    def _tables(self) -> dict[str, Any]:
        return {}

    def _bytes(self, name: str) -> bytes:
        return (self.folder / name).read_bytes()


def open_parts(cache: Path, parts: Mapping[str, Any]) -> list[OpenPart]:
    """Return the parts that ``index.update_index`` told of."""
    return [
        OpenPart(cache / part["name"], part["papers"], frozenset(part["stale"]))
        for part in parts["parts"]
    ]
