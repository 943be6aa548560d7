"""A paper on a list: as a card, or as a line. Pure."""

from __future__ import annotations

from typing import Any

from generator.build.archive.archive import Entry
from generator.build.pages.fragments import NO_ABSTRACT, category_link, escaped, tag_link
from generator.build.pages.summaries import lead, short_lead
from generator.core import urls
from generator.core.texts import Texts


def card(
    entry: Entry,
    here: str,
    texts: Texts,
    *,
    rank: int | None = None,
    also: tuple[str, ...] = (),
) -> dict[str, Any]:
    """Return what ``cards.md`` shows of a paper.

    ``rank`` stands in for its day's, ``also`` are more chips.
    """
    paper = entry.paper
    chips = [category_link(paper.primary_category, here), *also]
    if entry.row.type != "new" or entry.row.id.version > 1:
        chips.append(f"{texts.text(entry.row.type)} v{entry.row.id.version}")
    chips += [tag_link(tag, here) for tag in entry.tags]
    chips += [category_link(c, here) for c in paper.categories[1:]]
    chips.append(_score(entry, texts))
    return {
        "rank": entry.rank if rank is None else rank,
        "title": entry.texts.title_markdown,
        "link": urls.relative(urls.paper_source(paper.id), here),
        "authors": entry.texts.authors_markdown,
        "chips": chips,
        "lead": lead(entry, texts) or texts.text(NO_ABSTRACT),
        "has_summary": bool(paper.summaries),
    }


def paper_line(entry: Entry, here: str, texts: Texts, *, dated: bool = False) -> str:
    """Return a paper as a line of a list; ``dated`` where nothing above it tells the day."""
    paper = entry.paper
    link = urls.relative(urls.paper_source(paper.id), here)
    facts = [entry.texts.authors_markdown, escaped(paper.primary_category), _score(entry, texts)]
    if dated:
        facts.append(texts.short_date(entry.day))
    lines = [f"[{entry.texts.title_markdown}]({link})", " · ".join(facts), short_lead(entry, texts)]
    return "  \n  ".join(filter(None, lines))


def _score(entry: Entry, texts: Texts) -> str:
    return texts.text("score {score}", score=f"{entry.row.score:g}")
