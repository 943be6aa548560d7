"""A search of the whole index: which papers a query finds, in which order, and why.

``site_src/assets/search/searching.js`` is the twin of this file: the search page and the terminal
give the same papers in the same order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain

from generator.build.search.glossary import Glossary, segments
from generator.build.search.matching import (
    Matches,
    Sought,
    matches,
    sought,
    sought_exactly,
    sought_together,
)
from generator.build.search.meaning import similar
from generator.build.search.names import could_be_name, is_nearly
from generator.build.search.opened import OpenPart
from generator.build.search.query import Query, QueryFilters, parse
from generator.build.search.ranking import ALL, MEANING, MOST, Ranked, ranked, weights
from generator.build.search.spelling import completed, nearest
from generator.build.search.tables import name_table
from generator.build.search.vector_files import VECTORS
from generator.build.search.wanted import (
    Alternative,
    Demand,
    Wanted,
    authors,
    demand,
    having,
    with_facet,
)
from generator.build.search.words import STOP_WORDS, stem, words

FULL = 10  # papers that fill the first page of results: with fewer, more is looked for
_FALLBACK = 50  # papers without all words are shown
_MEANT = 200  # papers that are looked at for what passes the filters
_POINTS, _RANK = 1_000_000_000, 60
_NEWEST = 2  # parts that are asked for words with any initial: that is 26 files each
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_FEW = 3  # papers: with fewer, a word that hardly any paper has may be mistyped
# Characters that say little where they stand beside a term.
_SMALL_CHANGE = frozenset("的了和与在中对为是用及等基于如何把被从向让使以而或之其")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What results are narrowed by; "" is all. ``since`` and ``before`` are ISO days."""

    category: str = ""
    tag: str = ""
    type: str = ""
    author: str = ""
    since: str = ""
    before: str = ""


Terms = tuple[tuple[str, str], ...]
NO_TERMS: Terms = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a query found.

    ``hits`` are the best first: ``own`` of them have all words, then come those that have them with
    the glossary's ``terms``, ``[(term, other)]``, in all ``total``; the others have most or some.
    ``sought`` is what is marked. ``corrected`` is the query that was searched in the place of what
    was typed, "" if it was that. ``unknown`` are words that are in no paper, ``authors`` the names
    that were meant.
    """

    query: Query
    hits: tuple[Ranked, ...]
    own: int
    total: int
    sought: tuple[Sought, ...]
    terms: Terms
    corrected: str
    unknown: tuple[str, ...]
    authors: tuple[str, ...]


def search(
    text: str,
    parts: Sequence[OpenPart],
    glossary: Glossary,
    filters: Filters,
    today: date,
    *,
    exactly: bool = False,
) -> Answer:
    """Search; unless ``exactly``, a word or name that is in no paper is put right if possible."""
    answer = _asked(text, parts, glossary, filters, today)
    query = answer.query
    if exactly or answer.own >= _FEW or answer.authors or query.identifier:
        return answer
    corrected = "" if answer.own else _with_name(query, parts)
    corrected = corrected or _corrected(text, answer.unknown, parts)
    if not corrected and not answer.own:
        corrected = _finished(text, parts)
    if not corrected:
        return answer
    other = _asked(corrected, parts, glossary, filters, today)
    return replace(other, corrected=corrected) if other.own > answer.own else answer


def _asked(
    text: str, parts: Sequence[OpenPart], glossary: Glossary, filters: Filters, today: date
) -> Answer:
    """Return what a query finds; what may be a date or words (ICML 2025) is tried as both."""
    query = parse(text, today)
    answer = _answer(query, parts, glossary, filters, everything=not text.strip())
    either = tuple(one.text for one in query.dates if one.optional)
    if not either:
        return answer
    as_words = _answer(parse(text, today, either), parts, glossary, filters)
    first = as_words.hits[: as_words.own]
    hits, own, total = (
        tuple(_without_twins([*first, *some]))
        for some in (answer.hits, answer.hits[: answer.own], answer.hits[: answer.total])
    )
    return replace(answer, hits=hits, own=len(own), total=len(total))


def _answer(
    query: Query,
    parts: Sequence[OpenPart],
    glossary: Glossary,
    filters: Filters,
    *,
    everything: bool = False,
) -> Answer:
    wanted = demand(query, parts)
    allowed = [_allowed(wanted, query, filters, part) for part in parts]
    if not parts:
        return Answer(query, (), 0, 0, (), NO_TERMS, "", (), ())
    named, names = _named(query, parts)
    if query.identifier:
        return _identified(query, parts, allowed)
    soft = (*wanted.words, *wanted.phrases)
    if not soft:
        narrows = query.filters != QueryFilters() or filters != Filters()
        is_listing = narrows or wanted.hard or wanted.without or query.dates or everything
        all_of_them = tuple(_listed(parts, wanted, allowed)) if is_listing else ()
        return Answer(query, all_of_them, len(all_of_them), len(all_of_them), (), (), "", (), ())
    first = [Ranked(n, paper, ALL, 0) for n, paper in named if paper in allowed[n]]
    own = _found(parts, soft, allowed)
    hits = _without_twins([*first, *_in_tier(own, ALL)])
    unknown = tuple(_unknown(soft, parts))
    count, terms = len(hits), NO_TERMS
    if count < FULL:
        soft, terms = _widened(wanted, parts, glossary)
        if terms:
            hits = _without_twins([*hits, *_in_tier(_found(parts, soft, allowed), ALL)])
    total = len(hits)
    if total < FULL:
        soft = tuple(chain.from_iterable((one, *_apart(one)) for one in soft))
        near = _near(_found(parts, soft, allowed), _similar(query, parts, allowed))
        hits = _without_twins([*hits, *near])
    marked = tuple(one.sought for each in (*soft, *wanted.hard) for one in each if one.sought)
    return Answer(query, tuple(hits), count, total, marked, terms, "", unknown, names)


def _identified(query: Query, parts: Sequence[OpenPart], allowed: Sequence[set[int]]) -> Answer:
    """Return the paper with the query's id, and no other."""
    one = sought_exactly(query.identifier, [part.dictionary for part in parts])
    hits = tuple(
        Ranked(number, paper, ALL, 0)
        for number, part in enumerate(parts)
        for paper in sorted(matches(one, part.dictionary) if one else ())
        if paper in allowed[number] and part.identifier(paper) == query.identifier
    )
    return Answer(query, hits, len(hits), len(hits), (), NO_TERMS, "", (), ())


