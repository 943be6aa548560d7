"""The words of papers as numbers: a paper is read once, for the index and for the vectors."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generator.build.search.records import Record, Section, sections
from generator.build.search.words import words
from generator.core.parallel import Workers

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
        workers = Workers(_read, [self.records[identifier] for identifier in unread])
        found = dict(pair for chunk in workers.results() for pair in chunk)
        for identifier in unread:  # words are numbered alike, whichever worker was first
            self._papers[identifier] = self._numbered(found.pop(identifier))
        return [self._papers[identifier] for identifier in ids]

    def _numbered(self, read: _Read) -> PaperWords:
        numbers = [self._numbers[word] for word in read.vocabulary.split("\n")]
        return PaperWords(
            title=read.title,
            words=np.array(numbers, np.int32)[np.frombuffer(read.words, np.int32)],
            sections=np.frombuffer(read.sections, np.int8),
            hyphenated=read.hyphenated,
            hyphenated_in_title=read.hyphenated_in_title,
        )


class _Numbers(dict[str, int]):
    """Words, each with a number that it gets when it is first asked for."""

    def __missing__(self, word: str) -> int:
        self[word] = number = len(self)
        return number


@dataclass(frozen=True, slots=True)
class _Read:
    """A paper as a worker has read it; ``words`` are lines of its own ``vocabulary``."""

    title: str
    vocabulary: str
    words: bytes
    sections: bytes
    hyphenated: tuple[str, ...]
    hyphenated_in_title: tuple[str, ...]


def _read(record: Record) -> tuple[str, _Read]:
    vocabulary = {"": 0}
    numbers, their_sections = array("i"), array("b")
    hyphenated: dict[bool, list[str]] = {True: [], False: []}
    for section, text in sections(record):
        own = [vocabulary.setdefault(word, len(vocabulary)) for word in words(text)]
        numbers.extend(own)
        numbers.append(0)
        their_sections.extend([section] * (len(own) + 1))
        if "-" in text and section != Section.TAGS:
            hyphenated[section == Section.TITLE] += _HYPHENATED.findall(text)
    in_title = tuple(hyphenated[True])
    read = _Read(
        title=record.title,
        vocabulary="\n".join(vocabulary),
        words=numbers.tobytes(),
        sections=their_sections.tobytes(),
        hyphenated=(*in_title, *hyphenated[False]),
        hyphenated_in_title=in_title,
    )
    return record.id, read
