"""Cut the power of a machine that updates, again and again, and see what is left of its archive.

    sudo .venv/bin/python -m tests.powercut [--after 0 7 15] [--every 10]

The archive lies on an ext4 file system of its own, in a file that stands for the disk (a loop
device). What the disk has at a moment is what that file holds: what the kernel still keeps to
itself is lost, as in a power cut. A copy of the file is mounted, which replays the journal, and has
its say: `check`, and the next `update`. Needs root and Linux; takes some minutes.

- ``--after``: seconds after a finished update. Nothing of it may be lost.
- ``--every``: also at every n-th file operation during an update (0: at none). The archive is then
  as before that update, or as after it.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from tests.killing import stopped_at
from tests.loopback import Answer, Loopback
from tests.projects import contents, make_project, run_generator, timeless
from tests.rss import Item, feed

MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)
_PAPERS = 40
_DISK_BYTES = 96 << 20
# Between two copies of a disk at rest nothing changes.
_REST_SECONDS = 0.05


def main(arguments: list[str] | None = None) -> int:
    """Return 0 where nothing was lost; print a line for each cut."""
    parser = argparse.ArgumentParser(prog="python -m tests.powercut", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--after", type=float, nargs="*", default=[0, 7, 15], metavar="SECONDS")
    parser.add_argument("--every", type=int, default=10, metavar="N")
    options = parser.parse_args(arguments)
    if os.geteuid():
        parser.error("only root may mount a file system")
    with tempfile.TemporaryDirectory() as folder, Loopback() as arxiv:
        disks = Path(folder)
        _make_start(disks, arxiv)
        losses = [_lost_after(disks, seconds) for seconds in options.after]
        losses += _lost_during(disks, options.every) if options.every else []
    print(f"{len(losses)} cuts, {sum(losses)} with losses")
    return 1 if any(losses) else 0


def _make_start(disks: Path, arxiv: Loopback) -> None:
    """Make the disk of an archive of one day, ``start``, and serve the next day's feeds."""
    with (disks / "start").open("wb") as disk:
        disk.truncate(_DISK_BYTES)
    subprocess.run(["mkfs.ext4", "-q", "-F", disks / "start"], check=True)
    with _mounted(disks / "start") as root:
        make_project(root / "project", feeds=arxiv.url)
        _serve(arxiv, MONDAY)
        run_generator(root / "project", "update", "--date", MONDAY.isoformat())
    _serve(arxiv, TUESDAY)


def _serve(arxiv: Loopback, day: date) -> None:
    numbers = range(day.day * 1000, day.day * 1000 + _PAPERS)
    items = [Item(id=f"2603.{number:05}") for number in numbers]
    items.append(Item(id="2603.02000", version=2, type="replace") if day == TUESDAY else items[0])
    for category in ("cs.LG", "cs.AI"):
        arxiv.on(f"/rss/{category}", Answer(200, feed(category, day, *items)))


def _lost_after(disks: Path, seconds: float) -> bool:
    """Cut the power so many seconds after a finished update; return whether it lost something."""
    shutil.copy(disks / "start", disks / "live")
    with _mounted(disks / "live") as root:
        _update(root)
        finished = contents(root / "project" / "data")
        time.sleep(seconds)
        shutil.copy(disks / "live", disks / "cut")
    return _report(f"{seconds:g} s after success", _losses(disks / "cut", [finished]))


def _lost_during(disks: Path, every: int) -> Iterator[bool]:
    """Cut the power at every n-th file operation of an update; yield whether it lost something."""
    with _mounted_copy(disks / "start", disks / "live") as root:
        before = contents(root / "project" / "data")
        _update(root)
        after = contents(root / "project" / "data")
    point = 1
    while True:
        with (
            _mounted_copy(disks / "start", disks / "live") as root,
            stopped_at(lambda root=root: _update(root), point) as reached,
        ):
            if not reached:
                return
            _copy_at_rest(disks / "live", disks / "cut")
        yield _report(f"at file operation {point}", _losses(disks / "cut", [before, after]))
        point += every


def _losses(disk: Path, whole: list[dict[str, bytes]]) -> list[str]:
    """Return what is wrong with the archive on a disk; ``whole`` are the states it may be in."""
    with _mounted(disk) as root:
        project, problems = root / "project", []
        check = _generator(project, "check")
        problems += check.stdout.splitlines() if check.returncode else []
        left = contents(project / "data")
        empty = [name for name, data in left.items() if not data]
        if empty:
            problems.append(f"{len(empty)} files are empty")
        if timeless(left) not in [timeless(state) for state in whole]:
            problems.append("the archive is neither as before the update nor as after it")
        again = _generator(project, "update", "--date", TUESDAY.isoformat())
        if again.returncode:
            problems.append(f"the next update ends with {again.returncode}: {again.stderr[:300]}")
        elif timeless(contents(project / "data")) != timeless(whole[-1]):
            problems.append("the next update does not bring what is missing")
        return problems


def _update(root: Path) -> int:
    run_generator(root / "project", "update", "--date", TUESDAY.isoformat())
    return 0


def _generator(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "generator", *arguments],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )


def _report(when: str, problems: list[str]) -> bool:
    print(f"{when}: {problems[0] if problems else 'nothing lost'}", flush=True)
    for problem in problems[1:4]:
        print(f"    {problem}", flush=True)
    return bool(problems)


def _copy_at_rest(disk: Path, copy: Path) -> None:
    """Copy a disk on which nobody works any more, once what is under way has arrived."""
    shutil.copy(disk, copy)
    while True:
        time.sleep(_REST_SECONDS)
        before = copy.read_bytes()
        shutil.copy(disk, copy)
        if copy.read_bytes() == before:
            return


@contextmanager
def _mounted_copy(disk: Path, copy: Path) -> Iterator[Path]:
    shutil.copy(disk, copy)
    with _mounted(copy) as root:
        yield root


@contextmanager
def _mounted(disk: Path) -> Iterator[Path]:
    """Mount a disk; the value is its root folder."""
    root = disk.with_name(f"{disk.name}.root")
    root.mkdir(exist_ok=True)
    subprocess.run(["mount", "-o", "loop", disk, root], check=True)
    try:
        yield root
    finally:
        subprocess.run(["umount", root], check=True)


if __name__ == "__main__":
    sys.exit(main())
