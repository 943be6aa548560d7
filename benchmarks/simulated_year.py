"""A year of daily updates in a row, with all that happens in a year; then: is everything there?

    python -m benchmarks.simulated_year              # 262 weekdays
    python -m benchmarks.simulated_year --days 60

An invented arXiv on loopback announces new papers, cross-lists, replacements and repeats, keeps the
holidays, is down now and then (503), and updates are killed (SIGKILL) in the middle of their
writes. Whatever an update could not do, a later one has to make good. The time of an update must
not grow with the archive: the last month's median is compared with the first one's, in processor
time, which other work on the machine changes least.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Collection
from contextlib import redirect_stderr
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from generator.cli import commands as cli
from generator.cli import session
from generator.store.store import Store
from generator.update.sources.calendar import submission_window
from generator.update.sources.http import Fetcher
from tests.api_answers import Result, serve_query
from tests.loopback import Answer, Loopback
from tests.projects import make_project
from tests.rss import Item, feed

FIRST = date(2026, 1, 1)
CATEGORIES = ("cs.LG", "cs.AI")
_NEW = 40  # papers a day; every third one matches
_MONTH = 21  # weekdays
_WRITES = ("open", "os.rename", "os.mkdir")


@dataclass
class World:
    """What the invented arXiv has announced: papers in their newest version, and by day."""

    results: dict[str, Result] = field(default_factory=dict)
    wanted: dict[date, set[str]] = field(default_factory=dict)

    def announce(self, day: date, chance: random.Random) -> dict[str, list[Item]]:
        """The entries of each category's feed on a day; empty if nothing was mailed before it."""
        feeds: dict[str, list[Item]] = {category: [] for category in CATEGORIES}
        window = submission_window(day)
        if window is None:
            return feeds
        old = [r for r in self.results.values() if (window[0] - r.published).days > 14]
        for result in chance.sample(old, min(len(old), 12)):
            newer = replace(result, version=result.version + 1, updated=window[0].astimezone(UTC))
            self.results[result.id] = newer
            self._enter(feeds, newer, "replace", "replace-cross")
        for result in chance.sample(old, min(len(old), 6)):  # cross-lists of known papers
            self._enter(feeds, self.results[result.id], "cross", "cross")
        span = (window[1] - window[0]).total_seconds()
        self.wanted[day] = set()
        for number in range(_NEW):
            hit = number % 3 == 0
            identifier = f"{day:%y%m}.{day.day:02}{number:03}"
            primary, other = chance.sample(CATEGORIES, 2)
            submitted = window[0] + timedelta(seconds=chance.uniform(0, span - 60))
            result = Result(
                id=identifier,
                title=f"Sample {identifier}: {'an LLM' if hit else 'a thing'}",
                abstract="Nothing that a rule would look for.",
                categories=(primary, other) if chance.random() < 0.4 else (primary,),
                published=submitted.astimezone(UTC).replace(microsecond=0),
            )
            self.results[identifier] = result
            self._enter(feeds, result, "new", "cross")
            if hit:
                self.wanted[day].add(identifier)
        return feeds

    def _enter(self, feeds: dict[str, list[Item]], result: Result, own: str, other: str) -> None:
        for category in result.categories:
            feeds[category].append(
                Item(
                    id=result.id,
                    version=result.version,
                    type=own if category == result.categories[0] else other,
                    title=result.title,
                    abstract=result.abstract,
                    categories=result.categories,
                )
            )


