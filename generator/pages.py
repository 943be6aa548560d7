"""The archive as Markdown pages: ``{source path: text}``. Pure; the layout is in ``templates/``.

Pages are plain GFM with front matter, so that they read well on GitHub and in another generator.
Only the body of an AI summary comes from outside unescaped: it stays Markdown, set off by marks
and last on its page.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import partial
from typing import Any

from generator import urls
from generator.archive import Archive, Entry
from generator.authors import author_page, author_pages
from generator.bibliography import bibliography_links
from generator.cards import card
from generator.citing import bibtex
from generator.fragments import (
    abstract,
    all_authors,
    announcement_days,
    arxiv_links,
    category_link,
    cut,
    doi_link,
    empty_reason,
    escaped,
    few_authors,
    license_link,
    pager,
    papers,
    period_name,
    score,
    tag_link,
    withdrawn,
)
from generator.indexes import (
    archive_page,
    categories_page,
    saved_page,
    search_page,
    tags_page,
    topic_pages,
    year_pages,
)
from generator.layout import (
    CARDS_PER_PAGE,
    EMPTY_ARCHIVE,
    PageMaker,
    SiteInfo,
    calendar,
    changed,
    chunks,
    days_by_month,
    feed_tags,
    largest,
    month_source,
    numbered,
    page,
    part_links,
    part_title,
    recent,
)
from generator.metadata import citation
from generator.models import Day, FeedState
from generator.people import People
from generator.periods import month_of, week_of
from generator.render import plain
from generator.roundup import roundup_pages
from generator.search.related import Related
from generator.status import status_pages
from generator.summaries import AI, is_pending, labelled, summary_sections, tldr_of
from generator.texts import MONTH, SEMICOLON, Texts, message
from generator.trends import trend_files


def page_makers(archive: Archive, site: SiteInfo) -> list[PageMaker]:
    """Every page of the site: each maker gives one or more (source path, Markdown bytes)."""

    def one(source: str, make: Callable[..., str], *arguments: object) -> PageMaker:
        return lambda: [(source, make(*arguments).encode())]

    def many(make: Callable[..., Iterable[tuple[str, str]]], *arguments: object) -> PageMaker:
        return lambda: ((source, text.encode()) for source, text in make(*arguments))

    texts = site.texts
    related = Related.of(archive)
    people = People.of(archive)
    for entry in archive.latest:
        tldr_of(entry.paper, texts.language)  # once, before the work is spread over processes
    with_feeds = {topic.name for topic in feed_tags(archive)}
    return [
        one(urls.HOME, home_page, archive, site),
        one(urls.ABOUT, about_page, archive, site),
        one(urls.ARCHIVE, archive_page, archive, texts),
        one(urls.CATEGORIES, categories_page, archive, texts),
        one(urls.TAGS, tags_page, archive, texts),
        one(urls.SEARCH, search_page, texts),
        one(urls.SAVED, saved_page, texts),
        many(status_pages, archive, site),
        many(roundup_pages, archive, texts),
        many(trend_files, archive, people, texts),
        many(year_pages, archive, texts),
        *(
            many(topic_pages, topic, texts, category)
            for category, topic in archive.categories.items()
        ),
        *(
            many(partial(topic_pages, has_feeds=topic.name in with_feeds), topic, texts)
            for topic in archive.tags.values()
        ),
        *(many(day_pages, archive, day, texts) for day in archive.days),
        many(author_pages, people, texts),
        *(many(author_page, person, people, archive, texts) for person in people.by_key.values()),
        *(
            one(urls.paper_source(i), paper_page, archive, i, related, people, site)
            for i in archive.listed
        ),
    ]


def paper_page(
    archive: Archive, identifier: str, related: Related, people: People, site: SiteInfo
) -> str:
    """One paper: what arXiv says, why it is here, its current summaries, and papers like it."""
    texts = site.texts
    entries = archive.listed[identifier]
    here = urls.paper_source(identifier)
    last = entries[-1]
    paper = last.paper
    tldr = tldr_of(paper, texts.language)
    day_entries = archive.entries[last.day]
    before = day_entries[last.rank - 2] if last.rank > 1 else None
    after = day_entries[last.rank] if last.rank < len(day_entries) else None
    return page(
        "paper.md",
        {
            "title": plain(paper.title),
            "kind": "paper",
            "description": cut(plain(tldr.text if tldr else paper.abstract or paper.title), 160),
            "date": last.day.isoformat(),
            "lastmod": last.modified.isoformat(),
            **citation(paper),
        },
        t=texts.text,
        title=texts.foreign(escaped(paper.title)),
        authors=all_authors(paper, people, here, texts),
        # An extract would be read twice: the abstract stands below.
        lead=labelled(tldr, texts) if tldr and tldr.label == AI else "",
        facts=[
            (texts.text(label), value)
            for label, value in _facts(archive, entries, here, texts)
            if value
        ],
        abstract=abstract(paper, texts),
        pending=is_pending(paper),
        cite=bibtex(paper),
        related=[_related(archive.listed[i][-1], here, texts) for i in related.to(identifier)],
        pager=pager(
            here,
            _paper_step("← {title}", before, texts),
            (
                texts.text("All of {date}", date=texts.short_date(last.day)),
                urls.day_source(last.day),
            ),
            _paper_step("{title} →", after, texts),
        ),
        tail=summary_sections(paper, site),
    )


def _facts(
    archive: Archive, entries: tuple[Entry, ...], here: str, texts: Texts
) -> Iterator[tuple[str, str]]:
    """What is known of a paper besides its text; "" where nothing is."""
    last = entries[-1]
    paper = last.paper
    yield message("Withdrawn"), withdrawn(paper, texts)
    yield message("arXiv"), arxiv_links(paper)
    yield (
        message("Listed"),
        texts.listed((_listed(entry, archive, here, texts) for entry in entries), SEMICOLON),
    )
    categories = (category_link(c, here, name=True) for c in paper.categories)
    yield message("Categories"), " · ".join(categories)
    yield message("Score"), score(last, texts)
    yield message("Tags"), " · ".join(tag_link(tag, here) for tag in archive.tagged[paper.id])
    if len(paper.versions) > 1:
        first = {item.version: item for item in reversed(paper.listings)}
        yield (
            message("Versions"),
            texts.listed(
                (
                    texts.text(
                        "v{version} {type} on {date}",
                        version=str(version),
                        type=texts.text(first[version].type),
                        date=texts.short_date(first[version].date),
                    )
                    for version in paper.versions
                ),
                SEMICOLON,
            ),
        )
    yield message("DOI"), doi_link(paper.doi)
    yield message("Published in"), escaped(paper.journal_ref or "")
    yield message("Licence"), license_link(paper.license, texts)


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


def about_page(archive: Archive, site: SiteInfo) -> str:
    """What this is, how papers are chosen, today's configuration, thanks to arXiv."""
    here = urls.ABOUT
    texts = site.texts
    return page(
        "about.md",
        {"title": texts.text("About {title}", title=site.title), **changed(archive.latest)},
        t=texts.text,
        title=escaped(site.title),
        description=escaped(site.description),
        papers=papers(len(archive.listed), texts),
        days=announcement_days(archive.days, texts),
        rules=[escaped(rule) for rule in site.rules],
        keywords=[escaped(keyword) for keyword in site.keywords],
        status=urls.STATUS,
        bibliographies=bibliography_links(archive, here),
        feeds=texts.listed(_feeds(archive, site), SEMICOLON),
        feed_list=urls.FEED_LIST,
        api=urls.API_INDEX,
    )


