"""Summaries as a whole: which papers of the store, read by which model, with which key.

The parts are in ``summarize/``; this is where configuration and store meet them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from generator.config.options import SummaryOptions
from generator.config.schema import Config
from generator.core.days import Day
from generator.core.errors import ConfigError
from generator.core.ids import ArxivId
from generator.core.papers import Paper
from generator.core.progress import Progress
from generator.store.store import Store
from generator.update.sources.http import Fetcher
from generator.update.summarize.papers.document import Document
from generator.update.summarize.papers.reader import PaperReader
from generator.update.summarize.prompt import Prompt
from generator.update.summarize.provider.answers import cost_of
from generator.update.summarize.provider.limits import RateLimit
from generator.update.summarize.queue import Job, Queue, Wanted, best_papers, jobs_of, make_queue
from generator.update.summarize.resources import Resources, known_tags
from generator.update.summarize.run import RunReport, SummaryRun

# An update also tries again what failed in the week before it.
LOOK_BACK = timedelta(days=6)


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
    """Return the summaries that a request comes to, but for those that a batch is already about.

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
    progress: Progress,
) -> RunReport:
    """Make the summaries of a request. ``cache`` keeps papers, and what the server can do.

    Raises ConfigError, and StoreError where another run is making summaries.
    """
    with store.summarizing():
        queue = find_jobs(config, store, request, now)
        report = RunReport()
        if queue.jobs or request.batch:
            with _resources(config, store, queue.jobs, key=key, now=now, cache=cache) as resources:
                run = SummaryRun(resources)
                if request.batch:
                    _hand_over(run, lambda: find_jobs(config, store, request, now).jobs, progress)
                else:
                    run.all(queue.jobs, progress)
            report = run.report
    report.waiting, report.given_up = queue.waiting, queue.given_up
    return report


def read_paper(config: Config, store: Store, identifier: str, cache: Path) -> Document:
    """Return what a model would be given to read of a paper, from arXiv or the ``cache``.

    Without a version the newest is meant that the store knows, else the first. Raises IdError,
    PaperError, FetchError, StoreError.
    """
    paper = store.paper(ArxivId.parse(identifier, default_version=1).id)
    newest = paper.versions[-1] if paper else 1
    wanted = ArxivId.parse(identifier, default_version=newest)
    with _fetcher(config) as fetcher:
        return _reader(config, fetcher, cache).document(wanted)


def _fetcher(config: Config) -> Fetcher:
    sources = config.sources
    return Fetcher(
        None, timeout=sources.timeout, delay=sources.paper_delay, contact=sources.contact
    )


def _reader(config: Config, fetcher: Fetcher, cache: Path) -> PaperReader:
    return PaperReader(fetcher, base=config.sources.paper_base, cache=cache / "papers")


@contextmanager
def _resources(
    config: Config,
    store: Store,
    jobs: Sequence[Job],
    *,
    key: str | None,
    now: datetime,
    cache: Path,
) -> Iterator[Resources]:
    # Here, because openai takes as long to import as all else: only who asks should wait for it.
    from generator.update.summarize.provider.client import OpenAIModel  # noqa: PLC0415

    options = config.summarize
    rates = RateLimit(options.requests_per_minute, options.tokens_per_minute)
    prompt = Prompt.load(options.prompt)
    asking = OpenAIModel(options, key, prompt.schema(), cache / "model", rates)
    with asking as model, _fetcher(config) as fetcher:
        yield Resources(
            store=store,
            model=model,
            prompt=prompt,
            options=options,
            reader=_reader(config, fetcher, cache),
            known_tags=known_tags(store, config.select, jobs),
            now=now,
        )


def _hand_over(run: SummaryRun, find: Callable[[], Sequence[Job]], progress: Progress) -> None:
    """Collect what is ready of earlier batches, and submit what is then still to be made."""
    from generator.update.summarize.batch_run import BatchRun  # noqa: PLC0415 (openai, see above)

    batches = BatchRun(run)
    batches.collect()
    jobs = find()
    if jobs and not run.resources.model.settled:
        # One question asked at once tells what the server takes, and whether key and model are
        # right.
        run.all(jobs[:1], progress)
        jobs = jobs[1:]
    if not run.report.error:
        batches.submit(jobs, progress)


def most_spent(jobs: int, options: SummaryOptions) -> tuple[int, float | None]:
    """Return the tokens, and the cost if prices are known, that so many summaries take at most.

    A paper has about 20,000 tokens, an abstract 400; the model's context bounds both.
    """
    written = options.max_output_tokens
    asked = 2_400 if options.input == "abstract" else 22_000
    asked = min(asked, options.context_tokens - written)
    return jobs * (asked + written), cost_of(
        options, prompt=jobs * asked, completion=jobs * written
    )


def _days(store: Store, request: Request) -> Iterator[Day]:
    """Yield the days that a request is about; a short span is looked up day by day."""
    if request.since and request.until:
        length = (request.until - request.since).days + 1
        dates = (request.since + timedelta(days=number) for number in range(length))
        yield from filter(None, map(store.day, dates))
        return
    for day in store.days():
        if request.since is None or day.date >= request.since:
            yield day
