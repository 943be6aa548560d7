"""What a search knows of each paper, and the texts that are indexed. Pure."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from generator.build.archive.archive import Entry
from generator.markup.emoji import text_without_emoji
from generator.markup.render import render_block, render_text
from generator.markup.text import plain

AUTHORS_SHOWN = 4
_FORMULA = re.compile(r"<math\b.*?</math>", re.DOTALL)
_INLINE = re.compile(r"</?(?:a|b|code|del|em|i|kbd|mark|s|small|span|strong|sub|sup)\b[^>]*>")
_TAG = re.compile(r"<[^>]*>")


class Section(IntEnum):
    """The sections of what is read of a paper; tags are not indexed, but they have a meaning."""

    TITLE = 0
    AUTHORS = 1
    ABSTRACT = 2
    SUMMARY = 3
    OTHER = 4
    PHRASES = 5
    TAGS = 6


@dataclass(frozen=True, slots=True)
class Record:
    """A paper as it was listed last. Texts are plain; ``abstract`` and ``summaries`` as stored.

    ``tldrs``, ``summary_tags``, ``search_phrases`` and ``summaries`` are those of all languages.
    ``rank`` counts from 1 on its day; ``type`` is the announcement type there.
    """

    id: str
    title: str
    authors: tuple[str, ...]
    abstract: str
    tldrs: tuple[str, ...]
    summary_tags: tuple[str, ...]
    search_phrases: tuple[str, ...]
    summaries: tuple[str, ...]
    day: date
    rank: int
    score: float
    type: str
    categories: tuple[str, ...]
    tags: tuple[str, ...]

    def digest(self) -> str:
        """Return what differs for two states of a paper that a search can tell apart."""
        return hashlib.blake2b(repr(self).encode(), digest_size=12).hexdigest()


def record(entries: tuple[Entry, ...]) -> Record:
    """Return a paper's record from its listings, oldest first."""
    last = entries[-1]
    paper = last.paper
    summaries = last.summaries
    return Record(
        id=paper.id,
        title=plain(paper.title),
        authors=tuple(plain(author.name) for author in paper.authors),
        abstract=paper.abstract,
        tldrs=tuple(text_without_emoji(summary.tldr) for summary in summaries if summary.tldr),
        summary_tags=tuple(dict.fromkeys(tag for summary in summaries for tag in summary.tags)),
        search_phrases=tuple(
            dict.fromkeys(phrase for summary in summaries for phrase in summary.search_phrases)
        ),
        summaries=tuple(summary.body for summary in summaries),
        day=last.day,
        rank=last.rank,
        score=last.row.score,
        type=last.row.type,
        categories=paper.categories,
        tags=last.tags,
    )


def texts(record: Record) -> tuple[tuple[str, ...], ...]:
    """Return a paper's texts as they are indexed, by field.

    These are the title, the authors, everything else that its page shows, and the search phrases,
    which nothing shows.
    """
    others = (Section.ABSTRACT, Section.SUMMARY, Section.OTHER)
    shown = tuple(text for section, text in sections(record) if section in others)
    return (record.title,), record.authors, shown, record.search_phrases


def sections(record: Record) -> Iterator[tuple[Section, str]]:
    """Yield each text that is read of a paper, a line of it at a time, with its section."""
    yield Section.TITLE, record.title
    for author in record.authors:
        yield Section.AUTHORS, author
    yield Section.OTHER, record.id
    for tldr in record.tldrs:
        for line in _lines(render_text(tldr)):
            yield Section.SUMMARY, line
    for line in _lines(render_text(record.abstract)):
        yield Section.ABSTRACT, line
    for summary in record.summaries:
        for line in _lines(render_block(summary).html):
            yield Section.SUMMARY, line
    for tag in record.summary_tags:
        yield Section.OTHER, tag
    for phrase in record.search_phrases:
        yield Section.PHRASES, phrase
    for tag in record.tags:
        yield Section.TAGS, tag


def _lines(page: str) -> list[str]:
    """Return the text of rendered HTML: a line for each block."""
    page = _FORMULA.sub(lambda formula: _TAG.sub("", formula[0]), page)
    page = _TAG.sub("\n", _INLINE.sub("", page))
    return [html.unescape(line) for line in map(str.strip, page.split("\n")) if line]
