r"""The parts of a predecessor's README: the grammar of the file, with no view on its values.

The format, as `arxiv_bot.py` of https://github.com/MayDomine/arxiv_rss_bot wrote it through its
history: a statistics header; one row per paper, closed by a rule; then the configuration.

    - **Last Updated**: 2026-02-05 06:40:51 UTC
    - **Total Papers Found**: 30
    - **Categories Monitored**: cs.AI, cs.CL
    ### 1. [Title](https://arxiv.org/abs/2602.04870)

    **Authors**: ...               then Category, Published, Score, and later Type, ArXiv ID

    #### Abstract                  (not in the older ones)
    The first 300 characters, then "..." where there are more

    <details>                      (for some days only: "#### AI Summary (by MODEL)", no details)
    <summary><strong>🤖 AI Summary (by MODEL)</strong> - Click to expand</summary>
    ...
    </details>

    ---
    ## 🔧 Configuration            with the keywords as a list item

A summary is free Markdown and may itself look like any of this. What makes a row is its place
(behind the rule that closes the row before it), its number (one more) and its fields.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from generator.core.errors import ReadmeError

_ROW_START = re.compile(r"### (\d+)\. \[")
_HEADER = re.compile(
    r"### (?P<number>\d+)\. \[(?P<title>.*)\]\((?P<link>https?://[\w.-]*arxiv\.org/abs/[^\s()]+)\)\s*",
    re.DOTALL,
)
_BOLD = re.compile(r"(?:[-*] )?\*\*(?P<name>[^*:]+):?\*\*:?(?P<value>.*)")
_REQUIRED = ("Authors", "Category", "Published", "Score")
_BEHIND_ABSTRACT = re.compile(r"---\s*$|#{1,6} |<details|<summary")
_SUMMARY = re.compile(r"AI Summary \(by (?P<model>.+)\)")
_CONFIGURATION = re.compile(r"## (?:\S+ )?Configuration\s*")


@dataclass(frozen=True, slots=True)
class Field:
    """The text behind a bold name, and its line (counted from 1)."""

    line: int
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadmeRow:
    """One row as text. ``model`` and ``body`` are None where it has no summary.

    ``is_cut`` says whether the abstract is; ``None`` where its text has to tell.
    """

    line: int
    number: int
    title: str
    link: str
    fields: dict[str, Field]
    abstract: str
    is_cut: bool | None = None
    model: str | None = None
    body: str | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """The parts of a README: the header's bold fields, the rows in order, the keyword list."""

    statistics: dict[str, Field]
    rows: tuple[ReadmeRow, ...]
    keywords: str


@dataclass(frozen=True, slots=True)
class _Head:
    """A row up to its abstract.

    ``stop`` is the index of what follows: the closing rule, or the first line of a summary.
    """

    row: ReadmeRow
    stop: int
    in_details: bool = False


def broken(name: str, line: int, why: str) -> ReadmeError:
    """Return the error for a file that cannot be read, at a line counted from 1."""
    return ReadmeError(
        "Cannot read a README of the predecessor",
        item=f"{name}, line {line}",
        why=why,
        todo="Nothing was imported. Restore the file or take it out, then import again",
    )


def read_layout(text: str, name: str) -> Layout:
    """Take a README apart. Raises ReadmeError where any part is missing or broken off."""
    lines = text.split("\n")
    sections = [index for index, line in enumerate(lines) if line.startswith("## ")]
    end = next((at for at in reversed(sections) if _CONFIGURATION.fullmatch(lines[at])), None)
    first = next((at for at, line in enumerate(lines[:end]) if line.startswith("### 1. [")), None)
    statistics = {
        bold["name"]: Field(number, bold["value"].strip())
        for number, line in enumerate(lines[: end if first is None else first], 1)
        if (bold := _BOLD.fullmatch(line))
    }
    if "Last Updated" not in statistics:
        raise broken(name, 1, "it has no statistics header with **Last Updated**")
    if end is None:
        raise broken(name, len(lines), "it is broken off before the Configuration section")
    rows = [] if first is None else _rows(lines[: end + 1], first, name)
    _check_count(statistics, rows, lines[:end], name)
    return Layout(statistics, tuple(rows), _keywords(lines, end, name))


def _rows(lines: list[str], first: int, name: str) -> list[ReadmeRow]:
    """Return the rows from the first one on; the last of ``lines`` is the Configuration heading."""
    starts: dict[int, list[int]] = {}
    for index, line in enumerate(lines):
        if line.startswith("### ") and (start := _ROW_START.match(line)):
            starts.setdefault(int(start[1]), []).append(index)
    rows: list[ReadmeRow] = []
    at: int | None = first
    while at is not None:
        head = _head(lines, at, name)
        if head.row.model is None:
            rows.append(head.row)
            behind = _skip_blank(lines, head.stop + 1)
            at = behind if _ROW_START.match(lines[behind]) else None
        else:
            at = _next_row(lines, head, starts.get(head.row.number + 1, []), name)
            rows.append(replace(head.row, body=_body(lines, head, at, name)))
    return rows


