"""Which papers of a part have which words, and where: the part's dictionary, in shards. Pure.

``terms/<k>.bin`` is a header and what ranking needs; ``places/<k>.bin``, of the same words in the
same order, is what phrases need besides. The header is UTF-8, a line for each stem, sorted by
UTF-16 code units as JavaScript sorts: the stem and its forms, between tabs, a form as
``form=papers`` or, where it is written apart too, ``form=papers=first second``; a form that is its
stem is left out, and so is a number of 1. An empty line ends it. Then come, for
all forms in order, the numbers of the papers that have it, each as its difference to the one
before, and behind all of them a byte for each: its impact, and in the highest bit whether the title
has the word. ``places`` has for each paper of each form the number of places and, each as its
difference to the one before, the places. Numbers are in base 128, least significant first, the
highest bit set in all bytes of a number but the last (LEB128, unsigned).

Impacts are BM25's saturated term frequency, in 127ths, over weighted fields (Robertson and
Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009, section 3.6).
"""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from generator.build.search.words import STOP_WORDS, fold, stem, words

# Fields of a paper's text, with what one place in them counts; the first is the title.
WEIGHTS = (8, 4, 1, 0.5)
TITLE = 0
TITLE_BIT, MOST_IMPACT = 128, 127
_K1, _B = 1.2, 0.6
# A word costs a reader one shard in each part.
_SHARD = 6_000  # bytes
# To be a compound, two words must stand together this often; once, if it is a word, too.
_TOGETHER, _SHARE = 2, 0.05
_NAME_WORDS = 3
_HYPHENATED = re.compile(r"(?<![\w-])[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+){1,3}(?![\w-])")

Ints = NDArray[np.signedinteger[Any]]


@dataclass(frozen=True, slots=True)
class Postings:
    """Shards of the dictionary: the first stem of each, and its two files."""

    stems: tuple[str, ...]
    terms: tuple[bytes, ...]
    places: tuple[bytes, ...]
    papers: Mapping[str, int]  # by word


def postings(documents: Iterable[Sequence[Sequence[str]]]) -> Postings:
    """Return the dictionary of documents: for each its texts, by field."""
    text = _Text()
    for fields in documents:
        text.add(fields)
    joined = text.joined()
    forms = sorted(text.known() | joined.keys(), key=lambda form: _order(stem(form), form))
    return _encoded(text, forms, joined)


def _order(*parts: str) -> tuple[bytes, ...]:
    return tuple(part.encode("utf-16-be", "surrogatepass") for part in parts)


def _name_before_colon(title: str) -> str:
    """Return the two or three words that a title begins with, "" for other titles.

    >>> _name_before_colon("Star Elastic: Many Models in One")
    'star elastic'
    """
    name, colon, _ = title.partition(":")
    parts = words(name) if colon and name.isascii() else []
    return " ".join(parts) if 2 <= len(parts) <= _NAME_WORDS else ""


class _Numbers(dict[str, int]):
    """Words, each with a number that it gets when it is first asked for."""

    def __missing__(self, word: str) -> int:
        self[word] = number = len(self)
        return number


