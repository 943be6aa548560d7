"""The store: what is written is read back, damage is named, and nothing is ever half there."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
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
from tests.builders import DAY, make_day, make_paper, make_row, make_summary
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
        (lambda raw: raw.update(schema=4), "schema 4 is none from 1 to 3"),
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
        assert new.pop("schema") == 3
        del old["schema"]
        for part in (new, *new.get("summaries", ()), new.get("run", {})):
            if "body" in part:
                assert part.pop("tldr") == "本文提出 Sample，将复杂度降到 $O(n \\log n)$。"
            for key in (
                *("failures", "tldr", "tags", "search_phrases", "left_out", "usage", "seconds"),
            ):
                assert not part.pop(key, None)
        assert new == old


BODY = "## 1. 贡献\n\n很多。\n\n---\n\n> **一句话总结**：本文提出 **Sample**，把缓存减到一半。"


def of_schema_2(root: Path, **fields: Any) -> Path:
    """Write a paper as schema 2 had it, whose summary has these fields."""
    summary = make_summary(body=BODY, language="zh", **fields)
    Store(root).write([paper(summaries=(summary,))], [day("2602.90001")])
    path = root / "papers" / "2602" / "2602.90001.json"
    path.write_bytes(path.read_bytes().replace(b'"schema": 3', b'"schema": 2'))
    return path


def test_an_imported_summary_gets_its_sentence_as_it_is_read(tmp_path: Path) -> None:
    """With no call, and once: what is written then is what is read."""
    path = of_schema_2(tmp_path, input="imported", tldr="")
    store = Store(tmp_path)
    assert store.check() == []
    (kept,) = store.papers()
    assert kept.summaries[0].tldr == "本文提出 Sample，把缓存减到一半。"
    assert store.write([kept], []) == 1
    assert json.loads(path.read_bytes())["summaries"][0]["tldr"] == kept.summaries[0].tldr
    assert store.write(store.papers(), store.days()) == 0


@pytest.mark.parametrize(
    ("made_from", "tldr"),
    [("imported", "A model's own."), ("fulltext", "A model's own."), ("fulltext", "")],
)
def test_what_a_model_was_asked_for_stays(made_from: str, tldr: str, tmp_path: Path) -> None:
    of_schema_2(tmp_path, input=made_from, tldr=tldr)
    (kept,) = Store(tmp_path).papers()
    assert kept.summaries[0].tldr == tldr


def test_of_schema_3_a_sentence_that_is_empty_stays_empty(tmp_path: Path) -> None:
    path = of_schema_2(tmp_path, input="imported", tldr="")
    path.write_bytes(path.read_bytes().replace(b'"schema": 2', b'"schema": 3'))
    (kept,) = Store(tmp_path).papers()
    assert kept.summaries[0].tldr == ""


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


def test_numbers_that_json_has_not_are_never_written(tmp_path: Path) -> None:
    for score in (float("nan"), float("inf")):
        listed = day("2602.90001")
        broken = replace(listed, rows=(replace(listed.rows[0], score=score),))
        with pytest.raises(StoreError, match="no number that JSON has"):
            Store(tmp_path).write([paper()], [broken])
    assert contents(Store(tmp_path).root) == {}


@pytest.mark.parametrize(
    ("found", "put", "says"),
    [
        ('"score": 2.5', '"score": NaN', "malformed"),
        ('"score": 2.5', '"score": 1e999', "out of range"),
        ('"score": 2.5', '"score": ' + "9" * 5000, "out of range"),
        ('"version": 1', '"version": ' + "9" * 30, "<= 9007199254740991"),
        ('"seconds": null', '"seconds": ' + "[" * 100_000 + "]" * 100_000, "recursion"),
        ('"date": "2026-02-05"', '"date": "9999-12-31"', "matching regex"),
        ('"date": "2026-02-05"', '"date": "0001-01-01"', "matching regex"),
        ('"date": "2026-02-05"', '"date": "2026-02-30"', "Invalid"),
        ('"updated": null', '"updated": "9999-12-31T00:00:00Z"', "matching regex"),
    ],
)
def test_what_no_run_can_have_written_is_refused(found, put, says, tmp_path) -> None:
    Store(tmp_path).write([paper()], [day("2602.90001")])
    path = tmp_path / "days" / "2026" / "2026-02-05.json"
    text = path.read_text()
    assert found in text
    path.write_text(text.replace(found, put))
    with pytest.raises(StoreError, match=says):
        list(Store(tmp_path).days())
    assert any("2026-02-05.json" in problem for problem in Store(tmp_path).check())


# What a power cut leaves, and that ours leaves nothing

TORN = {
    "empty": lambda data: b"",
    "nothing but zeros": lambda data: bytes(len(data)),
    "its end is missing": lambda data: data[: len(data) // 2],
    "a block is missing": lambda data: data[:40] + bytes(60) + data[100:],
}


@pytest.mark.parametrize("tear", TORN.values(), ids=TORN)
def test_a_torn_file_is_set_aside_where_somebody_mends(tear, tmp_path, caplog) -> None:
    Store(tmp_path).write([paper()], [day("2602.90001")])
    for name in contents(tmp_path):
        (tmp_path / name).write_bytes(tear((tmp_path / name).read_bytes()))
    torn = contents(tmp_path)
    reader = Store(tmp_path)
    with pytest.raises(StoreError, match=r"2602.90001.json.*generator update"):
        reader.paper("2602.90001")
    assert len(reader.check()) == 2
    assert contents(tmp_path) == torn  # who reads changes nothing
    mending = Store(tmp_path, mends=True)
    assert (mending.paper("2602.90001"), mending.day(DAY)) == (None, None)
    assert contents(tmp_path) == {f".damaged/{name}": data for name, data in torn.items()}
    assert caplog.text.count("set aside") == 2
    assert sorted(mending.lost()) == sorted(torn)
    assert mending.check() == []


def test_what_is_wrong_but_whole_is_never_set_aside(tmp_path: Path) -> None:
    """An operator's slip, or a conflict that git has written into a file, is theirs to mend."""
    Store(tmp_path).write([paper()], [])
    path = tmp_path / "papers" / "2602" / "2602.90001.json"
    path.write_bytes(b"<<<<<<< ours\n" + path.read_bytes())
    with pytest.raises(StoreError, match=r"git checkout"):
        Store(tmp_path, mends=True).paper("2602.90001")
    assert path.exists()


