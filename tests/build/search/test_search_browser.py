"""Searching in real Chromium, from the first key to the marked words on a paper's page."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Route, TimeoutError, expect

from tests.chromium import press, requests, settle, too_wide, wait_until, watching
from tests.readme_writer import Sample
from tests.search_archive import (
    AMPERSAND,
    APART,
    DENSE,
    FEED,
    FORMULA,
    HISTORY,
    HOSTILE,
    JAPANESE,
    KOREAN,
    OLD_STYLE,
    REPORTS,
    REVISED,
    SPARSE,
    SPARSE_ONLY,
    SPECULATIVE,
    THEORY,
    WILD,
)

pytestmark = pytest.mark.browser

DAYS = {paper.id: day for day, papers in HISTORY.items() for paper in papers}
MARKUP = "<img src=x onerror=alert(3)>"


# The search page

_DONE = 'document.querySelector("#search-status[data-done=true][data-total]")'
_SHOWN = """[...document.querySelectorAll("#results > li h2 a")].map(
    (a) => new URL(a.href).pathname.replace(/^\\/papers\\/|\\/$/g, "")
)"""


def search(page: Page, site: str, text: str, **narrowed: str) -> list[str]:
    """Open the search page's address for a query; the ids of the papers shown, in order."""
    page.goto(f"{site}search/?{urlencode({'q': text, **narrowed})}")
    return results(page)


def results(page: Page) -> list[str]:
    """The ids of the papers shown, read in one go as soon as all parts have answered."""
    ids: list[str] = wait_until(page, f"() => {_DONE} && {_SHOWN}")
    return ids


def await_results(page: Page, wanted: list[str]) -> None:
    """Wait until these papers are shown: going back changes the address before the page."""
    with suppress(TimeoutError):
        wait_until(
            page,
            f"wanted => {_DONE} && {_SHOWN}.join() === wanted",
            arg=",".join(wanted),
        )
    assert results(page) == wanted


def retype(page: Page, text: str) -> list[str]:
    """Write another query into the search page's box; the ids found."""
    page.locator("#query").fill(text)
    wait_until(page, "text => new URL(location).searchParams.get('q') === text", arg=text)
    return results(page)


def show_all(page: Page) -> list[str]:
    """Press "Show more" until there is no more; the ids of all papers."""
    shown = results(page)
    while page.locator("#more").is_visible():
        page.locator("#more").click()
        following = page.locator(f"#results > li:nth-child({len(shown) + 1}) h2 a")
        # A reader with a keyboard goes on where the new ones begin.
        expect(following).to_be_focused()
        shown = results(page)
    return shown


def own_results(page: Page) -> list[str]:
    """Those of the papers shown that have all words, and were not found by the glossary."""
    others = page.locator("#results > li").evaluate_all(
        "rows => rows.map((row) => row.dataset.tier !== 'all' || !!row.querySelector('.via'))"
    )
    return [i for i, other in zip(results(page), others, strict=True) if not other]


def having(wanted: Callable[[Sample], bool]) -> set[str]:
    return {paper.id for paper in REPORTS if wanted(paper)}


FINDS: dict[str, set[str]] = {
    # Words, in any form; names, with and without their accents.
    "sleepy servers": {SPECULATIVE.id},
    "bounds draft": {THEORY.id},
    "Jeremy Muller": {SPECULATIVE.id},
    "Jérémy Müller": {SPECULATIVE.id},
    "muller": {SPECULATIVE.id, THEORY.id},
    "müller": {SPECULATIVE.id, THEORY.id},
    "Zoe Angstrom": {APART.id},
    "Zoë Ångström": {APART.id},
    # Phrases: not the paper that has the words or characters apart.
    '"decoding whale"': {APART.id},
    '"whale decoding"': set(),
    "speculative decoding": {SPECULATIVE.id, THEORY.id, APART.id},
    '"speculative decoding"': {SPECULATIVE.id, THEORY.id},
    "投机解码": {SPECULATIVE.id},
    "缓存": {SPARSE.id, DENSE.id},
    "KV缓存": {SPARSE.id},
    "缓存大小": {SPARSE.id},
    "缓存小大": set(),
    "大小减半训练只需": set(),
    "大小减半": {SPARSE.id},
    "投资": {APART.id},
    "解码方法": {SPECULATIVE.id},
    "草稿交给小模型，降低": {SPECULATIVE.id},
    "稀疏 机制": {SPARSE.id},
    "象": {APART.id},
    "ニューラル": {JAPANESE.id},
    "カタカナ": {JAPANESE.id},
    "ラニュ": set(),
    "신경망": {KOREAN.id},
    "기계번역": {KOREAN.id},
    "계기": set(),
    # Titles with signs.
    "salt & pepper": {AMPERSAND.id},
    "R&D": {AMPERSAND.id},
    "bounds [extended]": {FORMULA.id},
    # One place only.
    "author:muster": {DENSE.id, SPARSE_ONLY.id, REVISED.id},
    "author:müster": {DENSE.id, SPARSE_ONLY.id, REVISED.id},
    'author:"Ana Sample"': {SPECULATIVE.id, SPARSE.id},
    "author:angstrom": {APART.id},
    "author:beispiel*": {SPARSE.id, OLD_STYLE.id},
    "author:sample title:sparse": {SPARSE.id},
    "title:attention": {SPARSE.id, DENSE.id},
    "title:attention -title:dense": {SPARSE.id},
    "attention -author:wei": {DENSE.id},
    "+dense attention": {DENSE.id},
    "category:eess.AS": {APART.id},
    "category:math.GT": {OLD_STYLE.id},
    "tag:kernel": {FORMULA.id},
    "author:nobody": set(),
    # What the closed part says of a revised paper is not true any more.
    "capercaillie": {REVISED.id},
    "grouse": {REVISED.id},
    "ptarmigan": set(),
    "hibernates": {FEED.id},
    # A beginning only where it says so, and nothing for nonsense.
    "capercail*": {REVISED.id},
    "xqzvwk": set(),
    "sparsely-zzzz qqqq": set(),
}


