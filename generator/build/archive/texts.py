"""What pages, feeds, search and data API say of a paper, made once a build. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import chain

from generator.build.archive.tldr import Tldr, tldr_of
from generator.build.citation.citing import bibtex, ris
from generator.core.papers import Paper
from generator.core.parallel import Workers
from generator.core.texts import Texts
from generator.markup.render import render_text
from generator.markup.text import escape_markdown, plain

AUTHORS_SHOWN = 4


@dataclass(frozen=True, slots=True)
class PaperTexts:
    """A paper's texts in every form that is needed more than once.

    ``title`` is plain, with formulas as characters. ``title_markdown`` and ``authors_markdown``
    (the first few) are one line of escaped Markdown each. ``abstract_html`` is safe HTML, with an
    ellipsis where an excerpt breaks off. ``bibtex`` and ``ris`` are whole entries. ``NO_TEXTS``
    stand where nobody asks for a paper's texts.
    """

    title: str
    title_markdown: str
    authors_markdown: str
    abstract_html: str
    tldr: Tldr | None
    bibtex: str
    ris: str


NO_TEXTS = PaperTexts("", "", "", "", None, "", "")


def paper_texts(paper: Paper, texts: Texts) -> PaperTexts:
    """Return a paper's texts, with the site's own words among them from ``texts``."""
    return PaperTexts(
        title=plain(paper.title),
        title_markdown=texts.foreign(escape_markdown(paper.title)),
        authors_markdown=_few_authors(paper, texts),
        abstract_html=render_text(paper.abstract + ("…" if paper.abstract_is_excerpt else "")),
        tldr=tldr_of(paper, texts.language),
        bibtex=bibtex(paper),
        ris=ris(paper),
    )


def texts_by_id(papers: Collection[Paper], texts: Texts) -> dict[str, PaperTexts]:
    """Return every paper's texts by its id, made on all cores."""

    def make(paper: Paper) -> tuple[str, PaperTexts]:
        return paper.id, paper_texts(paper, texts)

    return dict(chain.from_iterable(Workers(make, list(papers)).results()))


def _few_authors(paper: Paper, texts: Texts) -> str:
    names = [escape_markdown(author.name) for author in paper.authors[:AUTHORS_SHOWN]]
    rest = len(paper.authors) - AUTHORS_SHOWN
    if rest > 0:
        names.append(texts.text("and {count} more", count=str(rest)))
    return ", ".join(names) or texts.text("No authors given")
