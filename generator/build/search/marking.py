"""Where a text has what was sought, and its best piece. Pure.

``site_src/assets/search/marking.js`` is the twin of this file.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from generator.build.search.matching import Sought, Step
from generator.build.search.words import STOP_WORDS, stem, words_with_places

# A text in pieces, each with whether it is marked.
Marked = tuple[tuple[str, bool], ...]

_LENGTH = 240  # characters of an excerpt, about
_BEFORE = 60
_LITTLE = re.compile("[0-9]{1,2}")  # the number of a section


class Place(NamedTuple):
    """Where a text has something sought, with its number there; ``end`` is exclusive."""

    start: int
    end: int
    number: int


def places(text: str, sought: Sequence[Sought]) -> list[Place]:
    """Return where a text has what is sought, in order; the text must be ``words.composed``."""
    found_words = words_with_places(text)
    by_form: dict[str, list[int]] = defaultdict(list)
    by_stem: dict[str, list[int]] = defaultdict(list)
    for at, word in enumerate(found_words):
        by_form[word.text].append(at)
        by_stem[stem(word.text)].append(at)

    def having(step: Step) -> list[int]:
        if step.kind == "start":
            return [n for n, word in enumerate(found_words) if word.text.startswith(step.word)]
        return (by_stem if step.kind == "stem" else by_form).get(step.word, [])

    found: list[Place] = []
    for number, one in enumerate(sought):
        for (first, *rest), _ in one.runs:
            if not rest and _tells_little(first):
                continue
            others = [(step.at - first.at, set(having(step))) for step in rest]
            last = rest[-1].at - first.at if rest else 0
            for at in having(first):
                if all(at + away in there for away, there in others):
                    found.append(Place(found_words[at].start, found_words[at + last].end, number))
    return sorted(found, key=lambda place: (place.start, place.end))


def may_be_marked(sought: Sequence[Sought]) -> bool:
    """Tell whether there is anything that would be marked where it stands."""
    steps = [run.steps for one in sought for run in one.runs]
    return any(len(row) > 1 or not _tells_little(row[0]) for row in steps)


def _tells_little(step: Step) -> bool:
    return bool(_LITTLE.fullmatch(step.word)) or step.word in STOP_WORDS


def marked(text: str, found: Sequence[Place]) -> Marked:
    """Return a text with the places marked."""
    marks = [False] * len(text)
    for place in found:
        marks[place.start : place.end] = [True] * (place.end - place.start)
    pieces: list[tuple[str, bool]] = []
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or marks[at] != marks[start]:
            pieces.append((text[start:at], marks[start]))
            start = at
    return tuple(pieces)


def excerpt(text: str, sought: Sequence[Sought]) -> Marked:
    """Return the piece of a text that has most of what was sought; it begins and ends at words."""
    found = places(text, sought)
    first, most = 0, 0
    for index, place in enumerate(found):
        near = {
            other.number
            for other in found[index : index + _LENGTH]
            if other.end <= place.start + _LENGTH - _BEFORE
        }
        if len(near) > most:
            first, most = place.start, len(near)
    all_words = words_with_places(text)
    start = 0
    if first > _BEFORE:
        start = next((word.start for word in all_words if word.start >= first - _BEFORE), 0)
    end = len(text)
    if end > start + _LENGTH:
        ends = [word.end for word in all_words if start < word.end <= start + _LENGTH]
        end = max(ends, default=start + _LENGTH)
    within = [
        Place(place.start - start, place.end - start, place.number)
        for place in found
        if start <= place.start and place.end <= end
    ]
    return (*_dots(start > 0), *marked(text[start:end], within), *_dots(end < len(text)))


def _dots(shown: bool) -> Marked:
    return (("…", False),) if shown else ()
