"""Reading in real Chromium: what a visitor sees and does."""

from __future__ import annotations

from collections.abc import Callable
from itertools import cycle, product

import pytest
from playwright.sync_api import Page, expect

from tests.chromium import ready, too_wide, wait_until, watching

pytestmark = pytest.mark.browser

PAGES = (
    *("", "about/", "authors/", "saved/", "status/", "status/2026/", "trends/", "404.html"),
    *("days/2026-02-04/", "days/2026-02-07/", "days/2026-02/", "days/2026-W06/", "days/2026/"),
    *("days/", "papers/2602.90001/", "papers/2602.90003/", "papers/math/0309136/"),
    *("categories/", "categories/cs.LG/", "categories/cs.LG/2026-02/", "tags/", "tags/llm/"),
)


@pytest.fixture
def page(window: Callable[..., Page]) -> Page:
    return window()


_IN_SCHEME = """wanted => {
  const shade = getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number);
  return wanted === (shade[0] + shade[1] + shade[2] > 600 ? "light" : "dark");
}"""


def test_no_page_overflows_complains_or_asks_another_host(
    window: Callable[..., Page], served: str
) -> None:
    """Each is loaded in one of the windows in turn, and looked at in all of them."""
    looks = list(product((390, 1440), ("light", "dark")))
    turns = cycle(looks)
    page = window()
    with watching(page, served, console=True) as wrong:
        for path in PAGES:
            width, scheme = next(turns)
            window(width=width, height=900, color_scheme=scheme)
            page.goto(served + path)
            for width, scheme in looks:
                window(width=width, height=900, color_scheme=scheme)
                wide = too_wide(page)
                assert wide <= 0, f"{path} is {wide} px too wide at {width}"
                wait_until(page, _IN_SCHEME, scheme)
    assert wrong == []


def test_a_summary_opens_in_place_and_closes(page: Page, served: str) -> None:
    page.goto(served + "days/2026-02-04/")
    link = page.get_by_role("button", name="AI summary")
    link.click()
    expect(link).to_have_attribute("aria-expanded", "true")
    expect(page.locator(".opened table")).to_be_visible()
    expect(page.locator(".opened math").first).to_be_visible()
    assert page.locator(".opened").get_attribute("lang") == "zh"
    link.press("Enter")
    expect(page.locator(".opened")).to_be_hidden()
    assert page.url == served + "days/2026-02-04/"


def test_without_javascript_the_link_leads_to_the_summary(scriptless: Page, served: str) -> None:
    scriptless.goto(served + "days/2026-02-04/")
    scriptless.get_by_role("link", name="AI summary").click()
    expect(scriptless).to_have_url(served + "papers/2602.90001/#ai-summary")
    expect(scriptless.get_by_role("heading", name="AI summary")).to_be_visible()


def test_a_day_is_narrowed_to_a_category_and_the_address_remembers(page: Page, served: str) -> None:
    page.goto(served + "days/2026-02-05/")
    cards = page.locator(".day ol > li")
    expect(cards).to_have_count(2)
    page.get_by_role("button", name="math.GT 1").click()
    expect(cards.filter(visible=True)).to_have_count(1)
    expect(page).to_have_url(served + "days/2026-02-05/?category=math.GT")
    page.reload()
    expect(cards.filter(visible=True)).to_have_count(1)
    page.get_by_role("button", name="All 2").click()
    expect(cards.filter(visible=True)).to_have_count(2)
    expect(page).to_have_url(served + "days/2026-02-05/")


def test_the_light_switch_is_kept(page: Page, served: str) -> None:
    page.goto(served)
    lamp = page.get_by_role("button", name="Colours")
    expect(lamp).to_have_accessible_name("Colours: as the system, switch to light")
    lamp.click()
    expect(lamp).to_have_accessible_name("Colours: light, switch to dark")
    lamp.click()
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")
    page.goto(served + "about/")
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")
    lamp.click()
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "default")
    page.emulate_media(color_scheme="dark")
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")
    page.reload()
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")


def test_the_calendar_leads_to_a_day_and_the_day_to_its_neighbours(page: Page, served: str) -> None:
    page.goto(served)
    page.locator(".strip a.d").first.click()
    expect(page).to_have_url(served + "days/2026-02-04/")
    page.get_by_role("link", name="5 February 2026 →").click()
    expect(page).to_have_url(served + "days/2026-02-05/")
    # The next day in the archive is an empty Saturday: no announcement day to go on to.
    expect(page.get_by_role("link", name="→")).to_have_count(0)


def test_wide_tables_scroll_inside_themselves(window: Callable[..., Page], served: str) -> None:
    page = window(width=320, height=700)
    page.goto(served + "papers/2602.90001/")
    box = page.locator(".summary .table-scroll, .summary table").first.bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= 320


def test_the_masthead_keeps_its_lines(window: Callable[..., Page], served: str) -> None:
    page = window()
    ready(page, served + "about/")
    for width in (390, 600, 770, 820, 1440):
        window(width=width, height=800)
        name, saved, lamp, about = (
            page.locator(part).bounding_box()
            for part in (".masthead__name", ".masthead__saved", ".lamp", ".masthead li:last-child")
        )
        assert name and saved and lamp and about
        # The buttons stand beside the name, at its height, and the links are on one line.
        assert abs(saved["y"] + saved["height"] / 2 - lamp["y"] - lamp["height"] / 2) < 2, width
        assert name["y"] <= lamp["y"] + lamp["height"] / 2 <= name["y"] + name["height"], width
        links = page.locator(".masthead ul").evaluate("list => list.offsetHeight")
        assert links <= about["height"] + 1, width


def test_what_a_list_is_marked_with_stands_inside_the_page(page: Page, served: str) -> None:
    page.goto(served + "search/")
    heading = page.get_by_role("heading", name="How to search").bounding_box()
    item = page.locator("#content li").first.bounding_box()
    assert heading and item
    assert item["x"] >= heading["x"] + 16
