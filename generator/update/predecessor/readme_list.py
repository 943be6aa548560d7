"""A day's list as a part of a file that somebody else writes, such as a README.

The format is the predecessor's (see ``readme_layout``), so that its readers find what they know,
and ``generator import`` reads every list in a repository's history back.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path

from generator.core.days import Day, Row
from generator.core.errors import ConfigError, StoreError
from generator.core.files import replace_file
from generator.core.papers import Author, Paper
from generator.store.merge import current_summary
from generator.store.store import Store
from generator.update.predecessor.readme_escapes import (
    BEGIN,
    END,
    escape_body,
    escape_html,
    escape_line,
    escape_title,
    marked_part,
)

_SHOWN = 300  # characters of an abstract, as the predecessor had it


def renew_list(path: Path, store: Store) -> None:
    """Put the list of the newest day that has one between the marks of a file.

    The file is made if it is not there, and replaced in one step. Raises StoreError, and
    ConfigError where the file cannot be read or written, or its marks are not one pair.
    """
    try:
        # The newest list that anybody stores is the one that is written last.
        with store.exclusive():
            day = next((day for day in store.days(newest_first=True) if day.rows), None)
            if day is None:
                return
            papers = {row.id.id: _paper(store, row.id.id) for row in day.rows}
            _renew(path, make_list(day, papers))
    except (OSError, ValueError) as error:
        raise ConfigError(
            "Cannot renew the digest; the archive itself is complete",
            item=str(path),
            why=str(error),
            todo="Mend the file, or take paths.digest out of daybook.yml",
        ) from error


def _renew(path: Path, text: str) -> None:
    before = path.read_bytes() if path.exists() else b""
    after = put_list(before, text)
    if after != before:
        replace_file(path, after, durable=True)


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


def put_list(document: bytes, text: str) -> bytes:
    """Return the document with a list between its marks; behind its end where it has none.

    All else stays byte for byte. Raises ValueError where the marks are not one pair in order.
    """
    before = document.decode("utf-8", "surrogateescape")
    part = marked_part(before)
    if part is None:
        gap = "" if not before else "\n" if before.endswith("\n") else "\n\n"
        after = f"{before}{gap}{BEGIN}\n{text}{END}\n"
    else:
        after = f"{before[: part[0]]}\n{text}{before[part[1] :]}"
    return after.encode("utf-8", "surrogateescape")


def make_list(day: Day, papers: Mapping[str, Paper]) -> str:
    """Return the list of a day as text, to be put between the marks; ``papers`` are by id."""
    updated = day.run.updated
    if updated is None or updated.astimezone(UTC).date() != day.date:
        # Whoever reads the list back takes its day from here.
        updated = datetime.combine(day.date, time(), UTC)
    rows = [
        _row(number, row, papers[row.id.id], day.date) for number, row in enumerate(day.rows, 1)
    ]
    return f"""
## 📊 Statistics

- **Last Updated**: {updated.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC
- **Total Papers Found**: {len(rows)}
- **Categories Monitored**: {", ".join(map(escape_line, day.run.categories))}

## 📚 Recent Papers

{chr(10).join(rows) or "No papers matching the criteria were found."}

## 🔧 Configuration

The papers were chosen by these keywords:
- {", ".join(map(escape_line, day.run.keywords))}

"""


def _row(number: int, row: Row, paper: Paper, day: date) -> str:
    fields = {
        "Authors": ", ".join(map(_author, paper.authors)) or "Unknown",
        "Category": escape_line(paper.primary_category),
        "Published": _published(row, paper, day).isoformat(),
        "Score": _score(row.score),
        "Type": row.type.value,
        "ArXiv ID": str(row.id),
    }
    lines = "  \n".join(f"**{name}**: {value}" for name, value in fields.items())
    return (
        f"### {number}. [{escape_title(paper.title)}](https://arxiv.org/abs/{paper.id})\n\n"
        f"{lines}  \n\n#### Abstract\n{_abstract(paper)}{_summary(paper)}\n\n---\n"
    )


def _published(row: Row, paper: Paper, day: date) -> date:
    """Return when arXiv announced what is listed: if imported, not always the day itself."""
    same = [x.date for x in paper.listings if (x.version, x.type) == (row.id.version, row.type)]
    return max((announced for announced in same if announced <= day), default=day)


def _author(author: Author) -> str:
    affiliation = f" ({author.affiliation})" if author.affiliation else ""
    return escape_line(author.name + affiliation)


def _score(score: float) -> str:
    """Return a score with one digit behind the point at least, and six at most."""
    whole, _, fraction = f"{score:.6f}".partition(".")
    return f"{whole}.{fraction.rstrip('0') or '0'}"


def _abstract(paper: Paper) -> str:
    """Return the beginning; only a cut one ends in three dots."""
    cut = len(paper.abstract) > _SHOWN or paper.abstract_is_excerpt
    return escape_line(paper.abstract[:_SHOWN]) + ("..." if cut else "")


def _summary(paper: Paper) -> str:
    summary = current_summary(paper)
    if summary is None:
        return ""
    return (
        f"\n\n<details>\n<summary><strong>🤖 AI Summary (by {escape_html(summary.model)})</strong>"
        f" - Click to expand</summary>\n\n{escape_body(summary.body)}\n\n</details>"
    )
