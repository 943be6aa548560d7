"""Text and queries cut for the index: alike in Python and in the browser, and losing nothing."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from generator.build.search.segment import GLUE, clauses, spaced, unspaced
from generator.core.characters import CJK, WIDE_PUNCTUATION
from tests.loopback import Answer, Loopback
from tests.projects import PROJECT

VECTORS = json.loads(Path(__file__).with_name("segment_vectors.json").read_text(encoding="utf-8"))

HAN = "投机解码稀疏注意力的人々〇𠮷𪚥"
RUNS = HAN + "ひらがなカタカナー한국어"
MIXED = RUNS + 'aZé0９Ｇ_-+.:"“”「」，。（）、・<&  \t\n\u3000\u00a0\u0085\ufeff\x1c😀' + GLUE
# Python and Chromium know different versions of Unicode: characters that both have.
OLD = st.characters(max_codepoint=0x2FFFF, exclude_categories=("Cs", "Cn", "Co")).filter(
    lambda c: unicodedata.ucd_3_2_0.category(c) != "Cn"
)
TEXT = st.text(st.one_of(st.sampled_from(MIXED), OLD), max_size=24)
# Every step of shrinking would ask the browser.
NO_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)
RUN = st.text(st.sampled_from(RUNS), min_size=1, max_size=12)

CUT = """async ([address, texts]) => {
  const { spaced, clauses, marked } = await import(address);
  return texts.map((text) => ({
    text, spaced: spaced(text), clauses: clauses(text).map(({ kind, text }) => [kind, text]),
    shown: marked(spaced(text).split(/\\s+/), () => false).map(([piece]) => piece).join(""),
  }));
}"""


def in_python(text: str) -> dict[str, Any]:
    cut = [[clause.kind, clause.text] for clause in clauses(text)]
    return {"text": text, "spaced": spaced(text), "clauses": cut}


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """A page that can import the site's own segment.js."""
    script = (PROJECT / "site_src" / "assets" / "search/segment.js").read_bytes()
    with Loopback() as server:
        server.on("/", Answer(200, b"<!doctype html>", {"Content-Type": "text/html"}))
        server.on("/search/segment.js", Answer(200, script, {"Content-Type": "text/javascript"}))
        page = browser.new_page()
        page.goto(server.url)
        yield page
        page.close()


def in_browser(page: Page, texts: list[str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate(CUT, [f"{page.url}search/segment.js", texts])
    return found


def without_shown(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: one[name] for name in ("text", "spaced", "clauses")} for one in found]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: repr(vector["text"]))
def test_python_cuts_as_the_vectors_say(vector: dict[str, Any]) -> None:
    assert in_python(vector["text"]) == vector


def test_the_browser_has_the_same_ranges() -> None:
    script = (PROJECT / "site_src/assets/search/segment.js").read_text(encoding="utf-8")
    for name, ranges in (("RUN", CJK), ("WIDE", WIDE_PUNCTUATION)):
        (literal,) = re.findall(rf"const {name}_CLASS =([^;]+);", script)
        written = re.sub(
            r"\\\\u(?:\{(\w+)\}|(\w{4}))", lambda code: chr(int(code[1] or code[2], 16)), literal
        )
        assert "".join(re.findall('"([^"]*)"', written)) == f"[{ranges}]+"


@pytest.mark.browser
def test_the_browser_cuts_as_the_vectors_say(page: Page) -> None:
    assert without_shown(in_browser(page, [vector["text"] for vector in VECTORS])) == VECTORS


@pytest.mark.browser
@settings(max_examples=12, phases=NO_SHRINKING)
@given(texts=st.lists(TEXT, min_size=20, max_size=40))
def test_python_and_the_browser_cut_any_text_alike(page: Page, texts: list[str]) -> None:
    assert without_shown(in_browser(page, texts)) == [in_python(text) for text in texts]


@pytest.mark.browser
@settings(max_examples=12, phases=NO_SHRINKING)
@given(texts=st.lists(TEXT.map(lambda text: text.replace(GLUE, "")), min_size=20, max_size=40))
def test_an_excerpt_in_the_browser_shows_the_text_as_it_was(page: Page, texts: list[str]) -> None:
    """But for the width of white space, which HTML does not keep either."""
    for found in in_browser(page, texts):
        assert found["shown"].split() == found["text"].replace("\ufeff", " ").split()


@settings(max_examples=300)
@given(text=TEXT)
def test_nothing_is_lost(text: str) -> None:
    text = text.replace(GLUE, "")
    assert unspaced(spaced(text)) == text


@settings(max_examples=200)
@given(before=TEXT, run=RUN, after=TEXT, data=st.data())
def test_any_part_of_a_run_is_found_as_neighbouring_words(
    before: str, run: str, after: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(run) - 1))
    part = run[start : data.draw(st.integers(start + 1, len(run)))]
    text = spaced(f"{before}{run}{after}").replace("\ufeff", " ")
    indexed = [word.removesuffix(GLUE) for word in text.split()]
    (clause,) = clauses(part)
    if clause.kind == "prefix":
        assert any(word.startswith(clause.text) for word in indexed)
    else:
        assert clause.kind == "phrase"
        wanted = clause.text.split(" ")
        places = range(len(indexed) - len(wanted) + 1)
        assert any(indexed[at : at + len(wanted)] == wanted for at in places)


@settings(max_examples=100)
@given(first=st.sampled_from(HAN), second=st.sampled_from(HAN), between=TEXT)
def test_characters_that_stand_apart_are_no_phrase(first: str, second: str, between: str) -> None:
    text = f"{first},{between.translate(dict.fromkeys(map(ord, RUNS)))}{second}"
    (clause,) = clauses(first + second)
    assert clause.text not in spaced(text).split()
