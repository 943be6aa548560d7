"""One notion of a word: alike in Python and in the browser, whatever the text."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from generator.build.search.words import composed, is_run, stem, words, words_with_places
from generator.build.site.engine import LUNR_JS
from tests.growth import assert_linear
from tests.loopback import Answer, Loopback
from tests.projects import PROJECT

VECTORS = json.loads(Path(__file__).with_name("words_vectors.json").read_text(encoding="utf-8"))
SIGNS = "投机解码〇𠮷𪚥ひカ한aZé0９Ｇ1,.x×-+_'’ \t\n\u3000½②ﬁŁßσΣςİ\u0301😀/·"
# Python and Chromium know different versions of Unicode: characters that both have.
OLD = st.characters(max_codepoint=0x2FFFF, exclude_categories=("Cs", "Cn", "Co")).filter(
    lambda c: unicodedata.ucd_3_2_0.category(c) != "Cn"
)
TEXT = st.text(st.one_of(st.sampled_from(SIGNS), OLD), max_size=30)
WORD = st.from_regex("[a-z]{3,9}(is|iz)?(e|ed|ing|ation|er|y|ies|our|tre|logue)?", fullmatch=True)
# Every step of shrinking would ask the browser.
NO_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)

CUT = """async ([address, texts]) => {
  const { composed, stem, loadStemmer, wordsWithPlaces } = await import(address);
  await loadStemmer();
  return texts.map((text) => wordsWithPlaces(composed(text)).map(
    (word) => [word.text, composed(text).slice(word.start, word.end), stem(word.text)]));
}"""


def in_python(text: str) -> list[list[str]]:
    whole = composed(text)
    return [[w.text, whole[w.start : w.end], stem(w.text)] for w in words_with_places(whole)]


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """A page that can import the site's own words.js."""
    scripts = PROJECT / "site_src" / "assets" / "search"
    script = {"Content-Type": "text/javascript"}
    lunr = b"const module = { exports: {} }, exports = module.exports;\n" + LUNR_JS.read_bytes()
    with Loopback() as server:
        server.on("/", Answer(200, b"<!doctype html>", {"Content-Type": "text/html"}))
        for name in ("words.js", "loading.js"):
            content = (scripts / name).read_bytes()
            server.on(f"/assets/search/{name}", Answer(200, content, script))
        content = lunr + b"\nexport default module.exports;"
        server.on("/search/lunr.js", Answer(200, content, script))
        page = browser.new_page()
        page.goto(server.url)
        yield page
        page.close()


def in_browser(page: Page, texts: list[str]) -> Any:
    return page.evaluate(CUT, ["/assets/search/words.js", texts])


@pytest.mark.parametrize(("text", "expected"), VECTORS["words"])
def test_a_text_has_these_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize("forms", VECTORS["same_stem"])
def test_forms_of_a_word_have_one_stem(forms: list[str]) -> None:
    assert len({stem(form) for form in forms}) == 1


@pytest.mark.parametrize("pair", VECTORS["other_stem"])
def test_other_words_have_other_stems(pair: list[str]) -> None:
    assert stem(pair[0]) != stem(pair[1])


@pytest.mark.browser
def test_the_browser_cuts_the_vectors_alike(page: Page) -> None:
    texts = [text for text, _ in VECTORS["words"]]
    texts += [form for forms in VECTORS["same_stem"] for form in forms]
    assert in_browser(page, texts) == [in_python(text) for text in texts]


@pytest.mark.browser
@settings(max_examples=15, phases=NO_SHRINKING, deadline=None)
@given(st.lists(TEXT | WORD, min_size=20, max_size=40))
def test_the_browser_cuts_any_text_alike(page: Page, texts: list[str]) -> None:
    assert in_browser(page, texts) == [in_python(text) for text in texts]


@given(TEXT)
def test_words_are_the_same_with_and_without_places(text: str) -> None:
    assert words(text) == [word.text for word in words_with_places(composed(text))]


@given(TEXT)
def test_a_word_has_letters_and_digits_only(text: str) -> None:
    for word in words(text):
        assert word
        assert is_run(word) or all(c.isalnum() or c == "." for c in word)


@pytest.mark.parametrize("piece", ["1,", "1.", "1x", "a", "1x1", "缓", "8x H", "×1 ", "é\u0301"])
def test_any_text_is_cut_in_linear_time(piece: str) -> None:
    assert_linear(lambda size: words(piece * size), 20_000)
