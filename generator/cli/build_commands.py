"""The commands of the right half, which need nothing but the store."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.cli import options
from generator.cli.exits import ExitCode
from generator.cli.printable import printable, printable_line
from generator.cli.session import Session, complain
from generator.core import taxonomy
from generator.core.errors import ConfigError

if TYPE_CHECKING:
    from rich.text import Text

    from generator.build.search.terminal import Found, Hit


_INDEX = Path(".cache", "search")


@click.command()
@click.pass_obj
def build(run: Session) -> None:
    """Make the pages and the site from the store."""
    from generator.build import build as half

    config = run.load()
    mkdocs_yml = run.config_file.absolute().parent / "mkdocs.yml"
    report = half.build(config, mkdocs_yml, _INDEX, run.open_bar)
    run.say(
        f"{report.pages} pages and feeds; the site has {report.size.files} files, "
        f"{report.size.bytes / 1e6:.1f} MB, in {config.paths.site}"
    )
    if outlook := report.size.outlook():
        run.say(outlook)
    if warning := report.size.warning():
        complain(f"{warning}.")


@click.command()
@click.argument("words", nargs=-1, metavar="QUERY")
@options.string("--author", metavar="NAME", help="Only papers of an author with these names.")
@options.string("--category", metavar="CAT", help="Only papers of this category, as cs.LG.")
@options.string("--tag", metavar="TAG", help="Only papers with this tag.")
@options.day("--since", help="Only papers listed on this day or later.")
@options.count("--limit", help="At most so many (default: 20).", default=20)
@options.flag("--json", "as_json", help="Print a JSON list, nothing else.")
@click.pass_obj
def search(
    run: Session,
    *,
    words: tuple[str, ...],
    author: str,
    category: str,
    tag: str,
    since: date | None,
    limit: int,
    as_json: bool,
) -> None:
    """Look for papers in the store, in this terminal.

    QUERY is words, phrases, or an arXiv id.
    """
    from generator.build import build as half
    from generator.build.search import shown
    from generator.build.search.searching import Filters

    config, query = run.load(), " ".join(words)
    first = since.isoformat() if since else ""
    spelled = taxonomy.canonical(taxonomy.spelled(category)) if category else ""
    filters = Filters(author=author, category=spelled, tag=tag, since=first)
    if not query.strip() and filters == Filters():
        raise ConfigError(
            "Nothing to search for",
            item="search",
            why="there is neither a query nor an option that narrows the archive",
            todo="Run, for example: generator search speculative decoding",
        )
    found = half.search(config, _INDEX, query, filters, limit=limit, open_bar=run.open_bar)
    if as_json:
        hits = [shown.as_json(hit, config.site.url) for hit in found.hits]
        print(printable(json.dumps(hits, ensure_ascii=False, indent=2)))
    else:
        _print_hits(found.hits)
    run.say(*_found_lines(found, counted=not as_json))


def _found_lines(found: Found, *, counted: bool) -> Iterator[str]:
    """Yield what is to be said of a search besides its hits: how many there are, if ``counted``."""
    if found.cut:
        yield "The query is too long: only its beginning was looked for."
    if found.corrected:
        yield f"Searched instead of what was typed: {found.corrected}"
    if not found.rows:
        yield "No paper found."
    elif counted:
        number = found.total or found.rows
        less = "" if found.total else " with some of the words"
        shown = f", the first {len(found.hits)} are shown" if len(found.hits) < found.rows else ""
        yield f"{number} {'paper' if number == 1 else 'papers'} found{less}{shown}."


def _print_hits(hits: Iterable[Hit]) -> None:
    """Print hits; excerpts are broken into lines where a terminal is attached."""
    from rich.console import Console
    from rich.padding import Padding

    from generator.build.search.shown import lines

    console = Console(highlight=False)
    for head, excerpt in (map(_printable_text, lines(hit)) for hit in hits):
        console.print(head, soft_wrap=True)
        if console.is_terminal:
            console.print(Padding(excerpt, (0, 0, 0, 4)))
        else:
            console.print("    ", excerpt, sep="", soft_wrap=True)


def _printable_text(text: Text) -> Text:
    """Return a line as it may be printed; it loses what was bold where it held an order."""
    shown = printable_line(text.plain)
    return text if shown == text.plain else type(text)(shown)


@click.command()
@click.option("--host", default="127.0.0.1", help="The address (default: 127.0.0.1).")
@click.option("--port", type=int, default=8000, help="The port (default: 8000).")
@options.path("--site", metavar="FOLDER", help="The built site (default: the configured one).")
@click.pass_obj
def serve(run: Session, host: str, port: int, site: Path | None) -> None:
    """Serve the built site on this machine."""
    from generator.build.site.serve import make_server

    server = make_server(site or run.load().paths.site, host, port)
    address, bound = server.server_address[:2]
    run.say(f"The site is at http://{address!s}:{bound}/ (Ctrl-C stops)")
    with server:
        server.serve_forever()


@click.command()
@click.pass_obj
def check(run: Session) -> int:
    """Prove that the store is whole and the site has no broken link."""
    from generator.build import build as half

    config = run.load()
    problems = half.check(config, run.open_bar)
    for problem in problems:
        print(printable_line(problem))
    if problems:
        complain(f"{len(problems)} problems found")
        return ExitCode.PROBLEMS_FOUND
    if damaged := half.damaged_summaries(config):
        run.say(f"{len(damaged)} papers have a summary with lost characters: {', '.join(damaged)}")
    run.say("The store is whole, and no link of the site is broken.")
    return ExitCode.DONE


COMMANDS = (build, search, serve, check)
