"""The ways into the archive: by year, month, category and tag. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from generator import taxonomy, urls
from generator.archive import Archive, Entry, Topic
from generator.bibliography import bibliography_links
from generator.cards import paper_line
from generator.fragments import (
    announcement_days,
    category_link,
    counted,
    escaped,
    long_date,
    month_name,
    pager,
    period_dates,
    period_link,
    tag_link,
)
from generator.layout import (
    LINES_PER_PAGE,
    calendar,
    chunks,
    days_by_month,
    feed_front,
    largest,
    month_source,
    numbered,
    page,
    part_links,
)
from generator.models import Day
from generator.periods import week_of

# A model names tags freely: all of them would be too long a page.
TAGS_SHOWN = 1_000


def archive_page(archive: Archive) -> str:
    """Every year with its months."""
    here = urls.ARCHIVE
    files = bibliography_links(archive, here)
    groups = []
    for year in sorted({day.date.year for day in archive.days}, reverse=True):
        months = [item for item in days_by_month(archive) if item[0].startswith(f"{year:04}-")]
        groups.append(
            {
                "title": f"[{year}]({urls.relative(urls.year_source(year), here)})",
                "text": "",
                "lines": [_month_line(month, days, here) for month, days in reversed(months)],
            }
        )
    return page(
        "list.md",
        {"title": "Archive", "kind": "list"},
        heading="Archive",
        intro=f"{counted(len(archive.listed), 'paper')} on {announcement_days(archive.days)}. "
        f"How each day was made is on the [status page]({urls.relative(urls.STATUS, here)})."
        f" Over all of it: [trends]({urls.relative(urls.TRENDS, here)}) and "
        f"[authors]({urls.relative(urls.AUTHORS, here)})."
        + (f" For reference managers: {files}." if files else ""),
        pager="",
        groups=groups,
    )


def search_page() -> str:
    """What the search page says besides its form, which is in the site's template."""
    return page(
        "search.md",
        {"title": "Search", "kind": "search"},
        archive=urls.ARCHIVE,
        categories=urls.CATEGORIES,
        tags=urls.TAGS,
    )


def saved_page() -> str:
    """What the page of the reader's saved papers says besides the list that the browser makes."""
    return page("saved.md", {"title": "Saved", "kind": "saved"}, archive=urls.ARCHIVE)


def categories_page(archive: Archive) -> str:
    """Every category that a paper of the archive has, by arXiv's groups."""
    here = urls.CATEGORIES
    groups: dict[str, list[str]] = {}
    for topic in archive.categories.values():
        line = f"{category_link(topic.name, here, name=True)} {len(topic.entries):,}"
        groups.setdefault(taxonomy.category_group(topic.name), []).append(line)
    return page(
        "list.md",
        {"title": "Categories", "kind": "list"},
        heading="Categories",
        intro="Every paper stands in its primary category and in those it is cross-listed to.",
        pager="",
        groups=[
            {"title": escaped(group), "text": "", "lines": lines}
            for group, lines in sorted(groups.items())
        ],
    )


def tags_page(archive: Archive) -> str:
    """The tags, the most used first."""
    here = urls.TAGS
    tags = largest(archive.tags.values())
    rest = len(tags) - TAGS_SHOWN
    return page(
        "list.md",
        {"title": "Tags", "kind": "tags"},
        heading="Tags",
        intro="A paper is tagged with the keywords that were found in its title or abstract, and "
        "with what its AI summary names."
        + (f" Left out here: {counted(rest, 'rarer tag')}." if rest > 0 else ""),
        pager="",
        groups=[
            {
                "title": "",
                "text": "",
                "lines": [
                    f"{tag_link(topic.name, here)} {len(topic.entries):,}"
                    for topic in tags[:TAGS_SHOWN]
                ],
            }
        ],
    )