def test_queries_find_what_they_should_and_nothing_else(page: Page, site: str) -> None:
    page.goto(f"{site}search/")
    found = {}
    for text in FINDS:
        retype(page, text)
        found[text] = set(own_results(page))
    assert found == FINDS


def test_mixed_text_needs_both(page: Page, site: str) -> None:
    page.goto(f"{site}search/")
    for text in ("稀疏 attention", "attention 稀疏", "稀疏的 attention", "稀疏的attention"):
        assert retype(page, text)[0] == SPARSE.id, text
        assert own_results(page) == [SPARSE.id], text


def test_a_short_text_is_told_what_is_missing(page: Page, site: str) -> None:
    page.goto(f"{site}search/?q=a")
    expect(page.locator("#search-status")).to_have_text("Type at least two letters.")
    expect(page.locator("#results > li")).to_have_count(0)


def test_nothing_found_is_said(page: Page, site: str) -> None:
    assert search(page, site, "xqzvwk") == []
    expect(page.locator("#search-status")).to_have_text("No paper found.")
    expect(page.locator("#corrected")).to_have_count(0)


def test_the_count_is_live_and_right(page: Page, site: str) -> None:
    found = search(page, site, "herbarium")
    status = page.locator("#search-status")
    assert status.get_attribute("role") == "status"
    expect(status).to_have_text(f"{len(REPORTS)} papers")
    assert len(found) == 10
    everything = show_all(page)
    assert everything[:10] == found
    assert sorted(everything) == sorted(having(lambda paper: True))
    assert retype(page, "capercaillie") == [REVISED.id]
    expect(status).to_have_text("1 paper")


def test_newest_first_is_by_day_over_all_parts(page: Page, site: str) -> None:
    search(page, site, "herbarium", sort="new")
    days = [DAYS[identifier] for identifier in show_all(page)]
    assert len(days) == len(REPORTS)
    assert days == sorted(days, reverse=True)
    shown = page.locator("#results .facts").all_text_contents()
    assert shown[0].startswith("5 Feb 2026")
    assert shown[-1].startswith("12 Nov 2025")
    expect(page.get_by_role("button", name="Newest first")).to_have_attribute(
        "aria-pressed", "true"
    )


NARROWED: list[tuple[dict[str, str], Callable[[Sample], bool]]] = [
    ({"tag": "Sparse"}, lambda paper: "sparse" in paper.abstract),
    ({"month": "2026-01"}, lambda paper: f"{DAYS[paper.id]:%Y-%m}" == "2026-01"),
    (
        {"month": "2025", "type": "cross", "summary": "yes"},
        lambda paper: DAYS[paper.id].year == 2025 and paper.type == "cross" and bool(paper.summary),
    ),
    (
        {"category": "cs.LG", "type": "new", "summary": "no", "tag": "LLM"},
        lambda paper: paper.category == "cs.LG" and paper.type == "new",
    ),
]


def test_results_are_narrowed_by_the_address(page: Page, site: str) -> None:
    for narrowed, wanted in NARROWED:
        assert set(search(page, site, "herbarium", **narrowed)) == having(wanted), narrowed
    assert search(page, site, "herbarium", category="no.such") == []
    expect(page.locator("#search-status")).to_have_text("No paper found with these filters.")


