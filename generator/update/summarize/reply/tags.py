"""The tags of a model, tidy, and spelled as the archive spells them already. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from generator.core import urls
from generator.core.characters import DASHES
from generator.update.summarize.characters import one_line

MAX_TAGS, _MAX_LENGTH, _MAX_WORDS = 8, 40, 5

_AROUND = " \t#*_`~\"'“”‘’«»「」.,;:!?/|=>-–—•·"
_BRACKETS = re.compile(r"\s*[(（][^()（）]*[)）]")
_LABEL = re.compile(r"\A(?:tags?|keywords?)\s*:\s*", re.I)
_MARKUP = re.compile(r"[<>\[\]{}\\|`$@=\"]|://|\*\*|__")
_DASHES = re.compile(f"[{DASHES}\u2212_]")
_LATIN_LETTER = re.compile(r"[A-Za-z]")
_FOREIGN = re.compile(r"[^\W\d_A-Za-z\u00c0-\u024f\u0370-\u03ff]")
_CATEGORY = re.compile(r"[a-z-]{2,9}\.[A-Za-z-]{2,6}")
_PART = re.compile(r"[^\s/-]+")
# An acronym or a name: capitals within (LoRA, GPUs), or letters with a number (A100).
_NAME = re.compile(r".+[A-Z].*|[A-Z]+\d.*")
_SINGULAR_S = re.compile(r"(?:[siu]s|\A(?:gas|bias|alias|atlas|canvas))\Z")
_SAYS_NOTHING_TEXT = """
tag tags keyword keywords paper papers research study other others none null unknown misc general
arxiv topic topics term terms method methods results na n/a etc todo string
"""
_SAYS_NOTHING = frozenset(_SAYS_NOTHING_TEXT.split())


def normalise(tags: Sequence[str], known: Mapping[str, str]) -> tuple[str, ...]:
    """Return at most eight tags, in the order of the model, each once.

    ``known`` maps slugs to the archive's names: a tag that is the same but for plural, hyphens,
    spaces and case takes the archive's spelling. Others are in lower case but for acronyms and
    names. Markup, empty words, sentences and what is not English are left out.

    >>> normalise(["#Large Language Models", "KV-caches", "llm"], {"kv-cache": "KV cache"})
    ('large language models', 'KV cache', 'llm')
    """
    spellings: dict[str, str] = {}
    for name in sorted(known.values(), key=lambda name: (len(name), name)):
        if _is_tag(name):
            spellings.setdefault(_key(name), name)
    found: dict[str, str] = {}
    for tag in tags:
        tidy = _tidy(tag)
        key = _key(tidy)
        name = spellings.get(key, tidy)
        if _is_tag(name):
            found.setdefault(key, name)
    return tuple(found.values())[:MAX_TAGS]


def _tidy(tag: str) -> str:
    """Return a tag without what is around it, in lower case but for names."""
    text = _DASHES.sub("-", one_line(unicodedata.normalize("NFKC", one_line(tag[:400]))))
    previous = None
    while previous != text:  # what one step takes away may uncover more
        previous = text
        text = _LABEL.sub("", _BRACKETS.sub("", text)).strip(_AROUND)
    words = text.split()
    if text.isupper() and len(words) > 1 and any(len(word) > 4 for word in words):
        text = text.lower()  # a whole term in capitals is shouted, not made of acronyms
    return _PART.sub(_cased, text)


def _cased(part: re.Match[str]) -> str:
    word = part[0]
    shouted = word.isalpha() and word.isupper() and len(word) > 5
    return word if _NAME.fullmatch(word) and not shouted else word.lower()


def _is_tag(text: str) -> bool:
    return (
        2 <= len(text) <= _MAX_LENGTH
        and len(text.split()) <= _MAX_WORDS
        and bool(_LATIN_LETTER.search(text))
        and not _FOREIGN.search(text)
        and not _MARKUP.search(text)
        and not _CATEGORY.fullmatch(text)
        and text.lower() not in _SAYS_NOTHING
    )


def _key(name: str) -> str:
    """Return what all spellings of a tag share: no case, hyphens, spaces, last word in singular."""
    words = [word for word in re.split(r"[-_]+", urls.slug(name)) if word]
    if not words:
        return ""
    return "".join([*words[:-1], _singular(words[-1])])


def _singular(word: str) -> str:
    """Return what the singular and plural of a word share, for comparing only."""
    if word.endswith("s") and len(word) > 3 and not _SINGULAR_S.search(word):
        word = word[:-1]
        if word.endswith("ie"):
            return f"{word[:-2]}y"
        if word.endswith("yse"):
            return f"{word[:-1]}is"
    if word.endswith(("ix", "ex")) and len(word) > 4:  # matrix, matrices; index, indices
        return f"{word[:-2]}ic"
    # "caches" may be the plural of "cache" or of "cach".
    return word[:-1] if word.endswith("e") and len(word) > 3 else word
