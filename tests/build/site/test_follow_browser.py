"""Following a page: its feeds' addresses, with JavaScript and without, in real Chromium."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.chromium import ready, too_wide

pytestmark = pytest.mark.browser

FEEDS = {
    "": ["feed.xml", "atom.xml", "feed.json"],
    "categories/cs.LG/": ["feeds/cs.LG.xml", "feeds/atom/cs.LG.xml", "feeds/json/cs.LG.json"],
}


@pytest.mark.parametrize("path", FEEDS)
def test_without_javascript_the_button_unfolds_the_feeds(
    scriptless: Page, served: str, path: str
) -> None:
    scriptless.goto(served + path)
    scriptless.get_by_text("Follow", exact=True).click()
    links = scriptless.locator(".follow li > a")
    assert links.all_inner_texts() == ["RSS", "Atom", "JSON Feed"]
    addresses = links.evaluate_all("all => all.map((one) => one.href)")
    assert addresses == [served + feed for feed in FEEDS[path]]
    for address in addresses:
        assert scriptless.request.get(address).ok


@pytest.mark.parametrize("path", FEEDS)
def test_the_address_is_shown_and_copied(context: BrowserContext, served: str, path: str) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    ready(page, served + path)
    page.get_by_text("Follow", exact=True).click()
    for name, feed in zip(("RSS", "Atom", "JSON Feed"), FEEDS[path], strict=True):
        button = page.get_by_role("button", name=f"Copy: {name}", exact=True)
        expect(page.locator(".follow code", has_text=served + feed).first).to_be_visible()
        button.click()
        expect(button).to_have_text("Copied")
        assert page.evaluate("navigator.clipboard.readText()") == served + feed
    page.get_by_text("Follow", exact=True).click()
    page.get_by_text("Follow", exact=True).click()
    expect(page.locator(".follow button")).to_have_count(3)  # made once


def test_where_the_clipboard_is_kept_the_address_is_marked(
    context: BrowserContext, served: str
) -> None:
    context.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page = context.new_page()
    ready(page, served)
    page.get_by_text("Follow", exact=True).click()
    page.get_by_role("button", name="Copy: Atom").click()
    assert page.evaluate("String(getSelection())").strip() == f"{served}atom.xml"


@pytest.mark.parametrize("path", FEEDS)
def test_a_finger_meets_what_is_tapped_to_follow(phone: Page, served: str, path: str) -> None:
    ready(phone, served + path)
    phone.get_by_text("Follow", exact=True).tap()
    expect(phone.locator(".follow button")).to_have_count(3)
    for target in phone.locator(".follow :is(summary, a, button)").all():
        box = target.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44
    assert too_wide(phone) <= 0


def test_no_day_and_no_rare_tag_offers_a_feed_that_is_not_there(
    window: Callable[..., Page], served: str
) -> None:
    page = window()
    for path in ("days/2026-02-05/", "tags/kernel/", "categories/cs.LG/2026-02/"):
        page.goto(served + path)
        assert page.locator(".follow").count() == 0