def test_the_reader_narrows_by_counts_that_hold(page: Page, site: str) -> None:
    search(page, site, "herbarium")
    page.locator("#filters > summary").click()
    expect(page.locator("#facets select")).to_have_count(5)
    results(page)
    for facet in ("category", "month", "type", "summary", "tag"):
        select = page.locator(f"#facets [name={facet}]")
        for label in select.locator("option").all_text_contents()[1:]:
            name, count = re.fullmatch(r"\s*(.+) \((\d+)\)", label).groups()  # type: ignore[union-attr]
            select.select_option(label=label)
            results(page)
            shown = "1 paper" if count == "1" else f"{count} papers"
            expect(page.locator("#search-status")).to_have_text(shown)
            assert facet in parse_qs(urlsplit(page.url).query), name
        select.select_option("")
        results(page)
    page.locator("#facets [name=category]").select_option("cs.AI")
    results(page)
    page.locator("#facets [name=type]").select_option("cross")
    both = having(lambda paper: paper.category == "cs.AI" and paper.type == "cross")
    assert set(results(page)) == both
    page.get_by_role("button", name="Clear all").click()
    results(page)
    expect(page.locator("#search-status")).to_have_text(f"{len(REPORTS)} papers")


def test_the_address_holds_query_and_filters(page: Page, site: str) -> None:
    page.goto(f"{site}search/")
    assert retype(page, "herbarium")
    page.locator("#filters > summary").click()
    expect(page.locator("#facets [name=category]")).to_be_visible()
    steps = [(page.url, results(page))]
    for act in (
        lambda: page.locator("#facets [name=category]").select_option("cs.LG"),
        lambda: page.get_by_role("button", name="Newest first").click(),
        lambda: page.locator("#facets [name=summary]").select_option("no"),
    ):
        act()
        steps.append((page.url, results(page)))
    assert len({url for url, _ in steps}) == 4
    assert parse_qs(urlsplit(page.url).query) == {
        "q": ["herbarium"],
        "category": ["cs.LG"],
        "sort": ["new"],
        "summary": ["no"],
    }
    page.reload()
    await_results(page, steps[-1][1])
    expect(page.locator("#facets [name=category]")).to_have_value("cs.LG")
    for url, shown in reversed(steps[:-1]):
        page.go_back()
        expect(page).to_have_url(url)
        await_results(page, shown)
    for url, shown in steps[1:]:
        page.go_forward()
        expect(page).to_have_url(url)
        await_results(page, shown)


def test_back_from_a_paper_shows_the_same_results(page: Page, site: str) -> None:
    shown = search(page, site, "attention", sort="new")
    page.locator("#results h2 a").first.click()
    page.wait_for_url("**/papers/**")
    page.go_back()
    await_results(page, shown)
    expect(page.locator("#query")).to_have_value("attention")


def test_results_say_what_they_are(page: Page, site: str) -> None:
    search(page, site, "sleepy")
    item = page.locator("#results > li")
    expect(item.locator("h2")).to_have_text(SPECULATIVE.title)
    expect(item.locator("h2 mark")).to_have_text(["Sleepy"])
    expect(item.locator(".facts")).to_have_text("12 Nov 2025 · cs.CL · score 4.5 · AI summary")
    expect(item.locator(".names")).to_have_text("Jérémy Müller, Ana Sample")


def test_a_result_has_the_sentence_of_its_paper(page: Page, site: str) -> None:
    """And an excerpt only where that has more of what was sought."""
    page.goto(f"{site}search/")
    said = "本文提出投机解码方法，把草稿交给小模型，降低推理延迟。"
    for text, marks, excerpts in (("降低推理延迟", ["降低推理延迟"], 0), ("sleepy draft", [], 1)):
        retype(page, text)
        item = page.locator("#results > li:first-child")
        expect(item.locator(".sentence")).to_have_text(said)
        expect(item.locator(".sentence")).to_have_attribute("lang", "zh")
        assert item.locator(".sentence mark").all_text_contents() == marks
        expect(item.locator(".excerpt")).to_have_count(excerpts)


def test_an_excerpt_is_the_real_text_with_the_words_marked(page: Page, site: str) -> None:
    page.goto(f"{site}search/")
    for text, around, marks in (
        ("KV缓存", "用稀疏的 attention 机制，KV缓存大小减半。 训练只需一天。", ["KV缓存"]),
        ("カタカナ", "ひらがなとカタカナの学習について述べる。", ["カタカナ"]),
        ("신경망", "한국어 신경망 기계번역을 다룬다.", ["신경망"]),
        ("rows toast", "Rows and toast.", ["Rows", "toast"]),
        ("noise seasoned", "Where a < b and c > d, noise is seasoned.", ["noise", "seasoned"]),
    ):
        retype(page, text)
        excerpt = page.locator("#results > li:first-child .excerpt")
        assert around in excerpt.inner_text()
        assert excerpt.locator("mark").all_text_contents() == marks
    # None of the marks and spaces that the index has, in any excerpt.
    for text in ("贡献", "方法", "植物标本"):
        assert retype(page, text)
        for shown in page.locator("#results .excerpt").all_inner_texts():
            assert "⸱" not in shown
            assert not re.search(
                r"[\u4e00-\u9fff] (?!使用|本文|投资|不用|稀疏|植物)[\u4e00-\u9fff]", shown
            )


