"""One generated Markdown page to the parts of its HTML. Pure; all rendering is ``render``'s."""

from __future__ import annotations

import html
import json
import posixpath
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

from generator.build.pages.layout import ASIDE_MARK, SUMMARY_MARK, WRITTEN_MARK
from generator.build.pages.summaries import summary_anchor
from generator.core import urls
from generator.core.errors import BuildError
from generator.core.languages import language_name
from generator.core.texts import Texts
from generator.markup.render import TABLE_LABEL, Heading, render_block, render_page

# Headings below this level stay out of the contents list.
TOC_DEPTH = 4


@dataclass(frozen=True, slots=True)
class PageHtml:
    """A page ready for its template: ``front`` is its front matter, the others are safe HTML."""

    front: dict[str, Any]
    content: str
    aside: str
    toc: str


_SUMMARY = re.compile(
    "^" + re.escape(SUMMARY_MARK).replace(re.escape("{language}"), "([a-zA-Z0-9-]+)") + "\n", re.M
)
_HREF = re.compile(r'(<a [^>]*?href=")([^"#:?]*)(#[^"]*)?"')


def page_html(
    source: str,
    front: dict[str, Any],
    body: str,
    exists: Callable[[str], bool],
    texts: Texts,
) -> PageHtml:
    """Render the page with path ``source``; ``exists`` says of a source path whether it is there.

    ``texts`` are those of the interface. Where there are summaries in several languages, a script
    before them lets the reader choose one.

    Links between sources become links between URLs. Raises BuildError for a link to a source that
    does not exist.
    """
    own, *sections = _SUMMARY.split(body)
    main, _, aside = own.partition(f"\n{ASIDE_MARK}\n")

    def rendered(markdown: str) -> tuple[str, Sequence[Heading]]:
        page = render_page(markdown)
        return _HREF.sub(lambda link: _link(link, source, exists), page.html), page.headings

    content, headings = _anchored(*rendered(main), texts.text("Abstract"), "abstract")
    toc = _toc(headings)
    languages = sections[::2]
    told = []
    for number, language in enumerate(languages, 1):
        about, _, written = sections[2 * number - 1].partition(f"\n{WRITTEN_MARK}\n")
        # The first one's ids stay where a second language joins it.
        prefix = "s-" if number == 1 else f"s{number}-"
        summary = render_block(written, top_heading=3, id_prefix=prefix)
        head, headings = rendered(about)
        anchor = summary_anchor(number, language)
        head, headings = _anchored(head, headings, headings[0].text, anchor)
        told.append(
            f'{head}<section class="summary" lang="{language}">\n{summary.html}</section>\n'
        )
        toc += _toc(headings)
        titles = [h for h in summary.headings if h.level == 3]
        # A single heading above all others repeats the paper's title.
        lang = "" if language == texts.language else f' lang="{language}"'
        toc += _toc([h for h in summary.headings if titles != [h]], lang)
    content += _with_switch(source, languages, told, texts) if len(told) > 1 else "".join(told)
    beside = rendered(aside)[0] if aside else ""
    table = TABLE_LABEL.replace("Table", html.escape(texts.text("Table")))
    content, beside = (part.replace(TABLE_LABEL, table) for part in (content, beside))
    return PageHtml(front, content, beside, toc)


def _with_switch(source: str, languages: Sequence[str], told: Sequence[str], texts: Texts) -> str:
    """Summaries in several languages, behind the script that shows one at a time."""
    names = {language: language_name(language) for language in languages}
    known = html.escape(json.dumps(names, ensure_ascii=False))
    label = html.escape(texts.text("Language of the summary"))
    versions = "".join(
        f'<div class="version" data-language="{language}">\n{section}</div>\n'
        for language, section in zip(languages, told, strict=True)
    )
    script = urls.relative("assets/reading/languages.js", _url(source))
    return (
        f'<div class="summaries" data-languages="{known}" data-label="{label}">\n'
        f'<script src="{script}"></script>\n{versions}</div>\n'
    )


def _anchored(
    page: str, headings: Sequence[Heading], text: str, anchor: str
) -> tuple[str, Sequence[Heading]]:
    """Give a section's heading the id that links and styles know, whatever language it is in."""
    found = next((h for h in headings if h.text == text and h.level == 2), None)
    if found is None or found.id == anchor:
        return page, headings
    page = page.replace(f' id="{html.escape(found.id)}"', f' id="{html.escape(anchor)}"', 1)
    return page, [replace(h, id=anchor) if h is found else h for h in headings]


def split_front_matter(source: str, text: str) -> tuple[dict[str, Any], str]:
    """Front matter as ``pages`` writes it (``key: JSON`` lines between ``---``), and the body.

    Raises BuildError for front matter that Daybook did not write.
    """
    opening, _, rest = text.partition("\n")
    head, _, body = rest.partition("\n---\n") if opening == "---" else ("", "", "")
    try:
        front = {
            key: json.loads(value)
            for key, value in (line.split(": ", 1) for line in head.split("\n"))
        }
    except ValueError as error:
        raise BuildError(
            "Cannot read a page",
            item=source,
            why=str(error),
            todo="Generated pages are not for editing: run generator build to write them anew",
        ) from error
    return front, body


def _link(link: re.Match[str], source: str, exists: Callable[[str], bool]) -> str:
    start, target, fragment = link[1], link[2], link[3] or ""
    if not target:
        return link[0]
    path = _resolve(posixpath.dirname(source), target)
    if not exists(path):
        raise BuildError(
            "Broken link",
            item=source,
            why=f"it links to {target}, and there is no {path}",
            todo="This is a fault in the page's template; please report it",
        )
    return f'{start}{urls.encoded(urls.relative(_url(path), _url(source)))}{fragment}"'


@lru_cache(maxsize=50_000)
def _resolve(folder: str, target: str) -> str:
    return posixpath.normpath(posixpath.join(folder, unquote(html.unescape(target))))


@lru_cache(maxsize=50_000)
def _url(path: str) -> str:
    return urls.page_url(path) if path.endswith(".md") else path


def _toc(headings: Sequence[Heading], attribute: str = "") -> str:
    """The entries of the contents list: flat, with the level as a class."""
    return "".join(
        f'<li class="l{h.level}"{attribute}>'
        f'<a href="#{html.escape(h.id)}">{html.escape(h.text)}</a></li>'
        for h in headings
        if 2 <= h.level <= TOC_DEPTH
    )
