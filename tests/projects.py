"""A project folder for a test: the real templates and settings, its own store and rules."""

from __future__ import annotations

import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from generator.build.site.serve import make_server
from generator.cli.commands import main

PROJECT = Path(__file__).resolve().parents[1]

# What the fixture ``once`` of conftest.py is.
Once = Callable[[str, Callable[[Path], Path]], Path]

_CONFIG = """\
site:
  url: https://daybook.example/
  language: {language}
sources:
  categories: [{categories}]
  feed_base: {feeds}
  api_base: {feeds}
  delay: 0
  timeout: 5
select:
  keywords: [LLM, sparse attention, kernel]
"""


def make_project(
    folder: Path,
    *,
    feeds: str = "http://127.0.0.1:9",
    categories: str = "cs.LG, cs.AI",
    language: str = "en",
) -> Path:
    """Make ``folder`` a project whose feeds come from the server at ``feeds``."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(PROJECT / "mkdocs.yml", folder)
    shutil.copytree(PROJECT / "overrides", folder / "overrides")
    shutil.copytree(PROJECT / "site_src" / "assets", folder / "site_src" / "assets")
    (folder / "generator").symlink_to(PROJECT / "generator")
    (folder / "daybook.yml").write_text(
        _CONFIG.format(feeds=feeds, categories=categories, language=language)
    )
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder but its locks, by path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".lock")
    }


def timeless(files: dict[str, bytes]) -> dict[str, bytes]:
    """Files of a store without how long the updates took."""
    return {
        name: re.sub(rb'"seconds": [\d.]+', b'"seconds": null', data)
        for name, data in files.items()
    }


def run_generator(project: Path, *arguments: str, code: int = 0) -> None:
    """Run a command in a project's folder; it must end with ``code``."""
    here = Path.cwd()
    os.chdir(project)
    try:
        ended = main(["-q", *arguments])
    finally:
        os.chdir(here)
    assert ended == code, f"generator {' '.join(arguments)} ended with {ended}, not {code}"


@contextmanager
def serving(site: Path) -> Iterator[str]:
    """Serve a built site as `generator serve` does; the value is its address with a slash."""
    with make_server(site, "127.0.0.1", 0) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/"
        finally:
            server.shutdown()
            thread.join()
