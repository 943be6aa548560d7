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
    day_link,
    pager,
    papers,
    period_dates,
    period_link,
    period_name,
    tag_link,
)
from generator.layout import changed, page
from generator.periods import Period, Stretch, month_of, stretches, week_of
from generator.rising import Rise, TagCounts, new_tags, rising, tags_first_seen
from generator.texts import MONTH, Texts, message

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
                    stretch,
                    counts[at],
                    before,
                    archive=archive,
                    first_seen=first_seen,
                    kind=kind,
                    texts=texts,
                ),
                *_day_sections(stretch, texts),
            ]
            yield (
                stretch.period.source,
                _page(stretch, kind, archive, neighbours=neighbours, aside=aside, texts=texts),
            )


def _page(
    stretch: Stretch,
    kind: _Kind,
    archive: Archive,
    *,
    neighbours: tuple[Period | None, Period | None],
    aside: list[dict[str, Any]],
    texts: Texts,
) -> str:
    period = stretch.period
    name = period_name(period, texts)
    before, after = neighbours
    last = stretch.days[-1].date
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
            **changed(stretch.entries, stretch.days),
        },
        t=texts.text,
        heading=name,
        intro=texts.sentences(_intro(stretch, kind, archive.days[-1].date, texts)),
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
            for number, entry in enumerate(stretch.entries[: kind.top], 1)
        ],
        sections=aside,
    )


def _short_name(period: Period, texts: Texts) -> str:
    """Three of them fit beside each other on a phone."""
    if period.is_week:
        return texts.text("Week {number}", number=str(period.number))
    return period_name(period, texts)


def _intro(stretch: Stretch, kind: _Kind, newest: date, texts: Texts) -> Iterator[str]:
    """The period in a few sentences."""
    period = stretch.period
    dates = period_dates(period, texts)
    if stretch.entries:
        yield texts.text(
            "{dates}: {papers} on {days}, {summarised} of them with an AI summary.",
            dates=dates,
            papers=papers(len(stretch.entries), texts),
            days=announcement_days(stretch.days, texts),
            summarised=sum(bool(entry.paper.summaries) for entry in stretch.entries),
        )
    else:
        yield texts.text("{dates}: no paper is listed.", dates=dates)
    if not period.is_over(newest):
        yield texts.text(kind.running, date=texts.long_date(newest))
    if len(stretch.entries) > kind.top:
        yield texts.text("The {count} with the highest score:", count=kind.top)


def _also(entry: Entry, archive: Archive, period: Period, texts: Texts) -> tuple[str, ...]:
    listed = len(archive.listed[entry.paper.id])
    again = (
        texts.counted(listed, "listed {count} time", "listed {count} times") if listed > 1 else ""
    )
    return tuple(filter(None, (day_link(entry.day, period.source, texts), again)))


def _tag_sections(
    stretch: Stretch,
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
    here = stretch.period.source

    def line(slug: str, words: str) -> str:
        return f"{tag_link(archive.tags[slug].name, here)} {words}"

    first = stretch.period.first
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


def _day_sections(stretch: Stretch, texts: Texts) -> Iterator[dict[str, Any]]:
    here = stretch.period.source
    yield {
        "title": texts.text("Days"),
        "text": "",
        "lines": [
            f"{day_link(day.date, here, texts)} {papers(len(day.rows), texts)}"
            for day in stretch.days
        ],
    }
    if not stretch.period.is_week:
        weeks = {week_of(day.date): None for day in stretch.days}
        yield {
            "title": texts.text("Weeks"),
            "text": "",
            "lines": [period_link(week, here, texts) for week in weeks],
        }
