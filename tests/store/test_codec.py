"""The format of ``data/``: what is written is read back, byte for byte and strictly."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.core.days import CategoryRun, Day, FeedState, Match, Row, Run
from generator.core.errors import StoreError
from generator.core.ids import ArxivId
from generator.core.papers import AnnounceType, Author, Listing, Paper
from generator.core.progress import silent
from generator.core.summaries import (
    Batch,
    BatchItem,
    FailureReason,
    Summary,
    SummaryFailure,
    SummaryKey,
    Usage,
)
from generator.store import codec
from generator.store.store import Store
from generator.update.predecessor.imports import read_in_history
from tests.projects import contents
from tests.shared import CORPUS, needs_shared

_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
_texts = st.lists(_text, max_size=2).map(tuple)
_ids = st.sampled_from(["2602.00001", "0704.0001", "math/0309136", "cond-mat/0001001"])
_dates = st.dates(date(1991, 8, 1), date(2100, 1, 1))
_instants = st.datetimes(datetime(1991, 8, 1), datetime(2100, 1, 1), timezones=st.just(UTC)).map(
    lambda instant: instant.replace(microsecond=0)
)
_types = st.sampled_from(AnnounceType)
_version = st.integers(1, 40)
_count = st.integers(0, 2000)
_floats = st.floats(allow_nan=False, allow_infinity=False)
_arxiv_ids = st.builds(ArxivId, _ids, _version)
_key = {
    "version": _version,
    "model": _text,
    "language": st.sampled_from(["zh", "en", "zh-Hant"]),
    "prompt_hash": _text,
}
_usages = st.builds(
    Usage, prompt=_count, cached=_count, completion=_count, cost=st.none() | _floats
)
_summaries = st.builds(
    Summary,
    **_key,
    input=_text,
    created=_instants,
    body=_text,
    tldr=_text,
    tags=_texts,
    search_phrases=_texts,
    left_out=_texts,
    usage=st.none() | _usages,
    damaged=st.booleans(),
)
_failures = st.builds(
    SummaryFailure,
    key=st.builds(SummaryKey, **_key),
    reason=st.sampled_from(FailureReason),
    detail=_text,
    attempts=_count,
    last=_instants,
    usage=_usages,
)
_papers = st.builds(
    Paper,
    id=_ids,
    title=_text,
    authors=st.lists(st.builds(Author, _text, st.none() | _text), max_size=3).map(tuple),
    abstract=_text,
    abstract_is_excerpt=st.booleans(),
    categories=st.lists(_text, min_size=1, max_size=3).map(tuple),
    listings=st.lists(st.builds(Listing, _dates, _version, _types), min_size=1, max_size=3).map(
        tuple
    ),
    doi=st.none() | _text,
    journal_ref=st.none() | _text,
    license=st.none() | _text,
    summaries=st.lists(_summaries, max_size=2).map(tuple),
    failures=st.lists(_failures, max_size=2).map(tuple),
)
_rows = st.builds(
    Row,
    id=_arxiv_ids,
    type=_types,
    score=_floats,
    matches=st.lists(st.builds(Match, _text, _text, _floats), max_size=2).map(tuple),
)
_runs = st.builds(
    Run,
    updated=st.none() | _instants,
    keywords=_texts,
    summarized=st.lists(_arxiv_ids, max_size=2).map(tuple),
    seconds=st.none() | _floats,
    categories=st.dictionaries(
        _text,
        st.builds(
            CategoryRun,
            state=st.sampled_from(FeedState),
            fetched=_count,
            new=_count,
            kept=_count,
            repeats=_count,
            feed_date=st.none() | _dates,
            detail=st.none() | _text,
        ),
        max_size=2,
    ),
)
_days = st.builds(Day, date=_dates, rows=st.lists(_rows, max_size=3).map(tuple), run=_runs)
_batches = st.builds(
    Batch,
    token=_text,
    batch_id=st.none() | _text,
    created=_instants,
    items=st.lists(
        st.builds(
            BatchItem,
            id=_arxiv_ids,
            key=st.builds(SummaryKey, **_key),
            input=_text,
            left_out=_texts,
        ),
        max_size=2,
    ).map(tuple),
)

DAY = date(2026, 2, 5)
NOON = datetime(2026, 2, 5, 12, tzinfo=UTC)
FAILURE = SummaryFailure(
    key=SummaryKey(1, "m", "en", ""), reason=FailureReason.TIMEOUT, detail="", attempts=1, last=NOON
)
SUMMARY = Summary(
    version=1, model="m", language="en", prompt_hash="", input="abstract", created=NOON, body=""
)
PAPER = Paper(
    id="2602.90001",
    title="Sample",
    authors=(Author("Ada Sample"),),
    abstract="",
    abstract_is_excerpt=False,
    categories=("cs.LG",),
    listings=(Listing(DAY, 1, AnnounceType.NEW),),
    summaries=(replace(SUMMARY, usage=Usage()),),
    failures=(FAILURE,),
)
ROW = Row(id=ArxivId("2602.90001", 1), type=AnnounceType.NEW, score=1.0)
WHOLE_DAY = Day(
    date=DAY,
    rows=(replace(ROW, matches=(Match("LLM", "title", 1.0),)),),
    run=Run(updated=NOON, categories={"cs.LG": CategoryRun(state=FeedState.FRESH)}),
)
BATCH = Batch(
    token="t",
    batch_id=None,
    created=NOON,
    items=(BatchItem(id=ROW.id, key=FAILURE.key, input="abstract"),),
)


def plain(data: bytes) -> bytes:
    """The same document as Python's own ``json`` writes it."""
    return (
        f"{json.dumps(json.loads(data), ensure_ascii=False, indent=2, sort_keys=True)}\n".encode()
    )