def year_pages(archive: Archive) -> Iterator[tuple[str, str]]:
    """A page for each year."""
    by_month = list(days_by_month(archive))
    for year in sorted({day.date.year for day in archive.days}):
        here = urls.year_source(year)
        months = [item for item in by_month if item[0].startswith(f"{year:04}-")]
        count = sum(len(day.rows) for _, days in months for day in days)
        weeks = {week_of(d.date): None for d in reversed(archive.days) if d.date.year == year}
        yield (
            here,
            page(
                "list.md",
                {
                    "title": str(year),
                    "kind": "year",
                    "year": year,
                    "calendar": calendar(archive, year),
                },
                heading=str(year),
                intro=f"{counted(count, 'paper')} on "
                f"{announcement_days(day for _, days in months for day in days)}.",
                pager=pager(here, None, ("All years", urls.ARCHIVE), None),
                groups=[
                    {
                        "title": "Months",
                        "text": "",
                        "lines": [
                            _month_line(month, days, here) for month, days in reversed(months)
                        ],
                    },
                    {
                        "title": "Weeks",
                        "text": "",
                        "lines": [
                            f"{period_link(week, here)} {period_dates(week)}" for week in weeks
                        ],
                    },
                ],
            ),
        )


def topic_pages(
    topic: Topic, category: str | None = None, *, has_feeds: bool = True
) -> Iterator[tuple[str, str]]:
    """A category's or tag's own page (months and the latest papers), and a page for each month."""

    def source(month: str | None = None) -> str:
        if category is not None:
            return urls.category_source(category, month)
        return urls.tag_source(topic.name, month)

    name = escaped(topic.name)
    heading = f"{name} {escaped(taxonomy.category_name(category))}" if category else name
    title = f"{category} {taxonomy.category_name(category)}" if category else topic.name
    here = source()
    months = topic.months()
    overview = urls.CATEGORIES if category is not None else urls.TAGS
    feeds = feed_front("tags" if category is None else "categories", category or topic.name)
    names = {"rss": "RSS", "atom": "Atom", "json": "JSON Feed"}
    links = " · ".join(f"[{names[form]}]({urls.relative(path, here)})" for form, path in feeds)
    yield (
        here,
        page(
            "list.md",
            {
                "title": title,
                "kind": "list",
                "description": f"arXiv papers: {title}",
                **({"feeds": feeds} if has_feeds else {}),
            },
            heading=heading,
            intro=f"{counted(len(topic.entries), 'paper')}."
            + (f" Feeds: {links}" if has_feeds else ""),
            pager=pager(
                here,
                None,
                ("All categories" if category is not None else "All tags", overview),
                None,
            ),
            groups=[
                {
                    "title": "Months",
                    "text": "",
                    "lines": [
                        f"[{month_name(month)}]({urls.relative(source(month), here)}) "
                        f"{len(found):,}"
                        for month, found in months.items()
                    ],
                },
                *_entry_groups(topic.entries[:30], here, "Latest: "),
            ],
        ),
    )
    for month, entries in months.items():
        runs = chunks(entries, LINES_PER_PAGE)
        for number, run in enumerate(runs, 1):
            here = numbered(source(month), number)
            yield (
                here,
                page(
                    "list.md",
                    {
                        "title": f"{title}, {month_name(month)}"
                        + (f", part {number}" if number > 1 else ""),
                        "kind": "list",
                        "description": f"arXiv papers of {month_name(month)}: {title}",
                    },
                    heading=f"{heading}, {month_name(month)}",
                    intro=f"{counted(len(entries), 'paper')}."
                    + part_links(source(month), number, len(runs)),
                    pager=_topic_pager(here, name, source, list(months), month),
                    groups=_entry_groups(run, here),
                ),
            )


def _topic_pager(
    here: str, name: str, source: Callable[..., str], months: list[str], month: str
) -> str:
    """The month before (``months`` has the newest first), the topic's own page, the month after."""
    at = months.index(month)
    before = months[at + 1] if at + 1 < len(months) else None
    after = months[at - 1] if at else None
    return pager(
        here,
        (f"← {month_name(before)}", source(before)) if before else None,
        (f"All of {name}", source()),
        (f"{month_name(after)} →", source(after)) if after else None,
    )


def _entry_groups(entries: Iterable[Entry], here: str, prefix: str = "") -> list[dict[str, Any]]:
    groups: dict[date, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(entry.day, []).append(entry)
    return [
        {
            "title": f"{prefix if index == 0 else ''}"
            f"[{long_date(day)}]({urls.relative(urls.day_source(day), here)})",
            "text": "",
            "lines": [paper_line(entry, here) for entry in found],
        }
        for index, (day, found) in enumerate(groups.items())
    ]


def _month_line(month: str, days: Sequence[Day], here: str) -> str:
    return (
        f"[{month_name(month)}]({urls.relative(month_source(month), here)}) "
        f"{counted(sum(len(day.rows) for day in days), 'paper')}, "
        f"{announcement_days(days)}"
    )
