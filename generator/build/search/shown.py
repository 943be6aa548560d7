"""A hit as lines for a terminal and as a JSON object. Pure."""

from __future__ import annotations

from typing import Any

from rich.text import Text

from generator.build.search.marking import Marked
from generator.build.search.ranking import ALL
from generator.build.search.terminal import Hit
from generator.core import urls
from generator.markup.text import plain

_TIERS = {
    "most": "has most of the words",
    "some": "has some of the words",
    "meaning": "similar in meaning",
}


def lines(hit: Hit) -> tuple[Text, Text]:
    """Return the line that names a paper, and its excerpt; what was found is bold."""
    paper = hit.record
    day = f"{paper.day.day} {paper.day:%b %Y}"
    head = Text(f"{paper.id}  {day}  {plain(paper.categories[0])}  score {paper.score:g}  ")
    head.append_text(_text(hit.title))
    if hit.tier != ALL:
        head.append(f"  ({_TIERS[hit.tier]})", style="italic")
    if hit.also:
        head.append(f"  (glossary: {', '.join(hit.also)})", style="italic")
    if hit.by_phrases:
        head.append("  (has the words in its search phrases)", style="italic")
    return head, _text(hit.excerpt)


def as_json(hit: Hit, site: str) -> dict[str, Any]:
    """Return the object that ``search --json`` prints; ``site`` is the site's URL, with a slash."""
    paper = hit.record
    return {
        "id": paper.id,
        "title": paper.title,
        "authors": list(paper.authors),
        "day": paper.day.isoformat(),
        "category": plain(paper.categories[0]),
        "categories": list(map(plain, paper.categories)),
        "tags": list(map(plain, paper.tags)),
        "score": paper.score,
        "summary": bool(paper.summaries),
        "excerpt": "".join(piece for piece, _ in hit.excerpt),
        "url": site + urls.encoded(urls.paper_url(paper.id)),
        "glossary": list(hit.also),
        "tier": hit.tier,
    }


def _text(marked: Marked) -> Text:
    text = Text()
    for piece, mark in marked:
        text.append(piece, style="bold" if mark else None)
    return text
