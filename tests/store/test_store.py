"""The store: what is written is read back, damage is named, and nothing is ever half there."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from generator.core.days import Day, Match
from generator.core.errors import StoreError
from generator.core.papers import Author, Paper
from generator.store import codec
from generator.store.store import Store
from tests.builders import DAY, make_day, make_paper, make_row
from tests.projects import contents

MATCH = Match("LLM", "title", 2.5)


def paper(identifier: str = "2602.90001", **changes: Any) -> Paper:
    return make_paper(
        identifier,
        **{
            "title": "Sample: a paper",
            "authors": (Author("Ada Sample", "Sample University"),),
            "abstract": "It holds nothing.",
            "categories": ("cs.LG", "cs.AI"),
            **changes,
        },
    )


def day(*ids: str, on: date = DAY) -> Day:
    return make_day(*(replace(make_row(i), score=2.5, matches=(MATCH,)) for i in ids), day=on)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda raw: raw.update(schema=3), "schema 3 is neither"),
        (lambda raw: raw.update(extra=1), "unknown field `extra`"),
        (
            lambda raw: raw["listings"][0].update(extra=1),
            "unknown field `extra` - at `$.listings[0]`",
        ),
        (lambda raw: raw.pop("title"), "missing required field `title`"),
        (lambda raw: raw.update(title=3), "Expected `str`, got `int` - at `$.title`"),
        (lambda raw: raw.update(id="../../etc/passwd"), "Not an arXiv identifier"),
        (lambda raw: raw.update(id="2602.90001v1"), "not a canonical id"),
        (lambda raw: raw.update(listings=[]), "`array` of length >= 1 - at `$.listings`"),
        (lambda raw: raw["listings"][0].update(type="gone"), "'gone'"),
    ],
)
def test_a_damaged_file_is_an_error_that_names_it(change: object, says: str, tmp_path) -> None:
    store = Store(tmp_path)
    store.write([paper()], [day("2602.90001")])
    path = tmp_path / "papers" / "2602" / "2602.90001.json"
    raw = json.loads(path.read_bytes())
    change(raw)  # type: ignore[operator]
    path.write_text(json.dumps(raw))
    with pytest.raises(StoreError) as caught:
        store.paper("2602.90001")
    assert "papers/2602/2602.90001.json" in str(caught.value)
    assert says in str(caught.value)
    assert any(says in problem for problem in store.check())


def test_a_store_of_schema_1_is_read_and_written_as_of_today(tmp_path: Path) -> None:
    shutil.copytree(Path(__file__).with_name("schema_1"), tmp_path, dirs_exist_ok=True)
    store = Store(tmp_path)
    assert store.check() == []
    days = list(store.days())
    assert [paper.id for paper in store.papers()] == [
        *("2602.90001", "2602.90002", "2602.90003", "math/0309136")
    ]
    summarized = store.paper("2602.90001")
    assert summarized is not None
    assert summarized.summaries[0].body.startswith("# 论文总结")
    assert store.write(store.papers(), days) == len(days) + 4
    for name, data in contents(Path(__file__).with_name("schema_1")).items():
        old, new = json.loads(data), json.loads((tmp_path / name).read_bytes())
        assert new.pop("schema") == 2
        del old["schema"]
        for part in (new, *new.get("summaries", ()), new.get("run", {})):
            for key in ("failures", "tldr", "tags", "left_out", "usage", "seconds"):
                assert not part.pop(key, None)
        assert new == old


def test_ids_are_texts_so_that_no_zero_is_lost(tmp_path: Path) -> None:
    Store(tmp_path).write([paper("2602.00010"), paper("math/0309136")], [])
    assert sorted(contents(tmp_path)) == ["papers/2602/2602.00010.json", "papers/math/0309136.json"]


def test_writing_the_same_again_changes_no_byte(tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert store.write([paper()], [day("2602.90001")]) == 2
    before = contents(tmp_path)
    assert store.write([paper()], [day("2602.90001")]) == 0
    assert contents(tmp_path) == before


def test_check_finds_what_does_not_fit_together(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.write(
        [paper("2602.90001"), paper("2602.90002")], [day("2602.90001", "2602.90001", "2602.90003")]
    )
    problems = "\n".join(store.check())
    assert "2602.90001 is listed more than once" in problems
    assert "2602.90003 is listed but has no file" in problems
    assert "2602.90002 is stored but no day lists it" in problems
    (tmp_path / "papers" / "2602" / "2602.90009.json").write_bytes(codec.encode_paper(paper()))
    assert any("it holds 2602.90001" in problem for problem in store.check())


def test_a_write_that_fails_leaves_the_store_as_it_was(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.write([paper()], [day("2602.90001")])
    before = contents(tmp_path)
    broken = paper("2602.90002", title="a lone surrogate \ud800")
    with pytest.raises(StoreError, match="not valid Unicode"):
        store.write([paper(title="new"), broken], [])
    assert contents(Store(tmp_path).root) == before
    assert Store(tmp_path).check() == []


def test_an_interrupted_commit_is_finished_by_the_next_to_open(tmp_path: Path) -> None:
    Store(tmp_path / "whole").write([paper()], [day("2602.90001")])
    whole = contents(tmp_path / "whole")
    # A kill right after the commit: everything still staged.
    (tmp_path / "whole" / ".commit").mkdir()
    for part in ("papers", "days"):
        (tmp_path / "whole" / part).rename(tmp_path / "whole" / ".commit" / part)
    assert Store(tmp_path / "whole").paper("2602.90001") == paper()
    assert contents(tmp_path / "whole") == whole


def test_an_unfinished_write_is_dropped_by_the_next_to_open(tmp_path: Path) -> None:
    staged = tmp_path / ".pending" / "papers" / "2602"
    staged.mkdir(parents=True)
    (staged / "2602.90001.json").write_bytes(b'{"half')
    assert Store(tmp_path).paper("2602.90001") is None
    assert contents(tmp_path) == {}
