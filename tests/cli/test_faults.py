"""Whatever goes wrong around `update` and `backfill`: it is said, and nothing good is lost.

Each fault is met through the command line, on an archive that has a day already. The next run, with
the fault gone, must bring what this one could not.
"""

from __future__ import annotations

import gzip
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from filelock import FileLock

from generator.cli.commands import main
from generator.core.days import FeedState
from generator.store import store as store_module
from generator.store.store import Store
from generator.update.sources.http import Fetcher
from tests.api_answers import Result, answer, serve_query
from tests.loopback import Answer, Loopback
from tests.projects import contents, make_project
from tests.rss import Item, feed
from tests.update.test_backfill import FOR_TUESDAY, MONDAY, TUESDAY

HUGE = bytes(200_000_000)
BOMB = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>
<rss><channel><title>&c;</title></channel></rss>"""
HERE = {"Location": "/again"}
# What the server answers, and what the operator reads.
FAULTS: dict[str, tuple[Answer, str]] = {
    "429 for long": (Answer(429, b"", {"Retry-After": "3600"}), "asks to wait 3600 seconds"),
    "429 again and again": (Answer(429), "HTTP 429"),
    "503": (Answer(503, b"<title>Under maintenance</title>"), "HTTP 503"),
    "no answer": (Answer(silent=True), "ReadTimeout"),
    "slow drip": (Answer(200, b"<rss>" * 1000, drip=0.05), "it took longer than 2 seconds"),
    "cut": (Answer(200, b"<rss>" * 1000, cut=17), "RemoteProtocolError"),
    "HTML": (Answer(200, b"<html><title>Sorry</title><body><p>Down"), "it is a web page"),
    "huge": (Answer(200, HUGE), "it is larger than 67108864 bytes"),
    "huge when unpacked": (
        Answer(200, gzip.compress(HUGE, 1), {"Content-Encoding": "gzip"}),
        "it is larger than 67108864 bytes",
    ),
    "entity bomb": (Answer(200, BOMB), "document type"),
    "redirect loop": (Answer(302, b"", HERE), "more than 5 redirects"),
    "nothing": (Answer(200, b""), "damaged or broken off"),
    "404": (Answer(404, b"<title>Gone</title>"), "HTTP 404"),
}


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Nobody waits between two tries; the value has how long they would have."""
    waits: list[float] = []
    defaults = Fetcher.__init__.__kwdefaults__
    monkeypatch.setitem(defaults, "sleep", waits.append)
    monkeypatch.setitem(defaults, "deadline", 2.0)
    return waits


@pytest.fixture
def project(tmp_path, arxiv, monkeypatch, slept) -> Path:
    """An archive of one day, and a site that was built once."""
    folder = make_project(tmp_path / "project", feeds=arxiv.url)
    config = folder / "daybook.yml"
    config.write_text(config.read_text().replace("timeout: 5", "timeout: 1"))
    monkeypatch.chdir(folder)
    serve(arxiv, MONDAY)
    assert update(MONDAY) == 0
    (folder / "site").mkdir()
    (folder / "site" / "index.html").write_text("the last good site")
    return folder


def serve(arxiv: Loopback, day: date) -> None:
    for number, category in enumerate(("cs.LG", "cs.AI")):
        item = Item(id=f"2603.9{day.day:02}{number:02}", categories=(category,))
        arxiv.on(f"/rss/{category}", Answer(200, feed(category, day, item)))


def break_feeds(arxiv: Loopback, fault: Answer) -> None:
    for path in ("/rss/cs.LG", "/rss/cs.AI"):
        arxiv.on(path, fault)
    arxiv.on_prefix("/again", lambda _: Answer(302, b"", HERE))


def update(day: date) -> int:
    return main(["-q", "update", "--date", day.isoformat()])


def backfill() -> int:
    return main(["-q", "backfill", "--from", TUESDAY.isoformat(), "--to", TUESDAY.isoformat()])


def state(project: Path) -> dict[str, bytes]:
    """Store and site, byte for byte."""
    assert Store(project / "data").check() == []
    return {**contents(project / "data"), "site": (project / "site" / "index.html").read_bytes()}


def listed(project: Path, day: date = TUESDAY) -> set[str]:
    found = Store(project / "data").day(day)
    return {row.id.id for row in found.rows} if found else set()


@pytest.mark.parametrize("fault", FAULTS)
def test_update(fault: str, project, arxiv, capsys) -> None:
    reply, message = FAULTS[fault]
    before = state(project)
    break_feeds(arxiv, reply)
    assert update(TUESDAY) == 4
    said = capsys.readouterr().err
    assert message in said
    assert "cs.LG" in said
    assert "run the update again" in said
    assert "Traceback" not in said
    assert state(project) == before
    serve(arxiv, TUESDAY)
    assert update(TUESDAY) == 0
    assert listed(project) == {"2603.90300", "2603.90301"}


