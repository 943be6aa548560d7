"""How the archive's topics change from month to month: the page of charts, and its files. Pure.

The page's front matter has each chart's figures; they are drawn where the page is made.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Any

from generator.build.archive.archive import Archive, Entry
from generator.build.archive.people import People
from generator.build.archive.periods import PeriodPapers, month_of, papers_by_period, week_of
from generator.build.pages.fragments import author_link, escaped, papers, period_name
from generator.build.pages.layout import changed, page
from generator.core import taxonomy, urls
from generator.core.texts import Texts
from generator.store.merge import current_summaries

# A shorter archive is drawn by weeks.
LEAST_MONTHS = 6
PANELS = 9
# The table beside a chart goes back so far; the file has everything.
TABLE_ROWS = 13
NEVER_SHOWN = 20
AUTHORS_SHOWN = 20

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Series:
    """One line: its name as plain text, the source it links to, and a figure for each period.

    A period without papers has ``None``.
    """

    name: str
    target: str | None
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A section of the page: lines of one ``unit`` ("" or "%"), and its file of figures."""

    title: str
    text: str
    unit: str
    series: tuple[Series, ...]
    file: str = ""
    data: bytes = b""


def trend_files(archive: Archive, people: People, texts: Texts) -> Iterator[tuple[str, str]]:
    """The page, and a CSV file of each of its charts."""
    here = urls.TRENDS
    over = _timeline(archive)
    charts = [
        _papers(archive, over, texts),
        _keywords(archive, over, texts),
        _tags(archive, over, texts),
        _categories(over, texts),
    ]
    charts = charts if over else []
    names = [period_name(period_papers.period, texts) for period_papers in over]
    authors = people.most_papers()
    yield (
        here,
        page(
            "trends.md",
            {
                "title": texts.text("Trends"),
                "kind": "trends",
                "description": texts.text("Keywords, tags and categories of the archive over time"),
                "charts": [_front(chart, names, texts) for chart in charts],
                **changed(archive.latest, archive.days),
            },
            t=texts.text,
            intro=_intro(over, texts),
            charts=[
                {
                    "title": chart.title,
                    "text": chart.text,
                    "file": urls.relative(chart.file, here),
                    "columns": [escaped(series.name) for series in chart.series],
                    "rows": _rows(chart, names),
                }
                for chart in charts
            ],
            authors=[
                f"{author_link(person.name, people, here)} {papers(len(person.entries), texts)}"
                for person in authors[:AUTHORS_SHOWN]
            ],
            all_authors=urls.relative(urls.AUTHORS, here),
            authors_file=urls.relative(urls.trend_file("authors"), here),
        ),
    )
    for chart in charts:
        if chart.series:
            yield chart.file, chart.data.decode()
    if authors:
        rows = [(_cell(person.name), len(person.entries)) for person in authors]
        yield urls.trend_file("authors"), _csv(("author", "papers"), rows).decode()


def _intro(over: Sequence[PeriodPapers], texts: Texts) -> str:
    if not over:
        return texts.text("The archive is empty: there is nothing to draw yet.")
    first, last = (period_name(over[at].period, texts) for at in (0, -1))
    if len(over) == 1:
        return texts.text(
            "So far there is {period} alone. Lines begin with a second.", period=first
        )
    running = texts.text("The last one is not over.")
    return texts.sentences(
        (
            texts.text("From {first} to {last}.", first=first, last=last),
            texts.text("Each chart begins at zero and has a scale of its own."),
            "" if over[-1].period.is_over(over[-1].days[-1].date) else running,
        )
    )


def _timeline(archive: Archive) -> list[PeriodPapers]:
    """Months, or weeks of a short archive, without gaps between them."""
    period_of = month_of
    if len({(day.date.year, day.date.month) for day in archive.days}) < LEAST_MONTHS:
        period_of = week_of
    found = {
        period_papers.period: period_papers
        for period_papers in papers_by_period(archive, period_of)
    }
    if not found:
        return []
    over, period, last = [], min(found), max(found)
    while period <= last:
        over.append(found.get(period, PeriodPapers(period, (), ())))
        period = period_of(period.last + timedelta(days=1))
    return over


