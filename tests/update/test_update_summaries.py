"""`generator update` with a model: the day is stored first, then its best papers are summarised."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from generator.cli import commands as cli
from generator.cli import session
from generator.store.store import Store
from tests.llm_replies import Reply, error
from tests.llm_server import ModelServer
from tests.loopback import Answer
from tests.projects import contents
from tests.rss import Item, feed
from tests.summaries import KEY, summary_project

MONDAY = date(2026, 1, 5)


@pytest.fixture
def project(server, arxiv, tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("SAMPLE_KEY", KEY)
    folder = summary_project(tmp_path, server, [], best=2)
    config = folder / "daybook.yml"
    config.write_text(config.read_text().replace("http://127.0.0.1:9", arxiv.url))
    (folder / "data" / "days" / "2026" / "2026-01-05.json").unlink()
    items = [Item(id=f"2601.9000{n}", title=f"An LLM: 2601.9000{n}") for n in range(4)]
    for category in ("cs.LG", "cs.AI"):
        arxiv.on(f"/rss/{category}", Answer(200, feed(category, MONDAY, *items)))
    monkeypatch.chdir(folder)
    return folder


def update() -> int:
    return cli.main(["update", "--date", MONDAY.isoformat()])


def test_the_best_papers_of_the_day_are_summarised_once(project, server, capsys) -> None:
    assert update() == 0
    assert "2 summaries made, 0 failed" in capsys.readouterr().err
    store = Store(project / "data")
    made = [p.id for p in store.papers() if p.summaries]
    assert made == ["2601.90000", "2601.90001"]
    day = store.day(MONDAY)
    assert day and day.run.seconds is not None
    before = contents(project / "data")
    assert update() == 0
    assert contents(project / "data") == before
    assert dict(server.paid) == {"2601.90000": 1, "2601.90001": 1}


def test_without_the_key_the_update_is_complete_and_says_so(project, monkeypatch, capsys) -> None:
    monkeypatch.delenv("SAMPLE_KEY")
    assert update() == 0
    assert "No summaries: SAMPLE_KEY is not set." in capsys.readouterr().err


def test_a_dead_model_leaves_the_day_whole_and_the_next_update_heals(
    project: Path, server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.always("", error(503, "down", headers={"Retry-After": "0"}))
    assert update() == 5
    store = Store(project / "data")
    day = store.day(MONDAY)
    assert day and len(day.rows) == 4
    assert store.check() == []
    server.always("", Reply())
    later = datetime.now().astimezone() + timedelta(days=1)
    monkeypatch.setattr(session, "now", lambda: later)
    assert update() == 0
    assert sum(len(p.summaries) for p in store.papers()) == 2


def test_a_wrong_key_is_told_after_the_day_is_stored(project, server, capsys) -> None:
    server.always("", error(401, "Incorrect API key provided", code="invalid_api_key"))
    assert update() == 2
    assert "4 papers listed" in capsys.readouterr().err
    assert Store(project / "data").day(MONDAY) is not None
