"""Many summaries through a provider's Batch API: submitted by one run, collected by a later one.

What is under way stands in the store, so every step may be the last before a kill: a batch is noted
before it is submitted and found again by its token; what is collected twice changes nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from generator.core.models import Batch, BatchItem, FailureReason
from generator.core.progress import Report as Progress
from generator.update.summarize.asking import Asked, read_answer, summary_of
from generator.update.summarize.model import Answer, ModelFailure, ReplyError
from generator.update.summarize.provider.answers import BATCH_PRICE
from generator.update.summarize.provider.batches import (
    MOST_BYTES,
    MOST_LINES,
    Batches,
    BatchState,
    batch_line,
    encode_line,
)
from generator.update.summarize.provider.client import OpenAIModel
from generator.update.summarize.provider.limits import Budget
from generator.update.summarize.queue import Job
from generator.update.summarize.run import Resources, RunReport, note_failure, note_summary

Line = Mapping[str, object]


class BatchRun:
    """Collecting and submitting; ``report`` says how far it is."""

    def __init__(self, resources: Resources, model: OpenAIModel, report: RunReport) -> None:
        self._resources = resources
        self._model = model
        self._store = resources.store
        self._batches = Batches(model)
        self._report = report

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

    def _take(self, batch: Batch, batch_id: str, state: BatchState) -> None:
        left = dict(enumerate(batch.items))
        for result in self._batches.results(batch_id):
            number = result.custom_id or ""
            item = left.pop(int(number), None) if number.isdecimal() else None
            if item is not None:
                self._settle(item, result.result, batch.created)
        why = "; ".join(state.errors) or f"the batch is {state.status} and has no answer for it"
        for item in left.values():
            self._settle(item, ModelFailure(FailureReason.SERVER, why), batch.created)

    def _settle(self, item: BatchItem, result: Answer | ModelFailure, created: datetime) -> None:
        try:
            if isinstance(result, ModelFailure):
                raise result
            asked = self._read(item, result)
        except ModelFailure as failure:
            note_failure(self._store, self._report, Job(item.id, item.key), failure, created)
            return
        summary = summary_of(
            item.key, asked, input=item.input, left_out=item.left_out, created=created
        )
        note_summary(self._store, self._report, Job(item.id, item.key), summary)

    def _read(self, item: BatchItem, answer: Answer) -> Asked:
        try:
            language = item.key.language
            told = self._resources.prompt.instructions(language)
            reply = read_answer(answer, language, self._resources.known_tags, told)
        except ReplyError as error:
            raise ModelFailure(error.reason, error.complaint, answer.usage) from error
        return Asked(reply, answer.usage)

    def submit(self, jobs: Sequence[Job], progress: Progress) -> None:
        """Read the papers and hand the questions over, as far as the limits of a run allow."""
        allowed = jobs[: self._resources.options.max_papers]
        failed = len(self._report.failed)
        for lines, items in _chunks(self._questions(allowed, progress)):
            batch = Batch(
                token=secrets.token_hex(8),
                batch_id=None,
                created=self._resources.now,
                items=tuple(items),
            )
            self._store.write_batch(batch)
            batch_id = self._batches.submit(lines, batch.token)
            self._store.write_batch(replace(batch, batch_id=batch_id))
            self._report.submitted += len(items)
        failed = len(self._report.failed) - failed
        self._report.left = len(jobs) - self._report.submitted - failed
        if self._report.left and not self._report.stopped:
            self._report.stopped = f"one run asks for at most {len(allowed)} (summarize.max_papers)"

    def _questions(
        self, jobs: Sequence[Job], progress: Progress
    ) -> Iterator[tuple[Line, BatchItem]]:
        options = self._resources.options
        budget = Budget(options.max_tokens, options.max_cost)
        for number, job in enumerate(jobs, 1):
            try:
                reading = self._resources.read(job)
            except ModelFailure as failure:
                note_failure(self._store, self._report, job, failure, self._resources.now)
                continue
            most = self._model.estimate(reading.question)
            if not budget.reserve(most.tokens, (most.cost or 0.0) * BATCH_PRICE):
                self._report.stopped = "the limit of tokens or cost of one run is reached"
                return
            if reading.why_abstract:
                self._report.from_abstract[str(job.id)] = reading.why_abstract
            progress(number, len(jobs))
            item = BatchItem(id=job.id, key=job.key, input=reading.input, left_out=reading.left_out)
            yield self._model.request_body(reading.question), item


def _chunks(
    asked: Iterator[tuple[Line, BatchItem]],
) -> Iterator[tuple[list[Mapping[str, object]], list[BatchItem]]]:
    """As many batches as the API's limits ask for; a custom id is a position in its batch."""
    lines: list[Mapping[str, object]] = []
    items: list[BatchItem] = []
    size = 0
    for body, item in asked:
        line = batch_line(str(len(lines)), body)
        length = len(encode_line(line))
        if lines and (len(lines) == MOST_LINES or size + length > MOST_BYTES):
            yield lines, items
            lines, items, size = [], [], 0
            line = batch_line("0", body)
        lines.append(line)
        items.append(item)
        size += length
    if lines:
        yield lines, items
