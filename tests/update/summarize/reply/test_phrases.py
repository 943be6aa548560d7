"""The search phrases of a model: what is kept of an answer, and how much of it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.update.summarize.reply.phrases import MAX_LENGTH, MAX_PHRASES, tidy_phrases
from tests.growth import assert_linear


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (["why is my GPU idle", "显卡为什么空闲"], ("why is my GPU idle", "显卡为什么空闲")),
        (["1. one way", "- another", '"quoted one"', "中文：问题"], None),
        ({"english": ["one way"], "chinese": ["另一种"]}, ("one way", "另一种")),
        ("one way\n2) another way", ("one way", "another way")),
        (["Same words", "same words"], ("Same words",)),
        (["two\nlines", "a\u202eb\u0000 c"], ("two lines", "ab c")),
        (None, ()),
        (7, ()),
        ([3, None, ["nested"], {"x": "y"}], ()),
        (["?!", "", "a", "é é"], ()),
        # Markup in any form that a page could take for some.
        (["<script>alert(1)</script>", "a &lt;b&gt; c", "[a](javascript:x)", "**bold**"], ()),
        (["`code`", "see https://x.example", "$x$ rises", "x | y", "{{ known_tags }}"], ()),
        (["x" * (MAX_LENGTH + 1), "short one", "y" * 10**6], ("short one",)),
        ([f"phrase {n}" for n in range(10_000)], tuple(f"phrase {n}" for n in range(10))),
    ],
)
def test_what_is_kept(value: Any, kept: tuple[str, ...] | None) -> None:
    expected = ("one way", "another", "quoted one", "问题") if kept is None else kept
    assert tidy_phrases(value) == expected


@given(
    st.recursive(
        st.text() | st.integers() | st.none(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
    )
)
def test_whatever_a_model_says_is_bounded(value: Any) -> None:
    kept = tidy_phrases(value)
    assert len(kept) <= MAX_PHRASES
    for phrase in kept:
        assert len(phrase) <= MAX_LENGTH and phrase == " ".join(phrase.split())
        assert not set("<>`{}\\").intersection(phrase)
        phrase.encode()
    assert tidy_phrases(list(kept)) == kept


@pytest.mark.parametrize("text", ["- " * 99, "1." * 99, "en:" * 99, "&" * 399, '"' * 400, "[]("])
def test_a_hostile_list_takes_linear_time(text: str) -> None:
    assert_linear(lambda size: tidy_phrases([text * size] * 50), 20)
