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

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from generator.build.search.reading import PaperWords
from generator.build.search.records import Section
from generator.build.search.words import STOP_WORDS, fold, stem, words

# Fields of a paper's text, with what one place in them counts; the first is the title.
WEIGHTS = (8, 4, 1, 0.5)
TITLE, AUTHORS, TEXT, PHRASES = range(4)
_FIELDS = np.array([TITLE, AUTHORS, TEXT, TEXT, TEXT, PHRASES], np.int8)  # by section
TITLE_BIT, MOST_IMPACT = 128, 127
_K1, _B = 1.2, 0.6
# A word costs a reader one shard in each part.
_SHARD = 6_000  # bytes
# To be a compound, two words must stand together this often; once, if it is a word, too.
_TOGETHER, _SHARE = 2, 0.05
_NAME_WORDS = 3

Ints = NDArray[np.signedinteger[Any]]


@dataclass(frozen=True, slots=True)
class Postings:
    """Shards of the dictionary: the first stem of each, and its two files."""

    stems: tuple[str, ...]
    terms: tuple[bytes, ...]
    places: tuple[bytes, ...]
    papers: Mapping[str, int]  # by word


def postings(papers: Sequence[PaperWords], vocabulary: Sequence[str]) -> Postings:
    """Return the dictionary of papers, whose words are places in ``vocabulary``."""
    text = _Text(papers, vocabulary)
    joined = text.joined()
    known = text.known.keys() | joined.keys()
    forms = sorted(known, key=lambda form: (_sorting(stem(form)), _sorting(form)))
    return _encoded(text, forms, joined)


def _sorting(text: str) -> str:
    """Return what sorts by code points as a text does by UTF-16 code units."""
    if text.isascii() or max(text) < "\ud800":
        return text
    units = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), "<u2")
    return "".join(map(chr, units.tolist()))


def _name_before_colon(title: str) -> str:
    """Return the two or three words that a title begins with, "" for other titles.

    >>> _name_before_colon("Star Elastic: Many Models in One")
    'star elastic'
    """
    name, colon, _ = title.partition(":")
    parts = words(name) if colon and name.isascii() else []
    return " ".join(parts) if 2 <= len(parts) <= _NAME_WORDS else ""


class _Text:
    """All words of all papers in arrays: number, paper, place in it, and field; 0 ends a text."""

    def __init__(self, papers: Sequence[PaperWords], vocabulary: Sequence[str]) -> None:
        self._papers = papers
        sections = _end_to_end([paper.sections for paper in papers], np.int8)
        indexed = sections != Section.TAGS
        sizes = [len(paper.words) for paper in papers]
        self.numbers = _end_to_end([paper.words for paper in papers], np.int32)[indexed]
        self.documents = np.repeat(np.arange(len(papers), dtype=np.int32), sizes)[indexed]
        self.fields = _FIELDS[sections[indexed]]
        self.lengths = np.bincount(self.documents, minlength=len(papers))
        starts = (np.cumsum(self.lengths) - self.lengths).astype(np.int32)
        self.places = np.arange(len(self.numbers), dtype=np.int32) - starts[self.documents]
        self.spread = np.bincount(self.numbers, minlength=len(vocabulary))
        self.known = {vocabulary[n]: n for n in np.flatnonzero(self.spread).tolist() if n}
        self._vocabulary = vocabulary

    def joined(self) -> dict[str, str]:
        """Return, by how they are written together, words that are written apart too."""
        numbers, known = self.numbers.astype(np.int64), self.known
        pairs = numbers[:-1] * len(self._vocabulary) + numbers[1:]
        pairs = pairs[(numbers[:-1] > 0) & (numbers[1:] > 0)]
        found, counts = np.unique(pairs, return_counts=True)
        enough = counts >= _TOGETHER
        apart = Counter(filter(None, (_name_before_colon(paper.title) for paper in self._papers)))
        for pair, count in zip(found[enough].tolist(), counts[enough].tolist(), strict=True):
            first, second = map(self._vocabulary.__getitem__, divmod(pair, len(self._vocabulary)))
            is_word = first.isascii() and second.isascii() and first + second in known
            if is_word and not STOP_WORDS.intersection((first, second)):
                apart[f"{first} {second}"] += count
        names = set(chain.from_iterable(paper.hyphenated_in_title for paper in self._papers))
        hyphenated = Counter(chain.from_iterable(paper.hyphenated for paper in self._papers))
        for text, count in hyphenated.items():
            parts = [fold(part) for part in text.split("-")]
            if text in names or (
                (count >= _TOGETHER or "".join(parts) in known)
                and not STOP_WORDS.intersection(parts)
            ):
                apart[" ".join(parts)] += count
        best: dict[str, tuple[int, str]] = {}
        for parts_apart, count in apart.items():
            whole = parts_apart.replace(" ", "")
            if whole not in known or count >= _SHARE * self.spread[known[whole]]:
                best[whole] = max(best.get(whole, (0, "")), (count, parts_apart))
        return {whole: parts_apart for whole, (_, parts_apart) in best.items()}


