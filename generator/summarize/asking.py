"""One question to a model, and its answer read: a reply in the form asked for, or why not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from generator.models import Usage
from generator.summarize.model import (
    Answer,
    Model,
    ModelFailure,
    Question,
    Repair,
    Reply,
    ReplyError,
)
from generator.summarize.reply import parse_reply
from generator.summarize.tags import normalise


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
        return Asked(read_answer(first, language, known_tags), first.usage)
    except ReplyError as error:
        repair = Repair(answer=first.text, complaint=error.complaint)
    try:
        second = model.ask(question, repair)
    except ModelFailure as failure:
        raise ModelFailure(failure.reason, failure.detail, first.usage + failure.usage) from failure
    usage = first.usage + second.usage
    try:
        return Asked(read_answer(second, language, known_tags), usage)
    except ReplyError as error:
        raise ModelFailure(error.reason, error.complaint, usage) from error


def read_answer(answer: Answer, language: str, known_tags: Mapping[str, str]) -> Reply:
    """The reply that an answer holds, its tags spelled as in the archive. Raises ReplyError."""
    reply = parse_reply(answer.text, language=language, truncated=answer.truncated)
    return replace(reply, tags=normalise(reply.tags, known_tags))
