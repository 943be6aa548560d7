"""One question to a model, and its answer read: a reply in the form asked for, or why not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from generator.core.models import Summary, SummaryFailure, SummaryKey, Usage
from generator.update.summarize.model import (
    Answer,
    Model,
    ModelFailure,
    Question,
    Repair,
    Reply,
    ReplyError,
)
from generator.update.summarize.reply.reply import parse_reply
from generator.update.summarize.reply.tags import normalise


@dataclass(frozen=True, slots=True)
class Asked:
    """A reply, and what all calls for it used."""

    reply: Reply
    usage: Usage


def ask(model: Model, question: Question, language: str, known_tags: Mapping[str, str]) -> Asked:
    """Ask, and once more where the answer is not as asked.

    ``known_tags`` has the archive's spellings by slug. Raises ModelFailure, with what all calls
    used, and whatever fatal error the model raises.
    """
    first = model.ask(question)
    try:
        return Asked(read_answer(first, language, known_tags, question.instructions), first.usage)
    except ReplyError as error:
        repair = Repair(answer=first.text, complaint=error.complaint)
    try:
        second = model.ask(question, repair)
    except ModelFailure as failure:
        raise ModelFailure(failure.reason, failure.detail, first.usage + failure.usage) from failure
    usage = first.usage + second.usage
    try:
        return Asked(read_answer(second, language, known_tags, question.instructions), usage)
    except ReplyError as error:
        raise ModelFailure(error.reason, error.complaint, usage) from error


def summary_of(
    key: SummaryKey,
    asked: Asked,
    *,
    input: str,
    left_out: tuple[str, ...],
    created: datetime,
) -> Summary:
    """The summary that a reply makes; ``input`` and ``left_out`` say what the model was given."""
    return Summary(
        version=key.version,
        model=key.model,
        language=key.language,
        prompt_hash=key.prompt_hash,
        input=input,
        created=created,
        body=asked.reply.body,
        tldr=asked.reply.tldr,
        tags=asked.reply.tags,
        left_out=left_out,
        usage=asked.usage,
    )


def failure_of(key: SummaryKey, failure: ModelFailure, now: datetime) -> SummaryFailure:
    """One more attempt that failed, as it is stored."""
    return SummaryFailure(
        key=key,
        reason=failure.reason,
        detail=failure.detail,
        attempts=1,
        last=now,
        usage=failure.usage,
    )


def read_answer(
    answer: Answer, language: str, known_tags: Mapping[str, str], instructions: str
) -> Reply:
    """The reply that an answer holds, its tags spelled as in the archive.

    ``instructions`` are what the model was told, and must not repeat. Raises ReplyError.
    """
    reply = parse_reply(
        answer.text, language=language, truncated=answer.truncated, instructions=instructions
    )
    return replace(reply, tags=normalise(reply.tags, known_tags))
