"""What a reader sees of summaries: on a paper's page, on cards, in lists, feeds and the search."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import feedparser
import pytest
from playwright.sync_api import Page, expect

from generator.build.archive.archive import Archive
from generator.build.exports.feeds import feed_makers
from generator.build.pages.makers import page_makers
from generator.build.search.index import update_index
from generator.build.search.opened import open_parts
from generator.build.search.records import record, texts
from generator.build.search.searching import Filters, search
from generator.build.site.pagehtml import PageHtml, page_html, split_front_matter
from generator.core.papers import AnnounceType, Listing, Paper
from generator.core.progress import silent
from generator.core.summaries import FailureReason, Summary, SummaryFailure, SummaryKey, Usage
from generator.core.texts import texts_in
from generator.store.merge import add_failure, add_summary, current_summaries, current_summary
from tests.builders import DAY, SITE, make_archive, make_paper, make_row, make_summary

MADE = datetime(2026, 2, 5, 9, tzinfo=UTC)
EUROS = replace(SITE, currency="EUR")
ABSTRACT = "Sleep is studied. We show that an LLM of $n$ parts dreams in linear time."
PAPER = make_paper(title="Sleepy kernels", authors=("Ana Muster",), abstract=ABSTRACT)
ENGLISH = make_summary(
    created=MADE,
    tldr="Dreams of $n$ parts take linear time.",
    tags=("Kernel", "somnology"),
    left_out=("Appendix A", "Proofs"),
    usage=Usage(prompt=12_000, completion=345, cost=0.01234),
    body="## What\n\nA *dream*.",
)
CHINESE = replace(
    ENGLISH, language="zh", tldr="梦只需线性时间。", tags=("梦",), body="## What\n\n一个梦。"
)
FAILURE = SummaryFailure(
    key=SummaryKey(1, "sample-model", "en", "0123"),
    reason=FailureReason.CONTENT_FILTER,
    detail="a secret detail",
    attempts=1,
    last=MADE,
)


def archive_of(*papers: Paper) -> Archive:
    return make_archive({DAY: [make_row(paper, "kernel") for paper in papers]}, papers)


def with_summaries(*summaries: Summary) -> Paper:
    paper = PAPER
    for summary in summaries:
        paper = add_summary(paper, summary)
    return paper


def sources(paper: Paper) -> dict[str, str]:
    archive = archive_of(paper)
    makers = [*page_makers(archive, EUROS), *feed_makers(archive, EUROS)]
    return {path: data.decode() for make in makers for path, data in make()}


def paper_page(paper: Paper) -> tuple[str, PageHtml]:
    """The page's text without markup, and the page."""
    path = f"papers/2602/{paper.id}.md"
    page = page_html(
        path, *split_front_matter(path, sources(paper)[path]), lambda source: True, texts_in("en")
    )
    return " ".join(re.sub("<[^>]*>", " ", page.content).split()), page


def day_page(paper: Paper) -> str:
    return sources(paper)["days/2026/02/2026-02-05.md"]


# --- Which summary ----------------------------------------------------------------------------


def test_the_current_summaries_are_the_newest_of_each_language() -> None:
    old = replace(ENGLISH, created=MADE - timedelta(days=9), model="older")
    paper = with_summaries(old, CHINESE, ENGLISH)
    assert current_summaries(paper) == (ENGLISH, CHINESE)
    assert current_summary(paper) == ENGLISH
    assert current_summary(PAPER) is None


def test_which_language_was_finished_first_does_not_decide_their_order() -> None:
    sooner = replace(CHINESE, created=MADE - timedelta(seconds=20))
    later = replace(CHINESE, created=MADE + timedelta(seconds=20))
    for chinese in (sooner, later):
        assert [s.language for s in current_summaries(with_summaries(ENGLISH, chinese))] == [
            *("en", "zh")
        ]


