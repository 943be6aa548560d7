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
    escaped,
    pager,
    papers,
    period_dates,
    period_link,
    tag_link,
)
from generator.layout import (
    EMPTY_ARCHIVE,
    LINES_PER_PAGE,
    calendar,
    changed,
    chunks,
    days_by_month,
    feed_front,
    largest,
    month_source,
    numbered,
    page,
    part_links,
    part_title,
)
from generator.models import Day
from generator.periods import week_of
from generator.texts import Texts, message

# A model names tags freely: all of them would be too long a page.
TAGS_SHOWN = 1_000
NO_TAGS = message("No paper has one yet.")


def archive_page(archive: Archive, texts: Texts) -> str:
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
                "lines": _month_lines(reversed(months), here, texts),
            }
        )
    return page(
        "list.md",
        {
            "title": texts.text("Archive"),
            "kind": "list",
            **changed(archive.latest, archive.days),
        },
        heading=texts.text("Archive"),
        intro=texts.sentences(
            (
                _on_days(len(archive.listed), archive.days, texts),
                texts.text(
                    "How each day was made is on the [status page]({status}).",
                    status=urls.relative(urls.STATUS, here),
                ),
                texts.text(
                    "Over all of it: [trends]({trends}) and [authors]({authors}).",
                    trends=urls.relative(urls.TRENDS, here),
                    authors=urls.relative(urls.AUTHORS, here),
                ),
                texts.text("For reference managers: {files}.", files=files) if files else "",
            )
        )
        if archive.days
        else texts.text(EMPTY_ARCHIVE),
        pager="",
        groups=groups,
    )


def search_page(texts: Texts) -> str:
    """What the search page says besides its form, which is in the site's template."""
    return page(
        "search.md",
        {"title": texts.text("Search"), "kind": "search"},
        t=texts.text,
        archive=urls.ARCHIVE,
        categories=urls.CATEGORIES,
        tags=urls.TAGS,
    )


def saved_page(texts: Texts) -> str:
    """What the page of the reader's saved papers says besides the list that the browser makes."""
    front = {"title": texts.text("Saved"), "kind": "saved"}
    return page("saved.md", front, t=texts.text, archive=urls.ARCHIVE)


def categories_page(archive: Archive, texts: Texts) -> str:
    """Every category that a paper of the archive has, by arXiv's groups."""
    here = urls.CATEGORIES
    groups: dict[str, list[str]] = {}
    for topic in archive.categories.values():
        line = f"{category_link(topic.name, here, name=True)} {len(topic.entries):,}"
        groups.setdefault(taxonomy.category_group(topic.name), []).append(line)
    return page(
        "list.md",
        {"title": texts.text("Categories"), "kind": "list", **changed(archive.latest)},
        heading=texts.text("Categories"),
        intro=texts.sentences(
            (
                texts.text(
                    "Every paper stands in its primary category and in those it is cross-listed to."
                ),
                "" if groups else texts.text(EMPTY_ARCHIVE),
            )
        ),
        pager="",
        groups=[
            {"title": escaped(group), "text": "", "lines": lines}
            for group, lines in sorted(groups.items())
        ],
    )


