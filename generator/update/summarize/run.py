"""A run over a queue: read, ask, and store each answer as it arrives.

Papers are read one after the other in the calling thread, for arXiv's sake; questions are asked in
threads. Each thread stores its own answer at once, so a kill loses nothing that has arrived.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import asdict, dataclass, field
from datetime import datetime

from generator.core.errors import DaybookError, FetchError, ModelError
from generator.core.ids import ArxivId
from generator.core.progress import Progress
from generator.core.summaries import BatchItem, FailureReason, Summary, SummaryFailure, Usage
from generator.store.merge import add_failure, add_summary
from generator.update.summarize.model import ModelFailure, Question, Repair, Reply, ReplyError
from generator.update.summarize.provider.limits import Budget
from generator.update.summarize.queue import BLAMELESS, Job
from generator.update.summarize.resources import Reading, Resources

OVER_BUDGET = "the limit of tokens or cost of one run is reached"
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


def ask(resources: Resources, question: Question, language: str) -> tuple[Reply, Usage]:
    """Ask, and once more where the answer is not as asked; return the reply, and what it used.

    Raises ModelFailure, with what all calls used, and whatever fatal error the model raises.
    """
    used, repair = Usage(), None
    while True:
        try:
            answer = resources.model.ask(question, repair)
        except ModelFailure as failure:
            raise ModelFailure(failure.reason, failure.detail, used + failure.usage) from failure
        used += answer.usage
        try:
            return resources.parse(answer, language, question.instructions), used
        except ReplyError as error:
            if repair:
                raise ModelFailure(error.reason, error.complaint, used) from error
            repair = Repair(answer=answer.text, complaint=error.complaint)


class SummaryRun:
    """One run; ``report`` says how far it is."""

    def __init__(self, resources: Resources) -> None:
        self.resources = resources
        self._options = resources.options
        self._budget = Budget(resources.options.max_tokens, resources.options.max_cost)
        self._lock = threading.Lock()
        self._in_a_row = 0
        self.report = RunReport()

    def all(self, jobs: Sequence[Job], progress: Progress) -> None:
        """Work through the jobs, as far as the limits allow.

        Until the first summary is there only one question is asked at a time: a wrong key, or a
        server that is down, then costs one question.
        """
        report = self.report
        allowed = jobs[: self._options.max_papers]
        if len(allowed) < len(jobs):
            report.stopped = f"one run makes at most {len(allowed)} (summarize.max_papers)"
        try:
            self._work_through(allowed, progress)
        except DaybookError as error:
            report.error = error
            report.stopped = str(error)
        order = {job: number for number, job in enumerate(jobs)}
        report.made.sort(key=lambda job: order.get(job, -1))  # what a batch brought comes first
        done = {(failed.id, failed.language) for failed in report.failed}
        done |= {(job.id, job.key.language) for job in report.made}
        report.left = sum((job.id, job.key.language) not in done for job in jobs)

    def read(self, job: Job) -> Reading | None:
        """Return what the model is to read; ``None`` where it cannot be had, which is noted."""
        try:
            reading = self.resources.read(job)
        except ModelFailure as failure:
            self.fail(job, failure, self.resources.now)
            return None
        if reading.why_abstract:
            self.report.from_abstract[str(job.id)] = reading.why_abstract
        return reading

    def _work_through(self, jobs: Sequence[Job], progress: Progress) -> None:
        pending: set[Future[None]] = set()
        with ThreadPoolExecutor(self._options.concurrency) as pool:
            for tried, job in enumerate(jobs, 1):
                reading = self.read(job)
                _await(pending, self._places() - 1)
                self._check_server()
                if reading:
                    most = self.resources.model.estimate(reading.question)
                    if not self._reserve(most, pending):
                        self.report.stopped = OVER_BUDGET
                        break
                    pending.add(pool.submit(self._ask, reading, most))
                progress(tried, len(jobs))
            _await(pending, 0)

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
        while not self._budget.reserve(most.tokens, most.cost):
            if not pending:
                return False
            _await(pending, len(pending) - 1)
        return True

    def _ask(self, reading: Reading, reserved: Usage) -> None:
        """Ask and store; runs in a thread."""
        item, now, usage = reading.item, self.resources.now, Usage()
        try:
            reply, usage = ask(self.resources, reading.question, item.key.language)
            self.keep(item, reply, usage, now)
        except ModelFailure as failure:
            usage = failure.usage
            self.fail(item, failure, now)
        finally:
            self._budget.settle(reserved.tokens, reserved.cost, usage)

    def keep(self, item: BatchItem, reply: Reply, usage: Usage, created: datetime) -> None:
        """Store the summary that a reply makes, with what all calls for it used; report it."""
        summary = Summary(
            **asdict(item.key),
            **asdict(reply),
            input=item.input,
            left_out=item.left_out,
            created=created,
            usage=usage,
        )
        with self._lock:
            self.resources.store.change(item.id.id, lambda paper: add_summary(paper, summary))
            self.report.made.append(Job(item.id, item.key))
            self.report.usage += usage
            self._in_a_row = 0

    def fail(self, job: Job | BatchItem, failure: ModelFailure, when: datetime) -> None:
        """Store that one more attempt failed, and report it."""
        reason, detail, usage = failure.reason, failure.detail, failure.usage
        noted = SummaryFailure(
            key=job.key, reason=reason, detail=detail, attempts=1, last=when, usage=usage
        )
        with self._lock:
            self.resources.store.change(job.id.id, lambda paper: add_failure(paper, noted))
            self.report.failed.append(Failed(job.id, job.key.language, reason, detail))
            self.report.usage += usage
            self._in_a_row = self._in_a_row + 1 if reason in _SYSTEMIC else 0


def _await(pending: set[Future[None]], most: int) -> None:
    """Wait until at most so many questions are under way; raise what one of them raised."""
    while len(pending) > max(most, 0):
        done, _ = wait(pending, return_when=FIRST_COMPLETED)
        pending -= done
        for future in done:
            future.result()