def _unknown(soft: Sequence[Wanted], parts: Sequence[OpenPart]) -> Iterator[str]:
    """Yield the words that no paper has, or one alone: that may be a slip, too."""
    for wanted in soft:
        one = wanted[0].sought
        if one and sum(len(having(wanted, part)) for part in parts) < 2:
            yield one.text


# Narrowing


def _allowed(wanted: Demand, query: Query, filters: Filters, part: OpenPart) -> set[int]:
    """Return the papers of a part that pass the filters and have what they must have."""
    kept = set(range(part.papers)) - part.stale
    for narrowing in (query.filters, filters):
        for facet in ("category", "tag", "type"):
            if value := getattr(narrowing, facet):
                kept &= set(with_facet(facet, value, part))
        if narrowing.since or narrowing.before:
            before = narrowing.before or "9999"
            kept = {n for n in kept if narrowing.since <= part.days[n] < before}
    if filters.author:
        named = authors(words(filters.author), part) if words(filters.author) else {}
        kept &= set(chain.from_iterable(named.values()))
    for each in wanted.hard:
        kept &= having(each, part).keys()
    for each in wanted.without:
        kept -= having(each, part).keys()
    return kept


def _listed(
    parts: Sequence[OpenPart], wanted: Demand, allowed: Sequence[set[int]]
) -> Iterator[Ranked]:
    """Yield, the newest first, what passes where no words are looked for."""
    for number, part in enumerate(parts):
        scores = [having(each, part) for each in wanted.hard]
        for paper in sorted(allowed[number]):
            yield Ranked(number, paper, ALL, sum(one.get(paper, 0) for one in scores))


# Finding


def _found(
    parts: Sequence[OpenPart], soft: Sequence[Wanted], allowed: Sequence[set[int]]
) -> list[Ranked]:
    """Return the papers that have anything of what is wanted, leaving out what nobody has."""
    matched = [[having(each, part) for each in soft] for part in parts]
    counts = [sum(len(one[at]) for one in matched) for at in range(len(soft))]
    known = [at for at, count in enumerate(counts) if count]
    weight = weights([counts[at] for at in known], sum(part.size for part in parts))
    kept: list[list[Matches]] = [
        [{n: i for n, i in one[at].items() if n in passes} for at in known]
        for one, passes in zip(matched, allowed, strict=True)
    ]
    found = ranked(kept, weight)
    if len(known) < len(soft):  # nobody has all
        return [one._replace(tier=_lower(one.tier)) for one in found]
    return found


def _in_tier(found: Sequence[Ranked], tier: str) -> list[Ranked]:
    return [one for one in found if one.tier == tier]


def _near(found: Sequence[Ranked], similar: Sequence[Ranked]) -> list[Ranked]:
    """Return the best of what has some of the words and of what is similar in meaning, as one list.

    By reciprocal rank fusion (Cormack, Clarke and Büttcher, "Reciprocal rank fusion outperforms
    Condorcet and individual rank learning methods", 2009).
    """
    by_words = sorted(found, key=lambda one: (-one.score, one.part, one.paper))
    points: dict[tuple[int, int], int] = {}
    for ranking in (by_words[:_FALLBACK], similar[:_FALLBACK]):
        for rank, one in enumerate(ranking):
            key = (one.part, one.paper)
            points[key] = points.get(key, 0) + _POINTS // (_RANK + rank)
    known = {(one.part, one.paper): one for one in (*similar, *by_words)}
    best = sorted(points, key=lambda key: (-points[key], key))[:_FALLBACK]
    return [known[key]._replace(tier=_lower(known[key].tier), score=points[key]) for key in best]


