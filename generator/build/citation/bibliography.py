"""The whole archive for reference managers: a BibTeX and a RIS file a year. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from generator.build.archive.archive import Archive
from generator.build.citation.citing import bibtex, ris
from generator.core import urls
from generator.core.models import Paper
from generator.core.site import PageMaker

_FORMATS: dict[str, tuple[Callable[[Paper], str], str]] = {"bib": (bibtex, "\n"), "ris": (ris, "")}


def bibliography_makers(archive: Archive) -> list[PageMaker]:
    """Every year's papers in each format.

    A paper is in the year that listed it first: so a file does not lose entries, and each paper is
    in one file only.
    """
    return [
        _maker(papers, urls.bibliography(year, suffix), *how)
        for year, papers in _by_year(archive).items()
        for suffix, how in _FORMATS.items()
    ]


def bibliography_links(archive: Archive, here: str) -> str:
    """``2026 (BibTeX, RIS), 2025 (...)`` as links from a page."""
    return ", ".join(
        f"{year} ([BibTeX]({urls.relative(urls.bibliography(year, 'bib'), here)}), "
        f"[RIS]({urls.relative(urls.bibliography(year, 'ris'), here)}))"
        for year in sorted(_by_year(archive), reverse=True)
    )


def _by_year(archive: Archive) -> dict[int, list[Paper]]:
    papers: dict[int, list[Paper]] = {}
    for entries in archive.listed.values():
        day: date = entries[0].day
        papers.setdefault(day.year, []).append(entries[-1].paper)
    return papers


def _maker(papers: list[Paper], path: str, write: Callable[[Paper], str], after: str) -> PageMaker:
    return lambda: [(path, "\n".join(write(paper) + after for paper in papers).encode())]
