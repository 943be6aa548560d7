"""The command line: arguments, environment, clock, logging, progress and exit codes, only here."""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from generator.build import build as pipeline
from generator.build.search.shown import as_json, lines
from generator.build.search.terminal import Filters, Hit
from generator.build.site.serve import make_server
from generator.cli import arguments, demo
from generator.cli.reporting import (
    dry_run_lines,
    fill_lines,
    import_lines,
    refresh_lines,
    summary_lines,
    update_lines,
)
from generator.config.schema import Config, load_config
from generator.core.errors import (
    BuildError,
    ConfigError,
    DaybookError,
    FetchError,
    InputError,
    ModelError,
    StoreError,
)
from generator.core.progress import Progress as ShowProgress
from generator.update import update as updates
from generator.update.predecessor.config import convert_predecessor
from generator.update.sources.calendar import EASTERN
from generator.update.summaries import Request
from generator.update.summarize.run import RunReport
from generator.update.update import RunContext

# docs/commands.md explains each; a test compares.
EXIT_CODES: dict[str, tuple[int, type[DaybookError] | None]] = {
    "done": (0, None),
    "problems found": (1, None),
    "wrong use or configuration": (2, ConfigError),
    "unreadable input": (3, InputError),
    "network failure": (4, FetchError),
    "incomplete update": (5, None),
    "store failure": (6, StoreError),
    "model failure": (8, ModelError),
    "build failure": (7, BuildError),
}
_INTERRUPTED = 130  # what shells use for Ctrl-C


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code."""
    options = make_parser().parse_args(arguments)
    console = Console(stderr=True, quiet=options.quiet)
    logging.basicConfig(
        level=logging.DEBUG if options.verbose else logging.WARNING, format="%(message)s"
    )
    try:
        code: int = options.run(options, console)
    except DaybookError as error:
        print(f"daybook: {error}", file=sys.stderr)
        return next(c for c, kind in EXIT_CODES.values() if kind and isinstance(error, kind))
    except KeyboardInterrupt:
        print("daybook: stopped; what was written is whole", file=sys.stderr)
        return _INTERRUPTED
    except BrokenPipeError:
        # Who reads the output has enough of it, as `head`; Python would complain when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code


def make_parser() -> argparse.ArgumentParser:
    """The parser of every command and option."""
    return arguments.make_parser(
        {
            "update": _update,
            "backfill": _backfill,
            "refresh": _refresh,
            "import": _import,
            "summarize": _summarize,
            "build": _build,
            "search": _search,
            "serve": _serve,
            "check": _check,
            "config": _config,
            "demo": _demo,
        }
    )


def _update(options: argparse.Namespace, console: Console) -> int:
    day = options.date or datetime.now(EASTERN).date()
    config = _load(options)
    report = updates.update(config, day, options.feed, _around(config, console))
    _say(console, update_lines(report))
    failed = report.summaries is not None and _told(report.summaries, config, console)
    for problem in report.repaired.problems:
        print(f"daybook: the week before is incomplete: {problem}", file=sys.stderr)
    if not report.complete:
        print(
            f"daybook: {day} is incomplete: "
            + "; ".join(f"{c}: {r.detail}" for c, r in report.runs.items() if r.detail)
            + ". Run the update again later: it adds what is missing.",
            file=sys.stderr,
        )
    if report.summaries is None and config.summarize.model:
        _say(console, [f"No summaries: {config.summarize.api_key_env} is not set."])
    whole = report.complete and report.repaired.complete and not failed
    return 0 if whole else EXIT_CODES["incomplete update"][0]


def _backfill(options: argparse.Namespace, console: Console) -> int:
    config = _load(options)
    context = _around(config, console)
    report = updates.back_fill(config, options.first, options.last, context)
    _say(console, fill_lines(report))
    for problem in report.problems:
        print(f"daybook: {problem}", file=sys.stderr)
    return 0 if report.complete else EXIT_CODES["incomplete update"][0]


def _refresh(options: argparse.Namespace, console: Console) -> int:
    config = _load(options)
    _say(console, refresh_lines(updates.refresh(config, options.limit, _around(config, console))))
    return 0


def _summarize(options: argparse.Namespace, console: Console) -> int:
    config = _load(options)
    _check_model(config, batch=options.batch)
    request = Request(
        wanted="damaged"
        if options.damaged
        else "all"
        if options.since or options.paper
        else "missing",
        since=options.since,
        paper=options.paper,
        batch=options.batch,
    )
    context = _around(config, console)
    if options.dry_run:
        queue, tokens, cost = updates.preview_summaries(config, request, context)
        _say(console, dry_run_lines(queue, tokens, cost, config.summarize.currency))
        return 0
    _check_key(config, context.key)
    failed = _told(updates.make_summaries(config, request, context), config, console)
    return EXIT_CODES["incomplete update"][0] if failed else 0


def _told(report: RunReport, config: Config, console: Console) -> bool:
    """Say what a run of summaries did; whether some failed. Raises what ended it early."""
    _say(console, summary_lines(report, config.summarize.currency))
    if report.error:
        raise report.error
    if report.failed:
        print(
            f"daybook: {len(report.failed)} summaries failed; they are tried again by the next "
            "runs: generator summarize",
            file=sys.stderr,
        )
    return bool(report.failed)


def _check_model(config: Config, *, batch: bool) -> None:
    if not config.summarize.model:
        raise ConfigError(
            "No model to ask for summaries",
            item="summarize.model",
            why="it is not set",
            todo="Set it in daybook.yml; docs/summaries.md has settings for each provider",
        )
    if batch and config.summarize.input == "file":
        raise ConfigError(
            "Cannot use a batch",
            item="summarize.input",
            why="files cannot go into a batch",
            todo="Set it to fulltext or abstract, or leave --batch out",
        )


def _check_key(config: Config, key: str | None) -> None:
    if config.summarize.api_key_env and not key:
        raise ConfigError(
            "No key for the model's provider",
            item=config.summarize.api_key_env,
            why="this environment variable is not set or empty",
            todo="Set it, or set summarize.api_key_env to null for a server that wants no key",
        )


def _around(config: Config, console: Console, cache: Path = Path(".cache")) -> RunContext:
    name = config.summarize.api_key_env
    return RunContext(
        now=_now(),
        timer=time.monotonic,
        key=os.environ.get(name, "").strip() or None if name else None,
        cache=cache,
        progress=_bars(console),
    )


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def _say(console: Console, lines: Iterable[str]) -> None:
    for line in lines:
        console.print(line, highlight=False, markup=False, soft_wrap=True)


def _import(options: argparse.Namespace, console: Console) -> int:
    report = updates.import_history(_load(options), options.path, _bars(console))
    _say(console, import_lines(report))
    return 0


def _build(options: argparse.Namespace, console: Console) -> int:
    config = _load(options)
    mkdocs_yml = options.config_file.absolute().parent / "mkdocs.yml"
    cache = Path(".cache", "search")
    report = pipeline.build(config, mkdocs_yml, cache, _bars(console))
    console.print(
        f"{report.pages} pages and feeds; the site has {report.size.files} files, "
        f"{report.size.bytes / 1e6:.1f} MB, in {config.paths.site}",
        soft_wrap=True,
    )
    if outlook := report.size.outlook():
        console.print(outlook, highlight=False, soft_wrap=True)
    if warning := report.size.warning():
        print(f"daybook: {warning}.", file=sys.stderr)
    return 0


def _search(options: argparse.Namespace, console: Console) -> int:
    config = _load(options)
    query = " ".join(options.query)
    filters = Filters(
        author=options.author, category=options.category, tag=options.tag, since=options.since
    )
    if not query.strip() and filters == Filters():
        raise ConfigError(
            "Nothing to search for",
            item="search",
            why="there is neither a query nor an option that narrows the archive",
            todo="Run, for example: generator search speculative decoding",
        )
    found = pipeline.search(config, query, filters, options.limit, _bars(console))
    if options.json:
        hits = [as_json(hit, config.site.url) for hit in found.hits]
        print(json.dumps(hits, ensure_ascii=False, indent=2))
    else:
        _print_hits(found.hits)
    if found.cut:
        console.print("The query is too long: only its beginning was looked for.")
    if not found.total:
        console.print("No paper found.")
    elif not options.json:
        shown = f", the first {len(found.hits)} are shown" if len(found.hits) < found.total else ""
        console.print(f"{found.total} {'paper' if found.total == 1 else 'papers'} found{shown}.")
    return 0


def _print_hits(hits: Sequence[Hit]) -> None:
    """Print hits; excerpts are broken into lines where a terminal is attached."""
    console = Console(highlight=False)
    for head, excerpt in map(lines, hits):
        console.print(head, soft_wrap=True)
        if console.is_terminal:
            console.print(Padding(excerpt, (0, 0, 0, 4)))
        else:
            console.print("    ", excerpt, sep="", soft_wrap=True)


def _serve(options: argparse.Namespace, console: Console) -> int:
    site = options.site or _load(options).paths.site
    server = make_server(site, options.host, options.port)
    host, port = server.server_address[:2]
    console.print(f"The site is at http://{host!s}:{port}/ (Ctrl-C stops)", soft_wrap=True)
    with server:
        server.serve_forever()
    return 0


def _check(options: argparse.Namespace, console: Console) -> int:
    config = _load(options)
    problems = pipeline.check(config, _bars(console))
    for problem in problems:
        print(problem)
    if damaged := [] if problems else pipeline.damaged_summaries(config):
        console.print(
            f"{len(damaged)} papers have a summary with lost characters: {', '.join(damaged)}",
            highlight=False,
            markup=False,
        )
    if problems:
        print(f"daybook: {len(problems)} problems found", file=sys.stderr)
        return EXIT_CODES["problems found"][0]
    console.print("The store is whole, and no link of the site is broken.")
    return 0


def _config(options: argparse.Namespace, console: Console) -> int:
    if options.predecessor is None:
        _load(options)
        console.print(f"{options.config_file} is good.")
        return 0
    try:
        text = options.predecessor.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            "Cannot read the predecessor's configuration",
            item=str(options.predecessor),
            why=str(error),
            todo="Give the path of its config.json",
        ) from error
    print(convert_predecessor(text), end="")
    return 0


def _demo(options: argparse.Namespace, console: Console) -> int:
    project = options.config_file.absolute().parent
    config = _load(options)
    folder = options.folder.absolute()
    site = demo.run(
        config, project, folder, _around(config, console, folder / ".cache"), console.print
    )
    console.print(
        f"The sample's site is in {site}. To read it, run\n"
        f"    {_shown(Path(sys.executable))} -m generator serve --site {_shown(site)}\n"
        "and open the address that it prints.",
        soft_wrap=True,
        highlight=False,
    )
    return 0


def _load(options: argparse.Namespace) -> Config:
    return load_config(options.config_file, os.environ)


def _shown(path: Path) -> str:
    """A path as one would type it here."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def _bars(console: Console) -> ShowProgress:
    """Progress bars where a terminal is attached, else nothing."""

    @contextmanager
    def bar(title: str) -> Iterator[Callable[[int, int], None]]:
        columns = (
            TextColumn("{task.description:<10}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        shown = console.is_terminal and not console.quiet
        with Progress(*columns, console=console, transient=True, disable=not shown) as progress:
            task = progress.add_task(title, total=None)
            yield lambda done, total: progress.update(task, completed=done, total=total or None)

    return bar
