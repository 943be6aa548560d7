"""Small archives made of values, for tests of the pages that look over many days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from generator.build.archive.archive import Archive
from generator.build.pages.makers import page_makers
from generator.core.models import (
    AnnounceType,
    ArxivId,
    Author,
    Day,
    Listing,
    Match,
    Paper,
    Row,
    Run,
    Summary,
)
from generator.core.site import SiteInfo

SITE = SiteInfo("Daybook", "https://daybook.example/", "", (), ())


def paper(
    number: int,
    *,
    title: str = "",
    authors: Sequence[str] = (),
    categories: Sequence[str] = ("cs.LG",),
    summaries: tuple[Summary, ...] = (),
) -> Paper:
    """A paper of this number with what a test is about; all else is plain."""
    return Paper(
        id=f"2602.{number:05}",
        title=title or f"Paper {number}",
        authors=tuple(Author(name) for name in authors),
        abstract="",
        abstract_is_excerpt=False,
        categories=tuple(categories),
        listings=(Listing(date(2026, 2, 5), 1, AnnounceType.NEW),),
        summaries=summaries,
    )


def row(number: int, *tags: str, score: float = 1.0, version: int = 1) -> Row:
    """A row of the paper of this number, which matched the tags."""
    return Row(
        id=ArxivId(f"2602.{number:05}", version),
        type=AnnounceType.NEW if version == 1 else AnnounceType.REPLACE,
        score=score,
        matches=tuple(Match(tag, "title", 1.0) for tag in tags),
    )


def archive(days: dict[date, Sequence[Row]], papers: Iterable[Paper] = ()) -> Archive:
    """An archive of these days; a paper that is not given is a plain one."""
    known = {p.id: p for p in papers}
    for found in days.values():
        for one in found:
            known.setdefault(one.id.id, paper(int(one.id.id[5:])))
    return Archive.of(
        known.values(), [Day(date=day, rows=tuple(rows), run=Run()) for day, rows in days.items()]
    )


def sources(made: Archive, site: SiteInfo = SITE) -> dict[str, str]:
    """Every page and file that is made of an archive, by its path."""
    return {path: data.decode() for maker in page_makers(made, site) for path, data in maker()}
