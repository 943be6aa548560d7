"""Every reader of bytes from outside as a function of bytes: one table for hypothesis and atheris.

A target may raise DaybookError or ReplyError, a reader's refusals, and nothing else. Readers of
text get the bytes as UTF-8, with U+FFFD for what is none, as they do behind ``decode``.
"""

from __future__ import annotations

import contextlib
import hashlib
import tempfile
import zlib
from collections.abc import Callable
from datetime import date
from pathlib import Path

from generator.build.archive.extract import extract_tldr
from generator.build.citation.citing import bibtex, ris
from generator.build.search.marking import excerpt
from generator.build.search.matching import sought, sought_exactly
from generator.build.search.query import parse
from generator.build.search.words import composed, words
from generator.config.schema import parse_config
from generator.core.errors import DaybookError
from generator.core.ids import ArxivId
from generator.markup import maths, render
from generator.markup.conclusion import conclusion
from generator.markup.text import escape_markdown, plain
from generator.store import codec
from generator.update.predecessor.config import convert_predecessor
from generator.update.predecessor.history import read_history
from generator.update.predecessor.mojibake import repair
from generator.update.predecessor.readme import parse_readme
from generator.update.sources.api import parse_api
from generator.update.sources.feed import parse_feed
from generator.update.sources.tex import clean_text, split_authors
from generator.update.summarize.model import ReplyError
from generator.update.summarize.papers.html import parse_html
from generator.update.summarize.papers.pdf import parse_pdf
from generator.update.summarize.reply.reply import parse_reply
from tests.builders import make_paper
from tests.readme_writer import Sample, write_readme

Target = Callable[[bytes], object]

REFUSALS = (DaybookError, ReplyError)
_DAY = date(2026, 2, 5)


def _each(*readers: Callable[[str], object]) -> Target:
    """Give a text to several readers, each of which may refuse it."""

    def target(data: bytes) -> None:
        text = data.decode("utf-8", "replace")
        for read in readers:
            with contextlib.suppress(*REFUSALS):
                read(text)

    return target


def _tar(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "history.tar"
        path.write_bytes(data)
        list(read_history(path))


def _git(data: bytes) -> None:
    """Read a repository whose only commit is these bytes; its tree holds a README of the bot."""
    with tempfile.TemporaryDirectory() as folder:
        git = Path(folder) / ".git"
        (git / "refs" / "heads").mkdir(parents=True)
        (git / "HEAD").write_text("ref: refs/heads/main\n")
        readme = write_readme([Sample()], updated="2026-02-05 04:00:00 UTC").encode()
        blob = bytes.fromhex(_stored(git, "blob", readme))
        tree = _stored(git, "tree", b"100644 README.md\0" + blob)
        commit = _stored(git, "commit", data.replace(b"{tree}", tree.encode()))
        (git / "refs" / "heads" / "main").write_text(commit + "\n")
        list(read_history(Path(folder)))


def _stored(git: Path, kind: str, data: bytes) -> str:
    """Write an object as git stores it (gitformat-loose); return its name."""
    whole = f"{kind} {len(data)}\0".encode() + data
    name = hashlib.sha1(whole, usedforsecurity=False).hexdigest()
    path = git / "objects" / name[:2] / name[2:]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(zlib.compress(whole))
    return name


def _cited(text: str) -> None:
    paper = make_paper(1, title=text, abstract=text, authors=(text,))
    bibtex(paper)
    ris(paper)


def _query(text: str) -> None:
    query = parse(text, _DAY)
    exactly = [sought_exactly(clause.text, []) for group in query.clauses for clause in group]
    wanted = [*sought(query.text, []), *filter(None, exactly)]
    excerpt(composed("a [b] c-d " * 20 + text), wanted)


TARGETS: dict[str, Target] = {
    "feed": lambda data: parse_feed(data, source="feed"),
    "api": lambda data: parse_api(data, "answer"),
    "readme": _each(
        lambda text: parse_readme(text, name="README.md", fallback_date=_DAY),
        repair,
    ),
    "git": _git,
    "tar": _tar,
    "pdf": lambda data: parse_pdf(data, timeout=5),
    "html": parse_html,
    "reply": _each(lambda text: parse_reply(text, language="en", truncated=False)),
    "paper": lambda data: codec.decode_paper(data, name="paper.json"),
    "day": lambda data: codec.decode_day(data, name="day.json"),
    "batch": lambda data: codec.decode_batch(data, name="batch.json"),
    "config": _each(
        lambda text: parse_config(text, folder=Path("/nowhere"), name="daybook.yml", environ={}),
        convert_predecessor,
    ),
    "metadata": _each(
        clean_text,
        split_authors,
        lambda text: ArxivId.parse(text, default_version=1),
        lambda text: extract_tldr(text[:300], text),
        words,
        maths.unfinished,
        plain,
        escape_markdown,
        _cited,
    ),
    "markup": _each(
        render.render_block,
        render.render_inline,
        render.render_text,
        lambda text: render.render_page(escape_markdown(text)),
        conclusion,
    ),
    "query": _each(_query),
}
# Those that start a process for each input: some hundred inputs a second less.
SLOW = frozenset({"git", "pdf", "tar"})

_SEEDS = Path(__file__).parent / "seeds"


def seeds(target: str) -> list[bytes]:
    """Return the small invented documents that a target's inputs are made from, by file name."""
    return [path.read_bytes() for path in sorted(_SEEDS.joinpath(target).iterdir())]
