"""What commands say of what they did: reports → lines of text. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from generator.core.summaries import Usage
from generator.update.gaps import FillReport
from generator.update.predecessor.imports import ImportReport
from generator.update.predecessor.refresh import RefreshReport
from generator.update.summarize.queue import Job, Queue
from generator.update.summarize.run import RunReport
from generator.update.update import UpdateReport

_IDS_SHOWN = 20


def update_lines(report: UpdateReport) -> Iterator[str]:
    """Yield a line for each feed, and one for the day."""
    for category, run in report.runs.items():
        detail = f": {run.detail}" if run.detail else ""
        yield (
            f"{category}: {run.state}, {run.fetched} entries, {run.new} new, {run.kept} kept, "
            f"{run.repeats} repeats{detail}"
        )
    yield f"{report.date}: {report.listed} papers listed, {report.changed} files changed."
    if report.repaired.added or report.repaired.late:
        yield from fill_lines(report.repaired)


def fill_lines(report: FillReport) -> Iterator[str]:
    """Yield a line for each day that was filled in, and for those that could not be."""
    for day, added in sorted(report.added.items()):
        yield f"{day}: filled in, {_counted(added, 'paper', 'papers')} added."
    for day in report.late:
        yield f"{day}: arXiv's query API has nothing yet; it will be asked again."
    if not report.added and not report.late:
        yield "Nothing was missing."


def refresh_lines(report: RefreshReport) -> Iterator[str]:
    """Yield how many papers were completed, and which could not be."""
    if report.unknown:
        yield f"Unknown to arXiv: {_ids(report.unknown)}"
    for identifier, why in report.refused.items():
        yield f"{identifier}: refused by arXiv: {why}"
    if report.older:
        yield f"Left alone, since arXiv's API has an older version: {_ids(report.older)}"
    left = f", {report.left} left" if report.left else ""
    yield (
        f"{_counted(len(report.refreshed), 'paper', 'papers')} completed, "
        f"{len(report.newer)} of them with a newer version{left}."
    )


def import_lines(report: ImportReport) -> Iterator[str]:
    """Yield what was brought in, and what was not."""
    for skipped in report.skipped:
        yield f"skipped {skipped}"
    yield (
        f"{report.days} days, {report.rows} rows, {report.papers} papers, "
        f"{report.summaries} summaries; {report.changed} files changed."
    )
    if report.damaged:
        yield (
            f"{len(report.damaged)} papers have a summary with lost characters, to be redone: "
            + ", ".join(report.damaged)
        )


def summary_lines(report: RunReport, currency: str) -> Iterator[str]:
    """Yield what was made, what failed and why, what is left, and what it took."""
    for failed in report.failed:
        yield f"{failed.id} ({failed.language}): {failed.reason}: {failed.detail}"
    for identifier, why in report.from_abstract.items():
        yield f"{identifier}: only its abstract could be read: {why}"
    if report.waiting:
        yield f"Failed before, to be tried again later: {_ids(report.waiting)}"
    if report.given_up:
        yield (
            f"Failed too often (summarize.attempts): {_ids(report.given_up)}. To try one again: "
            f"generator summarize --paper {report.given_up[0].id}"
        )
    if report.submitted or report.under_way:
        yield (
            f"Batches: {report.submitted} summaries submitted, {report.under_way} under way. They "
            "are ready within a day: run generator summarize --batch again."
        )
    left = f", {report.left} left: {report.stopped}" if report.left else ""
    yield (
        f"{_counted(len(report.made), 'summary', 'summaries')} made, {len(report.failed)} failed"
        f"{left}. {spent(report.usage, currency)}"
    )


def dry_run_lines(queue: Queue, tokens: int, cost: float | None, currency: str) -> Iterator[str]:
    """Yield what a run would do, and about what it would take."""
    for job in queue.jobs:
        yield _job_line(job)
    price = "" if cost is None else f", at most {cost:.2f} {currency}"
    yield (
        f"{_counted(len(queue.jobs), 'summary', 'summaries')} to make: at most {tokens:,} tokens"
        f"{price}. {len(queue.waiting)} wait after a failure, {len(queue.given_up)} failed too "
        "often. Nothing was asked."
    )


def spent(usage: Usage, currency: str) -> str:
    """Return ``12,034 tokens read (0 of them cached), 812 written, 0.0123 USD.``."""
    cost = "" if usage.cost is None else f", {usage.cost:.4f} {currency}"
    return (
        f"{usage.prompt:,} tokens read ({usage.cached:,} of them cached), "
        f"{usage.completion:,} written{cost}."
    )


def _job_line(job: Job) -> str:
    return f"{job.id} ({job.key.language}) by {job.key.model}"


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def _ids(identifiers: Iterable[object]) -> str:
    shown = [str(identifier) for identifier in identifiers]
    rest = f" and {len(shown) - _IDS_SHOWN} more" if len(shown) > _IDS_SHOWN else ""
    return ", ".join(shown[:_IDS_SHOWN]) + rest
