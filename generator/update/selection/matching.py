"""Whether a keyword is in a text: whole words and phrases, plain substrings, regular expressions.

``word`` looks for whole words in the cleaned text: case, plurals, and hyphens for spaces make no
difference. ``substring`` is the predecessor's rule, on arXiv's own characters:
``keyword.lower() in (title + " " + abstract).lower()``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial

from generator.config.options import Keyword, MatchMode
from generator.core.characters import CJK, DASHES
from generator.core.papers import Announcement


@dataclass(frozen=True, slots=True)
class MatchedTexts:
    """What is searched: the texts for regular expressions, and folded for the way of matching."""

    title: str
    abstract: str
    title_folded: str
    abstract_folded: str


# Tells whether a keyword is in the title, and whether it is in the abstract.
Finder = Callable[[MatchedTexts], tuple[bool, bool]]

# Chinese, Japanese and Korean characters need no space between them and a Latin word
# ("LLM推理"), so they never make a match part of a longer word.
_WORD_CHARACTER = f"[^\\W{CJK}]"
_GAP = rf"[\s\-{DASHES}]+"

# Simple plurals: (how the singular ends, how many letters of it change, what stands there then).
_PLURALS = (
    (re.compile(r"[^\W\d_aeiou]y$"), 1, "(?:y|ies)"),  # policy, policies
    (re.compile(r"ix$"), 1, "(?:x|xes|ces)"),  # matrix, matrices
    (re.compile(r"ex$"), 2, "(?:ex|exes|ices)"),  # index, indices
    (re.compile(r"is$"), 2, "(?:is|es)"),  # analysis, analyses
    (re.compile(r"[sxzho]$"), 0, "(?:e?s)?"),  # batch, batches; epoch, epochs
    (re.compile(r"[^\W\d_]$"), 0, "s?"),  # network, networks
)


def texts_of(announcement: Announcement, mode: MatchMode) -> MatchedTexts:
    """Return the title and abstract of a paper, made ready once for all keywords."""
    if mode == "substring":
        title, abstract = announcement.raw_title, announcement.raw_abstract
        return MatchedTexts(title, abstract, title.lower(), abstract.lower())
    title, abstract = announcement.title, announcement.abstract
    return MatchedTexts(title, abstract, _fold(title), _fold(abstract))


@lru_cache(maxsize=64)
def finders(keywords: tuple[Keyword, ...], mode: MatchMode) -> tuple[tuple[Keyword, Finder], ...]:
    """Return the keywords, each with its search, compiled once for all papers.

    Raises re.error for an invalid regular expression; the configuration rejects these earlier.
    """
    return tuple((keyword, _finder(keyword, mode)) for keyword in keywords)


def _finder(keyword: Keyword, mode: MatchMode) -> Finder:
    if keyword.regex:
        return partial(_find_pattern, re.compile(keyword.text, re.IGNORECASE))
    if mode == "substring":
        return partial(_find_substring, keyword.text.lower())
    return partial(_find_words, *_phrase(keyword.text))


def _find_pattern(pattern: re.Pattern[str], texts: MatchedTexts) -> tuple[bool, bool]:
    return bool(pattern.search(texts.title)), bool(pattern.search(texts.abstract))


def _find_substring(needle: str, texts: MatchedTexts) -> tuple[bool, bool]:
    in_title, in_abstract = needle in texts.title_folded, needle in texts.abstract_folded
    # A match that begins in the title and ends in the abstract counts for the abstract.
    seam = f"{texts.title_folded[-len(needle) :]} {texts.abstract_folded[: len(needle)]}"
    return in_title, in_abstract or (not in_title and needle in seam)


def _find_words(literal: str, words: re.Pattern[str], texts: MatchedTexts) -> tuple[bool, bool]:
    title, abstract = texts.title_folded, texts.abstract_folded
    # The plain search comes first because it is much faster and mostly finds nothing.
    return (
        literal in title and words.search(title) is not None,
        literal in abstract and words.search(abstract) is not None,
    )


def _phrase(text: str) -> tuple[str, re.Pattern[str]]:
    """Return a literal that is in all that matches, and the pattern for whole words of folded text.

    Every word may stand in the plural; hyphens and spaces between words are the same.
    """
    words = list(filter(None, re.split(_GAP, _fold(text)))) or [_fold(text)]
    forms = [_forms(word) for word in words]
    pattern = _GAP.join(re.escape(stem) + endings for stem, endings in forms)
    if re.match(_WORD_CHARACTER, words[0]):
        # "No word character before it", said after the first letters: a pattern that begins with
        # plain letters is searched for much faster.
        start = re.escape(forms[0][0])
        pattern = f"{start}(?<!{_WORD_CHARACTER}{start}){pattern.removeprefix(start)}"
    if re.search(f"{_WORD_CHARACTER}$", words[-1]):
        pattern += f"(?!{_WORD_CHARACTER})"
    return max((stem for stem, _ in forms), key=len), re.compile(pattern)


def _forms(word: str) -> tuple[str, str]:
    """Return the part that singular and plural share, and a pattern for what follows it."""
    if re.search(f"{_WORD_CHARACTER}$", word):
        for ending, changes, plural in _PLURALS:
            if ending.search(word):
                return word[: len(word) - changes], plural
    return word, ""


def _fold(text: str) -> str:
    """Return a text without what no reader means: case, composition, kind of apostrophe."""
    return unicodedata.normalize("NFC", text).casefold().replace("\u2019", "'")
