"""How the search page and the box say what the worker answers: one that says what a test wants."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.build.search.test_search_browser import results

pytestmark = pytest.mark.browser

# Answers to a message are looked up by its text, and by whether it is to be searched exactly.
WORKER = """
const answers = ANSWERS;
self.addEventListener("message", ({ data }) => {
  if (data.start) return;
  const answer = answers[data.exactly ? `exactly ${data.text}` : data.text] ?? {};
  const rows = answer.rows ?? [];
  self.postMessage({
    number: data.number, items: rows.slice(0, data.shown), facets: null, jump: null, terms: [],
    corrected: "", authors: [], dates: [], fields: [], done: true, cut: false, older: false,
    ...answer, rows: rows.length, total: rows.filter((row) => row.tier === "all").length,
    own: rows.filter((row) => row.tier === "all" && !row.via).length,
  });
});
"""


def paper(number: int, tier: str = "all", **facts: Any) -> dict[str, Any]:
    title = f"Paper {number}"
    return {
        "id": f"2601.0000{number}",
        "marks": [[title, False]],
        "names": [[["Ana ", False], ["Sample", True]], [["Bo Muster", False]]],
        "more": 7,
        "day": "2026-01-05",
        "category": "cs.LG",
        "score": 3,
        "summary": False,
        "tier": tier,
        "via": False,
        "excerpt": [["a text", False]],
        **facts,
    }


Answering = Callable[[dict[str, dict[str, Any]]], Page]


@pytest.fixture
def answering(context: BrowserContext) -> Answering:
    """A page whose worker has these answers, by the text of the query."""

    def page(answers: dict[str, dict[str, Any]]) -> Page:
        script = WORKER.replace("ANSWERS", json.dumps(answers))
        context.route(
            "**/search/worker.js",
            lambda route: route.fulfill(body=script, content_type="text/javascript"),
        )
        return context.new_page()

    return page


def test_what_has_not_all_words_says_so(answering: Answering, site: str) -> None:
    tiers = ("all", "all", "most", "some", "meaning", "meaning")
    rows = [paper(number, tier) for number, tier in enumerate(tiers)]
    page = answering({"whale": {"rows": rows}})
    page.goto(f"{site}search/?q=whale")
    assert len(results(page)) == 6
    said = page.locator("#results > li").evaluate_all(
        "rows => rows.map((row) => row.querySelector('.tier')?.innerText ?? '')"
    )
    assert said == ["", "", "With some of the words, or similar in meaning", "", "", ""]
    similar = page.locator("#results .facts", has_text="similar in meaning")
    expect(similar).to_have_count(2)
    # What is counted has all of the words.
    expect(page.locator("#search-status")).to_have_text("2 papers")
    expect(page.locator("#search-status")).to_have_attribute("data-total", "2")
    # The label stands before the title that it is about.
    row = page.locator("#results > li:nth-child(3)")
    assert row.evaluate("row => row.firstElementChild.className") == "tier"


def test_where_none_has_all_what_comes_near_is_counted(answering: Answering, site: str) -> None:
    page = answering({"whale": {"rows": [paper(1, "most"), paper(2, "meaning")]}, "xq": {}})
    page.goto(f"{site}search/?q=whale")
    results(page)
    expect(page.locator("#search-status")).to_have_text(
        "No paper has all of this; 2 papers come near"
    )
    expect(page.locator("#search-status")).to_have_attribute("data-total", "2")
    page.goto(f"{site}search/?q=xq")
    assert results(page) == []
    expect(page.locator("#search-status")).to_have_text("No paper found.")


CORRECTED = {
    "wale song": {"corrected": "whale song", "rows": [paper(1)]},
    "exactly wale song": {"rows": [paper(2, "some")]},
    "whale song": {"rows": [paper(1), paper(3)]},
}


def test_a_correction_is_said_and_can_be_refused(answering: Answering, site: str) -> None:
    page = answering(CORRECTED)
    page.goto(f"{site}search/?q=wale+song")
    assert results(page) == ["2601.00001"]
    expect(page.locator("#corrected")).to_have_text(
        "Showing results for whale song. Search instead for wale song."
    )
    expect(page.locator("#query")).to_have_value("wale song")
    # A paper's page marks the words that found it.
    address = page.locator("#results h2 a").get_attribute("href") or ""
    assert parse_qs(urlsplit(address).query) == {"highlight": ["whale song"]}
    page.locator("#corrected a", has_text="wale song").last.click()
    expect(page.locator("#corrected")).to_have_count(0)
    assert results(page) == ["2601.00002"]
    assert parse_qs(urlsplit(page.url).query) == {"q": ["wale song"], "exact": ["1"]}
    page.go_back()
    page.locator("#corrected a").first.click()
    expect(page.locator("#query")).to_have_value("whale song")
    expect(page.locator("#results > li")).to_have_count(2)
    assert parse_qs(urlsplit(page.url).query) == {"q": ["whale song"]}


def test_another_query_is_corrected_again(answering: Answering, site: str) -> None:
    page = answering(CORRECTED)
    page.goto(f"{site}search/?q=wale&exact=1")
    results(page)
    page.locator("#query").fill("wale song")
    expect(page.locator("#corrected")).to_be_visible()
    assert parse_qs(urlsplit(page.url).query) == {"q": ["wale song"]}


def test_the_box_says_a_correction_too(answering: Answering, site: str) -> None:
    page = answering(CORRECTED)
    page.goto(site)
    page.locator("#search").fill("wale song")
    expect(page.locator("#search-list .find__note")).to_have_text("Showing results for whale song.")
    expect(page.locator("#search-live")).to_have_text(
        "Showing results for whale song. 1 paper found."
    )
    option = page.locator("#search-list [role=option]").first
    assert "highlight=whale+song" in (option.get_attribute("href") or "")


def test_the_author_who_is_meant_is_named_and_marked(answering: Answering, site: str) -> None:
    people = [
        {"name": "Ana Sample", "url": f"{site}authors/ana-sample/", "papers": 3},
        {"name": "Anna Sample", "url": "", "papers": 1},
    ]
    page = answering({"sample ana": {"rows": [paper(1)], "authors": people}})
    page.goto(f"{site}search/?q=sample+ana")
    results(page)
    line = page.locator("#authors")
    expect(line).to_have_text("Author: Ana Sample (3 papers), Anna Sample (1 paper)")
    first, second = line.locator("a").all()
    expect(first).to_have_attribute("href", f"{site}authors/ana-sample/")
    # Who has too few papers for a page of their own is searched.
    expect(second).to_have_attribute("href", f"{site}search/?q=author%3A%22Anna+Sample%22")
    expect(page.locator("#results .names")).to_have_text("Ana Sample, Bo Muster and 7 more")
    expect(page.locator("#results .names mark")).to_have_text("Sample")
    page.goto(site)
    page.locator("#search").fill("sample ana")
    expect(page.locator("#search-list [role=option]").nth(1)).to_contain_text("Ana Sample")


def test_terms_of_the_glossary_are_said_and_marked(answering: Answering, site: str) -> None:
    rows = [paper(1), paper(2, via=True)]
    page = answering({"投机解码": {"rows": rows, "terms": [["投机解码", "speculative decoding"]]}})
    page.goto(f"{site}search/?q=投机解码")
    results(page)
    expect(page.locator("#also")).to_contain_text("speculative decoding for 投机解码")
    expect(page.locator("#search-status")).to_have_text("2 papers, 1 of them by the glossary")
    expect(page.locator("#results .via")).to_have_text(" · found as speculative decoding")
    found = page.locator("#results h2 a").last.get_attribute("href") or ""
    assert parse_qs(urlsplit(found).query)["highlight"] == ["投机解码 speculative decoding"]


def test_what_the_worker_says_is_only_text(answering: Answering, site: str) -> None:
    evil = "<img src=x onerror=alert(1)>"
    row = paper(1, marks=[[evil, True]], names=[[[evil, False]]], excerpt=[[evil, False]])
    people = [{"name": evil, "url": "", "papers": 1}]
    answer = {
        "rows": [row],
        "corrected": evil,
        "authors": people,
        "terms": [[evil, evil]],
        "dates": [{"text": evil, "since": "x", "before": "", "optional": False, "field": False}],
        "fields": [{"field": "author", "value": evil, "sign": "-", "text": evil}],
    }
    page = answering({"whale": answer})
    page.goto(f"{site}search/?q=whale")
    results(page)
    expect(page.locator("#chips button")).to_have_count(2)
    expect(page.locator("main img")).to_have_count(0)
    page.goto(site)
    page.locator("#search").fill("whale")
    expect(page.locator("#search-list [role=option]").first).to_contain_text(evil)
    expect(page.locator("header img")).to_have_count(0)