class _Text:
    """All words of all documents, as numbers; 0 is the end of a text."""

    def __init__(self) -> None:
        self.numbers = _Numbers({"": 0})
        self._words = array("i")
        self._fields = array("b")
        self._ends = array("i")
        self._hyphenated: Counter[str] = Counter()
        self._names: set[str] = set()  # with hyphens, of titles
        self._before_colons: Counter[str] = Counter()  # what a title calls its subject

    def add(self, fields: Sequence[Sequence[str]]) -> None:
        number = self.numbers.__getitem__
        for field, texts in enumerate(fields):
            before = len(self._words)
            if field == TITLE:
                self._before_colons.update(filter(None, map(_name_before_colon, texts)))
            for text in texts:
                self._words.extend(map(number, words(text)))
                self._words.append(0)
                if "-" in text:
                    found = _HYPHENATED.findall(text)
                    self._hyphenated.update(found)
                    self._names.update(found if field == TITLE else ())
            self._fields.extend([field] * (len(self._words) - before))
        self._ends.append(len(self._words))

    def known(self) -> set[str]:
        return {word for word, number in self.numbers.items() if number}

    def arrays(self) -> tuple[Ints, Ints, Ints, Ints]:
        """Return for each word its number, document, place in it, and field."""
        numbers = np.array(self._words, np.int32)
        ends = np.array(self._ends, np.int32)
        starts = np.concatenate((np.zeros(1, np.int32), ends))[:-1]
        documents = np.repeat(np.arange(len(ends), dtype=np.int32), ends - starts)
        places = np.arange(len(numbers), dtype=np.int32) - starts[documents]
        return numbers, documents, places, np.array(self._fields, np.int8)

    def lengths(self) -> Ints:
        ends = np.array(self._ends, np.int64)
        return ends - np.concatenate(([0], ends[:-1]))

    def joined(self) -> dict[str, str]:
        """Return, by how they are written together, words that are written apart too."""
        numbers = np.array(self._words, np.int64)
        pairs = numbers[:-1] * len(self.numbers) + numbers[1:]
        pairs = pairs[(numbers[:-1] > 0) & (numbers[1:] > 0)]
        found, counts = np.unique(pairs, return_counts=True)
        enough = counts >= _TOGETHER
        names = {number: word for word, number in self.numbers.items() if number}
        apart = Counter(self._before_colons)
        for pair, count in zip(found[enough].tolist(), counts[enough].tolist(), strict=True):
            first, second = names[pair // len(self.numbers)], names[pair % len(self.numbers)]
            is_word = first.isascii() and second.isascii() and first + second in self.numbers
            if is_word and not STOP_WORDS.intersection((first, second)):
                apart[f"{first} {second}"] += count
        for text, count in self._hyphenated.items():
            parts = [fold(part) for part in text.split("-")]
            if text in self._names or (
                (count >= _TOGETHER or "".join(parts) in self.numbers)
                and not STOP_WORDS.intersection(parts)
            ):
                apart[" ".join(parts)] += count
        often_joined = np.bincount(numbers, minlength=len(self.numbers))
        best: dict[str, tuple[int, str]] = {}
        for parts_apart, count in apart.items():
            whole = parts_apart.replace(" ", "")
            if count >= _SHARE * often_joined[self.numbers.get(whole, 0) or 0] or (
                whole not in self.numbers
            ):
                best[whole] = max(best.get(whole, (0, "")), (count, parts_apart))
        return {whole: parts_apart for whole, (_, parts_apart) in best.items()}


def _encoded(text: _Text, forms: Sequence[str], joined: Mapping[str, str]) -> Postings:
    ranks, documents, places, fields = _sorted(text, forms)
    # A posting is a word in a paper; ``firsts`` are their first places.
    new = _differs(ranks) | _differs(documents)
    firsts = np.flatnonzero(new)
    owners, papers = ranks[firsts], documents[firsts]
    counts = np.diff(np.append(firsts, len(ranks)))
    impacts = _impacts(fields, firsts, text.lengths()[papers], text.lengths())
    deltas = np.where(_differs(owners), papers, np.diff(papers, prepend=0))
    steps = np.where(new, places, np.diff(places, prepend=0))
    each = np.insert(steps, firsts, counts)  # before a paper's places, their number
    holders = np.insert(ranks, firsts, owners)
    papers_of = np.bincount(owners, minlength=len(forms))
    delta_bytes, delta_ends = _numbers(deltas, owners, len(forms))
    place_bytes, place_ends = _numbers(each, holders, len(forms))
    impact_bytes, impact_ends = impacts.tobytes(), np.cumsum(papers_of)

    stems, terms, places_files = [], [], []
    for first, last in _shards(forms, delta_ends, impact_ends):
        stems.append(stem(forms[first]))
        terms.append(
            _header(forms[first:last], papers_of[first:last], joined)
            + _slice(delta_bytes, delta_ends, first, last)
            + _slice(impact_bytes, impact_ends, first, last)
        )
        places_files.append(_slice(place_bytes, place_ends, first, last))
    words_papers = dict(zip(forms, papers_of.tolist(), strict=True))
    return Postings(tuple(stems), tuple(terms), tuple(places_files), words_papers)


def _sorted(text: _Text, forms: Sequence[str]) -> tuple[Ints, Ints, Ints, Ints]:
    """Return for each word the rank of its form, its document, place and field, in this order."""
    rank = np.zeros(len(text.numbers) + 1, np.int32)
    for place, form in enumerate(forms):
        rank[text.numbers.get(form, 0)] = place
    numbers, *others = text.arrays()
    kept = np.flatnonzero(numbers)
    ranks = rank[numbers[kept]]
    order = np.argsort(ranks, kind="stable")
    documents, places, fields = (values[kept[order]] for values in others)
    return ranks[order], documents, places, fields


def _impacts(fields: Ints, firsts: Ints, own: Ints, lengths: Ints) -> NDArray[np.uint8]:
    """Return the byte of each posting; ``own`` are the lengths of their papers, in words."""
    if not len(firsts):
        return np.zeros(0, np.uint8)
    frequency = np.add.reduceat(np.array(WEIGHTS)[fields], firsts)
    saturated = frequency / (frequency + _K1 * (1 - _B + _B * own / max(lengths.mean(), 1)))
    impacts: NDArray[np.uint8] = np.maximum(np.rint(saturated * MOST_IMPACT), 1).astype(np.uint8)
    in_title = np.minimum.reduceat(fields, firsts) == TITLE
    impacts |= np.where(in_title, TITLE_BIT, 0).astype(np.uint8)
    return impacts


def _header(forms: Sequence[str], papers: Ints, joined: Mapping[str, str]) -> bytes:
    lines = []
    for name, group in groupby(zip(forms, papers.tolist(), strict=True), lambda one: stem(one[0])):
        lines.append("\t".join((name, *(_cell(name, *one, joined) for one in group))))
    return ("\n".join(lines) + "\n\n").encode()


def _cell(name: str, form: str, papers: int, joined: Mapping[str, str]) -> str:
    cell = "" if form == name else form
    number = "" if papers == 1 else str(papers)
    if form in joined:
        return f"{cell}={number}={joined[form]}"
    return f"{cell}={number}" if number else cell


def _differs(values: Ints) -> NDArray[np.bool_]:
    """Tell for each value whether it is the first or another than the one before."""
    before = np.concatenate(([-1], values[:-1]))
    return np.not_equal(values, before)


def _shards(forms: Sequence[str], *ends: Ints) -> Iterable[tuple[int, int]]:
    """Yield the first form of each shard, and the one behind its last; stems stay together."""
    first, start = 0, 0
    for at in range(1, len(forms) + 1):
        size = sum(int(end[at - 1]) for end in ends) + 12 * at
        is_last = at == len(forms)
        if is_last or (size - start >= _SHARD and stem(forms[at]) != stem(forms[at - 1])):
            yield first, at
            first, start = at, size


def _slice(data: bytes, ends: Ints, first: int, last: int) -> bytes:
    return data[int(ends[first - 1]) if first else 0 : int(ends[last - 1])]


def _numbers(values: Ints, owners: Ints, count: int) -> tuple[bytes, Ints]:
    """Return numbers in base 128, and where those of each owner end."""
    sizes = np.ones(len(values), np.int64)
    for shift in (7, 14, 21, 28):
        sizes += values >= 1 << shift
    starts = np.cumsum(sizes) - sizes
    data = np.zeros(int(sizes.sum()), np.uint8)
    for byte in range(5):
        having = sizes > byte
        more = np.where(sizes[having] > byte + 1, 128, 0)
        data[starts[having] + byte] = (values[having] >> 7 * byte & 127) | more
    ends = np.cumsum(np.bincount(owners, weights=sizes, minlength=count)).astype(np.int64)
    return data.tobytes(), ends
