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
from generator.archive import Archive, Entry, tags_of
from generator.bibliography import bibliography_links
from generator.citing import bibtex
from generator.fragments import (
    NO_ABSTRACT,
    abstract,
    all_authors,
    announcement_days,
    arxiv_links,
    category_link,
    counted,
    cut,
    doi_link,
    empty_reason,
    escaped,
    few_authors,
    license_link,
    long_date,
    month_name,
    pager,
    score,
    short_date,
    tag_link,
    withdrawn,
)
from generator.indexes import (
    archive_page,
    categories_page,
    month_and_year_pages,
    saved_page,
    search_page,
    tags_page,
    topic_pages,
)
from generator.layout import (
    CARDS_PER_PAGE,
    EMPTY_ARCHIVE,
    PageMaker,
    SiteInfo,
    calendar,
    chunks,
    days_by_month,
    feed_tags,
    largest,
    month_source,
    numbered,
    page,
    part_links,
    recent,
)
from generator.metadata import citation
from generator.models import Day, FeedState
from generator.render import plain
from generator.search.related import Related
from generator.status import status_pages
from generator.summaries import AI, is_pending, labelled, lead, summary_sections, tldr_of


def page_makers(archive: Archive, site: SiteInfo) -> list[PageMaker]:
    """Every page of the site: each maker gives one or more (source path, Markdown bytes)."""

    def one(source: str, make: Callable[..., str], *arguments: object) -> PageMaker:
        return lambda: [(source, make(*arguments).encode())]

    def many(make: Callable[..., Iterable[tuple[str, str]]], *arguments: object) -> PageMaker:
        return lambda: ((source, text.encode()) for source, text in make(*arguments))

    related = Related.of(archive)
    tags = archive.tags.values()
    followed = {topic.name for topic in feed_tags(archive)}
    return [
        one(urls.HOME, home_page, archive, site),
        one(urls.ABOUT, about_page, archive, site),
        one(urls.ARCHIVE, archive_page, archive),
        one(urls.CATEGORIES, categories_page, archive),
        one(urls.TAGS, tags_page, archive),
        one(urls.SEARCH, search_page),
        one(urls.SAVED, saved_page),
        many(status_pages, archive, site),
        many(month_and_year_pages, archive),
        *(many(topic_pages, topic, category) for category, topic in archive.categories.items()),
        *(many(topic_pages, topic) for topic in tags if topic.name in followed),
        *(
            many(partial(topic_pages, has_feeds=False), topic)
            for topic in tags
            if topic.name not in followed
        ),
        *(many(day_pages, archive, day) for day in archive.days),
        *(one(urls.paper_source(i), paper_page, archive, i, related, site) for i in archive.listed),
    ]


def paper_page(archive: Archive, identifier: str, related: Related, site: SiteInfo) -> str:
    """One paper: what arXiv says, why it is here, its current summaries, and papers like it."""
    entries = archive.listed[identifier]
    here = urls.paper_source(identifier)
    last = entries[-1]
    paper = last.paper
    tldr = tldr_of(paper)
    day_entries = archive.entries[last.day]
    before = day_entries[last.rank - 2] if last.rank > 1 else None
    after = day_entries[last.rank] if last.rank < len(day_entries) else None
    return page(
        "paper.md",
        {
            "title": plain(paper.title),
            "kind": "paper",
            "description": cut(plain(tldr.text if tldr else paper.abstract), 160),
            "date": last.day.isoformat(),
            **citation(paper),
        },
        title=escaped(paper.title),
        authors=all_authors(paper),
        # An extract would be read twice: the abstract stands below.
        lead=labelled(tldr) if tldr and tldr.label == AI else "",
        facts=[(label, value) for label, value in _facts(archive, entries, here) if value],
        abstract=abstract(paper),
        pending=is_pending(paper),
        cite=bibtex(paper),
        identifier=paper.id,
        related=[_related(archive.listed[i][-1], here) for i in related.to(identifier)],
        pager=pager(
            here,
            _paper_step("Previous", before),
            (f"All of {short_date(last.day)}", urls.day_source(last.day)),
            _paper_step("Next", after),
        ),
        tail=summary_sections(paper, site.currency),
    )


