"""The right half: from the store, and nothing else, to the site.

    build():    store → archive ─┬→ pages, feeds, bibliographies → MkDocs ─┬→ site
                                 └→ search index, data API ────────────────┘
    search():   store → archive → a terminal
    check():    store, site → what is wrong

It needs neither network nor key: the same ``data/`` gives the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from generator.build.archive.archive import Archive
from generator.build.archive.people import People
from generator.build.exports.api import api_makers
from generator.build.exports.bibliography import bibliography_makers
from generator.build.exports.crawlers import crawler_files
from generator.build.exports.feeds import feed_makers
from generator.build.exports.pictures import picture_makers
from generator.build.pages.describe import describe_keywords, describe_rules
from generator.build.pages.makers import page_makers
from generator.build.search import searching, terminal
from generator.build.search.glossary import Glossary, parse_glossary
from generator.build.search.index import publish, update_index
from generator.build.search.opened import open_parts
from generator.build.search.searching import Filters
from generator.build.site.check import check_site
from generator.build.site.engine import LUNR_JS, PICTURE_FONT, build_site
from generator.build.site.size import Size, papers_a_year
from generator.build.site.turns import bring_back, interrupted_site, one_build
from generator.build.site.writer import publish_files, write_pages
from generator.config.schema import Config
from generator.core.progress import OpenBar
from generator.core.site import SiteInfo
from generator.core.texts import Texts, texts_in
from generator.store.store import Store


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build made: source pages, and a site of this size."""

    pages: int
    size: Size


def build(config: Config, mkdocs_yml: Path, cache: Path, open_bar: OpenBar) -> BuildReport:
    """Write all pages and feeds from the store, the search index, and the site.

    ``cache`` keeps the parts of the search index from one build to the next, and its neighbour
    the pictures. Raises BuildError, also where another build is under way.
    """
    with one_build(config.paths.site_src, cache):
        bring_back(config.paths.site)
        return _build(config, mkdocs_yml, cache, open_bar)


def _build(config: Config, mkdocs_yml: Path, cache: Path, open_bar: OpenBar) -> BuildReport:
    _glossary(config)  # what is broken in it shows here, not in the reader's browser
    site = _site_info(config)
    archive = _archive(config, open_bar, site.texts)
    count = _write_sources(config, archive, site, open_bar)
    with open_bar("Search") as progress:
        parts = update_index(archive, cache, progress)

    def finish(folder: Path) -> None:
        publish(cache, parts, _author_slugs(archive, site), folder / "search", LUNR_JS)
        makers = [*api_makers(archive, site), lambda: crawler_files(archive, site)]
        makers += picture_makers(archive, site, PICTURE_FONT, cache.with_name("pictures"))
        publish_files(folder, makers)

    with open_bar("Site") as progress:
        build_site(
            mkdocs_yml,
            config.paths.site_src,
            config.paths.site,
            site=site,
            progress=progress,
            finish=finish,
        )
    return BuildReport(count, _size(config.paths.site, archive))


def search(
    config: Config, cache: Path, query: str, filters: Filters, *, limit: int, open_bar: OpenBar
) -> terminal.Found:
    """Look for papers in the store; return at most ``limit`` of them, as the search page would.

    Brings the search index in ``cache`` up to date first. Raises BuildError, also where a build is
    under way.
    """
    glossary = _glossary(config)
    archive = _archive(config, open_bar, None)  # no page is made
    with one_build(config.paths.site_src, cache):
        with open_bar("Search") as progress:
            parts = open_parts(cache, update_index(archive, cache, progress))
        answer = searching.search(query, parts, glossary, filters, date.today())
        return terminal.found(answer, parts, archive.listed, limit)


def check(config: Config, open_bar: OpenBar) -> list[str]:
    """Return everything wrong with the store and, where it is built, the site; a line each."""
    with open_bar("Store") as progress:
        problems = Store(config.paths.data).check(progress)
    if config.paths.site.is_dir():
        with open_bar("Links") as progress:
            problems += check_site(config.paths.site, progress)
    elif missing := interrupted_site(config.paths.site):
        problems.append(missing)
    return problems


def damaged_summaries(config: Config) -> list[str]:
    """Return the ids of papers with a summary that has lost characters and should be redone."""
    papers = Store(config.paths.data).papers()
    return [paper.id for paper in papers if any(s.damaged for s in paper.summaries)]


def _archive(config: Config, open_bar: OpenBar, texts: Texts | None) -> Archive:
    store = Store(config.paths.data)
    with open_bar("Archive") as progress:
        days = list(store.days())  # first: the papers of a day that an update just stores are there
        return Archive.of(store.papers(progress), days, texts)


def _glossary(config: Config) -> Glossary:
    """Read the site's glossary; it is empty where there is no file. Raises ConfigError."""
    path = config.paths.site_src / "assets" / "glossary.json"
    return parse_glossary(path.read_bytes(), str(path)) if path.exists() else {}


def _author_slugs(archive: Archive, site: SiteInfo) -> dict[str, str]:
    """Return the slug of the page of each author who has one, by name."""
    people = People.of(archive, site.authors).by_key.values()
    return {person.name: Path(person.source).parent.name for person in people}


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


def _write_sources(config: Config, archive: Archive, site: SiteInfo, open_bar: OpenBar) -> int:
    """Write the pages and feeds; return their number."""
    with open_bar("Pages") as progress:
        makers = [
            # The largest files first: nobody waits for them at the end.
            *bibliography_makers(archive),
            *page_makers(archive, site),
            *feed_makers(archive, site),
        ]
        return write_pages(config.paths.site_src, makers, progress)
