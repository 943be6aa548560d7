"""The two halves of Daybook, readable as the picture in docs/architecture.md.

    update(), import_history():  sources → select → store → summarize → store
    back_fill(), refresh():      sources → select → store
    build():                     store → pages, feeds → site

``update`` needs the network and ends in ``data/``. ``build`` needs neither network nor key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from pathlib import Path

from generator.api import api_makers
from generator.archive import Archive
from generator.bibliography import bibliography_makers
from generator.catchup import FillReport, Gaps, RefreshReport
from generator.catchup import refresh as refresh_papers
from generator.config import Config
from generator.crawlers import crawler_files
from generator.daily import DayUpdate, import_day, update_day
from generator.describe import describe_keywords, describe_rules
from generator.digest_file import renew_digest
from generator.errors import ConfigError
from generator.feeds import feed_makers
from generator.fetching import make_fetcher, read_feeds
from generator.layout import SiteInfo
from generator.models import CategoryRun, Day, FeedState, Paper
from generator.pages import page_makers
from generator.search import terminal
from generator.search.glossary import Glossary, parse_glossary
from generator.search.index import publish, update_index
from generator.site import build_site, publish_files, write_pages
from generator.sitecheck import check_site
from generator.size import Size, papers_a_year
from generator.sources.calendar import announcement_day
from generator.sources.history import Skipped, latest_per_day, read_history
from generator.sources.readme import Snapshot
from generator.store import Store
from generator.summarize.queue import Queue
from generator.summarize.run import RunReport
from generator.summary_jobs import LOOK_BACK, Request, find_jobs, most_spent, summarize
from generator.texts import texts_in

# Opens a bar with a title; the value reports (done, total).
Progress = Callable[[str], AbstractContextManager[Callable[[int, int], None]]]


_FIRST_DAY = date(1991, 8, 14)  # arXiv's


@dataclass(frozen=True, slots=True)
class UpdateReport:
    """What an update did: ``runs`` by category, ``listed`` papers on the day, files ``changed``.

    ``repaired`` is about the week before. ``summaries`` is ``None`` where none were to be made.
    """

    date: date
    runs: Mapping[str, CategoryRun]
    listed: int
    changed: int
    repaired: FillReport
    summaries: RunReport | None = None

    @property
    def complete(self) -> bool:
        """Whether every feed was fresh or validly empty."""
        return all(r.state not in (FeedState.STALE, FeedState.ERROR) for r in self.runs.values())


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did; ``damaged`` are the papers whose summary has lost characters."""

    days: int
    rows: int
    papers: int
    summaries: int
    changed: int
    damaged: tuple[str, ...]
    skipped: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build made: source pages, and a site of this size."""

    pages: int
    size: Size


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a run gets from outside: ``now``, a ``timer`` in seconds, the model's ``key``.

    ``cache`` is a folder that may be deleted at any time.
    """

    now: datetime
    timer: Callable[[], float]
    key: str | None
    cache: Path
    progress: Progress


def update(config: Config, day: date, feeds: Iterable[str], around: Surroundings) -> UpdateReport:
    """Fetch a day's feeds, store what the rules keep, and have the best papers summarised.

    ``feeds`` (files or URLs) stand in for the configured categories' feeds if there are any.
    Without them, days of the week before that are missing or incomplete are repaired. Summaries
    that failed in the days before are tried again. The digest file is renewed at the end. Raises
    FetchError where no feed could be read: the store is then as it was.
    """
    report = _update(config, day, tuple(feeds), around)
    _renew_digest(config)
    return report


def _update(
    config: Config, day: date, feeds: tuple[str, ...], around: Surroundings
) -> UpdateReport:
    started = around.timer()
    store = Store(config.paths.data)
    with make_fetcher(config, around.cache / "http") as fetcher:
        with around.progress("Feeds") as progress:
            read = read_feeds(config, feeds, fetcher, progress)
        with store.exclusive():
            stored = store.day(day)
            result = update_day(day, read, config.select, store.paper, stored)
            listed = result.day
            if listed and listed != stored:
                listed = _timed(listed, around.timer() - started)
            changed = store.write(result.papers, [listed] if listed else [])
        gaps = Gaps(config, store, fetcher, announcement_day(around.now))
        repaired = FillReport() if feeds else gaps.repair(day, read)
    count = len(listed.rows) if listed else 0
    report = UpdateReport(day, result.runs, count, changed, repaired)
    if not config.summarize.model or (config.summarize.api_key_env and not around.key):
        return report
    request = Request(since=day - LOOK_BACK, until=day)
    summaries = make_summaries(config, request, around)
    if summaries.made or summaries.failed:
        with store.exclusive():
            if listed := store.day(day):
                store.write([], [_timed(listed, around.timer() - started)])
    return replace(report, summaries=summaries)


