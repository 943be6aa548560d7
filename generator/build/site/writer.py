"""Writing pages to ``site_src/``, and MkDocs over them to ``site/``."""

from __future__ import annotations

import logging
import os
import re
import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import chain
from pathlib import Path, PurePosixPath

from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config as load_mkdocs_config
from mkdocs.exceptions import Abort, MkDocsException

from generator.core.errors import BuildError, DaybookError
from generator.core.parallel import Workers
from generator.core.progress import Progress
from generator.core.site import PageMaker

# What `write_pages` owns below site_src/: a file here that is not written anew is removed.
GENERATED = (
    *("papers", "days", "categories", "tags", "authors", "trends", "status", "feeds", "bib"),
    *("index.md", "about.md", "search.md", "saved.md"),
    *("feed.xml", "atom.xml", "feed.json", "feeds.opml"),
)

# What `publish_files` owns in a site: files for programs, which no page is made of.
PUBLISHED = ("api", "robots.txt", "llms.txt")


def write_pages(source_dir: Path, makers: Sequence[PageMaker], progress: Progress) -> int:
    """Write what the makers give, remove generated files that are no more; return the number.

    Raises BuildError for a path that is written twice, leaves ``source_dir`` or is not among
    ``GENERATED``. A file whose bytes would be the same stays as it is.
    """
    written = _write_all(source_dir, GENERATED, makers, progress)
    _remove_stale(source_dir, written)
    return len(written)


def publish_files(site_dir: Path, makers: Sequence[PageMaker]) -> None:
    """Write files that are no pages straight into a new site; for MkDocs they would be work.

    Raises BuildError as ``write_pages`` does, here for a path that is not among ``PUBLISHED``.
    """
    _write_all(site_dir, PUBLISHED, makers, lambda done, total: None)


def _write_all(
    root: Path,
    allowed: Sequence[str],
    makers: Sequence[PageMaker],
    progress: Progress,
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
                raise BuildError(
                    "Two pages have one path",
                    item=path,
                    why="another page has this path, or one that differs only in case",
                    todo="This is a fault in generator/core/urls.py; please report it",
                )
            written.add(path.casefold())
        done += len(chunk)
        progress(done, len(makers))
    return written


def build_site(
    mkdocs_yml: Path,
    source_dir: Path,
    site_dir: Path,
    *,
    name: str,
    url: str,
    description: str,
    language: str,
    built: int,
    progress: Progress,
    finish: Callable[[Path], None],
) -> None:
    """Run MkDocs strictly; the old site stays until the new one is whole.

    ``finish`` is called with the new site's folder before it takes the old one's place.

    ``built`` (Unix seconds) is the time that the site claims to be built at, unless
    ``SOURCE_DATE_EPOCH`` is set, so that the same data give the same bytes. Raises BuildError.
    """
    fresh = site_dir.with_name(f"{site_dir.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    os.environ.setdefault("SOURCE_DATE_EPOCH", str(built))
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
    logging.getLogger("mkdocs").setLevel(logging.WARNING)
    try:
        config = load_mkdocs_config(
            str(mkdocs_yml),
            docs_dir=str(source_dir),
            site_dir=str(fresh),
            site_name=name,
            site_url=url,
            site_description=description,
            strict=True,
        )
        config.extra["progress"] = progress
        config.theme["language"] = language
        mkdocs_build(config)
        finish(fresh)
    except DaybookError:
        raise
    except (MkDocsException, Abort) as error:
        raise BuildError(
            "MkDocs could not build the site",
            item=str(source_dir),
            why=str(error),
            todo="The lines above say which page; the old site is untouched",
        ) from error
    old = site_dir.with_name(f"{site_dir.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if site_dir.exists():
        site_dir.rename(old)
    fresh.rename(site_dir)
    shutil.rmtree(old, ignore_errors=True)


def _write(root: Path, allowed: Sequence[str], name: str, data: bytes) -> str:
    _check_path(name, allowed)
    path = root / name
    with suppress(FileNotFoundError):
        if path.read_bytes() == data:
            return name
    try:
        path.write_bytes(data)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return name


_UNSAFE = re.compile(r"[\x00-\x1f\\]")


def _check_path(name: str, allowed: Sequence[str]) -> None:
    path = PurePosixPath(name)
    if (
        path.is_absolute()
        or ".." in path.parts
        or path.parts[0] not in allowed
        or str(path) != name
        or _UNSAFE.search(name)
    ):
        raise BuildError(
            "Refused to write a page",
            item=repr(name),
            why="the path leaves the folders of generated files",
            todo="This is a fault in generator/core/urls.py; please report it",
        )


def _remove_stale(source_dir: Path, written: set[str]) -> None:
    for name in GENERATED:
        root = source_dir / name
        for path in sorted(root.rglob("*"), reverse=True) if root.is_dir() else [root]:
            if path.is_dir():
                if not any(path.iterdir()):
                    path.rmdir()
            elif path.relative_to(source_dir).as_posix().casefold() not in written:
                path.unlink(missing_ok=True)