def _lower(tier: str) -> str:
    return MOST if tier == ALL else tier


def _similar(query: Query, parts: Sequence[OpenPart], allowed: Sequence[set[int]]) -> list[Ranked]:
    """Return what is similar in meaning to the query's words, the best first."""
    terms = [stem(word) for word in words(query.text) if word not in STOP_WORDS]
    numbers = {part.folder.name: number for number, part in enumerate(parts)}
    found = similar(parts[0].folder.with_name(VECTORS), terms, limit=_MEANT, parts=numbers)
    return [
        Ranked(numbers[one.part], one.doc, MEANING, 0)
        for one in found
        if one.doc in allowed[numbers[one.part]]
    ]


def _without_twins(found: Sequence[Ranked]) -> list[Ranked]:
    first: dict[tuple[int, int], Ranked] = {}
    for one in found:
        first.setdefault((one.part, one.paper), one)
    return list(first.values())


def _apart(wanted: Wanted) -> Iterator[Wanted]:
    """Yield the words of a row; a term of the glossary is not taken apart."""
    if len(wanted) == 1 and wanted[0].sought:
        yield from ((Alternative(each),) for each in wanted[0].sought.apart)


# The other language


def _widened(
    wanted: Demand, parts: Sequence[OpenPart], glossary: Glossary
) -> tuple[tuple[Wanted, ...], Terms]:
    """Return what is wanted with the glossary's terms in both languages, and these terms."""
    dictionaries = [part.dictionary for part in parts]
    pieces = segments(wanted.text, glossary)
    terms = tuple((piece, other) for piece, other in pieces if other)
    if not terms:
        return (*wanted.words, *wanted.phrases), NO_TERMS
    found: list[Wanted] = []
    for piece, other in pieces:
        if other:
            own = sought_together(piece, dictionaries, loosely=True)
            both = (own, sought_together(other, dictionaries))
            found.append(tuple(Alternative(one) for one in both if one))
            continue
        for one in sought(piece, dictionaries):
            if not _SMALL_CHANGE.issuperset(one.text):
                found.append((Alternative(one),))
    return (*found, *wanted.phrases), terms


# Names and spelling


def _named(
    query: Query, parts: Sequence[OpenPart]
) -> tuple[list[tuple[int, int]], tuple[str, ...]]:
    """Return the papers of authors who could be meant, newest first, and the authors."""
    typed = words(query.text)
    if not could_be_name(typed) or any(
        len(group) > 1 or group[0].kind != "word" or group[0].field for group in query.clauses
    ):
        return [], ()
    papers: set[tuple[int, int]] = set()
    names: set[str] = set()
    for number, part in enumerate(parts):
        for name, numbers in authors(typed, part).items():
            names.add(name)
            papers.update((number, paper) for paper in numbers)
    return sorted(papers), tuple(sorted(names))


def _with_name(query: Query, parts: Sequence[OpenPart]) -> str:
    """Return the name nearest to the query; "" for none."""
    typed = words(query.text)
    if not could_be_name(typed) or query.text != " ".join(c.text for g in query.clauses for c in g):
        return ""
    best = (9, "")
    for number in sorted({name_table(word) for word in typed if len(word) > 1}):
        for part in parts:
            for name in part.table(f"names/{number}"):
                best = min(best, (is_nearly(name, typed), name))
    return best[1] if best[0] < 9 else ""


def _corrected(text: str, unknown: Sequence[str], parts: Sequence[OpenPart]) -> str:
    """Return the query with its unknown words put right; "" where none can be."""
    changed = text
    for word in unknown:
        lower = word.lower()
        if not (lower.isascii() and lower.isalpha()):
            continue
        known = _spelling(lower[0], parts)
        if lower in known:
            continue
        right = (
            nearest(lower, known)
            or completed(lower, known)
            or nearest(lower, _spelling(_LETTERS, parts[:_NEWEST]))
        )
        changed = changed.replace(word, right or word)
    return changed if changed != text else ""


def _finished(text: str, parts: Sequence[OpenPart]) -> str:
    """Return the query with its last word as the most common that begins so; "" for none."""
    last = text.rsplit(" ", maxsplit=1)[-1]
    lower = last.lower()
    if not (lower.isascii() and lower.isalpha()):
        return ""
    known = {word: n for word, n in _spelling(lower[0], parts).items() if word != lower}
    longer = completed(lower, known)
    return text.removesuffix(last) + longer if longer else ""


def _spelling(initials: str, parts: Sequence[OpenPart]) -> dict[str, int]:
    """Return the words that begin with one of the letters, with how many papers have each."""
    known: dict[str, int] = {}
    for part in parts:
        for initial in initials:
            for word, count in part.table(f"spelling/{initial}").items():
                known[word] = known.get(word, 0) + count
    return known
