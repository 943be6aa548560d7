"""The ways into the archive by category and tag. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from generator.build.archive.archive import Archive, Entry, Topic
from generator.build.archive.tags import largest
from generator.build.pages.cards import paper_line
from generator.build.pages.fragments import (
    category_link,
    escaped,
    follow,
    link,
    papers,
    tag_link,
)
from generator.build.pages.layout import (
    EMPTY_ARCHIVE,
    LINES_PER_PAGE,
    Section,
    changed,
    feed_front,
    in_parts,
    list_page,
)
from generator.core import taxonomy, urls
from generator.core.texts import Texts, message

# A model names tags freely: all of them would be too long a page.
TAGS_SHOWN = 1_000
LATEST_SHOWN = 30
NO_TAGS = message("No paper has one yet.")
_OVERVIEWS = {
    "categories": (message("All categories"), urls.CATEGORIES),
    "tags": (message("All tags"), urls.TAGS),
}


def categories_page(archive: Archive, texts: Texts) -> str:
    """Return the list of every category that a paper of the archive has, by arXiv's groups."""
    groups: dict[str, list[str]] = {}
    for topic in archive.categories.values():
        line = f"{category_link(topic.name, urls.CATEGORIES, name=True)} {len(topic.entries):,}"
        groups.setdefault(taxonomy.category_group(topic.name), []).append(line)
    about = texts.text(
        "Every paper stands in its primary category and in those it is cross-listed to."
    )
    return list_page(
        urls.CATEGORIES,
        {"title": texts.text("Categories"), "kind": "list", **changed(archive.latest)},
        intro=texts.sentences((about, "" if groups else texts.text(EMPTY_ARCHIVE))),
        groups=[Section(escaped(group), lines) for group, lines in sorted(groups.items())],
    )


def tags_page(archive: Archive, texts: Texts) -> str:
    """Return the list of the tags, the most used first."""
    tags = largest(archive.tags.values())
    shown = [
        f"{tag_link(topic.name, urls.TAGS)} {len(topic.entries):,}" for topic in tags[:TAGS_SHOWN]
    ]
    return list_page(
        urls.TAGS,
        {"title": texts.text("Tags"), "kind": "tags", **changed(archive.latest)},
        intro=texts.sentences(_about_tags(archive, len(tags) - len(shown), texts)),
        groups=[Section("", shown)],
    )


def _about_tags(archive: Archive, rest: int, texts: Texts) -> Iterator[str]:
    """Yield what stands above the tags, of which ``rest`` are left out."""
    yield texts.text(
        "A paper is tagged with the keywords that were found in its title or abstract, and with "
        "what its AI summary names."
    )
    if rest:
        yield texts.counted(
            rest, "Left out here: {count} rarer tag.", "Left out here: {count} rarer tags."
        )
    if not archive.tags:
        yield texts.text(NO_TAGS if archive.days else EMPTY_ARCHIVE)


@dataclass(frozen=True, slots=True)
class _TopicTexts:
    """A topic as its pages speak of it: ``name`` and ``heading`` are Markdown, ``title`` is plain.

    ``kind`` is ``categories`` or ``tags``.
    """

    topic: Topic
    kind: str
    name: str
    heading: str
    title: str
    has_feeds: bool = True

    def source(self, month: str | None = None) -> str:
        """Return the source of the topic's own page, or of the page of a month (``2026-02``)."""
        if self.kind == "categories":
            return urls.category_source(self.topic.name, month)
        return urls.tag_source(self.topic.name, month)


def category_pages(topic: Topic, texts: Texts) -> Iterator[tuple[str, str]]:
    """Yield a category's own page (months and the latest papers), and a page for each month."""
    name, described = escaped(topic.name), taxonomy.category_name(topic.name)
    heading, title = f"{name} {escaped(described)}", f"{topic.name} {described}"
    return _topic_pages(_TopicTexts(topic, "categories", name, heading, title), texts)


