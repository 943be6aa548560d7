"""`generator backfill`, and what `update` repairs, against a server in arXiv's place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import unquote_plus

import pytest

from generator.cli import session
from generator.cli.commands import main
from generator.core.days import Day, FeedState
from generator.store.store import Store
from tests.api_answers import Result, answer, serve_query
from tests.loopback import Answer, Loopback
from tests.projects import contents, make_project
from tests.rss import Item, feed

# What is submitted from Friday 14:00 to Monday 14:00 is announced on Tuesday.
MONDAY, TUESDAY, WEDNESDAY, THURSDAY = (date(2026, 3, n) for n in (2, 3, 4, 5))
FOR_TUESDAY = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
FOR_WEDNESDAY = datetime(2026, 3, 3, 15, 0, tzinfo=UTC)


def set_clock(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    """Let the command line believe that it is ``now``."""
    monkeypatch.setattr(session, "now", lambda: now)


@pytest.fixture
def project(tmp_path: Path, arxiv: Loopback, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = make_project(tmp_path / "project", feeds=arxiv.url)
    monkeypatch.chdir(folder)
    set_clock(monkeypatch, datetime(2026, 3, 20, 12, tzinfo=UTC))
    return folder


def serve_api(arxiv: Loopback, *results: Result, most: int = 2000) -> None:
    arxiv.on_prefix("/api/query", lambda path: Answer(200, serve_query(path, results, most=most)))


def asked(arxiv: Loopback) -> list[str]:
    """The API's questions, readable."""
    paths = [request.path for request in arxiv.requests]
    return [unquote_plus(path) for path in paths if path.startswith("/api/query")]


def serve_feeds(arxiv: Loopback, day: date, *items: Item, ai: Sequence[Item] = ()) -> None:
    arxiv.on("/rss/cs.LG", Answer(200, feed("cs.LG", day, *items)))
    arxiv.on("/rss/cs.AI", Answer(200, feed("cs.AI", day, *ai)))


def stored(project: Path, day: date) -> Day:
    found = Store(project / "data").day(day)
    assert found is not None
    return found


def ids(day: Day) -> list[str]:
    return [str(row.id) for row in day.rows]


def backfill(begin: date, end: date | None = None) -> int:
    return main(["-q", "backfill", "--from", str(begin), "--to", str(end or begin)])


def update(day: date, monkeypatch: pytest.MonkeyPatch) -> int:
    """A daily run: at six in the morning, UTC."""
    set_clock(monkeypatch, datetime(day.year, day.month, day.day, 6, tzinfo=UTC))
    return main(["-q", "update"])


# The command


def test_days_are_filled_by_the_time_of_submission(project: Path, arxiv: Loopback) -> None:
    serve_api(
        arxiv,
        Result(id="2603.90001", published=FOR_TUESDAY),
        Result(id="2603.90002", published=FOR_TUESDAY, categories=("stat.ML", "cs.LG")),
        Result(id="2603.90003", published=FOR_WEDNESDAY, title="Two LLM kernels"),
        Result(id="2603.90004", published=FOR_TUESDAY, title="Quiet", abstract="Nothing here."),
        Result(id="2603.90005", published=FOR_TUESDAY, categories=("math.CO",)),
    )
    assert backfill(TUESDAY, WEDNESDAY) == 0
    day = stored(project, TUESDAY)
    assert {(str(row.id), row.type.value) for row in day.rows} == {
        ("2603.90001v1", "new"),
        ("2603.90002v1", "cross"),
    }
    assert ids(stored(project, WEDNESDAY)) == ["2603.90003v1"]
    runs = day.run.categories
    assert {run.state for run in runs.values()} == {FeedState.BACKFILLED}
    assert (runs["cs.LG"].fetched, runs["cs.LG"].new, runs["cs.LG"].kept) == (3, 2, 2)
    assert Store(project / "data").check() == []
    paper = Store(project / "data").paper("2603.90001")
    assert paper is not None
    assert paper.authors[1].affiliation == "Sample University, Nowhere"