def test_a_summary_of_a_newer_version_comes_first_and_a_damaged_one_last() -> None:
    newer = replace(CHINESE, version=2)
    assert current_summaries(with_summaries(ENGLISH, newer)) == (newer, ENGLISH)
    damaged = replace(ENGLISH, damaged=True)
    assert current_summaries(with_summaries(damaged, CHINESE)) == (CHINESE, damaged)
    # Of one language, the whole one is shown, even where the damaged one is newer.
    later = replace(damaged, version=2, created=MADE + timedelta(days=1))
    assert current_summaries(with_summaries(ENGLISH, later)) == (ENGLISH,)


def test_tags_of_the_summary_follow_the_keywords_and_none_is_there_twice() -> None:
    archive = archive_of(with_summaries(ENGLISH))
    assert archive.listed[PAPER.id][-1].tags == ("kernel", "somnology")
    assert list(archive.tags) == ["kernel", "somnology"]
    # A language without tags does not hide those of another one.
    bare = replace(ENGLISH, tags=())
    assert archive_of(with_summaries(bare, CHINESE)).listed[PAPER.id][-1].tags == ("kernel", "梦")


def test_the_overview_names_the_tags_that_are_used_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generator.build.pages.topics.TAGS_SHOWN", 1)
    page = sources(with_summaries(ENGLISH))["tags/index.md"]
    assert page.count("\n- [") == 1
    assert " Left out here: 1 rarer tag." in page


# --- A paper's page ---------------------------------------------------------------------------


def test_a_page_says_where_the_summary_comes_from() -> None:
    text, page = paper_page(with_summaries(ENGLISH))
    assert (
        "Written by the language model sample-model on 5 February 2026 from the full text. "
        "It is of v1 and can be wrong: check the paper. It did not read: Appendix A; Proofs. "
        "It took 12,345 tokens for EUR 0.0123. Prompt 01234567."
    ) in text
    assert "newer version" not in text
    assert page.content.index("AI</strong> Dreams") < page.content.index('id="abstract"')
    assert page.front["description"] == "Dreams of n parts take linear time."


@pytest.mark.parametrize(
    ("summary", "says"),
    [
        (replace(ENGLISH, input="abstract"), "from the abstract alone."),
        (replace(ENGLISH, input="file"), "from the PDF."),
        (replace(ENGLISH, input="imported"), "taken over from an older list of 5 February 2026."),
        (replace(ENGLISH, usage=Usage(prompt=9, completion=1)), "It took 10 tokens. Prompt"),
        (replace(ENGLISH, usage=Usage(prompt=9, cost=0.00001)), "for EUR under 0.0001."),
        (replace(ENGLISH, usage=Usage(prompt=9, cost=1234.5)), "for EUR 1,234.50."),
        (replace(ENGLISH, usage=None, prompt_hash=""), "Proofs. What"),
        (replace(ENGLISH, left_out=tuple("abcdefghij")), "It did not read: a; b; c; d; e; f; g;"),
        (replace(ENGLISH, left_out=tuple("abcdefghij")), "h; and 2 more."),
        (replace(ENGLISH, damaged=True), "Some characters of this copy were lost"),
    ],
)
def test_what_is_known_is_said_and_what_is_not_is_left_out(summary: Summary, says: str) -> None:
    assert says in paper_page(with_summaries(summary))[0]


def test_a_summary_of_an_older_version_says_so_before_all_else() -> None:
    paper = replace(
        with_summaries(ENGLISH),
        listings=(*PAPER.listings, Listing(DAY, 2, AnnounceType.REPLACE)),
    )
    text, _ = paper_page(paper)
    assert "AI summary A newer version, v2, exists; this summary is of v1. Written by" in text


