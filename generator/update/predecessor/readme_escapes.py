r"""How a list stands in a README: between marks, with backslashes that come off again.

Somebody else writes the file around it. So the list's texts, which come from outside, must neither
end it nor open what would swallow the lines below: HTML (a comment, ``<details>``), a code fence, a
row, the last section. Nor may they load an image, or say where links elsewhere in the file lead
(``[name]: address``). Where one would, it gets a backslash, which Markdown does not show.
Backslashes that stand there already are doubled, so that the number in front of such a place is
always odd, and reading gives back the text exactly.

GitHub makes a link of a bare address, up to the next space or ``<``, and in it a backslash escapes
nothing. So an address that HTML would follow gets backslashes too, and is none any more.

In a block of HTML, as the list's own ``<summary>``, a backslash escapes nothing: ``escape_html`` is
for there.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable

BEGIN = "<!-- daybook:begin -->"
END = "<!-- daybook:end -->"

_MARKS = {mark: re.compile(rf"^{mark}[ \t\r]*$", re.MULTILINE) for mark in (BEGIN, END)}
# Each alternative finds the backslashes in front of what is dangerous there, if any.
_HTML = r"(?<!\\)(\\*)(?=<[A-Za-z/!?])"
_IN_LINE = re.compile(rf"{_HTML}|(?<!\\)(\\*)(?=\[)|\A(\\*)(?=[#+*>=~|`-])|(?<=\.\.)(\\*)(?=\.\Z)")
_IMAGE = r"(?<=!)(\\*)(?=\[)"
_DEFINITION = r"(?<=\])(\\*)(?=:)"
_STRUCTURE = r"^(\\*)(?=### \d+\. \[|## (?:\S+ )?Configuration\s*$)"
_IN_BODY = re.compile("|".join((_HTML, _IMAGE, _DEFINITION, _STRUCTURE)), re.MULTILINE)
_OPENS_HTML = re.compile(r"<[A-Za-z/!?]")
_WORD = re.compile(r"[^ \t\r\n]+")
_ADDRESS = re.compile(r"(?<!\\)(\\*)(?=://)|(?<=[Ww]{3})(\\*)(?=\.)")
_FENCE = re.compile(r"^ {0,3}(?:(`{3,})[^`]*|(~{3,}).*)$")
_FENCE_ESCAPED = re.compile(r"^ {0,3}(\\+)(?=```|~~~)", re.MULTILINE)


def marked_part(text: str) -> tuple[int, int] | None:
    """Return where the text between the marks stands: (start, end), each mark in its own line.

    ``None`` where there are no marks. Raises ValueError where they are not one pair in order.
    """
    begins, ends = (list(_MARKS[mark].finditer(text)) for mark in (BEGIN, END))
    if not begins and not ends:
        return None
    if len(begins) != 1 or len(ends) != 1 or begins[0].end() > ends[0].start():
        raise ValueError(f"{BEGIN} and {END} must stand in it once each, in this order")
    return begins[0].end(), ends[0].start()


def escape_title(text: str) -> str:
    """Return a link's text; the predecessor escaped it likewise."""
    return re.sub(r"[\\\[\]<]|:(?=//)|(?<=[Ww]{3})\.", r"\\\g<0>", _one_line(text))


def unescape_title(text: str) -> str:
    """Return what ``escape_title`` was given."""
    return re.sub(r"\\(.)", r"\1", text)


def escape_line(text: str) -> str:
    """Return names, or an abstract, as one line."""
    return _in_words(_guard(_one_line(text), _IN_LINE), _guard)


def unescape_line(text: str) -> str:
    """Return what ``escape_line`` was given."""
    return _unguard(_in_words(text, _unguard), _IN_LINE)


def escape_html(text: str) -> str:
    """Return a text as one line for a block of HTML; no Markdown in it means anything either."""
    return re.sub(r"[\\`*_\[\]~:@]", lambda f: f"&#{ord(f[0])};", html.escape(_one_line(text)))


def unescape_html(text: str) -> str:
    """Return what ``escape_html`` was given, or ``escape_line``, which once stood in its place."""
    return html.unescape(unescape_line(text))


def escape_body(text: str) -> str:
    """Return a summary's Markdown as it is, but for what would reach beyond it."""
    text = re.sub(r"\r\n?", "\n", text)
    text = _guard(_guard(text, _IN_BODY), _FENCE_ESCAPED)
    lines = _in_words(text, _guard).split("\n")
    while (at := _open_fence(lines)) is not None:
        lines[at] = re.sub(r"^( {0,3})", r"\1\\", lines[at])
    return "\n".join(lines)


def unescape_body(text: str) -> str:
    """Return what ``escape_body`` was given."""
    return _unguard(_unguard(_in_words(text, _unguard), _FENCE_ESCAPED), _IN_BODY)


def _open_fence(lines: list[str]) -> int | None:
    """Return the line that opens a code block which nothing closes."""
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


def _guard(text: str, pattern: re.Pattern[str]) -> str:
    return pattern.sub(lambda found: found[0] + _slashes(found) + "\\", text)


def _unguard(text: str, pattern: re.Pattern[str]) -> str:
    return pattern.sub(lambda f: f[0][: len(f[0]) - (len(_slashes(f)) + 1) // 2], text)


def _in_words(text: str, change: Callable[[str, re.Pattern[str]], str]) -> str:
    """Return a text with the addresses changed that HTML follows without a space."""

    def changed(word: re.Match[str]) -> str:
        return change(word[0], _ADDRESS) if _OPENS_HTML.search(word[0]) else word[0]

    return _WORD.sub(changed, text)


def _slashes(found: re.Match[str]) -> str:
    """Return what the one group that took part has found."""
    return found[found.lastindex or 0]
