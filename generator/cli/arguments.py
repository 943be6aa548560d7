"""What can be written on the command line: every command and option."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from generator import __version__
from generator.core.errors import IdError
from generator.core.models import ArxivId


def make_parser(run: Mapping[str, Callable[..., int]]) -> argparse.ArgumentParser:
    """The parser of every command and option; ``run`` has what each command does."""
    parser = argparse.ArgumentParser(
        prog="generator", description="A permanent, searchable archive of each day's arXiv papers."
    )
    parser.add_argument("--version", action="version", version=f"daybook {__version__}")
    parser.add_argument(
        "-c",
        "--config",
        dest="config_file",
        type=Path,
        default=Path("daybook.yml"),
        metavar="FILE",
        help="the configuration (default: daybook.yml)",
    )
    volume = parser.add_mutually_exclusive_group()
    volume.add_argument("-v", "--verbose", action="store_true", help="say every step")
    volume.add_argument("-q", "--quiet", action="store_true", help="say only what went wrong")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    def command(name: str, text: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=text, description=text)
        made.set_defaults(run=run[name])
        return made

    update = command("update", "fetch a day's announcements and store what the rules keep")
    update.add_argument(
        "--date",
        type=_date,
        metavar="YYYY-MM-DD",
        help="the announcement day (default: today in US Eastern time, arXiv's own)",
    )
    update.add_argument(
        "--feed",
        nargs="+",
        default=[],
        metavar="FILE_OR_URL",
        help="read these RSS or Atom feeds instead of the configured categories'",
    )
    past = command("backfill", "fill days that no feed covers, from arXiv's query API")
    for option, end in (("--from", "first"), ("--to", "last")):
        past.add_argument(
            option,
            dest=end,
            type=_date,
            required=True,
            metavar="YYYY-MM-DD",
            help=f"the {end} announcement day",
        )
    again = command("refresh", "complete imported papers from arXiv's query API")
    again.add_argument(
        "--limit", type=_count, metavar="N", help="at most so many papers (default: all)"
    )
    history = command("import", "bring in the history of a predecessor's README")
    history.add_argument(
        "path", type=Path, help="a folder or tar of snapshots, or a git repository"
    )
    summaries = command("summarize", "have a language model summarise papers")
    which = summaries.add_mutually_exclusive_group()
    which.add_argument(
        "--missing", action="store_true", help="the best papers without a summary (the default)"
    )
    which.add_argument(
        "--damaged", action="store_true", help="papers with a summary that has lost characters"
    )
    which.add_argument(
        "--paper", type=_arxiv_id, metavar="ID", help="this paper, by today's model and prompt"
    )
    which.add_argument(
        "--since",
        type=_date,
        metavar="YYYY-MM-DD",
        help="the best papers since this day, by today's model and prompt",
    )
    summaries.add_argument(
        "--batch",
        action="store_true",
        help="collect what is ready of earlier batches, and hand the rest over as a new one",
    )
    summaries.add_argument(
        "--dry-run", action="store_true", help="say what would be asked, and about what it takes"
    )
    command("build", "make the pages and the site from the store")
    search = command("search", "look for papers in the store, in this terminal")
    search.add_argument("query", nargs="*", metavar="QUERY", help="words, phrases, or an arXiv id")
    search.add_argument(
        "--author", default="", metavar="NAME", help="only papers of an author with these names"
    )
    search.add_argument(
        "--category", default="", metavar="CAT", help="only papers of this category, as cs.LG"
    )
    search.add_argument("--tag", default="", help="only papers with this tag")
    search.add_argument(
        "--since", type=_date, metavar="YYYY-MM-DD", help="only papers listed on this day or later"
    )
    search.add_argument(
        "--limit", type=_count, default=20, metavar="N", help="at most so many (default: 20)"
    )
    search.add_argument("--json", action="store_true", help="print a JSON list, nothing else")
    serve = command("serve", "serve the built site on this machine")
    serve.add_argument("--host", default="127.0.0.1", help="the address (default: 127.0.0.1)")
    serve.add_argument("--port", type=int, default=8000, help="the port (default: 8000)")
    serve.add_argument(
        "--site", type=Path, metavar="FOLDER", help="the built site (default: the configured one)"
    )
    command("check", "prove that the store is whole and the site has no broken link")
    config = command("config", "check the configuration, or convert a predecessor's")
    config.add_argument(
        "--from",
        dest="predecessor",
        type=Path,
        metavar="CONFIG_JSON",
        help="print a daybook.yml made from the predecessor's config.json",
    )
    show = command("demo", "run everything on the bundled sample, without network or key")
    show.add_argument(
        "--folder", type=Path, default=Path("demo"), help="where to write (default: demo)"
    )
    return parser


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no date such as 2026-02-05") from error


def _arxiv_id(text: str) -> ArxivId:
    try:
        return ArxivId.parse(text, default_version=1)
    except IdError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no arXiv id such as 2602.01234") from error


def _count(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 on")
    return int(text)
