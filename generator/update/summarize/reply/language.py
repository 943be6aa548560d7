"""Whether a text is in the language that was asked for.

The script tells most; between languages of one script py3langid does. Both forgive English terms,
and say nothing against a text that is too short to tell.

Calibrated on the real corpus (tests/update/summarize/reply/test_language.py). Of 1,716 Chinese
summaries, the one with the most English terms has 74 % Han characters (a word of Latin letters
counts like a character), the section with the most has 53 %. All 3,807 English abstracts are
English for py3langid.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

from generator.core.characters import CYRILLIC, GREEK, HAN, HANGUL, JAMO, KANA, LATIN
from generator.markup import maths
from generator.update.summarize.fields import base_language

_NO_PROSE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`|https?://\S+", re.DOTALL)
_TABLE_ROW = re.compile(r"^\s*\|.*$", re.MULTILINE)
_TEX_COMMAND = re.compile(r"\\[A-Za-z]+")
_WORD = re.compile(r"[^\W\d_]+")
# Each script's characters, and the languages that are written in it (Latin ones: see below).
_SCRIPTS = {
    "han": (HAN, "zh yue ja"),
    "kana": (KANA, "ja"),
    "thai": ("\u0e00-\u0e7f", "th"),
    "hangul": (JAMO + HANGUL, "ko"),
    "cyrillic": (CYRILLIC, "ru uk bg be sr mk kk mn"),
    "arabic": ("\u0600-\u06ff\u0750-\u077f", "ar fa ur"),
    "hebrew": ("\u0590-\u05ff", "he"),
    "greek": (GREEK, "el"),
    "devanagari": ("\u0900-\u097f", "hi mr ne"),
    "bengali": ("\u0980-\u09ff", "bn"),
    "tamil": ("\u0b80-\u0bff", "ta"),
    "georgian": ("\u10a0-\u10ff", "ka"),
    "armenian": ("\u0530-\u058f", "hy"),
    "latin": (LATIN, ""),
}
_SPACELESS = {"han", "kana", "thai"}  # here a character counts, in the other scripts a word
# One pattern each: a single pattern with alternatives takes six times as long.
_RUNS = {script: re.compile(f"[{characters}]+") for script, (characters, _) in _SCRIPTS.items()}
# Languages that py3langid chooses between: those of one script. Serbian may be in either.
_LATIN, _CYRILLIC, _ARABIC = (
    tuple(languages.split())
    for languages in (
        "en de fr es pt it nl pl cs sk sl hr ro hu tr vi id sv da no fi et lv lt ca gl eu sq az",
        "ru uk bg be mk kk mn",
        "ar fa ur",
    )
)
# So close to each other that a text full of English terms may be taken for its neighbour.
_ALIKE = (
    {"da", "no", "sv"},
    {"es", "pt", "gl", "ca"},
    {"cs", "sk"},
    {"hr", "sl"},
    {"ru", "be", "uk", "bg", "mk"},
)

_FEW = 20  # words or Han characters: fewer may be all names and terms
_SHARE, _SHARE_OF_PART = 0.5, 0.3
_KANA = 0.1  # of Japanese; real prose has about half
_SURE = 0.9  # py3langid's probability of another language


@dataclass(frozen=True, slots=True)
class _Prose:
    """A text without code, formulas and addresses, and how much of it is in each script."""

    text: str
    counts: Counter[str]


def is_in(language: str, *parts: str) -> bool:
    """Tell whether a text may be in the language, given by its tag (``zh``, ``pt-BR``).

    All parts together are asked, and each by itself: one, such as a section, may be all tables and
    names, so that less of it has to be in the language.
    """
    wanted = base_language(language)
    prose = [_prose(part) for part in parts]
    counts = sum((part.counts for part in prose), Counter[str]())
    whole = _Prose("\n\n".join(part.text for part in prose), counts)
    return _may_be(wanted, whole, _SHARE) and all(
        _may_be(wanted, part, _SHARE_OF_PART) for part in prose
    )


def _prose(text: str) -> _Prose:
    pieces, position = [], 0
    for formula in maths.find(text, markdown=True):
        pieces.append(text[position : formula.start])
        position = formula.end
    text = " ".join([*pieces, text[position:]])
    text = _TEX_COMMAND.sub(" ", _NO_PROSE.sub(" ", text))
    counts: Counter[str] = Counter()
    for script, pattern in _RUNS.items():
        runs = pattern.findall(text)
        counts[script] = sum(map(len, runs)) if script in _SPACELESS else len(runs)
    return _Prose(text, counts)


def _may_be(wanted: str, prose: _Prose, share: float) -> bool:
    """Tell whether prose may be in a language, of which it has at least a share."""
    total = prose.counts.total()
    scripts = {script for script, (_, written) in _SCRIPTS.items() if wanted in written.split()}
    own = sum(prose.counts[script] for script in scripts)
    if total < _FEW:
        return True
    if scripts and own < total * share:
        return False
    if "han" in scripts:
        is_japanese = prose.counts["kana"] >= own * _KANA
        return is_japanese == (wanted == "ja")
    if wanted in _LATIN and prose.counts["latin"] < total * _SHARE:
        return False
    return not _is_another(wanted, prose.text)


def _is_another(wanted: str, prose: str) -> bool:
    """Tell whether py3langid is sure that this is another language of the same script."""
    family = next((f for f in (_LATIN, _CYRILLIC, _ARABIC) if wanted in f), None)
    if not family:
        return False
    if family is _LATIN:
        words = _WORD.findall(_TABLE_ROW.sub(" ", prose))
    else:  # without the terms that are English anyway
        words = [word for word in _WORD.findall(prose) if not word.isascii()]
    if len(words) < _FEW:
        return False
    ranks = dict(_identifier(family).rank(" ".join(words)))
    best = max(ranks, key=lambda name: ranks[name])
    if best == wanted or any({best, wanted} <= alike for alike in _ALIKE):
        return False
    return bool(ranks[best] > _SURE)


@functools.cache
def _identifier(languages: tuple[str, ...]) -> Any:
    """Return an identifier of some languages.

    Imported here: its model takes half a second and 110 MB.
    """
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(languages)
    return identifier
