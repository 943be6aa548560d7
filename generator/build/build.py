"""The two halves of Daybook, readable as the picture in docs/architecture.md.

    update(), import_history():  sources → select → store → summarize → store
    back_fill(), refresh():      sources → select → store
    build():                     store → pages, feeds → site

``update`` needs the network and ends in ``data/``. ``build`` needs neither network nor key.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

from generator.build.archive.archive import Archive
from generator.build.citation.bibliography import bibliography_makers
from generator.build.exports.api import api_makers
from generator.build.exports.crawlers import crawler_files
from generator.build.exports.feeds import feed_makers
from generator.build.pages.describe import describe_keywords, describe_rules
from generator.build.pages.makers import page_makers
from generator.build.search import terminal
from generator.build.search.glossary import Glossary, parse_glossary
from generator.build.search.index import publish, update_index
from generator.build.site.check import check_site
from generator.build.site.size import Size, papers_a_year
from generator.build.site.writer import build_site, publish_files, write_pages
from generator.config.schema import Config
from generator.core.progress import Progress
from generator.core.site import SiteInfo
from generator.core.texts import texts_in
from generator.store.store import Store


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build made: source pages, and a site of this size."""

    pages: int
    size: Size


def build(config: Config, mkdocs_yml: Path, cache: Path, progress: Progress) -> BuildReport:
    """Write all pages and feeds from the store, the search index, and the site.

    ``cache`` keeps the parts of the search index from one build to the next.
    """
    _glossary(config)  # what is broken in it shows here, not in the reader's browser
    archive = _archive(config, progress)
    site = _site_info(config)
    count = _write_sources(config, archive, site, progress)
    with progress("Search") as report:
        parts = update_index(archive, cache, report)
    newest = archive.days[-1].date if archive.days else date(1970, 1, 1)

    def finish(folder: Path) -> None:
        publish(cache, parts, folder / "search")
        publish_files(folder, [*api_makers(archive, site), lambda: crawler_files(archive, site)])

    with progress("Site") as report:
        build_site(
            mkdocs_yml,
            config.paths.site_src,
            config.paths.site,
            name=config.site.title,
            url=config.site.url,
            description=texts_in(config.site.language).text(config.site.description),
            language=config.site.language,
            built=int(datetime.combine(newest, time(), UTC).timestamp()),
            progress=report,
            finish=finish,
        )
    return BuildReport(count, _size(config.paths.site, archive))


def search(
    config: Config, query: str, filters: terminal.Filters, limit: int, progress: Progress
) -> terminal.Found:
    """Look for papers in the store, no site needed; at most ``limit`` are given."""
    glossary = _glossary(config)
    return terminal.search(_archive(config, progress), query, glossary, filters, limit)


def check(config: Config, progress: Progress) -> list[str]:
    """Everything wrong with the store and, where it is built, the site; a line each."""
    with progress("Store") as report:
        problems = Store(config.paths.data).check(report)
    if config.paths.site.is_dir():
        with progress("Links") as report:
            problems += check_site(config.paths.site, report)
    return problems


def damaged_summaries(config: Config) -> list[str]:
    """The ids of papers with a summary that has lost characters, so that it can be redone."""
    papers = Store(config.paths.data).papers()
    return [paper.id for paper in papers if any(s.damaged for s in paper.summaries)]


def _archive(config: Config, progress: Progress) -> Archive:
    store = Store(config.paths.data)
    with progress("Archive") as report:
        return Archive.of(store.papers(report), store.days())


def _glossary(config: Config) -> Glossary:
    """The site's glossary; none where there is no file. Raises ConfigError."""
    path = config.paths.site_src / "assets" / "glossary.json"
    return parse_glossary(path.read_bytes(), str(path)) if path.exists() else {}


def _size(site: Path, archive: Archive) -> Size:
    sizes = {path: path.stat().st_size for path in site.rglob("*") if path.is_file()}
    assets = site / "assets"
    return Size(
        files=len(sizes),
        bytes=sum(sizes.values()),
        fixed=sum(size for path, size in sizes.items() if path.is_relative_to(assets)),
        papers=len(archive.latest),
        papers_a_year=papers_a_year(entries[0].day for entries in archive.listed.values()),
    )


def _site_info(config: Config) -> SiteInfo:
    texts = texts_in(config.site.language)
    return SiteInfo(
        title=config.site.title,
        url=config.site.url,
        description=texts.text(config.site.description),
        rules=describe_rules(config.select, config.sources.categories, texts),
        keywords=describe_keywords(config.select),
        currency=config.summarize.currency,
        authors=tuple(author.name for author in config.select.authors),
        texts=texts,
    )


def _write_sources(config: Config, archive: Archive, site: SiteInfo, progress: Progress) -> int:
    """Write the pages and feeds; return their number."""
    with progress("Pages") as report:
        makers = [
            # The largest files first: nobody waits for them at the end.
            *bibliography_makers(archive),
            *page_makers(archive, site),
            *feed_makers(archive, site),
        ]
        return write_pages(config.paths.site_src, makers, report)
