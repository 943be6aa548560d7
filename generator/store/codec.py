"""Papers, days and batches to JSON bytes and back: the format of ``data/``, as docs/data.md has it.

UTF-8, sorted keys, two-space indent, final newline and ``"schema": 3``, so that git diffs read
well. Decoding is strict: a key too many or too few is an error, never a default. Files of older
schemas are brought to the present one as they are read, and written so when they change.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any, Protocol, TypeVar, get_type_hints

import msgspec
from msgspec import Meta, Struct, field

from generator.core.days import CategoryRun, Day, Match, Row, Run
from generator.core.errors import DaybookError, IdError, StoreError
from generator.core.ids import ArxivId
from generator.core.papers import Author, Listing, Paper
from generator.core.summaries import (
    Batch,
    BatchItem,
    Count,
    LanguageTag,
    Summary,
    SummaryFailure,
    SummaryKey,
    Usage,
)
from generator.markup.conclusion import conclusion

SCHEMA = 3
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Decode(Protocol[T_co]):
    """One of the functions below that read a file's bytes."""

    def __call__(self, data: bytes, *, name: str) -> T_co:
        """Return what they hold. Raises StoreError."""


# Of these centuries, so that a week can be added and taken away: arXiv began in 1991.
_Date = Annotated[str, Meta(pattern=r"^(199\d|2\d{3})-\d\d-\d\d\Z")]
_Instant = Annotated[str, Meta(pattern=r"^(199\d|2\d{3})-\d\d-\d\dT\d\d:\d\d:\d\dZ\Z")]


class _Record(Struct, forbid_unknown_fields=True, kw_only=True):
    """An object in a file. It has no defaults, so that no key may be missing."""


class _Schema(Struct):
    schema: int


# Where a file is flatter than a value: the file's own keys, and properties with what the value has.
# These must not raise (msgspec would take a default instead), so ``__post_init__`` checks before;
# to a ValueError from there msgspec adds the place.


class _PaperFile(_Record):
    schema: int
    id: str

    def __post_init__(self) -> None:
        _check_canonical(self.id)


class _Keyed(_Record):
    version: Count
    model: str
    language: LanguageTag
    prompt_hash: str

    @property
    def key(self) -> SummaryKey:
        return SummaryKey(self.version, self.model, self.language, self.prompt_hash)


class _KeyedItem(_Keyed):
    identifier: str = field(name="id")

    def __post_init__(self) -> None:
        _parse(self.identifier)

    @property
    def id(self) -> ArxivId:
        return ArxivId.parse(self.identifier)


class _Versioned(_Record):
    identifier: str = field(name="id")
    version: Count

    def __post_init__(self) -> None:
        _check_canonical(self.identifier)

    @property
    def id(self) -> ArxivId:
        return ArxivId(self.identifier, self.version)


class _Summarized(_Record):
    identifiers: list[str] = field(name="summarized")

    def __post_init__(self) -> None:
        for identifier in self.identifiers:
            _parse(identifier)

    @property
    def summarized(self) -> list[ArxivId]:
        return [ArxivId.parse(identifier) for identifier in self.identifiers]


def _parse(identifier: str, *, default_version: int | None = None) -> ArxivId:
    """Parse an id for ``__post_init__``: msgspec adds the place to a ValueError."""
    try:
        return ArxivId.parse(identifier, default_version=default_version)
    except IdError as error:
        raise ValueError(f"{error.what}: {error.item}: {error.why}") from error


def _check_canonical(identifier: str) -> None:
    if _parse(identifier, default_version=1).id != identifier:
        raise ValueError(f"{identifier!r} is not a canonical id without version")


def _record(kind: type, base: type[_Record] = _Record, **changed: Any) -> Any:
    """Make the record of a dataclass: each of its fields is a key that must be there.

    ``base`` stands in for fields that a file spells with other keys; ``changed`` has the types of
    those that are records themselves, or texts in a file.
    """
    types = get_type_hints(kind, include_extras=True) | changed
    own = [(name, type_) for name, type_ in types.items() if not hasattr(base, name)]
    return msgspec.defstruct(f"_{kind.__name__}", own, bases=(base,), kw_only=True)


def _list(item: Any, least: int = 0) -> Any:
    return Annotated[list[item], Meta(min_length=least)]


def _dict(item: Any) -> Any:
    return dict[str, item]


_Usage = _record(Usage)
_Summary = _record(Summary, created=_Instant, usage=_Usage | None)
_Failure = _record(SummaryFailure, _Keyed, last=_Instant, usage=_Usage)
_Paper = _record(
    Paper,
    _PaperFile,
    authors=_list(_record(Author)),
    categories=_list(str, 1),
    listings=_list(_record(Listing, date=_Date), 1),
    summaries=_list(_Summary),
    failures=_list(_Failure),
)
_Row = _record(Row, _Versioned, matches=_list(_record(Match)))
_CategoryRun = _record(CategoryRun, feed_date=_Date | None)
_Run = _record(Run, _Summarized, updated=_Instant | None, categories=_dict(_CategoryRun))
_Day = _record(Day, schema=int, date=_Date, rows=_list(_Row), run=_Run)
_BatchItem = _record(BatchItem, _KeyedItem)
_Batch = _record(Batch, schema=int, created=_Instant, items=_list(_BatchItem))

