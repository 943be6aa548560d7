"""RSS 2.0 feeds of the latest papers (https://www.rssboard.org/rss-specification). Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time
from email.utils import format_datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import jinja2
from markupsafe import escape

from generator import taxonomy, urls
from generator.archive import Archive, Entry, tags_of
from generator.layout import PageMaker, SiteInfo
from generator.merge import current_summaries
from generator.render import plain, render_block, render_inline, render_text
from generator.summaries import language_name, tldr_of

FEED_ITEMS = 50

# arXiv's announcement days are dates in this zone.
_EASTERN = ZoneInfo("America/New_York")
# What XML 1.0 forbids or discourages (https://www.w3.org/TR/xml/#charsets), and the characters that
# turn the direction of all that stands behind them.
_NOT_TEXT = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\u2029\u202f-\u2065\u206a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)

_TEMPLATE = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=jinja2.StrictUndefined,
    finalize=lambda value: _NOT_TEXT.sub("�", value) if isinstance(value, str) else value,
).get_template("feed.xml")


def feed_makers(archive: Archive, site: SiteInfo) -> list[PageMaker]:
    """All feeds: the latest papers, and the latest of each category."""

    def maker(path: str, entries: Sequence[Entry], title: str, page: str) -> PageMaker:
        return lambda: [(path, _feed(entries, archive, site, path=path, title=title, page=page))]

    return [
        maker(urls.FEED, archive.latest, site.title, ""),
        *(
            maker(
                urls.category_feed(category),
                topic.entries,
                f"{site.title}: {category} {taxonomy.category_name(category)}",
                urls.encoded(urls.page_url(urls.category_source(category))),
            )
            for category, topic in archive.categories.items()
        ),
    ]


def _feed(
    entries: Sequence[Entry], archive: Archive, site: SiteInfo, *, path: str, title: str, page: str
) -> bytes:
    items = [_item(entry, archive, site.url) for entry in entries[:FEED_ITEMS]]
    return _TEMPLATE.render(
        title=title,
        link=site.url + page,
        description=site.description,
        address=site.url + path,
        built=items[0]["date"] if items else None,
        items=items,
    ).encode()


def _item(entry: Entry, archive: Archive, url: str) -> dict[str, object]:
    paper = entry.paper
    excerpt = "…" if paper.abstract_is_excerpt else ""
    parts = [render_text(paper.abstract + excerpt)]
    if (tldr := tldr_of(paper)) and tldr.text != paper.abstract:
        text = render_inline(tldr.text)
        parts.insert(0, f'<p lang="{tldr.language}"><strong>{tldr.label}</strong> {text}</p>')
    for summary in current_summaries(paper):
        body = render_block(summary.body, top_heading=3, id_prefix="s-").html
        named = f"{language_name(summary.language)}, v{summary.version}, {summary.model}"
        parts.append(
            f'<h2>AI summary ({escape(named)})</h2>\n<div lang="{summary.language}">\n{body}</div>'
        )
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
