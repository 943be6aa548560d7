r"""How a digest holds texts from outside: marks around it, and backslashes that come off again.

A digest is a list in the predecessor's format inside a file that somebody else writes, such as a
README. So its texts must neither end it nor open what would swallow the lines below: HTML (a
comment, ``<details>``), a code fence, a row, the last section. Where one would, it gets a
backslash, which Markdown does not show. Backslashes that stand there already are doubled, so that
the number in front of such a place is always odd, and reading gives back the text exactly.
"""

from __future__ import annotations

import re

BEGIN = "<!-- daybook:begin -->"
END = "<!-- daybook:end -->"

_MARKS = {mark: re.compile(rf"^{mark}[ \t\r]*$", re.MULTILINE) for mark in (BEGIN, END)}
# Each finds the backslashes in front of what is dangerous there, if any.
_HTML = r"(?<!\\)(\\{many})(?=<[A-Za-z/!?])"
_IN_LINE = (
    _HTML,
    r"(?<!\\)(\\{many})(?=\[)",
    r"\A(\\{many})(?=[#+*>=~|`-])",
    r"(?<=\.\.)(\\{many})(?=\.\Z)",
)
_IN_BODY = (_HTML, r"^(\\{many})(?=### \d+\. \[|## (?:\S+ )?Configuration\s*$)")
_FENCE = re.compile(r"^ {0,3}(?:(`{3,})[^`]*|(~{3,}).*)$")
_FENCE_ESCAPED = re.compile(r"^ {0,3}(\\+)(?=```|~~~)", re.MULTILINE)


def marked_part(text: str) -> tuple[int, int] | None:
    """Where the text between the marks stands: (start, end), each mark in a line of its own.

    ``None`` where there are no marks. Raises ValueError where they are not one pair in order.
    """
    begins, ends = (list(_MARKS[mark].finditer(text)) for mark in (BEGIN, END))
    if not begins and not ends:
        return None
    if len(begins) != 1 or len(ends) != 1 or begins[0].end() > ends[0].start():
        raise ValueError(f"{BEGIN} and {END} must stand in it once each, in this order")
    return begins[0].end(), ends[0].start()


def escape_title(text: str) -> str:
    """A link's text; the predecessor escaped it likewise."""
    return re.sub(r"[\\\[\]<]", r"\\\g<0>", _one_line(text))


def unescape_title(text: str) -> str:
    """What ``escape_title`` was given."""
    return re.sub(r"\\(.)", r"\1", text)


def escape_line(text: str) -> str:
    """Names, or an abstract, as one line."""
    return _guard(_one_line(text), _LINE_PATTERN)


def unescape_line(text: str) -> str:
    """What ``escape_line`` was given."""
    return _unguard(text, _LINE_ESCAPED)


def escape_body(text: str) -> str:
    """A summary's Markdown: everything stays as it is but what would reach beyond it."""
    text = re.sub(r"\r\n?", "\n", text)
    lines = _guard(_guard(text, _BODY_PATTERN), _FENCE_ESCAPED).split("\n")
    while (at := _open_fence(lines)) is not None:
        lines[at] = re.sub(r"^( {0,3})", r"\1\\", lines[at])
    return "\n".join(lines)


def unescape_body(text: str) -> str:
    """What ``escape_body`` was given."""
    return _unguard(_unguard(text, _FENCE_ESCAPED), _BODY_ESCAPED)


def _open_fence(lines: list[str]) -> int | None:
    """The line that opens a code block which nothing closes."""
    opened, fence = None, ""
    for number, line in enumerate(lines):
        found = _FENCE.match(line)
        mark = (found[1] or found[2]) if found else ""
        if opened is None and mark:
            opened, fence = number, mark
        elif mark.startswith(fence) and opened is not None and line.strip() == mark:
            opened, fence = None, ""
    return opened


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _patterns(parts: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """For a text as it is (any number of backslashes), and as escaped (one at least)."""
    either = "|".join(parts)
    return (
        re.compile(either.replace("{many}", "*"), re.MULTILINE),
        re.compile(either.replace("{many}", "+"), re.MULTILINE),
    )


_LINE_PATTERN, _LINE_ESCAPED = _patterns(_IN_LINE)
_BODY_PATTERN, _BODY_ESCAPED = _patterns(_IN_BODY)


def _guard(text: str, pattern: re.Pattern[str]) -> str:
    return pattern.sub(lambda found: found[0] + _slashes(found) + "\\", text)


def _unguard(text: str, pattern: re.Pattern[str]) -> str:
    return pattern.sub(lambda f: f[0][: len(f[0]) - (len(_slashes(f)) + 1) // 2], text)


def _slashes(found: re.Match[str]) -> str:
    return next((group for group in found.groups() if group is not None), "")
