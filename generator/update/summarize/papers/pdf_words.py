"""Words of a PDF: put together where lines broke them, and told from gibberish. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from generator.core.characters import EAST_ASIAN

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_BROKEN = re.compile(r"([^\W\d_]+(?:-[^\W\d_]+)*)-$")
_EAST_ASIAN = re.compile(f"[{EAST_ASIAN}]")
# Latin letters and ASCII signs but those that tables of numbers have: what codes are shown as.
_LATIN = re.compile(r"[a-z!\"#$&'/<>?@\[\\\]^_`{|}~]")
_MARKS = re.compile("[\u0300-\u036f]+")  # accents, apart from their letters
_LONG = re.compile(r"[a-z]{4,}")
# Letters in English, percent. Other languages in Latin letters are much alike.
_FREQUENCIES = {
    **{"e": 12.7, "t": 9.1, "a": 8.2, "o": 7.5, "i": 7.0, "n": 6.7, "s": 6.3, "h": 6.1, "r": 6.0},
    **{"d": 4.3, "l": 4.0, "c": 2.8, "u": 2.8, "m": 2.4, "w": 2.4, "f": 2.2, "g": 2.0, "y": 2.0},
    **{"p": 1.9, "b": 1.5, "v": 1.0, "k": 0.8, "j": 0.2, "x": 0.2, "q": 0.1, "z": 0.1},
}
_LIKELY = 4.6  # percent: how frequent a language's letters are on average; of codes it is 3.8
_ENOUGH = 300  # letters from which a language can be told


def vocabulary(texts: Iterable[str]) -> frozenset[str]:
    """Return the words of a paper, which tell how a broken one is written."""
    return frozenset(word.casefold() for text in texts for word in _WORD.findall(text))


def joined(before: str, after: str, words: frozenset[str]) -> tuple[str, str]:
    """Return two lines, ready to be put together; a word that was broken is whole again."""
    broken, rest = _BROKEN.search(before, max(0, len(before) - 100)), _WORD.match(after)
    if broken and rest and rest[0][0].islower():
        head, tail = broken[1], rest[0]
        whole = f"{head}{tail}".casefold() in words or "-" not in head + tail
        compound = f"{head}-{tail}".casefold() in words
        return (before[:-1] if whole and not compound else before), after
    if before.endswith("-") and after[:1].isalnum() and not before.endswith(" -"):
        return before, after
    if before and after and _EAST_ASIAN.match(before[-1]) and _EAST_ASIAN.match(after[0]):
        return before, after
    return before, f" {after}"


def is_gibberish(text: str) -> bool:
    """Tell whether letters are no language's, as in fonts that do not say what they show.

    They then make hardly any words, or words of letters that are rare in every language.
    """
    folded = unicodedata.normalize("NFD", text.lower())
    latin = len(_LATIN.findall(folded))
    if latin < _ENOUGH or 2 * latin < sum(map(str.isalpha, folded)):
        return False
    letters = "".join(_LONG.findall(_MARKS.sub("", folded)))
    likely = sum(map(_FREQUENCIES.__getitem__, letters)) >= _LIKELY * len(letters)
    return len(letters) < 0.1 * latin or not likely
