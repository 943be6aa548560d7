"""The digest of a week or month: its best papers, what rises, its days. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

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
    counted_once,
    day_link,
    pager,
    papers,
    period_dates,
    period_link,
    period_name,
    tag_link,
)
from generator.build.pages.layout import Section, changed, page
from generator.core import urls
from generator.core.texts import MONTH, Texts, message

TAGS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class _Kind:
    """How many papers a digest shows, and how many periods before it tell what is usual.

    What is said of rising tags is for one period before it, and for several.
    """

    period_of: Callable[[date], Period]
    top: int
    before: int
    running: str
    rising: tuple[str, str]
    none_rising: tuple[str, str]


_KINDS = (
    _Kind(
        week_of,
        top=10,
        before=4,
        running=message("The week is not over: this is up to {date}."),
        rising=(
            message(
                "Compared with the week before. A tag's usual number of papers is what its share "
                "then would give this week."
            ),
            message(
                "Compared with the {count} weeks before. A tag's usual number of papers is what "
                "its share then would give this week."
            ),
        ),
        none_rising=(
            message("No tag is clearly more frequent than in the week before."),
            message("No tag is clearly more frequent than in the {count} weeks before."),
        ),
    ),
    _Kind(
        month_of,
        top=20,
        before=3,
        running=message("The month is not over: this is up to {date}."),
        rising=(
            message(
                "Compared with the month before. A tag's usual number of papers is what its share "
                "then would give this month."
            ),
            message(
                "Compared with the {count} months before. A tag's usual number of papers is what "
                "its share then would give this month."
            ),
        ),
        none_rising=(
            message("No tag is clearly more frequent than in the month before."),
            message("No tag is clearly more frequent than in the {count} months before."),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class _Digest:
    """A week or month with what its page compares it with: ``past`` are the counts before it."""

    kind: _Kind
    papers: PeriodPapers
    counts: TagCounts
    past: list[TagCounts]
    before: Period | None
    after: Period | None

    @property
    def source(self) -> str:
        """The source of its page."""
        return self.papers.period.source


def digest_pages(archive: Archive, texts: Texts) -> Iterator[tuple[str, str]]:
    """Yield a page for each week and for each month."""
    first_seen = tags_first_seen(archive)
    for kind in _KINDS:
        for digest in _digests(archive, kind):
            yield digest.source, _page(digest, archive, first_seen, texts)


def _digests(archive: Archive, kind: _Kind) -> Iterator[_Digest]:
    found = papers_by_period(archive, kind.period_of)
    counts = [TagCounts.of(period_papers) for period_papers in found]
    periods = [None, *(period_papers.period for period_papers in found), None]
    for at, period_papers in enumerate(found):
        past = [c for c in counts[max(0, at - kind.before) : at] if c.papers]
        yield _Digest(kind, period_papers, counts[at], past, periods[at], periods[at + 2])


def _page(digest: _Digest, archive: Archive, first_seen: dict[str, date], texts: Texts) -> str:
    period, entries = digest.papers.period, digest.papers.entries
    dates = period_dates(period, texts)
    return page(
        "digest.md",
        {
            "title": period_name(period, texts),
            "kind": "digest",
            "description": texts.text(
                "The best arXiv papers of {dates}, and what is rising", dates=dates
            ),
            **changed(entries, digest.papers.days),
        },
        t=texts.text,
        heading=period_name(period, texts),
        intro=texts.sentences(_intro(digest, archive.days[-1].date, texts)),
        pager=_pager(digest, texts),
        cards=[
            card(entry, digest.source, texts, rank=n, also=_also(entry, archive, digest, texts))
            for n, entry in enumerate(entries[: digest.kind.top], 1)
        ],
        sections=[
            *_tag_sections(digest, archive, first_seen, texts),
            *_day_sections(digest.papers, texts),
        ],
    )


def _pager(digest: _Digest, texts: Texts) -> str:
    """Link the periods before and after, and what the period is a part of."""
    before, after = digest.before, digest.after
    last = digest.papers.days[-1].date
    above = (
        (texts.dated(last, MONTH), urls.month_source(f"{last:%Y-%m}"))
        if digest.papers.period.is_week
        else (str(last.year), urls.year_source(last.year))
    )
    return pager(
        digest.source,
        (f"← {_short_name(before, texts)}", before.source) if before else None,
        above,
        (f"{_short_name(after, texts)} →", after.source) if after else None,
    )


def _short_name(period: Period, texts: Texts) -> str:
    """Name a period so that three of them fit beside each other on a phone."""
    if period.is_week:
        return texts.text("Week {number}", number=str(period.number))
    return period_name(period, texts)


def _intro(digest: _Digest, newest: date, texts: Texts) -> Iterator[str]:
    """Yield sentences on the period."""
    period, entries = digest.papers.period, digest.papers.entries
    dates = period_dates(period, texts)
    if entries:
        yield texts.text(
            "{dates}: {papers} on {days}, {summarised} of them with an AI summary.",
            dates=dates,
            papers=papers(len(entries), texts),
            days=announcement_days(digest.papers.days, texts),
            summarised=sum(bool(entry.paper.summaries) for entry in entries),
        )
    else:
        yield texts.text("{dates}: no paper is listed.", dates=dates)
    yield counted_once(digest.papers.days, texts)
    if not period.is_over(newest):
        yield texts.text(digest.kind.running, date=texts.long_date(newest))
    if len(entries) > digest.kind.top:
        yield texts.text("The {count} with the highest score:", count=digest.kind.top)


def _also(entry: Entry, archive: Archive, digest: _Digest, texts: Texts) -> tuple[str, ...]:
    """Return a card's further chips: the day, and how often the paper is listed."""
    day = day_link(entry.day, digest.source, texts)
    listed = len(archive.listed[entry.paper.id])
    if listed == 1:
        return (day,)
    return day, texts.counted(listed, "listed {count} time", "listed {count} times")


