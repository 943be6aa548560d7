"""The model's server for tests of updates and summaries."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.llm_server import ModelServer
from tests.summaries import answer


@pytest.fixture
def server() -> Iterator[ModelServer]:
    """A server whose answers are good ones."""
    with ModelServer() as running:
        running.answer = answer
        yield running
