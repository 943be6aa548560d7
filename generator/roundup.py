"""The digest of a week or month: its best papers, what rises, its days. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from generator import urls
from generator.archive import Archive, Entry
from generator.cards import card
from generator.fragments import (
    announcement_days,
    counted,
    day_link,
    long_date,
    pager,
    period_dates,
    period_link,
    period_name,
    tag_link,
)
from generator.layout import page
from generator.periods import Period, Stretch, month_of, stretches, week_of
from generator.rising import Rise, TagCounts, new_tags, rising, tags_first_seen

TAGS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class _Kind:
    """How many papers a digest shows, and how many periods before it tell what is usual."""

    top: int
    before: int
    one: str
    many: str


_WEEK = _Kind(top=10, before=4, one="week", many="weeks")
_MONTH = _Kind(top=20, before=3, one="month", many="months")


def roundup_pages(archive: Archive) -> Iterator[tuple[str, str]]:
    """A page for each week and for each month."""
    first_seen = tags_first_seen(archive)
    for kind, period_of in ((_WEEK, week_of), (_MONTH, month_of)):
        found = stretches(archive, period_of)
        counts = [TagCounts.of(stretch, archive) for stretch in found]
        for at, stretch in enumerate(found):
            before = [c for c in counts[max(0, at - kind.before) : at] if c.papers]
            neighbours = (
                found[at - 1].period if at else None,
                found[at + 1].period if at + 1 < len(found) else None,
            )
            aside = [
                *_tag_sections(
                    stretch, counts[at], before, archive=archive, first_seen=first_seen, kind=kind
                ),
                *_day_sections(stretch),
            ]
            yield stretch.period.source, _page(stretch, kind, archive, neighbours, aside)


def _page(
    stretch: Stretch,
    kind: _Kind,
    archive: Archive,
    neighbours: tuple[Period | None, Period | None],
    aside: list[dict[str, Any]],
) -> str:
    period = stretch.period
    name = period_name(period)
    before, after = neighbours
    last = stretch.days[-1].date
    above = (
        (f"{last:%B} {last.year}", urls.month_source(last.year, last.month))
        if period.is_week
        else (str(period.year), urls.year_source(period.year))
    )
    return page(
        "roundup.md",
        {
            "title": name,
            "kind": "roundup",
            "description": f"The best arXiv papers of {period_dates(period)}, and what is rising",
        },
        heading=name,
        intro=" ".join(_intro(stretch, kind, archive.days[-1].date)),
        pager=pager(
            period.source,
            (f"← {_short_name(before)}", before.source) if before else None,
            above,
            (f"{_short_name(after)} →", after.source) if after else None,
        ),
        cards=[
            card(entry, archive, period.source, rank=number, also=_also(entry, archive, period))
            for number, entry in enumerate(stretch.entries[: kind.top], 1)
        ],
        sections=aside,
    )


def _short_name(period: Period) -> str:
    """Three of them fit beside each other on a phone."""
    return f"Week {period.number}" if period.is_week else period_name(period)


def _intro(stretch: Stretch, kind: _Kind, newest: date) -> Iterator[str]:
    """The period in a few sentences."""
    period = stretch.period
    papers = len(stretch.entries)
    summarised = sum(bool(entry.paper.summaries) for entry in stretch.entries)
    if papers:
        when = f"{period_dates(period)}: " if period.is_week else ""
        yield (
            f"{when}{counted(papers, 'paper')} on {announcement_days(stretch.days)}, "
            f"{summarised:,} of them with an AI summary."
        )
    else:
        yield f"No paper of {period_dates(period)} is listed."
    if not period.is_over(newest):
        yield f"The {kind.one} is not over: this is up to {long_date(newest)}."
    if papers > kind.top:
        yield f"The {kind.top} with the highest score:"


def _also(entry: Entry, archive: Archive, period: Period) -> tuple[str, ...]:
    listed = len(archive.listed[entry.paper.id])
    again = (f"listed {listed} times",) if listed > 1 else ()
    return (day_link(entry.day, period.source), *again)


def _tag_sections(
    stretch: Stretch,
    now: TagCounts,
    before: list[TagCounts],
    *,
    archive: Archive,
    first_seen: dict[str, date],
    kind: _Kind,
) -> Iterator[dict[str, Any]]:
    """What rises and what is new; nothing where there is no past to compare with."""
    if not before or not now.papers:
        return
    here = stretch.period.source

    def line(slug: str, words: str) -> str:
        return f"{tag_link(archive.tags[slug].name, here)} {words}"

    past = f"{len(before)} {kind.many}" if len(before) > 1 else kind.one
    first = stretch.period.first
    rises = [rise for rise in rising(now, before) if first_seen[rise.slug] < first]
    yield {
        "title": "Rising tags",
        "text": f"Compared with the {past} before. A tag's usual number of papers is what its "
        f"share then would give this {kind.one}."
        if rises
        else f"No tag is clearly more frequent than in the {past} before.",
        "lines": [line(rise.slug, _risen(rise)) for rise in rises[:TAGS_SHOWN]],
    }
    if fresh := new_tags(now, first, first_seen):
        yield {
            "title": "New tags",
            "text": "On no earlier paper of the archive.",
            "lines": [line(slug, counted(papers, "paper")) for slug, papers in fresh[:TAGS_SHOWN]],
        }


def _risen(rise: Rise) -> str:
    usual = round(rise.usual)
    return f"{counted(rise.papers, 'paper')}, usually {f'{usual:,}' if usual else 'none'}"


def _day_sections(stretch: Stretch) -> Iterator[dict[str, Any]]:
    here = stretch.period.source
    yield {
        "title": "Days",
        "text": "",
        "lines": [
            f"{day_link(day.date, here)} {counted(len(day.rows), 'paper')}" for day in stretch.days
        ],
    }
    if not stretch.period.is_week:
        weeks = {week_of(day.date): None for day in stretch.days}
        yield {
            "title": "Weeks",
            "text": "",
            "lines": [period_link(week, here) for week in weeks],
        }
