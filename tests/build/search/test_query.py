"""What a reader's text asks for: alike in Python and in the browser, and never an error."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from generator.build.search.query import Query, parse
from tests.loopback import Answer, Loopback
from tests.projects import PROJECT

VECTORS = json.loads(Path(__file__).with_name("query_vectors.json").read_text(encoding="utf-8"))
TODAY = date(2026, 7, 15)  # of the vectors

# Python and Chromium know different versions of Unicode: characters that both have.
OLD = st.characters(max_codepoint=0x2FFFF, exclude_categories=("Cs", "Cn", "Co")).filter(
    lambda c: unicodedata.ucd_3_2_0.category(c) != "Cn"
)
SIGNS = 'aZé0９Ｇ_-+.:|"“”「」，。（）、·&<  \t\n\u3000\u00a0\u0085\ufeff\x1c\x00😀𠮷年月日12026ſİ'
PIECES = st.one_of(
    st.sampled_from(sorted({piece for vector in VECTORS for piece in vector["text"].split()})),
    st.text(st.sampled_from(SIGNS), max_size=12),
    st.text(OLD, max_size=3),
)
GAPS = st.sampled_from((" ", " ", " ", "", "  ", "\t", "，", "\u3000", ",", "-", "|", '"', " OR "))
TEXT = st.lists(st.tuples(PIECES, GAPS), max_size=9).map(
    lambda pairs: "".join(piece + gap for piece, gap in pairs)
)
DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))
CASE = st.tuples(TEXT, DAYS, st.lists(PIECES, max_size=2))
# Every step of shrinking would ask the browser.
NO_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)

ASK = """async ([address, cases]) => {
  const { parse } = await import(address);
  return cases.map(([text, today, words]) => parse(text, today, words));
}"""


def short(value: Any) -> Any:
    """Leave out what is empty, as the vectors do."""
    if isinstance(value, dict):
        pairs = ((name, short(one)) for name, one in value.items())
        return {name: one for name, one in pairs if one not in ("", [], {}, False)}
    return [short(one) for one in value] if isinstance(value, (list, tuple)) else value


def plain(query: Query) -> Any:
    return json.loads(json.dumps(asdict(query)))


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """A page that can import the site's own query.js."""
    with Loopback() as server:
        server.on("/", Answer(200, b"<!doctype html>", {"Content-Type": "text/html"}))
        for name in ("query", "dates", "identifier"):
            script = (PROJECT / f"site_src/assets/search/{name}.js").read_bytes()
            server.on(f"/{name}.js", Answer(200, script, {"Content-Type": "text/javascript"}))
        page = browser.new_page()
        page.goto(server.url)
        yield page
        page.close()


def in_browser(page: Page, cases: list[tuple[str, str, list[str]]]) -> list[Any]:
    found: list[Any] = page.evaluate(ASK, [f"{page.url}query.js", cases])
    return found


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: repr(vector["text"][:40]))
def test_python_reads_as_the_vectors_say(vector: dict[str, Any]) -> None:
    query = parse(vector["text"], TODAY, vector.get("words", ()))
    assert short(plain(query)) == vector["asks"]


def test_there_are_enough_vectors() -> None:
    assert len({vector["text"] for vector in VECTORS}) >= 200


@pytest.mark.browser
def test_the_browser_reads_as_the_vectors_say(page: Page) -> None:
    cases = [(one["text"], TODAY.isoformat(), one.get("words", [])) for one in VECTORS]
    found = zip(VECTORS, in_browser(page, cases), strict=True)
    assert {v["text"]: short(q) for v, q in found if short(q) != v["asks"]} == {}


@pytest.mark.browser
@settings(max_examples=6, phases=NO_SHRINKING)
@given(cases=st.lists(CASE, min_size=20, max_size=40))
def test_python_and_the_browser_read_any_text_alike(
    page: Page, cases: list[tuple[str, date, list[str]]]
) -> None:
    asked = [(text, day.isoformat(), words) for text, day, words in cases]
    assert in_browser(page, asked) == [plain(parse(*case)) for case in cases]


@settings(max_examples=60)
@given(text=TEXT, today=DAYS, words=st.lists(PIECES, max_size=2))
def test_any_text_means_something(text: str, today: date, words: list[str]) -> None:
    query = parse(text, today, words)
    assert sum(map(len, query.clauses)) <= 24
    for group in query.clauses:
        assert group
        assert len(group) == 1 or all(clause.sign != "-" for clause in group)
        for clause in group:
            assert any(unicodedata.category(letter)[0] in "LNM" for letter in clause.text)
    for one in query.dates:
        assert one.text in text
        for day in (one.since, one.before):
            assert not day or date.fromisoformat(day)
        assert not (one.since and one.before) or one.since < one.before
    assert all(one.text in text for one in query.fields)


@settings(max_examples=60)
@given(text=TEXT, today=DAYS)
def test_a_date_that_is_taken_off_is_words(text: str, today: date) -> None:
    spoken = [one.text for one in parse(text, today).dates if not one.field]
    assert not [one for one in parse(text, today, spoken).dates if one.text in spoken]


@settings(max_examples=100)
@given(day=DAYS)
def test_a_day_means_itself_however_it_is_written(day: date) -> None:
    after = (day + timedelta(1)).isoformat()
    for form in ("%Y-%m-%d", "%d %B %Y", "%B %d, %Y", "%b %d %Y", "%Y年%m月%d日", "%Y/%m/%d"):
        (found,) = parse(f"kv cache {day:{form}}", day).dates
        assert (found.since, found.before, found.text) == (day.isoformat(), after, f"{day:{form}}")


def test_a_text_without_end_costs_no_more_than_its_beginning() -> None:
    for part in ("whale ", "-", '"', "(", "author:", "2026-", "last ", "| ", "https://a.b/", "月"):
        query = parse(part * 200_000, TODAY)
        assert query.cut
        assert query == parse(part * 401, TODAY)
