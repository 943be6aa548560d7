"""The predecessor's history brought into the store: one day's list after the other."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

from generator.config.options import Keyword, Rules
from generator.core.days import CategoryRun, Day, FeedState, Row, Run
from generator.core.papers import Paper
from generator.core.progress import OpenBar
from generator.store.merge import add_summary, record
from generator.store.store import Store
from generator.update.daily import Lookup, complete_day, made, merge_days
from generator.update.predecessor.history import Skipped, latest_per_day, read_history
from generator.update.predecessor.readme import Snapshot
from generator.update.predecessor.refresh import is_imported
from generator.update.selection.rules import rescore


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


def read_in_history(store: Store, path: Path, open_bar: OpenBar) -> ImportReport:
    """Bring a predecessor's README history into the store, all of it or nothing."""
    found: list[Snapshot | Skipped] = []
    with open_bar("Snapshots") as progress:
        for item in read_history(path):
            found.append(item)
            progress(len(found), 0)
    snapshots = latest_per_day(item for item in found if isinstance(item, Snapshot))
    papers: dict[str, Paper] = {}
    days: list[Day] = []
    # What is merged with is still what is stored when it is written.
    with store.exclusive():
        with open_bar("Days") as progress:
            for snapshot in snapshots.values():
                changed, day = import_day(
                    snapshot, lambda i: papers.get(i) or store.paper(i), store.day(snapshot.date)
                )
                papers.update(changed)
                days.append(day)
                progress(len(days), len(snapshots))
        with open_bar("Writing") as progress:
            written = store.write(papers.values(), days, progress)
    summaries = [(paper, summary) for paper in papers.values() for summary in paper.summaries]
    return ImportReport(
        days=len(days),
        rows=sum(len(day.rows) for day in days),
        papers=len(papers),
        summaries=len(summaries),
        changed=written,
        damaged=tuple(sorted({paper.id for paper, summary in summaries if summary.damaged})),
        skipped=tuple(f"{s.name}: {s.why}" for s in found if isinstance(s, Skipped)),
    )


def import_day(
    snapshot: Snapshot, known: Lookup, stored: Day | None
) -> tuple[dict[str, Paper], Day]:
    """Return a README's papers by id, and its day, merged with what is known and ``stored``.

    The scores are the README's own. The reasons are those that can still be seen: that day's
    keywords as whole words in title and excerpt, since the predecessor's substrings ("RL" in
    "world") name nothing a reader would look for.
    """
    rules = Rules(keywords=tuple(Keyword(text) for text in snapshot.keywords))
    papers: dict[str, Paper] = {}
    rows: dict[str, Row] = {}
    for entry in snapshot.entries:
        announcement = entry.announcement
        identifier = announcement.id
        paper = record(papers.get(identifier.id) or known(identifier.id), announcement)
        papers[identifier.id] = add_summary(paper, entry.summary) if entry.summary else paper
        _, matches = rescore(announcement, rules)
        row = Row(id=identifier, type=announcement.type, score=entry.score, matches=matches)
        rows.setdefault(identifier.id, row)
    run = Run(
        updated=snapshot.updated,
        keywords=snapshot.keywords,
        categories=_imported_runs(snapshot),
        summarized=tuple(entry.announcement.id for entry in snapshot.entries if entry.summary),
    )
    day = Day(date=snapshot.date, rows=tuple(rows.values()), run=run)
    if stored and made(stored) == made(day) and not is_imported(stored):
        # The list of that very day, read back.
        return papers, complete_day(stored, replace(day, run=Run()))
    return papers, merge_days(stored, day)


def _imported_runs(snapshot: Snapshot) -> dict[str, CategoryRun]:
    """Count by category: the README states what it lists, not what the feeds held."""
    listed = [entry.announcement for entry in snapshot.entries]
    primary = Counter(announcement.primary_category for announcement in listed)
    new = Counter(a.primary_category for a in listed if a.type == "new")
    return {
        name: CategoryRun(
            state=FeedState.IMPORTED, fetched=primary[name], new=new[name], kept=primary[name]
        )
        for name in sorted({*snapshot.categories, *primary})
    }
