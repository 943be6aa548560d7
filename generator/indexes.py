"""The ways into the archive: by year, month, category and tag. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from generator import taxonomy, urls
from generator.archive import Archive, Entry, Topic
from generator.bibliography import bibliography_links
from generator.fragments import (
    announcement_days,
    category_link,
    counted,
    empty_reason,
    escaped,
    few_authors,
    long_date,
    month_name,
    pager,
    tag_link,
)
from generator.layout import (
    EMPTY_ARCHIVE,
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
from generator.summaries import short_lead

# A model names tags freely: all of them would be too long a page.
TAGS_SHOWN = 1_000
NO_TAGS = "No paper has one yet."
# A day on its month's page names its best papers.
_LEADERS = 3


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
        + (f" For reference managers: {files}." if files else "")
        if archive.days
        else EMPTY_ARCHIVE,
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
        intro="Every paper stands in its primary category and in those it is cross-listed to."
        + ("" if groups else f" {EMPTY_ARCHIVE}"),
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
        + (f" Left out here: {counted(rest, 'rarer tag')}." if rest > 0 else "")
        + ("" if tags else f" {NO_TAGS if archive.days else EMPTY_ARCHIVE}"),
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


def month_and_year_pages(archive: Archive) -> Iterator[tuple[str, str]]:
    """A page for each month, and one for each year."""
    by_month = list(days_by_month(archive))
    for index, (month, days) in enumerate(by_month):
        here = month_source(month)
        before = by_month[index - 1][0] if index else None
        after = by_month[index + 1][0] if index + 1 < len(by_month) else None
        yield (
            here,
            page(
                "list.md",
                {"title": month_name(month), "kind": "month"},
                heading=month_name(month),
                intro=f"{counted(sum(len(day.rows) for day in days), 'paper')} on "
                f"{announcement_days(days)}.",
                pager=pager(
                    here,
                    (f"← {month_name(before)}", month_source(before)) if before else None,
                    (month[:4], urls.year_source(int(month[:4]))),
                    (f"{month_name(after)} →", month_source(after)) if after else None,
                ),
                groups=[_day_group(day, archive, here) for day in reversed(days)],
            ),
        )
    for year in sorted({day.date.year for day in archive.days}):
        here = urls.year_source(year)
        months = [item for item in by_month if item[0].startswith(f"{year:04}-")]
        count = sum(len(day.rows) for _, days in months for day in days)
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
                    }
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


def _day_group(day: Day, archive: Archive, here: str) -> dict[str, Any]:
    """A day on its month's page: its name, how many papers, and the best of them."""
    link = urls.relative(urls.day_source(day.date), here)
    papers = f"[{counted(len(day.rows), 'paper')}]({link})"
    return {
        "title": f"[{day.date:%A} {day.date.day}]({link})",
        "text": f"{papers}{', led by' * (len(day.rows) > _LEADERS)}"
        if day.rows
        else empty_reason(day),
        "lines": [_line(entry, here) for entry in archive.entries[day.date][:_LEADERS]],
    }


def _entry_groups(entries: Iterable[Entry], here: str, prefix: str = "") -> list[dict[str, Any]]:
    groups: dict[date, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(entry.day, []).append(entry)
    return [
        {
            "title": f"{prefix if index == 0 else ''}"
            f"[{long_date(day)}]({urls.relative(urls.day_source(day), here)})",
            "text": "",
            "lines": [_line(entry, here) for entry in found],
        }
        for index, (day, found) in enumerate(groups.items())
    ]


def _line(entry: Entry, here: str) -> str:
    paper = entry.paper
    link = urls.relative(urls.paper_source(paper.id), here)
    return (
        f"[{escaped(paper.title)}]({link})  \n  {few_authors(paper)}"
        f" · {escaped(paper.primary_category)} · score {entry.row.score:g}"
        + (f"  \n  {tldr}" if (tldr := short_lead(paper)) else "")
    )


def _month_line(month: str, days: Sequence[Day], here: str) -> str:
    return (
        f"[{month_name(month)}]({urls.relative(month_source(month), here)}) "
        f"{counted(sum(len(day.rows) for day in days), 'paper')}, "
        f"{announcement_days(days)}"
    )
