"""Keeps the digest in a file up to date with the store."""

from __future__ import annotations

from pathlib import Path

from generator.digest import make_digest, put_digest
from generator.errors import ConfigError, StoreError
from generator.models import Paper
from generator.store import Store


def renew_digest(path: Path, store: Store) -> None:
    """Put the list of the newest day that has one between the marks of a file.

    The file is made if it is not there, and replaced in one step. Raises StoreError, and
    ConfigError where the file cannot be read or written, or its marks are not one pair.
    """
    day = next((day for day in store.days(newest_first=True) if day.rows), None)
    if day is None:
        return
    papers = {row.id.id: _paper(store, row.id.id) for row in day.rows}
    try:
        before = path.read_bytes() if path.exists() else b""
        after = put_digest(before, make_digest(day, papers.__getitem__))
        if after != before:
            temporary = path.with_name(f".{path.name}.new")
            temporary.write_bytes(after)
            temporary.replace(path)
    except (OSError, ValueError) as error:
        raise ConfigError(
            "Cannot renew the digest; the archive itself is complete",
            item=str(path),
            why=str(error),
            todo="Mend the file, or take paths.digest out of daybook.yml",
        ) from error


def _paper(store: Store, identifier: str) -> Paper:
    paper = store.paper(identifier)
    if paper is None:
        raise StoreError(
            "Incomplete data store",
            item=identifier,
            why="a day lists the paper, but data/papers has no file for it",
            todo="Run: generator check, and restore data/ from git",
        )
    return paper
