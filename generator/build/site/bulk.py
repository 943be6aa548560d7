"""The many pages of one kind, built in parallel: a kind's template is rendered once.

Stock MkDocs runs a template for each page, in one process. But between two papers only a
few places differ. So for each kind of page (template, section and depth below the root) the
template is rendered once, with marks in these places; a page is then the shell with its own values
between, made by as many processes as there are cores.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.build.citation.metadata import head
from generator.build.exports.sitemap import SitemapEntry, sitemap_entry
from generator.build.site.pagehtml import page_html, split_front_matter
from generator.core import urls
from generator.core.parallel import Workers
from generator.core.progress import Progress
from generator.core.texts import Texts

# What differs between two pages of one kind. A template reads these as ``daybook.<slot>``.
SLOTS = ("title", "description", "path", "head", "toc", "aside", "content")

_MARK = re.compile("\x02([a-z]+)\x03")
_SPACE = re.compile(r"\s*\n\s*")


@dataclass(frozen=True)
class PageJob:
    """What a worker needs: inherited through ``fork``, never pickled.

    ``shell`` renders a kind's template for a URL, with the slots' marks in it. ``exists`` tells
    whether a source path is there. ``texts`` are the interface's.
    """

    source_dir: Path
    site_dir: Path
    shell: Callable[[str, str], str]
    exists: Callable[[str], bool]
    texts: Texts


def marks() -> dict[str, str]:
    """Each slot's value while a shell is rendered: control characters, so that no text holds it."""
    return {slot: f"\x02{slot}\x03" for slot in SLOTS}


class Builder:
    """Builds pages in the background from the moment it is made; ``join`` waits for them."""

    def __init__(self, job: PageJob, sources: Sequence[str]) -> None:
        self._total = len(sources)
        self._workers = Workers(_Worker(job).build, sources)

    def join(self, progress: Progress) -> list[SitemapEntry]:
        """Wait for all pages, reporting (done, total). Raises what a page raised."""
        built: list[SitemapEntry] = []
        for chunk in self._workers.results():
            built += chunk
            progress(len(built), self._total)
        return built

    def stop(self) -> None:
        """End the workers."""
        self._workers.stop()


class _Worker:
    """One process's job and the shells that it has rendered."""

    def __init__(self, job: PageJob) -> None:
        self.job = job
        self.shells: dict[tuple[str, str], list[str]] = {}

    def build(self, source: str) -> SitemapEntry:
        job = self.job
        text = (job.source_dir / source).read_text(encoding="utf-8")
        page = page_html(source, *split_front_matter(source, text), job.exists, job.texts)
        url = urls.page_url(source)
        key = (page.front["kind"], _neutral(url))
        shell = self.shells.get(key)
        if shell is None:
            shell = self.shells[key] = _split(job.shell(*key))
        values = {
            "title": html.escape(page.front["title"]),
            "description": html.escape(page.front.get("description", "")),
            "path": urls.encoded(url),
            "head": head(page.front, url),
            "toc": page.toc,
            "aside": page.aside,
            "content": page.content,
        }
        # The shell alternates literal text and slot names.
        parts = list(shell)
        parts[1::2] = [values[slot] for slot in shell[1::2]]
        path = job.site_dir / url / "index.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes("".join(parts).encode())
        return sitemap_entry(url, page.front)


def _neutral(url: str) -> str:
    """The address that stands for all of a section at this depth, and is no page's own.

    Relative links are the same from each of them, whichever comes first.
    """
    section, *rest = url.rstrip("/").split("/")
    return "/".join((section, *("-" for _ in rest), ""))


def _split(shell: str) -> list[str]:
    return _MARK.split(_SPACE.sub("\n", shell).strip())
