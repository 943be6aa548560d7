"""Search without an index, for the terminal: every paper's text is looked through. Pure.

What a query means is what it means on the search page (``segment``, ``glossary``): papers that have
all of its words in any form, its quoted phrases exactly, and what has no spaces as it stands. Case
and diacritics do not count.

Papers with the whole query in their title or in an author's name come first, then all others by
BM25 over weighted fields (Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and
Beyond", 2009, section 3.6).
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from math import log
from typing import NamedTuple

from generator.build.archive.archive import Archive
from generator.build.search.glossary import Glossary, widened
from generator.build.search.records import Record, record
from generator.build.search.segment import Clause, clauses
from generator.build.search.terms import QueryTerm, TermPattern, fold, phrase, tokens
from generator.core import taxonomy, urls
from generator.core.errors import IdError
from generator.core.ids import ArxivId
from generator.markup.text import plain

# As on the search page.
_MAX_CHARACTERS = 400
_MAX_CLAUSES = 24

# A text in pieces, each with whether it is marked.
Marked = tuple[tuple[str, bool], ...]

# What the article for Pagefind gives its fields; lunr's constants.
_TITLE, _AUTHOR = 10.0, 5.0
_K1, _B = 1.2, 0.75
_EXCERPT, _BEFORE, _SNAP = 240, 60, 16

# Of Markdown, what stands inside a text, and what else does not belong into an excerpt.
_LINK = re.compile(r"!?\[(?=[^\]\n]*\]\()|\]\([^)\s]*\)")
_SIGNS = re.compile(r"^[ >]*#+ |</?[a-z]+>", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What results are narrowed by, as on the search page; empty means all.

    ``author`` has words that must all be in one author's name, ``since`` is the first day.
    """

    author: str = ""
    category: str = ""
    tag: str = ""
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A paper that was found; in its title and in an excerpt is marked what was asked for.

    ``also`` has the glossary's terms that found it where the query's own words did not.
    """

    record: Record
    title: Marked
    excerpt: Marked
    also: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The best hits, the number of all, and whether the query was too long to be used whole."""

    hits: tuple[Hit, ...]
    total: int
    cut: bool


def search(archive: Archive, query: str, glossary: Glossary, filters: Filters, limit: int) -> Found:
    """Find papers, the best first. A query without text finds all that pass the filters."""
    records = [one for one in map(record, archive.listed.values()) if _passes(one, filters)]
    if (named := _identifier(query)) in archive.listed:
        exactly = tuple(_hit(one, (), ()) for one in records if one.id == named)
        return Found(exactly, len(exactly), False)
    asked = clauses(text := query[:_MAX_CHARACTERS])
    if query.strip() and not asked:
        return Found((), 0, False)
    papers = [_folded(one) for one in records]
    wanted = _wanted(asked)
    no_terms: tuple[str, ...] = ()
    found = {one.id: (one, wanted, no_terms) for one in _ranked(papers, text, wanted)}
    if wide := widened(text, glossary):
        wanted = _wanted(clauses(wide.text))
        also = tuple(other for _, other in wide.terms)
        for one in _ranked(papers, wide.text, wanted):
            found.setdefault(one.id, (one, wanted, also))
    hits = tuple(_hit(*best) for best in list(found.values())[:limit])
    return Found(hits, len(found), len(query) > len(text) or len(asked) > _MAX_CLAUSES)


def _wanted(asked: Sequence[Clause]) -> tuple[QueryTerm, ...]:
    return tuple(map(QueryTerm.of, asked[:_MAX_CLAUSES]))


# Papers


class _Folded(NamedTuple):
    """A paper's folded texts, with NULs between what no phrase may join.

    ``joined`` is all of it without hyphens.
    """

    record: Record
    title: str
    authors: str
    body: str
    all: str
    joined: str


def _folded(record: Record) -> _Folded:
    title = fold(record.title)
    authors = fold("\0".join(record.authors))
    body = fold(f"{record.id}\0{plain(record.abstract)}\0{_summary(record)}")
    whole = f"{title}\0{authors}\0{body}"
    return _Folded(record, title, authors, body, whole, whole.replace("-", ""))


def _summary(record: Record) -> str:
    """Return the summaries without emphasis, code marks and addresses; to render takes too long.

    NULs stand between what no phrase may join.
    """
    texts = (*map(plain, record.tldrs), *record.summaries, *record.summary_tags)
    body = "\0".join(texts).replace("*", "").replace("`", "")
    return _LINK.sub("", body) if "](" in body else body


