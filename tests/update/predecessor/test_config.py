"""The predecessor's config.json → a daybook.yml that selects the same papers."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.config.options import Keyword, Rules
from generator.core.errors import ConfigError
from generator.core.papers import Announcement, AnnounceType
from generator.update.predecessor.config import convert_predecessor
from generator.update.selection.rules import select
from tests.config.test_config import parse
from tests.update.selection.test_selection import feed_entries, predecessor, predecessor_keywords

OLD = {
    "categories": ["cs.AI", "cs.CL"],
    "keywords": ["LLM", "RL"],
    "exclude_keywords": ["survey", "review"],
    "max_papers": 30,
    "days_back": 7,
    "min_score": 2.5,
}


def test_converted_configuration_loads_and_says_what_it_left() -> None:
    text = convert_predecessor(json.dumps(OLD))
    config = parse(text)
    assert config.sources.categories == ("cs.AI", "cs.CL")
    assert config.select == Rules(
        keywords=(Keyword("LLM"), Keyword("RL")),
        exclude=(Keyword("survey"), Keyword("review")),
        categories=("cs.AI", "cs.CL"),
        announce_types=(AnnounceType.NEW,),
        max_papers=30,
        min_score=0,
        match="substring",
    )
    assert "The predecessor had 2.5 here, and never applied it." in text
    assert "# not carried over: days_back: 7 (a feed holds one day" in text


@settings(max_examples=50)
@given(
    feed_entries(),
    predecessor_keywords,
    predecessor_keywords.map(lambda keywords: keywords[:1]),
    st.integers(1, 6),
)
def test_converted_configuration_selects_the_same_papers_with_the_same_scores(
    entries: list[Announcement], keywords: list[str], exclude: list[str], max_papers: int
) -> None:
    old = {
        "categories": ["cs.LG"],
        "keywords": keywords,
        "exclude_keywords": exclude,
        "max_papers": max_papers,
    }
    rows = select(entries, parse(convert_predecessor(json.dumps(old))).select, seen={}).rows
    assert [(str(row.id), row.score) for row in rows] == predecessor(entries, old)


def test_what_cannot_be_carried_over_stands_in_comments() -> None:
    old = {
        "categories": ["cs.AI", "cs", "cs.XX"],
        "keywords": ["LLM", "", "a\tb", "regex:x", "llm", 'say "hi": # \\ \U0001f600'],
        "ai_summary": {"api_key": "s3cr3t", "model": "qwen-long\nsite: {}", "empty": {}},
        "x\ny": None,
    }
    text = convert_predecessor("\ufeff" + json.dumps(old))
    config = parse(text)
    assert config.sources.categories == ("cs.AI",)
    assert config.select.keywords == (Keyword("LLM", 2), Keyword('say "hi": # \\ \U0001f600'))
    assert config.select.max_papers == 50
    comments = [line for line in text.splitlines() if line.startswith("# not carried over: ")]
    named = [line.removeprefix("# not carried over: ").split(":")[0] for line in comments]
    assert named == [
        "categories[1]",
        "categories[2]",
        "keywords[1]",
        "keywords[2]",
        "keywords[3]",
        "ai_summary.api_key",
        "ai_summary.model",
        "ai_summary.empty",
        "x\\ny",
    ]
    assert "s3cr3t" not in text


@settings(max_examples=50)
@given(
    st.dictionaries(
        st.one_of(st.sampled_from([*OLD, "ai_summary"]), st.text()),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
            lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
            max_leaves=5,
        ),
    ),
    st.lists(st.text()),
)
def test_any_conversion_loads_or_is_a_configuration_error(changes, keywords) -> None:
    try:
        text = convert_predecessor(json.dumps(OLD | {"keywords": keywords} | changes))
    except ConfigError:
        return
    parse(text)


@pytest.mark.parametrize(
    ("old", "message"),
    [
        ('{\n "keywords": [,]}', "line 2, column 15"),
        ("[]", "must be a JSON object"),
        ("{}", "names no category"),
        ('{"categories": "cs.AI"}', "categories: must be a list of texts"),
        ('{"categories": ["cs.AI"], "keywords": [4]}', "keywords: must be a list of texts"),
        ('{"categories": ["cs.AI"], "max_papers": 0}', "must be a whole number of at least 1"),
        ('{"categories": ["cs.AI"], "max_papers": true}', "must be a whole number of at least 1"),
    ],
)
def test_conversion_of_what_is_no_such_configuration(old: str, message: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(message)):
        convert_predecessor(old)
