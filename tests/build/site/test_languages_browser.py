"""The site in Chinese, and the choice between a paper's summaries, in real Chromium."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.chromium import ready, requests, settle, too_wide, wait_until, watching
from tests.golden import build_golden
from tests.projects import Once, serving

pytestmark = pytest.mark.browser

DAY, PAPER = "days/2026-02-05/", "papers/math/0309136/"
PATHS = ("", DAY, "days/2026-02-07/", "days/", "days/2026-02/", "days/2026/", PAPER)
PATHS += ("papers/2602.90001/", "papers/2602.90003/", "categories/", "categories/cs.LG/", "tags/")
PATHS += ("tags/llm/", "search/?q=LLM", "search/", "saved/", "status/", "status/2026/", "about/")
PATHS += ("nowhere/",)

# What is the same in every language: names, formats, keys, commands of the search, and the sample's
# own authors, tags and categories.
NAMES = re.compile(
    "[a-z]|a|abs|abstract|adam?|ada|ai|algebra|api|april|arxiv|artificial|atom|attention|author"
    "|before|bibtex|by|che|ben|cat|cc|cc0|category|code|complexity|computer|cs|ctrl|daybook|days"
    "|decode|decoding|doi|english|enter|esc|example|feed|geometric|gt|html|id|intelligence"
    "|javascript|json|kernel|last|learning|lg|llm|machine|march|math|mathematics|model|muster|name"
    "|nowhere|of|opml|or|pdf|rss|ris|sample|samples|science|since|sparse|speculative|tag|theory"
    "|title|topology|university|usd|v[1-3]|word|bo|year",
    re.IGNORECASE,
)
# What the reader can read or hear, but for what is marked as English, and summaries.
SAID = """() => {
  const said = [document.title];
  const foreign = "script, style, math, pre, .excerpt, .sentence, section.summary"
    + ", [lang]:not([lang=zh])";
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    if (!walker.currentNode.parentElement.closest(foreign)) said.push(walker.currentNode.data);
  }
  for (const node of document.querySelectorAll("*")) {
    for (const name of ["aria-label", "title", "placeholder"]) {
      said.push(node.getAttribute(name) ?? "");
    }
    for (const part of ["::before", "::after"]) {
      said.push(...(getComputedStyle(node, part).content.match(/"[^"]*"/g) ?? []));
    }
  }
  return said;
}"""
TITLES = re.compile(
    r"Sparse attention <b>before.*?saw|A²?2?-Sample.*?stars|A²?2?-Sample, revised|A quiet LLM"
    r"|An LLM kernel|sample-model-2|qwen-long|3f9a2c1e"
)


@pytest.fixture(scope="session")
def chinese(once: Once) -> Iterator[str]:
    """The golden archive's site in Chinese; the value is its address with a slash."""
    project = once("chinese", partial(build_golden, language="zh"))
    with serving(project / "site") as address:
        yield address


@pytest.fixture
def page(window: Callable[..., Page]) -> Iterator[Page]:
    """A page on which no script may fail."""
    page = window()
    with watching(page, "http") as wrong:
        yield page
    assert wrong == []


def english(page: Page) -> set[str]:
    """English words of the interface that can be seen, heard or hovered."""
    said = [TITLES.sub(" ", text) for text in page.evaluate(SAID)]
    words = re.findall(r"[A-Za-z][A-Za-z'0-9]*", " ".join(said))
    return {word for word in words if not NAMES.fullmatch(word)}


@pytest.mark.parametrize("path", PATHS)
def test_a_page_in_chinese_has_no_english_word(page: Page, chinese: str, path: str) -> None:
    ready(page, chinese + path)
    if "q=" in path:
        page.locator("#results li").first.wait_for()
        page.locator("#filters > summary").click()
        page.locator("#facets option").nth(2).wait_for(state="attached")
    assert page.locator("html").get_attribute("lang") == "zh"
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert english(page) == set(), width
        assert too_wide(page) <= 0, width


def test_what_opens_and_what_is_said_in_passing_is_chinese_too(page: Page, chinese: str) -> None:
    ready(page, chinese + DAY)
    page.locator("a.opens").click()
    expect(page.locator(".opened")).to_be_visible()
    assert english(page) == set()
    page.keyboard.press("?")
    expect(page.locator("dialog h2")).to_have_text("快捷键")
    assert english(page) == set()
    page.keyboard.press("Escape")
    page.locator("button.save").first.click()
    expect(page.locator(".notice")).to_have_text("已收藏：An LLM kernel")
    ready(page, chinese + "saved/")
    expect(page.locator("#saved-count")).to_have_text("已收藏 1 篇论文。")
    assert english(page) == set()
    page.locator("#search").fill("LLM")
    page.locator("#search-list a").first.wait_for()
    assert english(page) == set()


def test_facts_of_a_saved_paper_are_read_from_a_chinese_page(page: Page, chinese: str) -> None:
    ready(page, chinese + PAPER)
    page.locator(".paper .save").click()
    expect(page.locator(".paper .save")).to_have_text("已收藏")
    ready(page, chinese + "saved/")
    expect(page.locator("#saved-list p").first).to_have_text(
        "Author 1, Author 2, Author 3, Author 4, 另有 56 位 · math.GT · 2026年2月5日"
    )
    # One without authors has none, not a note.
    ready(page, chinese + "papers/2602.90003/")
    page.locator(".paper .save").click()
    ready(page, chinese + "saved/")
    expect(page.locator("#saved-list p").first).to_have_text("cs.LG · 2026年2月5日")


def test_what_is_new_since_the_last_visit(page: Page, chinese: str) -> None:
    page.goto(chinese + "about/")
    page.evaluate(
        "localStorage.setItem('/.visit', JSON.stringify({on: '2026-02-04', seen: '2026-02-04'}))"
    )
    ready(page, chinese)
    expect(page.locator("#visit a")).to_have_text("2月4日以来新增 2 篇论文")


@pytest.mark.parametrize("width", [320, 390, 820])
def test_what_a_field_asks_for_can_be_read_to_its_end(
    window: Callable[..., Page], served: str, chinese: str, width: int
) -> None:
    page = window(width=width, height=844)
    for address in (served, served + "search/", chinese, chinese + "search/"):
        page.goto(address)
        field = page.locator("#query" if "search" in address else "#search")
        room, needed = field.evaluate(
            """field => {
              const style = getComputedStyle(field);
              const pen = document.createElement("canvas").getContext("2d");
              const written = getComputedStyle(field, "::placeholder");
              pen.font = `${written.fontSize} ${written.fontFamily}`;
              return [field.clientWidth - parseFloat(style.paddingLeft)
                - parseFloat(style.paddingRight), pen.measureText(field.placeholder).width];
            }"""
        )
        assert needed <= room, address


def test_dates_are_written_in_chinese(page: Page, chinese: str) -> None:
    ready(page, chinese)
    expect(page.locator("h1")).to_have_text("2026年2月5日 星期四")
    labels = page.locator(".strip a.d").evaluate_all("all => all.map((a) => a.title)")
    assert "2月5日 周四：2 篇论文" in labels
    ready(page, chinese + "days/2026-02/")
    expect(page.locator("h1")).to_have_text("2026年2月")


def test_search_finds_the_same_in_either_language(page: Page, served: str, chinese: str) -> None:
    queries = ("LLM", "sparse attention", "复杂度", '"quiet LLM"', "author:ada")
    found: dict[str, list[list[str]]] = {}
    for site in (served, chinese):
        page.goto(f"{site}search/")
        for query in queries:
            page.locator("#query").fill(query)
            page.locator("#query").press("Enter")
            wait_until(page, "text => new URL(location).searchParams.get('q') === text", query)
            page.locator("#search-status[data-done=true][data-total]").wait_for()
            titles = page.locator("#results h2").all_text_contents()
            found.setdefault(query, []).append(titles)
    assert [query for query, (one, other) in found.items() if one != other or not one] == []


def test_feeds_name_the_language(chinese: str, page: Page) -> None:
    rss = page.request.get(f"{chinese}feed.xml").text()
    assert "<language>zh</language>" in rss
    assert "AI 总结（中文" in rss
    assert 'xml:lang="zh"' in page.request.get(f"{chinese}atom.xml").text()
    assert page.request.get(f"{chinese}feed.json").json()["language"] == "zh"


def test_english_pages_load_no_translation(page: Page, served: str) -> None:
    with requests(page) as asked:
        ready(page, served + DAY)
        page.wait_for_load_state("networkidle")
    assert not [url for url in asked if "locale" in url]


# The choice between a paper's summaries


def shown(page: Page) -> list[str]:
    """The languages of the summaries that can be seen."""
    sections = page.locator("section.summary, .opened .version")
    return [str(s.get_attribute("lang")) for s in sections.all() if s.is_visible()]


def test_one_summary_is_shown_and_the_choice_is_remembered(page: Page, served: str) -> None:
    ready(page, served + PAPER)
    group = page.get_by_role("group", name="Language of the summary")
    expect(group.get_by_role("button", name="English")).to_have_attribute("aria-pressed", "true")
    assert shown(page) == ["en"]
    group.get_by_role("button", name="中文").focus()
    page.keyboard.press("Enter")
    expect(group.get_by_role("button", name="中文")).to_have_attribute("aria-pressed", "true")
    assert shown(page) == ["zh"]
    page.emulate_media(media="print")
    assert shown(page) == ["zh"]
    expect(group).to_be_hidden()
    page.emulate_media(media="screen")
    page.reload()
    assert shown(page) == ["zh"]
    ready(page, served + DAY)
    page.locator("a.opens").click()
    expect(page.locator(".opened")).to_be_visible()
    assert shown(page) == ["zh"]
    page.locator(".opened").get_by_role("button", name="English").click()
    assert shown(page) == ["en"]
    ready(page, served + PAPER)
    assert shown(page) == ["en"]


def test_the_interface_decides_where_nobody_has_chosen(page: Page, chinese: str) -> None:
    ready(page, chinese + PAPER)
    assert shown(page) == ["zh"]


def test_a_link_into_a_hidden_summary_shows_it(page: Page, served: str) -> None:
    ready(page, f"{served}{PAPER}#ai-summary-中文")
    assert shown(page) == ["zh"]
    expect(page.locator("[id='ai-summary-中文']")).to_be_in_viewport()
    page.locator(".contents").get_by_role("link", name="Limits").click()
    expect(page.locator("#s-limits")).to_be_in_viewport()
    assert shown(page) == ["en"]
    # It was followed, not chosen.
    ready(page, served + PAPER)
    assert shown(page) == ["en"]
    page.get_by_role("button", name="中文").click()
    # Lists lead to "the summary", whichever it is.
    ready(page, f"{served}{PAPER}#ai-summary")
    assert shown(page) == ["zh"]
    expect(page.get_by_role("button", name="中文")).to_be_in_viewport()


def test_without_scripts_all_summaries_are_there(browser: Browser, served: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(served + PAPER)
    assert shown(page) == ["en", "zh"]
    context.close()


def test_nothing_moves_when_a_choice_is_remembered(browser: Browser, served: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 2400})
    page = context.new_page()
    page.add_init_script(
        "localStorage.setItem('daybook.language', 'zh'); window.shift = 0;"
        "new PerformanceObserver((list) => { for (const entry of list.getEntries()) "
        "window.shift += entry.value; }).observe({type: 'layout-shift', buffered: true});"
    )
    ready(page, served + PAPER)
    settle(page)
    assert shown(page) == ["zh"]
    assert page.evaluate("window.shift") < 0.02
    context.close()


def test_a_paper_with_one_summary_knows_nothing_of_it(golden_site: Path) -> None:
    text = (golden_site / "papers" / "2602.90001" / "index.html").read_text()
    assert 'class="summary"' in text
    for word in ("languages", 'version"', 'summaries"'):
        assert word not in text
