"""A day's list on a phone and at a desk, in real Chromium: read in five minutes, and finished."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.chromium import press, ready, too_wide, wait_until

pytestmark = pytest.mark.browser

EARLIER, DAY = "days/2026-02-04/", "days/2026-02-05/"
CARDS = ":is(.day, .latest) > ol > li"
SMALLEST = 44
"""What a finger hits, in pixels: https://www.w3.org/WAI/WCAG22/Understanding/target-size-enhanced"""


@pytest.fixture
def page(window: Callable[..., Page]) -> Page:
    return window()


def top(part: Locator) -> float:
    box = part.bounding_box()
    assert box
    return box["y"]


# What a phone shows


@pytest.mark.parametrize("path", ["", DAY])
def test_the_first_title_is_in_the_first_300_pixels(phone: Page, served: str, path: str) -> None:
    ready(phone, served + path)
    assert top(phone.locator(f"{CARDS} > h2").first) <= 300
    if not path:
        # What leads elsewhere comes below the papers.
        assert top(phone.locator(".strip")) > top(phone.locator(CARDS).last)


def test_a_card_has_authors_in_one_line_three_chips_and_no_score(phone: Page, served: str) -> None:
    ready(phone, served + DAY)
    for card in phone.locator(CARDS).all():
        authors = card.locator("h2 + p")
        assert authors.evaluate("p => p.getClientRects().length") == 1
        assert authors.evaluate(
            "p => p.clientHeight < 2 * parseFloat(getComputedStyle(p).fontSize)"
        )
        chips = card.locator("ul > li").filter(visible=True)
        assert 1 <= chips.count() <= 3
        expect(chips.filter(has_text="score")).to_have_count(0)
        assert card.locator("h2").evaluate("h2 => getComputedStyle(h2).fontSize") == "18px"


def test_the_places_tapped_daily_fit_a_finger(phone: Page, served: str) -> None:
    tapped = (
        *(".masthead ul a", ".masthead__saved", ".lamp", ".save", ".filter button", ".strip a.d"),
        *('[href$="#ai-summary"]', "h1 + p + ul a", ".finish button"),
    )
    seen = 0
    for path in (served, served + EARLIER):
        ready(phone, path)
        for part in phone.locator(", ".join(tapped)).filter(visible=True).all():
            box = part.bounding_box()
            assert box
            assert box["height"] >= SMALLEST, part
            seen += 1
    assert seen > 20


def test_a_whole_chip_of_the_tags_is_its_link(phone: Page, served: str) -> None:
    ready(phone, served + "tags/")
    chip = phone.locator(".tags > ul > li").first
    box = chip.bounding_box()
    assert box
    phone.mouse.click(box["x"] + box["width"] - 4, box["y"] + box["height"] - 4)
    phone.wait_for_url(served + "tags/*/")


def test_skimming_leaves_titles_and_sentences_on_every_page(phone: Page, served: str) -> None:
    ready(phone, served + DAY)
    before = phone.locator(CARDS).last.bounding_box()
    phone.get_by_role("button", name="Skim").click()
    for path in (None, served):
        if path:
            ready(phone, path)
        expect(phone.get_by_role("button", name="Skim")).to_have_attribute("aria-pressed", "true")
        expect(phone.locator(f"{CARDS} > ul").filter(visible=True)).to_have_count(0)
        expect(phone.locator(f"{CARDS} > h2 + p").filter(visible=True)).to_have_count(0)
        expect(phone.locator(f"{CARDS} > ul ~ p").first).to_be_visible()
    after = phone.locator(CARDS).last.bounding_box()
    assert before and after
    assert after["height"] < before["height"]
    phone.get_by_role("button", name="Skim").click()
    expect(phone.locator(f"{CARDS} > ul").first).to_be_visible()


# A summary that opens


def opened(page: Page, served: str) -> Locator:
    ready(page, served + EARLIER)
    page.get_by_role("button", name="AI summary").click()
    box = page.locator(".opened")
    expect(box).to_be_visible()
    return box


