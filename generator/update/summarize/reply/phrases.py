"""The search phrases of a model, tidy and bounded: they are untrusted text like all of its answer.

Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from generator.update.summarize.characters import one_line

MAX_PHRASES, MAX_LENGTH = 10, 120
_LOOKED_AT = 50  # of a list that never ends
_AROUND = " \t\"'“”‘’«»「」『』.。,，;；"
# A bullet, a number, or a language's name.
_LABEL = re.compile(
    r"\A(?:[-*•·]\s+|\(?\d{1,2}[.)、]\s*|(?:en|zh|english|chinese|英文|中文)\s*[:：]\s*)+",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"[<>{}\\`$|]|://|\]\(|\*\*|__|&#?\w+;")
_HAS_WORDS = re.compile(r"[^\W_][^\W_]")


def tidy_phrases(value: object) -> tuple[str, ...]:
    """Return at most ten phrases of a list, in its order, each once.

    Phrases with markup, sentences without end and what is no text are left out. A summary does
    without phrases where a model wrote none.

    >>> tidy_phrases(["1. why is my GPU idle?", "<b>bold</b>", "显卡为什么空闲"])
    ('why is my GPU idle?', '显卡为什么空闲')
    """
    found: dict[str, str] = {}
    for text in islice(_texts(value), _LOOKED_AT):
        phrase = _LABEL.sub("", one_line(text[: 4 * MAX_LENGTH]).strip(_AROUND)).strip(_AROUND)
        if len(phrase) <= MAX_LENGTH and _HAS_WORDS.search(phrase) and not _MARKUP.search(phrase):
            found.setdefault(phrase.casefold(), phrase)
    return tuple(found.values())[:MAX_PHRASES]


def _texts(value: object) -> Iterator[str]:
    """Yield the texts of a list, of an object with a list for each language, or a text's lines."""
    if isinstance(value, dict):
        value = [text for texts in value.values() if isinstance(texts, list) for text in texts]
    if isinstance(value, str):
        value = value.split("\n")
    if isinstance(value, list):
        yield from (text for text in value if isinstance(text, str))
