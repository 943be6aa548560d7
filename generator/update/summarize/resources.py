"""What a run works with, and what it gives a model to read for one summary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from generator.config.options import Rules, SummaryOptions
from generator.core import urls
from generator.core.errors import FetchError, PaperError, StoreError
from generator.core.papers import Paper
from generator.core.summaries import BatchItem, FailureReason
from generator.store.merge import current_summary
from generator.store.store import Store
from generator.update.summarize.model import Answer, ModelFailure, Question, Reply
from generator.update.summarize.papers.document import Fitted, estimate_tokens, fit
from generator.update.summarize.papers.reader import PaperReader
from generator.update.summarize.prompt import Prompt, fence
from generator.update.summarize.queue import Job
from generator.update.summarize.reply.reply import parse_reply

if TYPE_CHECKING:  # openai takes half a second to import: only who asks should wait for it
    from generator.update.summarize.provider.client import OpenAIModel

# What a question has besides instructions and paper: the frame of the messages.
_FRAME_TOKENS = 200
# The days whose tags a model is shown: more would make no better tags, and a longer prompt.
_TAG_DAYS = 30
_TAGS_SHOWN = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A question, and in ``item`` what of the paper it holds: its provenance.

    ``why_abstract`` says why the paper itself could not be read ("" where it could, or was not
    wanted).
    """

    question: Question
    item: BatchItem
    why_abstract: str = ""


@dataclass(frozen=True, kw_only=True)
class Resources:
    """What a run works with. ``now`` is what its summaries say of when they were made.

    ``known_tags`` has the archive's spellings by slug.
    """

    store: Store
    model: OpenAIModel
    prompt: Prompt
    options: SummaryOptions
    reader: PaperReader
    known_tags: Mapping[str, str]
    now: datetime

    def read(self, job: Job) -> Reading:
        """Download what the options want of a paper, and fit it to the model's context.

        A paper that nobody can read (encrypted, no text) falls back to its abstract. Raises
        ModelFailure where a download failed that may work another day, StoreError.
        """
        paper = self.store.paper(job.id.id)
        if paper is None:
            raise StoreError(
                "A paper is gone",
                item=job.id.id,
                why="it was in the store when this run began",
                todo="Run: generator check",
            )
        instructions = self.prompt.instructions(job.key.language, tuple(self.known_tags.values()))
        fitted, file, why_abstract = Fitted("", ()), None, ""
        try:
            if self.options.input == "fulltext":
                fitted = fit(self.reader.document(job.id), self._room(paper, instructions))
            elif self.options.input == "file":
                file = self.reader.pdf(job.id)
        except PaperError as error:
            why_abstract = str(error)
        except FetchError as error:
            raise ModelFailure(FailureReason.DOWNLOAD, str(error)) from error
        authors = [author.name for author in paper.authors]
        fenced = fence(paper.title, authors, paper.abstract, fitted.text, left_out=fitted.left_out)
        return Reading(
            question=Question(name=str(job.id), instructions=instructions, paper=fenced, file=file),
            item=BatchItem(
                id=job.id,
                key=job.key,
                input=self.options.input if fitted.text or file else "abstract",
                left_out=fitted.left_out,
            ),
            why_abstract=why_abstract,
        )

    def parse(self, answer: Answer, language: str, instructions: str) -> Reply:
        """Read a model's answer to these instructions. Raises ReplyError."""
        return parse_reply(
            answer.text,
            language=language,
            truncated=answer.truncated,
            instructions=instructions,
            known_tags=self.known_tags,
        )

    def _room(self, paper: Paper, instructions: str) -> int:
        """Return how many tokens a paper's text may have."""
        taken = estimate_tokens(instructions + paper.title + paper.abstract) + _FRAME_TOKENS
        return max(0, self.options.context_tokens - self.options.max_output_tokens - taken)


def known_tags(store: Store, rules: Rules, jobs: Sequence[Job]) -> dict[str, str]:
    """Return the spellings to keep to, by slug: keywords', then the last weeks' most used tags.

    Only some weeks, so that the daily run does not grow with the archive.
    """
    known: dict[str, str] = {}
    for keyword in rules.keywords:
        if not keyword.regex or keyword.name:
            known.setdefault(urls.slug(keyword.shown), keyword.shown)
    counts: Counter[str] = Counter()
    first = store.paper(jobs[0].id.id) if jobs else None
    for number in range(_TAG_DAYS if first else 0):
        day = store.day(first.listings[-1].date - timedelta(days=number)) if first else None
        for row in day.rows if day else ():
            paper = store.paper(row.id.id)
            summary = current_summary(paper) if paper else None
            counts.update(summary.tags if summary else ())
    for tag in sorted(counts, key=lambda tag: (-counts[tag], tag)):
        known.setdefault(urls.slug(tag), tag)
    return dict(list(known.items())[:_TAGS_SHOWN])
