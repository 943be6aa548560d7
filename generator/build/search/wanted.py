"""What a query's clauses want, and which papers of a part have it.

``site_src/assets/search/wanted.js`` is the twin of this file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from generator.build.search.matching import (
    Matches,
    Sought,
    either,
    matches,
    sought,
    sought_exactly,
    sought_together,
)
from generator.build.search.names import is_of
from generator.build.search.opened import OpenPart
from generator.build.search.postings import MOST_IMPACT, TITLE_BIT
from generator.build.search.query import Clause, Query
from generator.build.search.tables import name_table
from generator.build.search.words import words

_FACETS = ("category", "tag", "type")


@dataclass(frozen=True, slots=True)
class Alternative:
    """Something sought, anywhere or in a field; a facet has its ``value`` only."""

    sought: Sought | None
    field: str = ""
    value: str = ""


# What a paper must have one of.
Wanted = tuple[Alternative, ...]


@dataclass(frozen=True, slots=True)
class Demand:
    """What a query wants: of its free ``text`` and its phrases the more the better, ``hard`` all of
    it, ``without`` nothing of it.
    """

    text: str
    words: tuple[Wanted, ...]
    phrases: tuple[Wanted, ...]
    hard: tuple[Wanted, ...]
    without: tuple[Wanted, ...]


def demand(query: Query, parts: Sequence[OpenPart]) -> Demand:
    """Return what a query wants."""
    phrases: list[Wanted] = []
    hard: list[Wanted] = []
    without: list[Wanted] = []
    free: list[str] = []
    dictionaries = [part.dictionary for part in parts]
    for group in query.clauses:
        first = group[0]
        if len(group) == 1 and first.kind == "word" and not first.field and not first.sign:
            free.append(first.text)
        elif wanted := tuple(one for clause in group for one in _alternatives(clause, parts)):
            is_hard = first.sign == "+" or first.field
            (without if first.sign == "-" else hard if is_hard else phrases).append(wanted)
    text = " ".join(free)
    found: list[Wanted] = [(Alternative(one),) for one in sought(text, dictionaries)]
    if not found and (only_small := sought_exactly(text, dictionaries)):
        found.append((Alternative(only_small),))  # to be or not to be
    return Demand(text, tuple(found), tuple(phrases), tuple(hard), tuple(without))


def having(wanted: Wanted, part: OpenPart) -> Matches:
    """Return the papers of a part that have one of the alternatives."""
    found = either(_having(one, part) for one in wanted)
    return {paper: impact for paper, impact in found.items() if paper not in part.stale}


def authors(typed: Sequence[str], part: OpenPart, *, open_: bool = False) -> dict[str, list[int]]:
    """Return the authors of a part who could be meant, with their papers.

    A single word is a whole one of the name or, where it is ``open_``, the beginning of one.
    """
    found: dict[str, list[int]] = {}
    for number in sorted({name_table(word) for word in typed if len(word) > 1}):
        for name, papers in part.table(f"names/{number}").items():
            is_meant = _has_word(name, typed[0], open_) if len(typed) == 1 else is_of(name, typed)
            if is_meant:
                found[name] = [paper for paper in papers if paper not in part.stale]
    return found


def _has_word(name: str, word: str, open_: bool) -> bool:
    return any(own == word or (open_ and own.startswith(word)) for own in words(name))


def _alternatives(clause: Clause, parts: Sequence[OpenPart]) -> Iterator[Alternative]:
    if clause.field in (*_FACETS, "author"):
        yield Alternative(None, clause.field, clause.text)
        return
    dictionaries = [part.dictionary for part in parts]
    exactly = clause.kind == "phrase" or clause.sign == "+"
    found = (sought_exactly if exactly else sought_together)(clause.text, dictionaries)
    if found:
        yield Alternative(found, clause.field)


def _having(one: Alternative, part: OpenPart) -> Matches:
    if one.field == "author":
        open_ = one.value.endswith("*")
        named = authors(words(one.value), part, open_=open_) if words(one.value) else {}
        return {paper: MOST_IMPACT for papers in named.values() for paper in papers}
    if one.field in _FACETS:
        return dict.fromkeys(with_facet(one.field, one.value, part), 1)
    found = matches(one.sought, part.dictionary) if one.sought else {}
    if one.field == "title":
        return {paper: impact for paper, impact in found.items() if impact & TITLE_BIT}
    return found


def with_facet(facet: str, value: str, part: OpenPart) -> Iterator[int]:
    """Yield the papers of a part with a value of a facet, however its letters are written."""
    place = ("category", "tag", "type").index(facet)
    meant = {
        number for number, known in enumerate(part.facets[facet]) if words(known) == words(value)
    }
    for paper, row in enumerate(part.facets["rows"]):
        if meant.intersection(row[place] if place < 2 else (row[place],)):
            yield paper
