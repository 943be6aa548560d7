"""The bundled week of invented papers holds what the demo promises, and looks like arXiv's."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

import pytest

from generator.core.errors import FetchError
from generator.core.papers import Announcement, AnnounceType
from generator.markup.render import render_block
from generator.sample import (
    CATEGORIES,
    DAYS,
    feed_bytes,
    sample_papers,
    sample_summaries,
    serve_sample,
)
from generator.update.sources.feed import feed_url, parse_feed
from generator.update.sources.http import Fetcher
from generator.update.summarize.fields import headings
from generator.update.summarize.reply.phrases import tidy_phrases


@pytest.fixture(scope="module")
def week() -> dict[tuple[date, str], tuple[Announcement, ...]]:
    feeds = {}
    for day in DAYS:
        for category in CATEGORIES:
            feed = parse_feed(feed_bytes(day, category), source=f"{day} {category}")
            assert feed.skipped == ()
            feeds[day, category] = feed.announcements
    return feeds


def test_the_papers_are_whole_and_plainly_invented() -> None:
    papers = sample_papers()
    assert len({paper.id for paper in papers}) == len(papers) >= 80
    for paper in papers:
        assert 80 <= len(paper.abstract.split()) <= 180, paper.id
        assert paper.id.partition(".")[2].startswith("90") or paper.id == "cs/0601001"
        assert paper.title.strip()
        assert paper.authors.strip()
        assert set(paper.categories) & set(CATEGORIES)
    assert len({paper.title for paper in papers}) == len(papers)
    assert b"<!-- Sample data: invented papers" in feed_bytes(DAYS[0], "cs.AI")[:200]
    assert b"<description>Sample data: invented papers" in feed_bytes(DAYS[0], "cs.AI")


def test_every_weekday_has_its_papers_and_saturday_none(week) -> None:
    for (day, category), announcements in week.items():
        if day.weekday() == 5:
            assert announcements == ()
        else:
            assert 8 <= len(announcements) <= 20
            assert {announcement.date for announcement in announcements} == {day}
            assert all(category in announcement.categories for announcement in announcements)


def test_each_kind_of_announcement_occurs_and_agrees_between_feeds(week) -> None:
    kinds = Counter(a.type for announcements in week.values() for a in announcements)
    assert set(kinds) == set(AnnounceType)
    by_paper = defaultdict(list)
    for (day, category), announcements in week.items():
        for announcement in announcements:
            by_paper[day, announcement.id].append((category, announcement))
    assert any(len(places) > 1 for places in by_paper.values())
    for places in by_paper.values():
        for category, announcement in places:
            primary = announcement.primary_category == category
            assert announcement.type in (
                (AnnounceType.NEW, AnnounceType.REPLACE)
                if primary
                else (AnnounceType.CROSS, AnnounceType.REPLACE_CROSS)
            )
            assert announcement.abstract == places[0][1].abstract


def test_a_revision_follows_its_first_version(week) -> None:
    versions = defaultdict(set)
    for (day, _), announcements in week.items():
        for announcement in announcements:
            versions[announcement.id.id].add((day, announcement.id.version))
    revised = {number: sorted(found) for number, found in versions.items() if len(found) > 1}
    assert len(revised) >= 10
    for found in revised.values():
        assert [version for _, version in found] == sorted({version for _, version in found})


def test_the_traps_of_real_feeds_are_there(week) -> None:
    everything = [a for announcements in week.values() for a in announcements]
    titles = " ".join(a.title for a in everything)
    assert all(mark in titles for mark in ("|", "]", "_", "<script>", "$", "投机解码"))
    assert max(len(a.title) for a in everything) >= 300
    assert max(len(a.authors) for a in everything) == 60
    assert any(a.id.id == "cs/0601001" and a.id.version == 3 for a in everything)
    assert any("," in (author.affiliation or "") for a in everything for author in a.authors)
    assert any(a.doi for a in everything)
    assert any(a.journal_ref for a in everything)
    assert {bool(a.license) for a in everything} == {True, False}
    assert any(r"\'" in paper.authors for paper in sample_papers())
    names = [author.name for a in everything for author in a.authors]
    assert not [name for name in names if set(name) & set("\\{}$(),")]


def test_three_papers_have_summaries_in_the_form_of_a_models_and_say_what_they_are() -> None:
    found = sample_summaries()
    assert len({identifier for identifier, _ in found}) == 3
    assert Counter(summary.language for _, summary in found) == {"en": 3, "zh": 1}
    for _, summary in found:
        shown = render_block(summary.body, top_heading=2).headings
        assert tuple(h.text for h in shown if h.level == 2) == headings(summary.language)
        assert (summary.input, summary.usage, summary.prompt_hash) == ("sample", None, "")
        assert "sample" in summary.model
        assert len(summary.tldr) <= 300
        assert 3 <= len(summary.tags) <= 8
        assert tidy_phrases(list(summary.search_phrases)) == summary.search_phrases
    assert sum(len(summary.search_phrases) == 6 for _, summary in found) == 3


def test_the_feeds_are_served_with_validators(tmp_path: Path) -> None:
    with serve_sample(DAYS[2]) as base, Fetcher(tmp_path / "cache", delay=0) as fetcher:
        first = fetcher.get(feed_url("cs.CL", base))
        again = fetcher.get(feed_url("cs.CL", base))
    assert first.body == again.body == feed_bytes(DAYS[2], "cs.CL")
    assert (first.from_cache, again.from_cache) == (False, True)


def test_an_unknown_category_is_refused_as_by_arxiv() -> None:
    with (
        serve_sample(DAYS[0]) as base,
        Fetcher(delay=0) as fetcher,
        pytest.raises(FetchError, match=r"HTTP 400 .*Feed error for query: cs\.XX"),
    ):
        fetcher.get(feed_url("cs.XX", base))
