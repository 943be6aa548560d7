"""One generated Markdown page to the parts of its HTML. Pure; all rendering is ``render``'s."""

from __future__ import annotations

import html
import json
import posixpath
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

from generator.build.citation.metadata import head
from generator.build.pages.layout import (
    ASIDE_MARK,
    CHART_MARK,
    SUMMARIES_MARK,
    SUMMARY_MARK,
    WRITTEN_MARK,
)
from generator.build.pages.summaries import summary_anchor
from generator.core import urls
from generator.core.errors import BuildError
from generator.core.languages import language_name
from generator.core.texts import Texts
from generator.markup.render import Heading, render_block, render_page
from generator.markup.styles import styles_to_classes

# What differs between two pages of one kind. A template reads these as ``daybook.<slot>``.
SLOTS = ("title", "description", "path", "picture", "pictured", "head", "toc", "aside", "content")

# Headings below this level stay out of the contents list.
TOC_DEPTH = 3
_LEAST_SECTIONS = 3
# What links and styles call a paper's first section, whatever language its heading is in.
_SECTION_IDS = {"paper": ("abstract",)}

_SUMMARY = re.compile(
    "^" + re.escape(SUMMARY_MARK).replace(re.escape("{language}"), "([a-zA-Z0-9-]+)") + "\n", re.M
)
_HREF = re.compile(r'(<a [^>]*?href=")([^"#:?]*)(#[^"]*)?"')


@dataclass(frozen=True, slots=True)
class PageHtml:
    """A page ready for its template: ``front`` is its front matter, the others are safe HTML.

    ``parts`` are what stands before, between and behind its charts.
    """

    front: dict[str, Any]
    parts: tuple[str, ...]
    aside: str
    toc: str

    @property
    def content(self) -> str:
        """The page without its charts."""
        return "".join(self.parts)


def slots(page: PageHtml, url: str, title: str, texts: Texts) -> dict[str, str]:
    """Return what a template shows of a page at ``url``, as safe HTML by the names in ``SLOTS``.

    ``picture`` is of its day, or of the site; ``pictured`` says what is on it.
    """
    # A day without papers has no picture.
    day = page.front.get("date", "") if page.front.get("papers", 1) else ""
    pictured = texts.text("arXiv papers")
    if day:
        named = texts.short_date(date.fromisoformat(day))
        pictured = texts.text("arXiv papers of {date}", date=named)
    return {
        "title": html.escape(title),
        "description": html.escape(page.front.get("description", "")),
        "path": urls.encoded(url),
        "picture": urls.picture(day),
        "pictured": html.escape(pictured),
        "head": head(page.front, url),
        "toc": page.toc,
        "aside": page.aside,
        "content": page.content,
    }


def page_html(
    source: str,
    front: dict[str, Any],
    body: str,
    exists: Callable[[str], bool],
    texts: Texts,
) -> PageHtml:
    """Render the page with path ``source``; ``exists`` says of a source path whether it is there.

    ``texts`` are those of the interface. Links between sources become links between URLs. Raises
    BuildError for a link to a source that does not exist.
    """
    own, *sections = _SUMMARY.split(body)
    main, _, aside = own.partition(f"\n{ASIDE_MARK}\n")
    table = texts.text("Table")
    headings: list[Heading] = []
    ids: dict[str, int] = {}

    def rendered(markdown: str, section_ids: Sequence[str] = ()) -> str:
        page = render_page(markdown, section_ids=section_ids, ids=ids, table_label=table)
        headings.extend(page.headings)
        return _HREF.sub(lambda link: _link(link, source, exists), styles_to_classes(page.html))

    section_ids = _SECTION_IDS.get(front.get("kind", ""), ())
    main, _, behind = main.partition(f"\n{SUMMARIES_MARK}\n")
    parts = [rendered(part, section_ids) for part in main.split(f"\n{CHART_MARK}\n")]
    toc = _toc(headings)
    languages = sections[::2]
    summaries = []
    for number, language in enumerate(languages, 1):
        about, _, written = sections[2 * number - 1].partition(f"\n{WRITTEN_MARK}\n")
        headings.clear()
        about = rendered(about, [summary_anchor(number, language)])
        # The first one's ids stay where a second language joins it.
        prefix = "s-" if number == 1 else f"s{number}-"
        # A title repeats the paper's.
        summary = render_block(
            written, id_prefix=prefix, ids=ids, table_label=table, drop_title=True
        )
        summaries.append(
            f'{about}<section class="summary" lang="{language}">\n'
            f"{styles_to_classes(summary.html)}</section>\n"
        )
        lang = "" if language == texts.language else f' lang="{language}"'
        toc += _toc(headings) + _toc(summary.headings, lang)
    if len(summaries) > 1:
        summaries = [_with_switch(source, languages, summaries, texts)]
    headings.clear()
    parts[-1] += "".join(summaries) + (rendered(behind, section_ids) if behind else "")
    toc += _toc(headings)
    return PageHtml(front, tuple(parts), rendered(aside) if aside else "", _contents(toc, texts))


def _with_switch(
    source: str, languages: Sequence[str], summaries: Sequence[str], texts: Texts
) -> str:
    """Put summaries in several languages behind the script that lets the reader choose one."""
    names = {language: language_name(language) for language in languages}
    known = html.escape(json.dumps(names, ensure_ascii=False))
    label = html.escape(texts.text("Language of the summary"))
    versions = "".join(
        f'<div class="version" data-language="{language}">\n{summary}</div>\n'
        for language, summary in zip(languages, summaries, strict=True)
    )
    script = urls.relative("assets/reading/languages.js", _url(source))
    return (
        f'<div class="summaries" data-languages="{known}" data-label="{label}">\n'
        f'<script src="{script}"></script>\n{versions}</div>\n'
    )


def split_front_matter(source: str, text: str) -> tuple[dict[str, Any], str]:
    """Split a page as ``pages`` writes it: front matter (``key: JSON`` between ``---``), and body.

    Raises BuildError for front matter that Daybook did not write.
    """
    opening, _, rest = text.partition("\n")
    lines, _, body = rest.partition("\n---\n") if opening == "---" else ("", "", "")
    try:
        pairs = (line.split(": ", 1) for line in lines.split("\n"))
        front = {key: json.loads(value) for key, value in pairs}
    except ValueError as error:
        raise BuildError(
            "Cannot read a page",
            item=source,
            why=str(error),
            todo="Generated pages are not for editing: run generator build to write them anew",
        ) from error
    return front, body


def _link(link: re.Match[str], source: str, exists: Callable[[str], bool]) -> str:
    """Return a link between sources as one between URLs."""
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


def _contents(entries: str, texts: Texts) -> str:
    """Return the list of a page's sections; "" for a page of one or two, which can be seen."""
    if entries.count("<li") < _LEAST_SECTIONS:
        return ""
    label = html.escape(texts.text("On this page"))
    return f'<nav class="contents" aria-label="{label}"><ol>{entries}</ol></nav>'


def _toc(headings: Sequence[Heading], attribute: str = "") -> str:
    """Return the entries of the contents list: flat, with the level as a class."""
    return "".join(
        f'<li class="l{h.level}"{attribute}>'
        f'<a href="#{html.escape(h.id)}">{html.escape(h.text)}</a></li>'
        for h in headings
        if 2 <= h.level <= TOC_DEPTH
    )
