"""The fixed query set of the search benchmark: every query has an answer that is really there."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.queries import QUERIES, Query, make_queries
from generator.core.papers import Paper
from generator.store.store import Store
from tests.projects import make_project, run_generator
from tests.shared import CORPUS, needs_shared

pytestmark = needs_shared


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    project = make_project(tmp_path_factory.mktemp("queries"))
    run_generator(project, "import", str(CORPUS))
    return Store(Path(project / "data"))


@pytest.fixture(scope="module")
def papers(store: Store) -> dict[str, Paper]:
    return {paper.id: paper for paper in store.papers()}


@pytest.fixture(scope="module")
def queries(store: Store) -> list[Query]:
    return make_queries(store)


def test_there_are_enough_queries_of_every_kind(queries: list[Query]) -> None:
    counts = Counter(query.kind for query in queries)
    least = {
        "title": 15,
        "title-typo": 30,
        "half": 15,
        "author": 10,
        "name": 40,
        "typo": 25,
        "id": 40,
        "system": 35,
        "number": 30,
        "english": 8,
        "phrase": 25,
        "chinese": 15,
        "mixed": 6,
        "pasted": 25,
        "date": 20,
        "field": 30,
        "topic": 30,
        "cross": 25,
        "concept": 45,
        "nothing": 10,
    }
    assert {kind: counts[kind] for kind in least if counts[kind] < least[kind]} == {}
    assert set(counts) == set(least)
    assert len({query.text for query in queries}) == len(queries), "a query stands there twice"


def test_a_third_of_each_kind_is_held_back(queries: list[Query]) -> None:
    counts = Counter(query.kind for query in queries)
    unseen = Counter(query.kind for query in queries if query.unseen)
    for kind, count in counts.items():
        assert abs(unseen[kind] - count / 3) <= 1, kind


def test_what_is_written_out_is_nobodys_title_or_name(papers: dict[str, Paper]) -> None:
    lines = json.loads(QUERIES.read_text())
    texts = {line["text"].casefold() for line in lines if "text" in line}
    assert texts.isdisjoint(paper.title.casefold() for paper in papers.values())
    names = {author.name for paper in papers.values() for author in paper.authors}
    assert texts.isdisjoint(name.casefold() for name in names)


def test_every_query_is_answered_by_its_own_paper(
    queries: list[Query], papers: dict[str, Paper]
) -> None:
    for query in queries:
        assert query.text.strip()
        assert query.expected <= set(papers)
        assert not query.id or query.id in query.expected, query
        assert bool(query.expected) == (query.kind != "nothing"), query


def test_chinese_phrases_are_han_characters_only(queries: list[Query]) -> None:
    for query in queries:
        if query.kind == "chinese":
            assert 2 <= len(query.text) <= 8
            assert all("\u4e00" <= character <= "\u9fff" for character in query.text), query


def test_a_mistyped_name_is_nobodys_and_nobody_else_is_as_near(
    queries: list[Query], papers: dict[str, Paper]
) -> None:
    names = {author.name for paper in papers.values() for author in paper.authors}
    for query in queries:
        if query.kind == "typo":
            assert query.text not in names
            near = {
                name
                for name in names
                if abs(len(name) - len(query.text)) <= 1 and _differ_in_one_place(name, query.text)
            }
            meant = {author.name for author in papers[query.id].authors}
            assert len(near) <= 1
            assert near <= meant, f"{query.text} is nearer to {near - meant}"


def _differ_in_one_place(one: str, other: str) -> bool:
    """Whether what is left between the common beginning and end is two letters at most."""
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    end = 0
    while end < min(len(one), len(other)) - start and one[len(one) - 1 - end] == other[-1 - end]:
        end += 1
    left, right = one[start : len(one) - end], other[start : len(other) - end]
    return max(len(left), len(right)) <= 1 or (len(left) == 2 and left == right[::-1])
