"""Every sentence of the site is in every catalogue, and no catalogue has another."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from babel.messages.catalog import Message as Entry

from generator.config.schema import Site
from generator.core.texts import LANGUAGES, browser_styles, browser_texts, texts_in
from tests.messages import LOCALE, Message, catalogue, messages, renewed

OTHERS = LANGUAGES[1:]
PLACE = re.compile(r"\{(\w+)\}")


def entries(language: str) -> list[Entry]:
    return [entry for entry in catalogue(language) if entry.id]


def test_there_is_a_catalogue_for_each_language_but_english() -> None:
    assert sorted(path.stem for path in LOCALE.iterdir()) == sorted(OTHERS)


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_has_just_the_sentences_of_the_site(language: str) -> None:
    found = set(messages())
    known: set[Message] = {
        entry.id if isinstance(entry.id, str) else tuple(entry.id) for entry in entries(language)
    }
    assert sorted(map(str, found - known)) == [], "missing: python -m tests.messages, translate"
    assert sorted(map(str, known - found)) == [], "not used: python -m tests.messages"
    assert (LOCALE / f"{language}.po").read_bytes() == renewed(language)


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_has_the_places_of_its_sentence_and_is_none_by_halves(language: str) -> None:
    plurals = catalogue(language).num_plurals
    for entry in entries(language):
        many = not isinstance(entry.id, str)
        said = entry.string if many else (entry.string,)
        assert len(said) == (plurals if many else 1)
        places = set(PLACE.findall(entry.id[-1] if many else entry.id))
        for sentence in said:
            assert sentence, f"{entry.id} is not translated"
            assert set(PLACE.findall(sentence)) == places, entry.id


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_keeps_markup_and_breaks_no_attribute(language: str) -> None:
    for entry in entries(language):
        if not isinstance(entry.id, str):
            continue
        for mark in ("](", "<a ", "</a>", "<span", "`"):
            assert entry.string.count(mark) == entry.id.count(mark), entry.id
        if "<" not in entry.id and '"' not in entry.id:
            assert not set('<>"') & set(entry.string), entry.id


def test_no_sentence_is_put_together_where_it_cannot_be_found() -> None:
    """What is translated stands as one literal: an f-string would be looked up in vain."""
    for path in Path(LOCALE).parent.rglob("*.py"):
        assert not re.search(r'\b(?:text|message)\(\s*f"', path.read_text()), path
    for path in (LOCALE.parents[1] / "site_src" / "assets").rglob("*.js"):
        assert not re.search(r"\b(?:text|pieces)\(\s*`", path.read_text()), path


def test_what_fills_a_place_is_no_sentence_itself() -> None:
    for language in LANGUAGES:
        said = texts_in(language).text("AI summary ({language})", language="{language} {x} %s")
        assert "{language} {x} %s" in said


def test_dates_counts_and_lists_are_in_the_language() -> None:
    english, chinese = texts_in("en"), texts_in("zh")
    day = date(2026, 2, 5)
    assert english.long_date(day) == "Thursday 5 February 2026"
    assert chinese.long_date(day) == "2026年2月5日 星期四"
    assert (english.month("2026-02"), chinese.month("2026-02")) == ("February 2026", "2026年2月")
    papers = ("{count} paper", "{count} papers")
    assert [english.counted(n, *papers) for n in (0, 1, 1204)] == [
        *("0 papers", "1 paper", "1,204 papers")
    ]
    assert chinese.counted(1204, *papers) == "1,204 篇论文"
    assert english.listed("ABC") == "A, B, C"
    assert chinese.listed("ABC") == "A、B、C"
    assert english.sentences(["A.", "", "B."]) == "A. B."
    assert chinese.sentences(["甲。", "", "乙。"]) == "甲。乙。"


def test_the_default_description_is_translated_and_another_stays() -> None:
    assert texts_in("zh").text(Site.description) == "每日 arXiv 论文：精选、总结、存档"
    assert texts_in("zh").text("All that {sleeps}") == "All that {sleeps}"


def test_the_browser_gets_what_its_scripts_and_styles_say() -> None:
    script = browser_texts("zh")
    assert '"Copy": "复制"' in script
    assert "About {title}" not in script
    assert '--text-read: "已读";' in browser_styles("zh")
