"""Untrusted text to safe HTML: the only place that makes HTML from what Daybook did not write.

Markdown goes through pulldown-cmark (pyromark), formulas become MathML (``maths``), and whatever
holds markup goes through nh3 once, at the end, with the tags, attributes and URL schemes listed
below. Before that, raw HTML is turned into text but for a few tags, so that a reader sees the
``<think>`` that an author wrote.

While a text is Markdown, noncharacters stand for what Markdown must not touch. They cannot come
from outside: ``_clean`` removes them, with all else that is unwanted.
"""

from __future__ import annotations

import functools
import html
import re
import urllib.parse
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import nh3
import pyromark

from generator.core.characters import STAND_INS, UNWANTED
from generator.markup import maths

# Above these a text is shown as it is: no summary is so long or so deep, and hostile ones are slow.
MAX_MARKDOWN = 200_000  # characters; the longest of 1,689 real summaries has 7,237
_MAX_NESTING = 200

# ``_LESS_THAN`` is a "<" that begins no HTML; ``_GUARD`` is around the stand-in for a formula and a
# letter, as far as Markdown knows.
_LESS_THAN, _GUARD = STAND_INS
_SPACE = "\u1680"  # Ogham's space: Markdown honours it, and no text uses it

_NOT_TEXT = re.compile(f"[{UNWANTED}{_SPACE}]")
_WHITESPACE = re.compile(r"[ \t\n]+")

# How every table is announced in English.
TABLE_LABEL = 'role="group" aria-label="Table"'

_MARKDOWN = pyromark.Markdown(
    options=pyromark.Options.ENABLE_TABLES
    | pyromark.Options.ENABLE_STRIKETHROUGH
    | pyromark.Options.ENABLE_TASKLISTS
)

