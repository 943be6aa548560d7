"""An answer in Markdown instead of an object, as models give it that know no JSON mode.

A ``TL;DR:`` and a ``Tags:`` line, and four sections under headings that name them, in English or
Chinese or as the page has them; numbered or not, of any level, or bold lines in place of headings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from generator.update.summarize.fields import SECTIONS, field_of

_OUTER_FENCE = re.compile(r"\A```(?:markdown|md)?[ \t]*\n(?P<inside>.*)\n```[ \t]*\Z", re.DOTALL)
_CODE_MARK = re.compile(r"^[ \t>]*(```|~~~)")
_HEADING = re.compile(r"^ {0,3}(?P<marks>#{1,6})[ \t]+(?P<name>.+?)[ \t]*#*[ \t]*$")
_BOLD_LINE = re.compile(r"^ {0,3}(?P<name>(?:\d{1,2}[.)、][ \t]*)?(\*\*|__).+?\2[:：]?)[ \t]*$")
_LABEL = re.compile(
    r"^ {0,3}(?:[-*+] )?(?P<name>[*_]{0,2}[^:：*_\n]{2,40}[*_]{0,2}[:：][*_]{0,2})(?P<rest>.*)$"
)
_LIST_MARK = re.compile(r"^\s*(?:[-*+]|\d{1,2}[.)])\s+")


def find_fields(text: str) -> dict[str, Any] | None:
    """The fields of such an answer, ``None`` where no heading names one of the sections.

    Sections stand under headings of one level: the one on which most of them are named.
    """
    outer = _OUTER_FENCE.match(text.strip())
    lines = (outer["inside"] if outer else text).split("\n")
    found: dict[str, list[str]] = {}
    current: list[str] | None = None
    level = _level(lines)
    for line, is_code in _with_code(lines):
        if not is_code:
            at, name = _heading(line)
            field = field_of(name) if at else None
            if field in SECTIONS and field not in found and level == at:
                current = found[field] = []
                continue
            if field in ("tldr", "tags") and field not in found:
                current = found[field] = []
                continue
            label = _LABEL.match(line)
            field = field_of(label["name"]) if label else None
            if label and field in ("tldr", "tags") and field not in found:
                current = found[field] = [label["rest"]]
                continue
            if current is not None and current is found.get("tldr") and not line.strip():
                current = current if not "".join(current).strip() else None
        if current is not None:
            current.append(line)
    if not any(section in found for section in SECTIONS):
        return None
    fields: dict[str, Any] = {name: "\n".join(value).strip() for name, value in found.items()}
    if "tags" in found:
        items = [_LIST_MARK.sub("", line) for line in found["tags"] if not _is_rule(line)]
        fields["tags"] = ", ".join(item for item in items if item.strip())
    return fields


def _with_code(lines: list[str]) -> Iterator[tuple[str, bool]]:
    """Each line, and whether it stands in a fenced block of code."""
    code = None
    for line in lines:
        mark = _CODE_MARK.match(line)
        if mark and code in (None, mark[1]):
            code = None if code else mark[1]
        yield line, code is not None


def _level(lines: list[str]) -> int | None:
    named: dict[int, set[str]] = {}
    for line, is_code in _with_code(lines):
        at, name = (None, "") if is_code else _heading(line)
        field = field_of(name) if at else None
        if at and field in SECTIONS:
            named.setdefault(at, set()).add(field)
    return max(named, key=lambda at: (len(named[at]), -at)) if named else None


def _heading(line: str) -> tuple[int | None, str]:
    """The level of a heading and its name; a line in bold counts as level 7."""
    if heading := _HEADING.match(line):
        return len(heading["marks"]), heading["name"]
    if bold := _BOLD_LINE.match(line):
        return 7, bold["name"]
    return None, ""


def _is_rule(line: str) -> bool:
    return len(line.strip()) >= 3 and not line.strip().strip("-*_ ")