def test_a_second_run_asks_nothing_and_changes_nothing(project: Path, arxiv: Loopback) -> None:
    serve_api(arxiv, Result(published=FOR_TUESDAY))
    assert backfill(MONDAY, WEDNESDAY) == 0
    before, questions = contents(project / "data"), len(asked(arxiv))
    assert questions == 3
    assert backfill(MONDAY, WEDNESDAY) == 0
    assert contents(project / "data") == before
    assert len(asked(arxiv)) == questions


def test_weekends_are_empty_days_and_nobody_is_asked(project: Path, arxiv: Loopback) -> None:
    assert backfill(date(2026, 3, 7), date(2026, 3, 8)) == 0
    runs = stored(project, date(2026, 3, 7)).run.categories
    assert {run.state for run in runs.values()} == {FeedState.WEEKEND}
    assert arxiv.requests == []


def test_a_day_made_of_feeds_is_completed_and_never_changed(project, arxiv, monkeypatch) -> None:
    serve_feeds(arxiv, TUESDAY, Item(id="2603.90001", title="As the feed has it: an LLM"))
    arxiv.on("/rss/cs.AI", Answer(404))
    assert update(TUESDAY, monkeypatch) == 5
    first = stored(project, TUESDAY)
    assert first.run.categories["cs.AI"].state == FeedState.ERROR
    serve_api(
        arxiv,
        Result(id="2603.90001", version=2, title="LLM LLM", published=FOR_TUESDAY),
        Result(id="2603.90007", published=FOR_TUESDAY, categories=("cs.AI", "cs.LG")),
    )
    set_clock(monkeypatch, datetime(2026, 3, 20, 12, tzinfo=UTC))
    assert backfill(TUESDAY) == 0
    day = stored(project, TUESDAY)
    assert set(ids(day)) == {"2603.90001v1", "2603.90007v1"}
    assert first.rows[0] in day.rows
    assert day.run.updated == first.run.updated
    assert day.run.categories["cs.LG"] == first.run.categories["cs.LG"]
    assert day.run.categories["cs.AI"].state == FeedState.BACKFILLED
    (question,) = asked(arxiv)
    assert "cat:cs.AI" in question
    assert "cs.LG" not in question


def test_a_paper_that_another_day_lists_stays_there(project: Path, arxiv: Loopback) -> None:
    serve_feeds(arxiv, WEDNESDAY, Item(id="2603.90001"))
    assert main(["-q", "update", "--date", str(WEDNESDAY)]) == 0
    serve_api(arxiv, Result(id="2603.90001", published=FOR_TUESDAY))  # held back by moderators
    assert backfill(TUESDAY) == 0
    day = stored(project, TUESDAY)
    assert day.rows == ()
    assert day.run.categories["cs.LG"].repeats == 1
    assert ids(stored(project, WEDNESDAY)) == ["2603.90001v1"]


def test_a_newer_version_is_recorded_on_its_own_day(project: Path, arxiv: Loopback) -> None:
    result = Result(
        version=3,
        title="An LLM, third version",
        published=FOR_TUESDAY,
        updated=datetime(2026, 3, 10, 15, 0, tzinfo=UTC),
    )
    serve_api(arxiv, result)
    assert backfill(TUESDAY) == 0
    assert ids(stored(project, TUESDAY)) == ["2601.90001v1"]
    paper = Store(project / "data").paper("2601.90001")
    assert paper is not None
    assert [(x.date, x.version, x.type.value) for x in paper.listings] == [
        (TUESDAY, 1, "new"),
        (date(2026, 3, 11), 3, "replace"),
    ]
    assert paper.title == "An LLM, third version"
    assert Store(project / "data").check() == []


def test_long_answers_come_in_slices(project: Path, arxiv: Loopback) -> None:
    many = [Result(id=f"2603.9{n:04}", published=FOR_TUESDAY) for n in range(25)]
    serve_api(arxiv, *many, most=10)
    assert backfill(TUESDAY) == 0
    assert len(stored(project, TUESDAY).rows) == 25
    assert [path.split("start=")[1].split("&")[0] for path in asked(arxiv)] == ["0", "10", "20"]


