"""Authors by what a reader writes of their names. Pure.

The words of a name may come in any order, and all but one be initials; two may be one
(``Xiaoming`` and ``Xiao-Ming``); an umlaut may be two letters; a middle name may be missing.
``site_src/assets/search/names.js`` is the twin of this file.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import permutations

from generator.build.search.spelling import distance
from generator.build.search.words import words

_MOST_WORDS = 5
_UMLAUT = re.compile("([aou])e")
# How many letters may be wrong in a name of so many.
_LONG, _WRONG_IN_LONG = 9, 2


def could_be_name(typed: Sequence[str]) -> bool:
    """Tell whether words are of a number that a name has, and one of them is no initial."""
    return 1 < len(typed) <= _MOST_WORDS and any(len(word) > 1 for word in typed)


def is_of(name: str, typed: Sequence[str]) -> bool:
    """Tell whether words are a name: its last word must be among them.

    >>> is_of("Yann A. LeCun", ["lecun", "y"]), is_of("Li Xiao-Ming", ["xiaoming", "li"])
    (True, True)
    """
    own = list(map(_plain, words(name)))
    wanted = list(map(_plain, typed))
    return any(_fit(one, other) for one in _joined(own) for other in _joined(wanted))


def is_nearly(name: str, typed: Sequence[str]) -> int:
    """Return how many letters part words from a name in the same order; 9 for too many."""
    text, other = " ".join(typed), " ".join(words(name))
    most = _WRONG_IN_LONG if len(text) >= _LONG else 1
    away = distance(text, other, most)
    return away if away <= most else 9


def _plain(word: str) -> str:
    return _UMLAUT.sub(r"\1", word)


def _joined(parts: list[str]) -> list[list[str]]:
    """Return the words, and with each two in a row as one."""
    return [
        parts,
        *(
            [*parts[:at], parts[at] + parts[at + 1], *parts[at + 2 :]]
            for at in range(len(parts) - 1)
        ),
    ]


def _fit(own: Sequence[str], wanted: Sequence[str]) -> bool:
    """Tell whether each wanted word is another word of the name, the last word of it among them."""
    if len(wanted) > len(own) or not any(len(word) > 1 and word in own for word in wanted):
        return False
    return any(
        len(own) - 1 in places
        and all(_alike(own[at], word) for at, word in zip(places, wanted, strict=True))
        for places in permutations(range(len(own)), len(wanted))
    )


def _alike(own: str, wanted: str) -> bool:
    return own == wanted or (len(wanted) == 1 and own[0] == wanted)
