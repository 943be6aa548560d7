"""The fixed query set of the search benchmark: every query has an answer that is really there."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from benchmarks.queries import Query, make_queries
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
        "half": 15,
        "author": 15,
        "typo": 15,
        "id": 8,
        "english": 8,
        "chinese": 30,
        "mixed": 6,
        "nothing": 6,
    }
    assert {kind: counts[kind] for kind in least if counts[kind] < least[kind]} == {}
    assert set(counts) == set(least)
    assert len({query.text for query in queries}) == len(queries), "a query stands there twice"


def test_every_query_is_answered_by_its_own_paper(
    queries: list[Query], papers: dict[str, Paper]
) -> None:
    for query in queries:
        assert query.text.strip()
        assert query.expected <= set(papers)
        assert (query.id in query.expected) == (query.kind != "nothing"), query
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
