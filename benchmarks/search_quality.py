"""What the search answers to each query of the fixed set: page, header's box and terminal."""

from __future__ import annotations

import json
import math
import os
import re
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Page, TimeoutError, sync_playwright

from benchmarks.queries import COMPLETE, Query
from tests.chromium import launch, wait_until

PROJECT = Path(__file__).resolve().parents[1]
_DONE = '#search-status[data-done="true"][data-total]'
_PAPER = re.compile(r"/papers/(.+?)/(?:[?#]|$)")
_ROWS = "rows => rows.map(row => row.querySelector('h2 a').href)"
_OPTIONS = "rows => rows.map(row => (row.querySelector('a') ?? row).href ?? '')"
# So many rows are looked at for recall and precision; where there are more, recall is reckoned.
_MOST = 60


@dataclass(frozen=True)
class Answered:
    """The ids that a query found, best first, and how many there are by the search's own count.

    ``own`` counts what has the words themselves, which stands before everything else; None where
    only the best are shown, so that recall and precision say nothing.
    """

    query: Query
    found: tuple[str, ...]
    own: int | None = None

    def hit(self, most: int) -> bool:
        """Whether a right answer is among the first; nothing is right where nothing is there."""
        if not self.query.expected:
            return not self.found
        return bool(self.query.expected & set(self.found[:most]))

    @property
    def counted(self) -> bool:
        """Whether recall and precision say anything about it."""
        return self.query.kind in COMPLETE and bool(self.query.expected) and self.own is not None

    @property
    def precision(self) -> float:
        """How much of what has the words is right, of the rows that were looked at."""
        shown = self.found[: self.own]
        return len(self.query.expected & set(shown)) / len(shown) if shown else 0.0

    @property
    def recall(self) -> float:
        """How much of what should be found has the words; beyond the rows as among them."""
        shown = self.found[: self.own]
        right = len(self.query.expected & set(shown))
        if self.own is not None and self.own > len(shown):
            right = round(self.precision * self.own)
        return min(1.0, right / len(self.query.expected))


Ask = Callable[[Query], Answered]


@contextmanager
def asking_page(address: str) -> Iterator[Ask]:
    """Ask the search page of the site at ``address`` (with a slash); ids go through the box."""
    with _browsing() as page:

        def ask(query: Query) -> Answered:
            if query.kind == "id":
                return _enter(page, address, query)
            # Another fragment of the same page would not be loaded anew, another query is.
            page.goto(f"{address}search/?q={quote(query.text)}")
            return _read_page(page, query)

        yield ask


@contextmanager
def asking_box(address: str) -> Iterator[Ask]:
    """Ask the list that drops from the header's box, on one page, query after query."""
    with _browsing() as page:
        page.goto(address)
        page.focus("#search")
        page.wait_for_selector("#search[role=combobox]")
        yield lambda query: _read_box(page, query)


@contextmanager
def asking_terminal(data: Path) -> Iterator[Ask]:
    """Ask ``generator search`` over the store ``data``, which is its project's folder data/."""
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}

    def ask(query: Query) -> Answered:
        command = [sys.executable, "-m", "generator", "search", "--json", "--limit", str(_MOST)]
        done = subprocess.run(
            [*command, "--", query.text],
            cwd=data.parent,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"generator search {query.text!r} failed: {done.stderr.strip()}")
        found = json.loads(done.stdout or "[]")
        by_words = [item for item in found if not item.get("glossary") and not item.get("tier")]
        counted = re.search(r"(\d[\d,]*) papers?", done.stderr)
        own = len(by_words)
        if own == _MOST and counted:
            own = int(counted[1].replace(",", ""))
        return Answered(query, tuple(item["id"] for item in found), own)

    yield ask


@contextmanager
def _browsing() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        try:
            yield browser.new_page()
        finally:
            browser.close()


def _read_page(page: Page, query: Query) -> Answered:
    status = page.wait_for_selector(_DONE, state="attached")
    assert status
    rows, more = page.locator("#results > li"), page.locator("#more")
    while query.kind in COMPLETE and rows.count() < _MOST and more.is_visible():
        count = rows.count()
        more.click()
        wait_until(page, f"document.querySelectorAll('#results > li').length > {count}")
        page.wait_for_selector(_DONE, state="attached")
    found = [_paper(url) for url in rows.evaluate_all(_ROWS)]
    total = int(page.locator("#search-status").get_attribute("data-total") or 0)
    own = page.locator("#search-status").get_attribute("data-own")
    return Answered(query, tuple(found), total if own is None else int(own))