def _feeds(archive: Archive, site: SiteInfo) -> Iterator[str]:
    """Links from the About page to every feed, by what they are of."""
    texts = site.texts

    def links(kind: str, names: Iterable[str]) -> str:
        return texts.listed(
            f"[{escaped(name)}]({urls.relative(urls.feed('rss', kind, name), urls.ABOUT)})"
            for name in names
        )

    yield texts.text("[RSS feed of the latest papers]({feed})", feed=urls.FEED)
    if categories := links("categories", archive.categories):
        yield texts.text("by category: {feeds}", feeds=categories)
    if tags := links("tags", (topic.name for topic in feed_tags(archive))):
        yield texts.text("by tag (the most used, of at least five papers): {feeds}", feeds=tags)
    if authors := links("authors", site.authors):
        yield texts.text("by followed author: {feeds}", feeds=authors)


def day_pages(archive: Archive, day: Day, texts: Texts) -> Iterator[tuple[str, str]]:
    """One day, in as many parts as its length asks for."""
    entries = archive.entries[day.date]
    runs = chunks(entries, CARDS_PER_PAGE) or [()]
    for number, run in enumerate(runs, 1):
        here = numbered(urls.day_source(day.date), number)
        heading = texts.long_date(day.date)
        yield (
            here,
            page(
                "day.md",
                {
                    "title": part_title(heading, number, texts),
                    "kind": "day",
                    "description": texts.text("arXiv papers announced on {date}", date=heading),
                    "date": day.date.isoformat(),
                    **changed(entries, [day]),
                },
                t=texts.text,
                heading=heading,
                counts=texts.sentences(
                    (
                        _counts(day, texts),
                        part_links(urls.day_source(day.date), number, len(runs), texts),
                    )
                ),
                pager=_day_pager(archive, day.date, here, texts),
                cards=[card(entry, archive, here, texts) for entry in run],
            ),
        )


