"""What a search knows of each paper, and the article that Pagefind indexes. Pure.

Articles are made for the indexer only; readers see their text in excerpts. They hold a paper's
title, authors, id, abstract and whole summaries, cut as ``segment`` says.
"""

from __future__ import annotations

import hashlib
import html
import re
from dataclasses import dataclass
from datetime import date

from generator.build.archive.archive import Entry
from generator.build.search.segment import spaced
from generator.markup.render import render_block, render_text
from generator.markup.text import plain

AUTHORS_SHOWN = 4
# Between two names, so that no phrase reaches from one to the next.
_BETWEEN = " | "

_FORMULA = re.compile(r"<math\b.*?</math>", re.DOTALL)
_INLINE = re.compile(r"</?(?:a|b|code|del|em|i|kbd|mark|s|small|span|strong|sub|sup)\b[^>]*>")
_TAG = re.compile(r"<[^>]*>")
_LONE_PUNCTUATION = re.compile(r"(?<!\S)[^\w\s]+(?!\S)")


@dataclass(frozen=True, slots=True)
class Record:
    """A paper as it was listed last. Texts are plain; ``abstract`` and ``summaries`` as stored.

    ``tldrs``, ``summary_tags`` and ``summaries`` are those of all languages. ``rank`` counts from 1
    on its day; ``type`` is the announcement type there.
    """

    id: str
    title: str
    authors: tuple[str, ...]
    abstract: str
    tldrs: tuple[str, ...]
    summary_tags: tuple[str, ...]
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
        tldrs=tuple(summary.tldr for summary in summaries if summary.tldr),
        summary_tags=tuple(dict.fromkeys(tag for summary in summaries for tag in summary.tags)),
        summaries=tuple(summary.body for summary in summaries),
        day=last.day,
        rank=last.rank,
        score=last.row.score,
        type=last.row.type,
        categories=paper.categories,
        tags=last.tags,
    )


def article(record: Record) -> str:
    """Return the HTML page that Pagefind reads (https://pagefind.app/docs/indexing/)."""
    shown = ", ".join(record.authors[:AUTHORS_SHOWN])
    if len(record.authors) > AUTHORS_SHOWN:
        shown += f" and {len(record.authors) - AUTHORS_SHOWN} more"
    known = {
        "id": record.id,
        "title": record.title,
        "authors": shown,
        "day": record.day.isoformat(),
        "category": record.categories[0],
        "score": f"{record.score:g}",
        "summary": "1" if record.summaries else "",
    }
    texts = [
        *map(render_text, (*record.tldrs, record.abstract)),
        *(render_block(summary).html for summary in record.summaries),
    ]
    lines = [line for text in texts for line in _lines(text)]
    return "\n".join(
        [
            '<!doctype html><html lang="en"><body><article data-pagefind-body>',
            *(_meta("meta", name, value) for name, value in known.items()),
            f'<h1 data-pagefind-weight="10">{_indexed(record.title)}</h1>',
            f'<p data-pagefind-weight="5">{_indexed(_BETWEEN.join(record.authors))}</p>',
            f"<p>{record.id}</p>",
            *(f"<p>{spaced(line)}</p>" for line in lines),
            *(f"<p>{_indexed(tag)}</p>" for tag in record.summary_tags),
            "</article></body></html>",
        ]
    )


def _meta(kind: str, name: str, value: str) -> str:
    return f'<meta data-pagefind-{kind}="{name}[content]" content="{html.escape(value)}">'


def _indexed(text: str) -> str:
    """Cut a title or names; lone punctuation goes, which would part the words of a phrase."""
    lone = _LONE_PUNCTUATION.sub(lambda found: "|" if found[0] == "|" else "", text)
    return html.escape(spaced(lone))


def _lines(page: str) -> list[str]:
    """Return the text of rendered HTML, still escaped: a line for each block."""
    page = _FORMULA.sub(lambda formula: _TAG.sub("", formula[0]), page)
    page = _TAG.sub("\n", _INLINE.sub("", page))
    return [line for line in map(str.strip, page.split("\n")) if line]