def highlighted(page: Page) -> list[str]:
    """What is marked on a paper's page."""
    wait_until(page, "CSS.highlights.get('search')?.size > 0")
    marked: list[str] = page.evaluate("[...CSS.highlights.get('search')].map(String)")
    return marked


def test_the_opened_page_marks_the_words(page: Page, site: str) -> None:
    for text, paper, words in (
        ("sleepy servers", SPECULATIVE, {"Sleepy", "Servers"}),
        ("drafts sleep", SPECULATIVE, {"draft", "sleeps"}),
        ("KV缓存", SPARSE, {"KV", "缓存"}),
        ("기계번역", KOREAN, {"기계번역"}),
        ('"rows and toast"', SPARSE_ONLY, {"Rows", "toast"}),
    ):
        assert paper.id in search(page, site, text), text
        page.locator(f'#results a[href*="{paper.id}"]').click()
        page.wait_for_url(f"**/papers/{paper.id}/**")
        assert set(highlighted(page)) == words


def test_the_opened_page_is_found_by_its_other_name_too(page: Page, site: str) -> None:
    search(page, site, "投机解码")
    also = page.locator("#also")
    expect(also).to_contain_text("speculative decoding")
    expect(also).to_contain_text("投机解码")
    widened = page.locator("#results > li", has=page.locator(".via"))
    expect(widened.locator("h2")).to_have_text([THEORY.title])
    expect(widened.locator(".via")).to_have_text("· found as speculative decoding")
    expect(page.locator("#results > li").first.locator("h2")).to_have_text(SPECULATIVE.title)
    expect(page.locator("#search-status")).to_have_text("2 papers, 1 of them by the glossary")
    widened.locator("a").click()
    assert {"Speculative", "Decoding"} <= set(highlighted(page))


def test_a_term_in_english_is_looked_up_in_chinese(page: Page, site: str) -> None:
    assert SPARSE.id in search(page, site, "KV cache")
    expect(page.locator("#also")).to_contain_text("KV缓存")
    expect(page.locator(".via")).to_have_text("· found as KV缓存")


# Ids


def test_an_id_leads_to_its_page(page: Page, site: str) -> None:
    new = "2511.90001 2511.90001v3 arXiv:2511.90001v1 https://arxiv.org/pdf/2511.90001v2.pdf"
    old = "math/0309136 math.GT/0309136v2 arXiv:math/0309136 math.GT/0309136"
    forms = (
        (SPECULATIVE, f"{new} https://arxiv.org/abs/2511.90001v2".split()),
        (OLD_STYLE, f"{old} https://arxiv.org/abs/math.GT/0309136".split()),
    )
    page.goto(site)
    # In turn: what the one before has found is no answer.
    for texts in zip(*(texts for _, texts in forms), strict=True):
        for text, (paper, _) in zip(texts, forms, strict=True):
            first_option(page, text, paper.title)
            expect(options(page).first).to_have_attribute("href", f"{site}papers/{paper.id}/")
    for paper, texts in forms:
        first_option(page, texts[-1], paper.title)
        page.locator("#search").press("Enter")
        page.wait_for_url(f"{site}papers/{paper.id}/")
        expect(page.locator("h1")).to_have_text(paper.title)


def test_an_id_that_is_not_here_leads_to_arxiv(page: Page, site: str) -> None:
    for text, bare in (
        ("2511.99999v2", "2511.99999"),
        ("https://arxiv.org/abs/math.GT/0912999", "math/0912999"),
    ):
        said, address = f"{bare} is not in this archive", f"https://arxiv.org/abs/{bare}"
        search(page, site, text)
        expect(page.locator("#jump")).to_contain_text(said)
        expect(page.locator("#jump a")).to_have_attribute("href", address)
        page.goto(site)
        first_option(page, text, said)
        expect(options(page).first).to_have_attribute("href", address)


# Corrections


def test_what_is_mistyped_is_found_and_said(page: Page, site: str) -> None:
    page.goto(f"{site}search/")
    said = page.locator("#corrected")
    for text, meant, paper in (
        ("Jeremy Mueler", "Jérémy Müller", SPECULATIVE),
        ("grigori beispilman", "Grigori Beispielman", OLD_STYLE),
        ("Zoe Angstrm", "Zoë Ångström", APART),
        ("Sparse Attention wihtout Tears", SPARSE.title, SPARSE),
        ("capercalie networks", "capercaillie networks", REVISED),
    ):
        assert retype(page, text)[0] == paper.id, text
        expect(page.locator("#query")).to_have_value(text)
        expect(said.locator("a").first).to_have_text(re.compile(f"^{meant}$", re.IGNORECASE))
        said.locator("a").last.click()
        wait_until(page, "new URL(location).searchParams.get('exact') === '1'")
        results(page)
        expect(said).to_have_count(0)


