"""Summaries as a whole: which papers of the store, read by which model, with which key.

The parts are in ``summarize/``; this is where configuration and store meet them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from generator.config.options import Rules, SummaryOptions
from generator.config.schema import Config
from generator.core import urls
from generator.core.errors import ConfigError
from generator.core.models import ArxivId, Day, Paper
from generator.core.progress import Report
from generator.store.merge import current_summary
from generator.store.store import Store
from generator.update.sources.http import Fetcher
from generator.update.summarize.papers.reader import PaperReader
from generator.update.summarize.prompt import SCHEMA, Prompt
from generator.update.summarize.provider.limits import RateLimit
from generator.update.summarize.queue import Job, Queue, Wanted, best_papers, jobs_of, make_queue
from generator.update.summarize.run import Resources, RunReport, SummaryRun

# An update also tries again what failed in the week before it.
LOOK_BACK = timedelta(days=6)
# The days whose tags a model is shown: more would make no better tags, and a longer prompt.
_TAG_DAYS = 30
_TAGS_SHOWN = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a run is asked for: ``wanted`` of all papers, of those announced ``since``, or of one.

    ``until`` is the newest day to look at. With ``batch`` the questions are handed over together,
    and what is ready of earlier batches is collected.
    """

    wanted: Wanted = "missing"
    since: date | None = None
    until: date | None = None
    paper: ArxivId | None = None
    batch: bool = False


def find_jobs(config: Config, store: Store, request: Request, now: datetime) -> Queue:
    """The summaries that a request comes to, but for those that a batch is already about.

    Raises ConfigError, StoreError.
    """
    queue = _queue(config, store, request, now)
    under_way = {(item.id.id, item.key) for batch in store.batches() for item in batch.items}
    jobs = tuple(job for job in queue.jobs if (job.id.id, job.key) not in under_way)
    return replace(queue, jobs=jobs)


def _queue(config: Config, store: Store, request: Request, now: datetime) -> Queue:
    options = config.summarize
    prompt_hash = Prompt.load(options.prompt).hash_of(options.input)
    if request.paper:
        paper = store.paper(request.paper.id)
        if paper is None:
            raise ConfigError(
                "No such paper in the archive",
                item=request.paper.id,
                why="no day lists it",
                todo="Look it up with: generator search",
            )
        # Who asks for one paper by name does not want to be told to wait.
        return Queue(tuple(jobs_of(paper, options, prompt_hash, request.wanted)))
    papers: Iterable[Paper]
    if request.wanted == "damaged":
        papers = store.papers()
    else:
        papers = best_papers(_days(store, request), options.best, store.paper)
    return make_queue(papers, options, prompt_hash, request.wanted, now)


def summarize(
    config: Config,
    store: Store,
    request: Request,
    *,
    key: str | None,
    now: datetime,
    cache: Path,
    progress: Report,
) -> RunReport:
    """Make the summaries of a request. ``cache`` keeps papers, and what the server can do.

    Raises ConfigError, and StoreError where another run is making summaries.
    """
    with store.summarizing():
        queue = find_jobs(config, store, request, now)
        report = RunReport()
        if queue.jobs or request.batch:
            report = _ask(
                config, store, request, queue, key=key, now=now, cache=cache, progress=progress
            )
    report.waiting, report.given_up = queue.waiting, queue.given_up
    return report


def _ask(
    config: Config,
    store: Store,
    request: Request,
    queue: Queue,
    *,
    key: str | None,
    now: datetime,
    cache: Path,
    progress: Report,
) -> RunReport:
    # Here, because openai takes as long to import as all else: only who asks should wait for it.
    from generator.update.summarize.batch_run import BatchRun
    from generator.update.summarize.provider.client import OpenAIModel

    options = config.summarize
    rates = RateLimit(options.requests_per_minute, options.tokens_per_minute)
    fetcher = Fetcher(
        None,
        timeout=config.sources.timeout,
        delay=config.sources.paper_delay,
        contact=config.sources.contact,
    )
    with OpenAIModel(options, key, SCHEMA, cache / "model", rates) as model, fetcher:
        resources = Resources(
            store=store,
            model=model,
            prompt=Prompt.load(options.prompt),
            options=options,
            reader=PaperReader(fetcher, base=config.sources.paper_base, cache=cache / "papers"),
            known_tags=_known_tags(store, config.select, queue.jobs),
            now=now,
        )
        run = SummaryRun(resources)
        if request.batch:
            batches = BatchRun(resources, model, run.report)
            batches.collect()
            # What has just been collected, or failed, is no job any more.
            jobs = find_jobs(config, store, request, now).jobs
            if jobs and not model.settled:
                # One question asked at once tells what the server takes, and whether key and
                # model are right.
                run.all(jobs[:1], progress)
                jobs = jobs[1:]
            if not run.report.error:
                batches.submit(jobs, progress)
        else:
            run.all(queue.jobs, progress)
    return run.report


def most_spent(jobs: int, options: SummaryOptions) -> tuple[int, float | None]:
    """The tokens, and the cost where prices are known, that so many summaries take at most.

    A paper has about 20,000 tokens, an abstract 400; the model's context bounds both.
    """
    written = options.max_output_tokens
    asked = 2_400 if options.input == "abstract" else 22_000
    asked = min(asked, options.context_tokens - written)
    cost = None
    if options.price_input is not None and options.price_output is not None:
        cost = jobs * (asked * options.price_input + written * options.price_output) / 1e6
    return jobs * (asked + written), cost


def _days(store: Store, request: Request) -> Iterator[Day]:
    """The days that a request is about; a short span is looked up day by day."""
    if request.since and request.until:
        for number in range((request.until - request.since).days + 1):
            if day := store.day(request.since + timedelta(days=number)):
                yield day
        return
    for day in store.days():
        if request.since is None or day.date >= request.since:
            yield day


def _known_tags(store: Store, rules: Rules, jobs: tuple[Job, ...]) -> dict[str, str]:
    """The spellings to keep to, by slug: the keywords', then the last weeks' tags, most used first.

    Only some weeks, so that the daily run does not grow with the archive.
    """
    known: dict[str, str] = {}
    for keyword in rules.keywords:
        if not keyword.regex or keyword.name:
            known.setdefault(urls.slug(keyword.shown), keyword.shown)
    first = store.paper(jobs[0].id.id) if jobs else None
    counts: Counter[str] = Counter()
    for number in range(_TAG_DAYS if first else 0):
        day = store.day(first.listings[-1].date - timedelta(days=number)) if first else None
        for row in day.rows if day else ():
            paper = store.paper(row.id.id)
            summary = current_summary(paper) if paper else None
            counts.update(summary.tags if summary else ())
    for tag in sorted(counts, key=lambda tag: (-counts[tag], tag)):
        known.setdefault(urls.slug(tag), tag)
    return dict(list(known.items())[:_TAGS_SHOWN])
