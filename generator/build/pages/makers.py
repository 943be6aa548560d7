"""The archive as Markdown pages: ``{source path: text}``. Pure; the layout is in ``templates/``.

Pages are plain GFM with front matter, so that they read well on GitHub and in another generator.
Only the body of an AI summary comes from outside unescaped: it stays Markdown, set off by marks
and last on its page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from generator.build.archive.archive import Archive
from generator.build.archive.people import People
from generator.build.archive.related import Related
from generator.build.archive.tags import feed_tags
from generator.build.pages.about import about_page, saved_page, search_page, unread_page
from generator.build.pages.authors import author_page, author_pages
from generator.build.pages.day import day_pages
from generator.build.pages.digests import digest_pages
from generator.build.pages.home import home_page
from generator.build.pages.paper import paper_page
from generator.build.pages.status import status_pages
from generator.build.pages.topics import categories_page, category_pages, tag_pages, tags_page
from generator.build.pages.trends import trend_files
from generator.build.pages.years import archive_page, year_pages
from generator.core import urls
from generator.core.site import PageMaker, SiteInfo


def page_makers(archive: Archive, site: SiteInfo) -> list[PageMaker]:
    """Return makers of all pages: each gives one or more (source path, Markdown bytes)."""

    def one(source: str, make: Callable[..., str], *arguments: object) -> PageMaker:
        return lambda: [(source, make(*arguments).encode())]

    def many(
        make: Callable[..., Iterable[tuple[str, str]]], *arguments: object, **named: object
    ) -> PageMaker:
        return lambda: ((source, text.encode()) for source, text in make(*arguments, **named))

    texts = site.texts
    related = Related.of(archive)
    people = People.of(archive, site.authors)
    with_feeds = {topic.name for topic in feed_tags(archive)}
    return [
        one(urls.HOME, home_page, archive, site),
        one(urls.ABOUT, about_page, archive, site),
        one(urls.ARCHIVE, archive_page, archive, texts),
        one(urls.CATEGORIES, categories_page, archive, texts),
        one(urls.TAGS, tags_page, archive, texts),
        one(urls.SEARCH, search_page, texts),
        one(urls.SAVED, saved_page, texts),
        one(urls.UNREAD, unread_page, archive, texts),
        many(status_pages, archive, site),
        many(digest_pages, archive, texts),
        many(trend_files, archive, people, texts),
        many(year_pages, archive, texts),
        *(many(category_pages, topic, texts) for topic in archive.categories.values()),
        *(
            many(tag_pages, topic, texts, has_feeds=topic.name in with_feeds)
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
