"""The whole archive for reference managers: a BibTeX and a RIS file a year. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from generator.build.archive.archive import Archive
from generator.build.archive.periods import papers_by_first_year
from generator.build.archive.texts import PaperTexts
from generator.core import urls
from generator.core.site import PageMaker


def bibliography_makers(archive: Archive) -> list[PageMaker]:
    """Return a maker for each year's papers in each format.

    A paper is in the year that listed it first: so a file does not lose entries, and each paper is
    in one file only.
    """
    return [
        _maker(year, [entry.texts for entry in entries])
        for year, entries in papers_by_first_year(archive).items()
    ]


def _maker(year: int, papers: Sequence[PaperTexts]) -> PageMaker:
    return lambda: [
        (urls.bibliography(year, "bib"), "\n".join(f"{p.bibtex}\n" for p in papers).encode()),
        (urls.bibliography(year, "ris"), "\n".join(p.ris for p in papers).encode()),
    ]
