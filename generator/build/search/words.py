"""One notion of a word, for texts and queries. Pure.

A word is a run of letters and digits, folded: lower case, without diacritics, with compatible
characters as plain ones (``ﬁ`` is ``fi``). A number keeps its decimals and its unit: ``2.3x``,
``671b``; ``2.3×`` is ``2.3x``, ``10,000`` is ``10000``. Everything else parts words: ``KV-cache``
is two, and so are ``A100/H100`` and ``8×H100``. Runs of a script that writes no spaces become
overlapping pairs of characters and, last, their final character.

``site_src/assets/search/words.js`` does the same in the browser;
``tests/build/search/words_vectors.json`` holds both to it.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from lunr.stemmer import porter_stemmer

from generator.core.characters import CJK

# So common that they tell nothing: they are not indexed, but keep their place in a phrase.
STOP_WORDS = frozenset(
    {"a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "in", "is", "it", "its"}
    | {"of", "on", "or", "our", "that", "the", "this", "to", "we", "with"}
)

_NUMBER = "[0-9]+(?:[.][0-9]+|,[0-9]{3}(?![0-9]))*"
_LETTERS_ON = f"[^\\W_{CJK}]+"
# 8xH100, 8x H100 and 16x16 are two words each, 2x is one; × with nothing behind it is a unit, and
# so is that of a number with decimals before a space: 1.6x P99.
_PIECE = re.compile(
    f"({_NUMBER}(?=[xX×](?:[0-9]|[A-Za-z]+[0-9]))|[0-9]+(?=[xX×] (?:[0-9]|[A-Za-z]+[0-9])))[xX×]"
    f"|([{CJK}]+)"
    f"|({_LETTERS_ON}(?:(?<=[0-9])(?:[.](?=[0-9])|,(?=[0-9]{{3}}(?![0-9]))){_LETTERS_ON})*"
    f"(?:(?<=[0-9])×(?!{_LETTERS_ON}))?)"
)
_NOT_IN_WORD = re.compile(r"[^\w.]|_")
_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ŋ": "n", "ς": "σ"}
    | {"æ": "ae", "œ": "oe", "ß": "ss", "þ": "th", "×": "x", ",": ""}
)

# British spellings with the American ones. A verb in -vise or -cise has nouns in -ision: it stays.
_AMERICAN = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"([lnrmtgd])is(e|ed|es|er|ers|ing|ation|ations|able)$", r"\1iz\2"),
        (r"lys(e|ed|er|ers|ing)$", r"lyz\1"),
        (
            r"^(behavi|col|fav|neighb|lab|hon|rum|harb|hum|vap|flav|endeav|arm|tum|vig|rig)our",
            r"\1or",
        ),
        (r"^(cent|met|kilomet|fib|theat|lit|spect|calib)re(s|d)?$", r"\1er\2"),
        (r"(model|label|travel|cancel|signal|channel|tunnel|level|fuel)l(ed|ing|er|ers)$", r"\1\2"),
        (r"(catal|dial|anal|homol|mon|epil|prol)ogue(s|d)?$", r"\1og\2"),
        (r"^(def|off|pret)ence(s?)$", r"\1ense\2"),
        (r"^licence", "license"),
        (r"^programme(s?)$", r"program\1"),
        (r"^artefact", "artifact"),
        (r"^judgement", "judgment"),
        (r"^ageing$", "aging"),
        (r"^sceptic", "skeptic"),
        (r"^grey", "gray"),
        (r"^mould", "mold"),
    )
)


class Word(NamedTuple):
    """A word, and where it stands in the text that it comes from: characters, end exclusive."""

    text: str
    start: int
    end: int


def words(text: str) -> list[str]:
    """Return the words of a text, in order; a word's place in the list is its position.

    >>> words("KV缓存 on 8×H100: 2.3× faster")
    ['kv', '缓存', '存', 'on', '8', 'h100', '2.3x', 'faster']
    """
    found: list[str] = []
    for number, run, word in _PIECE.findall(composed(text)):
        if run:
            found += _pairs(run)
        elif folded := fold(number or word):
            found.append(folded)
    return found


def words_with_places(text: str) -> list[Word]:
    """Return the words of a text, which must be ``composed``, with their places."""
    found: list[Word] = []
    for piece in _PIECE.finditer(text):
        start = piece.start()
        if piece[2]:
            pairs = _pairs(piece[2])
            found += (
                Word(pair, start + at, start + at + len(pair)) for at, pair in enumerate(pairs)
            )
        elif folded := fold(piece[1] or piece[3]):
            found.append(Word(folded, start, start + len(piece[1] or piece[3])))
    return found


def composed(text: str) -> str:
    """Return a text whose letters have their diacritics in them (NFC), where Unicode has such."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def is_run(word: str) -> bool:
    """Tell whether a word is of a script that writes no spaces."""
    return CJK_CHARACTER.match(word) is not None


CJK_CHARACTER = re.compile(f"[{CJK}]")


@lru_cache(maxsize=1_000_000)  # about the words of ten years
def stem(word: str) -> str:
    """Return what all forms of a word have in common, American and British ones too.

    Porter's stem (https://tartarus.org/martin/PorterStemmer/) of an English word of more than
    three letters; anything else as it is.

    >>> stem("optimisations") == stem("optimized")
    True
    """
    if len(word) < 4 or not (word.isascii() and word.isalpha()):
        return word
    for pattern, replacement in _AMERICAN:
        changed = pattern.sub(replacement, word)
        if changed != word:
            word = changed
            break
    found: str = porter_stemmer.stem(word)
    # lunr.js leaves a y behind a vowel where lunr.py has an i.
    return f"{found[:-1]}i" if found.endswith("y") else found


@lru_cache(maxsize=1_000_000)  # about the words of ten years
def fold(text: str) -> str:
    """Return letters and digits in the form that is compared; other characters go.

    >>> fold("Łukasz"), fold("Ångström")
    ('lukasz', 'angstrom')
    """
    lower = text.lower()
    if not lower.isascii():
        lower = unicodedata.normalize("NFKC", lower).lower()
        apart = unicodedata.normalize("NFD", lower)
        lower = "".join(c for c in apart if unicodedata.category(c) != "Mn")
    return _NOT_IN_WORD.sub("", lower.translate(_LETTERS))


def _pairs(run: str) -> list[str]:
    run = unicodedata.normalize("NFKC", run)
    return [*map(str.__add__, run, run[1:]), run[-1]]
