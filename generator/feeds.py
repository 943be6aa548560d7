"""RSS 2.0 feeds of the latest papers (https://www.rssboard.org/rss-specification). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from email.utils import format_datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import jinja2
from markupsafe import escape

from generator import taxonomy, urls
from generator.archive import Archive, Entry, tags_of
from generator.merge import current_summary
from generator.render import plain, render_block, render_text

FEED_ITEMS = 50

# arXiv's announcement days are dates in this zone.
_EASTERN = ZoneInfo("America/New_York")
# XML 1.0 allows no other control characters (https://www.w3.org/TR/xml/#charsets).
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_TEMPLATE = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=jinja2.StrictUndefined,
    finalize=lambda value: _NOT_XML.sub("�", value) if isinstance(value, str) else value,
).get_template("feed.xml")


def build_feeds(
    archive: Archive, *, title: str, url: str, description: str
) -> Iterator[tuple[str, bytes]]:
    """All feeds as (path, bytes): the latest papers, and the latest of each category.

    ``url`` is the site's root with a trailing slash.
    """
    latest = [
        entry
        for day in reversed(archive.days)
        for entry in archive.entries[day.date]
        if archive.listed[entry.paper.id][-1] is entry
    ]
    yield (
        urls.FEED,
        _feed(
            latest, archive, url=url, path=urls.FEED, page="", title=title, description=description
        ),
    )
    for category, topic in archive.categories.items():
        path = urls.category_feed(category)
        page = urls.page_url(urls.category_source(category))
        name = taxonomy.category_name(category)
        yield (
            path,
            _feed(
                topic.entries,
                archive,
                url=url,
                path=path,
                page=page,
                title=f"{title}: {category} {name}",
                description=description,
            ),
        )


def _feed(
    entries: Iterable[Entry],
    archive: Archive,
    *,
    url: str,
    path: str,
    page: str,
    title: str,
    description: str,
) -> bytes:
    items = [_item(entry, archive, url) for entry in list(entries)[:FEED_ITEMS]]
    return _TEMPLATE.render(
        title=title,
        link=url + page,
        description=description,
        address=url + path,
        built=items[0]["date"] if items else None,
        items=items,
    ).encode()


def _item(entry: Entry, archive: Archive, url: str) -> dict[str, object]:
    paper = entry.paper
    summary = current_summary(paper)
    excerpt = "…" if paper.abstract_is_excerpt else ""
    parts = [render_text(paper.abstract + excerpt)]
    if summary:
        body = render_block(summary.body, top_heading=3, id_prefix="s-").html
        parts.append(f"<h2>AI summary ({escape(summary.model)})</h2>\n{body}")
    return {
        "title": plain(paper.title),
        "link": url + urls.paper_url(paper.id),
        # Stable wherever the site moves; a new version is a new item.
        "guid": f"oai:arXiv.org:{entry.row.id}",
        "date": _midnight(entry.day),
        "authors": [author.name for author in paper.authors],
        "categories": [*paper.categories, *tags_of(archive.listed[paper.id])],
        "html": "\n".join(parts),
    }


def _midnight(day: date) -> str:
    return format_datetime(datetime.combine(day, time(), _EASTERN))
