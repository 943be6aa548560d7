"""What a model is given to read for one summary: the paper's text as far as it can be had."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from generator.config.options import SummaryOptions
from generator.core.errors import FetchError, PaperError
from generator.core.models import FailureReason, Paper
from generator.update.summarize.model import ModelFailure, Question
from generator.update.summarize.papers.document import estimate_tokens, fit
from generator.update.summarize.papers.reader import PaperReader
from generator.update.summarize.prompt import Prompt, fence
from generator.update.summarize.queue import Job

# What a question has besides instructions and paper: the frame of the messages.
_FRAME_TOKENS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A question, and what of the paper it holds: ``input`` and ``left_out`` are provenance.

    ``why_abstract`` says why the paper itself could not be read ("" where it could, or was not
    wanted).
    """

    question: Question
    input: str
    left_out: tuple[str, ...]
    why_abstract: str = ""


def read(
    job: Job,
    paper: Paper,
    *,
    prompt: Prompt,
    options: SummaryOptions,
    reader: PaperReader,
    known_tags: Sequence[str],
) -> Reading:
    """Download what the options want, and fit it to the model's context.

    A paper that nobody can read (encrypted, no text) falls back to its abstract. Raises
    ModelFailure where a download failed that may work another day.
    """
    instructions = prompt.instructions(job.key.language, known_tags)
    room = (
        options.context_tokens
        - options.max_output_tokens
        - estimate_tokens(instructions + paper.title + paper.abstract)
        - _FRAME_TOKENS
    )
    text, file, why_abstract = "", None, ""
    left_out: tuple[str, ...] = ()
    try:
        if options.input == "fulltext":
            fitted = fit(reader.document(job.id), max(room, 0))
            text, left_out = fitted.text, fitted.left_out
        elif options.input == "file":
            file = reader.pdf(job.id)
    except PaperError as error:
        why_abstract = str(error)
    except FetchError as error:
        raise ModelFailure(FailureReason.DOWNLOAD, str(error)) from error
    authors = [author.name for author in paper.authors]
    fenced = fence(paper.title, authors, paper.abstract, text, left_out=left_out)
    return Reading(
        question=Question(name=str(job.id), instructions=instructions, paper=fenced, file=file),
        input=options.input if text or file else "abstract",
        left_out=left_out,
        why_abstract=why_abstract,
    )