@pytest.mark.parametrize("fault", FAULTS)
def test_backfill(fault: str, project, arxiv, capsys) -> None:
    reply, message = FAULTS[fault]
    before = state(project)
    arxiv.on_prefix("/api/query", lambda _: reply)
    arxiv.on_prefix("/again", lambda _: Answer(302, b"", HERE))
    assert backfill() == (3 if fault in ("HTML", "entity bomb", "nothing") else 4)
    said = capsys.readouterr().err
    assert message in said
    assert "Back-fill stopped: 2026-03-03: " in said
    assert "goes on from there" in said
    assert "Traceback" not in said
    assert state(project) == before
    result = Result(id="2603.90001", published=FOR_TUESDAY)
    arxiv.on_prefix("/api/query", lambda path: Answer(200, serve_query(path, [result])))
    assert backfill() == 0
    assert listed(project) == {"2603.90001"}


@pytest.mark.parametrize("at", [0.1, 0.5, 0.99])
def test_xml_that_breaks_off(at: float, project, arxiv, capsys) -> None:
    before = state(project)
    whole = feed("cs.LG", TUESDAY, Item())
    break_feeds(arxiv, Answer(200, whole[: int(len(whole) * at)]))
    assert update(TUESDAY) == 4
    assert "damaged or broken off" in capsys.readouterr().err
    whole = answer(Result(published=FOR_TUESDAY))
    arxiv.on_prefix("/api/query", lambda _: Answer(200, whole[: int(len(whole) * at)]))
    assert backfill() == 3
    assert "damaged or broken off" in capsys.readouterr().err
    assert state(project) == before


def test_bytes_in_another_charset_than_they_say(project, arxiv, capsys) -> None:
    before = state(project)
    latin = feed("cs.LG", TUESDAY, Item(title="An LLM for Pokémon")).decode().encode("latin-1")
    break_feeds(arxiv, Answer(200, latin))
    assert update(TUESDAY) == 4
    assert "it is not UTF-8" in capsys.readouterr().err
    assert state(project) == before


def test_a_short_wait_is_kept(project: Path, arxiv: Loopback, slept: list[float]) -> None:
    serve(arxiv, TUESDAY)
    good = feed("cs.LG", TUESDAY, Item(id="2603.90300"))
    arxiv.on("/rss/cs.LG", Answer(429, b"", {"Retry-After": "17"}), Answer(200, good))
    assert update(TUESDAY) == 0
    assert 17 in slept
    assert "2603.90300" in listed(project)


@pytest.mark.parametrize(
    ("address", "message"),
    [("http://daybook.invalid", "ConnectError"), ("http://127.0.0.1:9", "ConnectError")],
    ids=["no such name", "connection refused"],
)
def test_nobody_is_there(address: str, message: str, project, arxiv, capsys) -> None:
    config = project / "daybook.yml"
    good = config.read_text()
    before = state(project)
    config.write_text(good.replace(arxiv.url, address).replace("delay: 0", "delay: 3"))
    assert update(TUESDAY) == 4
    assert message in capsys.readouterr().err
    assert backfill() == 4
    assert message in capsys.readouterr().err
    assert state(project) == before


# What is no failure, or only half of one


def test_two_thousand_entries_are_a_warning(project: Path, arxiv: Loopback) -> None:
    many = [Item(id=f"2603.8{n:04}", title="Quiet", abstract="No.") for n in range(1999)]
    serve(arxiv, TUESDAY)
    arxiv.on("/rss/cs.LG", Answer(200, feed("cs.LG", TUESDAY, *many, Item(id="2603.90300"))))
    assert update(TUESDAY) == 0
    assert listed(project) == {"2603.90300", "2603.90301"}
    day = Store(project / "data").day(TUESDAY)
    assert day is not None
    assert "new papers are probably missing" in (day.run.categories["cs.LG"].detail or "")


def test_an_empty_weekend_is_a_day(project: Path, arxiv: Loopback) -> None:
    saturday = date(2026, 3, 7)
    break_feeds(arxiv, Answer(200, feed("cs.LG", saturday)))
    arxiv.on_prefix("/api/query", lambda path: Answer(200, serve_query(path, [])))
    assert update(saturday) == 0
    day = Store(project / "data").day(saturday)
    assert day is not None
    assert {run.state for run in day.run.categories.values()} == {FeedState.WEEKEND}


