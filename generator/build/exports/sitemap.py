"""The sitemap: every page with the day that it changed last. Pure.

The protocol: https://www.sitemaps.org/protocol.html. The day comes from a page's own front matter
(``lastmod``), never from the time of the build.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from generator.core import urls

# The protocol's limit for one file. Its other one, 50 MB, is some 1,000 bytes a page.
PAGES_A_FILE = 50_000

_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


class SitemapEntry(NamedTuple):
    """A page's URL below the site's root, and the ISO date of its last change ("": unknown)."""

    url: str
    modified: str


def sitemap_entry(url: str, front: Mapping[str, str]) -> SitemapEntry:
    """Return a page's entry, from its URL and its front matter."""
    return SitemapEntry(url, front.get("lastmod", ""))


def sitemap_files(base: str, pages: Iterable[SitemapEntry]) -> dict[str, bytes]:
    """Return ``sitemap.xml`` and, where one file cannot have all pages, those that it lists.

    ``base`` is the site's address, with a slash.
    """
    ordered = sorted(pages)
    if len(ordered) <= PAGES_A_FILE:
        return {urls.SITEMAP: _document("urlset", "url", base, ordered)}
    parts = {
        urls.sitemap_part(start // PAGES_A_FILE + 1): ordered[start : start + PAGES_A_FILE]
        for start in range(0, len(ordered), PAGES_A_FILE)
    }
    listed = [
        SitemapEntry(path, max(page.modified for page in part)) for path, part in parts.items()
    ]
    return {
        urls.SITEMAP: _document("sitemapindex", "sitemap", base, listed),
        **{path: _document("urlset", "url", base, part) for path, part in parts.items()},
    }


def _document(root: str, name: str, base: str, entries: Sequence[SitemapEntry]) -> bytes:
    lines = [
        f"<{name}><loc>{html.escape(base + urls.encoded(entry.url))}</loc>"
        + (f"<lastmod>{entry.modified}</lastmod>" if entry.modified else "")
        + f"</{name}>\n"
        for entry in entries
    ]
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{_NAMESPACE}">\n'
    return f"{head}{''.join(lines)}</{root}>\n".encode()
