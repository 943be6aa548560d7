"""Let one system call of a real run fail, and see what becomes of it: ``strace`` injects the error.

    python -m tests.failing_calls [update] [import] [build] [check]

lets every call in turn fail on which a file of the project hangs (some thousand runs, an hour or
two), and prints what a user should never see. The tests take a sample of them.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from generator.cli.exits import ExitCode
from tests.loopback import Answer, Loopback
from tests.projects import contents, make_project, timeless
from tests.readme_writer import Sample, write_readme
from tests.rss import Item, feed

STRACE = shutil.which("strace")
# What writes, and what else has to do with files.
_WRITES = (
    *("write", "pwrite64", "sendfile", "copy_file_range", "mkdir", "link", "linkat"),
    *("rename", "renameat", "renameat2", "fsync", "fdatasync"),
)
_OTHERS = (
    *("openat", "read", "ftruncate", "flock", "getdents64", "rmdir", "unlink", "unlinkat"),
    *("stat", "lstat", "newfstatat", "fstat", "statx"),
)
_LINE = re.compile(
    r"^(?P<process>\d+)\s+(?P<call>\w+)\((?P<arguments>.*)\)\s+= (?P<result>-?\d+)", re.M
)
# Python writes its own lines to the terminal at the end; whoever closed it does not read them.
_STREAMS = re.compile(r"^[012]<")


@dataclass(frozen=True, slots=True)
class Call:
    """The ``number``-th system call of its name in its process, which touched ``path``."""

    name: str
    number: int
    path: str


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended: its exit code, and what it wrote to the terminal."""

    code: int
    said: str

    def complaints(self) -> Iterator[str]:
        """Yield what no user should see, whatever fails below."""
        if self.code not in set(ExitCode):
            yield f"exit code {self.code} means nothing"
        if "Traceback" in self.said or "Exception ignored" in self.said:
            yield self.said[-1500:]
        elif self.code == ExitCode.PROBLEMS_FOUND:
            yield f"exit code 1 is for what check finds: {self.said[-300:]}"
        elif self.code and not self.said.strip():
            yield f"exit code {self.code} without a word"


