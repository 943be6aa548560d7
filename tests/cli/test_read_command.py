"""``generator read``: what a model would be given of a paper, as an operator sees it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from generator.cli.commands import main
from tests.loopback import Answer, Loopback
from tests.pdf_writer import paper
from tests.projects import make_project
from tests.update.summarize.papers.test_paper_html import page, section

HTML = page(section("Introduction", "From the HTML."))


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(make_project(tmp_path))
    return tmp_path


def read(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, object]:
    assert main(["-q", "read", *arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_a_pdf_is_read_from_a_file(project: Path, capsys) -> None:
    (project / "paper.pdf").write_bytes(paper(words=60))
    answer = read(capsys, "paper.pdf")
    assert answer["title"] == "A Sample Paper that Nobody Wrote"
    sections = [(part["level"], part["title"]) for part in answer["sections"]]
    assert sections[1:3] == [(1, "Abstract"), (1, "1 Introduction")]
    assert (2, "3.1 Training Setup") in sections
    assert answer["left_out"] == ["references (25 words)"]
    assert 300 < answer["tokens"] < 3000


def test_html_is_read_from_a_file_whatever_its_name(project: Path, capsys) -> None:
    (project / "paper").write_bytes(HTML)
    answer = read(capsys, "paper")
    assert answer["title"] == "A Sample Paper that Nobody Wrote"
    assert answer["sections"][1] == {
        "level": 1,
        "title": "1 Introduction",
        "text": "From the HTML.",
    }
    assert answer["left_out"] == ["authors"]


def test_a_paper_is_read_from_arxiv_by_its_id_and_kept(
    project: Path, capsys, arxiv: Loopback
) -> None:
    config = project / "daybook.yml"
    address = f"  timeout: 5\n  paper_base: {arxiv.url}\n"
    config.write_text(config.read_text().replace("  timeout: 5\n", address))
    arxiv.on("/html/2601.00001v2", Answer(200, HTML))
    for _ in range(2):
        answer = read(capsys, "arXiv:2601.00001v2")
        assert answer["sections"][1]["text"] == "From the HTML."
    assert len(arxiv.requests) == 1


def test_a_person_is_shown_the_text_and_what_is_missing(project: Path, capsys) -> None:
    (project / "paper.pdf").write_bytes(paper(words=60))
    assert main(["read", "paper.pdf"]) == 0
    out, err = capsys.readouterr()
    assert "\n## 1 Introduction\n\nIntroductions come first." in out
    assert "\n### 3.1 Training Setup\n" in out
    assert "tokens, from PDF. Left out: references (25 words)." in err


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("nothing.pdf", None, "nothing.pdf: there is no such file, nor is it an arXiv id"),
        ("empty.pdf", b"", "No text in the PDF: empty.pdf: it is empty"),
        ("half.pdf", paper(words=60)[:900], "it is damaged"),
        ("page.html", b"<html>Not found</html>", "it is some other page"),
    ],
)
def test_what_cannot_be_read_is_said(project: Path, capsys, name, content, says) -> None:
    if content is not None:
        (project / name).write_bytes(content)
    assert main(["read", name]) == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert says in err