@given(_papers)
def test_a_paper_is_read_back_as_it_was_written(value: Paper) -> None:
    data = codec.encode_paper(value)
    assert codec.decode_paper(data, name="x") == value
    assert b'\n  "schema": 3,\n' in data
    assert data == plain(data)


@given(_days)
def test_a_day_is_read_back_as_it_was_written(value: Day) -> None:
    data = codec.encode_day(value)
    assert codec.decode_day(data, name="x") == value
    assert data == plain(data)


@given(_batches)
def test_a_batch_is_read_back_as_it_was_written(value: Batch) -> None:
    data = codec.encode_batch(value)
    assert codec.decode_batch(data, name="x") == value
    assert data == plain(data)


@needs_shared
def test_every_file_of_the_real_archive_is_written_as_it_was_read(tmp_path: Path) -> None:
    read_in_history(Store(tmp_path), CORPUS, lambda _: nullcontext(silent))
    files = contents(tmp_path)
    assert len(files) > 3700
    for name, data in files.items():
        if name.startswith("papers/"):
            assert codec.encode_paper(codec.decode_paper(data, name=name)) == data == plain(data)
        else:
            assert codec.encode_day(codec.decode_day(data, name=name)) == data == plain(data)


def test_search_phrases_are_kept_and_older_summaries_have_none() -> None:
    phrased = replace(SUMMARY, language="zh", search_phrases=("why is it slow", "为什么慢"))
    paper = replace(PAPER, summaries=(*PAPER.summaries, phrased))
    data = codec.encode_paper(paper)
    assert codec.decode_paper(data, name="x") == paper
    for wrong in (["x", 3], "x", None):
        raw = json.loads(data)
        raw["summaries"][1]["search_phrases"] = wrong
        with pytest.raises(StoreError, match="search_phrases"):
            codec.decode_paper(json.dumps(raw).encode(), name="x")
    raw = json.loads(data)
    raw["schema"] = 2
    for summary in raw["summaries"]:
        del summary["search_phrases"]
    older = codec.decode_paper(json.dumps(raw).encode(), name="x")
    assert [summary.search_phrases for summary in older.summaries] == [(), ()]


def test_instants_are_utc_in_whole_seconds_however_they_are_given() -> None:
    east = datetime(2026, 2, 5, 7, 0, 0, 123456, timezone(timedelta(hours=-5)))
    data = codec.encode_day(Day(date=DAY, rows=(), run=Run(updated=east)))
    assert b'"updated": "2026-02-05T12:00:00Z"' in data
    updated = codec.decode_day(data, name="x").run.updated
    assert updated == NOON
    assert updated is not None
    assert updated.tzinfo is UTC
    for other in (b"07:00:00-05:00", b"12:00:00", b"12:00:00.5Z", b"12:00:00Z\\n"):
        with pytest.raises(StoreError, match="Expected `str` matching regex"):
            codec.decode_day(data.replace(b"12:00:00Z", other), name="x")


def _paper(change: Any) -> bytes:
    raw = json.loads(codec.encode_paper(PAPER))
    change(raw)
    return json.dumps(raw).encode()


def _day(change: Any) -> bytes:
    raw = json.loads(codec.encode_day(Day(date=DAY, rows=(ROW,), run=Run(updated=NOON))))
    change(raw)
    return json.dumps(raw).encode()


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for part in value.values() if isinstance(value, dict) else value:
        if isinstance(part, dict | list):
            yield from _objects(part)


