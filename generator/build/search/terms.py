"""What the clauses of a query ask of a text, where there is no index of it. Pure.

Words are compared by their stems (lunr's, https://tartarus.org/martin/PorterStemmer/), phrases as
they stand, both folded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from lunr.stemmer import porter_stemmer

from generator.build.search.segment import Clause, unaccented, unspaced
from generator.core.characters import ACCENTED_LATIN, CJK, COMBINING, CYRILLIC, GREEK

_LETTER = f"[^\\W_{CJK}]"  # of a word: what is of no script without spaces
_TOKEN = re.compile(f"{_LETTER}+|[{CJK}]+")
# Between the words of a phrase. NUL stands between a paper's fields, and between its authors.
_BETWEEN = r"(?:(?!\0)[\W_])"
_ACCENTED = re.compile(f"[{ACCENTED_LATIN}{COMBINING}{GREEK}{CYRILLIC}]+")


class TermPattern(NamedTuple):
    """A pattern whose groups must have the ``stems``; ``literal`` is in all that it matches."""

    literal: str
    pattern: re.Pattern[str]
    stems: tuple[str, ...] = ()

    def spans(self, folded: str) -> Iterator[tuple[int, int]]:
        """Yield where a folded text has it."""
        if self.literal in folded:  # seen far sooner than that a pattern does not match
            for match in self.pattern.finditer(folded):
                if tuple(map(_stem, match.groups())) == self.stems:
                    yield match.span()

    def is_in(self, folded: str) -> bool:
        """Tell whether a folded text has it."""
        return next(self.spans(folded), None) is not None


class QueryTerm(NamedTuple):
    """What a clause asks for in a text, or, ``joined``, in the same text without its hyphens."""

    term: TermPattern
    joined: TermPattern | None

    @classmethod
    def of(cls, clause: Clause) -> QueryTerm:
        """Make it of a clause: pretraining asks for pre-training too, and the other way round."""
        if clause.kind == "word":
            return cls(_word(clause.text), _word(clause.text.replace("-", "")))
        return cls(phrase(unspaced(clause.text)), None)

    def count(self, folded: str) -> int:
        """Return how often a folded text has it."""
        joined = self.joined.spans(folded.replace("-", "")) if self.joined else ()
        return max(sum(1 for _ in spans) for spans in (self.term.spans(folded), joined))

    def is_in(self, folded: str, joined: str) -> bool:
        """Tell whether a folded text has it; ``joined`` is the text without hyphens."""
        return self.term.is_in(folded) or (self.joined is not None and self.joined.is_in(joined))

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield where a text has it that is not folded."""
        for term, hyphen in ((self.term, "-"), (self.joined, "")):
            if term is not None:
                folded, places = _by_character(text, hyphen)
                for start, end in term.spans(folded):
                    yield places[start], places[end - 1] + 1


def fold(text: str) -> str:
    """Return a text in lower case and without diacritics.

    >>> fold("Jérémy TÁRANO")
    'jeremy tarano'
    """
    lower = text.lower()
    return lower if lower.isascii() else _ACCENTED.sub(lambda found: unaccented(found[0]), lower)


def tokens(text: str) -> list[str]:
    """Return the words of a text, folded; a run of characters without spaces is one."""
    found: list[str] = _TOKEN.findall(fold(text))
    return found


def phrase(text: str) -> TermPattern:
    """Ask for exactly these words; those without spaces between them may stand within a run."""
    pattern, before = "", ""
    words = tokens(text)
    for token in words:
        if before:
            pattern += _BETWEEN + ("+" if _is_word(before) == _is_word(token) else "*")
        whole = f"{_from_start(token)}(?!{_LETTER})"
        pattern += whole if _is_word(token) else re.escape(token)
        before = token
    return TermPattern(max(words, key=len), re.compile(pattern))


def _word(text: str) -> TermPattern:
    """Ask for a word in any form; one with a hyphen or the like is several in a row."""
    stems = tuple(map(_stem, tokens(text)))
    # Porter's stems are the word's own beginning but for their last letter (study: studi).
    roots = [stem[:-1] if len(stem) > 2 else stem for stem in stems]
    words = [f"({_from_start(root)}{_LETTER}*)" for root in roots]
    return TermPattern(max(roots, key=len), re.compile(f"{_BETWEEN}+".join(words)), stems)


def _from_start(root: str) -> str:
    """Ask for the beginning of a word. To look back lets ``re`` search for the letters."""
    return f"{re.escape(root)}(?<!{_LETTER}{re.escape(root)})"


def _is_word(token: str) -> bool:
    return bool(re.match(_LETTER, token))


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    stem: str = porter_stemmer.stem(word)
    return stem


@lru_cache(maxsize=8)
def _by_character(text: str, hyphen: str) -> tuple[str, list[int]]:
    """Return a text folded, and the place that each character of this comes from."""
    folded = [hyphen if character == "-" else fold(character) for character in text]
    return "".join(folded), [at for at, character in enumerate(folded) for _ in character]
