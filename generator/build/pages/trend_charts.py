"""How often the archive's topics are, month by month: the lines of charts, and files. Pure."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from generator.build.archive.archive import Archive, Entry
from generator.build.archive.people import Person
from generator.build.archive.periods import PeriodPapers, month_of, papers_by_period, week_of
from generator.build.pages.fragments import escaped
from generator.core import taxonomy, urls
from generator.core.texts import Texts

# A shorter archive is drawn by weeks.
LEAST_MONTHS = 6
PANELS = 9
NEVER_SHOWN = 20

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
    data: str = ""


def charts_of(archive: Archive, over: Sequence[PeriodPapers], texts: Texts) -> list[Chart]:
    """Return the charts over these periods; none without periods."""
    if not over:
        return []
    tags = _tags(archive, over, texts)
    return [
        _papers(archive, over, texts),
        _keywords(archive, over, texts),
        *([tags] if tags.series else []),
        _categories(over, texts),
    ]


def authors_file(authors: Sequence[Person]) -> str:
    """Return the file of the authors with their numbers of papers."""
    rows = [(_cell(person.name), len(person.entries)) for person in authors]
    return _csv(("author", "papers"), rows)


def timeline(archive: Archive) -> list[PeriodPapers]:
    """Return the archive's months, or weeks of a short archive, without gaps between them."""
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
    """Chart the mean of a period's days; the file has each day."""
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
    """Chart the tags of summaries alone: what was asked for is among the keywords."""
    keywords = {
        urls.slug(match.keyword)
        for entries in archive.entries.values()
        for entry in entries
        for match in entry.row.matches
    }

    def tags(entry: Entry) -> Iterator[str]:
        for tag in entry.tags:
            if (slug := urls.slug(tag)) not in keywords:
                yield slug

    names = {slug: topic.name for slug, topic in archive.tags.items()}
    counts = _count(over, tags)
    text = texts.text("Share of the listed papers to which an AI summary gave the tag.")
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
    """Count how many papers of each period have each key."""
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
    """Chart the keys that most papers have, as shares of each period's papers.

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


def _csv(columns: Iterable[str], rows: Iterable[Sequence[object]]) -> str:
    """Write a file that spreadsheets read."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(map(_cell, columns))
    writer.writerows(rows)
    return text.getvalue()


def _cell(name: str) -> str:
    """Return a name; one that a spreadsheet would take for a formula gets an apostrophe.

    https://owasp.org/www-community/attacks/CSV_Injection
    """
    return f"'{name}" if name.startswith(_FORMULA) else name
