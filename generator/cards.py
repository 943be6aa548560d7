"""A paper on a list: as a card, or as a line. Pure."""

from __future__ import annotations

from typing import Any

from generator import urls
from generator.archive import Archive, Entry, tags_of
from generator.fragments import category_link, escaped, few_authors, short_date, tag_link
from generator.summaries import lead, short_lead


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


def paper_line(entry: Entry, here: str, *, dated: bool = False) -> str:
    """A paper as a line of a list; ``dated`` where nothing above it tells the day."""
    paper = entry.paper
    link = urls.relative(urls.paper_source(paper.id), here)
    facts = [few_authors(paper), escaped(paper.primary_category), f"score {entry.row.score:g}"]
    if dated:
        facts.append(short_date(entry.day))
    tldr = short_lead(paper)
    return f"[{escaped(paper.title)}]({link})  \n  {' · '.join(facts)}" + (
        f"  \n  {tldr}" if tldr else ""
    )
