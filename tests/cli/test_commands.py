"""The command line itself: wrong use, help, completion, and how soon it answers."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from generator import __version__
from generator.cli.commands import main, program
from tests.projects import PROJECT, make_project

_DAY = "2026-02-05"


# Each of these takes longer to import than all that --version needs.
_HEAVY = {"mkdocs", "rich", "babel", "msgspec", "yaml", "lxml", "markdown_it", "pydantic", "openai"}


def started(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The program in a process of its own, run in the project's folder."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=PROJECT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "Missing command"),
        (["unknown"], "No such command 'unknown'"),
        (["-v", "-q", "check"], "--verbose and --quiet exclude each other"),
        (["check", "--fast"], "No such option '--fast'"),
        (["check", "it"], "unexpected extra argument (it)"),
        (["update", "--date", "5 Feb"], "'5 Feb' is no date such as 2026-02-05"),
        (["update", _DAY], f"unexpected extra argument ({_DAY})"),
        (["backfill", "--from", _DAY], "Missing option '--to'"),
        (["refresh", "--limit", "0"], "'0' is no number from 1 on"),
        (["import"], "Missing argument 'PATH'"),
        (["summarize", "--paper", "x"], "'x' is no arXiv id such as 2602.01234"),
        (["summarize", "--missing", "--damaged"], "exclude each other"),
        (["summarize", "--paper", "2602.01234", "--since", _DAY], "exclude each other"),
        (["serve", "--port", "http"], "'http' is not a valid integer"),
    ],
)
def test_wrong_use(arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    usage, message = err.splitlines()
    assert (out, usage.startswith("Usage: generator")) == ("", True)
    assert message.startswith("daybook: ")
    assert says in message


def test_every_command_has_help(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in ([], *([name] for name in program.commands)):
        for option in ("-h", "--help"):
            assert main([*arguments, option]) == 0
            out, err = capsys.readouterr()
            assert out.startswith("Usage: generator")
            assert err == ""


def test_feeds_may_follow_each_other_or_be_named_one_by_one(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(make_project(tmp_path / "project"))
    for feeds in (["--feed", "a.xml", "b.xml"], ["--feed", "a.xml", "--feed", "b.xml"]):
        assert main(["update", "--date", _DAY, *feeds]) != 0
        err = capsys.readouterr().err
        assert "a.xml" in err
        assert "b.xml" in err


def test_the_version_is_printed_without_what_commands_need() -> None:
    """Waiting for it would mean to wait for imports: the interpreter lists them."""
    ended = started("-X", "importtime", "-m", "generator", "--version")
    assert (ended.stdout, ended.returncode) == (f"daybook {__version__}\n", 0)
    imported = {line.rsplit("|", 1)[-1].strip() for line in ended.stderr.splitlines()}
    assert "click" in imported
    assert not {name.split(".")[0] for name in imported} & _HEAVY
    assert not any(name.startswith(("generator.build", "generator.update")) for name in imported)


def test_nothing_heavy_is_imported_before_a_command_runs() -> None:
    code = "import sys, generator.cli.commands; print(*sys.modules)"
    modules = set(started("-c", code).stdout.split())
    assert "click" in modules
    assert not modules & _HEAVY
    assert not modules & {"generator.build.build", "generator.update.update"}
    assert len(modules) < 250


def test_shells_complete_commands_and_options() -> None:
    script = started("-m", "generator", _DAYBOOK_COMPLETE="bash_source")
    assert script.returncode == 0
    assert "complete -o nosort -F _daybook_completion daybook" in script.stdout
    for words, number, expected in (
        ("daybook su", "1", "plain,summarize"),
        ("daybook update --f", "2", "plain,--feed"),
    ):
        found = started(
            *("-m", "generator"),
            _DAYBOOK_COMPLETE="bash_complete",
            COMP_WORDS=words,
            COMP_CWORD=number,
        )
        assert found.stdout.splitlines() == [expected]


def test_the_schema_is_the_committed_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["config", "--schema"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed == json.loads((PROJECT / "docs" / "daybook.schema.json").read_bytes())


def test_ctrl_c_is_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("a site")
    # Where the tests run in the background, Ctrl-C is ignored, and children inherit that.
    main = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
    main += "import sys; from generator.cli.commands import main; sys.exit(main())"
    command = ["-c", main, "serve", "--port", "0", "--site", str(tmp_path)]
    with subprocess.Popen(
        [sys.executable, *command], cwd=PROJECT, stderr=subprocess.PIPE, text=True
    ) as running:
        assert running.stderr is not None
        assert "The site is at http://127.0.0.1:" in running.stderr.readline()
        running.send_signal(signal.SIGINT)
        assert running.wait(30) == 130
        assert running.stderr.read() == "daybook: stopped; what was written is whole\n"


def test_who_reads_no_more_has_had_enough() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "generator", "config", "--schema"],
        stdout=writing,
        stderr=subprocess.PIPE,
        check=False,
        cwd=PROJECT,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_pipe_that_breaks_to_another_process_is_no_success() -> None:
    code = """if True:
        from generator.cli import commands, session
        def load(run):
            raise BrokenPipeError("a child is gone")
        session.Session.load = load
        raise SystemExit(commands.main(["config"]))
    """
    done = started("-c", code)
    assert done.returncode == 1
    assert "a child is gone" in done.stderr


def test_an_output_that_nobody_can_write_is_no_traceback() -> None:
    """/dev/full is a disk without space."""
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    command = [sys.executable, "-u", "-m", "generator", "config", "--schema"]
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            command, stdout=full, stderr=subprocess.PIPE, text=True, check=False, cwd=PROJECT
        )
    assert ended.returncode == 1
    assert ended.stderr.startswith("daybook: Cannot read or write: the output: No space left")
    assert "Traceback" not in ended.stderr
