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
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import takewhile

from generator.core.errors import ReadmeError

_ROW_START = re.compile(r"### (\d+)\. \[")
_HEADER = re.compile(
    r"### (?P<number>\d+)\. \[(?P<title>.*)\]\((?P<link>https?://[\w.-]*arxiv\.org/abs/[^\s()]+)\)\s*",
    re.DOTALL,
)
_BOLD = re.compile(r"(?:[-*] )?\*\*(?P<name>[^*:]+):?\*\*:?(?P<value>.*)")
_RULE = "---"
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
    headings = [at for at, line in enumerate(lines) if line.startswith("## ")]
    end = next((at for at in reversed(headings) if _CONFIGURATION.fullmatch(lines[at])), None)
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
    rows = () if first is None else tuple(_RowReader(lines[: end + 1], name).rows(first))
    _check_count(statistics, len(rows), lines[:end], name)
    return Layout(statistics, rows, _keywords(lines, end, name))


def _check_count(statistics: dict[str, Field], rows: int, lines: list[str], name: str) -> None:
    total = statistics.get("Total Papers Found")
    if total is not None and total.value.isdecimal():
        if int(total.value) != rows:
            why = f"it states {total.value} papers, but {rows} rows can be read"
            raise broken(name, total.line, why)
    elif not rows and not any(line.startswith("No papers") for line in lines):
        raise broken(name, len(lines), "it has neither rows nor the statement that there are none")


def _keywords(lines: list[str], end: int, name: str) -> str:
    """Return the list items of the Configuration section, whose heading is at index ``end``."""
    section = lines[end + 1 : -1]  # the last line has no line end: it may be cut
    items = [
        line[1:].strip()
        for line in takewhile(lambda line: not line.startswith("## "), section)
        if line.startswith("-") and line.rstrip() != _RULE
    ]
    if not items:
        raise broken(name, end + 1, "the Configuration section is broken off before its keywords")
    return ", ".join(items)


@dataclass(frozen=True, slots=True)
class _Head:
    """A row up to its abstract.

    ``stop`` is the index of what follows: the closing rule, or the first line of a summary.
    """

    row: ReadmeRow
    stop: int
    in_details: bool = False


