"""How the archive's topics change from month to month: the page of charts, and its files. Pure.

The page's front matter has each chart's figures; they are drawn where the page is made.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from generator.build.archive.archive import Archive
from generator.build.archive.people import People
from generator.build.archive.periods import PeriodPapers
from generator.build.pages.fragments import author_link, escaped, papers, period_name
from generator.build.pages.layout import changed, page
from generator.build.pages.trend_charts import Chart, Series, authors_file, charts_of, timeline
from generator.core import urls
from generator.core.texts import Texts

# The table beside a chart goes back so far; the file has everything.
TABLE_ROWS = 13
AUTHORS_SHOWN = 20


def trend_files(archive: Archive, people: People, texts: Texts) -> Iterator[tuple[str, str]]:
    """Yield the page, and a CSV file of each of its charts."""
    over = timeline(archive)
    charts = charts_of(archive, over, texts)
    yield urls.TRENDS, _page(archive, people, over, charts, texts)
    for chart in charts:
        if chart.series:
            yield chart.file, chart.data
    if authors := people.most_papers():
        yield urls.trend_file("authors"), authors_file(authors)


def _page(
    archive: Archive,
    people: People,
    over: Sequence[PeriodPapers],
    charts: Sequence[Chart],
    texts: Texts,
) -> str:
    here = urls.TRENDS
    names = [period_name(period_papers.period, texts) for period_papers in over]
    return page(
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
            for person in people.most_papers()[:AUTHORS_SHOWN]
        ],
        all_authors=urls.relative(urls.AUTHORS, here),
        authors_file=urls.relative(urls.trend_file("authors"), here),
    )


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


def _front(chart: Chart, names: Sequence[str], texts: Texts) -> dict[str, Any]:
    """Return what is drawn of a chart, and in words what each line shows."""
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
    """Say ``LLM: 32 % (May 2026), lowest 28 % (March 2026), highest 38 % (April 2026)``."""
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
    """Return the newest periods of a chart's table, newest first."""
    columns = [series.values for series in chart.series]
    newest = islice(reversed(range(len(names))), TABLE_ROWS)
    return [[names[at], *(_figure(c[at], chart.unit) for c in columns)] for at in newest]


def _figure(value: float | None, unit: str) -> str:
    if value is None:
        return "–"
    return f"{value:.1f} {unit}".strip()
