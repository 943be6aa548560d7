"""The many pages of one kind, built in parallel: Material's template is rendered once for a kind.

Stock MkDocs runs Material's template for each page, in one process. But between two papers only a
few places differ. So for each kind of page (template and depth below the root) the template is
rendered once, with marks in these places; a page is then the shell with its own values between,
made by as many processes as there are cores.
"""

from __future__ import annotations

import html
import multiprocessing
import multiprocessing.pool
import os
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from generator import urls
from generator.errors import BuildError
from generator.pagehtml import page_html, split_front_matter

# What differs between two pages of one kind. A template reads these as ``daybook.<slot>``.
SLOTS = ("title", "description", "path", "toc", "aside", "content")
CHUNK = 64

_MARK = re.compile("\x02([a-z]+)\x03")
_SPACE = re.compile(r"\s*\n\s*")


@dataclass(frozen=True)
class Job:
    """What a worker needs: inherited through ``fork``, never pickled.

    ``shell`` renders a template for a URL with the slots' marks in it. ``exists`` tells whether a
    source path is there.
    """

    source_dir: Path
    site_dir: Path
    shell: Callable[[str, str], str]
    exists: Callable[[str], bool]


def marks() -> dict[str, str]:
    """Each slot's value while a shell is rendered: control characters, so that no text holds it."""
    return {slot: f"\x02{slot}\x03" for slot in SLOTS}


class Builder:
    """Builds pages in the background; ``join`` waits for them. Not to be used twice."""

    def __init__(self, job: Job, sources: Sequence[str]) -> None:
        self._sources = sources
        self._chunks = [sources[at : at + CHUNK] for at in range(0, len(sources), CHUNK)]
        self._job = job
        self._pool: multiprocessing.pool.Pool | None = None
        self._results: Iterable[int] = ()
        workers = min(_cores(), len(self._chunks))
        if workers > 1 and "fork" in multiprocessing.get_all_start_methods():
            self._pool = multiprocessing.get_context("fork").Pool(workers, _start_worker, (job,))
            self._results = self._pool.imap_unordered(_build_chunk, self._chunks)

    def join(self, progress: Callable[[int, int], None]) -> None:
        """Wait for all pages, reporting (done, total). Raises what a page raised."""
        done = 0
        if self._pool is None:
            _start_worker(self._job)
            self._results = map(_build_chunk, self._chunks)
        try:
            for count in self._results:
                done += count
                progress(done, len(self._sources))
        finally:
            self.stop()

    def stop(self) -> None:
        """End the workers."""
        if self._pool is not None:
            self._pool.terminate()
            self._pool.join()
            self._pool = None


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Worker:
    """One process's job and the shells that it has rendered."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.shells: dict[tuple[str, int], list[str]] = {}

    def build(self, source: str) -> None:
        job = self.job
        text = (job.source_dir / source).read_text(encoding="utf-8")
        page = page_html(source, *split_front_matter(source, text), job.exists)
        url = urls.page_url(source)
        key = (page.front["template"], url.count("/"))
        shell = self.shells.get(key)
        if shell is None:
            shell = self.shells[key] = _split(job.shell(key[0], url))
        values = {
            "title": html.escape(page.front["title"]),
            "description": html.escape(page.front.get("description", "")),
            "path": html.escape(url),
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


def _split(shell: str) -> list[str]:
    return _MARK.split(_SPACE.sub("\n", shell).strip())


_worker: _Worker | None = None


def _start_worker(job: Job) -> None:
    global _worker  # noqa: PLW0603 - a forked process has exactly one job
    _worker = _Worker(job)


def _build_chunk(sources: Sequence[str]) -> int:
    if _worker is None:
        raise BuildError(
            "Cannot build pages",
            item=sources[0],
            why="the worker process has no job",
            todo="Please report this fault",
        )
    for source in sources:
        _worker.build(source)
    return len(sources)
