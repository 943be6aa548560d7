"""GFM to HTML by pulldown-cmark, which makes of it neither formulas nor unwanted tags.

While a text is Markdown, noncharacters stand for what Markdown must not touch. They cannot come
from outside: ``text.clean`` removes them.
"""

from __future__ import annotations

import html
import re
import urllib.parse
from collections.abc import Callable

import pyromark

from generator.core.characters import STAND_INS
from generator.markup import mathml, maths
from generator.markup.text import SPACE

# ``_LESS_THAN`` is a "<" that begins no HTML; ``_GUARD`` is around the stand-in for a formula and a
# letter, as far as Markdown knows.
_LESS_THAN, _GUARD = STAND_INS
_MAX_NESTING = 200  # no summary nests its lists so deep, and hostile ones are slow

_MARKDOWN = pyromark.Markdown(
    options=pyromark.Options.ENABLE_TABLES
    | pyromark.Options.ENABLE_STRIKETHROUGH
    | pyromark.Options.ENABLE_TASKLISTS
)

# A stand-in for a formula is no HTML, but a tag that stands right behind one is.
_HTML = re.compile(rf"<(?!(?<={_GUARD}<)m\d+>{_GUARD})(?=[A-Za-z/!?])(?!https?://[^\s<>]*>)")
_BREAK = re.compile(rf"{_LESS_THAN}(br ?/?>)")
_PAIRED_TAG = re.compile(rf"{_LESS_THAN}(/?)(sub|sup|b|i|u|kbd|ul|ol|li|summary)>")
_DETAILS_TAG = re.compile(rf"{_LESS_THAN}(/?)details>")
_BOLD = re.compile(
    r"\*\*(?<![\\*]\*\*)(?=[^\s*])(?P<inner>[^*\n]++(?:\*(?!\*)[^*\n]++)*+)(?<![\s\\])\*\*(?!\*)"
)
_EMPTY_ROW = re.compile(r"\|\n\|[ \t]*(?=\n)")
_LONG_INDENT = re.compile(r"\n[ \t>*+\-.)0-9]{60}")
_CONTAINER = re.compile(r"<(/?)(?:blockquote|ul|ol|li|em|strong|del)\b")
_STAND_IN = re.compile(rf"{_GUARD}(?:(<)|&lt;)m(\d+)(?:>|&gt;){_GUARD}")
_ENCODED_MARK = re.compile(r'href="[^"]*%E(?:F%B7%9|1%9A%80)[^"]*"')
_ENCODED_STAND_IN = re.compile(r"%EF%B7%91%3Cm(\d{1,6})%3E%EF%B7%91")


class Formulas:
    """The formulas of a Markdown text, set aside while it becomes HTML.

    ``text`` has a tag in the place of each, which Markdown passes on. In text the tag comes out as
    a tag; in code and attributes it comes out escaped, which tells that there the source is wanted.
    """

    def __init__(self, text: str, *, brackets: bool) -> None:
        self._found: list[tuple[maths.Formula, str]] = []
        parts = []
        for piece in maths.split(text, markdown=True, brackets=brackets):
            if isinstance(piece, str):
                parts.append(piece)
            else:
                parts.append(f"{_GUARD}<m{len(self._found)}>{_GUARD}")
                self._found.append((piece, text[piece.start : piece.end]))
        self.text = "".join(parts)

    def put_back(self, page: str) -> str:
        """Return the HTML with its formulas, as MathML or in the source."""
        page = self._shown(page, lambda one: mathml.to_html(one.tex, display=one.display))
        if "%EF%B7%9" in page or "%E1%9A%80" in page:
            page = _ENCODED_MARK.sub(self._address, page)
        return page

    def as_text(self, page: str) -> str:
        """Return the HTML with its formulas as readable characters."""
        return self._shown(page, lambda one: html.escape(mathml.to_text(one.tex)))

    def _shown(self, page: str, show: Callable[[maths.Formula], str]) -> str:
        def shown(stand_in: re.Match[str]) -> str:
            formula, source = self._found[int(stand_in[2])]
            return show(formula) if stand_in[1] else html.escape(source)

        return _STAND_IN.sub(shown, page) if self._found else page

    def _address(self, attribute: re.Match[str]) -> str:
        """Put back what stood in an address before Markdown encoded the marks that replaced it."""
        address = attribute[0].replace("%E1%9A%80", "").replace("%EF%B7%90", "%3C")
        return _ENCODED_STAND_IN.sub(self._encoded, address)

    def _encoded(self, stand_in: re.Match[str]) -> str:
        number = int(stand_in[1])  # an author can write such an address, with any number
        found = number < len(self._found)
        return urllib.parse.quote(self._found[number][1]) if found else stand_in[0]


def disarm_html(text: str) -> str:
    """Make text of all raw HTML but breaks, tags that are paired within their line, and details."""
    text = _HTML.sub(_LESS_THAN, text)
    if _LESS_THAN not in text:
        return text
    text = _BREAK.sub(r"<\1", text)
    if _PAIRED_TAG.search(text):
        text = "\n".join(map(_allow_paired, text.split("\n")))
    slashes = [tag[1] for tag in _DETAILS_TAG.finditer(text)]
    if slashes and slashes == ["", "/"] * (len(slashes) // 2):
        text = _DETAILS_TAG.sub(r"<\1details>", text)
    return text


def _allow_paired(line: str) -> str:
    opened: list[str] = []
    for tag in _PAIRED_TAG.finditer(line):
        if not tag[1] and len(opened) < 9:
            opened.append(tag[2])
        elif not opened or opened.pop() != tag[2]:
            return line
    return line if opened else _PAIRED_TAG.sub(r"<\1\2>", line)


def to_html(text: str) -> str:
    """Run the text through pulldown-cmark, and once more where it misread bold.

    CommonMark reads no bold in ``**词：**文`` because it expects spaces between words
    (https://spec.commonmark.org/0.31.2/#left-flanking-delimiter-run): then there are spaces,
    removed again, where bold begins or ends with punctuation in the middle of a sentence. Another
    keeps a table going over a row that is a mere ``|``.
    """
    if "\n|\n" in text or "\n| \n" in text or "\n|  \n" in text:
        text = _EMPTY_ROW.sub(rf"|\n|{SPACE}", text)
    page = _MARKDOWN.html(text)
    if "**" in page or any("</strong>" not in p for p in page.split("<strong>")[1:-1]):
        text = _BOLD.sub(_loosened, text)
        page = _MARKDOWN.html(text)
    if SPACE in text:
        page = page.replace(SPACE, "")
    if _LESS_THAN in text:
        page = page.replace(_LESS_THAN, "&lt;")
    return page


def _loosened(bold: re.Match[str]) -> str:
    inner, text, start, end = bold["inner"], bold.string, bold.start(), bold.end()
    before = text[start - 1 : start].isalnum() and not inner[0].isalnum()
    after = text[end : end + 1].isalnum() and not inner[-1].isalnum()
    return f"{SPACE if before else ''}{bold[0]}{SPACE if after else ''}"


def is_too_deep(text: str, page: str) -> bool:
    """Tell whether the HTML of a Markdown text is nested deeper than anybody means."""
    emphasis = text.count("*") + text.count("_") + text.count("~")
    if emphasis < 2 * _MAX_NESTING and not _LONG_INDENT.search("\n" + text):
        return False
    depth = 0
    for tag in _CONTAINER.finditer(page):
        depth += -1 if tag[1] else 1
        if depth > _MAX_NESTING:
            return True
    return False
