"""What the search page answers to each query of the fixed set, in a real browser."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from playwright.sync_api import Page, sync_playwright

from benchmarks.queries import Query
from tests.chromium import launch, wait_until

_DONE = '#search-status[data-done="true"]'
_PAPER = re.compile(r"/papers/(.+?)/(?:[?#]|$)")
# English words are looked for anywhere, whole phrases first; Chinese runs are phrases.
_COMPLETE = ("chinese",)


@dataclass(frozen=True)
class Answered:
    """The ids that a query found, best first. ``own`` leaves out what only the glossary found.

    For kinds whose recall counts these are all ids, for others those on the first page.
    """

    query: Query
    found: tuple[str, ...]
    own: tuple[str, ...]

    def hit(self, most: int) -> bool:
        """Whether a right answer is among the first; nothing is right where nothing is there."""
        if not self.query.expected:
            return not self.found
        return bool(self.query.expected & set(self.found[:most]))

    @property
    def recall(self) -> float:
        """How much of what should be found was found."""
        return len(self.query.expected & set(self.found)) / len(self.query.expected)

    @property
    def precision(self) -> float:
        """How much of what the words themselves found is right."""
        return len(self.query.expected & set(self.own)) / len(self.own) if self.own else 0.0


def ask_all(address: str, queries: Iterable[Query]) -> list[Answered]:
    """Ask the search page at ``address`` (the site's, with a slash) every query."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_page()
        answered = [
            _look_up(page, address, query) if query.kind == "id" else _ask(page, address, query)
            for query in queries
        ]
        browser.close()
    return answered


def _ask(page: Page, address: str, query: Query) -> Answered:
    page.goto(f"{address}search/?q={quote(query.text)}")
    page.wait_for_selector(f"{_DONE}[data-total]", state="attached")
    suggestion = page.locator("#did-you-mean a")
    if query.kind == "typo" and suggestion.count():
        # A reader who sees the right name takes it.
        suggestion.click()
        page.wait_for_selector(_DONE, state="attached")
    more = page.locator("#more")
    while query.kind in _COMPLETE and more.is_visible():
        count = page.locator("#results > li").count()
        more.click()
        wait_until(page, f"document.querySelectorAll('#results > li').length > {count}")
        page.wait_for_selector(_DONE, state="attached")
    rows = page.locator("#results > li").evaluate_all(
        "rows => rows.map(row => [row.querySelector('h2 a').href, !row.querySelector('.via')])"
    )
    ids = [(_paper(url), own) for url, own in rows]
    return Answered(query, tuple(i for i, _ in ids), tuple(i for i, own in ids if own))


def _look_up(page: Page, address: str, query: Query) -> Answered:
    """An id leads to its page: from the header's box, with Enter."""
    page.goto(address)
    page.focus("#search")
    page.keyboard.insert_text(query.text)
    page.wait_for_selector("#search[role=combobox]")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/papers/|/search/"))
    if "/search/" in page.url:
        page.wait_for_url(_PAPER)
    return Answered(query, (_paper(page.url),), (_paper(page.url),))


def _paper(url: str) -> str:
    found = _PAPER.search(url)
    if not found:
        raise ValueError(f"a result that leads to no paper: {url}")
    return found[1]


def report(answered: Iterable[Answered]) -> None:
    """Print hit rates by kind, recall and precision of phrases, and every query that missed."""
    kinds: dict[str, list[Answered]] = defaultdict(list)
    for one in answered:
        kinds[one.query.kind].append(one)
    print("| kind | queries | hit@1 | hit@5 | recall | precision |")
    print("|---|---|---|---|---|---|")
    for kind, ones in kinds.items():
        cells = [f"{sum(one.hit(most) for one in ones) / len(ones):.2f}" for most in (1, 5)]
        if kind in _COMPLETE:
            cells += [
                f"{sum(one.recall for one in ones) / len(ones):.3f}",
                f"{sum(one.precision for one in ones) / len(ones):.3f}",
            ]
        else:
            cells += ["", ""]
        print(f"| {kind} | {len(ones)} | {' | '.join(cells)} |")
    for one in (one for ones in kinds.values() for one in ones):
        complete = one.query.kind not in _COMPLETE or one.recall == one.precision == 1
        if not one.hit(1) or not complete:
            print(
                f"- {one.query.kind} {one.query.text!r}: hit@1 {one.hit(1)}, hit@5 {one.hit(5)}, "
                f"{len(one.query.expected)} right, {len(one.found)} found, {len(one.own)} by its "
                f"own words, first {', '.join(one.found[:3])}"
            )
