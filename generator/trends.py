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

from generator import taxonomy, urls
from generator.archive import Archive, Entry, tags_of
from generator.fragments import author_link, counted, escaped, period_name
from generator.layout import page
from generator.merge import current_summaries
from generator.people import People
from generator.periods import Stretch, month_of, stretches, week_of

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


def trend_files(archive: Archive, people: People) -> Iterator[tuple[str, str]]:
    """The page, and a CSV file of each of its charts."""
    here = urls.TRENDS
    over = _timeline(archive)
    unit = "week" if over and over[0].period.is_week else "month"
    charts = [
        _papers(archive, over),
        _keywords(archive, over, unit),
        _tags(archive, over, unit),
        _categories(archive, over, unit),
    ]
    charts = charts if over else []
    names = [period_name(stretch.period) for stretch in over]
    top = people.most_papers()[:AUTHORS_SHOWN]
    yield (
        here,
        page(
            "trends.md",
            {
                "title": "Trends",
                "kind": "trends",
                "description": "Keywords, tags and categories of the archive over time",
                "charts": [_front(chart, names) for chart in charts],
            },
            intro=_intro(over, unit),
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
                f"{author_link(person.name, people, here)} {counted(len(person.entries), 'paper')}"
                for person in top
            ],
            all_authors=urls.relative(urls.AUTHORS, here),
            authors_file=urls.relative(urls.trend_file("authors"), here),
        ),
    )
    for chart in charts:
        if chart.series:
            yield chart.file, chart.data.decode()
    if top:
        rows = [(_cell(person.name), len(person.entries)) for person in people.most_papers()]
        yield urls.trend_file("authors"), _csv(("author", "papers"), rows).decode()


def _intro(over: Sequence[Stretch], unit: str) -> str:
    if not over:
        return "The archive is empty: there is nothing to draw yet."
    is_over = over[-1].period.is_over(over[-1].days[-1].date)
    running = "" if is_over else f" The last {unit} is not over."
    first, last = period_name(over[0].period), period_name(over[-1].period)
    if len(over) == 1:
        return f"So far there is one {unit}, {first}. Lines begin with the second one."
    return (
        f"From {first} to {last}, {unit} by {unit}. "
        f"Each chart begins at zero and has a scale of its own.{running}"
    )


def _timeline(archive: Archive) -> list[Stretch]:
    """Months, or weeks of a short archive, without gaps between them."""
    period_of = month_of
    if len({(day.date.year, day.date.month) for day in archive.days}) < LEAST_MONTHS:
        period_of = week_of
    found = {stretch.period: stretch for stretch in stretches(archive, period_of)}
    if not found:
        return []
    over, period, last = [], min(found), max(found)
    while period <= last:
        over.append(found.get(period, Stretch(period, (), ())))
        period = period_of(period.last + timedelta(days=1))
    return over


def _papers(archive: Archive, over: Sequence[Stretch]) -> Chart:
    """The mean of a period's days; the file has each day."""
    listed: list[float | None] = []
    summarised: list[float | None] = []
    for stretch in over:
        days = [day.date for day in stretch.days if day.rows]
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
        title="Papers and summaries",
        text="Papers listed on an announcement day, and those of them that have an AI summary: "
        "the mean. The file has the figures of each day.",
        unit="",
        series=(
            Series("Papers a day", urls.ARCHIVE, tuple(listed)),
            Series("AI summaries a day", urls.STATUS, tuple(summarised)),
        ),
        file=urls.trend_file("days"),
        data=_csv(("day", "papers", "with AI summary"), rows),
    )


def _keywords(archive: Archive, over: Sequence[Stretch], unit: str) -> Chart:
    names: dict[str, str] = {}

    def keywords(entry: Entry) -> Iterator[str]:
        for match in entry.row.matches:
            if match.field in ("title", "abstract"):
                names.setdefault(slug := urls.slug(match.keyword), match.keyword)
                yield slug

    def target(slug: str) -> str | None:
        return urls.tag_source(slug) if slug in archive.tags else None

    counts = _count(over, keywords)
    text = f"Share of a {unit}'s listed papers in which the keyword was found."
    asked = archive.days[-1].run.keywords if archive.days else ()
    if never := [keyword for keyword in asked if urls.slug(keyword) not in names]:
        text += f" Not found on any paper: {', '.join(map(escaped, never[:NEVER_SHOWN]))}"
        text += "." if len(never) <= NEVER_SHOWN else f" and {len(never) - NEVER_SHOWN} more."
    return _shares("Keywords", text, over, counts, names, target=target)


