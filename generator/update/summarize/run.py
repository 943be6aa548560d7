"""A run over a queue: read, ask, and store each answer as it arrives.

Papers are read one after the other in the calling thread, for arXiv's sake; questions are asked in
threads. Each thread stores its own answer at once, so a kill loses nothing that has arrived.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime

from generator.config.options import SummaryOptions
from generator.core.errors import DaybookError, FetchError, ModelError, StoreError
from generator.core.models import ArxivId, FailureReason, Summary, Usage
from generator.core.progress import Report as Progress
from generator.store.merge import add_failure, add_summary
from generator.store.store import Store
from generator.update.summarize.asking import Asked, ask, failure_of, summary_of
from generator.update.summarize.model import Model, ModelFailure
from generator.update.summarize.papers.reader import PaperReader
from generator.update.summarize.prompt import Prompt
from generator.update.summarize.provider.limits import Budget
from generator.update.summarize.queue import BLAMELESS, Job
from generator.update.summarize.reading import Reading, read

# So many in a row, and something is wrong with the server or the network, not with the papers.
_IN_A_ROW = 3
_SYSTEMIC = BLAMELESS | {FailureReason.TIMEOUT}


@dataclass(frozen=True, slots=True)
class Failed:
    """A summary that could not be made, and why."""

    id: ArxivId
    language: str
    reason: FailureReason
    detail: str


@dataclass(slots=True)
class RunReport:
    """What a run did and spent.

    ``from_abstract`` says for which papers only the abstract could be read, and why. ``left``
    counts the jobs that were not tried, for the reason in ``stopped``; where that reason is an
    ``error``, it is one that the operator has to mend.
    """

    made: list[Job] = field(default_factory=list)
    failed: list[Failed] = field(default_factory=list)
    from_abstract: dict[str, str] = field(default_factory=dict)
    left: int = 0
    waiting: tuple[ArxivId, ...] = ()
    given_up: tuple[ArxivId, ...] = ()
    submitted: int = 0
    under_way: int = 0
    stopped: str = ""
    error: DaybookError | None = None
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True, kw_only=True)
class Resources:
    """What a run works with. ``now`` is what its summaries say of when they were made.

    ``known_tags`` has the archive's spellings by slug.
    """

    store: Store
    model: Model
    prompt: Prompt
    options: SummaryOptions
    reader: PaperReader
    known_tags: Mapping[str, str]
    now: datetime

    def read(self, job: Job) -> Reading:
        """What the model is to read of a paper. Raises ModelFailure, StoreError."""
        paper = self.store.paper(job.id.id)
        if paper is None:
            raise StoreError(
                "A paper is gone",
                item=job.id.id,
                why="it was in the store when this run began",
                todo="Run: generator check",
            )
        return read(
            job,
            paper,
            prompt=self.prompt,
            options=self.options,
            reader=self.reader,
            known_tags=tuple(self.known_tags.values()),
        )


def note_summary(store: Store, report: RunReport, job: Job, summary: Summary) -> None:
    """Store a summary, and count it in the report."""
    store.change(job.id.id, lambda paper: add_summary(paper, summary))
    report.made.append(job)
    report.usage += summary.usage or Usage()


def note_failure(
    store: Store, report: RunReport, job: Job, failure: ModelFailure, when: datetime
) -> None:
    """Store that an attempt failed, and count it in the report."""
    noted = failure_of(job.key, failure, when)
    store.change(job.id.id, lambda paper: add_failure(paper, noted))
    report.failed.append(Failed(job.id, job.key.language, failure.reason, failure.detail))
    report.usage += failure.usage


class SummaryRun:
    """One run; ``report`` says how far it is."""

    def __init__(self, resources: Resources) -> None:
        self._resources = resources
        self._options = resources.options
        self._budget = Budget(resources.options.max_tokens, resources.options.max_cost)
        self._lock = threading.Lock()
        self._in_a_row = 0
        self.report = RunReport()

    def all(self, jobs: Sequence[Job], progress: Progress) -> RunReport:
        """Work through the jobs, as far as the limits allow.

        Until the first summary is there only one question is asked at a time: a wrong key, or a
        server that is down, then costs one question.
        """
        report = self.report
        allowed = jobs[: self._options.max_papers]
        if len(allowed) < len(jobs):
            report.stopped = f"one run makes at most {len(allowed)} (summarize.max_papers)"
        tried = 0
        pending: set[Future[None]] = set()
        try:
            with ThreadPoolExecutor(self._options.concurrency) as pool:
                for job in allowed:
                    reading = self._read(job)
                    _await(pending, self._places() - 1)
                    self._check_server()
                    if reading:
                        most = self._resources.model.estimate(reading.question)
                        if not self._reserve(most, pending):
                            report.stopped = "the limit of tokens or cost of one run is reached"
                            break
                        pending.add(pool.submit(self._ask, job, reading, most))
                    tried += 1
                    progress(tried, len(allowed))
                _await(pending, 0)
        except DaybookError as error:
            report.error = error
            report.stopped = str(error)
        done = {(failed.id, failed.language) for failed in report.failed}
        done |= {(job.id, job.key.language) for job in report.made}
        order = {job: number for number, job in enumerate(jobs)}
        report.made.sort(key=order.__getitem__)
        report.left = len(jobs) - len(done)
        return report

    def _places(self) -> int:
        with self._lock:
            return self._options.concurrency if self.report.made else 1

    def _check_server(self) -> None:
        """Raise ModelError or FetchError where paper after paper fails for no fault of its own."""
        if self._in_a_row < _IN_A_ROW:
            return
        last = self.report.failed[-1]
        download = last.reason == FailureReason.DOWNLOAD
        kind, item = (FetchError, "papers") if download else (ModelError, self._options.base_url)
        raise kind(
            "No more summaries in this run",
            item=item,
            why=f"{_IN_A_ROW} papers in a row failed, the last one with: {last.detail}",
            todo="What was made is stored, and the next run tries the others: generator summarize",
        )

    def _reserve(self, most: Usage, pending: set[Future[None]]) -> bool:
        """Set tokens and cost aside, when need be after waiting for what others leave over."""
        while not self._budget.reserve(most.tokens, most.cost or 0.0):
            if not pending:
                return False
            _await(pending, len(pending) - 1)
        return True

    def _read(self, job: Job) -> Reading | None:
        """What the model is to read; ``None`` where it cannot be had, which is noted."""
        try:
            reading = self._resources.read(job)
        except ModelFailure as failure:
            self._fail(job, failure)
            return None
        if reading.why_abstract:
            self.report.from_abstract[str(job.id)] = reading.why_abstract
        return reading

    def _ask(self, job: Job, reading: Reading, reserved: Usage) -> None:
        """Ask and store; runs in a thread."""
        usage = Usage()
        try:
            asked = ask(
                self._resources.model,
                reading.question,
                job.key.language,
                self._resources.known_tags,
            )
            usage = asked.usage
            self._keep(job, reading, asked)
        except ModelFailure as failure:
            usage = failure.usage
            self._fail(job, failure)
        finally:
            self._budget.settle(reserved.tokens, reserved.cost or 0.0, usage)

    def _keep(self, job: Job, reading: Reading, asked: Asked) -> None:
        summary = summary_of(
            job.key,
            asked,
            input=reading.input,
            left_out=reading.left_out,
            created=self._resources.now,
        )
        with self._lock:
            note_summary(self._resources.store, self.report, job, summary)
            self._in_a_row = 0

    def _fail(self, job: Job, failure: ModelFailure) -> None:
        with self._lock:
            note_failure(self._resources.store, self.report, job, failure, self._resources.now)
            self._in_a_row = self._in_a_row + 1 if failure.reason in _SYSTEMIC else 0


def _await(pending: set[Future[None]], most: int) -> None:
    """Wait until at most so many questions are under way; raise what one of them raised."""
    while len(pending) > max(most, 0):
        done, _ = wait(pending, return_when=FIRST_COMPLETED)
        pending -= done
        for future in done:
            future.result()
