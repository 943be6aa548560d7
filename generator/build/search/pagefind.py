"""Running Pagefind (https://pagefind.app/) over articles, and reading what it made."""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
import zlib
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pagefind.service import get_executable

from generator.build.search.records import Record, article
from generator.core.errors import BuildError
from generator.core.parallel import Workers

VERSION = version("pagefind-bin")
# What every part would bring along; a site has these once (``engine``).
ENGINE = ("pagefind.js", "wasm.en.pagefind")
_KEPT = ("*.pf_meta", "index", "fragment")
_MAGIC = b"pagefind_dcd"


def write_articles(records: Sequence[Record], folder: Path) -> None:
    """Write each paper's article into the new ``folder``, in parallel."""
    folder.mkdir(parents=True)

    def write(record: Record) -> None:
        path = folder / f"{record.id.replace('/', '_')}.html"
        path.write_text(article(record), encoding="utf-8")

    for _ in Workers(write, records).results():
        pass


def index(articles: Path, folder: Path) -> tuple[dict[str, Any], dict[str, str]]:
    """Index articles into the new ``folder``; return Pagefind's entry, and each id's fragment.

    Raises BuildError where Pagefind fails.
    """
    output = articles / "output"
    _run(articles, output)
    try:
        entry: dict[str, Any] = json.loads((output / "pagefind-entry.json").read_bytes())
        fragments = _fragments(output / "fragment")
    except (EOFError, KeyError, ValueError, zlib.error) as error:
        raise BuildError(
            "Pagefind's index is damaged",
            item=str(output),
            why=str(error) or type(error).__name__,
            todo="Check that there is enough disk, then run generator build again",
        ) from error
    folder.mkdir()
    for pattern in _KEPT:
        for path in output.glob(pattern):
            path.rename(folder / path.name)
    return entry, fragments


def engine(folder: Path) -> None:
    """Write what the browser runs, the same for every part, into the new ``folder``.

    Pagefind writes these only along with an index, so a page with one word is indexed.
    """
    folder.mkdir(parents=True)
    page = '<!doctype html><html lang="en"><body><article data-pagefind-body>word</article></body>'
    (folder / "page.html").write_text(page, encoding="utf-8")
    _run(folder, folder / "output")
    for name in ENGINE:
        (folder / "output" / name).rename(folder / name)
    shutil.rmtree(folder / "output")
    (folder / "page.html").unlink()


def _run(site: Path, output: Path) -> None:
    # From their own folder: Pagefind reads a configuration file and .gitignore where it stands.
    done = subprocess.run(
        [_program(), "--site", ".", "--output-path", str(output.resolve())],
        cwd=site,
        capture_output=True,
        encoding="utf-8",  # whatever the locale says
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise BuildError(
            "Pagefind could not index the papers",
            item=str(site),
            why=(done.stderr or done.stdout).strip()[-500:] or f"it ended with {done.returncode}",
            todo="Check that there is enough memory and disk, then run generator build again",
        )


def _program() -> Path:
    program = get_executable()
    if program is None:
        raise BuildError(
            "Pagefind is not installed",
            item="pagefind-bin",
            why="its program is nowhere to be found",
            todo="Run: pip install -r requirements.txt",
        )
    return program


def _fragments(folder: Path) -> dict[str, str]:
    """Return the fragment that holds each paper, by id."""
    found = {}
    for path in folder.iterdir():
        content = json.loads(gzip.decompress(path.read_bytes()).removeprefix(_MAGIC))
        found[content["meta"]["id"]] = path.stem
    return found