def _facts(archive: Archive, entries: tuple[Entry, ...], here: str) -> Iterator[tuple[str, str]]:
    """What is known of a paper besides its text; "" where nothing is."""
    last = entries[-1]
    paper = last.paper
    yield "Withdrawn", withdrawn(paper)
    yield "arXiv", arxiv_links(paper)
    yield "Listed", "; ".join(_listed(entry, archive, here) for entry in entries)
    yield "Categories", " · ".join(category_link(c, here, name=True) for c in paper.categories)
    yield "Score", score(last)
    yield "Tags", " · ".join(tag_link(tag, here) for tag in tags_of(entries))
    if len(paper.versions) > 1:
        first = {item.version: item for item in reversed(paper.listings)}
        yield (
            "Versions",
            "; ".join(
                f"v{version} {first[version].type} on {short_date(first[version].date)}"
                for version in paper.versions
            ),
        )
    yield "DOI", doi_link(paper.doi)
    yield "Published in", escaped(paper.journal_ref or "")
    yield "Licence", license_link(paper.license)


def home_page(archive: Archive, site: SiteInfo) -> str:
    """The latest day that lists papers, and the ways into the archive."""
    here = urls.HOME
    days = [day for day in archive.days if day.rows]
    latest = days[-1] if days else None
    months = list(days_by_month(archive))
    front: dict[str, Any] = {"title": site.title, "kind": "home"}
    if latest:
        front["calendar"] = calendar(archive, latest.date.year)
        front["year"] = latest.date.year
        front["recent"] = recent(archive)
    return page(
        "home.md",
        front,
        heading=long_date(latest.date) if latest else escaped(site.title),
        counts=_counts(latest) if latest else EMPTY_ARCHIVE,
        pager=_day_pager(archive, latest.date, here) if latest else "",
        cards=[
            _card(entry, archive, here)
            for entry in (archive.entries[latest.date][:CARDS_PER_PAGE] if latest else ())
        ],
        sections=[
            {
                "title": "Months",
                "lines": [
                    f"[{month_name(month)}]({urls.relative(month_source(month), here)}) "
                    f"{sum(len(day.rows) for day in found):,}"
                    for month, found in reversed(months[-12:])
                ],
                "more": f"[The whole archive]({urls.relative(urls.ARCHIVE, here)})",
            },
            {
                "title": "Categories",
                "lines": [
                    f"{category_link(topic.name, here, name=True)} {len(topic.entries):,}"
                    for topic in largest(archive.categories.values())[:10]
                ],
                "more": f"[All categories]({urls.relative(urls.CATEGORIES, here)})",
            },
            {
                "title": "Tags",
                "lines": [
                    f"{tag_link(topic.name, here)} {len(topic.entries):,}"
                    for topic in largest(archive.tags.values())[:24]
                ],
                "more": f"[All tags]({urls.relative(urls.TAGS, here)})",
            },
        ]
        if latest
        else [],
    )


def about_page(archive: Archive, site: SiteInfo) -> str:
    """What this is, how papers are chosen, today's configuration, thanks to arXiv."""
    here = urls.ABOUT
    return page(
        "about.md",
        {"title": f"About {site.title}"},
        title=escaped(site.title),
        description=escaped(site.description),
        totals=f"the archive holds {counted(len(archive.listed), 'paper')} of "
        f"{announcement_days(archive.days)}.",
        rules=[escaped(rule) for rule in site.rules],
        keywords=[escaped(keyword) for keyword in site.keywords],
        feed=urls.FEED,
        status=urls.STATUS,
        bibliographies=bibliography_links(archive, here),
        feeds=_feed_links("categories", archive.categories, here),
        tag_feeds=_feed_links("tags", (topic.name for topic in feed_tags(archive)), here),
        author_feeds=_feed_links("authors", site.authors, here),
        feed_list=urls.FEED_LIST,
    )


def _feed_links(kind: str, names: Iterable[str], here: str) -> str:
    return ", ".join(
        f"[{escaped(name)}]({urls.relative(urls.feed('rss', kind, name), here)})" for name in names
    )