@pytest.mark.parametrize(
    ("data", "decode"),
    [
        (codec.encode_paper(PAPER), codec.decode_paper),
        (codec.encode_day(WHOLE_DAY), codec.decode_day),
        (codec.encode_batch(BATCH), codec.decode_batch),
    ],
)
def test_no_object_of_a_file_has_a_key_too_many_or_too_few(data: bytes, decode: Any) -> None:
    count = len(list(_objects(json.loads(data))))
    for number in range(count):
        for key in (*list(_objects(json.loads(data)))[number], "extra"):
            raw = json.loads(data)
            changed = list(_objects(raw))[number]
            if key == "extra":
                changed["extra"] = None
            elif key not in raw.get("run", {}).get("categories", ()):
                del changed[key]
            else:
                continue
            with pytest.raises(StoreError):
                decode(json.dumps(raw).encode(), name="x")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda raw: raw.update(abstract_is_excerpt=0), "`bool`, got `int` - at `$.abstract_is"),
        (lambda raw: raw.update(authors={}), "Expected `array`, got `object` - at `$.authors`"),
        (lambda raw: raw.update(summaries=[3]), "Expected `object`, got `int` - at `$.summaries"),
        (lambda raw: raw["listings"][0].update(version=-1), "`int` >= 0 - at `$.listings[0].ver"),
        (
            lambda raw: raw["listings"][0].update(version=True),
            "got `bool` - at `$.listings[0].version`",
        ),
        (
            lambda raw: raw["listings"][0].update(version="1"),
            "got `str` - at `$.listings[0].version`",
        ),
        (lambda raw: raw["listings"][0].update(date="2026-02-30"), "$.listings[0].date`"),
        (lambda raw: raw["summaries"][0].update(language="e n"), "$.summaries[0].language`"),
        (lambda raw: raw["summaries"][0].update(language="en\n"), "$.summaries[0].language`"),
        (
            lambda raw: raw["summaries"][0].update(created="2026-02-05T12:00:00"),
            "$.summaries[0].created`",
        ),
        (lambda raw: raw["summaries"][0].pop("usage"), "missing required field `usage` - at `$.su"),
        (lambda raw: raw["failures"][0].update(reason="mood"), "'mood' - at `$.failures[0].rea"),
        (lambda raw: raw.pop("schema"), "missing required field `schema`"),
        (lambda raw: raw.update(schema="3"), "$.schema`"),
        (lambda raw: raw.update(categories=[]), "`array` of length >= 1 - at `$.categories`"),
    ],
)
def test_damage_of_a_paper_is_said_with_its_place(change: Any, says: str) -> None:
    with pytest.raises(StoreError) as caught:
        codec.decode_paper(_paper(change), name="papers/x.json")
    assert caught.value.item == "papers/x.json"
    assert says in caught.value.why


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda raw: raw["rows"][0].update(id="2602.90001v1"), "without version - at `$.rows[0]"),
        (lambda raw: raw["rows"][0].update(score=10**400), "$.rows[0].score`"),
        (lambda raw: raw["rows"][0].update(score="1"), "$.rows[0].score`"),
        (lambda raw: raw["rows"][0].update(extra=1), "unknown field `extra` - at `$.rows[0]`"),
        (lambda raw: raw["run"].update(summarized=["2602.90001"]), "needed here - at `$.run`"),
        (lambda raw: raw["run"].update(summarized=["x"]), "nor archive/YYMMNNN - at `$.run`"),
        (lambda raw: raw["run"].update(updated="2026-02-05T12:00:00"), "$.run.updated`"),
        (lambda raw: raw["run"].update(categories={"cs.LG": {}}), "$.run.categories[...]`"),
    ],
)
def test_damage_of_a_day_is_said_with_its_place(change: Any, says: str) -> None:
    with pytest.raises(StoreError) as caught:
        codec.decode_day(_day(change), name="x")
    assert says in caught.value.why


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff",
        b"[]",
        b"null",
        b'{"schema": 3, "id": "\xff"}',
        b'{"schema": 3, "id": "\\ud800"}',
        b'{"schema": 3, "deep": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"schema": 3, "id": NaN}',
        b'{"schema": 1}',
        b'{"schema": 1, "summaries": [3], "run": 3}',
        b'{"schema": 2, "summaries": [{"input": "imported", "tldr": "", "body": 3}]}',
        b'{"schema": ' + b"9" * 5000 + b"}",
        b'{"schema": 3, "date": "2026-02-05", "rows": [' + b"9" * 5000 + b"]}",
        b'{"schema": 1, "summaries": [], "run": {"seconds": ' + b"9" * 5000 + b"}}",
    ],
)
def test_whatever_stands_in_a_file_the_error_is_the_stores(data: bytes) -> None:
    for decode in (codec.decode_paper, codec.decode_day, codec.decode_batch):
        with pytest.raises(StoreError, match="Damaged data file: x: "):
            decode(data, name="x")


@pytest.mark.parametrize("identifier", ["2602.90001", "x"])
def test_an_item_of_a_batch_needs_an_id_with_a_version(identifier: str) -> None:
    data = codec.encode_batch(BATCH)
    damaged = data.replace(b'"2602.90001v1"', f'"{identifier}"'.encode())
    with pytest.raises(StoreError, match=r"needed here|nor archive") as caught:
        codec.decode_batch(damaged, name="x")
    assert "at `$.items[0]`" in caught.value.why


def test_what_is_no_number_is_not_written() -> None:
    with pytest.raises(StoreError, match="no number that JSON has"):
        codec.encode_day(Day(date=DAY, rows=(), run=Run(seconds=float("nan"))))
