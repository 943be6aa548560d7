"""One snapshot of the predecessor's README, from text to values. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time

from generator.core.characters import HAN
from generator.core.errors import IdError
from generator.core.ids import ArxivId
from generator.core.papers import Announcement, AnnounceType
from generator.core.summaries import Summary
from generator.markup.conclusion import conclusion
from generator.update.predecessor.mojibake import repair
from generator.update.predecessor.readme_escapes import (
    BEGIN,
    END,
    marked_part,
    unescape_body,
    unescape_html,
    unescape_line,
    unescape_title,
)
from generator.update.predecessor.readme_layout import Field, ReadmeRow, broken, read_layout
from generator.update.sources.tex import clean_text, split_authors

_PLACEHOLDER = re.compile(r"\{\{[A-Z_]+\}\}")
_DAY = re.compile(r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)")
# The predecessor printed "None" where it could not take the feed's description apart.
_UNKNOWN = ("", "None")
_DESCRIPTION = re.compile(r"arXiv:(?P<id>\S+)\s+Announce Type:\s+(?P<type>\S+)\s+Abstract:\s*")
# Since 2026 the predecessor escapes titles for Markdown: all backslashes and all square brackets.
_ESCAPED = re.compile(r"(?:[^\\\[\]]|\\[\\\[\]])*", re.DOTALL)
_SCORE = re.compile(r"-?\d{1,9}(?:\.\d{1,9})?", re.ASCII)
_SHOWN = 300  # characters of an abstract; "..." follows where it is longer
_HAN = re.compile(f"[{HAN}]")
_LATIN_WORD = re.compile(r"[A-Za-z]+")


@dataclass(frozen=True, slots=True)
class ReadmeEntry:
    """One row: the paper as announced, the predecessor's score, its summary if it has one."""

    announcement: Announcement
    score: float
    summary: Summary | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """One day's README. ``updated`` is None where the file has only an unexpanded placeholder."""

    name: str
    date: date
    updated: datetime | None
    keywords: tuple[str, ...]
    categories: tuple[str, ...]
    entries: tuple[ReadmeEntry, ...]


def is_snapshot(text: str) -> bool:
    """Tell whether the bot or Daybook wrote this: it has a statistics header, and no template's."""
    if "**Last Updated**" not in text:
        return False
    return "{{PAPERS_SECTION}}" not in text or (BEGIN in text and END in text)


def parse_readme(text: str, *, name: str, fallback_date: date | None = None) -> Snapshot:
    """Read a README, mis-decoded or not. ``name`` identifies it in messages and may hold its day.

    ``fallback_date`` is the day where neither the text nor the name tells it. Raises ReadmeError,
    with the line, for whatever cannot be read completely: no row is ever left out.
    """
    text = text.lstrip("\ufeff").replace("\r\n", "\n")
    try:
        part = marked_part(text)
    except ValueError as error:
        raise broken(name, 1, str(error)) from error
    if part is None:
        layout = read_layout(repair(text), name)
        rows = layout.rows
        if all(_ESCAPED.fullmatch(row.title) for row in rows):
            rows = tuple(replace(row, title=unescape_title(row.title)) for row in rows)
    else:
        # A list of Daybook's own. What stands before it is made blank, to keep line numbers.
        before = "\n" * text.count("\n", 0, part[0])
        layout = read_layout(before + text[slice(*part)], name)
        rows = tuple(map(_unescaped, layout.rows))
    header = layout.statistics["Last Updated"]
    updated = _updated(header, name)
    day = updated.date() if updated else _day_of(name) or fallback_date
    if day is None:
        why = "neither the file nor its name (YYYY-MM-DD.md) says which day it is"
        raise broken(name, header.line, why)
    created = updated or datetime.combine(day, time(), UTC)
    monitored = layout.statistics.get("Categories Monitored", Field(0, ""))
    return Snapshot(
        name=name,
        date=day,
        updated=updated,
        keywords=_comma_list(layout.keywords),
        categories=_comma_list(monitored.value),
        entries=tuple(_entry(row, created, name) for row in rows),
    )


def _unescaped(row: ReadmeRow) -> ReadmeRow:
    """Return a row as it was before it was put between the marks of a list."""
    abstract = row.abstract.removesuffix("...")
    return replace(
        row,
        title=unescape_title(row.title),
        fields={n: replace(f, value=unescape_line(f.value)) for n, f in row.fields.items()},
        abstract=unescape_line(abstract),
        is_cut=abstract != row.abstract,
        model=row.model and unescape_html(row.model),
        body=row.body and unescape_body(row.body),
    )