def _papers(archive: Archive, over: Sequence[PeriodPapers], texts: Texts) -> Chart:
    """The mean of a period's days; the file has each day."""
    listed: list[float | None] = []
    summarised: list[float | None] = []
    for period_papers in over:
        days = [day.date for day in period_papers.days if day.rows]
        entries = [entry for day in days for entry in archive.entries[day]]
        listed.append(len(entries) / len(days) if days else None)
        made = sum(bool(entry.paper.summaries) for entry in entries)
        summarised.append(made / len(days) if days else None)
    rows = [
        (
            day.date.isoformat(),
            len(day.rows),
            sum(bool(entry.paper.summaries) for entry in archive.entries[day.date]),
        )
        for day in archive.days
    ]
    return Chart(
        title=texts.text("Papers and summaries"),
        text=texts.text(
            "Papers listed on an announcement day, and those of them that have an AI summary: the "
            "mean. The file has the figures of each day."
        ),
        unit="",
        series=(
            Series(texts.text("Papers a day"), urls.ARCHIVE, tuple(listed)),
            Series(texts.text("AI summaries a day"), urls.STATUS, tuple(summarised)),
        ),
        file=urls.trend_file("days"),
        data=_csv(("day", "papers", "with AI summary"), rows),
    )


def _keywords(archive: Archive, over: Sequence[PeriodPapers], texts: Texts) -> Chart:
    names: dict[str, str] = {}

    def keywords(entry: Entry) -> Iterator[str]:
        for match in entry.row.matches:
            if match.field in ("title", "abstract"):
                names.setdefault(slug := urls.slug(match.keyword), match.keyword)
                yield slug

    def target(slug: str) -> str | None:
        return urls.tag_source(slug) if slug in archive.tags else None

    counts = _count(over, keywords)
    asked = archive.days[-1].run.keywords if archive.days else ()
    text = texts.sentences(
        (
            texts.text("Share of the listed papers in which the keyword was found."),
            _never([keyword for keyword in asked if urls.slug(keyword) not in names], texts),
        )
    )
    title = texts.text("Keywords")
    return _shares("keywords", title, text, over, counts=counts, names=names, target=target)


def _never(keywords: Sequence[str], texts: Texts) -> str:
    if not keywords:
        return ""
    shown = texts.listed(map(escaped, keywords[:NEVER_SHOWN]))
    rest = len(keywords) - NEVER_SHOWN
    if rest <= 0:
        return texts.text("Not found on any paper: {keywords}.", keywords=shown)
    return texts.text(
        "Not found on any paper: {keywords}, and {count} more.", keywords=shown, count=rest
    )


def _tags(archive: Archive, over: Sequence[PeriodPapers], texts: Texts) -> Chart:
    """Those of the summaries alone: what was asked for is among the keywords."""
    keywords = {
        urls.slug(match.keyword)
        for entries in archive.entries.values()
        for entry in entries
        for match in entry.row.matches
    }

    def tags(entry: Entry) -> Iterator[str]:
        for tag in archive.tagged[entry.paper.id]:
            if (slug := urls.slug(tag)) not in keywords:
                yield slug

    names = {slug: topic.name for slug, topic in archive.tags.items()}
    counts = _count(over, tags)
    if any(counts):
        text = texts.text("Share of the listed papers to which an AI summary gave the tag.")
    elif any(current_summaries(entry.paper) for entry in archive.latest):
        text = texts.text("No AI summary has named a tag that is not a keyword yet.")
    else:
        text = texts.text("Tags besides the keywords come from AI summaries; there are none yet.")
    title = texts.text("Tags")
    return _shares("tags", title, text, over, counts=counts, names=names, target=urls.tag_source)


def _categories(over: Sequence[PeriodPapers], texts: Texts) -> Chart:
    counts = _count(over, lambda entry: (taxonomy.spelled(entry.paper.primary_category),))
    names = {
        category: f"{category} {taxonomy.category_name(category)}".removesuffix(f" {category}")
        for category in set().union(*counts)
    }
    text = texts.text("Share of the listed papers by primary category.")
    title, target = texts.text("Categories"), urls.category_source
    return _shares("categories", title, text, over, counts=counts, names=names, target=target)