_ENCODER = msgspec.json.Encoder(order="sorted")
_SCHEMAS = msgspec.json.Decoder(_Schema)
_PAPERS = msgspec.json.Decoder(_Paper)
_DAYS = msgspec.json.Decoder(_Day)
_BATCHES = msgspec.json.Decoder(_Batch)


def encode_paper(paper: Paper) -> bytes:
    """Return the bytes of ``data/papers/.../<id>.json``. Raises StoreError."""
    raw = msgspec.to_builtins(paper)
    for record, summary in zip(raw["summaries"], paper.summaries, strict=True):
        record["created"] = _instant(summary.created)
        if summary.usage:
            record["usage"]["cost"] = _number(summary.usage.cost)
    for record, failure in zip(raw["failures"], paper.failures, strict=True):
        record.update(record.pop("key"))
        record["last"] = _instant(failure.last)
        record["usage"]["cost"] = _number(failure.usage.cost)
    return _dump(raw, paper.id)


def decode_paper(data: bytes, *, name: str) -> Paper:
    """Read what ``encode_paper`` wrote; ``name`` says in a StoreError which file is damaged."""
    return _load(data, name, _PAPERS, Paper, _upgrade_paper)


def encode_day(day: Day) -> bytes:
    """Return the bytes of ``data/days/<yyyy>/<yyyy-mm-dd>.json``. Raises StoreError."""
    raw = msgspec.to_builtins(day)
    for row in raw["rows"]:
        row.update(row.pop("id"))
        row["score"] = _number(row["score"])
        for match in row["matches"]:
            match["weight"] = _number(match["weight"])
    raw["run"] |= {
        "updated": _instant(day.run.updated) if day.run.updated else None,
        "summarized": [str(identifier) for identifier in day.run.summarized],
        "seconds": _number(day.run.seconds),
    }
    return _dump(raw, day.date.isoformat())


def decode_day(data: bytes, *, name: str) -> Day:
    """Read what ``encode_day`` wrote; ``name`` says in a StoreError which file is damaged."""
    return _load(data, name, _DAYS, Day, _upgrade_day)


def encode_batch(batch: Batch) -> bytes:
    """Return the bytes of ``data/batches/<token>.json``. Raises StoreError."""
    raw = msgspec.to_builtins(batch)
    raw["created"] = _instant(batch.created)
    for record, item in zip(raw["items"], batch.items, strict=True):
        record.update(record.pop("key"))
        record["id"] = str(item.id)
    return _dump(raw, batch.token)


def decode_batch(data: bytes, *, name: str) -> Batch:
    """Read what ``encode_batch`` wrote; ``name`` says in a StoreError which file is damaged."""
    return _load(data, name, _BATCHES, Batch, lambda raw: None)


def _dump(raw: dict[str, Any], item: str) -> bytes:
    try:
        compact = _ENCODER.encode(raw | {"schema": SCHEMA})
    except UnicodeEncodeError as error:
        raise StoreError(
            "Cannot store",
            item=item,
            why=f"its text is not valid Unicode ({error.reason})",
            todo="This is a fault in the reader of that source; please report it",
        ) from error
    return msgspec.json.format(compact, indent=2) + b"\n"


def _instant(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _number(value: float | None) -> msgspec.Raw:
    """Return a number as Python spells it: msgspec writes 1e-05 as 0.00001, and NaN as null."""
    try:
        return msgspec.Raw(json.dumps(value, allow_nan=False).encode())
    except ValueError as error:
        raise StoreError(
            "Cannot store",
            item=str(value),
            why="it is no number that JSON has",
            todo="This is a fault in what computed it; please report it",
        ) from error


def _load(
    data: bytes,
    name: str,
    decoder: msgspec.json.Decoder[Any],
    kind: type[T],
    upgrade: Callable[[dict[str, Any]], None],
) -> T:
    try:
        if _schema(data) == SCHEMA:
            record = decoder.decode(data)
        else:
            raw = msgspec.json.decode(data)
            upgrade(raw)
            record = msgspec.convert(raw, decoder.type)
        return msgspec.convert(record, kind, from_attributes=True)
    except (msgspec.MsgspecError, DaybookError, ValueError, RecursionError) as error:
        raise StoreError(
            "Damaged data file",
            item=name,
            why=str(error),
            todo="Restore it from git (git checkout -- <file>) and run: generator check",
        ) from error


def _schema(data: bytes) -> int:
    schema = _SCHEMAS.decode(data).schema
    if schema not in range(1, SCHEMA + 1):
        raise ValueError(f"schema {schema} is none from 1 to {SCHEMA}")
    return schema


def _upgrade_paper(raw: dict[str, Any]) -> None:
    """Bring a paper up to the present schema.

    Schema 1 knew summaries of the predecessor only; schema 2 had no sentence of these, and no
    search phrases.
    """
    if raw["schema"] == 1:
        raw["failures"] = []
    for summary in _objects(raw.get("summaries")):
        if raw["schema"] == 1:
            summary |= {"tldr": "", "tags": [], "left_out": [], "usage": None}
        summary["search_phrases"] = []
        if summary.get("input") == "imported" and summary.get("tldr") == "":
            summary["tldr"] = conclusion(str(summary.get("body")))


def _upgrade_day(raw: dict[str, Any]) -> None:
    """Bring a day up from schema 1; those of schema 2 and 3 are the same."""
    if raw["schema"] == 1:
        for run in _objects([raw.get("run")]):
            run["seconds"] = None


def _objects(value: object) -> list[dict[str, Any]]:
    """Return the objects in a list; its record refuses whatever else there is."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
