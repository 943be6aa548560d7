"""How far a reader has to go, in a real browser: ``python -m benchmarks.reading SITE [SITE]``.

For each built site (a folder) at 390, 820 and 1440 px: where the first title of the first page
begins and how many screens its day takes, where sentence and summary of a summarised paper begin,
how tall a summary is that is opened in the list, and how many things tapped daily are under 44 px.
With two sites, side by side.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from benchmarks.serving import Site
from tests.chromium import launch, wait_until

SCREENS = {390: 844, 820: 1180, 1440: 900}
CARDS = ":is(.day, .latest) > ol > li"
SMALLEST = 44  # pixels, https://www.w3.org/WAI/WCAG22/Understanding/target-size-enhanced.html
TAPPED = ".opens, .masthead a, .masthead button, .save, .strip a.d, .filter button, .actions a"

TOP = "(query) => Math.round(document.querySelector(query)?.getBoundingClientRect().top + scrollY)"
HEIGHT = "(query) => Math.round(document.querySelector(query).getBoundingClientRect().height)"
SPAN = """([cards, screen]) => {
  const all = [...document.querySelectorAll(cards)];
  return [all.length, +(all.at(-1).getBoundingClientRect().bottom / screen).toFixed(1)];
}"""
SMALL = """([query, smallest]) => [...document.querySelectorAll(query)].filter((thing) => {
  const { width, height } = thing.getBoundingClientRect();
  return width && Math.min(width, height) < smallest;
}).length"""


def measure(page: Page, address: str, screen: int) -> dict[str, Any]:
    """Return the figures of the site at ``address``, in pixels but for counts and screens."""
    page.goto(address)
    wait_until(page, "document.querySelector('.save')")
    cards, screens = page.evaluate(SPAN, [CARDS, screen])
    figures: dict[str, Any] = {
        "first title, y": page.evaluate(TOP, f"{CARDS} > h2"),
        "cards": cards,
        "screens": screens,
        f"tapped daily, under {SMALLEST} px": page.evaluate(SMALL, [TAPPED, SMALLEST]),
    }
    link = page.locator(f"{CARDS} .opens").first
    paper = link.evaluate("(link) => link.href")
    link.click()
    wait_until(page, f"document.querySelector('{CARDS} > .opened:not([hidden])')")
    figures["opened summary, height"] = page.evaluate(HEIGHT, f"{CARDS} > .opened")
    page.goto(paper.partition("#")[0])
    figures["a paper's page: summary, y"] = page.evaluate(TOP, "section.summary")
    figures["its sentence, y"] = page.evaluate(TOP, ".paper > p:has(> strong:first-child)")
    return figures


def main() -> None:
    """Print a table for each width."""
    sites = [Path(name) for name in sys.argv[1:]]
    if not sites:
        sys.exit(__doc__)
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for width, screen in SCREENS.items():
            found = []
            for folder in sites:
                with Site(folder) as site:
                    page = browser.new_page(viewport={"width": width, "height": screen})
                    found.append(measure(page, site.address, screen))
                    page.close()
            print(f"\n{width} x {screen}")
            for name in found[0]:
                values = "  ".join(f"{figures[name]!s:>8}" for figures in found)
                print(f"  {name:34}{values}")
        browser.close()


if __name__ == "__main__":
    main()
