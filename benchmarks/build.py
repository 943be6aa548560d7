"""Build time beside stock Material and Hugo, on the same pages, in turn.

    python -m benchmarks.build [--rounds 2] [--year]

Needs the real corpus (../shared) and the packages of requirements-dev.txt. Stock Material has its
search and its Markdown, and papers out of `nav` (with them in it is far slower); Hugo has a bare
template without navigation or style.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import Measured, run
from benchmarks.year import make_year
from generator.build.site.check import check_site
from generator.store.store import Store
from tests.shared import CORPUS

PROJECT = Path(__file__).resolve().parents[1]

_STOCK = """\
site_name: Stock
docs_dir: site_src
site_dir: site_stock
theme: {name: material, font: false}
not_in_nav: "*"
nav: [index.md, days/index.md, categories/index.md, tags/index.md, about.md]
validation:
  nav: {omitted_files: ignore}
  links: {anchors: ignore, not_found: ignore, unrecognized_links: ignore}
"""
_HUGO = """\
baseURL = "http://127.0.0.1/"
contentDir = "hugo_src"
publishDir = "site_hugo"
buildFuture = true
disableKinds = ["RSS", "sitemap"]
[taxonomies]
[markup.goldmark.renderer]
unsafe = true
"""
_HUGO_PAGE = "<!doctype html><title>{{ .Title }}</title><body>{{ .Content }}</body>"


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--year", action="store_true", help="the year instead of the corpus")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _prepare(folder, options.year)
        commands = {
            "daybook, mkdocs step": [sys.executable, "-m", "mkdocs", "build", "-q", "-d", "site"],
            "daybook, whole build": [sys.executable, "-m", "generator", "-q", "build"],
            "hugo, bare template": [sys.executable, "-m", "hugo", "--quiet"],
            "stock material": [sys.executable, "-m", "mkdocs", "build", "-q", "-f", "stock.yml"],
        }
        results: dict[str, list[Measured]] = {name: [] for name in commands}
        env = {**os.environ, "PYTHONPATH": str(PROJECT), "NO_MKDOCS_2_WARNING": "1"}
        for number in range(options.rounds):
            for title, command in commands.items():
                print(f"round {number + 1}: {title} ...", file=sys.stderr, flush=True)
                for built in ("site_stock", "site_hugo", "site"):
                    shutil.rmtree(folder / built, ignore_errors=True)
                results[title].append(run(command, folder, env))
                if title == "daybook, whole build":
                    page_bytes = _page_bytes(folder / "site")
                    broken = check_site(folder / "site", lambda done, total: None)
        _report(results, folder, page_bytes)
        print(f"\nBroken links: {len(broken)}", *broken[:20], sep="\n")


def _prepare(folder: Path, year: bool) -> None:
    for part in ("mkdocs.yml", "overrides", "site_src", "daybook.yml"):
        source = PROJECT / part
        (shutil.copytree if source.is_dir() else shutil.copy)(source, folder / part)
    (folder / "generator").symlink_to(PROJECT / "generator")
    (folder / "stock.yml").write_text(_STOCK)
    (folder / "hugo.toml").write_text(_HUGO)
    (folder / "layouts" / "_default").mkdir(parents=True)
    for name in ("single", "list"):
        (folder / "layouts" / "_default" / f"{name}.html").write_text(_HUGO_PAGE)
    (folder / "layouts" / "index.html").write_text(_HUGO_PAGE)
    generator = [sys.executable, "-m", "generator", "-q"]
    run([*generator, "import", str(CORPUS)], folder)
    if year:
        store = Store(folder / "data")
        make_year(store, folder / "year")
        shutil.rmtree(folder / "data")
        (folder / "year").rename(folder / "data")
    run([*generator, "build"], folder)
    # Hugo takes index.md for a page that owns its folder; what has pages below it is _index.md.
    for path in (folder / "site_src").rglob("*.md"):
        name = "_index.md" if path.name == "index.md" else path.name
        copy = folder / "hugo_src" / path.relative_to(folder / "site_src").with_name(name)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)


def _page_bytes(site: Path) -> float:
    sizes = [path.stat().st_size for path in (site / "papers").rglob("index.html")]
    return statistics.mean(sizes)


def _report(results: dict[str, list[Measured]], folder: Path, page_bytes: float) -> None:
    pages = sum(1 for _ in (folder / "site_src").rglob("*.md"))
    best = {title: min(found, key=lambda m: m.seconds) for title, found in results.items()}
    ours = best["daybook, mkdocs step"].seconds
    print(f"{pages} pages; mean paper page {page_bytes / 1024:.1f} KB; best of each:\n")
    print("| build | seconds | pages/s | to daybook | peak RSS, tree | peak PSS, tree |")
    print("|---|---|---|---|---|---|")
    for title, m in best.items():
        print(
            f"| {title} | {m.seconds:.1f} | {pages / m.seconds:,.0f} | {m.seconds / ours:.2f} "
            f"| {m.rss:.0f} MB | {m.pss:.0f} MB |"
        )


if __name__ == "__main__":
    main()
