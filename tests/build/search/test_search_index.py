"""The search index in parts: what goes where, what is made anew, what stays untouched."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from generator.build.archive.archive import Archive
from generator.build.search.index import publish, update_index
from generator.build.search.opened import open_parts
from generator.build.search.plan import part_names, plan_parts
from generator.build.search.searching import Filters, search
from generator.build.site.engine import LUNR_JS
from generator.core.days import Row
from tests.builders import make_archive, make_paper, make_row
from tests.projects import contents

IDS = st.sampled_from([f"2602.{n:05}" for n in range(12)])
NAMES = st.sampled_from(["2026-05", "2026", "2025", "2024"])


def _archive(*papers: tuple[str, date, str]) -> Archive:
    """Papers as (id, day, title)."""
    days: dict[date, list[Row]] = {}
    values = []
    for identifier, day, title in papers:
        paper = make_paper(
            identifier,
            title=title,
            authors=("Ana Muster", "Bo Sample"),
            abstract="An invented abstract.",
            categories=("cs.LG", "cs.AI"),
            day=day,
        )
        values.append(paper)
        days.setdefault(day, []).append(make_row(paper, "sparse", score=2.0))
    return make_archive(days, values)


def _sample(title: str = "An old paper") -> Archive:
    return _archive(
        ("2512.00001", date(2025, 12, 1), "Before the year"),
        ("2602.00001", date(2026, 2, 2), title),
        ("2602.00002", date(2026, 2, 2), "Another old paper"),
        ("2605.00001", date(2026, 5, 4), "A new paper"),
    )


def _no_progress(done: int, total: int) -> None:
    pass


def _titles(site: Path, part: str) -> list[str]:
    return [row[1] for row in json.loads((site / part / "papers" / "0.json").read_bytes())]


def test_the_current_month_is_a_part_of_its_own() -> None:
    start = date(2024, 1, 1)
    days = {f"p{n}": start + timedelta(days=n // 10) for n in range(8700)}  # to 2026-05-19
    names = part_names(days)
    assert set(names.values()) == {"2026-05", "2026", "2025", "2024"}
    assert all((name == "2026-05") == (days[i] >= date(2026, 5, 1)) for i, name in names.items())
    assert all(name[:4] == str(days[i].year) for i, name in names.items())


def test_a_small_year_joins_the_next() -> None:
    days = {"a": date(2024, 3, 1), "b": date(2025, 12, 1), "c": date(2026, 1, 5)}
    assert part_names(days) == {"a": "2025", "b": "2025", "c": "2026-01"}
    assert part_names({}) == {}


@given(
    papers=st.dictionaries(IDS, st.tuples(NAMES, st.sampled_from("xyz")), min_size=1),
    built=st.dictionaries(NAMES, st.dictionaries(IDS, st.sampled_from("xyz"))),
    most=st.integers(0, 20),
)
def test_every_paper_is_seen_once_as_it_is_now(
    papers: dict[str, tuple[str, str]], built: dict[str, dict[str, str]], most: int
) -> None:
    wanted = {identifier: digest for identifier, (_, digest) in papers.items()}
    names = {identifier: name for identifier, (name, _) in papers.items()}
    plan = plan_parts(wanted, names, built, most)
    seen = [
        (identifier, digest)
        for name, part in plan.contents.items()
        for identifier, digest in part.items()
        if identifier not in plan.stale.get(name, ())
    ]
    assert sorted(seen) == sorted(wanted.items())
    live, *closed = plan.contents
    moved = len(plan.contents[live]) - sum(name == live for name in names.values())
    assert moved + sum(map(len, plan.stale.values())) <= most
    for name in closed:
        if name not in plan.fresh:
            assert plan.contents[name] == built[name]


def test_too_many_changes_make_the_part_anew_that_has_most() -> None:
    wanted = {f"a{n}": "new" for n in range(5)} | {"b0": "new", "c0": "new"}
    names = {i: {"a": "2024", "b": "2025", "c": "2026-01"}[i[0]] for i in wanted}
    built = {"2024": {f"a{n}": "old" for n in range(5)}, "2025": {"b0": "old"}}
    plan = plan_parts(wanted, names, built, max_moved=4)
    assert plan.fresh == {"2024", "2026-01"}
    assert plan.stale == {"2025": frozenset({"b0"})}
    assert plan.contents["2026-01"] == {"b0": "new", "c0": "new"}


def test_a_finished_month_waits_for_a_build_without_news() -> None:
    papers = {"may": "x", "april": "x", "march": "x", "revised": "y", "old": "x"}
    names = {"may": "2026-05", "april": "2026", "march": "2026", "revised": "2025", "old": "2025"}
    closed = {"2026": {"march": "x"}, "2025": {"revised": "x", "old": "x"}}
    built = {"2026-04": {"april": "x", "revised": "y"}, **closed}
    first = plan_parts(papers, names, built, max_moved=1)
    assert first.fresh == {"2026-05"}
    assert first.contents == {"2026-05": {"may": "x"}, **built}
    assert first.stale == {"2025": frozenset({"revised"})}
    later = plan_parts(papers, names, first.contents, max_moved=1)
    assert later.fresh == {"2026", "2025"}
    assert later.contents["2026"] == {"march": "x", "april": "x"}
    assert later.contents["2025"] == {"revised": "y", "old": "x"}
    assert not plan_parts(papers, names, later.contents, max_moved=1).fresh


def test_months_do_not_wait_for_ever() -> None:
    months = [f"2026-{month:02}" for month in range(1, 7)]
    papers = dict.fromkeys(months, "x")
    names = dict.fromkeys(months, "2026") | {months[-1]: months[-1]}
    three = {month: {month: "x"} for month in months[2:5]}
    early = {"2026": dict.fromkeys(months[:2], "x")}
    assert plan_parts(papers, names, three | early, max_moved=1).fresh == {months[-1]}
    four = {month: {month: "x"} for month in months[1:5]}
    plan = plan_parts(papers, names, four | {"2026": {months[0]: "x"}}, max_moved=1)
    assert plan.fresh == {months[-1], "2026"}
    assert set(plan.contents["2026"]) == set(months[:-1])


def test_nothing_is_made_anew_where_nothing_changed(tmp_path: Path) -> None:
    first = update_index(_sample(), tmp_path, _no_progress)
    before = {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*")}
    assert update_index(_sample(), tmp_path, _no_progress) == first
    assert {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*")} == before


def test_the_same_archive_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        parts = update_index(_sample(), tmp_path / name, _no_progress)
        (tmp_path / f"site-{name}").mkdir()
        publish(tmp_path / name, parts, {}, tmp_path / f"site-{name}", LUNR_JS)
    assert contents(tmp_path / "site-a") == contents(tmp_path / "site-b")


def test_a_revised_old_paper_moves_and_its_old_part_stays_byte_for_byte(tmp_path: Path) -> None:
    cache, site = tmp_path / "cache", tmp_path / "site"
    before = update_index(_sample(), cache, _no_progress)
    assert [part["name"] for part in before["parts"]] == ["2026-05", "2026"]
    old = contents(cache / "2026")
    after = update_index(_sample(title="An old paper, revised"), cache, _no_progress)
    assert contents(cache / "2026") == old
    live, closed = after["parts"]
    assert (live["papers"], closed["papers"]) == (2, 3)
    site.mkdir()
    publish(cache, after, {}, site, LUNR_JS)
    assert _titles(site, "2026-05") == ["A new paper", "An old paper, revised"]
    assert [_titles(site, "2026")[number] for number in closed["stale"]] == ["An old paper"]


def test_a_name_in_a_title_is_found_however_it_is_joined(tmp_path: Path) -> None:
    archive = _archive(
        ("2605.00001", date(2026, 5, 4), "Star Elastic: Many Models in One"),
        ("2605.00002", date(2026, 5, 4), "A-LAMP: An Agent"),
        ("2605.00003", date(2026, 5, 4), "GPU-Virt-Bench: A Benchmark of Sharing"),
        ("2605.00004", date(2026, 5, 4), "HyperParallel-MoE for All"),
        ("2605.00005", date(2026, 5, 4), "Elastic Stars, Virtually"),
    )
    parts = open_parts(tmp_path, update_index(archive, tmp_path, _no_progress))
    for number, spellings in {
        1: ("star elastic", "StarElastic", "star-elastic"),
        2: ("A-LAMP", "alamp", "a lamp"),
        3: ("gpu virt bench", "GPUVirtBench", "gpu-virt-bench", "GPUVirt-Bench"),
        4: ("hyper parallel moe", "hyperparallelmoe", "Hyper-Parallel-MoE"),
    }.items():
        for text in spellings:
            best = search(text, parts, {}, Filters(), date(2026, 5, 5)).hits[0]
            assert parts[best.part].identifier(best.paper) == f"2605.0000{number}", text


def test_what_a_killed_build_left_is_made_anew(tmp_path: Path) -> None:
    first = update_index(_sample(), tmp_path, _no_progress)
    whole = contents(tmp_path)
    (tmp_path / "2026" / "seal").write_text('{"key": "')
    (tmp_path / "2026-05.new").mkdir()
    (tmp_path / "2026-05.new" / "half").write_text("")
    (tmp_path / "2019").mkdir()
    assert update_index(_sample(), tmp_path, _no_progress) == first
    assert contents(tmp_path) == whole


def test_an_empty_archive_has_no_parts(tmp_path: Path) -> None:
    parts = update_index(Archive.of([], []), tmp_path / "cache", _no_progress)
    assert parts == {"parts": []}
    (tmp_path / "site").mkdir()
    publish(tmp_path / "cache", parts, {}, tmp_path / "site", LUNR_JS)
    assert json.loads((tmp_path / "site" / "parts.json").read_bytes()) == parts