def test_what_is_well_written_is_not_corrected(page: Page, site: str) -> None:
    page.goto(f"{site}search/")
    for text in ("Jérémy Müller", "jeremy muller", "Bo Muster", "herbarium", SPARSE.title):
        assert retype(page, text)
        expect(page.locator("#corrected")).to_have_count(0)


# The box in the header


def options(page: Page) -> Locator:
    return page.locator("#search-list [role=option]")


def first_option(page: Page, text: str, title: str) -> None:
    """Have a text in the header's box; a paper of this title comes first."""
    page.locator("#search").fill(text)
    expect(options(page).first).to_contain_text(title)


def type_into_header(page: Page, site: str, text: str, first: str) -> Locator:
    """Open the first page and type into its box; wait for the option that comes first."""
    page.goto(site)
    box = page.locator("#search")
    box.press_sequentially(text)
    expect(options(page).first).to_contain_text(first)
    expect(page.locator("#search-live")).to_have_text(
        re.compile(r"found\.$|^The first \d papers\. ")
    )
    return box


@pytest.mark.parametrize("text", ["garden", "field report", "herbarium", "KV缓存", "xyzzyx"])
def test_the_box_gives_no_number_but_that_of_the_search_page(
    page: Page, site: str, text: str
) -> None:
    """It asks the newest part alone where that has enough to show."""
    search(page, site, text)
    found = page.locator("#search-status").get_attribute("data-total")
    page.goto(site)
    page.locator("#search").fill(text)
    heard = page.locator("#search-live")
    expect(heard).not_to_be_empty()
    said = heard.inner_text() + page.locator("#search-list .find__all").inner_text()
    shown = page.locator("#search-list [lang=en]").count()
    if f"The first {shown} papers. The search page has all of them." not in said:
        assert set(re.findall(r"\d+", said)) <= {found}


def test_the_box_corrects_no_word_that_older_papers_have(page: Page, site: str) -> None:
    """The newest part has many gardens, and nothing that hardens."""
    found = search(page, site, "harden")
    expect(page.locator("#corrected")).to_have_count(0)
    page.goto(site)
    page.locator("#search").fill("harden")
    expect(page.locator("#search-list .find__title").first).to_be_visible()
    expect(page.locator("#search-list .find__note")).to_have_count(0)
    expect(page.locator("#search-list .find__title")).to_have_count(len(found))


def test_a_key_leads_to_the_box(page: Page, site: str) -> None:
    page.goto(site)
    for key in ("/", "s", "Control+k"):
        page.locator("#search").blur()
        page.keyboard.press(key)
        expect(page.locator("#search")).to_be_focused()
        expect(page.locator("#search")).to_have_value("")
    page.keyboard.type("whale")
    expect(options(page).first).to_contain_text(APART.title)


def test_a_key_is_left_to_who_writes(page: Page, site: str) -> None:
    page.goto(site)
    page.evaluate("document.querySelector('main').append(document.createElement('textarea'))")
    for box in (page.locator("textarea"), page.locator("#search")):
        box.focus()
        press(page, "s", "/")
        expect(box).to_have_value("s/")
        expect(box).to_be_focused()


def test_a_browsers_own_keys_are_left_alone(page: Page, site: str) -> None:
    page.goto(site)
    for key in ("Control+s", "Alt+s", "Meta+/"):
        page.keyboard.press(key)
        expect(page.locator("#search")).not_to_be_focused()


def test_typing_shows_papers_and_says_how_many(page: Page, site: str) -> None:
    box = type_into_header(page, site, "attention", "Attention")
    expect(box).to_have_attribute("role", "combobox")
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(box).to_have_attribute("aria-controls", "search-list")
    found = options(page)
    assert {SPARSE.title, DENSE.title} <= set(found.locator(".find__title").all_text_contents())
    expect(found.locator("mark").first).to_have_text("Attention")
    expect(page.locator("#search-live")).to_have_text(re.compile(r"^\d papers found\.$"))
    assert page.url == site
    # The word is found while it is being written.
    first_option(page, "capercail", REVISED.title)