def test_a_summary_opens_with_its_first_part_and_folds_the_others(phone: Page, served: str) -> None:
    box = opened(phone, served)
    assert box.locator("details.part").count() >= 1
    expect(box.locator("details.part[open]")).to_have_count(0)
    expect(box.locator("details.part > summary > h3").first).to_be_visible()
    # The paper's title is not said again, and who wrote it is said.
    expect(box.locator(".first h3").first).not_to_contain_text("论文总结")
    expect(box.locator(".provenance").last).to_be_visible()
    height = box.evaluate("box => box.clientHeight")
    assert height < 900, height
    box.locator("details.part > summary").first.click()
    expect(box.locator("details.part[open]")).to_have_count(1)
    assert too_wide(phone) <= 0


def test_title_and_close_stay_in_view_and_closing_brings_the_card_back(
    window: Callable[..., Page], served: str
) -> None:
    page = window(width=390, height=420)
    box = opened(page, served)
    for part in box.locator("details.part > summary").all():
        part.click()
    box.locator(".provenance").last.scroll_into_view_if_needed()
    card = page.locator(f"{CARDS}.open")
    expect(card.locator("h2")).to_be_in_viewport(ratio=1)
    close = page.get_by_role("button", name="Close the summary")
    expect(close).to_be_in_viewport(ratio=1)
    close.click()
    expect(box).to_be_hidden()
    expect(page.locator(f"{CARDS} > h2").first).to_be_in_viewport()
    expect(page.get_by_role("button", name="AI summary")).to_be_focused()


def test_o_brings_the_top_of_the_card_into_view(window: Callable[..., Page], served: str) -> None:
    page = window(width=820, height=420)
    ready(page, served + DAY)
    press(page, *"jjo")
    expect(page.locator(".opened")).to_be_visible()
    wait_until(
        page, f"Math.abs(document.querySelector('{CARDS}.open').getBoundingClientRect().top) < 40"
    )


def test_numbered_lists_of_an_opened_summary_have_numbers(page: Page, served: str) -> None:
    box = opened(page, served)
    box.evaluate("box => { box.querySelector('.first').innerHTML = '<ol><li>one</li></ol>'; }")
    assert box.locator("ol").evaluate("ol => getComputedStyle(ol).listStyleType") == "decimal"


def test_a_card_steps_back_only_when_its_summary_is_closed(page: Page, served: str) -> None:
    opened(page, served)
    title = page.locator(f"{CARDS}.read > h2 a")
    ink = page.evaluate("getComputedStyle(document.body).color")
    expect(title).to_have_css("color", ink)
    page.get_by_role("button", name="Close the summary").click()
    expect(title).not_to_have_css("color", ink)


# Finishing a day


def test_what_is_read_is_counted_hidden_and_marked_at_once(page: Page, served: str) -> None:
    ready(page, served + DAY)
    progress = page.locator(".filter__progress")
    expect(progress).to_have_text("0 of 2 read")
    hide = page.get_by_role("button", name="Hide read")
    expect(hide).to_be_disabled()
    page.get_by_role("button", name="AI summary").click()
    expect(progress).to_have_text("1 of 2 read")
    hide.click()
    cards = page.locator(CARDS).filter(visible=True)
    expect(cards).to_have_count(1)
    # What is hidden is passed over by the keys.
    press(page, "j", "j")
    expect(page.get_by_role("link", name="An LLM kernel")).to_be_focused()
    hide.click()
    expect(cards).to_have_count(2)
    page.get_by_role("button", name="Mark the list as read").click()
    expect(progress).to_have_text("2 of 2 read")
    page.get_by_role("button", name="Undo").click()
    expect(progress).to_have_text("1 of 2 read")
    page.get_by_role("button", name="Mark the list as read").click()
    ready(page, served)
    expect(progress).to_have_text("2 of 2 read")
    expect(page.get_by_role("button", name="All read")).to_be_disabled()