def test_an_empty_slice_is_asked_for_again_and_then_an_error(project, arxiv, capsys) -> None:
    whole = answer(Result(published=FOR_TUESDAY))
    replies = [answer(total=1), answer(total=1), whole]
    arxiv.on_prefix("/api/query", lambda _: Answer(200, replies.pop(0)))
    assert backfill(TUESDAY) == 0
    assert len(stored(project, TUESDAY).rows) == 1
    arxiv.on_prefix("/api/query", lambda _: Answer(200, answer(total=1)))
    assert backfill(WEDNESDAY) == 3
    said = capsys.readouterr().err
    assert "2026-03-04" in said
    assert "holds none of the papers from 0 on" in said
    assert "goes on from there" in said


def test_a_failure_keeps_the_days_before_and_the_next_run_goes_on(project, arxiv) -> None:
    results = (Result(published=FOR_TUESDAY), Result(id="2603.90002", published=FOR_WEDNESDAY))
    fail = True

    def reply(path: str) -> Answer:
        if fail and "202603021900" in path:
            return Answer(404, b"<title>Maintenance</title>")
        return Answer(200, serve_query(path, results))

    arxiv.on_prefix("/api/query", reply)
    assert backfill(TUESDAY, WEDNESDAY) == 4
    assert len(stored(project, TUESDAY).rows) == 1
    assert Store(project / "data").day(WEDNESDAY) is None
    fail = False
    assert backfill(TUESDAY, WEDNESDAY) == 0
    assert len(stored(project, WEDNESDAY).rows) == 1
    assert len(asked(arxiv)) == 3


@pytest.mark.parametrize(
    ("begin", "end"),
    [("2026-03-05", "2026-03-04"), ("1990-01-01", "2026-03-04"), ("2026-03-04", "2026-03-21")],
)
def test_days_that_cannot_be(project, begin: str, end: str, capsys) -> None:
    assert backfill(date.fromisoformat(begin), date.fromisoformat(end)) == 2
    assert "between 1991-08-14 and 2026-03-20" in capsys.readouterr().err


def test_what_is_not_there_yet_is_not_an_empty_day(project, arxiv, monkeypatch) -> None:
    serve_api(arxiv)
    set_clock(monkeypatch, datetime(2026, 3, 5, 6, tzinfo=UTC))
    assert backfill(TUESDAY, WEDNESDAY) == 5
    runs = stored(project, TUESDAY).run.categories
    assert {run.state for run in runs.values()} == {FeedState.EMPTY}
    assert Store(project / "data").day(WEDNESDAY) is None


# What an update repairs

Updating = Callable[..., int]


def test_a_missed_day_is_filled_by_the_next_update(project, arxiv, monkeypatch) -> None:
    serve_feeds(arxiv, MONDAY, Item(id="2603.90000"))
    assert update(MONDAY, monkeypatch) == 0
    assert asked(arxiv) == []  # nothing is missing before the first day
    serve_feeds(arxiv, THURSDAY, Item(id="2603.90003"))
    serve_api(
        arxiv,
        Result(id="2603.90001", published=FOR_TUESDAY),
        Result(id="2603.90002", published=FOR_WEDNESDAY),
        Result(id="2603.90003", published=FOR_WEDNESDAY),  # announced a day late
    )
    assert update(THURSDAY, monkeypatch) == 0
    assert len(asked(arxiv)) == 1
    assert ids(stored(project, TUESDAY)) == ["2603.90001v1"]
    assert ids(stored(project, WEDNESDAY)) == ["2603.90002v1"]
    assert ids(stored(project, THURSDAY)) == ["2603.90003v1"]
    assert update(THURSDAY, monkeypatch) == 0
    assert len(asked(arxiv)) == 1
    assert Store(project / "data").check() == []


def test_a_new_archive_asks_for_nothing_but_its_day(project, arxiv, monkeypatch) -> None:
    serve_feeds(arxiv, THURSDAY, Item())
    assert update(THURSDAY, monkeypatch) == 0
    assert [request.path for request in arxiv.requests] == ["/rss/cs.LG", "/rss/cs.AI"]


