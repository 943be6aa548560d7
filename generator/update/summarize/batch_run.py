"""Many summaries through a provider's Batch API: submitted by one run, collected by a later one.

What is under way stands in the store, so every step may be the last before a kill: a batch is noted
before it is submitted and found again by its token; what is collected twice changes nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from generator.core.progress import Progress
from generator.core.summaries import Batch, BatchItem, FailureReason
from generator.update.summarize.model import Answer, ModelFailure, Reply, ReplyError
from generator.update.summarize.provider.answers import BATCH_PRICE
from generator.update.summarize.provider.batches import (
    MOST_BYTES,
    MOST_LINES,
    Batches,
    BatchState,
    batch_line,
    encode_line,
)
from generator.update.summarize.provider.limits import Budget
from generator.update.summarize.queue import Job
from generator.update.summarize.run import OVER_BUDGET, SummaryRun

# The body of a request, and what is stored of it.
_Request = tuple[dict[str, Any], BatchItem]


class BatchRun:
    """Collecting and submitting for a run, whose ``report`` says how far it is."""

    def __init__(self, run: SummaryRun) -> None:
        self._run = run
        self._resources = run.resources
        self._store = run.resources.store
        self._batches = Batches(run.resources.model)
        self._report = run.report

    def collect(self) -> None:
        """Store what is ready of earlier batches. Raises ModelError, ConfigError, StoreError."""
        for batch in list(self._store.batches()):
            batch_id = batch.batch_id or self._batches.find(batch.token)
            if batch_id is None:  # it never arrived, so nothing was paid
                self._store.remove_batch(batch.token)
                continue
            if batch.batch_id is None:
                self._store.write_batch(replace(batch, batch_id=batch_id))
            state = self._batches.state(batch_id)
            if not state.over:
                self._report.under_way += len(batch.items)
                continue
            self._take(batch, batch_id, state)
            self._batches.clean(batch_id)
            self._store.remove_batch(batch.token)

    def submit(self, jobs: Sequence[Job], progress: Progress) -> None:
        """Read the papers and hand the questions over, as far as the limits of a run allow."""
        allowed = jobs[: self._resources.options.max_papers]
        failed_before = len(self._report.failed)
        for requests in _chunks(self._requests(allowed, progress)):
            batch = Batch(
                token=secrets.token_hex(8),
                batch_id=None,
                created=self._resources.now,
                items=tuple(item for _, item in requests),
            )
            self._store.write_batch(batch)
            lines = [batch_line(str(number), body) for number, (body, _) in enumerate(requests)]
            batch_id = self._batches.submit(lines, batch.token)
            self._store.write_batch(replace(batch, batch_id=batch_id))
            self._report.submitted += len(requests)
        failed = len(self._report.failed) - failed_before
        self._report.left = len(jobs) - self._report.submitted - failed
        if self._report.left and not self._report.stopped:
            self._report.stopped = f"one run asks for at most {len(allowed)} (summarize.max_papers)"

    def _take(self, batch: Batch, batch_id: str, state: BatchState) -> None:
        """Store what became of each item of a batch; a custom id is a position in it."""
        left = dict(enumerate(batch.items))
        for number, result in self._batches.results(batch_id):
            item = left.pop(int(number), None) if number.isdecimal() else None
            if item is not None:
                self._settle(item, result, batch.created)
        why = "; ".join(state.errors) or f"the batch is {state.status} and has no answer for it"
        for item in left.values():
            self._settle(item, ModelFailure(FailureReason.SERVER, why), batch.created)

    def _settle(self, item: BatchItem, result: Answer | ModelFailure, created: datetime) -> None:
        try:
            if isinstance(result, ModelFailure):
                raise result
            reply = self._parse(item.key.language, result)
        except ModelFailure as failure:
            self._run.fail(item, failure, created)
        else:
            self._run.keep(item, reply, result.usage, created)

    def _parse(self, language: str, answer: Answer) -> Reply:
        try:
            told = self._resources.prompt.instructions(language)
            return self._resources.parse(answer, language, told)
        except ReplyError as error:
            raise ModelFailure(error.reason, error.complaint, answer.usage) from error

    def _requests(self, jobs: Sequence[Job], progress: Progress) -> Iterator[_Request]:
        model, options = self._resources.model, self._resources.options
        budget = Budget(options.max_tokens, options.max_cost)
        for number, job in enumerate(jobs, 1):
            reading = self._run.read(job)
            if reading is None:
                continue
            most = model.estimate(reading.question)
            if not budget.reserve(most.tokens, (most.cost or 0.0) * BATCH_PRICE):
                self._report.stopped = OVER_BUDGET
                return
            progress(number, len(jobs))
            yield model.request_body(reading.question), reading.item


def _chunks(requests: Iterator[_Request]) -> Iterator[list[_Request]]:
    """Yield as many batches as the API's limits ask for."""
    chunk: list[_Request] = []
    size = 0
    for body, item in requests:
        length = len(encode_line(batch_line(str(len(chunk)), body)))
        if chunk and (len(chunk) == MOST_LINES or size + length > MOST_BYTES):
            yield chunk
            chunk, size = [], 0
        chunk.append((body, item))
        size += length
    if chunk:
        yield chunk
