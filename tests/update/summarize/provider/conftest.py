"""A model client against the tests' own server, as the tests of the provider use it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from generator.update.summarize.provider.client import OpenAIModel
from tests.asking import client, quicken
from tests.llm_server import ModelServer


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    quicken(monkeypatch)
    monkeypatch.setattr("generator.update.summarize.provider.files._FIRST_WAIT", 0.01)


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as running:
        yield running


@pytest.fixture
def model(server: ModelServer, tmp_path: Path) -> Iterator[Callable[..., OpenAIModel]]:
    """Makes clients that share a cache, as one run after the other would."""
    made: list[OpenAIModel] = []

    def make(**changes: object) -> OpenAIModel:
        made.append(client(server, tmp_path / "cache", **changes))
        return made[-1]

    yield make
    for each in made:
        each.close()