def _tags(archive: Archive, over: Sequence[Stretch], unit: str) -> Chart:
    """Those of the summaries alone: what was asked for is among the keywords."""
    keywords = {
        urls.slug(match.keyword)
        for entries in archive.entries.values()
        for entry in entries
        for match in entry.row.matches
    }

    def tags(entry: Entry) -> Iterator[str]:
        for tag in tags_of(archive.listed[entry.paper.id]):
            if (slug := urls.slug(tag)) not in keywords:
                yield slug

    names = {slug: topic.name for slug, topic in archive.tags.items()}
    counts = _count(over, tags)
    text = f"Share of a {unit}'s listed papers to which an AI summary gave the tag."
    if not any(counts):
        text = "No AI summary has named a tag that is not a keyword yet."
        if not any(current_summaries(entry.paper) for entry in archive.latest):
            text = "Tags besides the keywords come from AI summaries; there are none yet."
    return _shares("Tags", text, over, counts, names, target=urls.tag_source)


def _categories(archive: Archive, over: Sequence[Stretch], unit: str) -> Chart:
    counts = _count(over, lambda entry: (taxonomy.spelled(entry.paper.primary_category),))
    names = {
        category: f"{category} {taxonomy.category_name(category)}".removesuffix(f" {category}")
        for category in set().union(*counts)
    }
    text = f"Share of a {unit}'s listed papers by primary category."
    return _shares("Categories", text, over, counts, names, target=urls.category_source)


def _count(over: Sequence[Stretch], keys: Callable[[Entry], Iterable[str]]) -> list[Counter[str]]:
    """How many papers of each period have each key."""
    return [Counter(key for entry in s.entries for key in set(keys(entry))) for s in over]


def _shares(
    title: str,
    text: str,
    over: Sequence[Stretch],
    counts: Sequence[Counter[str]],
    names: Mapping[str, str],
    *,
    target: Callable[[str], str | None],
) -> Chart:
    """A chart of the keys that most papers have, as shares of each period's papers."""
    total: Counter[str] = Counter()
    for counted_keys in counts:
        total.update(counted_keys)
    keys = sorted(total, key=lambda key: (-total[key], key))[:PANELS]
    papers = [len(stretch.entries) for stretch in over]
    period = "week" if over and over[0].period.is_week else "month"
    return Chart(
        title=title,
        text=text,
        unit="%",
        series=tuple(
            Series(
                names[key],
                target(key),
                tuple(100 * c[key] / n if n else None for c, n in zip(counts, papers, strict=True)),
            )
            for key in keys
        ),
        file=urls.trend_file(title.lower()),
        data=_csv(
            (period, "papers", *(names[key] for key in keys)),
            (
                (stretch.period.key, n, *(c[key] for key in keys))
                for stretch, n, c in zip(over, papers, counts, strict=True)
            ),
        ),
    )


def _front(chart: Chart, names: Sequence[str]) -> dict[str, Any]:
    """What is drawn of a chart, and in words what each line shows."""
    return {
        "labels": list(names),
        "panels": [
            {
                "name": series.name,
                "url": urls.relative(urls.page_url(series.target), urls.page_url(urls.TRENDS))
                if series.target
                else "",
                "values": [None if v is None else round(v, 2) for v in series.values],
                "last": _last(series, chart.unit),
                "words": _words(series, names, chart.unit),
            }
            for series in chart.series
        ],
    }


def _last(series: Series, unit: str) -> str:
    return _figure(next((v for v in reversed(series.values) if v is not None), None), unit)


def _words(series: Series, names: Sequence[str], unit: str) -> str:
    """``LLM: 32 % in May 2026, lowest 28 % in March 2026, highest 38 % in April 2026``."""
    known = [(v, name) for v, name in zip(series.values, names, strict=True) if v is not None]
    last, least, most = known[-1], min(known), max(known)
    return (
        f"{series.name}: {_figure(last[0], unit)} in {last[1]}, "
        f"lowest {_figure(least[0], unit)} in {least[1]}, "
        f"highest {_figure(most[0], unit)} in {most[1]}"
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