def _enter(page: Page, address: str, query: Query) -> Answered:
    """An id leads to its page: from the header's box, with Enter. Else the search page answers."""
    page.goto(address)
    page.focus("#search")
    page.keyboard.insert_text(query.text)
    page.wait_for_selector("#search[role=combobox]")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/papers/|/search/"))
    if "/search/" in page.url:
        # It may go on to the paper, or stay and list what it found.
        wait_until(
            page,
            "() => location.pathname.includes('/papers/') || "
            f"document.querySelector({json.dumps(_DONE)}) !== null",
        )
        page.wait_for_timeout(100)
    if "/papers/" in page.url:
        return Answered(query, (_paper(page.url),), 1)
    return _read_page(page, query)


def _read_box(page: Page, query: Query) -> Answered:
    """Type into the box and read its list, when what is said of it is no longer "so far"."""
    page.fill("#search", "")
    page.evaluate("document.querySelector('#search-live').textContent = ''")
    page.keyboard.insert_text(query.text)
    said = page.locator("#search-live")
    end = time.monotonic() + 2
    while time.monotonic() < end and (not (now := said.inner_text()) or "so far" in now):
        page.wait_for_timeout(20)
    links = page.locator("#search-list [role=option]").evaluate_all(_OPTIONS)
    found = [match[1] for match in map(_PAPER.search, links) if match]
    return Answered(query, tuple(dict.fromkeys(found)))


def _paper(url: str) -> str:
    found = _PAPER.search(url)
    if not found:
        raise ValueError(f"a result that leads to no paper: {url}")
    return found[1]


def ask_all(ask: Ask, queries: Iterable[Query]) -> list[Answered]:
    """Ask every query; one that is never answered found nothing."""
    answered = []
    for query in queries:
        try:
            answered.append(ask(query))
        except TimeoutError:
            print(f"no answer to {query.kind} {query.text!r}", file=sys.stderr, flush=True)
            answered.append(Answered(query, ("(no answer)",), 0))
    return answered


def report(where: str, answered: Iterable[Answered]) -> None:
    """Print hit rates, recall and precision by kind, and every query that missed."""
    kinds: dict[str, list[Answered]] = defaultdict(list)
    for one in answered:
        kinds[one.query.kind].append(one)
    print(f"\n| {where} | queries | hit@1 | hit@5 | hit@10 | recall | precision |")
    print("|---|---|---|---|---|---|---|")
    for kind, ones in kinds.items():
        _print_row(kind, ones)
    _print_row("all", [one for ones in kinds.values() for one in ones])
    print()
    for one in (one for ones in kinds.values() for one in ones):
        if not one.hit(1) or (one.counted and min(one.recall, one.precision) < 0.9):
            _print_miss(one)


def _print_row(kind: str, ones: list[Answered]) -> None:
    hits = [f"{_mean(one.hit(most) for one in ones):.2f}" for most in (1, 5, 10)]
    counted = [one for one in ones if one.counted]
    shares = ["", ""]
    if counted and kind != "all":
        shares = [
            f"{_mean(one.recall for one in counted):.3f}",
            f"{_mean(one.precision for one in counted):.3f}",
        ]
    print(f"| {kind} | {len(ones)} | {' | '.join([*hits, *shares])} |")


def _print_miss(one: Answered) -> None:
    place = next((n for n, id_ in enumerate(one.found, 1) if id_ in one.query.expected), math.inf)
    shares = f", recall {one.recall:.2f}, precision {one.precision:.2f}" if one.counted else ""
    print(
        f"- {one.query.kind} {one.query.text!r}: first right {place}{shares}, "
        f"{len(one.query.expected)} right, "
        f"{len(one.found) if one.own is None else one.own} found, "
        f"first {', '.join(one.found[:3]) or 'nothing'}"
    )


def _mean(values: Iterable[float]) -> float:
    numbers = list(values)
    return sum(numbers) / len(numbers)
