"""Summaries by language models: made, missing, and asked for in a batch.

Instants are aware datetimes in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from generator.core.ids import ArxivId

# Up to what every reader of JSON has exactly (https://www.rfc-editor.org/rfc/rfc8259#section-6).
Count = Annotated[int, Meta(ge=0, le=2**53 - 1)]
# Pages carry it as markup: a tag such as zh-Hant (https://www.rfc-editor.org/rfc/rfc5646).
LanguageTag = Annotated[str, Meta(pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*\Z")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What a model's answers used: tokens, and money where prices are configured.

    ``prompt`` counts all tokens read, ``cached`` those of them that were billed as cached,
    ``completion`` all tokens written, reasoning included. ``cost`` is ``None`` without prices.
    """

    prompt: Count = 0
    cached: Count = 0
    completion: Count = 0
    cost: float | None = None

    @property
    def tokens(self) -> int:
        """All tokens, read and written."""
        return self.prompt + self.completion

    def __add__(self, other: Usage) -> Usage:
        costs = [usage.cost for usage in (self, other) if usage.cost is not None]
        return Usage(
            prompt=self.prompt + other.prompt,
            cached=self.cached + other.cached,
            completion=self.completion + other.completion,
            cost=round(sum(costs), 6) if costs else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """One summary of one version of a paper, with its provenance.

    ``prompt_hash`` identifies the prompt ("" where it is not known, as for imports); ``input`` says
    what the model read: ``abstract``, ``fulltext``, ``file``, or ``imported`` for a summary that
    the predecessor made, ``sample`` for one that was written by hand. ``left_out`` names the
    sections that did not fit the model's context. ``tldr`` is one sentence, an import's one of its
    ``body``; "" where there is none. ``search_phrases`` are what somebody might type who has
    forgotten the title: they are searched and never shown. ``body`` is Markdown. ``usage`` sums all
    calls that it took (``None`` where unknown). ``damaged`` marks a text with characters lost
    before Daybook saw it.
    """

    version: Count
    model: str
    language: LanguageTag
    prompt_hash: str
    input: str
    created: datetime
    body: str
    tldr: str = ""
    tags: tuple[str, ...] = ()
    search_phrases: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    usage: Usage | None = None
    damaged: bool = False

    @property
    def key(self) -> SummaryKey:
        """What it is a summary of, by whom, and how asked."""
        return SummaryKey(self.version, self.model, self.language, self.prompt_hash)


@dataclass(frozen=True, slots=True, order=True)
class SummaryKey:
    """With a paper's id, what is never paid twice."""

    version: Count
    model: str
    language: LanguageTag
    prompt_hash: str


class FailureReason(StrEnum):
    """Why there is no summary."""

    REFUSED = "refused"
    CONTENT_FILTER = "content filter"
    TRUNCATED = "truncated"
    INVALID = "invalid answer"
    EMPTY = "empty answer"
    LANGUAGE = "wrong language"
    TOO_LONG = "too long for the model"
    RATE_LIMIT = "rate limit"
    TIMEOUT = "timeout"
    NETWORK = "network"
    SERVER = "server error"
    REJECTED = "rejected request"
    DOWNLOAD = "paper not downloaded"


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryFailure:
    """That a summary was tried and is still missing.

    ``detail`` is one line for the operator, never for a page. ``attempts`` counts runs that tried,
    ``last`` is when the latest did, ``usage`` sums what all of them spent.
    """

    key: SummaryKey
    reason: FailureReason
    detail: str
    attempts: Count
    last: datetime
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchItem:
    """One summary that was asked for in a batch: of which paper, and what the model was given."""

    id: ArxivId
    key: SummaryKey
    input: str
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Questions handed to a provider as one batch, to be collected later.

    ``token`` is ours: it names the batch here and in the provider's metadata, so that a batch is
    found again whose ``batch_id`` never came back (``None``). An item's custom id is its position.
    """

    token: str
    batch_id: str | None
    created: datetime
    items: tuple[BatchItem, ...]
