"""The left half: from arXiv, a model and the predecessor into the store."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from generator.config.schema import Config
from generator.core.errors import ConfigError
from generator.core.models import CategoryRun, Day, FeedState
from generator.core.progress import Progress
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
from generator.update.summarize.queue import Queue
from generator.update.summarize.run import RunReport

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


@dataclass(frozen=True, slots=True, kw_only=True)
class RunContext:
    """What a run gets from outside: ``now``, a ``timer`` in seconds, the model's ``key``.

    ``cache`` is a folder that may be deleted at any time.
    """

    now: datetime
    timer: Callable[[], float]
    key: str | None
    cache: Path
    progress: Progress


def update(config: Config, day: date, feeds: Iterable[str], context: RunContext) -> UpdateReport:
    """Fetch a day's feeds, store what the rules keep, and have the best papers summarised.

    ``feeds`` (files or URLs) stand in for the configured categories' feeds if there are any.
    Without them, days of the week before that are missing or incomplete are repaired. Summaries
    that failed in the days before are tried again. The digest file is renewed at the end. Raises
    FetchError where no feed could be read: the store is then as it was.
    """
    report = _update(config, day, tuple(feeds), context)
    _renew_list(config)
    return report


def _update(config: Config, day: date, feeds: tuple[str, ...], context: RunContext) -> UpdateReport:
    started = context.timer()
    store = Store(config.paths.data)
    with make_fetcher(config, context.cache / "http") as fetcher:
        with context.progress("Feeds") as progress:
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
    count = len(listed.rows) if listed else 0
    report = UpdateReport(day, result.runs, count, changed, repaired)
    if not config.summarize.model or (config.summarize.api_key_env and not context.key):
        return report
    request = Request(since=day - LOOK_BACK, until=day)
    summaries = _summarize(config, request, context)
    if summaries.made or summaries.failed:
        with store.exclusive():
            if listed := store.day(day):
                store.write([], [_timed(listed, context.timer() - started)])
    return replace(report, summaries=summaries)


def make_summaries(config: Config, request: Request, context: RunContext) -> RunReport:
    """Make the summaries that a request comes to. Raises ConfigError, StoreError, ModelError."""
    report = _summarize(config, request, context)
    _renew_list(config)
    return report


def _summarize(config: Config, request: Request, context: RunContext) -> RunReport:
    with context.progress("Summaries") as progress:
        return summarize(
            config,
            Store(config.paths.data),
            request,
            key=context.key,
            now=context.now,
            cache=context.cache,
            progress=progress,
        )


def preview_summaries(
    config: Config, request: Request, context: RunContext
) -> tuple[Queue, int, float | None]:
    """What ``make_summaries`` would do: the queue, and at most how many tokens at which cost."""
    queue = find_jobs(config, Store(config.paths.data), request, context.now)
    return queue, *most_spent(len(queue.jobs), config.summarize)


def _timed(day: Day, seconds: float) -> Day:
    return replace(day, run=replace(day.run, seconds=round(seconds, 1)))


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
    with (
        make_fetcher(config, context.cache / "http") as fetcher,
        context.progress("Days") as report,
    ):
        filler = GapFiller(config, Store(config.paths.data), fetcher, today)
        done = filler.back_fill(begin, end, report)
    _renew_list(config)
    return done


def refresh(config: Config, limit: int | None, context: RunContext) -> RefreshReport:
    """Complete imported papers from the query API (see ``predecessor.refresh``)."""
    with (
        make_fetcher(config, context.cache / "http") as fetcher,
        context.progress("Papers") as report,
    ):
        done = refresh_papers(config, limit, fetcher, report)
    _renew_list(config)
    return done


def import_history(config: Config, path: Path, progress: Progress) -> ImportReport:
    """Bring a predecessor's README history into the store, all of it or nothing."""
    report = read_in_history(Store(config.paths.data), path, progress)
    _renew_list(config)
    return report


def _renew_list(config: Config) -> None:
    if config.paths.digest:
        renew_list(config.paths.digest, Store(config.paths.data))