def _updated(field: Field, name: str) -> datetime | None:
    """Return the instant of the header. The bot's clock ran in UTC, and so says the text."""
    if _PLACEHOLDER.fullmatch(field.value):
        return None
    try:
        instant = datetime.fromisoformat(field.value.removesuffix("UTC").strip())
    except ValueError as error:
        raise broken(name, field.line, f"{field.value[:80]!r} is no date and time") from error
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


def _day_of(name: str) -> date | None:
    for written in _DAY.findall(name):
        try:
            return date.fromisoformat(written)
        except ValueError:  # digits that are no day: look further
            continue
    return None


def _comma_list(value: str) -> tuple[str, ...]:
    if _PLACEHOLDER.fullmatch(value):
        return ()
    return tuple(item.strip() for item in value.split(",") if item.strip())


def _entry(row: ReadmeRow, created: datetime, name: str) -> ReadmeEntry:
    score = row.fields["Score"]
    if not _SCORE.fullmatch(score.value):
        raise broken(name, score.line, f"the score {score.value[:80]!r} is no number")
    announcement = _announcement(row, name)
    summary = _summary(row, announcement.id.version, created)
    return ReadmeEntry(announcement, float(score.value), summary)


def _announcement(row: ReadmeRow, name: str) -> Announcement:
    # The oldest rows lack ArXiv ID and Type and print the feed's description whole, which has both.
    description = _DESCRIPTION.match(row.abstract)
    stated = description.groupdict() if description else {}
    abstract = row.abstract[description.end() :] if description else row.abstract
    is_excerpt = row.is_cut
    if is_excerpt is None:
        is_excerpt = _is_cut(row.abstract)
        abstract = abstract.removesuffix("...") if is_excerpt else abstract
    authors = row.fields["Authors"].value
    return Announcement(
        id=_id(row, stated.get("id"), name),
        date=_published(row.fields["Published"], name),
        type=_type(row, stated.get("type"), name),
        title=clean_text(row.title),
        raw_title=row.title,
        authors=() if authors == "Unknown" else split_authors(authors),
        abstract=clean_text(abstract),
        raw_abstract=abstract,
        abstract_is_excerpt=is_excerpt,
        categories=(row.fields["Category"].value,),
    )


def _is_cut(shown: str) -> bool:
    """Tell whether the predecessor cut it. A whole abstract that ends in dots is shorter.

    In a repaired text a lost character may have been several, so its length says nothing.
    """
    return shown.endswith("...") and (len(shown) >= _SHOWN + 3 or "\ufffd" in shown)


def _id(row: ReadmeRow, described: str | None, name: str) -> ArxivId:
    field = row.fields.get("ArXiv ID", Field(row.line, ""))
    try:
        linked = ArxivId.parse(row.link, default_version=1)
        stated = described if field.value in _UNKNOWN else field.value
        if stated is None:
            return linked
        identifier = ArxivId.parse(stated, default_version=linked.version)
    except IdError as error:
        raise broken(name, field.line, str(error)) from error
    if identifier.id != linked.id:
        raise broken(
            name, field.line, f"the row is linked to {linked.id}, but its id is {identifier}"
        )
    return identifier


def _type(row: ReadmeRow, described: str | None, name: str) -> AnnounceType:
    """Return the announce type; ``new`` where a row has none: the only type the bot listed."""
    field = row.fields.get("Type", Field(row.line, ""))
    stated = described if field.value in _UNKNOWN else field.value
    try:
        return AnnounceType(stated or "new")
    except ValueError as error:
        raise broken(name, field.line, f"{stated!r} is no announce type of arXiv") from error


def _published(field: Field, name: str) -> date:
    try:
        return date.fromisoformat(field.value[:10])  # a time may follow; the day is arXiv's already
    except ValueError as error:
        raise broken(name, field.line, f"{field.value[:80]!r} is no date") from error


def _summary(row: ReadmeRow, version: int, created: datetime) -> Summary | None:
    if not row.model or not row.body:
        return None
    han, words = len(_HAN.findall(row.body)), len(_LATIN_WORD.findall(row.body))
    return Summary(
        version=version,
        model=row.model,
        language="zh" if han > words else "en",
        prompt_hash="",
        input="imported",
        created=created,
        tldr=conclusion(row.body),
        body=row.body,
        damaged="\ufffd" in row.body,
    )
