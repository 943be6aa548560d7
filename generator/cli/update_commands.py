"""The commands of the left half: from arXiv, a model and the predecessor into the store."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.cli import options, session
from generator.cli.exits import ExitCode
from generator.cli.printable import printable
from generator.cli.session import Session, complain
from generator.core.errors import ConfigError, IdError, InputError
from generator.core.ids import ArxivId

if TYPE_CHECKING:
    from generator.config.schema import Config
    from generator.update.summarize.run import RunReport


@click.command()
@options.day("--date", "day", help="The announcement day (default: today in US Eastern time).")
@click.option(
    *("--feed", "feeds"),
    multiple=True,
    metavar="FILE_OR_URL ...",
    help="Read these RSS or Atom feeds instead of the configured categories'.",
)
@click.argument("more_feeds", nargs=-1, metavar="")  # what follows the first one of --feed
@click.pass_obj
def update(
    run: Session, *, day: date | None, feeds: tuple[str, ...], more_feeds: tuple[str, ...]
) -> int:
    """Fetch a day's announcements and store what the rules keep."""
    from generator.cli import reporting
    from generator.update import update as half
    from generator.update.sources.calendar import EASTERN

    if more_feeds and not feeds:
        raise click.UsageError(f"Got unexpected extra argument ({more_feeds[0]})")
    day = day or session.now().astimezone(EASTERN).date()
    config = run.load()
    report = half.update(config, day, (*feeds, *more_feeds), run.context(config))
    run.say(*reporting.update_lines(report))
    failed = report.summaries is not None and _say_summaries(run, report.summaries, config)
    for problem in report.repaired.problems:
        complain(f"the week before is incomplete: {problem}")
    for name in report.lost:
        complain(
            f"{name} was damaged, and nothing has taken its place: restore it from git, or, if it "
            "is a day, run: generator backfill"
        )
    if not report.complete:
        why = (f"{name}: {feed.detail}" for name, feed in report.runs.items() if feed.detail)
        complain(
            f"{day} is incomplete: {'; '.join(why)}. Run the update again later: it adds what is "
            "missing."
        )
    if report.summaries is None and config.summarize.model:
        run.say(f"No summaries: {config.summarize.api_key_env} is not set.")
    whole = report.complete and report.repaired.complete and not report.lost and not failed
    return ExitCode.DONE if whole else ExitCode.INCOMPLETE


@click.command()
@options.day("--from", "first", help="The first announcement day.", required=True)
@options.day("--to", "last", help="The last announcement day.", required=True)
@click.pass_obj
def backfill(run: Session, first: date, last: date) -> int:
    """Fill days that no feed covers, from arXiv's query API."""
    from generator.cli import reporting
    from generator.update import update as half

    config = run.load()
    report = half.back_fill(config, first, last, run.context(config))
    run.say(*reporting.fill_lines(report))
    for problem in report.problems:
        complain(problem)
    return ExitCode.DONE if report.complete else ExitCode.INCOMPLETE


@click.command()
@options.count("--limit", help="At most so many papers (default: all).")
@click.pass_obj
def refresh(run: Session, limit: int | None) -> None:
    """Complete imported papers from arXiv's query API."""
    from generator.cli import reporting
    from generator.update import update as half

    config = run.load()
    run.say(*reporting.refresh_lines(half.refresh(config, limit, run.context(config))))


@click.command("import")
@click.argument("path", type=click.Path(path_type=Path))
@click.pass_obj
def import_history(run: Session, path: Path) -> None:
    """Bring in the history of a predecessor's README.

    PATH is a folder or tar of snapshots, or a git repository.
    """
    from generator.cli import reporting
    from generator.update import update as half

    run.say(*reporting.import_lines(half.import_history(run.load(), path, run.open_bar)))


@click.command()
@options.flag("--missing", help="The best papers without a summary (the default).")
@options.flag("--damaged", help="Papers with a summary that has lost characters.")
@options.arxiv_id("--paper", help="This paper, by today's model and prompt.")
@options.day("--since", help="The best papers since this day, by today's model and prompt.")
@options.flag("--batch", help="Collect earlier batches' answers, and hand over the rest as one.")
@options.flag("--dry-run", help="Say what would be asked, and about what it takes.")
@click.pass_obj
def summarize(
    run: Session,
    *,
    missing: bool,
    damaged: bool,
    paper: ArxivId | None,
    since: date | None,
    batch: bool,
    dry_run: bool,
) -> int:
    """Have a language model summarise papers."""
    from generator.cli import reporting
    from generator.update import update as half
    from generator.update.summaries import Request

    if sum((missing, damaged, paper is not None, since is not None)) > 1:
        raise click.UsageError("--missing, --damaged, --paper and --since exclude each other.")
    config = run.load()
    _check_model(config, batch=batch)
    request = Request(
        wanted="damaged" if damaged else "all" if since or paper else "missing",
        since=since,
        paper=paper,
        batch=batch,
    )
    context = run.context(config)
    if dry_run:
        queue, tokens, cost = half.preview_summaries(config, request, context)
        run.say(*reporting.dry_run_lines(queue, tokens, cost, config.summarize.currency))
        return ExitCode.DONE
    _check_key(config, context.key)
    failed = _say_summaries(run, half.make_summaries(config, request, context), config)
    return ExitCode.INCOMPLETE if failed else ExitCode.DONE


def _say_summaries(run: Session, report: RunReport, config: Config) -> bool:
    """Say what a run of summaries did; return whether some failed. Raises what ended it early."""
    from generator.cli import reporting

    run.say(*reporting.summary_lines(report, config.summarize.currency))
    if report.error:
        raise report.error
    if report.failed:
        complain(
            f"{len(report.failed)} summaries failed; they are tried again by the next runs: "
            "generator summarize"
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


@click.command()
@click.argument("paper", metavar="PAPER_OR_FILE")
@options.flag("--json", "as_json", help="Print a JSON object, nothing else.")
@click.pass_obj
def read(run: Session, *, paper: str, as_json: bool) -> None:
    """Print what a model would be given to read of a paper.

    PAPER_OR_FILE is an arXiv id, or a PDF or HTML file.
    """
    from generator.update import update as half
    from generator.update.summarize.papers.document import as_text, estimate_tokens, outline
    from generator.update.summarize.papers.reader import read_file

    if Path(paper).is_file():
        document = read_file(Path(paper))
    else:
        _check_id(paper)
        config = run.load()
        document = half.read_paper(config, paper, run.context(config))
    text = as_text(document)
    if not as_json:
        print(printable(f"# {document.title}\n\n{text}" if document.title else text))
        left_out = "; ".join((*document.left_out, *document.omitted)) or "nothing"
        run.say(
            f"About {estimate_tokens(text)} tokens, from {document.source.upper()}. "
            f"Left out: {left_out}."
        )
        return
    sections = (part for section in document.sections for part in outline(section))
    answer = {
        "title": document.title,
        "source": document.source,
        "sections": [{"level": n, "title": name, "text": text} for n, name, text in sections],
        "left_out": [*document.left_out, *document.omitted],
        "tokens": estimate_tokens(text),
    }
    print(printable(json.dumps(answer, ensure_ascii=False, indent=2)))


def _check_id(text: str) -> None:
    try:
        ArxivId.parse(text, default_version=1)
    except IdError as error:
        raise InputError(
            "Nothing to read",
            item=text,
            why="there is no such file, nor is it an arXiv id",
            todo="Give the path of a PDF or HTML file, or an id such as 2602.01234",
        ) from error


COMMANDS = (update, backfill, refresh, import_history, summarize, read)
