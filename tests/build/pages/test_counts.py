"""What pages count, and in whose words: a paper counts once, however many days list it."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from generator.build.archive.archive import Archive
from generator.build.exports.crawlers import llms
from generator.core.days import CategoryRun, FeedState, Run
from generator.core.texts import LANGUAGES, texts_in
from tests.builders import SITE, make_archive, make_day, make_pages, make_row
from tests.messages import catalogue, messages

MONDAY = date(2026, 2, 2)
ONCE = "A paper counts once, however many days list it."
EIGHT = ("cs.AI", "cs.AR", "cs.CL", "cs.DC", "cs.LG", "cs.OS", "cs.PF", "stat.ML")


def returning() -> Archive:
    """Two days of three papers each, one of which both days list."""
    return make_archive(
        {
            MONDAY: [make_row(1), make_row(2), make_row(3)],
            MONDAY + timedelta(days=1): [make_row(3), make_row(4), make_row(5)],
        }
    )


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("days/2026/2026-W06.md", "2–8 Feb 2026: 5 papers on 2 announcement days"),
        ("days/2026/02/index.md", "February 2026: 5 papers on 2 announcement days"),
        ("days/2026/index.md", "5 papers on 2 announcement days."),
        ("days/2026/index.md", "[February 2026](02/index.md) 5 papers, 2 announcement days"),
        ("days/index.md", "5 papers on 2 announcement days."),
        ("days/index.md", "[February 2026](2026/02/index.md) 5 papers, 2 announcement days"),
        ("index.md", "[February 2026](days/2026/02/index.md) 5\n"),
    ],
)
def test_a_paper_of_two_days_counts_once_wherever_papers_are_counted(page: str, said: str) -> None:
    assert said in make_pages(returning())[page]


def test_language_models_are_told_the_same_numbers() -> None:
    assert "5 papers on 2 announcement days" in llms(returning(), SITE)
    assert "6 papers" not in llms(returning(), SITE)


def test_where_the_days_add_up_to_more_it_is_said_why() -> None:
    pages = make_pages(returning())
    for page in ("days/2026/2026-W06.md", "days/2026/02/index.md", "days/2026/index.md"):
        assert ONCE in pages[page], page
    once = make_pages(make_archive({MONDAY: [make_row(1), make_row(2)]}))
    assert not [page for page, text in once.items() if ONCE in text]


def test_a_part_of_a_page_has_something_in_it() -> None:
    """No heading of tags, neither beside the first page's day nor among the trends' charts."""
    pages = make_pages(make_archive({MONDAY: [make_row(1), make_row(2)]}))
    assert "## Tags" not in pages["index.md"]
    assert "## Tags" not in pages["trends/index.md"]
    assert "trends/tags.csv" not in pages


def said_of_the_day(run: Run, language: str = "en") -> str:
    """The line under the heading of a day with three papers."""
    rows = [make_row(number) for number in (1, 2, 3)]
    known = make_archive({MONDAY: rows}).latest
    archive = Archive.of([entry.paper for entry in known], [make_day(*rows, day=MONDAY, run=run)])
    site = SITE if language == "en" else type(SITE)(*_with(language))
    text = make_pages(archive, site)["days/2026/02/2026-02-02.md"]
    return re.split(r"\n# .*\n", text)[1].strip().split("\n")[0]


def _with(language: str) -> tuple[object, ...]:
    return SITE.title, SITE.url, "", (), (), "USD", (), texts_in(language)


def run_of(state: FeedState, names: tuple[str, ...] = ("cs.AI", "cs.LG"), repeats: int = 0) -> Run:
    one = CategoryRun(state=state, fetched=103, new=51, kept=2, repeats=repeats)
    return Run(categories=dict.fromkeys(names, one))


@pytest.mark.parametrize(
    ("run", "said"),
    [
        (run_of(FeedState.FRESH), "3 of 206 announcements in cs.AI, cs.LG."),
        (run_of(FeedState.FRESH, repeats=4), "3 of 206 announcements in cs.AI, cs.LG."),
        (run_of(FeedState.IMPORTED), "3 papers from an older list of cs.AI, cs.LG."),
    ],
)
def test_a_day_says_how_it_came_about_in_its_readers_words(run: Run, said: str) -> None:
    assert said_of_the_day(run) == said


def test_no_page_speaks_of_what_only_we_know() -> None:
    """Of the bot that came before, of entries of a feed, in either language."""
    sentences = [part for one in messages() for part in ([one] if isinstance(one, str) else one)]
    for language in LANGUAGES[1:]:
        for entry in catalogue(language):
            sentences += [entry.string] if isinstance(entry.string, str) else entry.string
    insider = re.compile("predecessor|feed entr|backfilled|前身|前任|订阅条目", re.I)
    allowed = {"backfilled"}  # the name of a state, which the status page shows
    assert [one for one in sentences if insider.search(one) and one not in allowed] == []
