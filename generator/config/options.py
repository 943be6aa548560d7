"""How summaries are made: the values of the section ``summarize`` of daybook.yml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from generator.core.models import (
    AnnounceType,
)

Input = Literal["fulltext", "abstract", "file"]


@dataclass(frozen=True, kw_only=True)
class SummaryOptions:
    """Which model is asked for what, how fast, and for how much at most.

    Without a ``model`` there are extracts only. ``base_url`` has no slash at its end.
    ``api_key_env`` names the environment variable with the key (``None``: the server wants none).
    ``languages`` are tags such as ``en``; a paper gets a summary in each. ``best`` is how many
    papers of each day get one, from the top (``None``: all). ``context_tokens`` bounds what a
    model is given to read, ``max_output_tokens`` what it may write. ``timeout`` is in seconds.
    ``requests_per_minute`` and ``tokens_per_minute`` are the provider's limits (``None``: none).
    ``max_papers``, ``max_tokens`` and ``max_cost`` bound one run. Prices are for a million tokens
    in ``currency``; without ``price_input`` and ``price_output`` no cost is counted. ``attempts``
    is how many runs may try one summary. ``prompt`` is a template of the operator's own.
    """

    model: str | None = None
    base_url: str = "https://api.openai.com/v1"
    api_key_env: str | None = "OPENAI_API_KEY"
    languages: tuple[str, ...] = ("en",)
    input: Input = "fulltext"
    best: int | None = 15
    context_tokens: int = 60_000
    max_output_tokens: int = 8_000
    temperature: float | None = None
    extra_body: Mapping[str, Any] = field(default_factory=dict)
    timeout: float = 300.0
    concurrency: int = 4
    requests_per_minute: int | None = None
    tokens_per_minute: int | None = None
    max_papers: int | None = 60
    max_tokens: int | None = None
    max_cost: float | None = None
    price_input: float | None = None
    price_cached: float | None = None
    price_output: float | None = None
    currency: str = "USD"
    attempts: int = 4
    prompt: Path | None = None


MatchMode = Literal["word", "substring"]


@dataclass(frozen=True, slots=True)
class Keyword:
    """A word or phrase, or with ``regex`` a regular expression (case is ignored in both).

    ``weight`` may be negative: such a keyword pushes a paper down and never keeps it. ``name`` is
    what readers see as the reason; by default the text itself.
    """

    text: str
    weight: float = 1.0
    regex: bool = False
    name: str | None = None

    @property
    def shown(self) -> str:
        """The keyword as a match names it."""
        return self.name or (f"regex:{self.text}" if self.regex else self.text)


@dataclass(frozen=True, slots=True)
class FollowedAuthor:
    """An author whose papers are wanted whatever they are about.

    The weight's default lifts a paper above most that merely match several keywords.
    """

    name: str
    weight: float = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What the operator wants to read.

    A paper qualifies if one of its categories is in ``categories`` (all do if that is empty), its
    type is in ``announce_types``, a keyword of positive weight or a followed author matches (every
    paper does if there are none of either), and no ``exclude`` keyword is in title or abstract.
    ``max_papers`` of None keeps all that qualify.
    """

    keywords: tuple[Keyword, ...] = ()
    exclude: tuple[Keyword, ...] = ()
    categories: tuple[str, ...] = ()
    announce_types: tuple[AnnounceType, ...] = (AnnounceType.NEW, AnnounceType.CROSS)
    authors: tuple[FollowedAuthor, ...] = ()
    max_papers: int | None = None
    min_score: float = 0.0
    match: MatchMode = "word"
    title_bonus: float = 0.5
