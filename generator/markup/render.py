"""Untrusted text to safe HTML: the only place that makes HTML from what Daybook did not write.

Markdown goes through pulldown-cmark (``markdown``), formulas become MathML (``mathml``), and
whatever holds markup goes through nh3 once, at the end (``sanitizer``). Before that, raw HTML is
turned into text but for a few tags, so that a reader sees the ``<think>`` that an author wrote.
"""

from __future__ import annotations

import functools
import html
import re
from collections.abc import Sequence
from dataclasses import dataclass

from generator.markup import mathml, maths, sanitizer
from generator.markup.emoji import without_emoji
from generator.markup.markdown import Formulas, disarm_html, is_too_deep, to_html
from generator.markup.text import clean, one_line, pieces

# What the id of a heading begins with, so that no text has the id of a place that a template made.
HEADING_PREFIX = "h-"

# Above this a text is shown as it is.
MAX_MARKDOWN = 200_000  # characters; the longest of 1,689 real summaries has 7,237

# How every table is announced in English.
TABLE_LABEL = 'role="group" aria-label="Table"'

_BLANK_LINES = re.compile(r"\n[ \t]*\n")
_DEAD_LINK = re.compile(r'<a href="(?!https?://|mailto:)[^>]*>(.*?)</a>', re.DOTALL | re.IGNORECASE)
_LINK_OR_IMAGE = re.compile(r'(<a .*?</a>)|<img src="([^"]*)" alt="([^"]*)"[^>]*>', re.DOTALL)
_IMAGE = re.compile(r'<img src="[^"]*" alt="([^"]*)"[^>]*>')
_SCHEME = re.compile(r"https?://")
_ADDRESS = re.compile(
    r"(?P<markup><a .*?</a>|<code.*?</code>|<[^>]*>)"
    r"|\bhttps?://(?:[A-Za-z0-9\-._~:/?#@!$()*+,;=%]|&amp;)+",
    re.DOTALL,
)
_HEADING = re.compile(r"<h([1-6])>(.*?)</h\1>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
# Markdown ends the name of a code's language at a blank, and lets a character reference be another
# space: what stands behind that would be a class of the text's own choice.
_CODE_CLASS = re.compile(r'(<code class="language-[^"\s]*)\s[^"]*')
_NOT_SLUG = re.compile(r"\W+")
# Material's styles for tables in texts are for those without a class; ours scroll in their frame.
_TABLE_FRAME = f'<div class="table-scroll" {TABLE_LABEL} tabindex="0"><table class="t">'


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
    markdown: str,
    *,
    top_heading: int = 3,
    id_prefix: str = "",
    ids: dict[str, int] | None = None,
    table_label: str = "Table",
    drop_title: bool = False,
) -> Rendered:
    """Render untrusted GFM, such as a summary.

    The outline starts at level ``top_heading`` and skips no level downwards. Heading ids begin with
    ``id_prefix``; ``ids`` are those of the page so far. Links lead to the web or to a mail address,
    others become text; images become links, so that a page fetches nothing. Raw HTML is shown as
    text but for ``<br>``, ``<details>`` and a few tags for lists and for letters. Emoji are taken
    out, see ``emoji``. ``table_label`` is how a table is announced. With ``drop_title`` a title
    above all else is left out.
    """
    original = clean(markdown)
    if len(original) > MAX_MARKDOWN:
        return _as_it_is(original)
    formulas = Formulas(original, brackets=True)
    text = disarm_html(formulas.text)
    page = to_html(text)
    if is_too_deep(text, page):
        return _as_it_is(original)
    if "[" in text:
        page = _DEAD_LINK.sub(r"\1", page)
    if "://" in text:
        page = _link_addresses(page)
    page, headings = _number_headings(
        without_emoji(_improved(page, table_label)),
        formulas,
        top=top_heading,
        id_prefix=id_prefix,
        ids=ids,
        drop_title=drop_title,
    )
    return Rendered(sanitizer.BLOCKS.clean(formulas.put_back(page)), headings)


def render_page(
    markdown: str,
    *,
    section_ids: Sequence[str] = (),
    ids: dict[str, int] | None = None,
    table_label: str = "Table",
) -> Rendered:
    """Render GFM that Daybook wrote, with untrusted text escaped by ``escape_markdown``.

    Headings keep their levels; relative links, classes and raw HTML are allowed within reason. The
    first headings of level 2 get ``section_ids``, so that links know them in any language; the ids
    of all others begin with ``HEADING_PREFIX``. ``ids`` are those of the page so far.
    """
    formulas = Formulas(clean(markdown), brackets=False)
    page = _improved(to_html(formulas.text), table_label)
    page, headings = _number_headings(
        page, formulas, id_prefix=HEADING_PREFIX, section_ids=section_ids, ids=ids
    )
    return Rendered(sanitizer.PAGES.clean(formulas.put_back(page)), headings)