def tag_pages(topic: Topic, texts: Texts, *, has_feeds: bool) -> Iterator[tuple[str, str]]:
    """Yield a tag's own page (months and the latest papers), and a page for each month."""
    name = escaped(topic.name)
    return _topic_pages(_TopicTexts(topic, "tags", name, name, topic.name, has_feeds), texts)


def _topic_pages(about: _TopicTexts, texts: Texts) -> Iterator[tuple[str, str]]:
    months = about.topic.months()
    yield about.source(), _own_page(about, months, texts)
    for month in months:
        yield from _month_pages(about, months, month, texts)


def _own_page(about: _TopicTexts, months: dict[str, tuple[Entry, ...]], texts: Texts) -> str:
    here = about.source()
    topic = about.topic
    feeds = feed_front(about.kind, topic.name) if about.has_feeds else []
    overview, overview_source = _OVERVIEWS[about.kind]
    count = texts.text("{papers}.", papers=papers(len(topic.entries), texts))
    month_lines = [
        f"{link(texts.month(month), about.source(month), here)} {len(found):,}"
        for month, found in months.items()
    ]
    front: dict[str, Any] = {
        "title": about.title,
        "kind": "list",
        "description": texts.text("arXiv papers: {title}", title=about.title),
        **changed(topic.entries),
    }
    return list_page(
        here,
        {**front, "feeds": feeds} if feeds else front,
        (texts.text(overview), overview_source),
        heading=about.heading,
        intro=count,
        follow=follow(feeds, here, texts),
        groups=[
            Section(texts.text("Months"), month_lines),
            *_day_sections(topic.entries[:LATEST_SHOWN], here, texts, latest=True),
        ],
    )


def _month_pages(
    about: _TopicTexts, months: dict[str, tuple[Entry, ...]], month: str, texts: Texts
) -> Iterator[tuple[str, str]]:
    """Yield the page of a month, in as many parts as its length asks for."""
    entries, source = months[month], about.source(month)
    count = texts.text("{papers}.", papers=papers(len(entries), texts))
    description = texts.text(
        "arXiv papers of {month}: {title}", month=texts.month(month), title=about.title
    )
    for part in in_parts(source, entries, LINES_PER_PAGE):
        here = part.here
        front = {
            "title": part.title(_in_month(about.title, month, texts), texts),
            "kind": "list",
            "description": description,
            **changed(part.items),
        }
        yield (
            here,
            list_page(
                here,
                front,
                *_month_steps(about, list(months), month, texts),
                heading=_in_month(about.heading, month, texts),
                intro=texts.sentences((count, part.links(texts))),
                groups=_day_sections(part.items, here, texts),
            ),
        )


def _month_steps(
    about: _TopicTexts, months: Sequence[str], month: str, texts: Texts
) -> tuple[tuple[str, str] | None, ...]:
    """Return the months before and after (``months``: newest first), and the topic's page."""
    at = months.index(month)
    before = months[at + 1] if at + 1 < len(months) else None
    after = months[at - 1] if at else None
    return (
        (f"← {texts.month(before)}", about.source(before)) if before else None,
        (texts.text("All of {name}", name=about.name), about.source()),
        (f"{texts.month(after)} →", about.source(after)) if after else None,
    )


def _day_sections(
    entries: Sequence[Entry], here: str, texts: Texts, *, latest: bool = False
) -> list[Section]:
    """Return the papers by day; ``latest`` says so above the first one."""
    days: dict[date, list[str]] = {}
    for entry in entries:
        days.setdefault(entry.day, []).append(paper_line(entry, here, texts))
    sections: list[Section] = []
    for day, lines in days.items():
        title = link(texts.long_date(day), urls.day_source(day), here)
        if latest and not sections:
            title = texts.text("Latest: {day}", day=title)
        sections.append(Section(title, lines))
    return sections


def _in_month(topic: str, month: str, texts: Texts) -> str:
    return texts.text("{topic}, {month}", topic=topic, month=texts.month(month))
