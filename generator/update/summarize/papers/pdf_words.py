"""Words of a PDF: put together where lines broke them, and told from gibberish. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from generator.core.characters import EAST_ASIAN

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_BROKEN = re.compile(r"([^\W\d_]+(?:-[^\W\d_]+)*)-$")
_EAST_ASIAN = re.compile(f"[{EAST_ASIAN}]")
_LATIN = re.compile(r"[a-z]")
_FREQUENT = re.compile(r"[etaoinsr]")
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

    Eight letters are two thirds of English, and half of any language in Latin letters. Of codes
    in their place they are a third.
    """
    letters = len(_LATIN.findall(folded := text.lower()))
    if letters < _ENOUGH or 2 * letters < sum(map(str.isalpha, folded)):
        return False
    return len(_FREQUENT.findall(folded)) < 0.42 * letters
