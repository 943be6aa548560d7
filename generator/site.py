"""Writing pages to ``site_src/``, and MkDocs over them to ``site/``."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Callable, Sequence
from itertools import chain
from pathlib import Path, PurePosixPath

from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config as load_mkdocs_config
from mkdocs.exceptions import Abort, MkDocsException

from generator.errors import BuildError, DaybookError
from generator.layout import PageMaker
from generator.parallel import Workers

# What `write_pages` owns below site_src/: a file here that is not written anew is removed.
GENERATED = (
    *("papers", "days", "categories", "tags", "authors", "trends", "status", "feeds", "bib"),
    *("index.md", "about.md", "search.md", "saved.md"),
    *("feed.xml", "atom.xml", "feed.json", "feeds.opml"),
)


def write_pages(
    source_dir: Path, makers: Sequence[PageMaker], progress: Callable[[int, int], None]
) -> int:
    """Write what the makers give, remove generated files that are no more; return the number.

    Makers run in parallel. Raises BuildError for a path that is written twice, leaves
    ``source_dir`` or is not among ``GENERATED``. A file whose bytes would be the same stays as it
    is.
    """

    def make(maker: PageMaker) -> list[str]:
        return [_write(source_dir, path, data) for path, data in maker()]

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
                    todo="This is a fault in generator/urls.py; please report it",
                )
            written.add(path.casefold())
        done += len(chunk)
        progress(done, len(makers))
    _remove_stale(source_dir, written)
    return len(written)


def build_site(
    mkdocs_yml: Path,
    source_dir: Path,
    site_dir: Path,
    *,
    name: str,
    url: str,
    description: str,
    built: int,
    progress: Callable[[int, int], None],
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


def _write(source_dir: Path, source: str, data: bytes) -> str:
    _check_path(source)
    path = source_dir / source
    try:
        if path.read_bytes() == data:
            return source
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return source


def _check_path(source: str) -> None:
    path = PurePosixPath(source)
    if (
        path.is_absolute()
        or ".." in path.parts
        or path.parts[0] not in GENERATED
        or str(path) != source
        or any(ord(character) < 32 or character == "\\" for character in source)
    ):
        raise BuildError(
            "Refused to write a page",
            item=repr(source),
            why="the path leaves the folders of generated pages",
            todo="This is a fault in generator/urls.py; please report it",
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