def test_a_torn_commit_replaces_nothing_that_is_whole(tmp_path: Path) -> None:
    Store(tmp_path).write([paper()], [day("2602.90001")])
    staged = tmp_path / ".commit" / "papers" / "2602" / "2602.90001.json"
    staged.parent.mkdir(parents=True)
    staged.write_bytes(b"")
    assert Store(tmp_path).paper("2602.90001") == paper()
    assert not (tmp_path / ".commit").exists()


def test_each_step_of_a_write_is_on_the_disk_before_the_next(tmp_path, monkeypatch) -> None:
    steps: list[str] = []
    real_fsync, real_rename, real_replace = os.fsync, Path.rename, Path.replace

    def fsync(descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        steps.append(f"sync {path.relative_to(tmp_path)}")
        real_fsync(descriptor)

    def moved(real: Callable[[Path, Path], Path]) -> Callable[[Path, Path], Path]:
        def move(path: Path, target: Path) -> Path:
            steps.append(f"move to {target.relative_to(tmp_path)}")
            return real(path, target)

        return move

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "rename", moved(real_rename))
    monkeypatch.setattr(Path, "replace", moved(real_replace))
    Store(tmp_path).write([paper()], [day("2602.90001")])
    files = ["papers/2602/2602.90001.json", "days/2026/2026-02-05.json"]
    folders = ["papers/2602", "papers", "days/2026", "days"]
    assert sorted(steps[:8]) == sorted(
        ["sync .", "sync .pending", *(f"sync .pending/{name}" for name in (*files, *folders))]
    )
    assert steps[8:12] == ["move to .commit", "sync .", *(f"move to {name}" for name in files)]
    assert sorted(steps[12:]) == sorted(["sync .", *(f"sync {name}" for name in folders)])
