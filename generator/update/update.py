"""The left half: from arXiv, a model and the predecessor into the store.

    update():           feeds → selection → store → missing days → summaries → store
    make_summaries():   store → papers' texts → a model → store
    back_fill():        arXiv's query API → selection → store
    read_paper():       arXiv → a paper's text
    refresh():          arXiv's query API → store
    import_history():   the predecessor's READMEs → store

Each renews the README's list at its end. Most need the network, and none needs the site.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from generator.config.schema import Config
from generator.core.days import CategoryRun, Day, FeedState
from generator.core.errors import ConfigError
from generator.core.progress import OpenBar
from generator.store.store import Store
from generator.update.daily import update_day
from generator.update.fetching import make_fetcher, read_feeds
from generator.update.gaps import FillReport, GapFiller
from generator.update.predecessor.imports import ImportReport, read_in_history
from generator.update.predecessor.readme_list import renew_list
from generator.update.predecessor.refresh import RefreshReport
from generator.update.predecessor.refresh import refresh as refresh_papers
from generator.update.sources.calendar import announcement_day
from generator.update.summaries import LOOK_BACK, Request, find_jobs, most_spent, summarize
from generator.update.summaries import read_paper as read_document
from generator.update.summarize.papers.document import Document
from generator.update.summarize.queue import Queue
from generator.update.summarize.run import RunReport

_FIRST_DAY = date(1991, 8, 14)  # arXiv's


@dataclass(frozen=True, slots=True)
class UpdateReport:
    """What an update did: ``runs`` by category, ``listed`` papers on the day, files ``changed``.

    ``repaired`` is about the week before. ``summaries`` is ``None`` where none were to be made.
    ``lost`` are the files of the store that were damaged and could not be made anew.
    """

    date: date
    runs: Mapping[str, CategoryRun]
    listed: int
    changed: int
    repaired: FillReport
    summaries: RunReport | None = None
    lost: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every feed was fresh or validly empty."""
        return all(r.state not in (FeedState.STALE, FeedState.ERROR) for r in self.runs.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class RunContext:
    """What a run gets from outside: ``now``, a ``timer`` in seconds, the model's ``key``.

    ``cache`` is a folder that may be deleted at any time.
    """

    now: datetime
    timer: Callable[[], float]
    key: str | None
    cache: Path
    open_bar: OpenBar


def update(config: Config, day: date, feeds: Iterable[str], context: RunContext) -> UpdateReport:
    """Fetch a day's feeds, store what the rules keep, and have the best papers summarised.

    ``feeds`` (files or URLs) stand in for the configured categories' feeds if there are any.
    Without them, days of the week before that are missing or incomplete are repaired. Summaries
    that failed in the days before are tried again. Raises FetchError where no feed could be read:
    the store is then as it was.
    """
    started = context.timer()
    store = Store(config.paths.data, mends=True)
    report = _update_day(config, store, day, tuple(feeds), context)
    if config.summarize.model and (context.key or not config.summarize.api_key_env):
        request = Request(since=day - LOOK_BACK, until=day)
        summaries = _summarize(config, store, request, context)
        if summaries.made or summaries.failed:
            _set_seconds(store, day, context.timer() - started)
        report = replace(report, summaries=summaries)
    _renew_list(config, store)
    return replace(report, lost=store.lost())


def _update_day(
    config: Config, store: Store, day: date, feeds: tuple[str, ...], context: RunContext
) -> UpdateReport:
    """Fetch and store one day, then what the week before lacks."""
    started = context.timer()
    with make_fetcher(config, context.cache / "http") as fetcher:
        with context.open_bar("Feeds") as progress:
            read = read_feeds(config, feeds, fetcher, progress)
        with store.exclusive():
            stored = store.day(day)
            result = update_day(day, read, config.select, store.paper, stored)
            listed = result.day
            if listed and listed != stored:
                listed = _timed(listed, context.timer() - started)
            changed = store.write(result.papers, [listed] if listed else [])
        filler = GapFiller(config, store, fetcher, announcement_day(context.now))
        repaired = FillReport() if feeds else filler.repair(day, read)
    return UpdateReport(day, result.runs, len(listed.rows) if listed else 0, changed, repaired)


def make_summaries(config: Config, request: Request, context: RunContext) -> RunReport:
    """Make the summaries that a request comes to. Raises ConfigError, StoreError, ModelError."""
    store = Store(config.paths.data)
    report = _summarize(config, store, request, context)
    _renew_list(config, store)
    return report


def preview_summaries(
    config: Config, request: Request, context: RunContext
) -> tuple[Queue, int, float | None]:
    """Return what ``make_summaries`` would do: the queue, and at most the tokens and the cost."""
    queue = find_jobs(config, Store(config.paths.data), request, context.now)
    return queue, *most_spent(len(queue.jobs), config.summarize)


def read_paper(config: Config, identifier: str, context: RunContext) -> Document:
    """Return what a model would be given to read of a paper (see ``summaries.read_paper``)."""
    return read_document(config, Store(config.paths.data), identifier, context.cache)


def back_fill(config: Config, begin: date, end: date, context: RunContext) -> FillReport:
    """Fill the days that no feed covers, from the query API (see ``GapFiller.back_fill``).

    Raises ConfigError where the days are none that arXiv has announced.
    """
    today = announcement_day(context.now)
    if not _FIRST_DAY <= begin <= end <= today:
        raise ConfigError(
            "Cannot back-fill these days",
            item=f"{begin} to {end}",
            why=f"they must go forward, between {_FIRST_DAY} and {today}",
            todo="Give --from and --to as days such as 2026-02-05",
        )
    store = Store(config.paths.data)
    fetching, bar = make_fetcher(config, context.cache / "http"), context.open_bar("Days")
    with fetching as fetcher, bar as progress:
        report = GapFiller(config, store, fetcher, today).back_fill(begin, end, progress)
    _renew_list(config, store)
    return report


def refresh(config: Config, limit: int | None, context: RunContext) -> RefreshReport:
    """Complete imported papers from the query API (see ``predecessor.refresh``)."""
    store = Store(config.paths.data)
    fetching, bar = make_fetcher(config, context.cache / "http"), context.open_bar("Papers")
    with fetching as fetcher, bar as progress:
        report = refresh_papers(store, config.sources.api_base, limit, fetcher, progress)
    _renew_list(config, store)
    return report


def import_history(config: Config, path: Path, open_bar: OpenBar) -> ImportReport:
    """Bring a predecessor's README history into the store, all of it or nothing."""
    store = Store(config.paths.data)
    report = read_in_history(store, path, open_bar)
    _renew_list(config, store)
    return report


def _summarize(config: Config, store: Store, request: Request, context: RunContext) -> RunReport:
    with context.open_bar("Summaries") as progress:
        return summarize(
            config,
            store,
            request,
            key=context.key,
            now=context.now,
            cache=context.cache,
            progress=progress,
        )


def _set_seconds(store: Store, day: date, seconds: float) -> None:
    with store.exclusive():
        if listed := store.day(day):
            store.write([], [_timed(listed, seconds)])


def _timed(day: Day, seconds: float) -> Day:
    return replace(day, run=replace(day.run, seconds=round(seconds, 1)))


def _renew_list(config: Config, store: Store) -> None:
    if config.paths.digest:
        renew_list(config.paths.digest, store)
