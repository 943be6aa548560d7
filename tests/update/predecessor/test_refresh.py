"""`generator refresh`: imported papers become whole, and their lists stay what they were."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from generator.cli.commands import main
from generator.core.papers import Author, Paper
from generator.store.store import Store
from tests.api_answers import Result, error, serve_query
from tests.loopback import Answer, Loopback
from tests.projects import contents, make_project
from tests.readme_writer import Sample, write_readme

DAY = date(2026, 2, 5)
LONG = "We study sampling. " * 20 + "Only the end speaks of sparse kernels."


@pytest.fixture
def project(tmp_path: Path, arxiv: Loopback, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = make_project(tmp_path / "project", feeds=arxiv.url)
    monkeypatch.chdir(folder)
    return folder


def bring_in(tmp_path: Path, *papers: Sample) -> None:
    history = tmp_path / "history"
    history.mkdir()
    readme = write_readme(list(papers), keywords=("LLM", "Sparse"))
    (history / "2026-02-05.md").write_text(readme)
    assert main(["-q", "import", str(history)]) == 0


def serve(arxiv: Loopback, *results: Result) -> None:
    arxiv.on_prefix("/api/query", lambda path: Answer(200, serve_query(path, results)))


def paper(identifier: str = "2602.00001") -> Paper:
    found = Store(Path("data")).paper(identifier)
    assert found is not None
    return found


def test_an_imported_paper_becomes_whole(project, tmp_path, arxiv, capsys) -> None:
    bring_in(tmp_path, Sample(abstract=LONG, summary="# S\n\nText", score=7.5))
    before = Store(project / "data").day(DAY)
    assert before is not None
    assert paper().abstract_is_excerpt
    assert before.rows[0].matches == ()
    serve(
        arxiv,
        Result(
            id="2602.00001",
            title="A Sample Title",
            abstract=LONG,
            authors=(("Ada Sample", None), ("Ben Example", "Lab"), ("Cy Third", None)),
            categories=("cs.LG", "cs.AI"),
            doi="10.1000/x",
            journal_ref="J. Samples 1",
            published=datetime(2026, 2, 4, 15, tzinfo=UTC),
        ),
    )
    assert main(["refresh"]) == 0
    assert "1 paper completed, 0 of them with a newer version." in capsys.readouterr().err
    found = paper()
    assert (found.abstract, found.abstract_is_excerpt) == (LONG, False)
    assert found.authors == (Author("Ada Sample"), Author("Ben Example", "Lab"), Author("Cy Third"))
    assert found.categories == ("cs.LG", "cs.AI")
    assert (found.doi, found.journal_ref) == ("10.1000/x", "J. Samples 1")
    assert [s.body for s in found.summaries] == ["# S\n\nText"]
    assert found.versions == (1,)
    day = Store(project / "data").day(DAY)
    assert day is not None
    assert day.rows[0].score == 7.5
    assert [(m.keyword, m.field) for m in day.rows[0].matches] == [("Sparse", "abstract")]
    assert day.run == before.run
    assert Store(project / "data").check() == []


def test_a_second_run_asks_for_nothing(project: Path, tmp_path: Path, arxiv: Loopback) -> None:
    bring_in(tmp_path, Sample(abstract=LONG))
    serve(arxiv, Result(id="2602.00001", abstract=LONG, categories=("cs.LG", "cs.AI")))
    assert main(["-q", "refresh"]) == 0
    whole = contents(project / "data")
    assert main(["-q", "refresh"]) == 0
    assert contents(project / "data") == whole
    assert len(arxiv.requests) == 1


def test_a_newer_version_describes_the_paper_and_leaves_the_list(project, tmp_path, arxiv) -> None:
    bring_in(tmp_path, Sample(abstract="An LLM. " + LONG))
    before = Store(project / "data").day(DAY)
    serve(
        arxiv,
        Result(
            id="2602.00001",
            version=4,
            title="Renamed",
            abstract="Quite another abstract on sparse things.",
            categories=("cs.LG", "cs.AI"),
            updated=datetime(2026, 3, 10, 15, tzinfo=UTC),
        ),
    )
    assert main(["-q", "refresh"]) == 0
    found = paper()
    assert (found.title, found.versions, found.abstract_is_excerpt) == ("Renamed", (1, 4), False)
    assert [(x.date, x.type.value) for x in found.listings] == [
        (DAY, "new"),
        (date(2026, 3, 11), "replace"),
    ]
    assert Store(project / "data").day(DAY) == before  # the reasons are those of version 1


def test_what_arxiv_does_not_know_is_reported_and_skipped(project, tmp_path, arxiv, capsys) -> None:
    bring_in(tmp_path, Sample(abstract=LONG), Sample(id="2602.00002", abstract=LONG))
    serve(arxiv, Result(id="2602.00002", abstract=LONG, categories=("cs.LG", "cs.AI")))
    assert main(["refresh"]) == 0
    said = capsys.readouterr().err
    assert "Unknown to arXiv: 2602.00001" in said
    assert "1 paper completed" in said
    assert paper().abstract_is_excerpt
    assert not paper("2602.00002").abstract_is_excerpt


def test_a_refused_id_is_found_by_halves(project, tmp_path, arxiv, capsys) -> None:
    ids = [f"2602.{n:05}" for n in range(1, 10)]
    bring_in(tmp_path, *(Sample(id=i, title=f"T {i}", abstract=LONG) for i in ids))
    results = [Result(id=i, abstract=LONG, categories=("cs.LG", "cs.AI")) for i in ids]

    def reply(path: str) -> Answer:
        if "2602.00006" in path:
            return Answer(400, error("incorrect id format for 2602.00006"))
        return Answer(200, serve_query(path, results))

    arxiv.on_prefix("/api/query", reply)
    assert main(["refresh"]) == 0
    said = capsys.readouterr().err
    assert "2602.00006: refused by arXiv: incorrect id format for 2602.00006" in said
    assert "8 papers completed" in said
    assert [i for i in ids if paper(i).abstract_is_excerpt] == ["2602.00006"]


def test_each_hundred_is_stored_and_the_rest_is_asked_for_later(
    project: Path, tmp_path: Path, arxiv: Loopback, capsys: pytest.CaptureFixture[str]
) -> None:
    ids = [f"2602.{n:05}" for n in range(1, 231)]
    bring_in(tmp_path, *(Sample(id=i, title=f"T {i}", abstract=LONG) for i in ids))
    results = [Result(id=i, abstract=LONG, categories=("cs.LG", "cs.AI")) for i in ids]

    def reply(path: str) -> Answer:
        if "2602.00150" in path and len(arxiv.requests) < 3:
            return Answer(404)
        return Answer(200, serve_query(path, results))

    arxiv.on_prefix("/api/query", reply)
    assert main(["-q", "refresh"]) == 4
    assert sum(not p.abstract_is_excerpt for p in Store(project / "data").papers()) == 100
    assert main(["refresh", "--limit", "50"]) == 0
    assert "50 papers completed, 0 of them with a newer version, 80 left." in (
        capsys.readouterr().err
    )
    assert main(["-q", "refresh"]) == 0
    assert not any(p.abstract_is_excerpt for p in Store(project / "data").papers())
    assert [path.count("2602.") for path in (r.path for r in arxiv.requests)] == [100, 100, 50, 80]
    assert Store(project / "data").check() == []


def test_a_withdrawn_paper_says_so_on_its_page(project, tmp_path, arxiv) -> None:
    bring_in(tmp_path, Sample(abstract=LONG), Sample(id="2602.00002", abstract="Whole."))
    reason = "This paper has been withdrawn by the author: <b>Lemma 2</b> is wrong"
    serve(
        arxiv,
        Result(
            id="2602.00001",
            version=2,
            abstract=LONG,
            comment=reason,
            categories=("cs.LG", "cs.AI"),
            updated=datetime(2026, 3, 10, 15, tzinfo=UTC),
        ),
        Result(id="2602.00002", abstract="Whole.", comment="12 pages"),
    )
    assert main(["-q", "refresh"]) == 0
    assert main(["-q", "build"]) == 0
    page = (project / "site" / "papers" / "2602.00001" / "index.html").read_text()
    assert "Withdrawn" in page
    assert "arXiv says: “This paper has been withdrawn by the author: &lt;b&gt;Lemma 2" in page
    other = (project / "site" / "papers" / "2602.00002" / "index.html").read_text()
    assert "Withdrawn" not in other
    assert "12 pages" not in other
