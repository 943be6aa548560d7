"""A search's answer for the terminal: the papers that it found, with titles and excerpts. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from generator.build.archive.archive import Entry
from generator.build.search.marking import Marked, excerpt, marked, may_be_marked, places
from generator.build.search.opened import OpenPart
from generator.build.search.ranking import ALL
from generator.build.search.records import Record, record, texts
from generator.build.search.searching import Answer
from generator.build.search.words import composed


@dataclass(frozen=True, slots=True)
class Hit:
    """A paper that was found; in its title and in an excerpt is marked what was asked for.

    ``tier`` is ``all`` for one that has all words, else ``most``, ``some`` or ``meaning``. ``also``
    has the glossary's terms that found it where the query's own words did not; ``by_phrases`` says
    that search phrases did, which nothing shows.
    """

    record: Record
    tier: str
    title: Marked
    excerpt: Marked
    also: tuple[str, ...]
    by_phrases: bool


@dataclass(frozen=True, slots=True)
class Found:
    """The best hits and how many there are: with all words, and at all.

    ``corrected`` is the query that was searched in the place of what was typed, or "". ``cut`` says
    that only the beginning of the query was searched.
    """

    hits: tuple[Hit, ...]
    total: int
    rows: int
    corrected: str
    cut: bool


def found(
    answer: Answer,
    parts: Sequence[OpenPart],
    listed: Mapping[str, tuple[Entry, ...]],
    limit: int,
) -> Found:
    """Return the best hits of an answer, at most ``limit``; ``listed`` is the archive's."""
    hits = []
    for number, one in enumerate(answer.hits[:limit]):
        paper = record(listed[parts[one.part].identifier(one.paper)])
        by_glossary = one.tier == ALL and number >= answer.own
        also = tuple(other for _, other in answer.terms) if by_glossary else ()
        title, body = composed(paper.title), composed(" ".join(texts(paper)[2][1:]))
        in_title = places(title, answer.sought)
        written = (*paper.authors, body)
        by_phrases = (
            one.tier == ALL
            and number < answer.own
            and bool(paper.search_phrases)
            and may_be_marked(answer.sought)
            and not (in_title or any(places(composed(t), answer.sought) for t in written))
        )
        shown = marked(title, in_title)
        hits.append(Hit(paper, one.tier, shown, excerpt(body, answer.sought), also, by_phrases))
    rows = len(answer.hits)
    return Found(tuple(hits), answer.total, rows, answer.corrected, answer.query.cut)
