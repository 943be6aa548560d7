"""The archive by year and month. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from generator.build.archive.archive import Archive, Entry
from generator.build.archive.periods import papers_by_first_year, week_of
from generator.build.pages.fragments import (
    announcement_days,
    counted_once,
    distinct,
    link,
    papers,
    period_dates,
    period_link,
)
from generator.build.pages.layout import (
    EMPTY_ARCHIVE,
    Section,
    calendar,
    changed,
    days_by_month,
    list_page,
)
from generator.core import urls
from generator.core.days import Day
from generator.core.texts import Texts


def archive_page(archive: Archive, texts: Texts) -> str:
    """Return the list of every year with its months."""
    here = urls.ARCHIVE
    files = bibliography_links(archive, here)
    groups = []
    for year in sorted({day.date.year for day in archive.days}, reverse=True):
        months = [item for item in days_by_month(archive) if item[0].startswith(f"{year:04}-")]
        groups.append(
            Section(
                link(str(year), urls.year_source(year), here),
                _month_lines(reversed(months), here, texts),
            )
        )
    return list_page(
        here,
        {"title": texts.text("Archive"), "kind": "list", **changed(archive.latest, archive.days)},
        intro=texts.sentences(
            (
                _on_days(archive.days, texts),
                texts.text(
                    "How each day was made is on the [status page]({status}).",
                    status=urls.relative(urls.STATUS, here),
                ),
                texts.text(
                    "Over all of it: [trends]({trends}) and [authors]({authors}).",
                    trends=urls.relative(urls.TRENDS, here),
                    authors=urls.relative(urls.AUTHORS, here),
                ),
                texts.text("For reference managers: {files}.", files=files) if files else "",
            )
        )
        if archive.days
        else texts.text(EMPTY_ARCHIVE),
        groups=groups,
    )


def bibliography_links(archive: Archive, here: str) -> str:
    """Return links to each year's file in each format: ``2026 (BibTeX, RIS), 2025 (...)``."""
    return ", ".join(
        f"{year} ([BibTeX]({urls.relative(urls.bibliography(year, 'bib'), here)}), "
        f"[RIS]({urls.relative(urls.bibliography(year, 'ris'), here)}))"
        for year in sorted(papers_by_first_year(archive), reverse=True)
    )


def year_pages(archive: Archive, texts: Texts) -> Iterator[tuple[str, str]]:
    """Yield a page for each year."""
    by_month = list(days_by_month(archive))
    for year in sorted({day.date.year for day in archive.days}):
        here = urls.year_source(year)
        months = [item for item in by_month if item[0].startswith(f"{year:04}-")]
        days = [day for _, found in months for day in found]
        weeks = dict.fromkeys(week_of(day.date) for day in reversed(days))
        yield (
            here,
            list_page(
                here,
                {
                    "title": str(year),
                    "kind": "year",
                    "year": year,
                    "calendar": calendar(archive, year),
                    **changed(_entries(days, archive), days),
                },
                (texts.text("All years"), urls.ARCHIVE),
                intro=_on_days(days, texts),
                groups=[
                    Section(texts.text("Months"), _month_lines(reversed(months), here, texts)),
                    Section(
                        texts.text("Weeks"),
                        [
                            f"{period_link(week, here, texts)} {period_dates(week, texts)}"
                            for week in weeks
                        ],
                    ),
                ],
            ),
        )


def _entries(days: Iterable[Day], archive: Archive) -> Iterator[Entry]:
    return (entry for day in days for entry in archive.entries[day.date])


def _on_days(days: Sequence[Day], texts: Texts) -> str:
    count = papers(distinct(days), texts)
    said = texts.text("{papers} on {days}.", papers=count, days=announcement_days(days, texts))
    return texts.sentences((said, counted_once(days, texts)))


def _month_lines(months: Iterable[tuple[str, Sequence[Day]]], here: str, texts: Texts) -> list[str]:
    """Return a line for each month: a link, how many papers, on how many days."""
    lines = []
    for month, days in months:
        counts = (papers(distinct(days), texts), announcement_days(days, texts))
        lines.append(
            f"{link(texts.month(month), urls.month_source(month), here)} {texts.listed(counts)}"
        )
    return lines
