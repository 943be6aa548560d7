"""A hit as lines for a terminal and as a JSON object. Pure."""

from __future__ import annotations

from typing import Any

from rich.text import Text

from generator.build.search.terminal import Hit, Marked
from generator.core import urls


def lines(hit: Hit) -> tuple[Text, Text]:
    """The line that names a paper, and its excerpt; what was found is bold."""
    day = f"{hit.day.day} {hit.day:%b %Y}"
    head = Text(f"{hit.id}  {day}  {hit.categories[0]}  score {hit.score:g}  ")
    head.append_text(_text(hit.title))
    if hit.also:
        head.append(f"  (glossary: {', '.join(hit.also)})", style="italic")
    return head, _text(hit.excerpt)


def as_json(hit: Hit, site: str) -> dict[str, Any]:
    """The object that ``search --json`` prints; ``site`` is the site's URL, with a slash."""
    return {
        "id": hit.id,
        "title": _plain(hit.title),
        "authors": list(hit.authors),
        "day": hit.day.isoformat(),
        "category": hit.categories[0],
        "categories": list(hit.categories),
        "tags": list(hit.tags),
        "score": hit.score,
        "summary": hit.summary,
        "excerpt": _plain(hit.excerpt),
        "url": site + urls.encoded(urls.paper_url(hit.id)),
        "glossary": list(hit.also),
    }


def _text(marked: Marked) -> Text:
    text = Text()
    for piece, mark in marked:
        text.append(piece, style="bold" if mark else None)
    return text


def _plain(marked: Marked) -> str:
    return "".join(piece for piece, _ in marked)