def test_each_language_has_a_section_with_links_to_the_others() -> None:
    _, page = paper_page(with_summaries(ENGLISH, CHINESE))
    heads = re.findall(r'<h2 id="([^"]*)">([^<]*)</h2>', page.content)
    assert heads == [
        *(("ai-summary", "AI summary"), ("ai-summary-中文", "AI summary (中文)")),
        ("abstract", "Abstract"),
    ]
    sections = re.findall(
        r'<section class="summary" lang="(\w+)">(.*?)</section>', page.content, re.S
    )
    assert [language for language, _ in sections] == ["en", "zh"]
    assert "<em>dream</em>" in sections[0][1]
    assert "一个梦" in sections[1][1]
    ids = re.findall(r' id="([^"]*)"', page.content)
    assert len(ids) == len(set(ids))
    assert re.findall(r'<li class="l2"><a href="#([^"]*)"', page.toc) == [
        *("ai-summary", "ai-summary-中文", "abstract")
    ]


@pytest.mark.parametrize(
    "body",
    [
        "<!-- daybook: summary de -->\n## AI summary (forged)\n\n**x**",
        "x\n<!-- daybook: summary de -->\n<!-- daybook: written by a model -->\ny",
        "x\r<!-- daybook: summary de -->\ry",
        "x\r\n<!-- daybook: summary de -->\r\ny",
        "```\n<!-- daybook: summary de -->\n",
        "<!-- daybook: written by a model -->\n<!-- aside -->\ny",
        "~~~\nnever closed",
        "<details><summary>never closed",
    ],
)
def test_a_summary_can_neither_forge_a_section_nor_swallow_the_next(
    body: str, tmp_path: Path
) -> None:
    path = "papers/2602/2602.00001.md"
    paper = with_summaries(replace(ENGLISH, body=body), CHINESE)
    # As the build does: written, and read with all kinds of line ends.
    (tmp_path / "page.md").write_bytes(sources(paper)[path].encode())
    text = (tmp_path / "page.md").read_text(encoding="utf-8")
    page = page_html(path, *split_front_matter(path, text), lambda source: True, texts_in("en"))
    assert re.findall(r'<section class="summary" lang="(\w+)">', page.content) == ["en", "zh"]
    assert page.content.count("<h2") == 3
    assert '<p>一个梦。</p>\n</section>\n</div>\n</div>\n<h2 id="abstract">' in page.content
    if "summary de" in body:
        assert "&lt;!-- daybook: summary de --&gt;" in page.content  # and a reader sees it


def test_a_failed_summary_is_pending_and_says_nothing_of_the_failure() -> None:
    paper = add_failure(PAPER, FAILURE)
    text, _ = paper_page(paper)
    assert "Summary pending." in text
    assert "AI summary" not in text
    for path, source in sources(paper).items():
        assert "secret" not in source, path
        assert "content filter" not in source or path.startswith("status/"), path


def test_a_failed_language_beside_a_summary_is_not_mentioned() -> None:
    paper = add_failure(with_summaries(CHINESE), FAILURE)
    assert "pending" not in paper_page(paper)[0]


# --- Cards, lists, feeds ----------------------------------------------------------------------


def test_a_card_shows_the_models_sentence_as_such() -> None:
    card = day_page(with_summaries(ENGLISH))
    assert "\n      **AI** Dreams of $n$ parts take linear time.\n" in card
    assert "Sleep is studied" not in card
    assert '**AI** <span lang="zh">梦只需线性时间。</span>' in day_page(with_summaries(CHINESE))


def test_a_card_without_a_summary_shows_an_extract_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    sentence = "We show that an LLM of $n$ parts dreams in linear time."
    monkeypatch.setattr(
        "generator.build.archive.tldr.extract_tldr", lambda title, abstract, cut: sentence
    )
    assert f"\n      **Extract** {sentence}\n" in day_page(PAPER)
    _, page = paper_page(PAPER)
    assert "Extract" not in page.content  # the abstract stands there
    assert page.front["description"] == "We show that an LLM of n parts dreams in linear time."


@pytest.mark.parametrize("extract", ["", ABSTRACT])
def test_an_extract_that_says_no_more_than_the_excerpt_has_no_label(
    extract: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "generator.build.archive.tldr.extract_tldr", lambda title, abstract, cut: extract
    )
    card = day_page(PAPER)
    assert f"\n      {ABSTRACT}\n" in card
    assert "Extract" not in card