def _tag_sections(
    digest: _Digest, archive: Archive, first_seen: dict[str, date], texts: Texts
) -> Iterator[Section]:
    """Yield what rises and what is new; nothing where there is no past to compare with."""
    if not digest.past or not digest.counts.papers:
        return

    def line(slug: str, words: str) -> str:
        return f"{tag_link(archive.tags[slug].name, digest.source)} {words}"

    first, past = digest.papers.period.first, len(digest.past)
    rises = [r for r in rising(digest.counts, digest.past) if first_seen[r.slug] < first]
    said = digest.kind.rising if rises else digest.kind.none_rising
    yield Section(
        texts.text("Rising tags"),
        [line(rise.slug, _risen(rise, texts)) for rise in rises[:TAGS_SHOWN]],
        texts.text(said[past > 1], count=past),
    )
    if fresh := new_tags(digest.counts, first, first_seen):
        yield Section(
            texts.text("New tags"),
            [line(slug, papers(count, texts)) for slug, count in fresh[:TAGS_SHOWN]],
            texts.text("On no earlier paper of the archive."),
        )


def _risen(rise: Rise, texts: Texts) -> str:
    now = papers(rise.papers, texts)
    if usual := round(rise.usual):
        return texts.text("{papers}, usually {usual}", papers=now, usual=usual)
    return texts.text("{papers}, usually none", papers=now)


def _day_sections(period_papers: PeriodPapers, texts: Texts) -> Iterator[Section]:
    """Yield the period's days, and a month's weeks."""
    here = period_papers.period.source
    yield Section(
        texts.text("Days"),
        [
            f"{day_link(day.date, here, texts)} {papers(len(day.rows), texts)}"
            for day in period_papers.days
        ],
    )
    if not period_papers.period.is_week:
        weeks = dict.fromkeys(week_of(day.date) for day in period_papers.days)
        yield Section(texts.text("Weeks"), [period_link(week, here, texts) for week in weeks])
