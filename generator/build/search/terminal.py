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

from generator.build.archive.archive import Archive, Entry, tags_of
from generator.build.search.glossary import Glossary, widened
from generator.build.search.segment import Clause, clauses
from generator.build.search.terms import Term, Wanted, fold, phrase, tokens
from generator.core import taxonomy, urls
from generator.core.errors import IdError
from generator.core.models import ArxivId
from generator.markup.text import plain
from generator.store.merge import current_summaries

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A paper that was found. No text in it has control characters.

    ``score`` is the paper's own on its day. ``also`` has the glossary's terms that found it where
    the query's own words did not.
    """

    id: str
    title: Marked
    authors: tuple[str, ...]
    day: date
    categories: tuple[str, ...]
    tags: tuple[str, ...]
    score: float
    summary: bool
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
    papers = {
        identifier: entries
        for identifier, entries in archive.listed.items()
        if _passes(entries, filters)
    }
    if (named := _identifier(query)) in archive.listed:
        exactly = tuple(_hit(papers[name], (), ()) for name in {named} & papers.keys())
        return Found(exactly, len(exactly), False)
    asked = clauses(text := query[:_MAX_CHARACTERS])
    if query.strip() and not asked:
        return Found((), 0, False)
    texts = [_text(entries) for entries in papers.values()]
    wanted = _wanted(asked)
    no_terms: tuple[str, ...] = ()
    found = {paper.id: (paper, wanted, no_terms) for paper in _ranked(texts, text, wanted)}
    if wide := widened(text, glossary):
        wanted = _wanted(clauses(wide.text))
        also = tuple(other for _, other in wide.terms)
        for paper in _ranked(texts, wide.text, wanted):
            found.setdefault(paper.id, (paper, wanted, also))
    hits = tuple(
        _hit(paper.entries, wanted, also) for paper, wanted, also in list(found.values())[:limit]
    )
    return Found(hits, len(found), len(query) > len(text) or len(asked) > _MAX_CLAUSES)


def _wanted(asked: Sequence[Clause]) -> tuple[Wanted, ...]:
    return tuple(map(Wanted.of, asked[:_MAX_CLAUSES]))


# Papers


class _Text(NamedTuple):
    """A paper's folded texts, with NULs between what no phrase may join.

    ``joined`` is all of it without hyphens.
    """

    id: str
    entries: tuple[Entry, ...]
    title: str
    authors: str
    body: str
    all: str
    joined: str

    def fields(self) -> tuple[tuple[float, str], ...]:
        return (_TITLE, self.title), (_AUTHOR, self.authors), (1.0, self.body)


def _text(entries: tuple[Entry, ...]) -> _Text:
    paper = entries[-1].paper
    title = fold(_readable(paper.title))
    authors = fold("\0".join(_readable(author.name) for author in paper.authors))
    body = fold(f"{paper.id}\0{_readable(paper.abstract)}\0{_summary(entries)}")
    whole = f"{title}\0{authors}\0{body}"
    return _Text(paper.id, entries, title, authors, body, whole, whole.replace("-", ""))


def _readable(text: str) -> str:
    """``plain``, where it has something to do."""
    return plain(text) if "$" in text or "\\" in text else text


def _summary(entries: Sequence[Entry]) -> str:
    """The summaries without emphasis, code marks and addresses; to render them takes too long.

    NULs stand between what no phrase may join.
    """
    summaries = current_summaries(entries[-1].paper)
    texts = [text for s in summaries for text in (_readable(s.tldr), s.body, *s.tags) if text]
    body = "\0".join(texts).replace("*", "").replace("`", "")
    return _LINK.sub("", body) if "](" in body else body


def _readable_summary(entries: Sequence[Entry]) -> str:
    return plain(_SIGNS.sub("", _summary(entries).replace("\0", "\n")))


def _identifier(query: str) -> str:
    try:
        return ArxivId.parse(query, default_version=1).id
    except IdError:
        return ""


def _passes(entries: tuple[Entry, ...], filters: Filters) -> bool:
    last = entries[-1]
    if filters.since and last.day < filters.since:
        return False
    if filters.category:
        wanted = taxonomy.canonical(taxonomy.spelled(filters.category))
        if wanted not in map(taxonomy.canonical, last.paper.categories):
            return False
    if filters.tag and urls.slug(filters.tag) not in map(urls.slug, tags_of(entries)):
        return False
    words = _words(filters.author)
    return not filters.author or any(words and words <= _words(a.name) for a in last.paper.authors)


def _words(name: str) -> set[str]:
    return set(tokens(_readable(name)))


# Order


def _ranked(papers: Sequence[_Text], query: str, wanted: Sequence[Wanted]) -> list[_Text]:
    """The papers that have all that is wanted, the best first."""
    if not wanted:
        return sorted(papers, key=_newest)
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

    def place(paper: _Text) -> tuple[object, ...]:
        saturation = _K1 * (1 - _B + _B * len(paper.all) / average)
        score = 0.0
        for one, weight in zip(wanted, weights, strict=True):
            often = sum(factor * one.count(text) for factor, text in paper.fields())
            score += weight * often * (_K1 + 1) / (saturation + often)
        return -_named(paper, whole, several), -score, _newest(paper)

    return sorted(matching, key=place)


def _named(paper: _Text, whole: Term, several: bool) -> int:
    """2 for a title that begins with several words as asked, 1 for a title or name that has all."""
    start = next((start for start, _ in whole.spans(paper.title)), None)
    if start == 0 and several:
        return 2
    return int(start is not None or whole.is_in(paper.authors))


def _newest(paper: _Text) -> tuple[int, str]:
    return -paper.entries[-1].day.toordinal(), paper.id


# Showing


def _hit(entries: tuple[Entry, ...], wanted: Sequence[Wanted], also: tuple[str, ...]) -> Hit:
    last = entries[-1]
    paper = last.paper
    return Hit(
        id=paper.id,
        title=_marked(plain(paper.title), wanted),
        authors=tuple(plain(author.name) for author in paper.authors),
        day=last.day,
        categories=tuple(map(plain, paper.categories)),
        tags=tuple(map(plain, tags_of(entries))),
        score=last.row.score,
        summary=bool(paper.summaries),
        excerpt=_excerpt((plain(paper.abstract), _readable_summary(entries)), wanted),
        also=also,
    )


def _excerpt(texts: Sequence[str], wanted: Sequence[Wanted]) -> Marked:
    """The piece of a text that has most of what is wanted; of equals the first."""
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


def _marked(text: str, wanted: Sequence[Wanted]) -> Marked:
    marks = [False] * len(text)
    for one in wanted:
        for start, end in one.spans(text):
            marks[start:end] = [True] * (end - start)
    pieces = groupby(zip(text, marks, strict=True), key=lambda marked: marked[1])
    return tuple(("".join(character for character, _ in piece), mark) for mark, piece in pieces)