def _encoded(text: _Text, forms: Sequence[str], joined: Mapping[str, str]) -> Postings:
    ranks, documents, places, fields = _sorted(text, forms)
    # A posting is a word in a paper; ``firsts`` are their first places.
    new = _differs(ranks) | _differs(documents)
    firsts = np.flatnonzero(new)
    owners, papers = ranks[firsts], documents[firsts]
    counts = np.diff(np.append(firsts, len(ranks)))
    impacts = _impacts(fields, firsts, text.lengths[papers], text.lengths)
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
    rank = np.zeros(len(text.spread), np.int32)
    for place, form in enumerate(forms):
        if form in text.known:
            rank[text.known[form]] = place
    kept = np.flatnonzero(text.numbers)
    ranks = rank[text.numbers[kept]]
    order = _order(ranks)
    at = kept[order]
    return ranks[order], text.documents[at], text.places[at], text.fields[at]


def _order(ranks: Ints) -> Ints:
    """Return the order of numbers below 2 to the 32, equals in place: by halves, which is fast."""
    order = np.argsort((ranks & 0xFFFF).astype(np.uint16), kind="stable")
    halves = (ranks >> 16).astype(np.uint16)[order]
    return order[np.argsort(halves, kind="stable")] if halves.any() else order


def _end_to_end(arrays: Sequence[NDArray[Any]], kind: type[np.generic]) -> NDArray[Any]:
    return np.concatenate(arrays) if arrays else np.zeros(0, kind)


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
    sizes = (sum(ends) + 12 * np.arange(1, len(forms) + 1)).tolist()
    for at, size in enumerate(sizes, 1):
        is_last = at == len(forms)
        if is_last or (size - start >= _SHARD and stem(forms[at]) != stem(forms[at - 1])):
            yield first, at
            first, start = at, size


def _slice(data: bytes, ends: Ints, first: int, last: int) -> bytes:
    return data[int(ends[first - 1]) if first else 0 : int(ends[last - 1])]


def _numbers(values: Ints, owners: Ints, count: int) -> tuple[bytes, Ints]:
    """Return numbers in base 128, and where those of each owner end; ``owners`` are sorted."""
    large = np.flatnonzero(values > 127)  # few
    rest = values[large].astype(np.int64)
    sizes = np.ones(len(values), np.int64)
    for shift in (7, 14, 21, 28):
        sizes[large] += rest >= 1 << shift
    ends = np.cumsum(sizes)
    at = ends - sizes
    data = np.zeros(int(ends[-1]) if len(ends) else 0, np.uint8)
    data[at] = values & 127
    at = at[large]
    while len(at):
        data[at] |= 128
        at, rest = at + 1, rest >> 7
        data[at] = rest & 127
        more = rest > 127
        at, rest = at[more], rest[more]
    behind = np.cumsum(np.bincount(owners, minlength=count))
    return data.tobytes(), np.concatenate(([0], ends))[behind]
