"""The ways into the archive: by year, month, category and tag. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any

from generator.build.archive.archive import Archive, Entry, Topic
from generator.build.archive.tags import largest
from generator.build.pages.cards import paper_line
from generator.build.pages.fragments import (
    category_link,
    escaped,
    pager,
    papers,
    tag_link,
)
from generator.build.pages.layout import (
    EMPTY_ARCHIVE,
    LINES_PER_PAGE,
    changed,
    chunks,
    feed_front,
    numbered,
    page,
    part_links,
    part_title,
)
from generator.core import taxonomy, urls
from generator.core.texts import Texts, message

# A model names tags freely: all of them would be too long a page.
TAGS_SHOWN = 1_000
NO_TAGS = message("No paper has one yet.")


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
