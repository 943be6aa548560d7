"""One day of the predecessor's lists: its papers and the day to store. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from pathlib import Path

from generator.config.options import Keyword, Rules
from generator.core.models import ArxivId, CategoryRun, Day, FeedState, Paper, Row, Run, Summary
from generator.core.progress import Progress
from generator.store.merge import add_summary, record
from generator.store.store import Store
from generator.update.daily import DayUpdate, Lookup, complete_day, made, merge_days
from generator.update.predecessor.history import Skipped, latest_per_day, read_history
from generator.update.predecessor.readme import ReadmeEntry, Snapshot
from generator.update.selection.rules import rescore


def import_day(snapshot: Snapshot, known: Lookup, stored: Day | None) -> DayUpdate:
    """A README's rows and summaries, merged with what is ``stored``.

    The scores are the README's own. The reasons are those that can still be seen: that day's
    keywords as whole words in title and excerpt, since the predecessor's substrings ("RL" in
    "world") name nothing a reader would look for.
    """
    rules = Rules(keywords=tuple(Keyword(text) for text in snapshot.keywords))
    papers: dict[str, Paper] = {}
    rows: dict[str, Row] = {}
    summarized: list[ArxivId] = []
    created = snapshot.updated or datetime.combine(snapshot.date, time(), UTC)
    for entry in snapshot.entries:
        announcement = entry.announcement
        identifier = announcement.id
        paper = record(papers.get(identifier.id) or known(identifier.id), announcement)
        if entry.summary:
            summarized.append(identifier)
            paper = add_summary(paper, _summary(entry, created))
        papers[identifier.id] = paper
        _, matches = rescore(announcement, rules)
        row = Row(id=identifier, type=announcement.type, score=entry.score, matches=matches)
        rows.setdefault(identifier.id, row)
    day = Day(
        date=snapshot.date,
        rows=tuple(rows.values()),
        run=Run(
            updated=snapshot.updated,
            keywords=snapshot.keywords,
            categories=_imported_runs(snapshot),
            summarized=tuple(summarized),
        ),
    )
    runs = dict(day.run.categories)
    if stored and made(stored) == made(day) and _is_own(stored):
        # A digest of that very list, read back.
        merged = complete_day(stored, replace(day, run=Run()))
    else:
        merged = merge_days(stored, day)
    return DayUpdate(runs, tuple(papers.values()), merged)


def _is_own(day: Day) -> bool:
    return all(run.state != FeedState.IMPORTED for run in day.run.categories.values())


def _summary(entry: ReadmeEntry, created: datetime) -> Summary:
    if entry.summary is None:
        raise ValueError("the entry has no summary")
    return Summary(
        version=entry.announcement.id.version,
        model=entry.summary.model,
        language=entry.summary.language,
        prompt_hash="",
        input="imported",
        created=created,
        body=entry.summary.body,
        damaged=entry.summary.damaged,
    )


def _imported_runs(snapshot: Snapshot) -> dict[str, CategoryRun]:
    """The README states what it lists, not what the feeds held."""
    primary = [entry.announcement.primary_category for entry in snapshot.entries]
    names: Iterable[str] = dict.fromkeys((*snapshot.categories, *primary))
    return {
        name: CategoryRun(
            state=FeedState.IMPORTED,
            fetched=primary.count(name),
            new=sum(
                entry.announcement.type == "new"
                for entry in snapshot.entries
                if entry.announcement.primary_category == name
            ),
            kept=primary.count(name),
        )
        for name in sorted(names)
    }


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did; ``damaged`` are the papers whose summary has lost characters."""

    days: int
    rows: int
    papers: int
    summaries: int
    changed: int
    damaged: tuple[str, ...]
    skipped: tuple[str, ...]


def read_in_history(store: Store, path: Path, progress: Progress) -> ImportReport:
    """Bring a predecessor's README history into the store, all of it or nothing."""
    found: list[Snapshot | Skipped] = []
    with progress("Snapshots") as report:
        for item in read_history(path):
            found.append(item)
            report(len(found), 0)
    snapshots = latest_per_day(item for item in found if isinstance(item, Snapshot))
    papers: dict[str, Paper] = {}
    results: list[DayUpdate] = []
    with progress("Days") as report:
        for number, snapshot in enumerate(snapshots.values(), 1):
            result = import_day(
                snapshot, lambda i: papers.get(i) or store.paper(i), store.day(snapshot.date)
            )
            papers.update({paper.id: paper for paper in result.papers})
            results.append(result)
            report(number, len(snapshots))
    with progress("Writing") as report:
        changed = store.write(papers.values(), [r.day for r in results if r.day], report)
    summaries = [(paper, summary) for paper in papers.values() for summary in paper.summaries]
    return ImportReport(
        days=len(results),
        rows=sum(len(result.day.rows) for result in results if result.day),
        papers=len(papers),
        summaries=len(summaries),
        changed=changed,
        damaged=tuple(sorted({paper.id for paper, summary in summaries if summary.damaged})),
        skipped=tuple(f"{s.name}: {s.why}" for s in found if isinstance(s, Skipped)),
    )
