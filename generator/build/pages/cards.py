"""A paper on a list: as a card, or as a line. Pure."""

from __future__ import annotations

from typing import Any

from generator.build.archive.archive import Archive, Entry
from generator.build.pages.fragments import (
    NO_ABSTRACT,
    category_link,
    escaped,
    few_authors,
    tag_link,
)
from generator.build.pages.summaries import lead, short_lead
from generator.core import urls
from generator.core.texts import Texts


def card(
    entry: Entry,
    archive: Archive,
    here: str,
    texts: Texts,
    *,
    rank: int | None = None,
    also: tuple[str, ...] = (),
) -> dict[str, Any]:
    """What ``cards.md`` shows of a paper; ``rank`` stands in for its day's, ``also`` are chips."""
    paper = entry.paper
    chips = [category_link(paper.primary_category, here), _score(entry, texts), *also]
    if entry.row.type != "new" or entry.row.id.version > 1:
        chips.append(f"{texts.text(entry.row.type)} v{entry.row.id.version}")
    chips += [category_link(c, here) for c in paper.categories[1:]]
    chips += [tag_link(tag, here) for tag in archive.tagged[paper.id]]
    return {
        "rank": entry.rank if rank is None else rank,
        "title": texts.foreign(escaped(paper.title)),
        "link": urls.relative(urls.paper_source(paper.id), here),
        "authors": few_authors(paper, texts),
        "chips": chips,
        "lead": lead(paper, texts) or texts.text(NO_ABSTRACT),
        "has_summary": bool(paper.summaries),
    }


def paper_line(entry: Entry, here: str, texts: Texts, *, dated: bool = False) -> str:
    """A paper as a line of a list; ``dated`` where nothing above it tells the day."""
    paper = entry.paper
    link = urls.relative(urls.paper_source(paper.id), here)
    facts = [few_authors(paper, texts), escaped(paper.primary_category), _score(entry, texts)]
    if dated:
        facts.append(texts.short_date(entry.day))
    tldr = short_lead(paper, texts)
    return f"[{texts.foreign(escaped(paper.title))}]({link})  \n  {' · '.join(facts)}" + (
        f"  \n  {tldr}" if tldr else ""
    )


def _score(entry: Entry, texts: Texts) -> str:
    return texts.text("score {score}", score=f"{entry.row.score:g}")
