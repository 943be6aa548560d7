"""The search measured: what it finds, how fast, and what its index costs.

    python -m benchmarks.search --quality [--where page,box,terminal] [--kind concept] [--unseen]
    python -m benchmarks.search --quality --site FOLDER --data FOLDER
    python -m benchmarks.search --speed [--scale corpus|year|five] [--rounds 5]
    python -m benchmarks.search --index --scale year|five

Needs the real corpus (../shared), Chromium and the packages of requirements-dev.txt. A year is the
corpus twice, with new ids, and five are five such years. --folder keeps what was built and uses it
again; --site and --data measure a built site and the store it was built from, both as they are.
The terminal is slow: --every 3 asks every third query of each kind. Queries that are held back are
asked only with --unseen, and then alone. For the corpus and a year, the speed of Material's own
search stands beside, on the same pages.
"""

from __future__ import annotations

import argparse
import math
import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path

from benchmarks.build import _STOCK
from benchmarks.measure import run
from benchmarks.queries import Query, make_queries
from benchmarks.search_index import PROJECT, measure_publishes
from benchmarks.search_quality import ask_all, asking_box, asking_page, asking_terminal, report
from benchmarks.search_speed import HEADER, MATERIAL, PAGE, Search, Visit, focus_bytes, visit
from benchmarks.serving import Site
from benchmarks.year import make_years
from generator.store.store import Store
from tests.shared import CORPUS

_YEARS = {"corpus": 0, "year": 1, "five": 5}
# Six queries that readers may type: the first of each of these kinds.
_TYPICAL = ("title", "half", "author", "english", "chinese", "mixed")
_PYTHON = [sys.executable, "-m"]