def _counts(day: Day, texts: Texts) -> str:
    """How the day's list came about, in a sentence or two."""
    runs = day.run.categories
    names = texts.listed(escaped(name) for name in runs)
    if not day.rows:
        return empty_reason(day, texts)
    kept = papers(len(day.rows), texts)
    if any(run.state == FeedState.IMPORTED for run in runs.values()):
        return texts.text(
            "{papers} kept in {names}, imported from the predecessor's list.",
            papers=kept,
            names=names,
        )
    entries = texts.counted(
        sum(run.fetched for run in runs.values()), "{count} feed entry", "{count} feed entries"
    )
    repeats = sum(run.repeats for run in runs.values())
    sentences = [
        texts.counted(
            repeats,
            "{papers} kept of {entries} in {names}; {count} repeat of earlier days left out.",
            "{papers} kept of {entries} in {names}; {count} repeats of earlier days left out.",
            papers=kept,
            entries=entries,
            names=names,
        )
        if repeats
        else texts.text(
            "{papers} kept of {entries} in {names}.", papers=kept, entries=entries, names=names
        )
    ]
    problems = [
        texts.text("{category}: {state}", category=escaped(name), state=texts.text(run.state))
        for name, run in runs.items()
        if run.state in (FeedState.ERROR, FeedState.STALE)
    ]
    filled = [escaped(name) for name, run in runs.items() if run.state == FeedState.BACKFILLED]
    if filled:
        sentences.append(
            texts.text(
                "Filled in later ({names}): papers submitted in the time that arXiv's schedule "
                "gives for this day.",
                names=texts.listed(filled),
            )
        )
    if problems:
        sentences.append(texts.text("Incomplete ({problems}).", problems=texts.listed(problems)))
    return texts.sentences(sentences)


def _listed(entry: Entry, archive: Archive, here: str, texts: Texts) -> str:
    link = urls.relative(urls.day_source(entry.day), here)
    return texts.text(
        "[{date}]({link}), {rank} of {count}, {type} (v{version})",
        date=texts.long_date(entry.day),
        link=link,
        rank=str(entry.rank),
        count=str(len(archive.entries[entry.day])),
        type=texts.text(entry.row.type),
        version=str(entry.row.id.version),
    )


def _related(entry: Entry, here: str, texts: Texts) -> dict[str, str]:
    return {
        "title": texts.foreign(escaped(entry.paper.title)),
        "link": urls.relative(urls.paper_source(entry.paper.id), here),
        "facts": f"{few_authors(entry.paper, texts)} · {texts.short_date(entry.day)} · "
        f"{escaped(entry.paper.primary_category)}",
    }


def _paper_step(form: str, entry: Entry | None, texts: Texts) -> tuple[str, str] | None:
    if entry is None:
        return None
    title = texts.foreign(escaped(cut(plain(entry.paper.title), 90)))
    return form.replace("{title}", title), urls.paper_source(entry.paper.id)


def _day_pager(archive: Archive, day: date, here: str, texts: Texts) -> str:
    """The neighbouring announcement days: empty days are in the archive, but not on this way."""
    dates = [d.date for d in archive.days if d.rows]
    at = bisect_left(dates, day)
    before = dates[at - 1] if at else None
    after = next((d for d in dates[at : at + 2] if d > day), None)
    week = week_of(day)
    return pager(
        here,
        (f"← {texts.short_date(before)}", urls.day_source(before)) if before else None,
        (texts.text("Week {number}", number=str(week.number)), week.source),
        (texts.dated(day, MONTH), urls.month_source(day.year, day.month)),
        (f"{texts.short_date(after)} →", urls.day_source(after)) if after else None,
    )
