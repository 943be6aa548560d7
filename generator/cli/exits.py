"""How a run ends; docs/commands.md explains each code, and a test compares."""

from __future__ import annotations

from enum import IntEnum

from generator.core import errors


class ExitCode(IntEnum):
    """What the shell is told."""

    DONE = 0
    PROBLEMS_FOUND = 1
    WRONG_USE = 2
    UNREADABLE_INPUT = 3
    NETWORK_FAILURE = 4
    INCOMPLETE = 5
    STORE_FAILURE = 6
    BUILD_FAILURE = 7
    MODEL_FAILURE = 8
    INTERRUPTED = 130  # what shells use for Ctrl-C


_FAILURES: dict[type[errors.DaybookError], ExitCode] = {
    errors.ConfigError: ExitCode.WRONG_USE,
    errors.InputError: ExitCode.UNREADABLE_INPUT,
    errors.FetchError: ExitCode.NETWORK_FAILURE,
    errors.StoreError: ExitCode.STORE_FAILURE,
    errors.BuildError: ExitCode.BUILD_FAILURE,
    errors.ModelError: ExitCode.MODEL_FAILURE,
}


def code_of(error: errors.DaybookError) -> ExitCode:
    """Return the exit code of a failure."""
    return next(code for kind, code in _FAILURES.items() if isinstance(error, kind))
