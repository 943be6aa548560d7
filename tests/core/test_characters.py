"""The named ranges hold what their names say, and work as classes of ``re``."""

from __future__ import annotations

import re
import sys
import unicodedata

import pytest

from generator.core import characters

RANGES = {name: value for name, value in vars(characters).items() if name.isupper()}
EVERY = "".join(map(chr, range(sys.maxunicode + 1)))


def members(ranges: str) -> list[str]:
    return re.findall(f"[{ranges}]", EVERY)


@pytest.mark.parametrize("name", [name for name in RANGES if name != "STAND_INS"])
def test_each_is_the_inside_of_a_class(name: str) -> None:
    assert members(RANGES[name])


def test_only_the_controls_of_lines_are_left_among_controls() -> None:
    controls = {character for character in EVERY if unicodedata.category(character) == "Cc"}
    assert controls - set(members(characters.CONTROLS)) == set("\t\n\r")


def test_every_turned_direction_is_unwanted() -> None:
    turning = {"LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI"}
    found = [character for character in EVERY if unicodedata.bidirectional(character) in turning]
    assert members(characters.DIRECTIONS) == found


def test_no_letter_is_unwanted_or_invisible() -> None:
    gone = members(characters.UNWANTED + characters.INVISIBLE)
    assert not [character for character in gone if character.isalnum()]


@pytest.mark.parametrize(
    ("ranges", "names"),
    [
        (characters.HAN, ("CJK", "IDEOGRAPHIC")),
        (characters.KANA, ("HIRAGANA", "KATAKANA")),
        (characters.HANGUL, ("HANGUL SYLLABLE",)),
        (characters.JAMO, ("HANGUL",)),
        (characters.GREEK, ("GREEK", "COPTIC")),
        (characters.CYRILLIC, ("CYRILLIC", "COMBINING CYRILLIC")),
        (characters.ACCENTED_LATIN, ("LATIN", "MULTIPLICATION SIGN", "DIVISION SIGN")),
    ],
)
def test_scripts_hold_their_own_characters(ranges: str, names: tuple[str, ...]) -> None:
    for character in members(ranges):
        name = unicodedata.name(character, "")
        assert not name or name.startswith(names), f"{character!r} is {name}"


def test_scripts_without_spaces_hold_letters_alone() -> None:
    known = [one for one in members(characters.CJK) if unicodedata.category(one) != "Cn"]
    assert all(character.isalnum() for character in known)


def test_stand_ins_come_from_no_text() -> None:
    for stand_in in characters.STAND_INS:
        assert re.fullmatch(f"[{characters.UNWANTED}]", stand_in)
