"""MkDocs' hooks: Daybook's renderer in place of Python-Markdown, and the bulk builder.

Official hooks only (https://www.mkdocs.org/dev-guide/plugins/#events), so that ``mkdocs build``
gives the same pages as ``generator build``. Papers, days, digests, authors, and the lists of
categories and tags are taken out of MkDocs' own loop (and so never enter its navigation) and built
by ``bulk``; the few other pages go through MkDocs as usual.
"""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any

from jinja2 import Environment
from markupsafe import Markup
from mkdocs.commands.build import get_context
from mkdocs.config.config_options import ExtraScriptValue
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import get_toc

from generator.build.citation.metadata import head
from generator.build.exports.sitemap import sitemap_entry, sitemap_files
from generator.build.site.bulk import Builder, PageJob, marks
from generator.build.site.calendar_strip import year_strip
from generator.build.site.chart import bar_chart
from generator.build.site.charts import line_chart
from generator.build.site.pagehtml import PageHtml, page_html
from generator.core import urls
from generator.core.texts import ENGLISH, Texts, browser_styles, browser_texts, texts_in

# What the pages use of Material: its style sheet. Its scripts, and the maps of both, stay out.
_STYLE = re.compile(r"assets/stylesheets/main\.[0-9a-f]+\.min\.css")
_UNUSED = re.compile(r"assets/(?:javascripts|stylesheets|images)/.*")

_BULK = re.compile(r"papers/.*|days/\d{4}/(?!index\.).*|(?:categories|tags|authors)/[^/]+/.*")


class _Build:
    """The state of one build; MkDocs' hooks are functions and share it."""

    sources: frozenset[str] = frozenset()
    bulk: tuple[str, ...] = ()
    styles: list[str] = []  # noqa: RUF012 - one build at a time, see on_files
    pages: dict[str, PageHtml] = {}  # noqa: RUF012 - one build at a time, see on_files
    nav: Navigation | None = None
    builder: Builder | None = None
    texts: Texts = ENGLISH


_SCRIPT, _STYLES = "assets/locale.js", "assets/locale.css"


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """The theme's language is that of Daybook's own words; scripts and styles find
    theirs in files of their own."""
    _Build.texts = texts_in(config.theme["language"])
    if _Build.texts != ENGLISH:
        config.extra_javascript.insert(0, ExtraScriptValue(_SCRIPT))
        config.extra_css.append(_STYLES)
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Give every page its permanent URL, and set aside the bulk of them and what no page uses."""
    if _Build.texts != ENGLISH:
        language = _Build.texts.language
        files.append(File.generated(config, _SCRIPT, content=browser_texts(language)))
        files.append(File.generated(config, _STYLES, content=browser_styles(language)))
    _Build.sources = frozenset(files.src_uris)
    _Build.pages = {}
    bulk = [file for file in files.documentation_pages() if _BULK.fullmatch(file.src_uri)]
    _Build.bulk = tuple(sorted(file.src_uri for file in bulk))
    _Build.styles = [file.src_uri for file in files if _STYLE.fullmatch(file.src_uri)]
    aside = {f for f in files if _UNUSED.fullmatch(f.src_uri) and f.src_uri not in _Build.styles}
    aside.update(bulk)
    result = Files([file for file in files if file not in aside])
    for file in result.documentation_pages():
        _place(file)
    return result


def on_nav(nav: Navigation, config: MkDocsConfig, files: Files) -> Navigation:
    """Remember the navigation, which every page's shell shows."""
    _Build.nav = nav
    return nav


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Render with Daybook's renderer; MkDocs' own gets nothing to do."""
    if "kind" in page.meta:
        page.meta["template"] = f"{page.meta['kind']}.html"
    _Build.pages[page.file.src_uri] = page_html(
        page.file.src_uri,
        dict(page.meta),
        markdown,
        _exists,
        _Build.texts,
    )
    return ""


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Hand over what ``on_page_markdown`` rendered."""
    page.toc = get_toc([])
    return _Build.pages[page.file.src_uri].content


def on_page_context(
    context: dict[str, Any], page: Page, config: MkDocsConfig, nav: Navigation
) -> dict[str, Any]:
    """The slots of an ordinary page."""
    rendered = _Build.pages[page.file.src_uri]
    context["daybook"] = {
        "title": html.escape(_Build.texts.text(str(page.title))),
        "description": html.escape(rendered.front.get("description", "")),
        "path": page.url,
        "head": Markup(head(rendered.front, page.url)),
        "toc": Markup(rendered.toc),
        "aside": Markup(rendered.aside),
        "content": Markup(rendered.content),
    }
    if "calendar" in page.meta:
        weeks = year_strip(page.meta["year"], page.meta["calendar"], _Build.texts)
        context["daybook"]["calendar"] = weeks
    if "chart" in page.meta:
        context["daybook"]["chart"] = bar_chart(page.meta["chart"], _Build.texts)
    if "charts" in page.meta:
        context["daybook"]["charts"] = [_drawn(chart) for chart in page.meta["charts"]]
    return context


def on_env(env: Environment, config: MkDocsConfig, files: Files) -> Environment:
    """Start building the bulk, while MkDocs copies files and builds the other pages."""
    nav = _Build.nav
    env.globals["stylesheets"] = _Build.styles
    env.globals["t"] = _Build.texts.text

    def shell(kind: str, url: str) -> str:
        file = File.generated(config, "shell.md", content="")
        _place(file, url)
        page = Page("", file, config)
        page.meta = {}
        context = dict(get_context(nav, files, config, page))  # type: ignore[arg-type]
        context["daybook"] = {slot: Markup(mark) for slot, mark in marks().items()}
        return env.get_template(f"{kind}.html").render(context)

    job = PageJob(
        Path(config.docs_dir),
        Path(config.site_dir),
        shell,
        _exists,
        _Build.texts,
    )
    _Build.builder = Builder(job, _Build.bulk)
    return env


def on_template_context(
    context: dict[str, Any], template_name: str, config: MkDocsConfig
) -> dict[str, Any]:
    """The slots of templates that are no pages (404)."""
    title = _Build.texts.text("Page not found")
    context["daybook"] = {"title": title, "description": "", "path": "", "head": ""}
    return context


def on_post_build(config: MkDocsConfig) -> None:
    """Wait for the bulk, and write the sitemap: only now is known when each page changed last."""
    pages = [sitemap_entry(urls.page_url(s), page.front) for s, page in _Build.pages.items()]
    if _Build.builder is not None:
        pages += _Build.builder.join(config.extra.get("progress", _no_progress))
    for path, data in sitemap_files(config.site_url or "/", pages).items():
        (Path(config.site_dir) / path).write_bytes(data)


def on_build_error(error: Exception) -> None:
    """Stop the workers where MkDocs failed before ``on_post_build``."""
    if _Build.builder is not None:
        _Build.builder.stop()


def _exists(source: str) -> bool:
    """Whether a page may link to this; the data API is put beside the pages later."""
    return source in _Build.sources or source == urls.API_INDEX


def _drawn(chart: dict[str, Any]) -> dict[str, Any]:
    """A chart of the front matter with its lines drawn."""

    def svg(panel: dict[str, Any]) -> Markup:
        return Markup(line_chart(panel["values"], chart["labels"], words=panel["words"]))

    return {"panels": [{**panel, "svg": svg(panel)} for panel in chart["panels"]]}


def _no_progress(done: int, total: int) -> None:
    """``mkdocs build`` shows none."""


def _place(file: File, url: str | None = None) -> None:
    url = urls.page_url(file.src_uri) if url is None else url
    file.dest_uri = f"{url}index.html"
    file.url = url or "./"