def test_arrow_keys_move_and_wrap(page: Page, site: str) -> None:
    box = type_into_header(page, site, "attention", "Attention")
    ids = options(page).evaluate_all("nodes => nodes.map((node) => node.id)")
    assert len(set(ids)) == len(ids) >= 3
    for key, order in (("ArrowDown", [*ids, None, ids[0]]), ("ArrowUp", [None, ids[-1], ids[-2]])):
        for identifier in order:
            box.press(key)
            active = page.locator("#search-list [aria-selected=true]")
            if identifier is None:
                expect(active).to_have_count(0)
                assert box.get_attribute("aria-activedescendant") is None
            else:
                expect(active).to_have_attribute("id", identifier)
                expect(box).to_have_attribute("aria-activedescendant", identifier)
    expect(box).to_be_focused()


def test_enter_opens_the_active_paper(page: Page, site: str) -> None:
    box = type_into_header(page, site, "whale", APART.title)
    box.press("ArrowDown")
    box.press("Enter")
    page.wait_for_url(f"{site}papers/{APART.id}/?highlight=whale")
    assert set(highlighted(page)) == {"Whale"}


def test_enter_alone_opens_the_search_page(page: Page, site: str) -> None:
    type_into_header(page, site, "whale song", APART.title).press("Enter")
    page.wait_for_url(f"{site}search/?q=whale+song")
    assert results(page) == [APART.id]
    expect(page.locator("#query")).to_have_value("whale song")


def test_the_last_option_leads_to_all_papers(page: Page, site: str) -> None:
    type_into_header(page, site, "herbarium", "Field Report")
    expect(options(page).last).to_have_text("All papers with this")
    options(page).last.click()
    page.wait_for_url(f"{site}search/?q=herbarium")


def test_escape_closes_then_clears(page: Page, site: str) -> None:
    box = type_into_header(page, site, "whale", APART.title)
    press(page, "ArrowDown", "Escape")
    expect(page.locator("#search-list")).to_be_hidden()
    expect(box).to_have_attribute("aria-expanded", "false")
    assert box.get_attribute("aria-activedescendant") is None
    expect(box).to_have_value("whale")
    box.press("ArrowDown")
    expect(page.locator("#search-list")).to_be_visible()
    press(page, "Escape", "Escape")
    expect(box).to_have_value("")
    expect(box).to_be_focused()
    # What was cleared does not come back.
    box.press("ArrowDown")
    expect(page.locator("#search-list")).to_be_hidden()


def test_a_click_on_a_paper_opens_it(page: Page, site: str) -> None:
    type_into_header(page, site, "whale", APART.title)
    options(page).first.click()
    page.wait_for_url(f"{site}papers/{APART.id}/**")
    expect(page.locator("h1")).to_have_text(APART.title)


def test_leaving_the_box_closes_the_list_and_returning_opens_it(page: Page, site: str) -> None:
    box = type_into_header(page, site, "whale", APART.title)
    page.locator("h1").first.click()
    expect(page.locator("#search-list")).to_be_hidden()
    box.focus()
    expect(page.locator("#search-list")).to_be_visible()


def test_a_composed_word_is_searched_when_it_is_finished(page: Page, site: str) -> None:
    page.goto(site)
    box = page.locator("#search")
    box.focus()
    expect(box).to_have_role("combobox")
    client = page.context.new_cdp_session(page)
    for spelled in ("t", "to", "toastie"):
        client.send(
            "Input.imeSetComposition",
            {"text": spelled, "selectionStart": len(spelled), "selectionEnd": len(spelled)},
        )
    expect(box).to_have_value("toastie")
    settle(page)
    expect(options(page)).to_have_count(0)
    client.send("Input.insertText", {"text": "降低推理"})
    expect(box).to_have_value("降低推理")
    expect(options(page).first).to_contain_text(SPECULATIVE.title)


