"""Vectors of an invented archive: what they find, and which bytes stay as they were."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from generator.build.search.meaning import Similar, similar
from generator.build.search.reading import Reading
from generator.build.search.records import record
from generator.build.search.sealed import SEAL, seal
from generator.build.search.vector_files import read_terms, shard_of, term_files
from generator.build.search.vector_terms import Counts, TermCounts, term_counts
from generator.build.search.vector_training import Table, encode, learn_codebook
from generator.build.search.vectors import write_vectors
from generator.build.search.words import stem, words
from tests.builders import DAY, make_archive, make_paper
from tests.loopback import Answer, Loopback
from tests.projects import PROJECT

# What papers of a subject say, each only some of it, and what their summaries call it.
SUBJECTS = {
    "kitten feline whisker purr litter claw tabby paw fur mouse": "小猫胡须爪子皮毛",
    "volcano lava magma eruption crater ash basalt plume tremor vent": "火山岩浆喷发熔岩",
    "violin cello sonata orchestra melody chord tempo rehearsal string score": "提琴乐团旋律和弦",
    "harbour vessel cargo anchor tide lighthouse sailor mast voyage pier": "港口货船潮汐灯塔",
    "orchard apple blossom pruning harvest cider pollen graft ripeness crate": "果园苹果开花嫁接",
    "telescope galaxy nebula quasar redshift photon comet orbit lens dust": "望远镜星系星云彗星",
}
PER_SUBJECT = 40


class Said(NamedTuple):
    """What an invented paper says."""

    title: str
    abstract: str
    summaries: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()


def reading(papers: Mapping[str, Said]) -> Reading:
    records = {}
    for identifier, said in papers.items():
        paper = make_paper(identifier, title=said.title, abstract=said.abstract)
        archive = make_archive({DAY: [paper]}, [paper])
        own = record(archive.listed[identifier])
        records[identifier] = replace(
            own, summaries=said.summaries, search_phrases=said.phrases, tags=()
        )
    return Reading(records)


def write(papers: Mapping[str, Said], parts: Mapping[str, list[str]], folder: Path) -> None:
    digests = {identifier: repr(said) for identifier, said in papers.items()}
    write_vectors(reading(papers), digests, parts, folder)


def invented(count: int, start: int = 0) -> dict[str, Said]:
    """Return papers of each subject in turn, every other with a Chinese summary."""
    papers = {}
    for number in range(start, start + count):
        chance = random.Random(number)
        vocabulary, chinese = list(SUBJECTS.items())[number % len(SUBJECTS)]
        said = chance.sample(vocabulary.split(), 6)
        parts = chance.sample([chinese[at : at + 2] for at in range(0, len(chinese), 2)], 3)
        summary = ("本文研究" + "的".join(parts),) if number // len(SUBJECTS) % 2 else ()
        text = Said(" ".join(said[:2]), " ".join(said[1:]), summary)
        papers[f"2601.{number:05}"] = text
    return papers


PAPERS = invented(PER_SUBJECT * len(SUBJECTS))
IDS = sorted(PAPERS, reverse=True)
PARTS = {"2026-02": IDS[:60], "2026": IDS[60:]}


def subject(identifier: str) -> int:
    return int(identifier[5:]) % len(SUBJECTS)


def found(folder: Path, text: str, limit: int = 20) -> list[str]:
    terms = [stem(word) for word in words(text)]
    return [PARTS[one.part][one.doc] for one in similar(folder, terms, limit=limit)]


def published(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != SEAL)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The vectors of the invented archive; tests only read them."""
    folder = tmp_path_factory.mktemp("cache") / "vectors"
    write(PAPERS, PARTS, folder)
    return folder


def test_a_word_finds_papers_of_its_kind_that_lack_it(folder: Path) -> None:
    for number, vocabulary in enumerate(SUBJECTS):
        for word in vocabulary.split():
            best = found(folder, word, limit=PER_SUBJECT)
            assert {subject(identifier) for identifier in best} == {number}
            lacking = [i for i in best if word not in f"{PAPERS[i].title} {PAPERS[i].abstract}"]
            assert lacking, word


def test_a_chinese_query_finds_papers_that_have_no_chinese_text(folder: Path) -> None:
    for number, chinese in enumerate(SUBJECTS.values()):
        best = found(folder, chinese, limit=10)
        assert {subject(identifier) for identifier in best} == {number}
        assert [i for i in best if not PAPERS[i].summaries]


def test_words_of_both_languages_are_added_up(folder: Path) -> None:
    assert {subject(i) for i in found(folder, "火山 eruption", limit=5)} == {1}


@pytest.mark.parametrize("text", ["", "xylophone", "the and of", "7", "砖", "xylophone 砖头"])
def test_what_no_paper_says_finds_nothing(folder: Path, text: str) -> None:
    assert found(folder, text) == []


def test_few_unknown_words_change_nothing(folder: Path) -> None:
    known = found(folder, "lava magma crater")
    assert known
    assert found(folder, "lava magma crater xylophone 7 the") == known


