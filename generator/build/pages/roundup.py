"""The digest of a week or month: its best papers, what rises, its days. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from generator.build.archive.archive import Archive, Entry
from generator.build.archive.periods import (
    Period,
    PeriodPapers,
    month_of,
    papers_by_period,
    week_of,
)
from generator.build.archive.rising import Rise, TagCounts, new_tags, rising, tags_first_seen
from generator.build.pages.cards import card
from generator.build.pages.fragments import (
    announcement_days,
    day_link,
    pager,
    papers,
    period_dates,
    period_link,
    period_name,
    tag_link,
)
from generator.build.pages.layout import changed, page
from generator.core import urls
from generator.core.texts import MONTH, Texts, message

TAGS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class _Kind:
    """How many papers a digest shows, and how many periods before it tell what is usual.

    What is said of rising tags is for one period before it, and for several.
    """

    top: int
    before: int
    running: str
    rising: tuple[str, str]
    none_rising: tuple[str, str]


_WEEK = _Kind(
    top=10,
    before=4,
    running=message("The week is not over: this is up to {date}."),
    rising=(
        message(
            "Compared with the week before. A tag's usual number of papers is what its share then "
            "would give this week."
        ),
        message(
            "Compared with the {count} weeks before. A tag's usual number of papers is what its "
            "share then would give this week."
        ),
    ),
    none_rising=(
        message("No tag is clearly more frequent than in the week before."),
        message("No tag is clearly more frequent than in the {count} weeks before."),
    ),
)
_MONTH = _Kind(
    top=20,
    before=3,
    running=message("The month is not over: this is up to {date}."),
    rising=(
        message(
            "Compared with the month before. A tag's usual number of papers is what its share "
            "then would give this month."
        ),
        message(
            "Compared with the {count} months before. A tag's usual number of papers is what its "
            "share then would give this month."
        ),
    ),
    none_rising=(
        message("No tag is clearly more frequent than in the month before."),
        message("No tag is clearly more frequent than in the {count} months before."),
    ),
)


def roundup_pages(archive: Archive, texts: Texts) -> Iterator[tuple[str, str]]:
    """A page for each week and for each month."""
    first_seen = tags_first_seen(archive)
    for kind, period_of in ((_WEEK, week_of), (_MONTH, month_of)):
        found = papers_by_period(archive, period_of)
        counts = [TagCounts.of(period_papers, archive) for period_papers in found]
        for at, period_papers in enumerate(found):
            before = [c for c in counts[max(0, at - kind.before) : at] if c.papers]
            neighbours = (
                found[at - 1].period if at else None,
                found[at + 1].period if at + 1 < len(found) else None,
            )
            aside = [
                *_tag_sections(
                    period_papers,
                    counts[at],
                    before,
                    archive=archive,
                    first_seen=first_seen,
                    kind=kind,
                    texts=texts,
                ),
                *_day_sections(period_papers, texts),
            ]
            yield (
                period_papers.period.source,
                _page(
                    period_papers, kind, archive, neighbours=neighbours, aside=aside, texts=texts
                ),
            )


def _page(
    period_papers: PeriodPapers,
    kind: _Kind,
    archive: Archive,
    *,
    neighbours: tuple[Period | None, Period | None],
    aside: list[dict[str, Any]],
    texts: Texts,
) -> str:
    period = period_papers.period
    name = period_name(period, texts)
    before, after = neighbours
    last = period_papers.days[-1].date
    above = (
        (texts.dated(last, MONTH), urls.month_source(last.year, last.month))
        if period.is_week
        else (str(period.year), urls.year_source(period.year))
    )
    return page(
        "roundup.md",
        {
            "title": name,
            "kind": "roundup",
            "description": texts.text(
                "The best arXiv papers of {dates}, and what is rising",
                dates=period_dates(period, texts),
            ),
            **changed(period_papers.entries, period_papers.days),
        },
        t=texts.text,
        heading=name,
        intro=texts.sentences(_intro(period_papers, kind, archive.days[-1].date, texts)),
        pager=pager(
            period.source,
            (f"← {_short_name(before, texts)}", before.source) if before else None,
            above,
            (f"{_short_name(after, texts)} →", after.source) if after else None,
        ),
        cards=[
            card(
                entry,
                archive,
                period.source,
                texts,
                rank=number,
                also=_also(entry, archive, period, texts),
            )
            for number, entry in enumerate(period_papers.entries[: kind.top], 1)
        ],
        sections=aside,
    )


def _short_name(period: Period, texts: Texts) -> str:
    """Three of them fit beside each other on a phone."""
    if period.is_week:
        return texts.text("Week {number}", number=str(period.number))
    return period_name(period, texts)


def _intro(period_papers: PeriodPapers, kind: _Kind, newest: date, texts: Texts) -> Iterator[str]:
    """The period in a few sentences."""
    period = period_papers.period
    dates = period_dates(period, texts)
    if period_papers.entries:
        yield texts.text(
            "{dates}: {papers} on {days}, {summarised} of them with an AI summary.",
            dates=dates,
            papers=papers(len(period_papers.entries), texts),
            days=announcement_days(period_papers.days, texts),
            summarised=sum(bool(entry.paper.summaries) for entry in period_papers.entries),
        )
    else:
        yield texts.text("{dates}: no paper is listed.", dates=dates)
    if not period.is_over(newest):
        yield texts.text(kind.running, date=texts.long_date(newest))
    if len(period_papers.entries) > kind.top:
        yield texts.text("The {count} with the highest score:", count=kind.top)


def _also(entry: Entry, archive: Archive, period: Period, texts: Texts) -> tuple[str, ...]:
    listed = len(archive.listed[entry.paper.id])
    again = (
        texts.counted(listed, "listed {count} time", "listed {count} times") if listed > 1 else ""
    )
    return tuple(filter(None, (day_link(entry.day, period.source, texts), again)))


def _tag_sections(
    period_papers: PeriodPapers,
    now: TagCounts,
    before: list[TagCounts],
    *,
    archive: Archive,
    first_seen: dict[str, date],
    kind: _Kind,
    texts: Texts,
) -> Iterator[dict[str, Any]]:
    """What rises and what is new; nothing where there is no past to compare with."""
    if not before or not now.papers:
        return
    here = period_papers.period.source

    def line(slug: str, words: str) -> str:
        return f"{tag_link(archive.tags[slug].name, here)} {words}"

    first = period_papers.period.first
    rises = [rise for rise in rising(now, before) if first_seen[rise.slug] < first]
    said = kind.rising if rises else kind.none_rising
    yield {
        "title": texts.text("Rising tags"),
        "text": texts.text(said[len(before) > 1], count=len(before)),
        "lines": [line(rise.slug, _risen(rise, texts)) for rise in rises[:TAGS_SHOWN]],
    }
    if fresh := new_tags(now, first, first_seen):
        yield {
            "title": texts.text("New tags"),
            "text": texts.text("On no earlier paper of the archive."),
            "lines": [line(slug, papers(count, texts)) for slug, count in fresh[:TAGS_SHOWN]],
        }


def _risen(rise: Rise, texts: Texts) -> str:
    now = papers(rise.papers, texts)
    if usual := round(rise.usual):
        return texts.text("{papers}, usually {usual}", papers=now, usual=usual)
    return texts.text("{papers}, usually none", papers=now)


def _day_sections(period_papers: PeriodPapers, texts: Texts) -> Iterator[dict[str, Any]]:
    here = period_papers.period.source
    yield {
        "title": texts.text("Days"),
        "text": "",
        "lines": [
            f"{day_link(day.date, here, texts)} {papers(len(day.rows), texts)}"
            for day in period_papers.days
        ],
    }
    if not period_papers.period.is_week:
        weeks = {week_of(day.date): None for day in period_papers.days}
        yield {
            "title": texts.text("Weeks"),
            "text": "",
            "lines": [period_link(week, here, texts) for week in weeks],
        }
