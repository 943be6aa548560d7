"""`generator update` against a server in arXiv's place: what is stored, and what is said."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from generator.cli.commands import main
from generator.core.days import Day, FeedState
from generator.store.store import Store
from tests.loopback import Answer, Loopback
from tests.projects import contents, make_project
from tests.rss import Item, feed

MONDAY = date(2026, 1, 5)
TUESDAY = date(2026, 1, 6)
SATURDAY = date(2026, 1, 10)

Update = Callable[..., int]


@pytest.fixture
def project(tmp_path: Path, arxiv: Loopback, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = make_project(tmp_path / "project", feeds=arxiv.url)
    monkeypatch.chdir(folder)
    return folder


def update(day: date, *more: str) -> int:
    return main(["-q", "update", "--date", day.isoformat(), *more])


def stored(project: Path, day: date = MONDAY) -> Day:
    found = Store(project / "data").day(day)
    assert found is not None
    return found


def serve(arxiv: Loopback, day: date, **items: tuple[Item, ...]) -> None:
    for category in ("cs.LG", "cs.AI"):
        found = items.get(category.replace(".", "_"), ())
        arxiv.on(f"/rss/{category}", Answer(200, feed(category, day, *found)))


def test_a_day_is_stored_with_reasons_and_counts(project: Path, arxiv: Loopback) -> None:
    both = ("cs.LG", "cs.AI")
    first = Item(id="2601.90001", categories=both, title="LLM kernels for Pok\\'emon")
    quiet = Item(id="2601.90002", title="Nothing to see", abstract="Nor here.")
    serve(
        arxiv,
        MONDAY,
        cs_LG=(first, quiet),
        cs_AI=(Item(id="2601.90001", categories=both, type="cross", title=first.title),),
    )
    assert update(MONDAY) == 0
    day = stored(project)
    assert [str(row.id) for row in day.rows] == ["2601.90001v1"]
    row = day.rows[0]
    assert row.type == "new"  # new in cs.LG outranks the cross-list in cs.AI
    assert {(m.keyword, m.field) for m in row.matches} >= {("LLM", "title"), ("kernel", "title")}
    assert sum(m.weight for m in row.matches) == row.score
    assert day.run.categories["cs.LG"].fetched == 2
    assert day.run.categories["cs.LG"].kept == 1
    paper = Store(project / "data").paper("2601.90001")
    assert paper is not None
    assert paper.title == "LLM kernels for Pokémon"
    assert paper.categories == both
    assert paper.authors[1].affiliation == "Sample University, Nowhere"
    assert not paper.abstract_is_excerpt
    assert Store(project / "data").paper("2601.90002") is None


def test_the_same_update_again_changes_no_byte(project: Path, arxiv: Loopback) -> None:
    serve(arxiv, MONDAY, cs_LG=(Item(),), cs_AI=(Item(id="2601.90003"),))
    assert update(MONDAY) == 0
    before = contents(project / "data")
    assert update(MONDAY) == 0
    assert contents(project / "data") == before


def test_a_weekend_is_a_valid_empty_day(project: Path, arxiv: Loopback) -> None:
    serve(arxiv, SATURDAY)
    assert update(SATURDAY) == 0
    day = stored(project, SATURDAY)
    assert day.rows == ()
    assert {run.state for run in day.run.categories.values()} == {FeedState.WEEKEND}


def test_a_stale_feed_is_reported_and_adds_nothing(project, arxiv, capsys) -> None:
    serve(arxiv, MONDAY, cs_LG=(Item(),), cs_AI=(Item(),))
    assert update(TUESDAY) == 5
    said = capsys.readouterr().err
    assert "2026-01-06 is incomplete" in said
    assert "its newest item is of 2026-01-05, expected was 2026-01-06" in said
    assert contents(project / "data") == {}


def test_one_failing_category_never_loses_the_others_and_heals(project, arxiv, capsys) -> None:
    serve(arxiv, MONDAY, cs_LG=(Item(),))
    arxiv.on("/rss/cs.AI", Answer(404, b"<title>Gone</title>"))
    assert update(MONDAY) == 5
    assert "404" in capsys.readouterr().err
    assert [row.id.id for row in stored(project).rows] == ["2601.90001"]
    assert stored(project).run.categories["cs.AI"].state == FeedState.ERROR
    serve(
        arxiv,
        MONDAY,
        cs_LG=(Item(),),
        cs_AI=(Item(id="2601.90005", title="LLM, sparse attention"),),
    )
    assert update(MONDAY) == 0
    assert {row.id.id for row in stored(project).rows} == {"2601.90001", "2601.90005"}
    assert stored(project).run.categories["cs.AI"].state == FeedState.FRESH


def test_when_all_fail_the_store_stays_as_it_was(project, arxiv, capsys) -> None:
    serve(arxiv, MONDAY, cs_LG=(Item(),))
    assert update(MONDAY) == 0
    before = contents(project / "data")
    arxiv.on("/rss/cs.LG", Answer(200, feed("cs.LG", TUESDAY, Item())[:700]))
    arxiv.on("/rss/cs.AI", Answer(200, b"<html><title>Sorry</title></html>"))
    assert update(TUESDAY) == 4
    assert "No feed could be read" in capsys.readouterr().err
    assert contents(project / "data") == before


def test_what_was_listed_stays_when_the_rules_change(project: Path, arxiv: Loopback) -> None:
    serve(arxiv, MONDAY, cs_LG=(Item(),))
    assert update(MONDAY) == 0
    config = project / "daybook.yml"
    config.write_text(config.read_text().replace("[LLM, ", "["))
    serve(arxiv, MONDAY, cs_LG=(Item(title="An LLM", abstract="..."), Item(id="2601.90007")))
    assert update(MONDAY) == 0
    assert {row.id.id for row in stored(project).rows} == {"2601.90001", "2601.90007"}


def test_a_repeat_is_left_out_and_a_replacement_is_recorded(project: Path, arxiv: Loopback) -> None:
    serve(arxiv, MONDAY, cs_LG=(Item(),))
    assert update(MONDAY) == 0
    again = Item(type="cross", categories=("cs.LG", "cs.AI"))
    replaced = Item(version=2, type="replace", title="An LLM that sleeps longer")
    serve(arxiv, TUESDAY, cs_LG=(replaced,), cs_AI=(again,))
    assert update(TUESDAY) == 0
    day = stored(project, TUESDAY)
    assert day.rows == ()  # replacements are not shown by default
    paper = Store(project / "data").paper("2601.90001")
    assert paper is not None
    assert paper.versions == (1, 2)
    assert paper.title == "An LLM that sleeps longer"
    assert Store(project / "data").check() == []


def test_feeds_can_be_given_as_files(project: Path, tmp_path: Path, arxiv: Loopback) -> None:
    path = tmp_path / "cs.CL.xml"
    path.write_bytes(feed("cs.CL", MONDAY, Item(categories=("cs.LG", "cs.CL"))))
    assert update(MONDAY, "--feed", str(path)) == 0
    assert list(stored(project).run.categories) == ["cs.CL"]
    assert arxiv.requests == []


def test_requests_are_conditional(project: Path, arxiv: Loopback) -> None:
    for category in ("cs.LG", "cs.AI"):
        body = feed(category, MONDAY, Item())
        arxiv.on(f"/rss/{category}", Answer(200, body, {"ETag": '"one"'}), Answer(304))
    assert update(MONDAY) == 0
    before = contents(project / "data")
    assert update(MONDAY) == 0
    assert contents(project / "data") == before
    assert arxiv.requests[-1].headers["if-none-match"] == '"one"'
    assert arxiv.requests[-1].headers["user-agent"].startswith("Daybook/")


def test_the_stored_files_are_readable_json(project: Path, arxiv: Loopback) -> None:
    serve(arxiv, MONDAY, cs_LG=(Item(),))
    assert update(MONDAY) == 0
    raw = json.loads((project / "data" / "days" / "2026" / "2026-01-05.json").read_text())
    assert raw["schema"] == 3
    assert raw["rows"][0]["id"] == "2601.90001"


@pytest.mark.parametrize(
    "broken",
    [
        Answer(302, b"", {"Location": "http://a..b/"}),
        Answer(302, b"", {"Location": "data:x"}),
        Answer(302, b"", {"Location": "http://xn--/"}),
        Answer(302, b"", {"Location": "http://169.254.169.254/latest/meta-data"}),
        Answer(200, b"<>&#xD800;"),
        Answer(200, feed("cs.AI", MONDAY, Item()).replace(b" 2026 ", b" 9999 ")),
        Answer(200, feed("cs.AI", MONDAY, Item(doi="1")).replace(b":DOI>", b":DOI a='b'>", 1)),
    ],
    ids=["dots", "data", "punycode", "own network", "no XML", "year 9999", "record"],
)
def test_whatever_one_feed_answers_the_others_are_stored(project, arxiv, broken: Answer) -> None:
    arxiv.on("/rss/cs.LG", Answer(200, feed("cs.LG", MONDAY, Item())))
    arxiv.on("/rss/cs.AI", broken)
    assert update(MONDAY) in (0, 5)
    assert [str(row.id) for row in stored(project).rows] == ["2601.90001v1"]


def test_an_etag_in_any_letters_stops_no_later_update(project: Path, arxiv: Loopback) -> None:
    serve(arxiv, MONDAY, cs_LG=(Item(),))
    whole = feed("cs.LG", MONDAY, Item())
    arxiv.on("/rss/cs.LG", Answer(200, whole, {"ETag": '"caf\xe9"'}))
    assert update(MONDAY) == 0
    assert update(MONDAY) == 0
    assert len(stored(project).rows) == 1
