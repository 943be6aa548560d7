"""How fast the first results come, and what is loaded for them: Daybook's search and Material's.

Every visit has a new browser with an empty profile. It opens the home page, focuses the search box
at once and types at a steady pace. The page itself notes when the last key went down and when the
first results were about to be painted.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, TimeoutError, sync_playwright

from benchmarks.serving import Site
from tests.chromium import launch, wait_until

KEY_MS = 60  # between two keys: a quick typist, whom no pause helps


@dataclass(frozen=True)
class Search:
    """Where a search is used. ``done`` matches when all has been answered ("" where it is at once).

    ``part`` is in the paths of all files that a search loads, ``on_load`` says that a page view
    loads them. After ``patience`` seconds a search has failed.
    """

    name: str
    page: str
    box: str
    result: str
    done: str = ""
    part: str = ""
    on_load: bool = False
    patience: float = 15


HEADER = Search("header box", "", "input#search", '#search-list a[href*="/papers/"]')
PAGE = Search(
    "search page",
    "search/",
    "input#query",
    "ol#results > li h2 a",
    done='#search-status[data-done="true"]',
)
MATERIAL = Search(
    "Material",
    "",
    "input.md-search__input",
    "a.md-search-result__link",
    part="search",
    on_load=True,
    patience=180,
)


@dataclass(frozen=True)
class Visit:
    """Times in ms from the last key on; ``memory`` is the renderer's PSS in MB.

    ``first`` and ``all`` are nan where nothing was found.
    """

    first: float
    all: float
    bytes: int
    memory: float


# Notes the last key that went down or changed a box, and the first frame afterwards that shows
# results of the whole text: links that say which words to highlight say which query they are of.
_WATCH = """({result, done, text}) => {
  const seen = (window.seen = {key: 0, first: 0, all: 0});
  const restart = () => Object.assign(seen, {key: performance.now(), first: 0, all: 0});
  addEventListener("keydown", restart, true);
  addEventListener("input", restart, true);
  const note = (name) => {
    const key = seen.key;
    requestAnimationFrame(() => { if (seen.key === key) seen[name] ||= performance.now() - key; });
  };
  const shown = () => [...document.querySelectorAll(result)].some((link) => {
    const marks = new URL(link.href).searchParams.get("highlight");
    return marks === null || marks.startsWith(text.slice(0, 290));
  });
  new MutationObserver(() => {
    if (!seen.key || (seen.first && (seen.all || !done)) || !shown()) return;
    note("first");
    if (done && document.querySelector(done)) note("all");
  }).observe(document, {subtree: true, childList: true, attributes: true});
}"""


def visit(site: Site, search: Search, text: str) -> Visit:
    """Type a query into a search box in a browser that has never been there."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_page()
        page.set_default_timeout(search.patience * 1000)
        start = len(site.log)
        page.goto(site.address + search.page)
        page.evaluate(_WATCH, {"result": search.result, "done": search.done, "text": text})
        if not search.on_load:
            start = len(site.log)
        page.focus(search.box)
        page.keyboard.type(text, delay=KEY_MS)
        if not text.isascii() and search is MATERIAL:
            page.keyboard.press("Shift")  # it looks at keys, and such letters come without
        try:
            wait_until(page, "seen.first" + (" && seen.all" if search.done else ""))
            seen = page.evaluate("seen")
        except TimeoutError:
            seen = {"first": float("nan"), "all": float("nan")}
        site.wait_until_quiet()
        loaded = site.bytes_since(start, search.part)
        memory = renderer_memory(browser)
        browser.close()
    return Visit(seen["first"], seen["all"] if search.done else seen["first"], loaded, memory)


def focus_bytes(site: Site, search: Search) -> int:
    """What focusing the box loads, before the first key."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_page()
        page.goto(site.address + search.page)
        site.wait_until_quiet()
        start = len(site.log)
        page.focus(search.box)
        site.wait_until_quiet(1.0)
        loaded = site.bytes_since(start)
        browser.close()
    return loaded


def renderer_memory(browser: Browser) -> float:
    """The PSS in MB of the largest renderer of a browser, now."""
    session = browser.new_browser_cdp_session()
    found = session.send("SystemInfo.getProcessInfo")["processInfo"]
    return max(_pss(process["id"]) for process in found if process["type"] == "renderer")


def _pss(pid: int) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:"))