def test_where_most_words_are_unknown_nothing_is_similar(folder: Path) -> None:
    assert found(folder, "lava xylophone piano") == []
    assert found(folder, "lava 红烧肉的做法") == []


def test_only_the_parts_asked_for_answer(folder: Path) -> None:
    some = similar(folder, ["lava"], parts=["2026"])
    assert {one.part for one in some} == {"2026"}
    everything = similar(folder, ["lava"], limit=1000)
    assert [one for one in everything if one.part == "2026"][: len(some)] == some


def test_the_best_come_first_and_no_more_than_asked_for(folder: Path) -> None:
    best = similar(folder, ["lava"], limit=7)
    assert len(best) == 7
    assert best == sorted(best, key=lambda one: -one.score)


def test_the_same_archive_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    in_another_order = dict(random.Random(1).sample(list(PAPERS.items()), len(PAPERS)))
    write(in_another_order, PARTS, tmp_path / "vectors")
    assert published(tmp_path / "vectors") == published(folder)


def test_a_new_day_changes_only_its_part(folder: Path, tmp_path: Path) -> None:
    cache = tmp_path / "vectors"
    write(PAPERS, PARTS, cache)
    new = invented(6, start=900)
    grown = {"2026-02": [*new, *PARTS["2026-02"]], "2026": PARTS["2026"]}
    write(PAPERS | new, grown, cache)
    before, after = published(folder), published(cache)
    changed = {path for path in after if before.get(path) != after[path]}
    assert changed == {"model.json", "papers/2026-02.bin"}
    assert after["papers/2026-02.bin"].endswith(before["papers/2026-02.bin"])
    best = similar(cache, ["lava"], limit=1000)
    assert ("2026-02", list(new).index("2601.00901")) in {(one.part, one.doc) for one in best}


def test_a_changed_paper_gets_another_vector(folder: Path, tmp_path: Path) -> None:
    cache = tmp_path / "vectors"
    write(PAPERS, PARTS, cache)
    changed = PARTS["2026"][3]
    other = next(i for i in IDS if subject(i) != subject(changed))
    write(PAPERS | {changed: PAPERS[other]}, PARTS, cache)
    before, after = published(folder)["papers/2026.bin"], published(cache)["papers/2026.bin"]
    assert [
        at for at in range(0, len(after), 24) if before[at : at + 24] != after[at : at + 24]
    ] == [72]


def learned_anew(papers: dict[str, Said], parts: dict[str, list[str]], cache: Path) -> bool:
    """Tell whether an update gives what an empty cache gives, and other terms than before."""
    before = published(cache)
    write(papers, parts, cache)
    fresh = cache.parent / "fresh" / "vectors"
    fresh.parent.mkdir()
    write(papers, parts, fresh)
    return published(cache) == published(fresh) != before


def test_all_is_learned_anew_in_a_new_year(tmp_path: Path) -> None:
    write(PAPERS, PARTS, tmp_path / "vectors")
    new = invented(6, start=900)
    assert learned_anew(PAPERS | new, {"2027-01": list(new), **PARTS}, tmp_path / "vectors")


