"""Run a command and measure it: wall time, and the peak memory of its whole process tree."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Measured:
    """``seconds`` of wall time; ``rss`` and ``pss`` in MB, summed over the tree at its peak.

    RSS counts pages that forked processes share once for each of them, PSS once in all.
    """

    seconds: float
    rss: float
    pss: float


def run(command: Sequence[str], cwd: Path, env: Mapping[str, str] | None = None) -> Measured:
    """Run a command to its end; raises CalledProcessError with its output where it fails."""
    started = time.perf_counter()
    with subprocess.Popen(
        command, cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        peak = [0.0, 0.0]
        done = threading.Event()

        def watch() -> None:
            while not done.wait(0.02):
                rss, pss = _tree_memory(process.pid)
                peak[0], peak[1] = max(peak[0], rss), max(peak[1], pss)

        watcher = threading.Thread(target=watch)
        watcher.start()
        output, _ = process.communicate()
        seconds = time.perf_counter() - started
        done.set()
        watcher.join()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, output[-4000:])
    return Measured(seconds, *peak)


def _tree_memory(pid: int) -> tuple[float, float]:
    rss = pss = 0.0
    for member in _tree(pid):
        try:
            text = Path(f"/proc/{member}/smaps_rollup").read_text()
        except OSError:  # it has just ended
            continue
        fields = {line.split(":")[0]: line.split() for line in text.splitlines()[1:]}
        rss += int(fields["Rss"][1]) / 1024
        pss += int(fields["Pss"][1]) / 1024
    return rss, pss


def _tree(pid: int) -> list[int]:
    members = [pid]
    for member in members:
        try:
            tasks = list(Path(f"/proc/{member}/task").iterdir())
            children = [task.joinpath("children").read_text() for task in tasks]
        except OSError:  # it has just ended
            continue
        members += [int(child) for line in children for child in line.split()]
    return members
