"""The first page: the latest day, and the ways into the archive. Pure."""

from __future__ import annotations

from typing import Any

from generator.build.archive.archive import Archive
from generator.build.archive.periods import month_of, week_of
from generator.build.archive.tags import largest
from generator.build.pages.cards import card
from generator.build.pages.day import _counts, _day_pager
from generator.build.pages.fragments import (
    category_link,
    escaped,
    period_name,
    tag_link,
)
from generator.build.pages.layout import (
    CARDS_PER_PAGE,
    EMPTY_ARCHIVE,
    calendar,
    changed,
    days_by_month,
    month_source,
    page,
    recent,
)
from generator.core import urls
from generator.core.site import SiteInfo


def home_page(archive: Archive, site: SiteInfo) -> str:
    """The latest day that lists papers, and the ways into the archive."""
    here = urls.HOME
    texts = site.texts
    days = [day for day in archive.days if day.rows]
    latest = days[-1] if days else None
    months = list(days_by_month(archive))
    front: dict[str, Any] = {"title": site.title, "kind": "home"}
    if latest:
        week, month = week_of(latest.date), month_of(latest.date)
        front["calendar"] = calendar(archive, latest.date.year)
        front["year"] = latest.date.year
        front["recent"] = recent(archive)
        front |= changed(archive.entries[latest.date], [latest])
    return page(
        "home.md",
        front,
        t=texts.text,
        heading=texts.long_date(latest.date) if latest else escaped(site.title),
        counts=_counts(latest, texts) if latest else texts.text(EMPTY_ARCHIVE),
        pager=_day_pager(archive, latest.date, here, texts) if latest else "",
        cards=[
            card(entry, archive, here, texts)
            for entry in (archive.entries[latest.date][:CARDS_PER_PAGE] if latest else ())
        ],
        sections=[
            {
                "title": texts.text("Digests"),
                "lines": [
                    f"[{texts.text('This week')}]({urls.relative(week.source, here)}) "
                    f"{period_name(week, texts)}",
                    f"[{texts.text('This month')}]({urls.relative(month.source, here)}) "
                    f"{period_name(month, texts)}",
                ],
                "more": f"[{texts.text('Trends')}]({urls.relative(urls.TRENDS, here)}) · "
                f"[{texts.text('Authors')}]({urls.relative(urls.AUTHORS, here)})",
            },
            {
                "title": texts.text("Months"),
                "lines": [
                    f"[{texts.month(name)}]({urls.relative(month_source(name), here)}) "
                    f"{sum(len(day.rows) for day in found):,}"
                    for name, found in reversed(months[-12:])
                ],
                "more": f"[{texts.text('The whole archive')}]({urls.relative(urls.ARCHIVE, here)})",
            },
            {
                "title": texts.text("Categories"),
                "lines": [
                    f"{category_link(topic.name, here, name=True)} {len(topic.entries):,}"
                    for topic in largest(archive.categories.values())[:10]
                ],
                "more": f"[{texts.text('All categories')}]({urls.relative(urls.CATEGORIES, here)})",
            },
            {
                "title": texts.text("Tags"),
                "lines": [
                    f"{tag_link(topic.name, here)} {len(topic.entries):,}"
                    for topic in largest(archive.tags.values())[:24]
                ],
                "more": f"[{texts.text('All tags')}]({urls.relative(urls.TAGS, here)})",
            },
        ]
        if latest
        else [],
    )