def _identifier(query: str) -> str:
    try:
        return ArxivId.parse(query, default_version=1).id
    except IdError:
        return ""


def _passes(record: Record, filters: Filters) -> bool:
    if filters.since and record.day < filters.since:
        return False
    if filters.category:
        wanted = taxonomy.canonical(taxonomy.spelled(filters.category))
        if wanted not in map(taxonomy.canonical, record.categories):
            return False
    if filters.tag and urls.slug(filters.tag) not in map(urls.slug, record.tags):
        return False
    words = set(tokens(filters.author))
    return not filters.author or any(
        words and words <= set(tokens(name)) for name in record.authors
    )


# Order


def _ranked(papers: Sequence[_Folded], query: str, wanted: Sequence[QueryTerm]) -> list[Record]:
    """Return the papers that have all that is wanted, the best first."""
    if not wanted:
        return sorted((paper.record for paper in papers), key=_newest)
    spread = [0] * len(wanted)
    matching = []
    for paper in papers:
        has = [one.is_in(paper.all, paper.joined) for one in wanted]
        spread = list(map(sum, zip(spread, has, strict=True)))
        if all(has):
            matching.append(paper)
    weights = [log(1 + (len(papers) - found + 0.5) / (found + 0.5)) for found in spread]
    average = sum(len(paper.all) for paper in papers) / max(len(papers), 1)
    whole, several = phrase(query), len(tokens(query)) > 1

    def place(paper: _Folded) -> tuple[object, ...]:
        saturation = _K1 * (1 - _B + _B * len(paper.all) / average)
        fields = (_TITLE, paper.title), (_AUTHOR, paper.authors), (1.0, paper.body)
        score = 0.0
        for one, weight in zip(wanted, weights, strict=True):
            often = sum(factor * one.count(text) for factor, text in fields)
            score += weight * often * (_K1 + 1) / (saturation + often)
        return -_named(paper, whole, several), -score, _newest(paper.record)

    return [paper.record for paper in sorted(matching, key=place)]


def _named(paper: _Folded, whole: TermPattern, several: bool) -> int:
    """Return 2 for a title that begins as asked, in several words, 1 for one or a name with all."""
    start = next((start for start, _ in whole.spans(paper.title)), None)
    if start == 0 and several:
        return 2
    return int(start is not None or whole.is_in(paper.authors))


def _newest(record: Record) -> tuple[int, str]:
    return -record.day.toordinal(), record.id


# Showing


def _hit(record: Record, wanted: Sequence[QueryTerm], also: tuple[str, ...]) -> Hit:
    summary = plain(_SIGNS.sub("", _summary(record).replace("\0", "\n")))
    excerpt = _excerpt((plain(record.abstract), summary), wanted)
    return Hit(record, _marked(record.title, wanted), excerpt, also)


def _excerpt(texts: Sequence[str], wanted: Sequence[QueryTerm]) -> Marked:
    """Return the piece of a text that has most of what is wanted; of equals the first."""
    text, start, most = texts[0], 0, 0
    for candidate in texts:
        found = sorted((at, n) for n, one in enumerate(wanted) for at, _ in one.spans(candidate))
        for place, (first, _) in enumerate(found):
            near = found[place : bisect(found, (first + _EXCERPT - _BEFORE,))]
            has = len({n for _, n in near})
            if has > most:
                text, start, most = candidate, max(0, first - _BEFORE), has
    # Not from the middle of a word, if a space is near.
    if start and (space := text.find(" ", start, start + _SNAP)) >= 0:
        start = space + 1
    end = start + _EXCERPT
    if end < len(text) and (space := text.rfind(" ", end - _SNAP, end)) >= 0:
        end = space
    return (*_dots(start > 0), *_marked(text[start:end], wanted), *_dots(end < len(text)))


def _dots(shown: bool) -> Marked:
    return (("…", False),) if shown else ()


def _marked(text: str, wanted: Sequence[QueryTerm]) -> Marked:
    marks = [False] * len(text)
    for one in wanted:
        for start, end in one.spans(text):
            marks[start:end] = [True] * (end - start)
    pieces = groupby(zip(text, marks, strict=True), key=lambda marked: marked[1])
    return tuple(("".join(character for character, _ in piece), mark) for mark, piece in pieces)
