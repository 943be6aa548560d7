"""Papers and days to JSON bytes and back: the format of ``data/``, described in docs/data.md.

UTF-8, sorted keys, two-space indent, final newline and ``"schema": 2``, so that git diffs read
well. Decoding is strict: a key too many or too few is an error, never a default. Files of older
schemas are brought to the present one as they are read, and written so when they change.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from generator.core.errors import DaybookError, StoreError
from generator.core.models import (
    AnnounceType,
    ArxivId,
    Author,
    Batch,
    BatchItem,
    CategoryRun,
    Day,
    FailureReason,
    FeedState,
    Listing,
    Match,
    Paper,
    Row,
    Run,
    Summary,
    SummaryFailure,
    SummaryKey,
    Usage,
)

SCHEMA = 2
T = TypeVar("T")

# Pages carry it as markup: a tag such as zh-Hant (https://www.rfc-editor.org/rfc/rfc5646).
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")


def encode_paper(paper: Paper) -> bytes:
    """The bytes of ``data/papers/.../<id>.json``."""
    return _dump(
        {
            "schema": SCHEMA,
            "id": paper.id,
            "title": paper.title,
            "authors": [{"name": a.name, "affiliation": a.affiliation} for a in paper.authors],
            "abstract": paper.abstract,
            "abstract_is_excerpt": paper.abstract_is_excerpt,
            "categories": list(paper.categories),
            "listings": [
                {"date": item.date.isoformat(), "version": item.version, "type": item.type}
                for item in paper.listings
            ],
            "doi": paper.doi,
            "journal_ref": paper.journal_ref,
            "license": paper.license,
            "summaries": [
                {
                    **_key(s.key),
                    "input": s.input,
                    "created": _instant(s.created),
                    "body": s.body,
                    "tldr": s.tldr,
                    "tags": list(s.tags),
                    "left_out": list(s.left_out),
                    "usage": None if s.usage is None else _usage(s.usage),
                    "damaged": s.damaged,
                }
                for s in paper.summaries
            ],
            "failures": [
                {
                    **_key(f.key),
                    "reason": f.reason,
                    "detail": f.detail,
                    "attempts": f.attempts,
                    "last": _instant(f.last),
                    "usage": _usage(f.usage),
                }
                for f in paper.failures
            ],
        },
        paper.id,
    )


def decode_paper(data: bytes, *, name: str) -> Paper:
    """Read what ``encode_paper`` wrote; ``name`` says in a StoreError which file is damaged."""

    def build(raw: dict[str, Any]) -> Paper:
        paper = Paper(
            id=_canonical(_text(raw.pop("id"))),
            title=_text(raw.pop("title")),
            authors=_each(raw.pop("authors"), _author),
            abstract=_text(raw.pop("abstract")),
            abstract_is_excerpt=_flag(raw.pop("abstract_is_excerpt")),
            categories=_texts(raw.pop("categories")),
            listings=_each(raw.pop("listings"), _listing),
            doi=_text_or_none(raw.pop("doi")),
            journal_ref=_text_or_none(raw.pop("journal_ref")),
            license=_text_or_none(raw.pop("license")),
            summaries=_each(raw.pop("summaries"), _summary),
            failures=_each(raw.pop("failures"), _failure),
        )
        if not paper.categories or not paper.listings:
            raise ValueError("a paper needs a category and a listing")
        return paper

    return _load(data, name, build, _upgrade_paper)


def encode_day(day: Day) -> bytes:
    """The bytes of ``data/days/<yyyy>/<yyyy-mm-dd>.json``."""
    return _dump(
        {
            "schema": SCHEMA,
            "date": day.date.isoformat(),
            "rows": [
                {
                    "id": row.id.id,
                    "version": row.id.version,
                    "type": row.type,
                    "score": row.score,
                    "matches": [
                        {"keyword": m.keyword, "field": m.field, "weight": m.weight}
                        for m in row.matches
                    ],
                }
                for row in day.rows
            ],
            "run": {
                "updated": _instant(day.run.updated) if day.run.updated else None,
                "keywords": list(day.run.keywords),
                "summarized": [str(i) for i in day.run.summarized],
                "seconds": day.run.seconds,
                "categories": {
                    name: {
                        "state": run.state,
                        "fetched": run.fetched,
                        "new": run.new,
                        "kept": run.kept,
                        "repeats": run.repeats,
                        "feed_date": run.feed_date.isoformat() if run.feed_date else None,
                        "detail": run.detail,
                    }
                    for name, run in day.run.categories.items()
                },
            },
        },
        day.date.isoformat(),
    )


def decode_day(data: bytes, *, name: str) -> Day:
    """Read what ``encode_day`` wrote; ``name`` says in a StoreError which file is damaged."""

    def build(raw: dict[str, Any]) -> Day:
        return Day(
            date=date.fromisoformat(raw.pop("date")),
            rows=_each(raw.pop("rows"), _row),
            run=_whole(raw.pop("run"), _run),
        )

    return _load(data, name, build, _upgrade_day)


def encode_batch(batch: Batch) -> bytes:
    """The bytes of ``data/batches/<token>.json``."""
    return _dump(
        {
            "schema": SCHEMA,
            "token": batch.token,
            "batch_id": batch.batch_id,
            "created": _instant(batch.created),
            "items": [
                {"id": str(item.id), **_key(item.key)}
                | {"input": item.input, "left_out": list(item.left_out)}
                for item in batch.items
            ],
        },
        batch.token,
    )


def decode_batch(data: bytes, *, name: str) -> Batch:
    """Read what ``encode_batch`` wrote; ``name`` says in a StoreError which file is damaged."""

    def build(raw: dict[str, Any]) -> Batch:
        return Batch(
            token=_text(raw.pop("token")),
            batch_id=_text_or_none(raw.pop("batch_id")),
            created=_read_instant(raw.pop("created")),
            items=_each(raw.pop("items"), _batch_item),
        )

    return _load(data, name, build, lambda raw: None)


def _batch_item(raw: dict[str, Any]) -> BatchItem:
    return BatchItem(
        id=ArxivId.parse(_text(raw.pop("id"))),
        key=_read_key(raw),
        input=_text(raw.pop("input")),
        left_out=_texts(raw.pop("left_out")),
    )


def _dump(value: dict[str, Any], item: str) -> bytes:
    text = json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True, allow_nan=False) + "\n"
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise StoreError(
            "Cannot store",
            item=item,
            why=f"its text is not valid Unicode ({error.reason})",
            todo="This is a fault in the reader of that source; please report it",
        ) from error


def _load(
    data: bytes,
    name: str,
    build: Callable[[dict[str, Any]], T],
    upgrade: Callable[[dict[str, Any]], None],
) -> T:
    try:
        raw = json.loads(data)
        if _schema(raw.pop("schema")) == 1:
            upgrade(raw)
        return _whole(raw, build)
    except (ValueError, KeyError, TypeError, AttributeError, DaybookError) as error:
        cause = f"key {error} is missing" if isinstance(error, KeyError) else str(error)
        raise StoreError(
            "Damaged data file",
            item=name,
            why=cause,
            todo="Restore it from git (git checkout -- <file>) and run: generator check",
        ) from error


def _schema(schema: object) -> int:
    if schema not in (1, SCHEMA) or not isinstance(schema, int):
        raise ValueError(f"schema {schema!r} is neither 1 nor {SCHEMA}")
    return schema


def _upgrade_paper(raw: dict[str, Any]) -> None:
    """From schema 1, which knew summaries of the predecessor only."""
    raw["failures"] = []
    for summary in raw["summaries"]:
        summary |= {"tldr": "", "tags": [], "left_out": [], "usage": None}


def _upgrade_day(raw: dict[str, Any]) -> None:
    """From schema 1."""
    raw["run"]["seconds"] = None


def _key(key: SummaryKey) -> dict[str, Any]:
    return {
        "version": key.version,
        "model": key.model,
        "language": key.language,
        "prompt_hash": key.prompt_hash,
    }


def _read_key(raw: dict[str, Any]) -> SummaryKey:
    return SummaryKey(
        version=_count(raw.pop("version")),
        model=_text(raw.pop("model")),
        language=_language(raw.pop("language")),
        prompt_hash=_text(raw.pop("prompt_hash")),
    )


def _usage(usage: Usage) -> dict[str, Any]:
    return {
        "prompt": usage.prompt,
        "cached": usage.cached,
        "completion": usage.completion,
        "cost": usage.cost,
    }


def _author(raw: dict[str, Any]) -> Author:
    return Author(_text(raw.pop("name")), _text_or_none(raw.pop("affiliation")))


def _listing(raw: dict[str, Any]) -> Listing:
    return Listing(
        date.fromisoformat(raw.pop("date")),
        _count(raw.pop("version")),
        AnnounceType(raw.pop("type")),
    )


def _summary(raw: dict[str, Any]) -> Summary:
    return Summary(
        version=_count(raw.pop("version")),
        model=_text(raw.pop("model")),
        language=_language(raw.pop("language")),
        prompt_hash=_text(raw.pop("prompt_hash")),
        input=_text(raw.pop("input")),
        created=_read_instant(raw.pop("created")),
        body=_text(raw.pop("body")),
        tldr=_text(raw.pop("tldr")),
        tags=_texts(raw.pop("tags")),
        left_out=_texts(raw.pop("left_out")),
        usage=None if (usage := raw.pop("usage")) is None else _whole(usage, _read_usage),
        damaged=_flag(raw.pop("damaged")),
    )


def _failure(raw: dict[str, Any]) -> SummaryFailure:
    return SummaryFailure(
        key=_read_key(raw),
        reason=FailureReason(raw.pop("reason")),
        detail=_text(raw.pop("detail")),
        attempts=_count(raw.pop("attempts")),
        last=_read_instant(raw.pop("last")),
        usage=_whole(raw.pop("usage"), _read_usage),
    )


def _read_usage(raw: dict[str, Any]) -> Usage:
    return Usage(
        prompt=_count(raw.pop("prompt")),
        cached=_count(raw.pop("cached")),
        completion=_count(raw.pop("completion")),
        cost=_number_or_none(raw.pop("cost")),
    )


def _row(raw: dict[str, Any]) -> Row:
    return Row(
        id=ArxivId(_canonical(_text(raw.pop("id"))), _count(raw.pop("version"))),
        type=AnnounceType(raw.pop("type")),
        score=_number(raw.pop("score")),
        matches=_each(raw.pop("matches"), _match),
    )


def _match(raw: dict[str, Any]) -> Match:
    return Match(_text(raw.pop("keyword")), _text(raw.pop("field")), _number(raw.pop("weight")))


def _run(raw: dict[str, Any]) -> Run:
    updated = raw.pop("updated")
    return Run(
        updated=None if updated is None else _read_instant(updated),
        keywords=_texts(raw.pop("keywords")),
        categories={
            name: _whole(run, _category_run) for name, run in raw.pop("categories").items()
        },
        summarized=tuple(ArxivId.parse(i) for i in raw.pop("summarized")),
        seconds=_number_or_none(raw.pop("seconds")),
    )


def _category_run(raw: dict[str, Any]) -> CategoryRun:
    feed_date = raw.pop("feed_date")
    return CategoryRun(
        state=FeedState(raw.pop("state")),
        fetched=_count(raw.pop("fetched")),
        new=_count(raw.pop("new")),
        kept=_count(raw.pop("kept")),
        repeats=_count(raw.pop("repeats")),
        feed_date=None if feed_date is None else date.fromisoformat(feed_date),
        detail=_text_or_none(raw.pop("detail")),
    )


def _each(items: list[dict[str, Any]], build: Callable[[dict[str, Any]], T]) -> tuple[T, ...]:
    if not isinstance(items, list):
        raise TypeError(f"{items!r} is not a list")
    return tuple(_whole(item, build) for item in items)


def _whole(raw: dict[str, Any], build: Callable[[dict[str, Any]], T]) -> T:
    """Build a value from an object by popping its keys; one that is left over is an error."""
    value = build(raw)
    if raw:
        raise ValueError(f"unknown key {sorted(raw)[0]!r}")
    return value


def _canonical(identifier: str) -> str:
    if ArxivId.parse(identifier, default_version=1).id != identifier:
        raise ValueError(f"{identifier!r} is not a canonical id without version")
    return identifier


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not a text")
    return value


def _language(value: object) -> str:
    if not _LANGUAGE.fullmatch(_text(value)):
        raise ValueError(f"{value!r} is no language tag")
    return _text(value)


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError(f"{value!r} is not a list")
    return tuple(_text(text) for text in value)


def _text_or_none(value: object) -> str | None:
    return None if value is None else _text(value)


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{value!r} is not true or false")
    return value


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise TypeError(f"{value!r} is not a count")
    return value


def _number(value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise TypeError(f"{value!r} is not a number")
    return float(value)


def _number_or_none(value: object) -> float | None:
    return None if value is None else _number(value)


def _instant(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _read_instant(value: str) -> datetime:
    instant = datetime.fromisoformat(value)
    if instant.tzinfo is None:
        raise ValueError(f"{value!r} has no time zone")
    return instant.astimezone(UTC)
