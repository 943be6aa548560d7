"""The search page and the terminal find the same papers in the same order, whatever is asked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from generator.build.search.glossary import parse_glossary
from generator.build.search.opened import open_parts
from generator.build.search.searching import Filters, search
from tests.projects import Once, serving
from tests.search_archive import build_archive

pytestmark = pytest.mark.browser

TODAY = date(2026, 3, 1)
ASK = """async ([site, queries, today]) => {
  const load = (name) => import(`${site}assets/search/${name}.js`);
  const [{ search }, { loadParts }, { loadGlossary }, { loadStemmer }] = await Promise.all(
    ["searching", "parts", "glossary", "words"].map(load));
  const [parts] = await Promise.all([loadParts(), loadGlossary(), loadStemmer()]);
  const answers = [];
  for (const [text, filters] of queries) {
    const found = await search(text, parts, filters, today, false, []);
    const { own, total, corrected, unknown, authors, terms } = found;
    answers.push([own, total, corrected, unknown, authors, terms,
      found.hits.map(({ part, paper, tier, score }) => [part, paper, tier, score])]);
  }
  return answers;
}"""
QUERIES = [
    *("speculative decoding", "decoding speculative", "Speculativ decodign", "spec", "sleepy serv"),
    *("投机解码", "稀疏的 attention", "KV缓存大小减半", "缓", "草稿 小模型 投机", "不用剪枝，保留"),
    *("jeremy muller", "Muller H", "Sample Ana", "müler jérémy", "angstrom", "wei beispiel"),
    *('"whale song"', '"song is speculative at"', '"attention is"', '-"whale" decoding', "+drafts"),
    *("title:attention", "author:muster cat:cs.CL", "tag:sparse", "whale OR toast", "since 2026"),
    *("R&D models", "salt pepper noise", "math/0309136", "2511.90001v3", "2511.99999", "the of a"),
    *(
        "",
        "???",
        "a-b",
        "sparse-attention",
        "sparseattention",
        "8×H100",
        "llama 3.1 8b",
        "report 12 on",
        "field report 17",
        "xyzzy",
        "rows toast flow",
    ),
]
WORDS = st.sampled_from(" ".join(QUERIES).split())


@pytest.fixture(scope="module")
def site(once: Once) -> Path:
    return once("search", build_archive)


@pytest.fixture(scope="module")
def page(browser: Browser, site: Path) -> Iterator[tuple[Page, str]]:
    with serving(site) as address:
        page = browser.new_page()
        page.goto(address)
        yield page, address
        page.close()


def in_terminal(site: Path, text: str, filters: Filters) -> list[Any]:
    parts = open_parts(site / "search", json.loads((site / "search" / "parts.json").read_bytes()))
    glossary = parse_glossary((site / "assets" / "glossary.json").read_bytes(), "glossary.json")
    found = search(text, parts, glossary, filters, TODAY)
    hits = [[hit.part, hit.paper, hit.tier, hit.score] for hit in found.hits]
    counts = [found.own, found.total, found.corrected, list(found.unknown)]
    return [*counts, list(found.authors), [list(term) for term in found.terms], hits]


def compare(page: tuple[Page, str], site: Path, asked: list[tuple[str, Filters]]) -> None:
    window, address = page
    queries = [[text, asdict(filters)] for text, filters in asked]
    answers = window.evaluate(ASK, [address, queries, TODAY.isoformat()])
    for (text, filters), answer in zip(asked, answers, strict=True):
        assert (text, answer) == (text, in_terminal(site, text, filters))


def test_the_same_papers_in_the_same_order(page: tuple[Page, str], site: Path) -> None:
    compare(page, site, [(text, Filters()) for text in QUERIES])


def test_the_same_papers_with_filters(page: tuple[Page, str], site: Path) -> None:
    narrowed = [
        Filters(category="cs.LG"),
        Filters(tag="sparse"),
        Filters(author="Bo Muster"),
        Filters(since="2026-01-01"),
        Filters(before="2026-01-01", category="cs.CL"),
    ]
    compare(page, site, [(text, one) for one in narrowed for text in ("", "attention", "decoding")])


@settings(max_examples=10, phases=(Phase.explicit, Phase.reuse, Phase.generate), deadline=None)
@given(st.lists(st.lists(WORDS, max_size=5).map(" ".join), min_size=10, max_size=20))
def test_the_same_papers_for_any_words(
    page: tuple[Page, str], site: Path, texts: list[str]
) -> None:
    compare(page, site, [(text, Filters()) for text in texts])