class _RowReader:
    """Reads the rows out of lines, the last of which is the Configuration heading."""

    def __init__(self, lines: list[str], name: str) -> None:
        self._lines = lines
        self._name = name
        self._starts: dict[int, list[int]] = {}  # where a row of a number may start
        for at, line in enumerate(lines):
            if line.startswith("### ") and (start := _ROW_START.match(line)):
                self._starts.setdefault(int(start[1]), []).append(at)

    def rows(self, first: int) -> Iterator[ReadmeRow]:
        """Yield the rows from the one that starts at an index on. Raises ReadmeError."""
        at: int | None = first
        while at is not None:
            head = self._head(at)
            if head.row.model is None:
                yield head.row
                behind = self._skip_blank(head.stop + 1)
                at = behind if _ROW_START.match(self._lines[behind]) else None
            else:
                at = self._next_row(head)
                yield replace(head.row, body=self._body(head, at))

    def _head(self, at: int) -> _Head:
        """Read the row that starts at an index, up to its abstract and what must follow this."""
        stop = self._paragraph_end(at)  # a title may have line breaks in it
        match = _HEADER.fullmatch("\n".join(self._lines[at:stop]))
        if match is None:
            raise self._broken(at, "the title and link of this row cannot be read")
        number = int(match["number"])
        begin = self._skip_blank(stop)
        stop = self._paragraph_end(begin)
        fields = self._fields(begin, stop)
        if missing := [field for field in _REQUIRED if field not in fields]:
            raise self._broken(at, f"row {number} has no {' and no '.join(missing)}")
        begin = self._skip_blank(stop)
        begin += self._text(begin) == "#### Abstract"
        stop = begin
        while stop < len(self._lines) and not _BEHIND_ABSTRACT.match(self._lines[stop]):
            stop += 1
        row = ReadmeRow(
            line=at + 1,
            number=number,
            title=match["title"],
            link=match["link"],
            fields=fields,
            abstract="\n".join(self._lines[begin:stop]).strip(),
        )
        return self._closed(row, stop) if self._is_rule(stop) else self._summarized(row, stop)

    def _fields(self, begin: int, end: int) -> dict[str, Field]:
        """Read the bold fields of a paragraph; a field may run over several lines."""
        fields: dict[str, Field] = {}
        last = ""
        for at in range(begin, end):
            line = self._lines[at]
            if bold := _BOLD.fullmatch(line):
                last = bold["name"]
                fields[last] = Field(at + 1, bold["value"].strip())
            elif last:
                fields[last] = replace(fields[last], value=f"{fields[last].value} {line.strip()}")
            else:
                raise self._broken(at, "the fields of a row must stand here")
        return fields

    def _closed(self, row: ReadmeRow, rule: int) -> _Head:
        """Return the head of a row without summary, closed by a rule and in its place."""
        behind = self._skip_blank(rule + 1)
        is_next = self._text(behind).startswith(f"### {row.number + 1}. [")
        if not is_next and behind != len(self._lines) - 1:
            why = f"neither row {row.number + 1} nor the last section follows"
            raise self._broken(rule, why)
        return _Head(row, rule)

    def _summarized(self, row: ReadmeRow, at: int) -> _Head:
        """Return the head of a row whose summary begins at an index."""
        opening = self._text(at)
        marker = self._skip_blank(at + 1) if opening.strip() == "<details>" else at
        summary = _SUMMARY.search(self._text(marker))
        if summary is None:
            raise self._broken(at, f"what follows the abstract of row {row.number} is unknown")
        row = replace(row, model=summary["model"])
        return _Head(row, marker + 1, in_details=opening.startswith("<"))

    def _next_row(self, head: _Head) -> int | None:
        """Return where the row behind a summary starts, in its place; None behind the last row.

        Two such places would make one of them a part of the summary, so there may be one only.
        """
        candidates = [
            at
            for at in self._starts.get(head.row.number + 1, ())
            if at > head.stop and self._end_before(at, head) is not None
        ]
        if len(candidates) > 1:
            candidates = list(filter(self._is_readable, candidates))
        if len(candidates) > 1:
            raise self._broken(candidates[1], f"line {candidates[0] + 1} starts the same row")
        return candidates[0] if candidates else None

    def _is_readable(self, at: int) -> bool:
        try:
            self._head(at)
        except ReadmeError:
            return False
        return True

    def _body(self, head: _Head, next_row: int | None) -> str:
        """Return the summary behind a head, up to the close that what follows it proves."""
        last = len(self._lines) - 1
        stop = self._end_before(next_row or last, head)
        if stop is None or stop < head.stop:
            raise self._broken(last, f"the summary of row {head.row.number} is not closed before")
        first = self._skip_blank(head.stop)
        return "\n".join(self._lines[first : max(first, self._skip_blank(stop - 1, -1) + 1)])

    def _end_before(self, at: int, head: _Head) -> int | None:
        """Return where the row closed by a rule before ``at`` ends: its </details>, or the rule."""
        rule = self._skip_blank(at - 1, -1)
        if not self._is_rule(rule):
            return None
        closing = self._skip_blank(rule - 1, -1)
        if not head.in_details:
            return rule
        return closing if self._text(closing).strip() == "</details>" else None

    def _skip_blank(self, at: int, step: int = 1) -> int:
        while 0 < at < len(self._lines) and not self._lines[at].strip():
            at += step
        return at

    def _paragraph_end(self, at: int) -> int:
        while self._text(at).strip():
            at += 1
        return at

    def _is_rule(self, at: int) -> bool:
        return self._text(at).rstrip() == _RULE

    def _text(self, at: int) -> str:
        return self._lines[at] if at < len(self._lines) else ""

    def _broken(self, at: int, why: str) -> ReadmeError:
        return broken(self._name, at + 1, why)