def render_inline(text: str) -> str:
    r"""Return HTML for a title or name: plain text with formulas; ``\$`` is a dollar."""
    page = _with_formulas(one_line(text), displays=False)
    return sanitizer.BLOCKS.clean(page) if "<" in page else page


def render_text(text: str) -> str:
    """Return HTML for an abstract: paragraphs with formulas and web addresses as links, no more."""
    blocks = (block.strip(" \t\n") for block in _BLANK_LINES.split(clean(text)))
    page = "\n".join(f"<p>{_with_formulas(b, displays=True)}</p>" for b in blocks if b)
    return sanitizer.BLOCKS.clean(_link_addresses(page))


def _with_formulas(text: str, *, displays: bool) -> str:
    return "".join(
        mathml.to_html(piece.tex, display=displays and piece.display)
        if isinstance(piece, maths.Formula)
        else html.escape(piece)
        for piece in pieces(text)
    )


def _as_it_is(text: str) -> Rendered:
    return Rendered(sanitizer.BLOCKS.clean(f"<pre>{html.escape(text)}</pre>"), ())


def _improved(page: str, table_label: str) -> str:
    """Put images, task lists, code and tables right in pulldown-cmark's HTML."""
    if "<i" in page:
        page = _LINK_OR_IMAGE.sub(_without_image, page)
        page = page.replace('<input disabled="" type="checkbox" checked=""/>', "☑")
        page = page.replace('<input disabled="" type="checkbox"/>', "☐")
    if "<pre>" in page:
        page = _CODE_CLASS.sub(r"\1", page.replace("<pre>", '<pre tabindex="0">'))
    if "<table>" in page:
        frame = _TABLE_FRAME.replace("Table", html.escape(table_label))
        page = page.replace("<table>", frame).replace("</table>", "</table></div>")
    return page


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
    """Return the plain text of a heading's HTML, and the readable part of its id."""
    text = one_line(html.unescape(_TAG.sub("", inner)))
    return text, _NOT_SLUG.sub("-", text.lower()).strip("-")[:60] or "section"


def _number_headings(
    page: str,
    formulas: Formulas,
    *,
    top: int | None = None,
    id_prefix: str = "",
    section_ids: Sequence[str] = (),
    ids: dict[str, int] | None = None,
    drop_title: bool = False,
) -> tuple[str, tuple[Heading, ...]]:
    """Write the ids of headings, and levels counted from ``top`` where that is given."""
    headings: list[Heading] = []
    given = iter(section_ids)
    ids = {} if ids is None else ids
    above: list[int] = []  # the levels, as written, of the headings that this one is under

    parts = _HEADING.split(page)  # text, level, heading, text, level, heading, ..., text
    if drop_title and _has_title(parts):
        parts = [parts[3].lstrip(), *parts[4:]]
    for at in range(1, len(parts), 3):
        level, inner = int(parts[at]), parts[at + 1]
        if top is not None:
            while above and above[-1] >= level:
                above.pop()
            above.append(level)
            level = min(top + len(above) - 1, 6)
        if level == 1:
            parts[at], parts[at + 1] = (
                "<h1>",
                f"{inner}</h1>",
            )  # a page's title: nothing leads there
            continue
        text, slug = _heading_text(formulas.as_text(inner))
        wanted = next(given, "") if level == 2 else ""
        heading = Heading(level, _unique(wanted or id_prefix + slug, ids), text)
        headings.append(heading)
        parts[at] = f'<h{level} id="{html.escape(heading.id)}">'
        parts[at + 1] += f"</h{level}>"
    return "".join(parts), tuple(headings)


def _has_title(parts: Sequence[str]) -> bool:
    """Tell whether a text, split at its headings, begins with one that is above all others."""
    first, *others = [int(level) for level in parts[1::3]] or [0]
    return bool(others) and not parts[0].strip() and first < min(others)


def _unique(slug: str, ids: dict[str, int]) -> str:
    """Return the slug as an id, with a number behind it where ``ids`` has it; add it to these."""
    unique = slug
    while unique in ids:
        ids[slug] += 1
        unique = f"{slug}-{ids[slug]}"
    ids[unique] = 1
    return unique