def run(project: Path, command: Sequence[str], strace: Sequence[str] = ()) -> Ended:
    """Run a command of the generator in a process of its own, perhaps under ``strace``."""
    before = [str(STRACE), "-f", "-qq", *strace] if strace else []
    done = subprocess.run(
        [*before, sys.executable, "-m", "generator", "-q", *command],
        cwd=project,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    return Ended(done.returncode, done.stderr)


def calls(project: Path, command: Sequence[str]) -> list[Call]:
    """Run a command and return its calls that touched files of the project."""
    with tempfile.NamedTemporaryFile(mode="r", suffix=".strace") as log:
        traced = ("-y", "-s", "0", "-o", log.name, "-e", f"trace={','.join((*_WRITES, *_OTHERS))}")
        assert run(project, command, traced).code == 0
        text = log.read()
    seen: Counter[tuple[str, str]] = Counter()
    found = {}
    for line in _LINE.finditer(text):
        seen[line["process"], line["call"]] += 1
        path = _path_below(project, line["arguments"])
        if path and int(line["result"]) >= 0:
            call = Call(line["call"], seen[line["process"], line["call"]], path)
            found[call.name, call.number] = call
    return list(found.values())


def failing(project: Path, command: Sequence[str], call: Call, error: str) -> Ended:
    """Run a command whose ``call`` fails with ``error`` (``EIO``)."""
    inject = f"inject={call.name}:error={error}:when={call.number}"
    return run(project, command, ("-e", f"trace={call.name}", "-e", inject, "-o", os.devnull))


def errors_of(call: Call) -> tuple[str, ...]:
    """Return the errors that a call may meet with on a damaged or a full disk."""
    if call.name in _WRITES:
        return "EIO", "ENOSPC"
    return ("EIO", "EACCES") if call.name == "openat" else ("EIO",)


def _path_below(project: Path, arguments: str) -> str | None:
    """Return the first path of a call that is in the project's own folder, not in its links."""
    if _STREAMS.match(arguments):
        return None
    root = f"{project}/"
    at = arguments.find(root)
    if at < 0:
        relative = re.search(r'"((?:data|site|site_src|\.cache)[^"]*)"', arguments)
        return relative[1] if relative else None
    path = re.split(r'[>"]', arguments[at + len(root) :], maxsplit=1)[0]
    return None if path.startswith("generator") else path


def one_of_a_kind(found: Sequence[Call]) -> list[Call]:
    """Choose of calls by one name the first in each folder, numbers in whose name do not count."""
    kinds = {}
    for call in reversed(found):
        folder = "/".join(call.path.split("/")[:-1][:2])
        kinds[call.name, re.sub(r"[^/]*\d[^/]*", "", folder)] = call
    return list(kinds.values())[::-1]


def sweep(
    project: Path,
    command: Sequence[str],
    reset: Callable[[], None],
    whole: Callable[[], Mapping[str, bytes]],
    chosen: Callable[[list[Call]], list[Call]] = list,
) -> list[str]:
    """Let each chosen call fail, once with each error; return the complaints.

    ``reset`` brings the project back to where it was before the command; ``whole`` reads what the
    command is to leave, which the next run must reach, too.
    """
    reset()
    assert run(project, command).code == 0
    wanted = whole()
    reset()
    complaints: list[str] = []
    for call in chosen(calls(project, command)):
        for error in errors_of(call):
            reset()
            ended = failing(project, command, call, error)
            what = f"{command[0]}, {call.name} {call.number} ({call.path}): {error}"
            complaints += [f"{what}: {complaint}" for complaint in ended.complaints()]
            if not ended.code and whole() != wanted:
                complaints.append(f"{what}: success, but not all is there")
            if (again := run(project, command)).code or whole() != wanted:
                complaints.append(
                    f"{what}: the next run ends with {again.code}: {again.said[-300:]}"
                )
    return complaints


@dataclass(frozen=True, slots=True)
class Subject:
    """A command on a project that is as it was before, and the folder that it writes."""

    project: Path
    command: tuple[str, ...]
    written: str

    def sweep(self, chosen: Callable[[list[Call]], list[Call]] = list) -> list[str]:
        """Let each chosen call fail and return the complaints; see ``sweep``."""
        before = self.project.with_name("before")
        shutil.copytree(self.project, before, symlinks=True)

        def reset() -> None:
            shutil.rmtree(self.project)
            shutil.copytree(before, self.project, symlinks=True)

        def whole() -> Mapping[str, bytes]:
            return timeless(contents(self.project / self.written))

        return sweep(self.project, self.command, reset, whole, chosen)


@contextmanager
def subject(command: str, folder: Path) -> Iterator[Subject]:
    """Prepare a command in a new folder: an archive of one day, and what the next day brings."""
    monday, tuesday = date(2026, 1, 5), date(2026, 1, 6)
    papers = [Item(id=f"2601.9000{number}") for number in range(4)]
    with Loopback() as arxiv:
        project = make_project(folder / "project", feeds=arxiv.url)
        arxiv.on_prefix("/rss/", lambda path: Answer(200, feed(path[5:], monday, *papers[:2])))
        assert run(project, ["update", "--date", monday.isoformat()]).code == 0
        replaced = Item(id="2601.90000", version=2, type="replace")
        new = [replaced, *papers[2:]]
        arxiv.on_prefix("/rss/", lambda path: Answer(200, feed(path[5:], tuesday, *new)))
        history = folder / "history"
        history.mkdir()
        for day in ("2026-02-04", "2026-02-05"):
            rows = [Sample(id=f"2602.0000{n}", published=day, summary=f"# {n}") for n in range(2)]
            (history / f"{day}.md").write_text(write_readme(rows, updated=f"{day} 06:40:51 UTC"))
        arguments, written = {
            "update": (("--date", tuesday.isoformat()), "data"),
            "import": ((str(history),), "data"),
            "build": ((), "site"),
            "check": ((), "data"),
        }[command]
        yield Subject(project, (command, *arguments), written)


def main(commands: Sequence[str]) -> int:
    """Let every call of the commands fail in turn; return 1 where a user would see a fault."""
    complaints = []
    for command in commands or ("update", "import", "build", "check"):
        with tempfile.TemporaryDirectory() as folder, subject(command, Path(folder)) as made:

            def told(found: list[Call], command: str = command) -> list[Call]:
                chosen = one_of_a_kind(found) if command == "build" else found
                print(f"{command}: {len(chosen)} of {len(found)} calls", flush=True)
                return chosen

            found = made.sweep(told)
            print(*found, f"{command}: {len(found)} complaints", sep="\n", flush=True)
            complaints += found
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
