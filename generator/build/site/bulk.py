"""The many pages of one kind, built in parallel: a kind's template is rendered once.

Between two papers only a few places differ. So for each kind of page (template, section and depth
below the root) the template is rendered once, with marks in these places; a page is then this shell
with its own values between, made by as many processes as there are cores.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

from generator.build.exports.sitemap import SitemapEntry, sitemap_entry
from generator.build.site.pagehtml import SLOTS, page_html, slots, split_front_matter
from generator.core import urls
from generator.core.texts import Texts

# Each slot's value while a shell is rendered: control characters, so that no text holds it.
MARKS = {slot: f"\x02{slot}\x03" for slot in SLOTS}

_MARK = re.compile("\x02([a-z]+)\x03")
_SPACE = re.compile(r"\s*\n\s*")


def page_builder(
    source_dir: Path,
    site_dir: Path,
    shell: Callable[[str, str], str],
    exists: Callable[[str], bool],
    texts: Texts,
) -> Callable[[str], SitemapEntry]:
    """Return what builds the page of a source path and gives its entry in the sitemap.

    ``shell`` renders a kind's template for a URL, with ``MARKS`` in it. ``exists`` tells whether a
    source path is there. ``texts`` are the interface's.
    """

    @cache
    def pieces(kind: str, url: str) -> list[str]:
        """Literal text and slots' names, alternating."""
        return _MARK.split(_SPACE.sub("\n", shell(kind, url)).strip())

    def build(source: str) -> SitemapEntry:
        text = (source_dir / source).read_text(encoding="utf-8")
        page = page_html(source, *split_front_matter(source, text), exists, texts)
        url = urls.page_url(source)
        values = slots(page, url, page.front["title"], texts)
        parts = list(pieces(page.front["kind"], _neutral(url)))
        parts[1::2] = [values[slot] for slot in parts[1::2]]
        path = site_dir / url / "index.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes("".join(parts).encode())
        return sitemap_entry(url, page.front)

    return build


def _neutral(url: str) -> str:
    """Return the address that stands for all of a section at this depth, and is no page's own.

    Relative links are the same from each of them, whichever comes first.
    """
    section, *rest = url.rstrip("/").split("/")
    return "/".join((section, *("-" for _ in rest), ""))
