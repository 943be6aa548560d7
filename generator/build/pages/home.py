"""The first page: the latest day, and the ways into the archive. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generator.build.archive.archive import Archive
from generator.build.archive.periods import month_of, week_of
from generator.build.archive.tags import largest
from generator.build.pages.cards import card
from generator.build.pages.day import day_counts, day_pager
from generator.build.pages.fragments import (
    category_link,
    distinct,
    escaped,
    follow,
    link,
    period_name,
    tag_link,
)
from generator.build.pages.layout import (
    CARDS_PER_PAGE,
    EMPTY_ARCHIVE,
    Section,
    calendar,
    changed,
    days_by_month,
    feed_front,
    page,
    recent,
)
from generator.core import urls
from generator.core.days import Day
from generator.core.site import SiteInfo
from generator.core.texts import Texts, message

MONTHS_SHOWN = 12
CATEGORIES_SHOWN = 10
TAGS_SHOWN = 24
# Until it has so many announcement days, a site says what it is.
YOUNG_DAYS = 10


def home_page(archive: Archive, site: SiteInfo) -> str:
    """Return the latest day that lists papers, and the ways into the archive."""
    texts = site.texts
    front: dict[str, Any] = {"title": site.title, "kind": "home"}
    is_young = sum(bool(day.rows) for day in archive.days) < YOUNG_DAYS
    about = escaped(site.description) if is_young else ""
    latest = next((day for day in reversed(archive.days) if day.rows), None)
    if latest is None:
        said = {
            "heading": escaped(site.title),
            "counts": texts.text(EMPTY_ARCHIVE),
            "pager": "",
            "about": about,
            "follow": follow(feed_front(), urls.HOME, texts),
        }
        return page("home.md", front, t=texts.text, **said, cards=[], sections=[])
    entries = archive.entries[latest.date]
    front["calendar"] = calendar(archive, latest.date.year)
    front["year"] = latest.date.year
    front["recent"] = recent(archive)
    front |= changed(entries, [latest])
    return page(
        "home.md",
        front,
        t=texts.text,
        about=about,
        heading=texts.long_date(latest.date),
        counts=day_counts(latest, texts),
        pager=day_pager(archive, latest.date, urls.HOME, texts),
        follow=follow(feed_front(), urls.HOME, texts),
        cards=[card(entry, urls.HOME, texts) for entry in entries[:CARDS_PER_PAGE]],
        sections=[part for part in _sections(archive, latest, texts) if part.lines],
    )


def _sections(archive: Archive, latest: Day, texts: Texts) -> Iterator[Section]:
    """Yield the ways into the archive that stand beside the day."""
    week, month = week_of(latest.date), month_of(latest.date)
    months = list(days_by_month(archive))
    trends = _link(message("Trends"), urls.TRENDS, texts)
    authors = _link(message("Authors"), urls.AUTHORS, texts)
    yield Section(
        texts.text("Digests"),
        [
            f"{_link(message('This week'), week.source, texts)} {period_name(week, texts)}",
            f"{_link(message('This month'), month.source, texts)} {period_name(month, texts)}",
        ],
        more=f"{trends} · {authors}",
    )
    yield Section(
        texts.text("Months"),
        [
            f"{link(texts.month(name), urls.month_source(name), urls.HOME)} {distinct(days):,}"
            for name, days in reversed(months[-MONTHS_SHOWN:])
        ],
        more=_link(message("The whole archive"), urls.ARCHIVE, texts),
    )
    yield Section(
        texts.text("Categories"),
        [
            f"{category_link(topic.name, urls.HOME, name=True)} {len(topic.entries):,}"
            for topic in largest(archive.categories.values())[:CATEGORIES_SHOWN]
        ],
        more=_link(message("All categories"), urls.CATEGORIES, texts),
    )
    yield Section(
        texts.text("Tags"),
        [
            f"{tag_link(topic.name, urls.HOME)} {len(topic.entries):,}"
            for topic in largest(archive.tags.values())[:TAGS_SHOWN]
        ],
        more=_link(message("All tags"), urls.TAGS, texts),
    )


def _link(words: str, source: str, texts: Texts) -> str:
    return link(texts.text(words), source, urls.HOME)
