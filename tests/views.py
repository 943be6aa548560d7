"""Every type of page of the edge archive, and the states that readers bring them into."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.edge_archive import BARE, FULL, HOLIDAY, LONG, MIXED, SINGLE, SUMMARISED


def _as_it_comes(page: Page) -> None:
    """Nothing is done on the page."""


# What the first page remembers of a visit before the archive's first day.
LAST_VISIT = '{"on": "2026-03-08", "seen": "2026-03-08"}'


@dataclass(frozen=True)
class View:
    """A page of the edge archive, and what a reader does there before it is looked at."""

    name: str
    path: str
    prepare: Callable[[Page], None] = _as_it_comes

    def open(self, page: Page, address: str) -> None:
        """Go there, wait for the scripts, and bring the page into its state."""
        page.goto(address + self.path)
        page.locator(".colophon__keys").wait_for()
        self.prepare(page)


def searched(page: Page) -> None:
    """Wait until all results are there."""
    expect(page.locator('#search-status[data-done="true"]')).to_contain_text("paper")


def _search_results(page: Page) -> None:
    searched(page)
    page.locator("#filters > summary").click()


def _nothing_found(page: Page) -> None:
    expect(page.locator('#search-status[data-done="true"]')).not_to_be_empty()


def _box_open(page: Page) -> None:
    page.locator("#search").press_sequentially("sparse")
    page.locator('#search-list a[href*="/papers/"]').first.wait_for()
    page.keyboard.press("ArrowDown")


def _help_open(page: Page) -> None:
    page.locator(".colophon__keys").click()
    expect(page.locator("dialog")).to_be_visible()


def _summary_open(page: Page) -> None:
    page.get_by_role("button", name="AI summary").click()
    expect(page.locator(".opened")).to_be_visible()


def _details_open(page: Page) -> None:
    page.locator("#content details").evaluate_all("all => all.forEach((one) => one.open = true)")


def _marked(page: Page) -> None:
    for button in page.locator("li > .save").all()[:2]:
        button.click()
    _narrowed(page)


def _narrowed(page: Page) -> None:
    page.locator(".filter button").nth(1).click()


def _some_saved(page: Page) -> None:
    saved = {
        identifier: {
            "title": title,
            "authors": ["Ada Sample", "Bo Sample"],
            "category": "cs.LG",
            "day": f"{MIXED}",
            "saved": "2026-03-11T08:00:00.000Z",
        }
        for identifier, title in ((SUMMARISED, "A saved paper"), (LONG, "Long title " * 20))
    }
    page.evaluate("marks => localStorage.setItem('/.marks', marks)", json.dumps({"saved": saved}))
    page.reload()
    expect(page.locator("#saved-list > li")).to_have_count(2)


def _came_back(page: Page) -> None:
    page.evaluate(
        "visit => { sessionStorage.clear(); localStorage.setItem('/.visit', visit); }", LAST_VISIT
    )
    page.reload()
    page.locator("#visit a").wait_for()


VIEWS = (
    View("home", ""),
    View("home, since the last visit", "", _came_back),
    View("home, search box", "", _box_open),
    View("day", f"days/{MIXED}/"),
    View("day, summary open", f"days/{MIXED}/", _summary_open),
    View("day, keys' dialog", f"days/{MIXED}/", _help_open),
    View("day of 100, marked", f"days/{FULL}/", _marked),
    View("day of one", f"days/{SINGLE}/"),
    View("day of none", f"days/{HOLIDAY}/"),
    View("week", "days/2026-W11/"),
    View("month", "days/2026-03/"),
    View("year", "days/2026/"),
    View("archive", "days/"),
    View("categories", "categories/"),
    View("category", "categories/cs.LG/"),
    View("category, month", "categories/cs.LG/2026-03/"),
    View("tags", "tags/"),
    View("tag", "tags/kernel/"),
    View("tag, month", "tags/kernel/2026-03/"),
    View("trends", "trends/", _details_open),
    View("authors", "authors/"),
    View("author", "authors/ada-sample/"),
    View("paper", "papers/2603.90302/"),
    View("paper, 3 summaries", f"papers/{SUMMARISED}/", _details_open),
    View("paper, long title", f"papers/{LONG}/", _details_open),
    View("paper, summary failed", f"papers/{BARE}/"),
    View("search", "search/"),
    View("search, results", "search/?q=sparse", _search_results),
    View("search, none", "search/?q=xyzzyx", _nothing_found),
    View("saved", "saved/"),
    View("unread", "unread/?after=2026-03-08"),
    View("saved, two papers", "saved/", _some_saved),
    View("status", "status/", _details_open),
    View("status, year", "status/2026/"),
    View("about", "about/"),
    View("404", "404.html"),
)

# What there is before the first update.
EMPTY_VIEWS = tuple(
    View(f"empty, {name}", path)
    for name, path in (
        ("home", ""),
        ("archive", "days/"),
        ("categories", "categories/"),
        ("tags", "tags/"),
        ("trends", "trends/"),
        ("authors", "authors/"),
        ("search", "search/"),
        ("status", "status/"),
        ("about", "about/"),
    )
)
