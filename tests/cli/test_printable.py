"""What comes from outside gives a terminal no order, and GitHub's log none either."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.cli.commands import main
from generator.cli.printable import printable, printable_line
from generator.store.store import Store
from tests.builders import make_day, make_paper, make_summary
from tests.growth import assert_linear
from tests.loopback import Loopback
from tests.projects import make_project
from tests.workflow_runner import commands_in

ESCAPE = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202e"
HOSTILE = f"{ESCAPE}\r\n::set-env name=PATH::/tmp\n \u2028::add-mask::e\n##[set-env name=A]b"


def is_harmless(said: str) -> bool:
    return said.replace("\n", "").isprintable() and not commands_in(said)


@given(st.text(st.one_of(st.characters(), st.sampled_from(":#[]set-\n\r \x1b\u2028"))))
def test_no_text_gives_an_order(text: str) -> None:
    assert not commands_in(printable(text))
    assert len(printable_line(text).splitlines()) <= 1
    assert "\x1b" not in printable(text)
    # JSON says the same in other words.
    value = json.dumps([text], ensure_ascii=False, indent=2)
    assert json.loads(printable(value)) == [text]


def test_what_is_no_order_stays_as_it_is() -> None:
    for line in ("std::vector", "模型: é ‘x’\tα", "## [x]", "a: :: b", "https://x.example/a?b#c"):
        assert printable(line) == line


def test_long_texts_take_linear_time() -> None:
    assert_linear(lambda n: printable("::" * n), 20_000)
    assert_linear(lambda n: printable(" ##[" * n), 20_000)


def test_errors_and_logs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["-v", "check", "--", HOSTILE]) == 2
    assert is_harmless(capsys.readouterr().err)
    said = subprocess.run(
        [
            *(sys.executable, "-c"),
            "import logging, sys; from generator.cli.commands import main; main(['-v', 'config']);"
            "logging.getLogger('x').warning('%s', sys.argv[1])",
            HOSTILE,
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "owned" in said.stderr
    assert is_harmless(said.stderr)


def test_what_a_server_answers(
    tmp_path: Path, arxiv: Loopback, monkeypatch: pytest.MonkeyPatch, capfd
) -> None:
    project = make_project(tmp_path / "project", feeds=arxiv.url, categories="cs.LG")
    monkeypatch.chdir(project)
    name = "::error::x\x1b[2J##[add-path]"
    (project / name).write_text("no feed")
    assert main(["update", "--date", "2026-01-05", "--feed", name]) != 0
    said = capfd.readouterr().err
    assert "u001b" in said
    assert is_harmless(said)


def test_what_the_archive_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd) -> None:
    project = make_project(tmp_path / "project")
    monkeypatch.chdir(project)
    paper = make_paper(
        title=f"LLM {HOSTILE}",
        authors=(f"Ada {HOSTILE}",),
        abstract=f"LLM {HOSTILE}",
        summaries=(make_summary(tags=(f"tag{HOSTILE}",), tldr=f"LLM {HOSTILE}"),),
    )
    Store(project / "data").write([paper], [make_day(paper)])
    for arguments in (["search", "llm"], ["search", "--json", "llm"], ["check"]):
        main(arguments)
        out, err = capfd.readouterr()
        assert is_harmless(out), out
        assert is_harmless(err)
