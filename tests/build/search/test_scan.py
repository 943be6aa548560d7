"""The plain look-up that says which papers a query should find."""

from __future__ import annotations

import pytest

from benchmarks.scan import has, name_parts, spellings, without_diacritics


@pytest.mark.parametrize(
    ("text", "pattern", "there"),
    [
        ("a speedup of 2.3x over", "2\\.3 ?[x×]", True),
        ("a speedup of 12.3x over", "2\\.3 ?[x×]", False),
        ("with 8b parameters", "8b", True),
        ("with 1.8b parameters", "8b", False),
        ("on 8×h100, on a100/h100", "h100", True),
        ("gpt-5.2 answers", "gpt[- ]?5", False),
        ("gpt-5, which", "gpt[- ]?5", True),
        ("使用kv缓存", "kv", True),
    ],
)
def test_words_and_numbers_are_whole(text: str, pattern: str, there: bool) -> None:
    assert has(text, pattern) == there


def test_a_name_is_known_in_every_spelling() -> None:
    assert name_parts("Auto-FlexSwitch") == ["Auto", "Flex", "Switch"]
    assert name_parts("OmniMoE") == ["Omni", "MoE"]
    for text in ("omnimoe", "omni-moe", "omni moe", "the omni-moe model"):
        assert has(text, spellings("OmniMoE")), text
    assert not has("omnimoex", spellings("OmniMoE"))


def test_letters_that_do_not_decompose_are_written_plainly() -> None:
    assert without_diacritics("Łukasz Sørensen-Æble Großmann Ðuro Işık") == (
        "Lukasz Sorensen-AEble Grossmann Duro Isik"
    )
