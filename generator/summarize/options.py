"""How summaries are made: the values of the section ``summarize`` of daybook.yml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

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
