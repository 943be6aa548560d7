"""One build after the other, and what one leaves that was ended while it published."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from generator.core.errors import BuildError
from generator.core.files import remove


@contextmanager
def one_build(source_dir: Path, cache: Path) -> Iterator[None]:
    """Keep out other builds, which would write the same pages or parts of the index.

    Raises BuildError where one is under way, and for every failure of the file system until the
    end: a full disk, no permission.
    """
    try:
        with ExitStack() as held:
            for lock in (source_dir / ".lock", cache.with_name(f"{cache.name}.lock")):
                lock.parent.mkdir(parents=True, exist_ok=True)
                held.enter_context(FileLock(lock, timeout=0))
            yield
    except Timeout as error:
        raise BuildError(
            "Another build is under way",
            item=str(source_dir),
            why="two at once would write the same files",
            todo="Wait for that build to end, then try again",
        ) from error
    except OSError as error:
        raise BuildError(
            "Cannot write the site",
            item=str(error.filename or source_dir),
            why=error.strerror or str(error),
            todo="Check permissions and free space, then run generator build again",
        ) from error


def put_in_place(fresh: Path, site_dir: Path) -> None:
    """Let a new site take the old one's place. Raises OSError.

    Two renames make one exchange; ``bring_back`` mends what a kill between them leaves.
    """
    old = _old(site_dir)
    remove(old)
    if site_dir.exists():
        site_dir.rename(old)
    fresh.rename(site_dir)
    shutil.rmtree(old, ignore_errors=True)


def interrupted_site(site_dir: Path) -> str | None:
    """Return what to say of a site of which a kill while publishing left only the old one."""
    old = _old(site_dir)
    if site_dir.exists() or not old.is_dir():
        return None
    return f"{site_dir} is missing: a build was ended while it published. Run: generator build"


def bring_back(site_dir: Path) -> None:
    """Put the old site back where a kill while publishing left none. Raises OSError."""
    if interrupted_site(site_dir):
        _old(site_dir).rename(site_dir)


def _old(site_dir: Path) -> Path:
    return site_dir.with_name(f"{site_dir.name}.old")
