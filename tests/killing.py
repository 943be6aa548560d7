"""Killing a run of the generator at one of its file operations."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

# What changes files, as the interpreter announces it just before it happens.
_CHANGES = ("open", "os.rename", "os.mkdir", "os.remove", "os.rmdir")


def killed_at(run: Callable[[], int], point: int) -> bool:
    """Run in a child that kills itself at its n-th file operation; False if it ended before."""
    status = os.waitpid(_forked(run, point, signal.SIGKILL), 0)[1]
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == 0
    return False


@contextmanager
def stopped_at(run: Callable[[], int], point: int) -> Iterator[bool]:
    """Run in a child that stands still at its n-th file operation, and is killed in the end.

    The value is False where it ended before.
    """
    child = _forked(run, point, signal.SIGSTOP)
    status = os.waitpid(child, os.WUNTRACED)[1]
    try:
        yield os.WIFSTOPPED(status)
    finally:
        if os.WIFSTOPPED(status):
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)


def _forked(run: Callable[[], int], point: int, sent: signal.Signals) -> int:
    """Run in a child that sends itself a signal at its n-th file operation; return its number."""
    child = os.fork()
    if child == 0:
        seen = 0

        def watch(event: str, args: tuple[object, ...]) -> None:
            nonlocal seen
            if event in _CHANGES and (event != "open" or _writes(args)):
                seen += 1
                if seen == point:
                    os.kill(os.getpid(), sent)

        sys.addaudithook(watch)
        os._exit(run())
    return child


def _writes(args: tuple[object, ...]) -> bool:
    flags = args[2] if len(args) > 2 else 0
    return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))


def restore(data: Path, files: dict[str, bytes]) -> None:
    shutil.rmtree(data, ignore_errors=True)
    for name, content in files.items():
        path = data / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
