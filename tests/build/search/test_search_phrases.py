"""Search phrases from the model that wrote them to the reader who types one: found, never shown."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from generator.cli.commands import main
from generator.store.store import Store
from tests.build.search.test_search_browser import results
from tests.chromium import watching
from tests.llm_server import ModelServer
from tests.projects import contents, run_generator, serving
from tests.summaries import KEY, paper, sections, summary_project

PHRASES = ("how to stop the zeppelin from waiting", "怎样避免飞艇空等", "<b>zeppelin</b> markup")
# Of the first, as the model is asked of it; the second has none, the third too many.
PAPERS = [paper(number) for number in range(3)]
FIRST, SECOND, THIRD = (one.id for one in PAPERS)


def _answer(name: str, _: Any) -> str:
    if name == FIRST:
        return sections(name, search_phrases=PHRASES)
    if name == THIRD:
        return sections(name, search_phrases=[f"ornithopter {n}" for n in range(10_000)])
    return sections(name)


def _build(folder: Path) -> Path:
    """Have papers summarised by a server, and the site built."""
    with ModelServer() as server:
        server.answer = _answer
        project = summary_project(folder / "project", server, PAPERS)
        os.environ["SAMPLE_KEY"] = KEY
        run_generator(project, "summarize")
        asked = server.calls[0].body["response_format"]["json_schema"]["schema"]
        assert "search_phrases" in asked["required"]
    run_generator(project, "build")
    return project


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    # Not one for all processes: a search keeps the project to itself.
    return _build(tmp_path_factory.mktemp("phrases"))


@pytest.fixture(scope="module")
def address(project: Path) -> Iterator[str]:
    with serving(project / "site") as address:
        yield address


def test_they_are_kept_with_the_summary_and_bounded(project: Path) -> None:
    stored = {one.id: one.summaries[0] for one in Store(project / "data").papers()}
    assert stored[FIRST].search_phrases == PHRASES[:2]
    assert stored[SECOND].search_phrases == ()
    assert stored[THIRD].search_phrases == tuple(f"ornithopter {n}" for n in range(10))


def test_nothing_shows_them(project: Path) -> None:
    for name, data in contents(project / "site").items():
        is_index = name.startswith("search/") and not name.startswith("search/index")
        assert is_index or not (b"zeppelin" in data or "飞艇".encode() in data), name


@pytest.mark.parametrize(
    "query", ["stop the zeppelin waiting", "zeppelins", "避免飞艇空等", '"zeppelin from waiting"']
)
def test_the_terminal_finds_the_paper(
    project: Path, query: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project)
    assert main(["search", query, "--json"]) == 0
    hits = json.loads(capsys.readouterr().out)
    assert [hit["id"] for hit in hits if hit["tier"] == "all"] == [FIRST]
    # Its row says what the paper is about, and why it is there.
    assert hits[0]["excerpt"].startswith(f"The paper {FIRST} shows")
    assert main(["search", query]) == 0
    printed = capsys.readouterr().out
    assert "zeppelin" not in printed and "飞艇" not in printed
    assert "(has the words in its search phrases)" in printed.splitlines()[0]


def test_what_is_shown_too_is_said_to_be_nowhere_else(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project)
    for query in ("sampling zeppelin", "Ada Sample", "sampling", "--category cs.LG"):
        assert main(["search", *query.split()]) == 0
        assert "search phrases" not in capsys.readouterr().out


@pytest.mark.browser
def test_the_page_and_the_box_find_the_paper(window: Any, address: str) -> None:
    page = window()
    with watching(page, address) as wrong:
        for query in ("stop the zeppelin waiting", "避免飞艇空等"):
            page.goto(f"{address}search/?q={query}")
            assert results(page) == [FIRST]
            row = page.locator("#results > li").first
            expect(row.locator(".facts")).to_contain_text("has the words in its search phrases")
            assert len(row.locator(".sentence, .excerpt").first.inner_text()) > 20
            assert "zeppelin" not in row.inner_text() and "飞艇" not in row.inner_text()
        page.goto(f"{address}search/?q=sampling+zeppelin")
        assert results(page)[0] == FIRST
        expect(page.locator("#results > li").first.locator("mark").first).to_be_visible()
        assert "search phrases" not in page.locator("#results").inner_text()
    assert wrong == []
