"""A model client against the tests' own server, as three test files use it."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import pytest

from generator.config.options import SummaryOptions
from generator.core.summaries import FailureReason
from generator.update.summarize.model import ModelFailure, Question
from generator.update.summarize.provider.client import OpenAIModel
from generator.update.summarize.provider.limits import RateLimit
from tests.llm_server import ModelServer

KEY = "sk-test-6f1d0c9b8a7e5544"
PAPER = "2601.00001"
SCHEMA = {
    "type": "object",
    "properties": {"tldr": {"type": "string"}, "body": {"type": "string"}},
    "required": ["tldr", "body"],
    "additionalProperties": False,
}


class FastRateLimit(RateLimit):
    """A limit on requests for which time passes faster; ``granted`` has when it let each go.

    In the limit's own seconds, and its own reading of the clock: no busy machine shifts them.
    """

    def __init__(self, requests_per_minute: int, faster: int) -> None:
        self.granted: list[float] = []
        self._read = threading.local()

        def clock() -> float:
            self._read.last = time.monotonic() * faster
            return self._read.last

        super().__init__(
            requests_per_minute,
            None,
            clock=clock,
            sleep=lambda seconds: time.sleep(seconds / faster),
        )

    def acquire(self, tokens: int) -> None:
        super().acquire(tokens)
        self.granted.append(self._read.last)


def options(server: ModelServer, **changes: Any) -> SummaryOptions:
    defaults = {
        "model": "test-model",
        "base_url": f"{server.url}/v1",
        "timeout": 5.0,
        "max_output_tokens": 500,
    }
    return SummaryOptions(**{**defaults, **changes})


def client(
    server: ModelServer,
    cache: Path,
    *,
    key: str | None = KEY,
    rate: RateLimit | None = None,
    **changes: Any,
) -> OpenAIModel:
    return OpenAIModel(
        options(server, **changes), key, SCHEMA, cache, rate or RateLimit(None, None)
    )


def question(paper: str = PAPER, **changes: Any) -> Question:
    text = f"arXiv:{paper}\nCaches that forget\n\nWe study caches."
    defaults = {"name": f"{paper}v1", "instructions": "Answer in json.", "paper": text}
    return Question(**{**defaults, **changes})


def failure(model: OpenAIModel, asked: Question | None = None) -> ModelFailure:
    """Why a question fails; its detail is fit for a log."""
    with pytest.raises(ModelFailure) as caught:
        model.ask(asked or question())
    error = caught.value
    assert isinstance(error.reason, FailureReason)
    check_detail(error.detail)
    return error


def check_detail(detail: str) -> None:
    assert detail
    assert len(detail) <= 300
    assert detail.isprintable()
    assert KEY not in detail


def quicken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the openai package wait a hundredth of what it would between its tries."""
    monkeypatch.setattr("openai._base_client.INITIAL_RETRY_DELAY", 0.005)
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
