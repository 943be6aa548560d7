"""Pages and other files, written where their makers say, and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from itertools import chain
from pathlib import Path, PurePosixPath

from generator.core.errors import BuildError
from generator.core.files import links_below
from generator.core.parallel import Workers
from generator.core.progress import Progress, silent
from generator.core.site import PageMaker

# What `write_pages` owns below site_src/: a file here that is not written anew is removed.
GENERATED = (
    *("papers", "days", "categories", "tags", "authors", "trends", "status", "feeds", "bib"),
    *("index.md", "about.md", "search.md", "saved.md", "unread.md"),
    *("feed.xml", "atom.xml", "feed.json", "feeds.opml"),
)
# What `publish_files` owns in a site: files for programs, which no page is made of.
PUBLISHED = ("api", "pictures", "robots.txt", "llms.txt")

_UNSAFE = re.compile(r"[\x00-\x1f\\]")
_FAULT = "This is a fault in generator/core/urls.py; please report it"


def write_pages(source_dir: Path, makers: Sequence[PageMaker], progress: Progress) -> int:
    """Write what the makers give, remove generated files that are no more; return the number.

    Raises BuildError for a path that is written twice, leaves ``source_dir`` or is not among
    ``GENERATED``, and for a symbolic link among these. A file whose bytes would be the same stays
    as it is.
    """
    for link in chain.from_iterable(links_below(source_dir / name) for name in GENERATED):
        raise BuildError(
            "Refused to write through a symbolic link",
            item=str(link),
            why="what it leads to is no page of Daybook's",
            todo="Remove the link: every build makes all pages anew",
        )
    written = _write_all(source_dir, GENERATED, makers, progress)
    _remove_stale(source_dir, written)
    return len(written)


def publish_files(site_dir: Path, makers: Sequence[PageMaker]) -> None:
    """Write files that are no pages straight into a new site, past the engine.

    Raises BuildError as ``write_pages`` does, here for a path that is not among ``PUBLISHED``.
    """
    _write_all(site_dir, PUBLISHED, makers, silent)


def _write_all(
    root: Path, allowed: Sequence[str], makers: Sequence[PageMaker], progress: Progress
) -> set[str]:
    """Run the makers in parallel and write what they give; return the paths, case folded."""

    def make(maker: PageMaker) -> list[str]:
        return [_write(root, allowed, path, data) for path, data in maker()]

    written: set[str] = set()
    done = 0
    for chunk in Workers(make, makers).results():
        for path in chain.from_iterable(chunk):
            # File systems that ignore case must not lose a page.
            if path.casefold() in written:
                why = "another page has this path, or one that differs only in case"
                raise BuildError("Two pages have one path", item=path, why=why, todo=_FAULT)
            written.add(path.casefold())
        done += len(chunk)
        progress(done, len(makers))
    return written


def _write(root: Path, allowed: Sequence[str], name: str, data: bytes) -> str:
    """Write a file whose path is as it should be; return the path."""
    _check_path(name, allowed)
    path = root / name
    with suppress(FileNotFoundError):
        if path.read_bytes() == data:
            return name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return name


def _check_path(name: str, allowed: Sequence[str]) -> None:
    path = PurePosixPath(name)
    is_inside = ".." not in path.parts and path.parts[0] in allowed
    if not is_inside or str(path) != name or _UNSAFE.search(name):
        why = "the path leaves the folders of generated files"
        raise BuildError("Refused to write a page", item=repr(name), why=why, todo=_FAULT)


def _remove_stale(source_dir: Path, written: set[str]) -> None:
    """Remove generated files that were not written now, and folders that this leaves empty."""
    for root in (source_dir / name for name in GENERATED):
        for path in sorted(root.rglob("*"), reverse=True) if root.is_dir() else [root]:
            if path.is_dir():
                if not any(path.iterdir()):
                    path.rmdir()
            elif path.relative_to(source_dir).as_posix().casefold() not in written:
                path.unlink(missing_ok=True)
