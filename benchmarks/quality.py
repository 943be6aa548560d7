"""The pages' quality: what axe and Lighthouse say of each type of page.

    python -m benchmarks.quality [--axe] [--lighthouse] [--rounds 3]

Needs Node 18 or newer with npm, and Chromium. Both tools come from npm, into .cache/quality, in the
versions below. axe looks at the archive that the tests lay out badly on purpose, in every state of
every page, in both themes, on a phone and a desk. Lighthouse looks at the real corpus where it is
on the machine (thirty papers a day), else at the bundled sample: on its phone profile, with what it
simulates of a slow network, the median of the rounds.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from tests.chromium import CHROMIUM, launch
from tests.edge_archive import build_edge_site, build_empty_site
from tests.projects import PROJECT, make_project, run_generator, serving
from tests.shared import CORPUS
from tests.views import EMPTY_VIEWS, VIEWS, View

PACKAGES = ("axe-core@4.14.1", "lighthouse@12.8.2")
_TOOLS = PROJECT / ".cache" / "quality"
_SIZES = {"phone": (390, 844), "desk": (1440, 900)}
_IMPACTS = ("critical", "serious", "moderate", "minor")
_CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
_FIGURES = ("cumulative-layout-shift", "largest-contentful-paint", "total-blocking-time")
_REAL = {"home": "", "day": "days/2026-02-05/", "paper": "", "search": "search/?q=attention"}
_SAMPLE = {**_REAL, "day": "days/2026-01-09/"}


def main() -> None:
    """Measure what is asked for, both where nothing is, and print tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--axe", action="store_true")
    parser.add_argument("--lighthouse", action="store_true")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    both = not (options.axe or options.lighthouse)
    install()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        if options.axe or both:
            print_axe(folder)
        if options.lighthouse or both:
            print_lighthouse(folder / "project", options.rounds)


def install() -> None:
    """Have npm put the tools in their place, unless they are there."""
    _TOOLS.mkdir(parents=True, exist_ok=True)
    command = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--no-package-lock"]
    subprocess.run([*command, "--prefix", str(_TOOLS), *PACKAGES], check=True)


def print_axe(folder: Path) -> None:
    """A row for each page and state: the violations of each impact, over themes and widths."""
    sites = {
        build_edge_site(folder / "edge"): VIEWS,
        build_empty_site(folder / "none"): EMPTY_VIEWS,
    }
    print(f"| page | {' | '.join(_IMPACTS)} |\n|{'---|' * (len(_IMPACTS) + 1)}")
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for site, views in sites.items():
            with serving(site) as address:
                for view in views:
                    found = _violations(browser, address, view)
                    counts = [str(found[impact]) for impact in _IMPACTS]
                    print(f"| {view.name} | {' | '.join(counts)} |", flush=True)
        browser.close()


def _violations(browser: Browser, address: str, view: View) -> Counter[str]:
    script = (_TOOLS / "node_modules" / "axe-core" / "axe.min.js").read_text()
    found: Counter[str] = Counter()
    for scheme in ("light", "dark"):
        for width, height in _SIZES.values():
            # What fades in has no contrast while it does.
            context = browser.new_context(
                viewport={"width": width, "height": height},
                color_scheme=scheme,  # type: ignore[arg-type]
                reduced_motion="reduce",
            )
            page = context.new_page()
            view.open(page, address)
            page.evaluate(script)
            answer = page.evaluate("axe.run({resultTypes: ['violations']})")
            for rule in answer["violations"]:
                found[rule["impact"]] += len(rule["nodes"])
            context.close()
    return found


def print_lighthouse(project: Path, rounds: int) -> None:
    """A row for each page: the four scores, and what lies behind the first."""
    site, paths = _site(project)
    head = ["page", *_CATEGORIES, "CLS", "LCP", "TBT"]
    print(f"| {' | '.join(head)} |\n|{'---|' * len(head)}")
    with serving(site) as address:
        for name, path in paths.items():
            reports = [_lighthouse(address + path) for _ in range(rounds)]
            scores = [
                f"{100 * statistics.median(r['categories'][c]['score'] for r in reports):.0f}"
                for c in _CATEGORIES
            ]
            shift, paint, blocked = (
                statistics.median(r["audits"][figure]["numericValue"] for r in reports)
                for figure in _FIGURES
            )
            figures = [*scores, f"{shift:.3f}", f"{paint / 1000:.1f} s", f"{blocked:.0f} ms"]
            print(f"| {name} | {' | '.join(figures)} |", flush=True)


def _site(project: Path) -> tuple[Path, dict[str, str]]:
    """A built site, and the pages to look at; the paper is one that has a summary, if any has."""
    if CORPUS.is_file():
        make_project(project)
        run_generator(project, "import", str(CORPUS))
        run_generator(project, "build")
        site, paths = project / "site", _REAL
    else:
        run_generator(PROJECT, "demo")
        site, paths = PROJECT / "demo" / "site", _SAMPLE
    papers = sorted((site / "papers").glob("*/index.html"))
    paper = next((p for p in papers if 'id="ai-summary"' in p.read_text()), papers[0])
    return site, {**paths, "paper": f"papers/{paper.parent.name}/"}


def _lighthouse(address: str) -> dict[str, Any]:
    command = [
        str(_TOOLS / "node_modules" / ".bin" / "lighthouse"),
        address,
        "--quiet",
        "--output=json",
        "--chrome-flags=--headless=new --no-sandbox --disable-gpu",
        f"--only-categories={','.join(_CATEGORIES)}",
    ]
    environment = {**os.environ, "CHROME_PATH": str(CHROMIUM)}
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    report: dict[str, Any] = json.loads(done.stdout)
    return report


if __name__ == "__main__":
    main()
