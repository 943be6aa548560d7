"""MkDocs' hooks: Daybook's renderer in place of Python-Markdown, and the bulk beside MkDocs' loop.

Official hooks only (https://www.mkdocs.org/dev-guide/plugins/#events), so that ``mkdocs build``
gives the same pages as ``generator build``. Papers, days, digests, authors, and the lists of
categories and tags are taken out of MkDocs' own loop (and so never enter its navigation) and built
by ``bulk``; the few other pages go through MkDocs as usual.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
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

from generator.build.exports.sitemap import SitemapEntry, sitemap_entry, sitemap_files
from generator.build.site.bulk import MARKS, page_builder
from generator.build.site.calendar_strip import year_strip
from generator.build.site.charts import bar_chart, line_charts
from generator.build.site.pagehtml import PageHtml, page_html, slots
from generator.build.site.policy import PLACE, governed
from generator.core import urls
from generator.core.parallel import Workers
from generator.core.progress import silent
from generator.core.texts import ENGLISH, Texts, browser_styles, browser_texts, texts_in

# What the pages use of Material: its style sheet. Its scripts, and the maps of both, stay out.
_STYLE = re.compile(r"assets/stylesheets/main\.[0-9a-f]+\.min\.css")
_UNUSED = re.compile(r"assets/(?:javascripts|stylesheets|images)/.*")

_BULK = re.compile(r"papers/.*|days/\d{4}/(?!index\.).*|(?:categories|tags|authors)/[^/]+/.*")

# What scripts and styles say in another language.
_LOCALE_JS, _LOCALE_CSS = "assets/locale.js", "assets/locale.css"


@dataclass
class SiteBuild:
    """What the hooks of one build hand on to each other; it is made anew for each."""

    texts: Texts
    sources: frozenset[str] = frozenset()
    bulk: list[str] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)
    pages: dict[str, PageHtml] = field(default_factory=dict)
    nav: Navigation | None = None
    shell: Callable[[str, str], str] = field(init=False)  # a template and a URL to a page
    workers: Workers[str, SitemapEntry] | None = None

    def exists(self, source: str) -> bool:
        """Tell whether a page may link to this; the data API is put beside the pages later."""
        return source in self.sources or source == urls.API_INDEX


def _build(config: MkDocsConfig) -> SiteBuild:
    build: SiteBuild = config.extra["daybook"]
    return build


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Begin a build: pages, scripts and styles are in the theme's language."""
    texts = texts_in(config.theme["language"])
    if texts != ENGLISH:
        config.extra_javascript.insert(0, ExtraScriptValue(_LOCALE_JS))
        config.extra_css.append(_LOCALE_CSS)
    config.extra["daybook"] = SiteBuild(texts)
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Give every page its permanent URL, and set aside the bulk of them and what no page uses."""
    build = _build(config)
    if build.texts != ENGLISH:
        language = build.texts.language
        files.append(File.generated(config, _LOCALE_JS, content=browser_texts(language)))
        files.append(File.generated(config, _LOCALE_CSS, content=browser_styles(language)))
    build.sources = frozenset(files.src_uris)
    build.bulk = sorted(
        file.src_uri for file in files.documentation_pages() if _BULK.fullmatch(file.src_uri)
    )
    build.styles = [uri for uri in files.src_uris if _STYLE.fullmatch(uri)]
    aside = {*build.bulk, *filter(_UNUSED.fullmatch, files.src_uris)} - set(build.styles)
    result = Files([file for file in files if file.src_uri not in aside])
    for file in result.documentation_pages():
        _place(file, urls.page_url(file.src_uri))
    return result


def on_nav(nav: Navigation, config: MkDocsConfig, files: Files) -> Navigation:
    """Remember the navigation, which every page's shell shows."""
    _build(config).nav = nav
    return nav


def on_env(env: Environment, config: MkDocsConfig, files: Files) -> Environment:
    """Start building the bulk, while MkDocs copies files and builds the other pages."""
    build = _build(config)
    env.globals["stylesheets"] = build.styles
    env.globals["t"] = build.texts.text
    env.globals["policy"] = PLACE

    def shell(template: str, url: str) -> str:
        file = File.generated(config, "shell.md", content="")
        _place(file, url)
        page = Page("", file, config)
        page.meta = {}
        context = dict(get_context(build.nav, files, config, page))  # type: ignore[arg-type]
        context["daybook"] = _safe(MARKS)
        return env.get_template(template).render(context)

    def bulk_shell(kind: str, url: str) -> str:
        page = shell(f"{kind}.html", url)
        return governed(page, page)

    build.shell = shell
    folders = Path(config.docs_dir), Path(config.site_dir)
    builder = page_builder(*folders, bulk_shell, build.exists, build.texts)
    build.workers = Workers(builder, build.bulk)
    return env


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Render with Daybook's renderer; MkDocs' own gets nothing to do."""
    build, source = _build(config), page.file.src_uri
    if "kind" in page.meta:
        page.meta["template"] = f"{page.meta['kind']}.html"
    front = dict(page.meta)
    build.pages[source] = page_html(source, front, markdown, build.exists, build.texts)
    return ""


def on_page_context(
    context: dict[str, Any], page: Page, config: MkDocsConfig, nav: Navigation
) -> dict[str, Any]:
    """Give the slots of an ordinary page, and what is drawn on it."""
    texts = _build(config).texts
    rendered = _build(config).pages[page.file.src_uri]
    context["daybook"] = daybook = _safe(
        slots(rendered, page.url, texts.text(str(page.title)), texts)
    )
    daybook["parts"] = [Markup(part) for part in rendered.parts]
    if "calendar" in page.meta:
        daybook["calendar"] = year_strip(page.meta["year"], page.meta["calendar"], texts)
    if "chart" in page.meta:
        daybook["chart"] = bar_chart(page.meta["chart"], texts)
    if "charts" in page.meta:
        daybook["charts"] = line_charts(page.meta["charts"])
    return context


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """Write the policy of an ordinary page."""
    shell = _build(config).shell(page.meta.get("template", "main.html"), page.url)
    return governed(output, shell)


def on_post_template(output: str, template_name: str, config: MkDocsConfig) -> str:
    """Write the policy of what is no page (404), and shows no text but ours."""
    return governed(output, output) if template_name.endswith(".html") else output


def on_template_context(
    context: dict[str, Any], template_name: str, config: MkDocsConfig
) -> dict[str, Any]:
    """Give the slots of templates that are no pages (404)."""
    title = _build(config).texts.text("Page not found")
    context["daybook"] = {"title": title, "description": "", "path": "", "head": ""}
    return context


def on_post_build(config: MkDocsConfig) -> None:
    """Wait for the bulk, and write the sitemap: only now is known when each page changed last."""
    build = _build(config)
    report = config.extra.get("progress", silent)
    pages = [sitemap_entry(urls.page_url(s), page.front) for s, page in build.pages.items()]
    few = len(pages)
    for chunk in build.workers.results() if build.workers else ():
        pages += chunk
        report(len(pages) - few, len(build.bulk))
    for path, data in sitemap_files(config.site_url or "/", pages).items():
        (Path(config.site_dir) / path).write_bytes(data)


def _safe(values: dict[str, str]) -> dict[str, Any]:
    """Return the slots as what a template does not escape."""
    return {slot: Markup(value) for slot, value in values.items()}


def _place(file: File, url: str) -> None:
    file.dest_uri = f"{url}index.html"
    file.url = url or "./"