def day_pages(archive: Archive, day: Day) -> Iterator[tuple[str, str]]:
    """One day, in as many parts as its length asks for."""
    entries = archive.entries[day.date]
    runs = chunks(entries, CARDS_PER_PAGE) or [()]
    for number, run in enumerate(runs, 1):
        here = numbered(urls.day_source(day.date), number)
        heading = long_date(day.date)
        yield (
            here,
            page(
                "day.md",
                {
                    "title": heading if number == 1 else f"{heading}, part {number}",
                    "kind": "day",
                    "description": f"arXiv papers announced on {heading}",
                    "date": day.date.isoformat(),
                },
                heading=heading,
                counts=_counts(day) + part_links(urls.day_source(day.date), number, len(runs)),
                pager=_day_pager(archive, day.date, here),
                cards=[_card(entry, archive, here) for entry in run],
            ),
        )


def _card(entry: Entry, archive: Archive, here: str) -> dict[str, Any]:
    paper = entry.paper
    chips = [category_link(paper.primary_category, here), f"score {entry.row.score:g}"]
    if entry.row.type != "new" or entry.row.id.version > 1:
        chips.append(f"{entry.row.type} v{entry.row.id.version}")
    chips += [category_link(c, here) for c in paper.categories[1:]]
    chips += [tag_link(tag, here) for tag in tags_of(archive.listed[paper.id])]
    return {
        "rank": entry.rank,
        "title": escaped(paper.title),
        "link": urls.relative(urls.paper_source(paper.id), here),
        "authors": few_authors(paper),
        "chips": chips,
        "lead": lead(paper) or NO_ABSTRACT,
        "has_summary": bool(paper.summaries),
    }


def _counts(day: Day) -> str:
    """How the day's list came about, in a sentence or two."""
    runs = day.run.categories
    names = ", ".join(escaped(name) for name in runs)
    if not day.rows:
        return empty_reason(day)
    kept = counted(len(day.rows), "paper")
    if any(run.state == FeedState.IMPORTED for run in runs.values()):
        return f"{kept} kept in {names}, imported from the predecessor's list."
    fetched = sum(run.fetched for run in runs.values())
    repeats = sum(run.repeats for run in runs.values())
    text = f"{kept} kept of {counted(fetched, 'feed entry', 'feed entries')} in {names}"
    if repeats:
        text += f"; {counted(repeats, 'repeat')} of earlier days left out"
    problems = [
        f"{escaped(name)}: {run.state}"
        for name, run in runs.items()
        if run.state in (FeedState.ERROR, FeedState.STALE)
    ]
    filled = [escaped(name) for name, run in runs.items() if run.state == FeedState.BACKFILLED]
    if filled:
        text += (
            f". Filled in later ({', '.join(filled)}): papers submitted in the time that arXiv's "
            "schedule gives for this day"
        )
    return f"{text}." + (f" Incomplete ({', '.join(problems)})." if problems else "")


def _listed(entry: Entry, archive: Archive, here: str) -> str:
    link = urls.relative(urls.day_source(entry.day), here)
    return (
        f"[{long_date(entry.day)}]({link}), {entry.rank} of {len(archive.entries[entry.day])}, "
        f"{entry.row.type} (v{entry.row.id.version})"
    )


def _related(entry: Entry, here: str) -> dict[str, str]:
    return {
        "title": escaped(entry.paper.title),
        "link": urls.relative(urls.paper_source(entry.paper.id), here),
        "facts": f"{few_authors(entry.paper)} · {short_date(entry.day)} · "
        f"{escaped(entry.paper.primary_category)}",
    }


def _paper_step(direction: str, entry: Entry | None) -> tuple[str, str] | None:
    if entry is None:
        return None
    title = escaped(cut(plain(entry.paper.title), 90))
    arrow = f"← {title}" if direction == "Previous" else f"{title} →"
    return arrow, urls.paper_source(entry.paper.id)


def _day_pager(archive: Archive, day: date, here: str) -> str:
    """The neighbouring announcement days: empty days are in the archive, but not on this way."""
    dates = [d.date for d in archive.days if d.rows]
    at = bisect_left(dates, day)
    before = dates[at - 1] if at else None
    after = next((d for d in dates[at : at + 2] if d > day), None)
    return pager(
        here,
        (f"← {short_date(before)}", urls.day_source(before)) if before else None,
        (f"{day:%B} {day.year}", urls.month_source(day.year, day.month)),
        (f"{short_date(after)} →", urls.day_source(after)) if after else None,
    )
