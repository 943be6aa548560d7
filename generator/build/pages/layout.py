"""What all pages share: front matter, templates, splitting of long lists. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import jinja2

from generator.build.archive.archive import Archive, Entry
from generator.build.pages.fragments import link, pager
from generator.core import urls
from generator.core.characters import BYTE_ORDER_MARK, CONTROLS, LINE_BREAKS, SURROGATES
from generator.core.days import Day
from generator.core.texts import Texts, message

# This line begins a section on one AI summary: Daybook's own words on it, and behind the next mark
# what the model wrote, which is untrusted Markdown. No such text holds the first mark as a line of
# its own: see ``summary_section``.
SUMMARY_MARK = "<!-- daybook: summary {language} -->"
WRITTEN_MARK = "<!-- daybook: written by a model -->"
# Where this line stands on a paper's page, its summaries are shown.
SUMMARIES_MARK = "<!-- summaries -->"
# What follows this line stands beside the page's main column.
ASIDE_MARK = "<!-- aside -->"
# Where this line stands, the page shows the next of the charts in its front matter.
CHART_MARK = "<!-- chart -->"

EMPTY_ARCHIVE = message(
    "The archive is empty: no day has been stored yet. The next update fills it."
)

CARDS_PER_PAGE = 100
# How far back the home page can tell a reader what is new.
RECENT_DAYS = 60
LINES_PER_PAGE = 250

_TEMPLATES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=False,  # noqa: S701 - the output is Markdown; values are escaped by escape_markdown
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=False,
    undefined=jinja2.StrictUndefined,
)

# What YAML forbids, its line breaks and mark of byte order; JSON allows them
# (https://yaml.org/spec/1.2.2/#51-character-set).
_NOT_YAML = re.compile(f"[{CONTROLS}\t{LINE_BREAKS}{SURROGATES}{BYTE_ORDER_MARK}\ufffe\uffff]")
_ENCODER = json.JSONEncoder(ensure_ascii=False)  # ``json.dumps`` would make one for each value
_BLANK_LINES = re.compile(r"\n(?:[ \t]*\n){2,}")
_TWO_LINES = "\n\n"


Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class ListPart(Generic[Item]):
    """One of the pages of a list that may be too long for one: its items, and which it is."""

    source: str
    number: int
    count: int
    items: Sequence[Item]

    @property
    def here(self) -> str:
        """The source of this part."""
        return _numbered(self.source, self.number)

    def title(self, title: str, texts: Texts) -> str:
        """Return the page's title, with the part's number behind the first."""
        if self.number == 1:
            return title
        return texts.text("{title}, part {number}", title=title, number=str(self.number))

    def links(self, texts: Texts) -> str:
        """Return ``Part **1**, 2, 3.`` with links to the other parts; "" for a page in one part."""
        if self.count == 1:
            return ""
        links = texts.listed(
            f"**{n}**" if n == self.number else link(str(n), _numbered(self.source, n), self.here)
            for n in range(1, self.count + 1)
        )
        return texts.text("Part {links}.", links=links)


def in_parts(source: str, items: Sequence[Item], size: int) -> list[ListPart[Item]]:
    """Return the pages of a list, of at most ``size`` items each; one for an empty list."""
    runs = [items[at : at + size] for at in range(0, len(items), size)] or [()]
    return [ListPart(source, number, len(runs), run) for number, run in enumerate(runs, 1)]


def _numbered(source: str, number: int) -> str:
    return source if number == 1 else f"{source.removesuffix('.md')}-{number}.md"


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page, all Markdown: a heading ("" for none), words, a list, and a last line."""

    title: str
    lines: Sequence[str] = ()
    text: str = ""
    more: str = ""


def page(template: str, front: dict[str, Any], *, tail: str = "", **values: Any) -> str:
    """Return front matter (YAML, each value as JSON, which YAML includes), body and tail.

    ``tail`` is appended as it is.
    """
    head = "".join(f"{key}: {_json(value)}\n" for key, value in front.items())
    body = _TEMPLATES.get_template(template).render(values)
    return f"---\n{head}---\n\n{_BLANK_LINES.sub(_TWO_LINES, body.strip())}\n{tail}"


_AS_A_LINE = re.compile("(?<![^\\r\\n])(?=<!-- daybook:)")


def summary_section(language: str, own: str, written: str) -> str:
    """Return a section for a page's end: Daybook's ``own`` Markdown, then what is ``written``.

    A mark that a model wrote is moved from the beginning of its line: so it marks nothing, and
    reads the same.
    """
    mark = SUMMARY_MARK.format(language=language)
    return f"\n{mark}\n{own}\n\n{WRITTEN_MARK}\n{_AS_A_LINE.sub(' ', written)}\n"


def list_page(
    here: str,
    front: dict[str, Any],
    *steps: tuple[str, str] | None,
    intro: str,
    groups: Iterable[Section],
    heading: str = "",
    follow: str = "",
) -> str:
    """Return a page of lists; ``heading`` is Markdown, the title stands in for it.

    ``follow`` is what ``fragments.follow`` made of its feeds.
    """
    return page(
        "list.md",
        front,
        heading=heading or front["title"],
        intro=intro,
        pager=pager(here, *steps),
        follow=follow,
        groups=groups,
    )


def changed(entries: Iterable[Entry], days: Iterable[Day] = ()) -> dict[str, str]:
    """Return the day of a list's newest change as front matter for the sitemap; {} for none."""
    dates = [*(entry.modified for entry in entries), *(day.date for day in days)]
    return {"lastmod": max(dates).isoformat()} if dates else {}


def days_by_month(archive: Archive) -> Iterator[tuple[str, list[Day]]]:
    """Return the days of each month (``2026-02``), oldest first."""
    months: dict[str, list[Day]] = {}
    for day in archive.days:
        months.setdefault(f"{day.date:%Y-%m}", []).append(day)
    yield from months.items()


def calendar(archive: Archive, year: int) -> dict[str, int]:
    """Return papers per announcement day of a year, ``{"2026-02-05": 30}``."""
    return {d.date.isoformat(): len(d.rows) for d in archive.days if d.date.year == year}


def recent(archive: Archive) -> dict[str, int]:
    """Return the papers of each day that lists some, of the ``RECENT_DAYS`` before the newest."""
    dates = [day.date for day in archive.days if day.rows]
    return {
        day.date.isoformat(): len(day.rows)
        for day in archive.days
        if day.rows and (dates[-1] - day.date).days < RECENT_DAYS
    }


def feed_front(kind: str = "", name: str = "") -> list[list[str]]:
    """Return what a page's front matter says of its feeds: name of the format, path."""
    return [[form, urls.feed(form, kind, name)] for form in urls.FEED_FORMATS]


def _json(value: object) -> str:
    return _NOT_YAML.sub(lambda found: f"\\u{ord(found[0]):04x}", _ENCODER.encode(value))
