"""The pages that stand for themselves: About, Search, Saved, Unread. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from generator.build.archive.archive import Archive
from generator.build.archive.tags import feed_tags
from generator.build.pages.fragments import (
    announcement_days,
    escaped,
    papers,
)
from generator.build.pages.layout import CARDS_PER_PAGE, changed, page, recent
from generator.build.pages.years import bibliography_links
from generator.core import urls
from generator.core.site import SiteInfo
from generator.core.texts import SEMICOLON, Texts


def about_page(archive: Archive, site: SiteInfo) -> str:
    """Say what this is, how papers are chosen, today's configuration, thanks to arXiv."""
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
    """Yield links from the About page to every feed, by what they are of."""
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


def search_page(texts: Texts) -> str:
    """Return what the search page says besides its form, which is in the site's template."""
    return page(
        "search.md",
        {"title": texts.text("Search"), "kind": "search"},
        t=texts.text,
        archive=urls.ARCHIVE,
        categories=urls.CATEGORIES,
        tags=urls.TAGS,
    )


def saved_page(texts: Texts) -> str:
    """Return what the page of saved papers says besides the list that the browser makes."""
    front = {"title": texts.text("Saved"), "kind": "saved"}
    return page("saved.md", front, t=texts.text, archive=urls.ARCHIVE)


def unread_page(archive: Archive, texts: Texts) -> str:
    """Return what the page of unread papers says, and what the browser needs to list them."""
    front = {
        "title": texts.text("Unread"),
        "kind": "unread",
        "recent": recent(archive),
        "most": CARDS_PER_PAGE,
    }
    return page("unread.md", front, t=texts.text, archive=urls.ARCHIVE)