def test_what_is_new_on_several_days_is_one_list(page: Page, served: str) -> None:
    ready(page, served + "papers/2602.90003/")
    ready(page, served + "unread/?after=2026-02-03")
    expect(page.locator("[data-place=unread] > p")).to_have_text("3 unread papers on 2 days.")
    expect(page.locator(".unread > h2")).to_have_text(
        ["Thursday, 5 February 2026", "Wednesday, 4 February 2026"]
    )
    cards = page.locator(CARDS)
    expect(cards).to_have_count(3)
    expect(page.get_by_role("link", name="An LLM kernel")).to_have_count(0)
    expect(page.locator(".filter__progress")).to_have_text("0 of 3 read")
    # They are cards as elsewhere: under the keys, to be saved, with a summary that opens.
    press(page, "j", "s")
    expect(page.locator(".notice")).to_contain_text("Saved: Sparse attention")
    page.keyboard.press("o")
    expect(page.locator(".opened")).to_be_visible()
    expect(page.locator(f"{CARDS} > h2 a").last).to_have_js_property(
        "href", served + "papers/2602.90002/"
    )
    page.get_by_role("button", name="Mark the list as read").click()
    ready(page, served + "unread/?after=2026-02-03")
    expect(page.locator("[data-place=unread] > p")).to_have_text("Nothing unread.")


def test_a_day_that_cannot_be_had_is_said(page: Page, served: str) -> None:
    page.route("**/" + EARLIER, lambda route: route.abort())
    ready(page, served + "unread/?after=2026-02-03")
    expect(page.locator("[data-place=unread] > p")).to_contain_text("1 day could not be read")
    expect(page.locator(CARDS)).to_have_count(2)


def test_without_javascript_the_unread_page_leads_to_the_archive(
    scriptless: Page, served: str
) -> None:
    scriptless.goto(served + "unread/")
    expect(scriptless.get_by_text("which needs JavaScript")).to_be_visible()
    scriptless.locator("#content").get_by_role("link", name="archive").click()
    expect(scriptless).to_have_url(served + "days/")


# A paper's page


def test_a_papers_page_begins_with_what_one_came_for(phone: Page, served: str) -> None:
    ready(phone, served + "papers/2602.90001/")
    order = [
        top(phone.locator(part))
        for part in (
            *("h1", ".paper > ul", "#ai-summary", "section.summary", "#abstract"),
            *(".paper > details >> nth=0", ".paper > details:has(pre)"),
        )
    ]
    assert order == sorted(order)
    assert order[1] < 600
    row = phone.locator(".paper > ul")
    for name in ("PDF", "HTML", "Save", "Share", "Cite"):
        part = row.locator("a, button").filter(has_text=name)
        expect(part).to_be_in_viewport(ratio=1)
        box = part.bounding_box()
        assert box
        assert box["height"] >= SMALLEST
    expect(phone.locator(".paper > details").filter(has_text="Licence")).not_to_have_attribute(
        "open", ""
    )
    row.get_by_role("button", name="Cite").click()
    expect(phone.locator(".paper > details > pre")).to_be_in_viewport()


def test_sections_are_chips_that_stay_where_the_page_is_narrow(
    window: Callable[..., Page], served: str
) -> None:
    page = window(width=1000, height=500)
    ready(page, served + "papers/2602.90001/")
    chips = page.locator(".contents")
    page.locator(".contents a").filter(visible=True).last.click()
    expect(page.locator("#abstract")).to_be_in_viewport(ratio=1)
    expect(chips).to_be_in_viewport(ratio=1)
    assert top(chips) < 2
    assert top(page.locator("#abstract")) >= top(chips) + SMALLEST


@pytest.mark.parametrize("offered", [True, False])
def test_a_paper_is_shared_by_what_the_system_offers(
    context: BrowserContext, served: str, offered: bool
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    share = "async (what) => { window.shared = what; }" if offered else "undefined"
    page.add_init_script(
        f"Object.defineProperty(navigator, 'share', {{ value: {share}, configurable: true }})"
    )
    ready(page, served + "papers/2602.90003/")
    address = page.locator("link[rel=canonical]").get_attribute("href")
    page.get_by_role("button", name="Share").click()
    if offered:
        shared = page.evaluate("window.shared")
        assert shared == {"title": "An LLM kernel", "url": address}
    else:
        expect(page.locator(".notice")).to_have_text("Address copied")
        assert page.evaluate("navigator.clipboard.readText()") == address


def test_the_light_switch_moves_nothing_when_it_comes(
    scriptless: Page, page: Page, served: str
) -> None:
    places = []
    for one in (scriptless, page):
        one.set_viewport_size({"width": 390, "height": 844})
        one.goto(served)
        places.append([one.locator(part).bounding_box() for part in (".find", ".masthead__saved")])
    expect(page.locator(".lamp")).to_be_visible()
    assert places[0] == places[1]
