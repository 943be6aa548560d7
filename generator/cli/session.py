"""What a command gets from outside: configuration, environment, clock, terminal, progress bars."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from generator.cli.printable import printable, printable_line
from generator.core.errors import ConfigError

if TYPE_CHECKING:  # What a command needs is imported when it runs: --help should not wait for it.
    from rich.console import Console

    from generator.config.schema import Config
    from generator.core.progress import Progress
    from generator.update.update import RunContext


def now() -> datetime:
    """Return the present instant in UTC, in whole seconds; tests put another clock here."""
    return datetime.now(UTC).replace(microsecond=0)


class Session:
    """One run of the program: its configuration, and where it says what it does."""

    def __init__(self, config_file: Path, *, quiet: bool) -> None:
        self.config_file = config_file
        self.quiet = quiet

    def load(self) -> Config:
        """Read the configuration. Raises ConfigError."""
        from generator.config.schema import load_config

        try:
            return load_config(self.config_file, os.environ)
        except OSError as error:
            raise ConfigError(
                "Cannot look at what the configuration names",
                item=str(error.filename or self.config_file),
                why=error.strerror or str(error),
                todo="Check its permissions and the disk",
            ) from error

    @cached_property
    def console(self) -> Console:
        """Standard error; standard output is for what a command was asked to print."""
        from rich.console import Console

        return Console(stderr=True, quiet=self.quiet, highlight=False, markup=False)

    def say(self, *lines: str) -> None:
        """Print lines, but not where only failures are to be said."""
        for line in lines:
            self.console.print(printable_line(line), soft_wrap=True)

    def context(self, config: Config, cache: Path = Path(".cache")) -> RunContext:
        """Return what an update gets; the model's key is read from the environment here."""
        from generator.update.update import RunContext

        name = config.summarize.api_key_env
        return RunContext(
            now=now(),
            timer=time.monotonic,
            key=os.environ.get(name, "").strip() or None if name else None,
            cache=cache,
            open_bar=self.open_bar,
        )

    @contextmanager
    def open_bar(self, title: str) -> Iterator[Progress]:
        """Show a progress bar where a terminal is attached; the value moves it."""
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as Bars

        columns = (
            TextColumn("{task.description:<10}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        hidden = self.quiet or not self.console.is_terminal
        with Bars(*columns, console=self.console, transient=True, disable=hidden) as bars:
            task = bars.add_task(title, total=None)
            yield lambda done, total: bars.update(task, completed=done, total=total or None)


def complain(message: str) -> None:
    """Say on standard error what went wrong, however quiet the program is."""
    print(printable(f"daybook: {message}"), file=sys.stderr)