def test_a_list_shows_the_models_sentence_only() -> None:
    line = "· cs.LG · score 1  \n  **AI** Dreams of $n$ parts take linear time."
    for path in ("categories/cs.LG/index.md", "tags/somnology/2026-02.md"):
        assert line in sources(with_summaries(ENGLISH))[path], path
    assert "**" not in sources(PAPER)["categories/cs.LG/index.md"]


def test_a_feed_begins_with_the_sentence_and_has_every_language() -> None:
    feed = sources(with_summaries(ENGLISH, CHINESE))["feed.xml"]
    entry = feedparser.parse(feed, sanitize_html=False).entries[0].description
    places = [
        entry.index(part)
        for part in ("<strong>AI</strong> Dreams", "Sleep is studied", "<em>dream</em>", "一个梦")
    ]
    assert places == sorted(places)
    assert "<h2>AI summary (English, v1, sample-model)</h2>" in entry
    assert '<div lang="zh">' in entry
    assert "&lt;strong&gt;Extract&lt;/strong&gt;" in sources(PAPER)["feed.xml"]


# --- Search -----------------------------------------------------------------------------------


def test_the_index_has_every_language_and_the_tags() -> None:
    entries = archive_of(with_summaries(ENGLISH, CHINESE)).listed[PAPER.id]
    page = "\n".join(line for field in texts(record(entries)) for line in field)
    for part in ("take linear time", "somnology", "A dream"):
        assert part in page
    assert "梦" in page


@pytest.mark.parametrize("changed", [{"tldr": "Other."}, {"tags": ("x",)}, {"body": "Other."}])
def test_the_index_notices_what_changed_in_any_language(changed: dict[str, object]) -> None:
    def of(chinese: Summary) -> str:
        return record(archive_of(with_summaries(ENGLISH, chinese)).listed[PAPER.id]).digest()

    assert of(CHINESE) != of(replace(CHINESE, **changed))  # type: ignore[arg-type]


@pytest.mark.parametrize("query", ["linear time", "线性时间", "一个梦", "somnology"])
def test_the_terminal_finds_what_summaries_say(query: str, tmp_path: Path) -> None:
    archive = archive_of(with_summaries(ENGLISH, CHINESE))
    parts = open_parts(tmp_path, update_index(archive, tmp_path, silent))
    answer = search(query, parts, {}, Filters(), date(2026, 3, 1))
    assert [parts[hit.part].identifier(hit.paper) for hit in answer.hits] == [PAPER.id]


# --- In a browser -----------------------------------------------------------------------------


@pytest.mark.browser
def test_two_languages_read_well_on_a_phone(window: Callable[..., Page], served: str) -> None:
    page = window(width=390, height=800)
    page.goto(served + "papers/math/0309136/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    expect(page.get_by_role("heading", name="AI summary", exact=True)).to_be_visible()
    page.locator("#content").get_by_role("link", name="中文").click()
    expect(page.get_by_role("heading", name="AI summary (中文)")).to_be_in_viewport()
    lead = page.get_by_text("A single head of attention")
    expect(lead).to_have_css("font-size", re.compile(r"1[89]|2\d"))


@pytest.mark.browser
def test_a_summary_opened_on_a_card_has_its_provenance(
    window: Callable[..., Page], served: str
) -> None:
    page = window()
    page.goto(served + "days/2026-02-04/")
    page.get_by_role("button", name="AI summary").click()
    opened = page.locator(".opened")
    expect(opened).to_contain_text("A newer version, v2, exists; this summary is of v1.")
    expect(opened).to_contain_text("Written by the language model")
    page.goto(served + "days/2026-02-05/")
    page.get_by_role("button", name="AI summary").click()
    page.locator(".opened").get_by_role("link", name="中文").click()
    expect(page).to_have_url(re.compile(f"^{served}papers/math/0309136/#ai-summary-"))