def _count(
    over: Sequence[PeriodPapers], keys: Callable[[Entry], Iterable[str]]
) -> list[Counter[str]]:
    """How many papers of each period have each key."""
    return [Counter(key for entry in s.entries for key in set(keys(entry))) for s in over]


def _shares(
    name: str,
    title: str,
    text: str,
    over: Sequence[PeriodPapers],
    *,
    counts: Sequence[Counter[str]],
    names: Mapping[str, str],
    target: Callable[[str], str | None],
) -> Chart:
    """A chart of the keys that most papers have, as shares of each period's papers.

    ``name`` is that of the file.
    """
    total: Counter[str] = Counter()
    for counted_keys in counts:
        total.update(counted_keys)
    keys = sorted(total, key=lambda key: (-total[key], key))[:PANELS]
    sizes = [len(period_papers.entries) for period_papers in over]
    period = "week" if over and over[0].period.is_week else "month"
    return Chart(
        title=title,
        text=text,
        unit="%",
        series=tuple(
            Series(
                names[key],
                target(key),
                tuple(100 * c[key] / n if n else None for c, n in zip(counts, sizes, strict=True)),
            )
            for key in keys
        ),
        file=urls.trend_file(name),
        data=_csv(
            (period, "papers", *(names[key] for key in keys)),
            (
                (period_papers.period.key, n, *(c[key] for key in keys))
                for period_papers, n, c in zip(over, sizes, counts, strict=True)
            ),
        ),
    )


def _front(chart: Chart, names: Sequence[str], texts: Texts) -> dict[str, Any]:
    """What is drawn of a chart, and in words what each line shows."""
    return {
        "labels": list(names),
        "panels": [
            {
                "name": series.name,
                "url": urls.encoded(
                    urls.relative(urls.page_url(series.target), urls.page_url(urls.TRENDS))
                )
                if series.target
                else "",
                "values": [None if v is None else round(v, 2) for v in series.values],
                "last": _last(series, chart.unit),
                "words": _words(series, names, chart.unit, texts),
            }
            for series in chart.series
        ],
    }


def _last(series: Series, unit: str) -> str:
    return _figure(next((v for v in reversed(series.values) if v is not None), None), unit)


def _words(series: Series, names: Sequence[str], unit: str, texts: Texts) -> str:
    """``LLM: 32 % (May 2026), lowest 28 % (March 2026), highest 38 % (April 2026)``."""
    known = [(v, name) for v, name in zip(series.values, names, strict=True) if v is not None]
    if not known:
        return series.name
    last, least, most = known[-1], min(known), max(known)
    return texts.text(
        "{name}: {last} ({last_period}), lowest {least} ({least_period}), "
        "highest {most} ({most_period})",
        name=series.name,
        last=_figure(last[0], unit),
        last_period=last[1],
        least=_figure(least[0], unit),
        least_period=least[1],
        most=_figure(most[0], unit),
        most_period=most[1],
    )


def _rows(chart: Chart, names: Sequence[str]) -> list[list[str]]:
    """The newest periods of a chart's table, newest first."""
    columns = [series.values for series in chart.series]
    newest = islice(reversed(range(len(names))), TABLE_ROWS)
    return [[names[at], *(_figure(c[at], chart.unit) for c in columns)] for at in newest]


def _figure(value: float | None, unit: str) -> str:
    if value is None:
        return "–"
    return f"{value:.1f} {unit}".strip()


def _csv(columns: Iterable[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A file that spreadsheets read."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(map(_cell, columns))
    writer.writerows(rows)
    return text.getvalue().encode()


def _cell(name: str) -> str:
    """A name; one that a spreadsheet would take for a formula gets an apostrophe.

    https://owasp.org/www-community/attacks/CSV_Injection
    """
    return f"'{name}" if name.startswith(_FORMULA) else name