# What was set aside while a text was Markdown: each formula with its source.
_Formulas = list[tuple[maths.Formula, str]]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading as it stands in the HTML; ``text`` is plain, not escaped."""

    level: int
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """Safe HTML and the headings in it, in order."""

    html: str
    headings: tuple[Heading, ...]


def render_block(
    markdown: str, *, top_heading: int = 3, id_prefix: str = "", table_label: str = "Table"
) -> Rendered:
    """Render untrusted GFM, such as a summary.

    The outline starts at level ``top_heading`` and skips no level downwards. Heading ids begin with
    ``id_prefix``. Links lead to the web or to a mail address, others become text; images become
    links, so that a page fetches nothing. Raw HTML is shown as text but for ``<br>``, ``<details>``
    and a few tags for lists and for letters. ``table_label`` is how a table is announced.
    """
    text = original = _clean(markdown)
    if len(text) > MAX_MARKDOWN:
        return _as_it_is(original)
    text, formulas = _set_formulas_aside(text, brackets=True)
    if "<" in text:
        text = _disarm_html(text)
    page = _to_html(text)
    if _may_be_deep(text) and _is_too_deep(page):
        return _as_it_is(original)
    if "[" in text:
        page = _DEAD_LINK.sub(r"\1", page)
    if "://" in text:
        page = _link_addresses(page)
    outline = _Outline(top=top_heading, id_prefix=id_prefix)
    return _finish(page, formulas, outline, table_label, _BLOCK_CLEANER)


def render_page(
    markdown: str, *, section_ids: Sequence[str] = (), table_label: str = "Table"
) -> Rendered:
    """Render GFM that Daybook wrote, with untrusted text escaped by ``escape_markdown``.

    Headings keep their levels; relative links, classes and raw HTML are allowed within reason. The
    first headings of level 2 get ``section_ids``, so that links know them in any language.
    """
    text, formulas = _set_formulas_aside(_clean(markdown), brackets=False)
    outline = _Outline(section_ids=tuple(section_ids))
    return _finish(_to_html(text), formulas, outline, table_label, _PAGE_CLEANER)


def render_inline(text: str) -> str:
    r"""Give HTML for a title or name: plain text with formulas, no Markdown. ``\$`` is a dollar."""
    page = _with_formulas(one_line(text), displays=False)
    return _BLOCK_CLEANER.clean(page) if "<" in page else page


def render_text(text: str) -> str:
    """Give HTML for an abstract: paragraphs with formulas and web addresses as links, no more."""
    blocks = (block.strip(" \t\n") for block in _BLANK_LINES.split(_clean(text)))
    page = "\n".join(f"<p>{_with_formulas(b, displays=True)}</p>" for b in blocks if b)
    return _BLOCK_CLEANER.clean(_link_addresses(page))


def plain(text: str) -> str:
    """Give a title as plain characters, not escaped, with formulas made readable (``A²``)."""
    return "".join(
        maths.to_text(piece.tex) if isinstance(piece, maths.Formula) else piece
        for piece in pieces(one_line(text))
    )


def escape_markdown(text: str) -> str:
    """Make untrusted text one line that is safe inside GFM and shows the same characters.

    Formulas stay formulas. The result may stand in a paragraph, list item, heading, table cell or
    link text, and at its beginning.
    """
    line, parts, position = one_line(text), [], 0
    for formula in maths.find(line):
        if _survives_markdown(formula.tex, line[formula.end : formula.end + 1]):
            parts += [_escape(line[position : formula.start]), f"${formula.tex}$"]
            position = formula.end
    return _LINE_START.sub(r"\1\\\2", "".join([*parts, _escape(line[position:])]))


# Plain text

_BLANK_LINES = re.compile(r"\n[ \t]*\n")
_MARKDOWN_SIGNS = re.compile(r"[\\`*_\[\]<>#|~!&$]")
_LINE_START = re.compile(r"\A(\d{0,9})([-+=:.)])")


def _clean(text: str) -> str:
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _NOT_TEXT.sub("", text)


def one_line(text: str) -> str:
    """A text as one line, without the characters that no text may have."""
    return _WHITESPACE.sub(" ", _clean(text)).strip(" ")


def pieces(text: str) -> list[str | maths.Formula]:
    """Split a text that is no Markdown into characters and formulas."""
    found: list[str | maths.Formula] = []
    position = 0
    for formula in maths.find(text):
        found += [_dollars(text[position : formula.start]), formula]
        position = formula.end
    return [*found, _dollars(text[position:])]


def _dollars(text: str) -> str:
    return text.replace(r"\$", "$")


def _with_formulas(text: str, *, displays: bool) -> str:
    return "".join(
        maths.to_html(piece.tex, display=displays and piece.display)
        if isinstance(piece, maths.Formula)
        else html.escape(piece)
        for piece in pieces(text)
    )


def _escape(text: str) -> str:
    return _MARKDOWN_SIGNS.sub(r"\\\g<0>", _dollars(text))


def _survives_markdown(tex: str, following: str) -> bool:
    """Tell whether a formula is found again once it stands in Markdown."""
    again = next(maths.find(f"${tex}${following}", markdown=True, brackets=False), None)
    return again is not None and again.tex == tex


# Markdown to HTML

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


def _set_formulas_aside(text: str, *, brackets: bool) -> tuple[str, _Formulas]:
    """Replace each formula by a tag that Markdown passes on, and give them with their sources.

    In text the tag comes out as a tag; in code and attributes it comes out escaped, which tells
    that there the source is wanted.
    """
    formulas: _Formulas = []
    parts, position = [], 0
    for formula in maths.find(text, markdown=True, brackets=brackets):
        parts += [text[position : formula.start], f"{_GUARD}<m{len(formulas)}>{_GUARD}"]
        formulas.append((formula, text[formula.start : formula.end]))
        position = formula.end
    return "".join([*parts, text[position:]]), formulas


def _disarm_html(text: str) -> str:
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


def _to_html(text: str) -> str:
    """Run the text through pulldown-cmark, and once more where it misread bold.

    CommonMark reads no bold in ``**词：**文`` because it expects spaces between words
    (https://spec.commonmark.org/0.31.2/#left-flanking-delimiter-run): then there are spaces,
    removed again, where bold begins or ends with punctuation in the middle of a sentence. Another
    keeps a table going over a row that is a mere ``|``.
    """
    if "\n|\n" in text or "\n| \n" in text or "\n|  \n" in text:
        text = _EMPTY_ROW.sub(rf"|\n|{_SPACE}", text)
    page = _MARKDOWN.html(text)
    if "**" in page or any("</strong>" not in p for p in page.split("<strong>")[1:-1]):
        text = _BOLD.sub(_loosened, text)
        page = _MARKDOWN.html(text)
    if _SPACE in text:
        page = page.replace(_SPACE, "")
    if _LESS_THAN in text:
        page = page.replace(_LESS_THAN, "&lt;")
    return page


def _loosened(bold: re.Match[str]) -> str:
    inner, text, start, end = bold["inner"], bold.string, bold.start(), bold.end()
    before = text[start - 1 : start].isalnum() and not inner[0].isalnum()
    after = text[end : end + 1].isalnum() and not inner[-1].isalnum()
    return f"{_SPACE if before else ''}{bold[0]}{_SPACE if after else ''}"


def _may_be_deep(text: str) -> bool:
    emphasis = text.count("*") + text.count("_") + text.count("~")
    return emphasis >= 2 * _MAX_NESTING or bool(_LONG_INDENT.search("\n" + text))


def _is_too_deep(page: str) -> bool:
    depth = 0
    for tag in _CONTAINER.finditer(page):
        depth += -1 if tag[1] else 1
        if depth > _MAX_NESTING:
            return True
    return False


def _as_it_is(text: str) -> Rendered:
    return Rendered(_BLOCK_CLEANER.clean(f"<pre>{html.escape(text)}</pre>"), ())


# HTML to better HTML

_DEAD_LINK = re.compile(r'<a href="(?!https?://|mailto:)[^>]*>(.*?)</a>', re.DOTALL | re.IGNORECASE)
_LINK_OR_IMAGE = re.compile(r'(<a .*?</a>)|<img src="([^"]*)" alt="([^"]*)"[^>]*>', re.DOTALL)
_IMAGE = re.compile(r'<img src="[^"]*" alt="([^"]*)"[^>]*>')
_SCHEME = re.compile(r"https?://")
_ADDRESS = re.compile(
    r"(?P<markup><a .*?</a>|<code.*?</code>|<[^>]*>)"
    r"|\bhttps?://(?:[A-Za-z0-9\-._~:/?#@!$()*+,;=%]|&amp;)+",
    re.DOTALL,
)
_STAND_IN = re.compile(rf"{_GUARD}(?:(<)|&lt;)m(\d+)(?:>|&gt;){_GUARD}")
_ENCODED_MARK = re.compile(r'href="[^"]*%E(?:F%B7%9|1%9A%80)[^"]*"')
_ENCODED_STAND_IN = re.compile(r"%EF%B7%91%3Cm(\d{1,6})%3E%EF%B7%91")
_HEADING = re.compile(r"<h([1-6])>(.*?)</h\1>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_NOT_SLUG = re.compile(r"\W+")
# Material's styles for tables in texts are for those without a class; ours scroll in their frame.
_TABLE_FRAME = f'<div class="table-scroll" {TABLE_LABEL} tabindex="0"><table class="t">'


def _finish(
    page: str,
    formulas: _Formulas,
    outline: _Outline,
    table_label: str,
    cleaner: nh3.Cleaner,
) -> Rendered:
    """Put images, tables, headings and formulas right in pulldown-cmark's HTML; sanitise it."""
    if "<i" in page:
        page = _LINK_OR_IMAGE.sub(_without_image, page)
        page = page.replace('<input disabled="" type="checkbox" checked=""/>', "☑")
        page = page.replace('<input disabled="" type="checkbox"/>', "☐")
    page = page.replace("<pre>", '<pre tabindex="0">')
    if "<table>" in page:
        frame = _TABLE_FRAME.replace("Table", html.escape(table_label))
        page = page.replace("<table>", frame).replace("</table>", "</table></div>")
    page, headings = _number_headings(page, formulas, outline)
    if formulas:
        page = _STAND_IN.sub(lambda stand_in: _formula_html(stand_in, formulas), page)
    if "%EF%B7%9" in page or "%E1%9A%80" in page:
        page = _ENCODED_MARK.sub(lambda address: _without_marks(address[0], formulas), page)
    return Rendered(cleaner.clean(page), headings)


def _formula_html(stand_in: re.Match[str], formulas: _Formulas) -> str:
    formula, source = formulas[int(stand_in[2])]
    if stand_in[1]:
        return maths.to_html(formula.tex, display=formula.display)
    return html.escape(source)


def _without_marks(address: str, formulas: _Formulas) -> str:
    """Put back what stood in an address before Markdown encoded the marks that replaced it."""

    def source(stand_in: re.Match[str]) -> str:
        number = int(stand_in[1])  # an author can write such an address, with any number
        return urllib.parse.quote(formulas[number][1]) if number < len(formulas) else stand_in[0]

    address = address.replace("%E1%9A%80", "").replace("%EF%B7%90", "%3C")
    return _ENCODED_STAND_IN.sub(source, address)


def _without_image(found: re.Match[str]) -> str:
    """Make a link of an image, for it would be fetched; inside a link keep its description."""
    if found[1]:
        return _IMAGE.sub(r"\1", found[1])
    address, description = found[2], found[3]
    if address.lower().startswith(("http://", "https://")):
        return f'<a href="{address}">{description or address}</a>'
    return description


def _link_addresses(page: str) -> str:
    """Make links of the web addresses that stand in the text."""
    starts = (found.start() for found in _SCHEME.finditer(page))
    if all(page[at - 1] == '"' or page[at - 2 : at] == '">' for at in starts):
        return page  # each one is a link's target, or the text of a link
    return _ADDRESS.sub(_linked, page)


def _linked(found: re.Match[str]) -> str:
    if found["markup"]:
        return found[0]
    address = found[0].rstrip(".,;:!?*_~")
    if address.endswith(")") and address.count("(") < address.count(")"):
        address = address.rstrip(").,;:!?")
    return f'<a href="{address}">{address}</a>{found[0][len(address) :]}'


@functools.lru_cache(maxsize=4096)  # most summaries have the same sections
def _heading_text(inner: str) -> tuple[str, str]:
    """Give the plain text of a heading's HTML, and the readable part of its id."""
    text = _WHITESPACE.sub(" ", html.unescape(_TAG.sub("", inner))).strip()
    return text, _NOT_SLUG.sub("-", text.lower()).strip("-")[:60] or "section"


@dataclass(frozen=True, slots=True)
class _Outline:
    """How headings are numbered: from level ``top``, as they are where there is none."""

    top: int | None = None
    id_prefix: str = ""
    section_ids: tuple[str, ...] = ()


def _number_headings(
    page: str, formulas: _Formulas, outline: _Outline
) -> tuple[str, tuple[Heading, ...]]:
    """Give headings their ids, and the levels that the outline asks for."""
    headings: list[Heading] = []
    given = iter(outline.section_ids)
    ids: dict[str, int] = {}
    above: list[int] = []  # the levels, as written, of the headings that this one is under

    def formula_text(stand_in: re.Match[str]) -> str:
        formula, source = formulas[int(stand_in[2])]
        return html.escape(maths.to_text(formula.tex) if stand_in[1] else source)

    pieces = _HEADING.split(page)  # text, level, heading, text, level, heading, ..., text
    for at in range(1, len(pieces), 3):
        level, inner = int(pieces[at]), pieces[at + 1]
        if outline.top is not None:
            while above and above[-1] >= level:
                above.pop()
            above.append(level)
            level = min(outline.top + len(above) - 1, 6)
        if _GUARD in inner:
            inner = _STAND_IN.sub(formula_text, inner)
        text, slug = _heading_text(inner)
        slug = unique = (next(given, "") if level == 2 else "") or outline.id_prefix + slug
        while unique in ids:
            ids[slug] += 1
            unique = f"{slug}-{ids[slug]}"
        ids[unique] = 1
        headings.append(Heading(level, unique, text))
        pieces[at] = f'<h{level} id="{html.escape(unique)}">'
        pieces[at + 1] += f"</h{level}>"
    return "".join(pieces), tuple(headings)


# What may come out

_TAGS = {
    *("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre"),
    *("code", "em", "strong", "del", "b", "i", "u", "kbd", "sub", "sup", "a", "div", "span"),
    *("table", "thead", "tbody", "tr", "th", "td", "details", "summary"),
    *("math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "msub", "msup", "msubsup", "mover"),
    *("munder", "munderover", "mfrac", "msqrt", "mroot", "mtable", "mtr", "mtd", "mpadded"),
    *("mphantom", "menclose", "mmultiscripts", "mprescripts", "none"),
}
# math-core's and pulldown-cmark's; a reader's raw HTML in untrusted Markdown has no attributes.
_ATTRIBUTES = {
    "*": {"class", "style"},
    "a": {"href", "title"},
    "ol": {"start"},
    "div": {"role", "tabindex", "aria-label"},
    **{f"h{level}": {"id"} for level in range(1, 7)},
    "math": {"display", "tabindex"},
    "pre": {"tabindex"},
    "mrow": {"displaystyle", "scriptlevel"},
    "mi": {"mathvariant"},
    "mo": {"stretchy", "lspace", "rspace", "form", "minsize", "maxsize", "movablelimits"},
    "mover": {"accent"},
    "munder": {"accentunder"},
    "mspace": {"width"},
    "mpadded": {"width", "height"},
    "mfrac": {"linethickness", "displaystyle", "scriptlevel"},
    "mtable": {"displaystyle", "scriptlevel"},
    "menclose": {"notation"},
}
_STYLES = {
    *("text-align", "justify-items", "width", "color", "font-variant-caps", "math-shift"),
    *("padding-left", "padding-right", "padding-top", "padding-bottom", "margin-left"),
    *("border", "border-top", "border-right", "border-bottom", "visibility"),
}


def _cleaner(**rules: Any) -> nh3.Cleaner:
    schemes = {"http", "https", "mailto"}
    return nh3.Cleaner(url_schemes=schemes, filter_style_properties=_STYLES, **rules)


_BLOCK_CLEANER = _cleaner(
    tags=_TAGS,
    attributes=_ATTRIBUTES,
    link_rel="nofollow noopener noreferrer",
    url_relative="deny",
)
_PAGE_CLEANER = _cleaner(
    tags=_TAGS | {"section", "article", "nav", "time", "small", "dl", "dt", "dd"},
    attributes=_ATTRIBUTES
    | {
        "*": {"class", "style", "lang", "title", "aria-label"},
        "time": {"datetime"},
        "details": {"open"},
    },
    link_rel=None,
    url_relative="pass_through",
)
