"""The command line: each command is a function below its options.

Nothing else in Daybook knows of exit codes. What a command needs is imported when it runs, so that
``--help`` and a shell's completion do not wait for it.
"""

from __future__ import annotations

import json
import logging
import os
import select
import sys
from collections.abc import Sequence
from contextlib import suppress
from io import UnsupportedOperation
from pathlib import Path
from typing import TextIO

import click

from generator import __version__
from generator.cli import build_commands, options, update_commands
from generator.cli.exits import ExitCode, code_of
from generator.cli.printable import PrintableFormatter
from generator.cli.session import Session, complain
from generator.core.errors import ConfigError, DaybookError

_COMPLETE = "_DAYBOOK_COMPLETE"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command, by default that of the process; return its exit code."""
    try:
        return _run(list(sys.argv[1:] if arguments is None else arguments))
    except click.exceptions.Exit as ended:  # after --help and --version
        return ended.exit_code
    except click.UsageError as error:
        if error.ctx:
            print(error.ctx.get_usage(), file=sys.stderr)
        complain(error.format_message())
        return ExitCode.WRONG_USE
    except DaybookError as error:
        complain(str(error))
        return code_of(error)
    except KeyboardInterrupt:
        complain("stopped; what was written is whole")
        return ExitCode.INTERRUPTED
    except OSError as error:
        return _unwritable(error)


def _unwritable(error: OSError) -> ExitCode:
    """Say what could not be read or written, unless nobody listens any more."""
    if isinstance(error, BrokenPipeError) and (_is_closed(sys.stdout) or _is_closed(sys.stderr)):
        # Who reads the output has enough of it, as `head`; Python would complain when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.DONE
    logging.debug("It happened here:", exc_info=True)
    complain(
        f"Cannot read or write: {error.filename or 'the output'}: {error.strerror or error}. "
        "Check permissions and free space, then run the command again"
    )
    return ExitCode.PROBLEMS_FOUND


def _is_closed(stream: TextIO) -> bool:
    """Tell whether nobody reads any more what is written there."""
    ends = select.poll()
    with suppress(UnsupportedOperation):  # it is none of the system's
        ends.register(stream.fileno(), 0)  # errors are told without being asked for
    return bool(ends.poll(0))


def _run(arguments: list[str]) -> int:
    # Of two threads of numpy's, one waits in a busy loop; and sums depend on their number.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if shell := os.environ.get(_COMPLETE):
        from click.shell_completion import shell_complete

        return shell_complete(program, {}, "daybook", _COMPLETE, shell)
    with program.make_context("generator", arguments) as context:
        code: int | None = program.invoke(context)
    return code or ExitCode.DONE


@click.group(
    no_args_is_help=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, message="daybook %(version)s", help="Print the version.")
@options.path(
    *("-c", "--config", "config_file"),
    metavar="FILE",
    help="The configuration (default: daybook.yml).",
    default="daybook.yml",
)
@options.flag("-v", "--verbose", help="Say every step.")
@options.flag("-q", "--quiet", help="Say only what went wrong.")
@click.pass_context
def program(context: click.Context, config_file: Path, verbose: bool, quiet: bool) -> None:
    """Keep a permanent, searchable archive of each day's arXiv papers."""
    if verbose and quiet:
        raise click.UsageError("--verbose and --quiet exclude each other.")
    handler = logging.StreamHandler()
    handler.setFormatter(PrintableFormatter())
    logging.basicConfig(level=logging.DEBUG if verbose else logging.WARNING, handlers=[handler])
    context.obj = Session(config_file, quiet=quiet)


@program.command()
@options.path(
    *("--from", "predecessor"),
    metavar="CONFIG_JSON",
    help="Print a daybook.yml made from the predecessor's config.json.",
)
@options.flag("--schema", help="Print the JSON Schema of daybook.yml.")
@click.pass_obj
def config(run: Session, predecessor: Path | None, schema: bool) -> None:
    """Check the configuration, or convert a predecessor's."""
    if schema:
        from generator.config.schema import json_schema

        print(json.dumps(json_schema(), ensure_ascii=False, indent=2))
    elif predecessor:
        from generator.update.predecessor.config import convert_predecessor

        print(convert_predecessor(_read(predecessor)), end="")
    else:
        run.load()
        run.say(f"{run.config_file} is good.")


def _read(config_json: Path) -> str:
    try:
        return config_json.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            "Cannot read the predecessor's configuration",
            item=str(config_json),
            why=str(error),
            todo="Give the path of its config.json",
        ) from error


@program.command()
@options.path("--folder", metavar="FOLDER", help="Where to write (default: demo).", default="demo")
@click.pass_obj
def demo(run: Session, folder: Path) -> None:
    """Run everything on the bundled sample, without network or key."""
    from generator.cli.demo import run_demo

    site = run_demo(run, folder.absolute())
    python, shown = (_relative(path) for path in (Path(sys.executable), site))
    run.say(
        f"The sample's site is in {site}. To read it, run",
        f"    {python} -m generator serve --site {shown}",
        "and open the address that it prints.",
    )


def _relative(path: Path) -> Path:
    """Return a path as one would type it here."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


for command in (*update_commands.COMMANDS, *build_commands.COMMANDS):
    program.add_command(command)