def test_nothing_of_the_search_is_loaded_before_the_box_has_the_focus(
    page: Page, site: str
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    page.goto(site, wait_until="networkidle")
    page.goto(f"{site}papers/{SPARSE.id}/", wait_until="networkidle")
    page.goto(f"{site}search/", wait_until="networkidle")
    scripts = [path for path in asked if "/search" in path and path != "/search/"]
    assert scripts == []
    with page.expect_response("**/search/parts.json"):
        page.locator("#query").focus()
    page.goto(site, wait_until="networkidle")
    asked.clear()
    with page.expect_response("**/search/parts.json"):
        page.locator("#search").focus()
    settle(page)
    assert not any("/2026/" in path for path in asked), "the closed part was loaded"


# Text of strangers


@pytest.mark.parametrize("text", [MARKUP, f'"><script>alert(4)</script>{MARKUP}', "'-alert(5)-'"])
def test_a_query_of_markup_is_only_text(page: Page, site: str, text: str) -> None:
    page.goto(site)
    page.locator("#search").fill(text)
    expect(options(page).last).to_contain_text("search page")
    page.locator("#search").press("Enter")
    page.wait_for_url("**/search/?q=**")
    results(page)
    expect(page.locator("#query")).to_have_value(text)
    assert page.title().startswith(text)
    expect(page.locator("main img, header img, #search-app script")).to_have_count(0)
    page.goto(f"{site}papers/{SPARSE.id}/?highlight={quote(text)}", wait_until="networkidle")
    expect(page.locator("main img")).to_have_count(0)


def test_a_title_of_markup_is_only_text(page: Page, site: str) -> None:
    page.goto(f"{site}search/")
    for text in ("in the wild", HOSTILE, "titles that bite"):
        assert WILD.id in retype(page, text), text
        item = page.locator("#results > li", has=page.locator(f'a[href*="{WILD.id}"]'))
        expect(item.locator("h2")).to_have_text(HOSTILE)
        assert "<script>alert(2)</script>" in item.locator(".excerpt").inner_text()
        expect(page.locator("main img")).to_have_count(0)
    page.goto(site)
    page.locator("#search").fill("wild")
    expect(options(page).first.locator(".find__title")).to_have_text(HOSTILE)
    expect(page.locator("header img")).to_have_count(0)


def test_no_more_is_loaded_than_what_has_the_words_where_enough_has(
    context: BrowserContext, site: str
) -> None:
    """The newest part alone has too few, and then the others are asked, not the meaning."""
    page = context.new_page()
    with requests(page) as loaded:
        page.goto(site)
        page.locator("#search").fill("植物标本")
        expect(options(page)).to_have_count(7)
        expect(page.locator("#search-live")).to_have_text(re.compile(r"found\.$"))
    kinds = {url.split("/search/")[1].split("?")[0] for url in loaded if "/search/" in url}
    assert any(name.startswith("2026/terms/") or name.startswith("2025/terms/") for name in kinds)
    assert not [name for name in kinds if "vectors/" in name or "spelling/" in name]


def test_a_query_of_ten_thousand_characters_is_answered(page: Page, site: str) -> None:
    page.goto(f"{site}search/")
    for part in ("whale ", "a", "稀疏注意力", "author:", "[.*+a"):
        text = part * (10_000 // len(part))
        page.locator("#query").fill(text)
        expect(page.locator("#cut")).to_contain_text("too long")
        results(page)
        expect(page.locator("#search-status")).to_have_text(re.compile(r"found\.|paper"))
        page.locator("#query").fill('"' * 10_000)
        expect(page.locator("#search-status")).to_have_text("Type at least two letters.")
    page.goto(site)
    first_option(page, "whale " * 1666, APART.title)


# When things are missing


def test_offline_is_said_and_overcome(context: BrowserContext, site: str) -> None:
    page = context.new_page()
    assert search(page, site, "whale") == [APART.id]
    context.set_offline(True)
    page.locator("#query").fill("herbarium")
    expect(page.locator("#search-status")).to_contain_text("Are you offline?")
    expect(page.locator("#search-status")).to_have_attribute("data-done", "true")
    context.set_offline(False)
    page.locator("#query").press("Enter")
    expect(page.locator("#search-status")).to_have_text(f"{len(REPORTS)} papers")


def test_offline_before_the_first_query_is_said_in_the_header(
    context: BrowserContext, site: str
) -> None:
    page = context.new_page()
    page.goto(site)
    page.locator("#search").focus()
    page.wait_for_load_state("networkidle")
    context.set_offline(True)
    page.locator("#search").fill("herbarium")
    expect(page.locator("#search-list")).to_contain_text("Are you offline?")
    expect(page.locator("#search-live")).to_contain_text("Are you offline?")
    context.set_offline(False)
    first_option(page, "whale", APART.title)


def test_offline_before_anything_is_loaded_is_overcome_too(
    context: BrowserContext, site: str
) -> None:
    page = context.new_page()
    page.goto(site, wait_until="networkidle")
    context.set_offline(True)
    with page.expect_event("requestfailed"):
        page.locator("#search").focus()
    page.keyboard.type("whale")
    context.set_offline(False)
    # Nothing more is to be done: what could not be loaded is, once the network is back.
    expect(options(page).first).to_contain_text(APART.title)


@pytest.mark.parametrize("written", ["", "whale song"])
def test_what_was_not_loaded_comes_to_who_waits_or_goes_on_writing(
    context: BrowserContext, site: str, written: str
) -> None:
    page = context.new_page()
    page.goto(site, wait_until="networkidle")
    page.route("**/search/box.js", lambda route: route.abort(), times=1)
    with page.expect_event("pageerror"):
        page.locator("#search").focus()
    page.keyboard.type(written)
    if written:
        expect(options(page).first).to_contain_text(APART.title)
    expect(page.locator("#search")).to_have_attribute("role", "combobox")


@pytest.mark.parametrize("lost", ["box.js", "client.js", "lunr.js"])
def test_what_could_not_be_loaded_is_asked_for_by_another_address(
    context: BrowserContext, site: str, lost: str
) -> None:
    """A browser may remember of a module's address that it could not be loaded.

    Chromium 150 does, as HTML once said. So none may be asked for twice, in any browser.
    """
    page = context.new_page()
    asked: list[str] = []
    failed: list[str] = []

    def once(route: Route) -> None:
        asked.append(route.request.url)
        if failed:
            route.continue_()
        else:
            failed.append(route.request.url)
            route.abort()

    page.goto(site, wait_until="networkidle")
    context.route(re.compile(rf"/{re.escape(lost)}(\?.*)?$"), once)
    with page.expect_event("requestfailed"):
        page.locator("#search").focus()
        page.keyboard.type("title:whale")
    page.locator("#search").fill("")
    expect(options(page)).to_have_count(0)
    first_option(page, "title:song", APART.title)
    assert len(asked) == len(set(asked)) == 2, asked


def test_the_search_page_is_loaded_again_too(context: BrowserContext, site: str) -> None:
    page = context.new_page()
    page.route("**/search/page.js", lambda route: route.abort(), times=1)
    with page.expect_event("pageerror"):
        page.goto(f"{site}search/?q=whale")
    page.locator("#query").focus()
    assert results(page) == [APART.id]


def test_a_program_that_was_not_loaded_is_loaded_again(context: BrowserContext, site: str) -> None:
    for lost in ("worker.js", "parts.json", "words.js", "glossary.json"):
        page = context.new_page()
        context.route(f"**/{lost}", lambda route: route.abort(), times=1)
        page.goto(site)
        with page.expect_event("requestfailed"):
            page.locator("#search").focus()
        page.keyboard.type("whale")
        expect(page.locator("#search-live")).not_to_be_empty()
        page.keyboard.type(" song")
        expect(options(page).first, lost).to_contain_text(APART.title)


def test_without_javascript_the_form_leads_to_the_indexes(scriptless: Page, site: str) -> None:
    page = scriptless
    page.goto(site)
    page.locator("#search").fill("whale")
    page.locator("#search").press("Enter")
    page.wait_for_url(f"{site}search/?q=whale")
    main = page.locator("main")
    expect(main.get_by_text("Searching needs JavaScript")).to_be_visible()
    expect(page.locator("#query")).to_be_hidden()
    for name in ("archive", "category", "tags"):
        page.goto(f"{site}search/?q=whale")
        main.get_by_role("link", name=name, exact=True).click()
        expect(page).not_to_have_url(re.compile("/search/"))
        expect(page.locator("h1")).not_to_have_text("Not found")


def test_an_empty_archive_answers_too(window: Callable[..., Page], empty: str) -> None:
    page = window()
    with watching(page, empty) as wrong:
        assert search(page, empty, "whale") == []
        expect(page.locator("#search-status")).to_have_text("No paper found.")
        assert search(page, empty, "author:whale 2511.90001") == []
        page.goto(empty)
        page.locator("#search").fill("whale")
        expect(options(page)).to_have_text(["No paper found: search page"])
    assert wrong == []


# Narrow and dark

CONTRAST = """nodes => Math.min(...nodes.map((node) => {
  const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => {
    const [r, g, b] = numbers(colour).map((c) => {
      const part = c / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  let behind = node;
  const see = (one) => numbers(getComputedStyle(one).backgroundColor)[3] === 0;
  while (behind.parentElement && see(behind)) behind = behind.parentElement;
  const both = [getComputedStyle(node).color, getComputedStyle(behind).backgroundColor].map(light);
  return (Math.max(...both) + 0.05) / (Math.min(...both) + 0.05);
}))"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_everything_fits_and_can_be_read(
    window: Callable[..., Page], site: str, scheme: str
) -> None:
    page = window(width=390, height=800, color_scheme=scheme)
    box = type_into_header(page, site, "attention", "Attention")
    box.press("ArrowDown")
    place = page.locator("#search-list").bounding_box()
    assert place is not None
    assert place["x"] >= 0
    assert place["x"] + place["width"] <= 390
    assert too_wide(page) <= 0
    texts = page.locator("#search-list :is(.find__title, .find__facts, .find__all, mark)")
    assert texts.evaluate_all(CONTRAST) >= 4.5
    page.goto(f"{site}search/")
    for text in ("w" * 300, "Sparse Attention wihtout Tears", HOSTILE, "attention"):
        retype(page, text)
        page.locator("#filters").evaluate_all("nodes => nodes.forEach((node) => node.open = true)")
        assert too_wide(page) <= 0, text
    texts = page.locator("#results :is(a, p, mark), #search-status, #narrow button, #facets span")
    assert texts.filter(visible=True).evaluate_all(CONTRAST) >= 4.5