def make_summaries(config: Config, request: Request, around: Surroundings) -> RunReport:
    """Make the summaries that a request comes to. Raises ConfigError, StoreError, ModelError."""
    with around.progress("Summaries") as progress:
        return summarize(
            config,
            Store(config.paths.data),
            request,
            key=around.key,
            now=around.now,
            cache=around.cache,
            progress=progress,
        )


def preview_summaries(
    config: Config, request: Request, around: Surroundings
) -> tuple[Queue, int, float | None]:
    """What ``make_summaries`` would do: the queue, and at most how many tokens at which cost."""
    queue = find_jobs(config, Store(config.paths.data), request, around.now)
    return queue, *most_spent(len(queue.jobs), config.summarize)


def _timed(day: Day, seconds: float) -> Day:
    return replace(day, run=replace(day.run, seconds=round(seconds, 1)))


def back_fill(config: Config, begin: date, end: date, around: Surroundings) -> FillReport:
    """Fill the days that no feed covers, from the query API (see ``Gaps.back_fill``).

    Raises ConfigError where the days are none that arXiv has announced.
    """
    today = announcement_day(around.now)
    if not _FIRST_DAY <= begin <= end <= today:
        raise ConfigError(
            "Cannot back-fill these days",
            item=f"{begin} to {end}",
            why=f"they must go forward, between {_FIRST_DAY} and {today}",
            todo="Give --from and --to as days such as 2026-02-05",
        )
    with make_fetcher(config, around.cache / "http") as fetcher, around.progress("Days") as report:
        gaps = Gaps(config, Store(config.paths.data), fetcher, today)
        done = gaps.back_fill(begin, end, report)
    _renew_digest(config)
    return done


def refresh(config: Config, limit: int | None, around: Surroundings) -> RefreshReport:
    """Complete imported papers from the query API (see ``catchup.refresh``)."""
    with (
        make_fetcher(config, around.cache / "http") as fetcher,
        around.progress("Papers") as report,
    ):
        return refresh_papers(config, limit, fetcher, report)


def _renew_digest(config: Config) -> None:
    if config.paths.digest:
        renew_digest(config.paths.digest, Store(config.paths.data))


def import_history(config: Config, path: Path, progress: Progress) -> ImportReport:
    """Bring a predecessor's README history into the store, all of it or nothing."""
    found: list[Snapshot | Skipped] = []
    with progress("Snapshots") as report:
        for item in read_history(path):
            found.append(item)
            report(len(found), 0)
    snapshots = latest_per_day(item for item in found if isinstance(item, Snapshot))
    store = Store(config.paths.data)
    papers: dict[str, Paper] = {}
    results: list[DayUpdate] = []
    with progress("Days") as report:
        for number, snapshot in enumerate(snapshots.values(), 1):
            result = import_day(
                snapshot, lambda i: papers.get(i) or store.paper(i), store.day(snapshot.date)
            )
            papers.update({paper.id: paper for paper in result.papers})
            results.append(result)
            report(number, len(snapshots))
    with progress("Writing") as report:
        changed = store.write(papers.values(), [r.day for r in results if r.day], report)
    summaries = [(paper, summary) for paper in papers.values() for summary in paper.summaries]
    return ImportReport(
        days=len(results),
        rows=sum(len(result.day.rows) for result in results if result.day),
        papers=len(papers),
        summaries=len(summaries),
        changed=changed,
        damaged=tuple(sorted({paper.id for paper, summary in summaries if summary.damaged})),
        skipped=tuple(f"{s.name}: {s.why}" for s in found if isinstance(s, Skipped)),
    )


def build(config: Config, mkdocs_yml: Path, cache: Path, progress: Progress) -> BuildReport:
    """Write all pages and feeds from the store, the search index, and the site.

    ``cache`` keeps the parts of the search index from one build to the next.
    """
    _renew_digest(config)
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
