"""A paper as a card on a list. Pure."""

from __future__ import annotations

from typing import Any

from generator import urls
from generator.archive import Archive, Entry, tags_of
from generator.fragments import category_link, escaped, few_authors, tag_link
from generator.summaries import lead


def card(
    entry: Entry,
    archive: Archive,
    here: str,
    *,
    rank: int | None = None,
    also: tuple[str, ...] = (),
) -> dict[str, Any]:
    """What ``cards.md`` shows of a paper; ``rank`` stands in for its day's, ``also`` are chips."""
    paper = entry.paper
    chips = [category_link(paper.primary_category, here), f"score {entry.row.score:g}", *also]
    if entry.row.type != "new" or entry.row.id.version > 1:
        chips.append(f"{entry.row.type} v{entry.row.id.version}")
    chips += [category_link(c, here) for c in paper.categories[1:]]
    chips += [tag_link(tag, here) for tag in tags_of(archive.listed[paper.id])]
    return {
        "rank": entry.rank if rank is None else rank,
        "title": escaped(paper.title),
        "link": urls.relative(urls.paper_source(paper.id), here),
        "authors": few_authors(paper),
        "chips": chips,
        "lead": lead(paper),
        "has_summary": bool(paper.summaries),
    }