def test_a_stale_feed_still_has_the_day_that_was_missed(project, arxiv, monkeypatch) -> None:
    serve_feeds(arxiv, MONDAY, Item(id="2603.90000"))
    assert update(MONDAY, monkeypatch) == 0
    tuesdays = Item(id="2603.90001"), Item(id="2603.90002")
    serve_feeds(arxiv, TUESDAY, *tuesdays, ai=tuesdays)
    assert update(WEDNESDAY, monkeypatch) == 5
    assert ids(stored(project, TUESDAY)) == ["2603.90001v1", "2603.90002v1"]
    runs = stored(project, TUESDAY).run.categories
    assert {run.state for run in runs.values()} == {FeedState.FRESH}
    assert Store(project / "data").day(WEDNESDAY) is None
    assert asked(arxiv) == []


def test_a_failed_category_is_repaired_on_the_next_day(project, arxiv, monkeypatch) -> None:
    serve_feeds(arxiv, TUESDAY, Item(id="2603.90001"))
    arxiv.on("/rss/cs.AI", Answer(404))
    assert update(TUESDAY, monkeypatch) == 5
    serve_feeds(arxiv, WEDNESDAY, Item(id="2603.90003"))
    serve_api(arxiv, Result(id="2603.90002", published=FOR_TUESDAY, categories=("cs.AI",)))
    assert update(WEDNESDAY, monkeypatch) == 0
    assert set(ids(stored(project, TUESDAY))) == {"2603.90001v1", "2603.90002v1"}
    assert "cs.LG" not in asked(arxiv)[0]


def test_a_feed_that_arxiv_cut_off_is_completed_on_the_next_day(
    project: Path, arxiv: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [Item(id=f"2603.8{n:04}", title="Quiet", abstract="Nothing.") for n in range(2000)]
    serve_feeds(arxiv, TUESDAY, *many)
    assert update(TUESDAY, monkeypatch) == 0
    serve_feeds(arxiv, WEDNESDAY)
    serve_api(arxiv, Result(id="2603.90002", published=FOR_TUESDAY))
    assert update(WEDNESDAY, monkeypatch) == 0
    assert ids(stored(project, TUESDAY)) == ["2603.90002v1"]
    serve_feeds(arxiv, THURSDAY)
    assert update(THURSDAY, monkeypatch) == 0
    assert len(asked(arxiv)) == 1


def test_a_repair_that_fails_loses_nothing_and_is_tried_again(
    project: Path,
    arxiv: Loopback,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    serve_feeds(arxiv, MONDAY, Item(id="2603.90000"))
    assert update(MONDAY, monkeypatch) == 0
    serve_feeds(arxiv, WEDNESDAY, Item(id="2603.90003"))
    arxiv.on_prefix("/api/query", lambda _: Answer(200, b"<html>Sorry</html>"))
    assert update(WEDNESDAY, monkeypatch) == 5
    said = capsys.readouterr().err
    assert "the week before is incomplete: 2026-03-03: " in said
    assert "it is a web page" in said or "no Atom feed" in said
    assert ids(stored(project, WEDNESDAY)) == ["2603.90003v1"]
    serve_api(arxiv, Result(id="2603.90001", published=FOR_TUESDAY))
    assert update(WEDNESDAY, monkeypatch) == 0
    assert ids(stored(project, TUESDAY)) == ["2603.90001v1"]


def test_the_repair_looks_back_one_week(project, arxiv, monkeypatch) -> None:
    serve_feeds(arxiv, MONDAY, Item(id="2603.90000"))
    assert update(MONDAY, monkeypatch) == 0
    later = MONDAY + timedelta(days=16)  # Wednesday
    serve_feeds(arxiv, later, Item(id="2603.90009"))
    serve_api(arxiv)
    assert update(later, monkeypatch) == 5  # nothing of yesterday yet
    (question,) = asked(arxiv)
    assert "submittedDate:[202603091800 TO 202603161759]" in question
    assert Store(project / "data").day(later - timedelta(days=8)) is None