def tags_page(archive: Archive, texts: Texts) -> str:
    """The tags, the most used first."""
    here = urls.TAGS
    tags = largest(archive.tags.values())
    rest = len(tags) - TAGS_SHOWN
    return page(
        "list.md",
        {"title": texts.text("Tags"), "kind": "tags", **changed(archive.latest)},
        heading=texts.text("Tags"),
        intro=texts.sentences(
            (
                texts.text(
                    "A paper is tagged with the keywords that were found in its title or abstract, "
                    "and with what its AI summary names."
                ),
                texts.counted(
                    rest,
                    "Left out here: {count} rarer tag.",
                    "Left out here: {count} rarer tags.",
                )
                if rest > 0
                else "",
                "" if tags else texts.text(NO_TAGS if archive.days else EMPTY_ARCHIVE),
            )
        ),
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


def year_pages(archive: Archive, texts: Texts) -> Iterator[tuple[str, str]]:
    """A page for each year."""
    by_month = list(days_by_month(archive))
    for year in sorted({day.date.year for day in archive.days}):
        here = urls.year_source(year)
        months = [item for item in by_month if item[0].startswith(f"{year:04}-")]
        days = [day for _, found in months for day in found]
        weeks = dict.fromkeys(week_of(day.date) for day in reversed(days))
        yield (
            here,
            page(
                "list.md",
                {
                    "title": str(year),
                    "kind": "year",
                    "year": year,
                    "calendar": calendar(archive, year),
                    **changed(_entries(days, archive), days),
                },
                heading=str(year),
                intro=_on_days(sum(len(day.rows) for day in days), days, texts),
                pager=pager(here, None, (texts.text("All years"), urls.ARCHIVE), None),
                groups=[
                    {
                        "title": texts.text("Months"),
                        "text": "",
                        "lines": _month_lines(reversed(months), here, texts),
                    },
                    {
                        "title": texts.text("Weeks"),
                        "text": "",
                        "lines": [
                            f"{period_link(week, here, texts)} {period_dates(week, texts)}"
                            for week in weeks
                        ],
                    },
                ],
            ),
        )


def topic_pages(
    topic: Topic, texts: Texts, category: str | None = None, *, has_feeds: bool = True
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
    overview, overview_title = (
        (urls.CATEGORIES, message("All categories"))
        if category is not None
        else (urls.TAGS, message("All tags"))
    )
    feeds = feed_front("tags" if category is None else "categories", category or topic.name)
    links = " · ".join(
        f"[{urls.FEED_FORMATS[form]}]({urls.relative(path, here)})" for form, path in feeds
    )
    yield (
        here,
        page(
            "list.md",
            {
                "title": title,
                "kind": "list",
                "description": texts.text("arXiv papers: {title}", title=title),
                **changed(topic.entries),
                **({"feeds": feeds} if has_feeds else {}),
            },
            heading=heading,
            intro=texts.sentences(
                (
                    texts.text("{papers}.", papers=papers(len(topic.entries), texts)),
                    texts.text("Feeds: {links}", links=links) if has_feeds else "",
                )
            ),
            pager=pager(
                here,
                None,
                (texts.text(overview_title), overview),
                None,
            ),
            groups=[
                {
                    "title": texts.text("Months"),
                    "text": "",
                    "lines": [
                        f"[{texts.month(month)}]({urls.relative(source(month), here)}) "
                        f"{len(found):,}"
                        for month, found in months.items()
                    ],
                },
                *_entry_groups(topic.entries[:30], here, texts, latest=True),
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
                        "title": part_title(_in_month(title, month, texts), number, texts),
                        "kind": "list",
                        "description": texts.text(
                            "arXiv papers of {month}: {title}",
                            month=texts.month(month),
                            title=title,
                        ),
                        **changed(run),
                    },
                    heading=_in_month(heading, month, texts),
                    intro=texts.sentences(
                        (
                            texts.text("{papers}.", papers=papers(len(entries), texts)),
                            part_links(source(month), number, len(runs), texts),
                        )
                    ),
                    pager=_topic_pager(
                        here, name, source, months=list(months), month=month, texts=texts
                    ),
                    groups=_entry_groups(run, here, texts),
                ),
            )


def _entries(days: Iterable[Day], archive: Archive) -> Iterator[Entry]:
    return (entry for day in days for entry in archive.entries[day.date])


def _topic_pager(
    here: str,
    name: str,
    source: Callable[..., str],
    *,
    months: list[str],
    month: str,
    texts: Texts,
) -> str:
    """The month before (``months`` has the newest first), the topic's own page, the month after."""
    at = months.index(month)
    before = months[at + 1] if at + 1 < len(months) else None
    after = months[at - 1] if at else None
    return pager(
        here,
        (f"← {texts.month(before)}", source(before)) if before else None,
        (texts.text("All of {name}", name=name), source()),
        (f"{texts.month(after)} →", source(after)) if after else None,
    )


def _entry_groups(
    entries: Iterable[Entry], here: str, texts: Texts, *, latest: bool = False
) -> list[dict[str, Any]]:
    groups: dict[date, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(entry.day, []).append(entry)
    titles = [
        f"[{texts.long_date(day)}]({urls.relative(urls.day_source(day), here)})" for day in groups
    ]
    if latest:
        titles[:1] = [texts.text("Latest: {day}", day=title) for title in titles[:1]]
    return [
        {
            "title": title,
            "text": "",
            "lines": [paper_line(entry, here, texts) for entry in found],
        }
        for title, found in zip(titles, groups.values(), strict=True)
    ]


def _in_month(topic: str, month: str, texts: Texts) -> str:
    return texts.text("{topic}, {month}", topic=topic, month=texts.month(month))


def _on_days(count: int, days: Iterable[Day], texts: Texts) -> str:
    return texts.text(
        "{papers} on {days}.", papers=papers(count, texts), days=announcement_days(days, texts)
    )


def _month_lines(months: Iterable[tuple[str, Sequence[Day]]], here: str, texts: Texts) -> list[str]:
    """A line for each month: a link, how many papers, on how many days."""
    lines = []
    for month, days in months:
        counts = (papers(sum(len(day.rows) for day in days), texts), announcement_days(days, texts))
        link = urls.relative(month_source(month), here)
        lines.append(f"[{texts.month(month)}]({link}) {texts.listed(counts)}")
    return lines
