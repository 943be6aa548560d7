"""arXiv's query API: what it says of a paper, every field, and what is no answer of it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.core.errors import FeedError, QueryError
from generator.core.ids import ArxivId
from generator.core.papers import AnnounceType, Author
from generator.core.withdrawal import withdrawal_notice
from generator.update.sources.api import ApiEntry, ids_url, parse_api, query_url
from generator.update.sources.calendar import expected_announcement, holidays_of, submission_window
from tests.api_answers import HEAD, Result, answer, error
from tests.shared import SHARED, needs_shared

FULL = Result(
    id="cs/0601001",
    version=3,
    title=r"Pok\'emon & $x<y$: ``more''",
    abstract="  We show\nthat <b> is no tag. ",
    authors=((r"J\'er\'emy Valo", "LAB, CITY"), ("Bo Rask", None)),
    categories=("math.CO", "cs.AI", "I.2.6; F.1", "68T05"),
    published=datetime(2026, 1, 2, 18, 0, tzinfo=UTC),
    updated=datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC),
    doi="10.99999/sample",
    journal_ref=r"Ann. Invent\'ees 1 (2026) 2--3",
    comment="12 pages",
)


def only(result: Result) -> ApiEntry:
    (entry,) = parse_api(answer(result), "sample.xml").entries
    return entry


def test_every_field_arrives() -> None:
    assert only(FULL) == ApiEntry(
        id=ArxivId("cs/0601001", 3),
        title="Pokémon & $x<y$: “more”",
        raw_title=FULL.title,
        authors=(Author("Jérémy Valo", "LAB, CITY"), Author("Bo Rask")),
        abstract="We show that <b> is no tag.",
        raw_abstract="We show\nthat <b> is no tag.",
        categories=("math.CO", "cs.AI"),
        published=FULL.published,
        updated=datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC),
        doi="10.99999/sample",
        journal_ref="Ann. Inventées 1 (2026) 2–3",
        comment="12 pages",
    )


def test_the_slice_and_the_total_arrive() -> None:
    page = parse_api(answer(Result(), Result(id="2601.90002"), total=4711, start=300), "x")
    assert (page.total, page.start, len(page.entries)) == (4711, 300, 2)
    empty = parse_api(answer(), "x")
    assert (empty.total, empty.start, empty.entries, empty.skipped) == (0, 0, (), ())


def test_arxivs_error_is_an_error_with_its_reason() -> None:
    with pytest.raises(QueryError, match="incorrect id format for abc") as caught:
        parse_api(error("incorrect id format for abc"), "https://x/api/query?id_list=abc")
    assert caught.value.item == "https://x/api/query?id_list=abc"


def test_a_paper_titled_error_is_a_paper() -> None:
    assert only(Result(title="Error")).title == "Error"


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("abs/2601.90002v1", "abs/nonsense", "Not an arXiv identifier"),
        ("abs/2601.90002v1", "abs/2601.90002", "without a version"),
        ("<title>Two</title>", "<title> </title>", "no title"),
        ("<published>2026-01-03", "<published>yesterday", "published date"),
        ("<published>2026-01-03", "<published>9999-99-99", "published date"),
        ('term="cs.XX"', 'term="F.1"', "no category"),
    ],
)
def test_one_bad_entry_is_skipped_and_reported(old: str, new: str, reason: str) -> None:
    second = Result(
        id="2601.90002",
        title="Two",
        categories=("cs.XX",),
        published=datetime(2026, 1, 3, tzinfo=UTC),
    )
    good = answer(Result(), second, Result(id="2601.90003"))
    data = good.replace(old.encode(), new.encode())
    assert data != good
    page = parse_api(data, "sample.xml")
    assert [entry.id.id for entry in page.entries] == ["2601.90001", "2601.90003"]
    (line,) = page.skipped
    assert line.startswith("entry 2 (")
    assert reason in line
    with pytest.raises(FeedError, match="all 1 fail"):
        parse_api(answer(second).replace(old.encode(), new.encode()), "sample.xml")


@given(st.integers(1, len(answer(FULL, Result())) - 2))
def test_a_broken_off_answer_is_an_error_wherever_it_breaks(length: int) -> None:
    with pytest.raises(FeedError):
        parse_api(answer(FULL, Result())[:length], "sample.xml")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "broken off"),
        (b"Rate exceeded.", "broken off"),
        (b"<!DOCTYPE html><html><body>Sorry", "a web page"),
        (b"<rss version='2.0'><channel/></rss>", "no Atom feed"),
        (HEAD.encode() + b"</feed>", "no Atom feed with totalResults"),
        (answer(total=-1), "no Atom feed with totalResults"),
        (
            b'<!DOCTYPE feed [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><feed>&b;</feed>',
            "document type",
        ),
        (b"\x1f\x8b\x08\x00", "not UTF-8"),
    ],
)
def test_what_is_no_answer_is_an_error(data: bytes, message: str) -> None:
    with pytest.raises(FeedError, match=message) as caught:
        parse_api(data, "sample.xml")
    assert caught.value.item == "sample.xml"
    assert caught.value.todo


def test_the_query_names_categories_and_minutes() -> None:
    begin = datetime(2026, 1, 5, 14, 0, tzinfo=UTC)
    url = query_url("https://x/", ["cs.AI", "cs.LG"], begin, begin + timedelta(days=1), start=7)
    asked = parse_qs(urlsplit(url).query)
    assert url.startswith("https://x/api/query?")
    assert asked["search_query"] == [
        "(cat:cs.AI OR cat:cs.LG) AND submittedDate:[202601051400 TO 202601061359]"
    ]
    assert (asked["sortBy"], asked["sortOrder"]) == (["submittedDate"], ["ascending"])
    assert (asked["start"], asked["max_results"]) == (["7"], ["2000"])
    ids = parse_qs(urlsplit(ids_url("https://x", ["2601.90001", "cs/0601001"])).query)
    assert (ids["id_list"], ids["max_results"]) == (["2601.90001,cs/0601001"], ["2"])


# Real answers


@needs_shared
def test_real_answers_are_read_whole() -> None:
    papers = 0
    for path in sorted((SHARED / "samples" / "arxiv_api").glob("*.xml")):
        data = path.read_bytes()
        if "http400" in path.name:
            with pytest.raises(QueryError, match="incorrect id format for abc"):
                parse_api(data, path.name)
            continue
        page = parse_api(data, path.name)
        assert page.skipped == ()
        assert len(page.entries) == data.count(b"<entry>")
        papers += len(page.entries)
    assert papers > 200


@needs_shared
def test_a_real_answer_has_its_known_values() -> None:
    folder = SHARED / "samples" / "arxiv_api"
    data = (folder / "query_cs.AI-LG-CL_25_2026-08-02.xml").read_bytes()
    page = parse_api(data, "sample")
    first = page.entries[0]
    assert (page.total, len(page.entries)) == (449736, 25)
    assert str(first.id) == "2607.28628v1"
    assert first.categories == ("hep-th", "cs.AI", "cs.LG", "hep-ph")
    assert first.published == datetime(2026, 7, 30, 17, 59, 56, tzinfo=UTC)
    assert first.authors[0].name == "Jonathan J. Heckman"
    assert first.comment is not None
    assert first.comment.startswith("59 pages")


# Which day


def eastern(text: str) -> datetime:
    """``01-05 14:00`` of 2026, in the standard time of US Eastern."""
    return datetime.fromisoformat(f"2026-{text}:00-05:00")


@pytest.mark.parametrize(
    ("submitted", "day"),
    [
        # arXiv's table, row by row. 5 January 2026 is a Monday.
        ("01-05 14:00", date(2026, 1, 7)),
        ("01-06 13:59", date(2026, 1, 7)),
        ("01-06 14:00", date(2026, 1, 8)),
        ("01-07 14:00", date(2026, 1, 9)),
        ("01-08 13:59", date(2026, 1, 9)),
        ("01-08 14:00", date(2026, 1, 12)),
        ("01-09 13:59", date(2026, 1, 12)),
        ("01-09 14:00", date(2026, 1, 13)),
        ("01-10 09:00", date(2026, 1, 13)),
        ("01-12 13:59", date(2026, 1, 13)),
        # Monday 19 January: its mailing goes out with Tuesday's.
        ("01-16 14:00", date(2026, 1, 21)),
        ("01-19 13:59", date(2026, 1, 21)),
        ("01-20 13:59", date(2026, 1, 21)),
        ("01-20 14:00", date(2026, 1, 22)),
    ],
)
def test_the_schedule_says_which_day(submitted: str, day: date) -> None:
    assert expected_announcement(eastern(submitted)) == day


def test_the_deadline_follows_the_clocks() -> None:
    assert expected_announcement(datetime(2026, 7, 7, 17, 59, tzinfo=UTC)) == date(2026, 7, 8)
    assert expected_announcement(datetime(2026, 7, 7, 18, 0, tzinfo=UTC)) == date(2026, 7, 9)
    with pytest.raises(ValueError, match="aware"):
        expected_announcement(datetime(2026, 7, 7))


def test_the_days_after_weekends_and_deferred_mailings_expect_nothing() -> None:
    for day in (date(2026, 1, 10), date(2026, 1, 11), date(2026, 1, 20), date(2026, 12, 30)):
        assert submission_window(day) is None
    for holiday in holidays_of(2026):
        assert submission_window(holiday + timedelta(days=1)) is None
        if holiday.weekday() == 4:  # Friday's deadline is that of Sunday's mailing
            assert submission_window(holiday + timedelta(days=3)) is None


@given(st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1)).map(lambda t: t.astimezone(UTC)))
def test_each_submission_lies_in_the_window_of_its_day(submitted: datetime) -> None:
    window = submission_window(expected_announcement(submitted))
    assert window is not None
    assert window[0] <= submitted < window[1]


def test_windows_follow_one_another_without_gaps() -> None:
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    windows = [window for day in days if (window := submission_window(day))]
    assert all(a[1] == b[0] for a, b in pairwise(windows))


# Withdrawals


@pytest.mark.parametrize(
    "text",
    [
        "This paper has been withdrawn by the author due to a crucial error in equation 3.",
        "This submission has been withdrawn by arXiv administrators.",
        "This article was withdrawn.",
        "Withdrawn by the authors because of an error in Lemma 2",
        "Withdrawn",
        "withdrawn due to errors",
        "Paper withdrawn by the author",
        "[Withdrawn] A theorem",
        "We prove it. This manuscript has been temporarily withdrawn while we check.",
        "12 pages. This version is withdrawn",
    ],
)
def test_a_withdrawal_is_recognised(text: str) -> None:
    assert withdrawal_notice("A Title", text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "We collect papers that have been withdrawn by their authors.",
        "A data set of 14,000 papers withdrawn from arXiv.",
        "The drug has been withdrawn by the manufacturer.",
        "Withdrawn patients are left out of this study.",
        "In this paper we ask why funds are withdrawn.",
        "The work of 1999 was withdrawn later.",
    ],
)
def test_what_is_about_withdrawals_is_none(text: str) -> None:
    assert withdrawal_notice("A Title", text) is None


def test_a_withdrawal_in_the_comment_stands_behind_the_abstract() -> None:
    entry = only(Result(comment="Withdrawn by the author: Lemma 2 is wrong"))
    announced = entry.announcement(date(2026, 1, 6), AnnounceType.REPLACE, 2)
    assert announced.abstract.startswith(Result().abstract)
    assert withdrawal_notice(announced.title, announced.abstract) == (
        "Withdrawn by the author: Lemma 2 is wrong"
    )
    quiet = only(Result(comment="12 pages")).announcement(date(2026, 1, 6), AnnounceType.NEW, 1)
    assert quiet.abstract == Result().abstract


@pytest.mark.parametrize("count", ["9" * 5000, "\u0661", "-1", "1e3", "", "1.0"])
@pytest.mark.parametrize("place", ["totalResults", "startIndex"])
def test_a_count_that_is_none_is_an_error(place: str, count: str) -> None:
    whole = answer(Result()).decode()
    data = re.sub(rf"(<[a-z:]*{place}[^>]*>)[0-9]*<", rf"\g<1>{count}<", whole)
    assert data != whole
    with pytest.raises(FeedError):
        parse_api(data.encode(), "test")


@pytest.mark.parametrize("year", ["9999", "2091", "0001"])
def test_a_paper_of_an_impossible_year_is_skipped(year: str) -> None:
    """Days are reckoned from it, and those after the last one are none."""
    data = re.sub(r"<published>\d{4}", f"<published>{year}", answer(Result()).decode())
    with pytest.raises(FeedError, match="published date cannot be read"):
        parse_api(data.encode(), "test")