def _head(lines: list[str], at: int, name: str) -> _Head:
    """Read the row that starts at an index, up to its abstract and what must follow this."""
    stop = at + 1
    while _text_at(lines, stop).strip():  # a title may have line breaks in it
        stop += 1
    match = _HEADER.fullmatch("\n".join(lines[at:stop]))
    if match is None:
        raise broken(name, at + 1, "the title and link of this row cannot be read")
    number = int(match["number"])
    fields, stop = _fields(lines, _skip_blank(lines, stop), name)
    if missing := [field for field in _REQUIRED if field not in fields]:
        raise broken(name, at + 1, f"row {number} has no {' and no '.join(missing)}")
    stop = _skip_blank(lines, stop)
    if lines[stop : stop + 1] == ["#### Abstract"]:
        stop += 1
    begin = stop
    while stop < len(lines) and not _BEHIND_ABSTRACT.match(lines[stop]):
        stop += 1
    row = ReadmeRow(
        line=at + 1,
        number=number,
        title=match["title"],
        link=match["link"],
        fields=fields,
        abstract="\n".join(lines[begin:stop]).strip(),
    )
    if _is_rule(lines, stop):
        behind = _skip_blank(lines, stop + 1)
        is_next = _text_at(lines, behind).startswith(f"### {number + 1}. [")
        if not is_next and behind != len(lines) - 1:
            raise broken(name, stop + 1, f"neither row {number + 1} nor the last section follows")
        return _Head(row, stop)
    in_details = _text_at(lines, stop).startswith("<")
    marker = _skip_blank(lines, stop + 1) if _text_at(lines, stop).strip() == "<details>" else stop
    summary = _SUMMARY.search(_text_at(lines, marker))
    if summary is None:
        raise broken(name, stop + 1, f"what follows the abstract of row {number} is unknown")
    return _Head(replace(row, model=summary["model"]), marker + 1, in_details)


def _fields(lines: list[str], at: int, name: str) -> tuple[dict[str, Field], int]:
    """Read the bold fields from an index up to a blank line; a field may run over several lines."""
    fields: dict[str, Field] = {}
    last = ""
    while _text_at(lines, at).strip():
        if bold := _BOLD.fullmatch(lines[at]):
            last = bold["name"]
            fields[last] = Field(at + 1, bold["value"].strip())
        elif last:
            fields[last] = replace(fields[last], value=f"{fields[last].value} {lines[at].strip()}")
        else:
            raise broken(name, at + 1, "the fields of a row must stand here")
        at += 1
    return fields, at


def _next_row(lines: list[str], head: _Head, starts: list[int], name: str) -> int | None:
    """Return where the row behind a summary starts, in its place; None behind the last row.

    Two such places would make one of them a part of the summary, so there may be one only.
    """
    candidates = [at for at in starts if at > head.stop and _closed_at(lines, at, head.in_details)]
    if len(candidates) > 1:
        candidates = [at for at in candidates if _is_readable(lines, at)]
    if len(candidates) > 1:
        raise broken(name, candidates[1] + 1, f"line {candidates[0] + 1} starts the same row")
    return candidates[0] if candidates else None


def _is_readable(lines: list[str], at: int) -> bool:
    try:
        _head(lines, at, "")
    except ReadmeError:
        return False
    return True


def _body(lines: list[str], head: _Head, next_row: int | None, name: str) -> str:
    """Return the summary behind a head, up to the close that what follows it proves."""
    stop = _closed_at(lines, next_row or len(lines) - 1, head.in_details)
    if stop is None or stop < head.stop:
        raise broken(name, len(lines), f"the summary of row {head.row.number} is not closed before")
    first = _skip_blank(lines, head.stop)
    return "\n".join(lines[first : max(first, _skip_blank_back(lines, stop - 1) + 1)])


def _closed_at(lines: list[str], at: int, in_details: bool) -> int | None:
    """Return where the row closed by a rule before ``at`` ends: its </details>, or the rule."""
    rule = _skip_blank_back(lines, at - 1)
    if not _is_rule(lines, rule):
        return None
    closing = _skip_blank_back(lines, rule - 1)
    if not in_details:
        return rule
    return closing if lines[closing].strip() == "</details>" else None


def _check_count(
    statistics: dict[str, Field], rows: list[ReadmeRow], lines: list[str], name: str
) -> None:
    total = statistics.get("Total Papers Found")
    if total is not None and total.value.isdecimal():
        if int(total.value) != len(rows):
            why = f"it states {total.value} papers, but {len(rows)} rows can be read"
            raise broken(name, total.line, why)
    elif not rows and not any(line.startswith("No papers") for line in lines):
        raise broken(name, len(lines), "it has neither rows nor the statement that there are none")


def _keywords(lines: list[str], end: int, name: str) -> str:
    """Return the list items of the Configuration section, whose heading is at index ``end``."""
    items = []
    for index in range(end + 1, len(lines) - 1):  # the last line has no line end: it may be cut
        if lines[index].startswith("## "):
            break
        if lines[index].startswith("-") and not _is_rule(lines, index):
            items.append(lines[index][1:].strip())
    if not items:
        raise broken(name, end + 1, "the Configuration section is broken off before its keywords")
    return ", ".join(items)


def _skip_blank(lines: list[str], at: int) -> int:
    while at < len(lines) and not lines[at].strip():
        at += 1
    return at


def _skip_blank_back(lines: list[str], at: int) -> int:
    while at > 0 and not lines[at].strip():
        at -= 1
    return at


def _text_at(lines: list[str], at: int) -> str:
    return lines[at] if at < len(lines) else ""


def _is_rule(lines: list[str], at: int) -> bool:
    return _text_at(lines, at).rstrip() == "---"
