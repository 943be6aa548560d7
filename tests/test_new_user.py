"""The README's path, in an empty folder: get it, try it, edit daybook.yml, read tomorrow's papers.

Installing is left out, because it needs a network: the folder gets these tests' environment.
"""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
import urllib.request
from datetime import date
from pathlib import Path

import pytest

from tests.checkout import check_out
from tests.loopback import Answer, Loopback
from tests.projects import PROJECT
from tests.rss import Item, feed

MONDAY = date(2026, 1, 5)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = check_out(tmp_path_factory.mktemp("new") / "daybook")
    (project / ".venv").symlink_to(sys.prefix)
    return project


def _run(project: Path, command: str) -> str:
    """Run a line of the README; all that it prints."""
    done = subprocess.run(
        shlex.split(command),
        cwd=project,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def _readme(command: str) -> str:
    """The command, which the README has to name."""
    assert command in (PROJECT / "README.md").read_text()
    return command


def test_the_demo_says_how_to_open_it_and_that_works(home: Path) -> None:
    said = _run(home, _readme("make demo") + " --old-file=.venv/run.stamp")
    command = re.search(r"^ {4}(.* serve .*)$", said, re.M)
    assert command
    server = subprocess.Popen(
        [*shlex.split(command[1]), "--port", "0"], cwd=home, stderr=subprocess.PIPE, text=True
    )
    try:
        assert server.stderr
        address = re.search(r"http://\S+", server.stderr.readline())
        assert address
        with urllib.request.urlopen(address[0]) as answer:
            front = answer.read().decode()
    finally:
        server.terminate()
        server.wait()
    # What the product is for is there to be seen, and nobody takes it for a real model's.
    assert front.count("<strong>Sample</strong>") == front.count("#ai-summary") == 3
    site = home / "demo" / "site"
    page = (site / "papers" / "2601.90076" / "index.html").read_text()
    assert page.count("A sample, written by hand: no language model was asked.") == 2
    assert "Written by the language model" not in page
    document = json.loads((site / "api" / "v1" / "papers" / "2601.90076.json").read_text())
    assert [s["language"] for s in document["summaries"]] == ["en", "zh"]
    assert {s["input"] for s in document["summaries"]} == {document["tldr"]["source"]} == {"sample"}
    feed = (site / "feed.xml").read_text()
    assert feed.count("a sample, written by hand)") == 4


def test_edit_the_rules_update_build_and_the_new_day_is_there(home: Path, arxiv: Loopback) -> None:
    settings = home / "daybook.yml"
    text = settings.read_text()
    for old, new in (
        ("#feed_base: https://rss.arxiv.org", f"feed_base: {arxiv.url}"),
        ("#api_base: https://export.arxiv.org", f"api_base: {arxiv.url}"),
        ("#delay: 3", "delay: 0"),
        ("title: Daybook", "title: My papers"),
    ):
        assert old in text
        text = text.replace(old, new, 1)
    settings.write_text(text)
    _run(home, ".venv/bin/python -m generator config")
    for category in re.findall(r"^ {4}- (\w+\.\w+) #", text, re.M):
        arxiv.on(f"/rss/{category}", Answer(200, feed(category, MONDAY, Item())))
    _run(home, _readme(".venv/bin/python -m generator update") + " --date 2026-01-05")
    _run(home, _readme(".venv/bin/python -m generator build"))
    front = (home / "site" / "index.html").read_text()
    assert "My papers" in front
    assert "an LLM that sleeps" in front
    assert "The store is whole" in _run(home, ".venv/bin/python -m generator check")
