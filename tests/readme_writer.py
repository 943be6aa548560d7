"""Writes READMEs as the predecessor's bot did, for tests. All papers in them are invented."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

# How the bot's output changed over time: the oldest rows print the feed's description and have no
# type and id; then these came, with no line ends for Markdown; then the abstract's heading; then
# summaries, under a heading for two days, folded since; at last, titles are escaped for Markdown.
Layout = Literal["oldest", "typed", "heading", "details", "escaped"]


@dataclass(frozen=True, kw_only=True)
class Sample:
    """An invented paper in a README."""

    id: str = "2602.00001"
    version: int = 1
    title: str = "A Sample Title"
    authors: str = "Ada Sample, Ben Example"
    category: str = "cs.LG"
    published: str = "2026-02-05"
    score: float = 4.5
    type: str = "new"
    abstract: str = "We invent a method and sample it."
    summary: str | None = None
    model: str = "sample-model"


def write_readme(
    papers: list[Sample],
    *,
    layout: Layout = "details",
    updated: str = "2026-02-05 06:40:51 UTC",
    keywords: tuple[str, ...] = ("LLM", "Sparse"),
    categories: tuple[str, ...] = ("cs.AI", "cs.LG"),
) -> str:
    """The README of a day, byte for byte as the bot writes it."""
    rows = "\n\n".join(_row(number, paper, layout) for number, paper in enumerate(papers, 1))
    rows = rows or "No papers matching the criteria were found in the last 7 days."
    return f"""# arXiv Papers Bot 🤖

This repository automatically fetches and displays relevant papers from arXiv.

## 📊 Statistics

- **Last Updated**: {updated}
- **Total Papers Found**: {len(papers)}
- **Categories Monitored**: {", ".join(categories)}

## 📚 Recent Papers

{rows}

## 🔧 Configuration

This bot is configured to look for papers containing the following keywords:
- {", ".join(keywords)}

## 📅 Schedule

The bot runs daily at 12:00 UTC via GitHub Actions to fetch the latest papers.

### Exclude Keywords
Add terms to exclude certain types of papers (e.g., "survey", "review", "tutorial").

---
*Generated automatically by arXiv Bot*
"""


def _row(number: int, paper: Sample, layout: Layout) -> str:
    title, abstract = paper.title, paper.abstract
    identifier = f"{paper.id}v{paper.version}"
    if layout == "escaped":
        for character in "\\[]":
            title = title.replace(character, f"\\{character}")
    fields = [
        f"**Authors**: {paper.authors}",
        f"**Category**: {paper.category}",
        f"**Published**: {paper.published}",
        f"**Score**: {paper.score:.1f}",
    ]
    if layout == "oldest":
        abstract = f"arXiv:{identifier} Announce Type: {paper.type} \nAbstract: {abstract}"
    else:
        fields += [f"**Type**: {paper.type}", f"**ArXiv ID**: {identifier}"]
    line_end = "\n" if layout in ("oldest", "typed") else "  \n"
    heading = "" if layout in ("oldest", "typed") else "#### Abstract\n"
    cut = abstract[:300] + ("..." if len(abstract) > 300 else "")
    return (
        f"### {number}. [{title}](https://arxiv.org/abs/{paper.id})\n\n"
        f"{line_end.join((*fields, ''))}\n{heading}{cut}{_summary(paper, layout)}\n\n---"
    )


def _summary(paper: Sample, layout: Layout) -> str:
    if paper.summary is None:
        return ""
    if layout == "heading":
        return f"\n\n#### AI Summary (by {paper.model})\n{paper.summary}"
    return (
        f"\n\n<details>\n<summary><strong>🤖 AI Summary (by {paper.model})</strong>"
        f" - Click to expand</summary>\n\n{paper.summary}\n\n</details>"
    )