def main() -> None:
    """Measure what is asked for, and print tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quality", action="store_true")
    parser.add_argument("--speed", action="store_true")
    parser.add_argument("--index", action="store_true")
    parser.add_argument("--scale", choices=_YEARS, default="corpus")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--site", type=Path)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--where", default="page", help="some of page,box,terminal")
    parser.add_argument("--kind", help="only queries of these kinds")
    parser.add_argument("--unseen", action="store_true")
    parser.add_argument("--every", type=int, default=1)
    options = parser.parse_args()
    if not (options.quality or options.speed or options.index):
        parser.error("say what to measure: --quality, --speed or --index")
    if (options.site is None) != (options.data is None):
        parser.error("--site and --data go together")
    if options.site:
        _print_quality(options, options.site.resolve(), Store(options.data.resolve()))
        return
    with ExitStack() as stack:
        kept = options.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        corpus = _imported(kept.resolve() / "corpus")
        folder = kept.resolve() / options.scale
        store = corpus
        if options.scale != "corpus":
            store = _lengthened(corpus, folder, _YEARS[options.scale])
        if options.quality:
            _print_quality(options, _built(folder), corpus)
        if options.speed:
            queries = make_queries(corpus)
            typical = [next(q for q in queries if q.kind == kind) for kind in _TYPICAL]
            _print_speed(folder, typical, options.rounds, stock=options.scale != "five")
        if options.index:
            _print_index(store, folder / "index")


# Projects


def _imported(folder: Path) -> Store:
    if not folder.exists():
        _make_project(folder)
        _run(folder, "generator", "-q", "import", str(CORPUS))
    return Store(folder / "data")


def _lengthened(corpus: Store, folder: Path, years: int) -> Store:
    if not folder.exists():
        _make_project(folder)
        make_years(corpus, folder / "data", years)
    return Store(folder / "data")


def _make_project(folder: Path) -> None:
    folder.mkdir(parents=True)
    for part in ("mkdocs.yml", "overrides", "site_src", "daybook.yml"):
        source = PROJECT / part
        (shutil.copytree if source.is_dir() else shutil.copy)(source, folder / part)
    (folder / "generator").symlink_to(PROJECT / "generator")
    (folder / "stock.yml").write_text(_STOCK)


def _built(folder: Path) -> Path:
    if not (folder / "site").exists():
        _run(folder, "generator", "-q", "build")
    return folder / "site"


def _built_by_stock(folder: Path) -> Path:
    _built(folder)  # which writes the pages
    if not (folder / "site_stock").exists():
        _run(folder, "mkdocs", "build", "-q", "-f", "stock.yml")
    return folder / "site_stock"


def _run(folder: Path, *command: str) -> None:
    print(f"{' '.join(command)} ...", file=sys.stderr, flush=True)
    run([*_PYTHON, *command], folder, {**os.environ, "PYTHONPATH": str(PROJECT)})


# Reports


def _print_quality(options: argparse.Namespace, folder: Path, store: Store) -> None:
    """Print a table for each place that is asked."""
    kinds = options.kind.split(",") if options.kind else ()
    queries = [
        query
        for query in make_queries(store)
        if query.unseen == options.unseen and (not kinds or query.kind in kinds)
    ]
    chosen = [
        query
        for kind in dict.fromkeys(query.kind for query in queries)
        for query in [query for query in queries if query.kind == kind][:: options.every]
    ]
    with Site(folder) as site:
        places = {
            "page": lambda: asking_page(site.address),
            "box": lambda: asking_box(site.address),
            "terminal": lambda: asking_terminal(store.root),
        }
        for where in options.where.split(","):
            with places[where]() as ask:
                report(where, ask_all(ask, chosen))


def _print_speed(folder: Path, queries: Sequence[Query], rounds: int, *, stock: bool) -> None:
    with Site(_built(folder)) as site:
        focus = focus_bytes(site, HEADER)
        ours = _visits(site, HEADER, queries, rounds)
        whole = _visits(site, PAGE, queries, rounds)
    theirs: dict[Query, list[Visit]] = {}
    if stock:
        with Site(_built_by_stock(folder)) as site:
            theirs = _visits(site, MATERIAL, queries, 1)  # it takes long, whatever the query
    print("| query | first results | on the search page | all parts | loaded | Material: first |")
    print("|---|---|---|---|---|---|")
    for query in queries:
        cells = [
            f"{query.kind}, {len(query.text)} characters",
            f"{_median(v.first for v in ours[query]):.0f} ms",
            f"{_median(v.first for v in whole[query]):.0f} ms",
            f"{_median(v.all for v in whole[query]):.0f} ms",
            f"{_median(v.bytes for v in ours[query]) / 1000:.0f} KB",
            f"{_median(v.first for v in theirs[query]):.0f} ms" if theirs else "",
        ]
        print(f"| {' | '.join(cells)} |")
    print(f"\nloaded when the box is focused, before the first key: {focus / 1000:.0f} KB")
    figures: dict[str, tuple[Callable[[Visit], float], str]] = {
        "first results": (lambda v: v.first, "ms"),
        "loaded": (lambda v: v.bytes / 1000, "KB"),
        "renderer": (lambda v: v.memory, "MB"),
    }
    for name, (value, unit) in figures.items():
        mine = [value(v) for v in _flat(ours)]
        line = f"{name}: median {_median(mine):.0f} {unit}, most {max(mine):.0f}"
        if theirs:
            other = _median(value(v) for v in _flat(theirs))
            line += f"; Material's median {other:,.0f}, {other / _median(mine):.0f} times as much"
        print(line)


def _visits(
    site: Site, search: Search, queries: Sequence[Query], rounds: int
) -> dict[Query, list[Visit]]:
    """In turn, so that a noisy moment of the machine does not hit one query alone."""
    visit(site, search, queries[0].text)  # the server compresses what it has not sent before
    visits: dict[Query, list[Visit]] = {query: [] for query in queries}
    for number in range(rounds):
        for query in queries:
            one = visit(site, search, query.text)
            visits[query].append(one)
            print(f"{search.name} {number + 1}: {query.kind} {one}", file=sys.stderr, flush=True)
    return visits


def _flat(visits: dict[Query, list[Visit]]) -> list[Visit]:
    return [one for ones in visits.values() for one in ones]


def _median(values: Iterable[float]) -> float:
    """The median; a search that found nothing took for ever."""
    return statistics.median(math.inf if math.isnan(value) else value for value in values)


def _print_index(store: Store, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    print("| publish | the step | RSS before it | peak RSS | peak PSS | made | untouched |")
    print("|---|---|---|---|---|---|---|")
    for one in measure_publishes(store, folder):
        print(
            f"| {one.name} | {one.seconds:.1f} s | {one.before:.0f} MB | {one.process.rss:.0f} MB "
            f"| {one.process.pss:.0f} MB | {', '.join(one.made)} | {', '.join(one.kept)} |"
        )


if __name__ == "__main__":
    main()
