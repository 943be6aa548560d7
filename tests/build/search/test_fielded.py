"""The index for look-up by field, read by lunr.js itself in Node."""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.build.search.fielded import tables
from generator.build.search.records import Record
from generator.build.site.engine import LUNR_JS

# Reads an index on each line; answers with the rows that hold a term in any field, or the error.
_READER = """
const lunr = require(process.argv[1]);
const ask = ([index, term]) => {
  try {
    return lunr.Index.load(index).query((query) => query.term(term)).map(({ ref }) => ref);
  } catch (error) {
    return String(error);
  }
};
const asked = JSON.parse(require("fs").readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(asked.map(ask)));
"""


def _record(title: str, author: str = "Ada Sample", tag: str = "kernel") -> Record:
    nothing: dict[str, Any] = {"tldrs": (), "summary_tags": (), "summaries": ()}
    return Record(
        id="2602.00001",
        title=title,
        authors=(author,),
        abstract="",
        day=date(2026, 2, 5),
        rank=1,
        score=1.0,
        type="new",
        categories=("cs.LG",),
        tags=(tag,),
        **nothing,
    )


def _found(folder: Path, asked: list[tuple[list[Record], str]]) -> list[Any]:
    """Return what lunr.js finds of each term in the index of its records."""
    if not shutil.which("node"):
        pytest.skip("no Node")
    library = shutil.copy(LUNR_JS, folder / "lunr.js")
    found = subprocess.run(
        ["node", "-e", _READER, str(library)],
        input=json.dumps([[tables(records)["lunr"], term] for records, term in asked]),
        capture_output=True,
        text=True,
        check=True,
    )
    answers: list[Any] = json.loads(found.stdout)
    return answers


TERMS = ("𝔸", "ﬁ", "\ue000x", "zoo", "文", "𝒳𝒴", "\uffdc", "𠀀", "constructor", "\ud7a3")


def test_letters_beyond_the_first_plane_break_no_look_up(tmp_path: Path) -> None:
    records = [_record(f"{term} kernel", author=f"{term} Sample", tag=term) for term in TERMS]
    found = _found(tmp_path, [(records, "sampl"), *((records, "kernel") for _ in TERMS)])
    assert sorted(found[0]) == sorted(str(row) for row in range(len(TERMS)))
    assert all(isinstance(rows, list) and len(rows) == len(TERMS) for rows in found)


def test_lunr_reads_the_index_of_any_titles(tmp_path: Path) -> None:
    letters = st.text(
        st.sampled_from("aZ \ufb01\ue000\uffdc𝔸𠀀文")
        | st.characters(categories=("L", "N", "Co", "Mn"), include_characters=" -"),
    )
    asked: list[tuple[list[Record], str]] = []

    @given(st.lists(letters, min_size=2, max_size=6))
    @settings(max_examples=60)
    def collect(titles: list[str]) -> None:
        asked.append(([_record(title, author=title, tag=title) for title in titles], "cs.lg"))

    collect()
    answers = _found(tmp_path, asked)
    for (records, _), rows in zip(asked, answers, strict=True):
        assert sorted(rows) == sorted(str(row) for row in range(len(records)))
