"""All versions of one file in a git repository, read through git's plumbing commands.

Nothing is checked out or fetched. Plumbing heeds no configuration in the repository that could
start other programs, so a stranger's clone can be read.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from generator.core.errors import ReadmeError


@dataclass(frozen=True, slots=True)
class Version:
    """A file as of one commit; ``content`` is None where the commit removed it.

    ``committed`` is in UTC, None where the commit gives a time that no calendar has.
    """

    commit: str
    committed: datetime | None
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
    # One process serves all versions: https://git-scm.com/docs/git-cat-file#_batch_output. It reads
    # the questions from a file, since a pipe to a process that is gone breaks wherever it is used.
    with tempfile.TemporaryFile() as questions:
        commits = [line.split() for line in listed.splitlines()]
        questions.writelines(f"{commit}:{file}\n".encode() for _, commit in commits)
        questions.seek(0)
        with subprocess.Popen(
            _command(repository, "cat-file", "--batch"),
            stdin=questions,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(repository),
        ) as process:
            try:
                for timestamp, commit in commits:
                    blob, content = _answer(process, repository, commit, file, max_bytes)
                    if blob not in seen:
                        yield Version(commit, _instant(timestamp), content)
                    seen.update([blob] if blob else [])
            finally:
                process.kill()


def _answer(
    process: subprocess.Popen[bytes], repository: Path, commit: str, file: str, max_bytes: int
) -> tuple[bytes, bytes | None]:
    """Return the name and content of a commit's file, b"" and None where it has removed it."""
    assert process.stdout is not None  # noqa: S101
    head = process.stdout.readline()
    match head.split():
        case _ if not head.endswith(b"\n"):
            raise _died(repository, process)
        case [_, b"missing"]:
            _check_removed(repository, commit, file)
            return b"", None
        case [blob, b"blob", size] if int(size) <= max_bytes:
            content = process.stdout.read(int(size) + 1)  # with the line end behind it
            if len(content) <= int(size):
                raise _died(repository, process)
            return blob, content[:-1]
        case [_, b"blob", size]:
            why = f"the {file} of commit {commit[:12]} has {int(size):,} bytes, too many"
            raise _unreadable(repository, why)
        case answer:
            why = f"the {file} of commit {commit[:12]} is no file ({answer!r})"
            raise _unreadable(repository, why)


def _died(repository: Path, process: subprocess.Popen[bytes]) -> ReadmeError:
    """Return the failure of a git that ended before it had answered everything."""
    code = process.wait()
    how = f"was ended by signal {-code}" if code < 0 else f"ended with code {code}"
    return _unreadable(
        repository, f"git cat-file {how}, in the middle of the history", "Run the import again"
    )


def _instant(timestamp: str) -> datetime | None:
    """Return a commit's time; anybody may write any number there."""
    try:
        return datetime.fromtimestamp(int(timestamp), UTC)
    except (ValueError, OverflowError, OSError):
        return None


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
        said = " ".join(error.stderr.split())[:500] or f"it ended with code {error.returncode}"
        why = f"git {arguments[0]} failed: {said}"
        raise _unreadable(repository, why) from error
    return done.stdout.strip()


def _command(repository: Path, *arguments: str) -> list[str]:
    return ["git", "-C", str(repository.resolve()), *arguments]


def _environment(repository: Path) -> dict[str, str]:
    """Return the environment without what would lead git to another repository or a server."""
    kept = {name: value for name, value in os.environ.items() if not _redirects(name)}
    return kept | {
        "GIT_CEILING_DIRECTORIES": str(repository.resolve().parent),
        # What is missing is not fetched, neither by a git that knows the first variable, nor by an
        # older one, which may use no protocol.
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_ALLOW_PROTOCOL": "none",
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
