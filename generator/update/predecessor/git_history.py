"""All versions of one file in a git repository, read through git's plumbing commands.

Nothing is checked out or fetched. Plumbing heeds no configuration in the repository that could
start other programs, so a stranger's clone can be read.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from generator.core.errors import ReadmeError


@dataclass(frozen=True, slots=True)
class Version:
    """A file as of one commit; ``content`` is None where the commit removed it."""

    commit: str
    committed: datetime
    content: bytes | None


def is_repository(folder: Path) -> bool:
    """Tell whether a folder is the top of a working copy, or a bare repository."""
    is_bare = (folder / "HEAD").is_file() and (folder / "objects").is_dir()
    return is_bare or (folder / ".git").exists()


def versions(repository: Path, file: str, max_bytes: int) -> Iterator[Version]:
    """Yield every version of a file in the history of HEAD, oldest first, each content once.

    ``file`` stands at the top. Raises ReadmeError where git is missing or fails, for a clone that
    lacks history, for a file that no commit has, and for a version of more than ``max_bytes``.
    """
    if _git(repository, "rev-parse", "--is-shallow-repository") == "true":
        raise _unreadable(
            repository, "it is a shallow clone, which lacks the older commits", "Unshallow it"
        )
    order = ("--reverse", "--date-order", "--full-history", "--timestamp")
    listed = _git(repository, "rev-list", *order, "HEAD", "--", file)
    if not listed:
        raise _unreadable(repository, f"no commit has a {file} at the top")
    seen: set[bytes] = set()
    # One process serves all versions: https://git-scm.com/docs/git-cat-file#_batch_output
    with subprocess.Popen(
        _command(repository, "cat-file", "--batch"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment(repository),
    ) as process:
        assert process.stdin is not None and process.stdout is not None  # noqa: S101
        for line in listed.splitlines():
            timestamp, commit = line.split()
            process.stdin.write(f"{commit}:{file}\n".encode())
            process.stdin.flush()
            match process.stdout.readline().split():
                case [_, b"missing"]:
                    _check_removed(repository, commit, file)
                    content = None
                case [blob, b"blob", size] if int(size) <= max_bytes:
                    content = process.stdout.read(int(size))
                    process.stdout.read(1)  # the line end behind it
                    if blob in seen:
                        continue
                    seen.add(blob)
                case [_, b"blob", size]:
                    why = f"the {file} of commit {commit[:12]} has {int(size):,} bytes, too many"
                    raise _unreadable(repository, why)
                case answer:
                    why = f"the {file} of commit {commit[:12]} is no file ({answer!r})"
                    raise _unreadable(repository, why)
            yield Version(commit, datetime.fromtimestamp(int(timestamp), UTC), content)


def _check_removed(repository: Path, commit: str, file: str) -> None:
    """Raise ReadmeError where the commit has the file, and the repository lacks its content."""
    if _git(repository, "ls-tree", commit, "--", file):
        raise _unreadable(
            repository,
            f"the {file} of commit {commit[:12]} is missing from the repository",
            "Clone the whole repository again, without a filter",
        )


def _git(repository: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(
            _command(repository, *arguments),
            capture_output=True,
            check=True,
            env=_environment(repository),
            text=True,
            encoding="utf-8",
            errors="replace",
        )
    except FileNotFoundError as error:
        raise _unreadable(repository, "there is no git command", "Install git") from error
    except subprocess.CalledProcessError as error:
        why = f"git {arguments[0]} failed: {' '.join(error.stderr.split())[:500]}"
        raise _unreadable(repository, why) from error
    return done.stdout.strip()


def _command(repository: Path, *arguments: str) -> list[str]:
    return ["git", "-C", str(repository.resolve()), *arguments]


def _environment(repository: Path) -> dict[str, str]:
    """Return the environment without what would lead git to another repository or a server."""
    kept = {name: value for name, value in os.environ.items() if not _redirects(name)}
    return kept | {
        "GIT_CEILING_DIRECTORIES": str(repository.resolve().parent),
        "GIT_NO_LAZY_FETCH": "1",
        "LC_ALL": "C.UTF-8",
    }


def _redirects(variable: str) -> bool:
    return variable.startswith("GIT_") and not variable.startswith("GIT_CONFIG")


def _unreadable(
    repository: Path, why: str, todo: str = "Give a complete clone of the bot's repository"
) -> ReadmeError:
    return ReadmeError(
        "Cannot read the predecessor's git history", item=str(repository), why=why, todo=todo
    )
