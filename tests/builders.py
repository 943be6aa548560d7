"""Papers, days, summaries and archives with what a test is about; all else in them is plain."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from generator.build.archive.archive import Archive
from generator.build.pages.makers import page_makers
from generator.core.days import Day, Match, Row, Run
from generator.core.ids import ArxivId
from generator.core.papers import AnnounceType, Author, Listing, Paper
from generator.core.site import SiteInfo
from generator.core.summaries import Summary

DAY = date(2026, 2, 5)
SITE = SiteInfo("Daybook", "https://daybook.example/", "", (), ())


def make_paper(
    identifier: str | int = 1,
    *,
    authors: Iterable[str | Author] = ("Ada Sample",),
    day: date = DAY,
    **fields: Any,
) -> Paper:
    """Return a paper that was announced as new on ``day``, with these fields of ``Paper``.

    A number stands for an id of February 2026; authors may be given by name.
    """
    if isinstance(identifier, int):
        identifier = f"2602.{identifier:05}"
    plain: dict[str, Any] = {
        "title": f"Paper {int(re.split('[./]', identifier)[-1])}",
        "abstract": "",
        "abstract_is_excerpt": False,
        "categories": ("cs.LG",),
        "listings": (Listing(day, 1, AnnounceType.NEW),),
    }
    named = tuple(Author(one) if isinstance(one, str) else one for one in authors)
    return Paper(**{**plain, **fields, "id": identifier, "authors": named})


def make_summary(**fields: Any) -> Summary:
    """Return an English summary of a paper's first version, with these fields of ``Summary``."""
    plain: dict[str, Any] = {
        "version": 1,
        "model": "sample-model",
        "language": "en",
        "prompt_hash": "0123456789abcdef",
        "input": "fulltext",
        "created": datetime(2026, 2, 5, 7, 12, 30, tzinfo=UTC),
        "body": "## Results\n\nAn LLM sleeps.\n",
    }
    return Summary(**{**plain, **fields})


def make_row(paper: Paper | str | int, *keywords: str, score: float = 1.0, version: int = 1) -> Row:
    """Return the row of a paper, given by itself or its id, whose title matched the keywords."""
    if not isinstance(paper, Paper):
        paper = make_paper(paper)
    return Row(
        id=ArxivId(paper.id, version),
        type=AnnounceType.NEW if version == 1 else AnnounceType.REPLACE,
        score=score,
        matches=tuple(Match(keyword, "title", 1.0) for keyword in keywords),
    )


def make_day(*rows: Row | Paper, day: date = DAY, run: Run | None = None) -> Day:
    """Return a day that lists these rows; a paper stands for its plain row."""
    listed = tuple(make_row(one) if isinstance(one, Paper) else one for one in rows)
    return Day(date=day, rows=listed, run=run or Run())


def make_archive(
    days: Mapping[date, Sequence[Row | Paper]], papers: Iterable[Paper] = ()
) -> Archive:
    """Return an archive of what each day lists; a paper that is not given is a plain one."""
    known = {paper.id: paper for paper in papers}
    for day, listed in days.items():
        for one in listed:
            paper = one if isinstance(one, Paper) else make_paper(one.id.id, authors=(), day=day)
            known.setdefault(paper.id, paper)
    return Archive.of(known.values(), [make_day(*rows, day=day) for day, rows in days.items()])


def make_pages(archive: Archive, site: SiteInfo = SITE) -> dict[str, str]:
    """Return every page and file in ``site_src`` that is made of an archive, by its path."""
    return {path: data.decode() for maker in page_makers(archive, site) for path, data in maker()}