@dataclass
class Outcome:
    """What came of it; ``seconds`` is the processor time of each update that repaired nothing."""

    seconds: dict[date, float] = field(default_factory=dict)
    failed: int = 0
    killed: int = 0
    papers: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def growth(self) -> float:
        """The last month's median over the first one's."""
        times = list(self.seconds.values())
        month = min(_MONTH, len(times) // 2)
        return statistics.median(times[-month:]) / statistics.median(times[:month])


def weekdays(count: int) -> list[date]:
    """So many weekdays from the first of the year on."""
    days = (FIRST + timedelta(days=n) for n in range(count * 2))
    return [day for day in days if day.weekday() < 5][:count]


def simulate(
    folder: Path, days: list[date], down: Collection[int], killed: Collection[int]
) -> Outcome:
    """Update on each day; ``down`` and ``killed`` are positions of days on which that happens."""
    chance = random.Random(42)
    world, outcome = World(), Outcome()
    with Loopback() as arxiv:
        project = make_project(folder / "project", feeds=arxiv.url)
        for number, day in enumerate(days):
            feeds = world.announce(day, chance)
            for category, items in feeds.items():
                body = feed(category, day, *items)
                gone = Answer(503, b"<title>Down</title>")
                arxiv.on(f"/rss/{category}", gone if number in down else Answer(200, body))
            known = list(world.results.values())
            arxiv.on_prefix("/api/query", lambda p, k=known: Answer(200, serve_query(p, k)))
            point = chance.randrange(5, 25) if number in killed else 0
            code, seconds = _update(project, day, point)
            if number in down:
                outcome.failed += 1
                _expect(outcome, day, code, 4)
            elif point and code == -signal.SIGKILL:
                outcome.killed += 1
            else:
                _expect(outcome, day, code, 0)
                if not {number - 1, number - 2, number - 3} & {*down, *killed}:
                    outcome.seconds[day] = seconds
    _check(project, world, outcome)
    return outcome


def _expect(outcome: Outcome, day: date, code: int, expected: int) -> None:
    if code != expected:
        outcome.problems.append(f"{day}: the update ended with {code}, not {expected}")


def _check(project: Path, world: World, outcome: Outcome) -> None:
    """Every wanted paper is listed once, on its own day."""
    store = Store(project / "data")
    outcome.problems += store.check()
    listed = {day.date: [row.id for row in day.rows] for day in store.days()}
    outcome.papers = sum(map(len, listed.values()))
    for day, wanted in world.wanted.items():
        if missing := wanted - {row.id for row in listed.get(day, ())}:
            outcome.problems.append(f"{day}: lost {sorted(missing)}")
    # A newer version may be listed again; store.check() looks for one paper twice on a day.
    often = Counter(str(identifier) for ids in listed.values() for identifier in ids)
    outcome.problems += [f"{i}: listed {n} times" for i, n in often.items() if n > 1]


def _update(project: Path, day: date, point: int) -> tuple[int, float]:
    """Run an update at six in the morning (UTC), killed at its n-th write if ``point`` is not 0.

    The value is its exit code and its processor time. In a child, so that it can be killed, and so
    that no run inherits another one's memory.
    """
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        os.chdir(project)
        session.now = lambda: datetime(day.year, day.month, day.day, 6, tzinfo=UTC)
        Fetcher.__init__.__kwdefaults__["sleep"] = lambda _: None
        if point:
            _die_at(point)
        with Path(os.devnull).open("w") as nowhere, redirect_stderr(nowhere):
            os._exit(cli.main(["-q", "update"]))
    _, status, used = os.wait4(child, 0)
    return os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime


def _die_at(point: int) -> None:
    seen = 0

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal seen
        if event in _WRITES and "data" in str(arguments[0]):
            seen += 1
            if seen == point:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)


def main() -> None:
    """Print what the year came to."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--days", type=int, default=262)
    count = parser.parse_args().days
    down = {count // 5, count // 2, count // 2 + 1, *range(count * 3 // 4, count * 3 // 4 + 4)}
    killed = {count * part // 11 + 1 for part in (1, 3, 4, 7, 10)} - down
    with tempfile.TemporaryDirectory() as folder:
        outcome = simulate(Path(folder), weekdays(count), down, killed)
    times = list(outcome.seconds.values())
    print(
        f"{count} updates, {outcome.failed} with arXiv down, {outcome.killed} killed: "
        f"{outcome.papers} papers listed."
    )
    month = min(_MONTH, len(times) // 2)
    print(
        f"Median update: first month {statistics.median(times[:month]):.3f} s, last month "
        f"{statistics.median(times[-month:]):.3f} s, ratio {outcome.growth:.2f} (at most 1.20: "
        f"{'yes' if outcome.growth <= 1.2 else 'NO'})."
    )
    for problem in outcome.problems:
        print(problem)
    print(f"{len(outcome.problems)} problems.")


if __name__ == "__main__":
    main()
