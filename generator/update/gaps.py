"""The days that no feed covers, and what fills them: here query API, rules and store meet.

Everything is stored in small steps, so that a run that is killed goes on where it was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial

from generator.config.schema import Config
from generator.core.days import Day, Row
from generator.core.errors import DaybookError, FetchError, InputError
from generator.core.progress import Progress
from generator.store.merge import record
from generator.store.store import Store
from generator.update.backfill import LOOK_BACK, backfill_day, by_day, due_days, lacking
from generator.update.daily import DayUpdate, update_day
from generator.update.sources.api_client import Submitted, describe_ids, find_submitted
from generator.update.sources.calendar import submission_window
from generator.update.sources.feed import Feed
from generator.update.sources.http import Fetcher


@dataclass(slots=True)
class FillReport:
    """What was filled in: rows added by day (0: a valid empty day), and what could not be.

    ``late`` are the days of which arXiv's API has nothing yet. ``problems`` are readable lines.
    """

    added: dict[date, int] = field(default_factory=dict)
    late: list[date] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        """Tell whether nothing is left to try again."""
        return not self.late and not self.problems


@dataclass(frozen=True, slots=True)
class GapFiller:
    """The days that no feed covers, and what fills them; ``today`` is US Eastern."""

    config: Config
    store: Store
    fetcher: Fetcher
    today: date

    def back_fill(self, begin: date, end: date, progress: Progress) -> FillReport:
        """Fill the days from ``begin`` to ``end`` (included) without record, or an incomplete one.

        One query and one write a day, so that the same call goes on where a killed one stopped.
        Raises FetchError and FeedError, naming the day; the days before it are stored.
        """
        done = FillReport()
        days = [begin + timedelta(days=n) for n in range((end - begin).days + 1)]
        for number, day in enumerate(days, 1):
            missing = lacking(self.store.day(day), self.config.sources.categories)
            if missing:
                try:
                    self._fill({day: missing}, done)
                except (FetchError, InputError) as error:
                    raise type(error)(
                        "Back-fill stopped",
                        item=day.isoformat(),
                        why=str(error),
                        todo="The days before it are stored: the same command goes on from there",
                    ) from error
            progress(number, len(days))
        return done

    def repair(self, day: date, feeds: Mapping[str, Feed | DaybookError]) -> FillReport:
        """Fill what is missing of the week before ``day``: from stale ``feeds``, or the query API.

        One query, at most, for all days, and one for papers that are lost. What cannot be had is
        reported, and due again next time.
        """
        done = FillReport()
        try:
            self._restore(day)
        except (FetchError, InputError) as error:
            done.problems.append(f"papers whose files are lost: {error}")
        for past, categories in self._due(day).items():
            # A stale feed still has the day that was missed.
            late = {
                category: feed
                for category, feed in feeds.items()
                if category in categories and isinstance(feed, Feed) and feed.newest == past
            }
            if late:
                rules, known = self.config.select, self.store.paper
                self._put(past, partial(update_day, past, late, rules, known), done)
        due = self._due(day)
        try:
            if due:
                self._fill(due, done)
        except (FetchError, InputError) as error:
            days = ", ".join(past.isoformat() for past in due)
            done.problems.append(f"{days}: {error}")
        return done

    def _restore(self, day: date) -> None:
        """Describe anew the papers that the week up to ``day`` lists and that are not stored.

        Where a paper's file was damaged, all days are looked through for it.
        """
        week = filter(None, (self.store.day(day - timedelta(n)) for n in range(LOOK_BACK.days + 1)))
        days = list(self.store.days() if self.store.set_aside else week)
        lost = [(row, day.date) for day in days for row in day.rows if self._is_lost(row)]
        if not lost:
            return
        identifiers = list(dict.fromkeys(row.id.id for row, _ in lost))
        found = describe_ids(self.fetcher, self.config.sources.api_base, identifiers)
        entries = {entry.id.id: entry for entry in found.entries}
        with self.store.exclusive():
            papers = {identifier: self.store.paper(identifier) for identifier in entries}
            for row, listed in lost:
                if entry := entries.get(row.id.id):
                    announced = entry.announcement(listed, row.type, row.id.version)
                    papers[row.id.id] = record(papers[row.id.id], announced)
            self.store.write(filter(None, papers.values()), [])

    def _is_lost(self, row: Row) -> bool:
        paper = self.store.paper(row.id.id)
        return paper is None or row.id.version not in paper.versions

    def _due(self, day: date) -> dict[date, tuple[str, ...]]:
        """Return what to repair, by day. Not the future: somebody may update a day to come."""
        week = [day - timedelta(days=n) for n in range(1, LOOK_BACK.days + 1)]
        stored = {past: self.store.day(past) for past in week if past <= self.today}
        first = self.store.first_day()
        return due_days(stored, first, self.config.sources.categories)

    def _fill(self, due: Mapping[date, Sequence[str]], done: FillReport) -> None:
        """Ask once for all the days, and store each day's share, one write a day."""
        sources = self.config.sources
        windows = [window for day in due if (window := submission_window(day))]
        found = Submitted(())
        if windows:
            begin, end = min(w[0] for w in windows), max(w[1] for w in windows)
            asked = [c for c in sources.categories if any(c in due[day] for day in due)]
            found = find_submitted(self.fetcher, sources.api_base, asked, begin, end)
        done.problems += [f"skipped {reason}" for reason in found.skipped]
        shares = by_day(found.entries)
        choose = partial(
            backfill_day, rules=self.config.select, known=self.store.paper, today=self.today
        )
        for day, categories in due.items():
            self._put(day, partial(choose, day, shares.get(day, []), categories), done)

    def _put(self, day: date, make: Callable[[Day | None], DayUpdate], done: FillReport) -> None:
        """Store a day as made from what is stored, with no other writer in between."""
        with self.store.exclusive():
            stored = self.store.day(day)
            result = make(stored)
            if result.day is None:
                done.late.append(day)
                return
            self.store.write(result.papers, [result.day])
            done.added[day] = len(result.day.rows) - (len(stored.rows) if stored else 0)