def test_a_stale_feed(project: Path, arxiv: Loopback, capsys: pytest.CaptureFixture[str]) -> None:
    before = state(project)
    serve(arxiv, MONDAY)
    assert update(TUESDAY) == 5
    assert "its newest item is of 2026-03-02, expected was 2026-03-03" in capsys.readouterr().err
    assert state(project) == before


@pytest.mark.parametrize("fault", FAULTS)
def test_half_the_categories(fault: str, project, arxiv, capsys) -> None:
    reply, message = FAULTS[fault]
    serve(arxiv, TUESDAY)
    arxiv.on("/rss/cs.AI", reply)
    arxiv.on_prefix("/again", lambda _: Answer(302, b"", HERE))
    assert update(TUESDAY) == 5
    assert message in capsys.readouterr().err
    assert listed(project) == {"2603.90300"}
    assert listed(project, MONDAY) == {"2603.90200", "2603.90201"}
    serve(arxiv, TUESDAY)
    assert update(TUESDAY) == 0
    assert listed(project) == {"2603.90300", "2603.90301"}
    assert Store(project / "data").check() == []


# The disk


def run(project: Path, *arguments: str, limit: Callable[[], None] | None = None) -> tuple[int, str]:
    """A command in a process of its own; the value is its exit code and what it said."""
    ended = subprocess.run(
        [sys.executable, "-m", "generator", "-q", *arguments],
        cwd=project,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        preexec_fn=limit,
        capture_output=True,
        text=True,
        check=False,
    )
    return ended.returncode, ended.stderr


def test_a_full_disk(project: Path, arxiv: Loopback) -> None:
    """No file may grow beyond 300 bytes: the first paper's write fails half-way."""
    before = state(project)
    serve(arxiv, TUESDAY)
    code, said = run(
        project,
        "update",
        "--date",
        TUESDAY.isoformat(),
        limit=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (300, 300)),
    )
    assert code == 6
    assert "Cannot write the data store" in said
    assert "free space" in said
    assert "Traceback" not in said
    assert state(project) == before
    assert not (project / "data" / ".pending").exists()
    assert update(TUESDAY) == 0


def test_data_that_cannot_be_a_folder(project, arxiv, capsys) -> None:
    (project / "file").write_text("mine")
    config = project / "daybook.yml"
    config.write_text(config.read_text() + "paths: {data: file}\n")
    serve(arxiv, TUESDAY)
    assert update(TUESDAY) == 6
    assert "Cannot write the data store" in capsys.readouterr().err
    assert (project / "file").read_text() == "mine"


def test_data_that_may_only_be_read(project, arxiv, capsys) -> None:
    data = project / "data"
    before = state(project)
    serve(arxiv, TUESDAY)
    root = os.geteuid() == 0  # whom no permission stops
    lock = ["chattr", "+i", str(data)] if root else ["chmod", "500", str(data)]
    if subprocess.run(lock, capture_output=True, check=False).returncode:
        pytest.skip("root may write anywhere, and this file system has no immutable folders")
    try:
        assert update(TUESDAY) == 6
    finally:
        unlock = ["chattr", "-i", str(data)] if root else ["chmod", "700", str(data)]
        subprocess.run(unlock, check=True)
    assert "Cannot write the data store" in capsys.readouterr().err
    assert state(project) == before


# Two runs at once


def test_two_updates_and_a_backfill_at_once(project: Path, arxiv: Loopback) -> None:
    for category in ("cs.LG", "cs.AI"):
        items = [Item(id=f"2603.903{n:02}", categories=("cs.LG", "cs.AI")) for n in range(30)]
        arxiv.on(f"/rss/{category}", Answer(200, feed(category, TUESDAY, *items), delay=0.3))
    result = Result(id="2603.90399", published=FOR_TUESDAY)
    arxiv.on_prefix("/api/query", lambda path: Answer(200, serve_query(path, [result]), delay=0.6))
    day = TUESDAY.isoformat()
    commands = [["update", "--date", day], ["update", "--date", day]]
    commands += [["backfill", "--from", day, "--to", day]]
    started = [
        subprocess.Popen([sys.executable, "-m", "generator", "-q", *command], cwd=project)
        for command in commands
    ]
    assert [process.wait(60) for process in started] == [0, 0, 0]
    assert len(listed(project) - {"2603.90399"}) == 30
    assert Store(project / "data").check() == []


def test_a_run_that_waits_in_vain_says_for_whom(project, arxiv, monkeypatch, capsys) -> None:
    monkeypatch.setattr(store_module, "LOCK_TIMEOUT_SECONDS", 0.2)
    before = state(project)
    serve(arxiv, TUESDAY)
    with FileLock(project / "data" / ".lock"):
        assert update(TUESDAY) == 6
    assert "another run has held it" in capsys.readouterr().err
    assert state(project) == before
