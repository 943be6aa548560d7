"""What readers do every morning, in real Chromium: by keyboard, with marks that stay."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

pytestmark = pytest.mark.browser

DAY = "days/2026-02-05/"
KERNEL, SPARSE = "papers/2602.90003/", "papers/math/0309136/"
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context()
    context.set_default_timeout(5000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, served: str) -> Iterator[Page]:
    """A page on which nothing may go wrong: no error, no dialog, no request to another host."""
    page = context.new_page()
    complaints = watched(page, served)
    yield page
    assert complaints == []


def watched(page: Page, served: str) -> list[str]:
    """What goes wrong on a page from now on."""
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: (complaints.append(dialog.message), dialog.dismiss()))
    page.on(
        "request",
        lambda request: (
            None if request.url.startswith((served, "blob:")) else complaints.append(request.url)
        ),
    )
    return complaints


def ready(page: Page, address: str) -> None:
    """Open a page and wait until the scripts behind it have started."""
    page.goto(address)
    page.locator(".colophon__keys").wait_for()


def title(page: Page, text: str) -> Locator:
    return page.locator("#content").get_by_role("link", name=text)


# By keyboard


@pytest.mark.parametrize("path", ["", DAY])
def test_j_and_k_go_from_paper_to_paper(page: Page, served: str, path: str) -> None:
    ready(page, served + path)
    kernel, sparse = title(page, "An LLM kernel"), title(page, "Sparse attention <b>before")
    page.keyboard.press("j")
    expect(kernel).to_be_focused()
    page.keyboard.press("j")
    expect(sparse).to_be_focused()
    page.keyboard.press("j")
    expect(sparse).to_be_focused()
    page.keyboard.press("k")
    expect(kernel).to_be_focused()
    page.keyboard.press("k")
    expect(kernel).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(served + KERNEL)


def test_the_paper_under_the_keys_is_seen(browser: Browser, served: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 420})
    page = context.new_page()
    ready(page, served)
    page.keyboard.press("j")
    page.keyboard.press("j")
    sparse = title(page, "Sparse attention <b>before")
    expect(sparse).to_be_focused()
    expect(sparse).to_be_in_viewport(ratio=1)
    card = page.locator(".latest > ol > li").nth(1)
    assert "rgb(184, 64, 47)" in card.evaluate("card => getComputedStyle(card).boxShadow")
    context.close()


def test_where_motion_is_reduced_nothing_glides(browser: Browser, served: str) -> None:
    for motion, behaviour in (("reduce", "instant"), ("no-preference", "smooth")):
        context = browser.new_context(reduced_motion=motion)  # type: ignore[arg-type]
        page = context.new_page()
        page.add_init_script(
            "window.how = []; Element.prototype.scrollIntoView = function (options) "
            "{ window.how.push(options.behavior); };"
        )
        ready(page, served + DAY)
        page.keyboard.press("j")
        assert page.evaluate("window.how") == [behaviour]
        context.close()


def test_o_opens_and_closes_a_summary(page: Page, served: str) -> None:
    ready(page, served + DAY)
    page.keyboard.press("o")
    expect(page.locator(".opened")).to_have_count(0)
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("o")
    expect(page.locator(".opened")).to_be_visible()
    page.keyboard.press("o")
    expect(page.locator(".opened")).to_be_hidden()
    expect(title(page, "Sparse attention <b>before")).to_be_focused()
    # A paper without a summary opens itself.
    page.keyboard.press("k")
    page.keyboard.press("o")
    page.wait_for_url(served + KERNEL)


@pytest.mark.parametrize("path", ["categories/cs.LG/", "days/2026-02/", "tags/llm/"])
def test_lists_are_read_by_keyboard_too(page: Page, served: str, path: str) -> None:
    ready(page, served + path)
    page.keyboard.press("j")
    expect(title(page, "An LLM kernel")).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("o")
    page.wait_for_url(served + SPARSE)


def test_a_card_that_the_filter_hides_is_passed_over(page: Page, served: str) -> None:
    ready(page, served + DAY)
    page.get_by_role("button", name="math.GT 1").click()
    page.keyboard.press("j")
    expect(title(page, "Sparse attention <b>before")).to_be_focused()
    page.keyboard.press("k")
    expect(title(page, "Sparse attention <b>before")).to_be_focused()


def test_a_papers_neighbours_are_a_key_away(page: Page, served: str) -> None:
    ready(page, served + KERNEL)
    page.keyboard.press("k")
    page.keyboard.press("j")
    page.wait_for_url(served + SPARSE)
    ready(page, served + SPARSE)
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.wait_for_url(served + KERNEL)


def test_keys_mean_letters_while_writing_and_nothing_with_a_modifier(
    page: Page, served: str
) -> None:
    ready(page, served + DAY)
    for chord in ("Control+j", "Alt+j", "Meta+j", "Shift+J"):
        page.keyboard.press(chord)
    expect(page.locator("#content a:focus")).to_have_count(0)
    page.keyboard.press("/")
    page.keyboard.type("josk?")
    expect(page.locator("#search")).to_have_value("josk?")
    expect(page.locator("dialog")).to_have_count(0)


def test_the_help_opens_closes_and_gives_the_focus_back(page: Page, served: str) -> None:
    ready(page, served + DAY)
    page.keyboard.press("j")
    page.keyboard.press("?")
    help_dialog = page.get_by_role("dialog", name="Keys")
    expect(help_dialog).to_be_visible()
    for key in "jkos/?":
        expect(help_dialog.locator("kbd", has_text=key).first).to_be_visible()
    # The page below does not move on.
    page.keyboard.press("j")
    page.keyboard.press("/")
    page.keyboard.press("Escape")
    expect(help_dialog).to_be_hidden()
    expect(title(page, "An LLM kernel")).to_be_focused()
    page.locator(".colophon__keys").click()
    expect(help_dialog).to_be_visible()
    help_dialog.get_by_role("button", name="Close").click()
    expect(help_dialog).to_be_hidden()


def test_single_keys_can_be_turned_off(page: Page, served: str) -> None:
    ready(page, served + DAY)
    page.keyboard.press("?")
    page.get_by_label("React to single keys").uncheck()
    page.keyboard.press("Escape")
    for path in (DAY, KERNEL):
        ready(page, served + path)
        for key in ("j", "s", "/", "?"):
            page.keyboard.press(key)
        expect(page.locator("body")).to_be_focused()
        expect(page.locator("dialog")).to_have_count(0)
        assert page.url == served + path
    page.keyboard.press("Control+k")
    expect(page.locator("#search")).to_be_focused()
