"""Where the sentences of a text end, in scripts with spaces and in Chinese or Japanese. Pure."""

from __future__ import annotations

import re

from generator.markup.maths import MASK, masked

_END = re.compile(
    rf"(?P<end>[.!?][\"'”’)\]]*)\s+(?=[\"'“‘(\[]?[A-Z0-9${MASK}])|(?P<wide>[。！？][\"'”’」』）)]*)\s*"
)
_ABBREVIATIONS_TEXT = """
al e.g i.e cf vs etc fig figs eq eqs sec ref refs no nos resp approx ca dr prof mr mrs ms st w.r.t
a.k.a i.i.d iid u.s u.k ph.d dept inc ltd vol pp ed eds tab thm prop def
"""
_ABBREVIATIONS = frozenset(_ABBREVIATIONS_TEXT.split())
_MAY_END = frozenset({"etc", "al", "inc", "ltd", "no", "u.s", "u.k", "iid", "i.i.d"})
_STARTERS_TEXT = """
We This The In It These Our For To However Here Using Based Moreover Such When
"""
_STARTERS = frozenset(_STARTERS_TEXT.split())
_NEXT_WORD = re.compile(r"[A-Za-z]+")
_LAST_WORD = re.compile(r"[\w.]+\Z")


def split_sentences(text: str) -> list[tuple[str, str]]:
    """Return the sentences of a text on one line, each also with its formulas masked.

    Formulas, decimals and abbreviations end no sentence.
    """
    readable, spans, start = masked(text), list[slice](), 0
    for end in _END.finditer(readable):
        following = _NEXT_WORD.match(readable, end.end())
        starts = following is not None and following[0] in _STARTERS
        stop = end["end"] or ""
        if stop.startswith(".") and _is_abbreviation(readable[start : end.start()], starts):
            continue
        spans.append(slice(start, end.end("end" if stop else "wide")))
        start = end.end()
    if readable[start:].strip():
        spans.append(slice(start, len(readable)))
    return [(text[span], readable[span]) for span in spans]


def _is_abbreviation(before: str, starts: bool) -> bool:
    """Tell whether the full stop behind these words belongs to the last of them.

    ``starts`` says that a word follows which begins a sentence: then a single capital is a
    variable ("over F. We show"), no initial ("A. Einstein"), and "etc." is the end.
    """
    word = _LAST_WORD.search(before[-20:])
    if not word:
        return False
    if (len(word[0]) == 1 and word[0].isupper()) or word[0].lower() in _MAY_END:
        return not starts
    return word[0].lower().strip(".") in _ABBREVIATIONS
