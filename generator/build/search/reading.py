"""The words of papers as numbers: a paper is read once, for the index and for the vectors."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from generator.build.search.records import Record, Section, sections
from generator.build.search.words import words
from generator.core.parallel import CHUNK, Workers

_HYPHENATED = re.compile(r"(?<![\w-])[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+){1,3}(?![\w-])")


@dataclass(frozen=True, slots=True, eq=False)
class PaperWords:
    """A paper's words, and of what section each is.

    ``words`` are places in the vocabulary, with a 0 behind each text. ``hyphenated`` are words with
    hyphens, as often as they are there; ``hyphenated_in_title`` those of the title.
    """

    title: str
    words: NDArray[np.int32]
    sections: NDArray[np.int8]
    hyphenated: tuple[str, ...]
    hyphenated_in_title: tuple[str, ...]


class Reading:
    """Reads papers when they are first asked for, and remembers them."""

    def __init__(self, records: Mapping[str, Record]) -> None:
        self.records = records
        self._numbers = _Numbers({"": 0})
        self._papers: dict[str, PaperWords] = {}

    def vocabulary(self) -> list[str]:
        """Return all words that were read so far; the first is none."""
        return list(self._numbers)

    def papers(self, ids: Iterable[str]) -> list[PaperWords]:
        """Return the words of papers; those that were not read before are read on all cores."""
        ids = list(ids)
        unread = [identifier for identifier in ids if identifier not in self._papers]
        batches = [unread[at : at + CHUNK] for at in range(0, len(unread), CHUNK)]

        def read(number: int) -> tuple[int, _Read]:
            return number, _read([self.records[identifier] for identifier in batches[number]])

        found = dict(chain.from_iterable(Workers(read, range(len(batches)), chunk=1).results()))
        for number, batch in enumerate(batches):  # numbered alike, whichever worker was first
            self._remember(batch, found.pop(number))
        return [self._papers[identifier] for identifier in ids]

    def _remember(self, ids: Sequence[str], read: _Read) -> None:
        number = self._numbers.__getitem__
        numbers = np.array(list(map(number, read.vocabulary.split("\n"))), np.int32)
        for identifier, paper in zip(ids, read.papers, strict=True):
            self._papers[identifier] = replace(paper, words=numbers[paper.words])


class _Numbers(dict[str, int]):
    """Words, each with a number that it gets when it is first asked for."""

    def __missing__(self, word: str) -> int:
        self[word] = number = len(self)
        return number


class _Read(NamedTuple):
    """Papers as a worker has read them, with places in a vocabulary of their own, a word a line."""

    vocabulary: str
    papers: list[PaperWords]


def _read(records: Iterable[Record]) -> _Read:
    numbers = _Numbers({"": 0})
    papers = [_paper_words(record, numbers) for record in records]
    return _Read("\n".join(numbers), papers)


def _paper_words(record: Record, numbers: _Numbers) -> PaperWords:
    number = numbers.__getitem__
    places, their_sections = array("i"), array("b")
    hyphenated: dict[bool, list[str]] = {True: [], False: []}
    for section, text in sections(record):
        before = len(places)
        places.extend(map(number, words(text)))
        places.append(0)
        their_sections.extend([section] * (len(places) - before))
        if "-" in text and section != Section.TAGS:
            hyphenated[section == Section.TITLE] += _HYPHENATED.findall(text)
    return PaperWords(
        title=record.title,
        words=np.array(places, np.int32),
        sections=np.array(their_sections, np.int8),
        hyphenated=(*hyphenated[True], *hyphenated[False]),
        hyphenated_in_title=tuple(hyphenated[True]),
    )