def test_all_is_learned_anew_when_a_quarter_is_new(tmp_path: Path) -> None:
    write(PAPERS, PARTS, tmp_path / "vectors")
    new = invented(len(PAPERS) // 4, start=900)
    grown = {"2026-02": [*new, *PARTS["2026-02"]], "2026": PARTS["2026"]}
    assert learned_anew(PAPERS | new, grown, tmp_path / "vectors")


@pytest.mark.parametrize("path", ["codebook.bin", "terms/0.bin", "model.json", SEAL])
def test_a_damaged_cache_is_none(folder: Path, tmp_path: Path, path: str) -> None:
    cache = tmp_path / "vectors"
    write(PAPERS, PARTS, cache)
    (cache / path).write_bytes((cache / path).read_bytes()[:-1])
    write(PAPERS, PARTS, cache)
    assert published(cache) == published(folder)


def test_the_vectors_of_another_version_are_none(folder: Path, tmp_path: Path) -> None:
    cache = tmp_path / "vectors"
    cache.mkdir()
    (cache / "model.json").write_bytes(b"{}")
    seal(cache, "vectors", {"key": "another"})
    write(PAPERS, PARTS, cache)
    assert published(cache) == published(folder)


@pytest.mark.parametrize("count", [0, 1, 20])
def test_few_papers_have_no_meaning_but_whole_files(tmp_path: Path, count: int) -> None:
    papers = invented(count)
    write(papers, {"2026-02": list(papers)} if papers else {}, tmp_path / "vectors")
    write(papers, {"2026-02": list(papers)} if papers else {}, tmp_path / "vectors")
    assert similar(tmp_path / "vectors", ["lava"]) == []


def test_titles_alone_are_enough_to_learn_from(tmp_path: Path) -> None:
    papers = {i: Said(f"{p.title} {p.abstract}", "An abstract") for i, p in PAPERS.items()}
    write(papers, PARTS, tmp_path / "vectors")
    assert {subject(i) for i in found(tmp_path / "vectors", "lava", limit=10)} == {1}


def test_codes_keep_what_is_near(folder: Path) -> None:
    """Of each vector's ten nearest, most are still among its twenty nearest in the codes."""
    vectors = np.random.default_rng(0).standard_normal((600, 48)).astype(np.float32)
    vectors[300:] = vectors[:300] + 0.3 * vectors[300:]
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    codebook = learn_codebook(vectors)
    codes = encode(vectors, codebook)
    kept = np.concatenate([codebook.pieces[p][codes[:, p]] for p in range(24)], axis=1)
    exact, coded = vectors @ vectors.T, vectors @ kept.T
    shares = [
        len(set(np.argsort(-one)[:10]) & set(np.argsort(-other)[:20])) / 10
        for one, other in zip(exact, coded, strict=True)
    ]
    assert sum(shares) / len(shares) > 0.9


@given(
    terms=st.sets(st.text(min_size=1, max_size=6), max_size=40),
    chance=st.integers(min_value=0, max_value=2**32 - 1),
)
@settings(max_examples=50)
def test_terms_are_read_as_they_were_written(terms: set[str], chance: int) -> None:
    numbers = np.random.default_rng(chance)
    levels = numbers.integers(-7, 8, (len(terms), 32)).astype(np.int8)
    scales = numbers.integers(1, 4096, len(terms)).astype(np.uint16)
    names = tuple(sorted(term for term in terms if term.isprintable()))
    files = term_files(Table(names, levels[: len(names)], scales[: len(names)]))
    for place, term in enumerate(names):
        read = read_terms(files[f"terms/{shard_of(term, len(files))}.bin"], 32)
        assert (read[term] == levels[place].astype(int) * scales[place]).all()


def test_a_paper_counts_its_terms_once_for_all_forms() -> None:
    said = Said("Optimizing the caches", "optimised cache", ("缓存优化",), ("kitten",))
    papers = reading({"2601.00001": said})
    read = papers.papers(["2601.00001"])
    counts = term_counts(read, papers.vocabulary(), most_with_runs=1)
    optimal, cache = stem("optimizing"), "cach"
    title, abstract, summary = (named(counts, part) for part in counts.parts)
    assert title == abstract == {optimal: 1, cache: 1}
    assert summary == {"缓存": 1, "存优": 1, "优化": 1, "kitten": 1}
    assert named(counts, counts.whole) == {optimal: 3, cache: 3, **summary}
    without = term_counts(read, papers.vocabulary(), most_with_runs=0)
    assert named(without, without.whole) == {optimal: 3, cache: 3, "kitten": 1}


def named(counts: TermCounts, part: Counts) -> dict[str, int]:
    return {counts.terms[t]: n for t, n in zip(part.terms.tolist(), part.counts, strict=True)}


# In the browser

ASK = """async ([address, queries]) => {
  const { similar } = await import(address);
  const answers = [];
  for (const [terms, options] of queries) answers.push(await similar(terms, options));
  return answers.map((found) => found.map(({ part, doc, score }) => [part, doc, score]));
}"""


@pytest.fixture(scope="module")
def page(browser: Browser, folder: Path) -> Iterator[Page]:
    """A page that can import the site's own meaning.js, beside the invented archive's vectors."""
    files = published(folder)

    def answer(path: str) -> Answer:
        path = path.partition("?")[0].lstrip("/")
        if path.startswith("assets/"):
            script = (PROJECT / "site_src" / path).read_bytes()
            return Answer(200, script, {"Content-Type": "text/javascript"})
        if path.startswith("search/vectors/"):
            return Answer(200, files[path.removeprefix("search/vectors/")])
        return Answer(200, b"<!doctype html>", {"Content-Type": "text/html"})

    with Loopback() as server:
        server.on_prefix("/", answer)
        page = browser.new_page()
        page.goto(server.url)
        yield page
        page.close()


def in_browser(page: Page, queries: list[tuple[list[str], dict[str, Any]]]) -> list[list[Similar]]:
    answers = page.evaluate(ASK, [f"{page.url}assets/search/meaning.js", queries])
    return [[Similar(*one) for one in answer] for answer in answers]


@pytest.mark.browser
def test_the_browser_finds_the_same_in_the_same_order(page: Page, folder: Path) -> None:
    texts = [" ".join(random.Random(n).choices(" ".join(SUBJECTS).split(), k=3)) for n in range(30)]
    texts += [
        *SUBJECTS.values(),
        "xylophone",
        "",
        "lava lava 火山",
        "lava magma the xylophone",
        "lava xylophone",
    ]
    queries = [
        ([stem(w) for w in words(text)], {"limit": 1 + 9 * n}) for n, text in enumerate(texts)
    ]
    queries.append((["lava"], {"limit": 5, "parts": ["2026"]}))
    assert in_browser(page, queries) == [
        similar(folder, terms, limit=options["limit"], parts=options.get("parts"))
        for terms, options in queries
    ]
