"""Which summaries are to be made, and in which order. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from generator.config.options import SummaryOptions
from generator.core.days import Day
from generator.core.ids import ArxivId
from generator.core.papers import Paper
from generator.core.summaries import FailureReason, SummaryKey
from generator.store.merge import current_summaries

# ``missing``: papers without any summary; ``damaged``: with one that has lost characters; ``all``:
# with none by today's model and prompt of their newest version.
Wanted = Literal["missing", "damaged", "all"]

_FIRST_WAIT = timedelta(hours=1)
_LONGEST_WAIT = timedelta(days=1)
# The paper is not to blame for these: it is tried again for as long as they last.
BLAMELESS = frozenset(
    {FailureReason.NETWORK, FailureReason.SERVER, FailureReason.RATE_LIMIT, FailureReason.DOWNLOAD}
)


@dataclass(frozen=True, slots=True)
class Job:
    """One summary to make: of which version of which paper, under which key."""

    id: ArxivId
    key: SummaryKey


@dataclass(frozen=True, slots=True)
class Queue:
    """What a run has to do; ``waiting`` failed and are not due yet, ``given_up`` too often."""

    jobs: tuple[Job, ...]
    waiting: tuple[ArxivId, ...] = ()
    given_up: tuple[ArxivId, ...] = ()


def make_queue(
    papers: Iterable[Paper],
    options: SummaryOptions,
    prompt_hash: str,
    wanted: Wanted,
    now: datetime,
) -> Queue:
    """Return the summaries that these papers, the most urgent first, need at this moment."""
    found: dict[str, list[Job]] = {"due": [], "waiting": [], "given up": []}
    for paper in papers:
        for job in jobs_of(paper, options, prompt_hash, wanted):
            found[_state(paper, job.key, options.attempts, now)].append(job)
    waiting, given_up = (
        tuple(dict.fromkeys(job.id for job in found[state])) for state in ("waiting", "given up")
    )
    return Queue(tuple(found["due"]), waiting, given_up)


def jobs_of(
    paper: Paper, options: SummaryOptions, prompt_hash: str, wanted: Wanted
) -> Iterator[Job]:
    """Yield the summaries that a paper lacks, failed attempts aside."""
    version = paper.versions[-1]
    have = {summary.key for summary in paper.summaries if not summary.damaged}
    for language in _languages(paper, options, wanted):
        key = SummaryKey(version, options.model or "", language, prompt_hash)
        if key not in have:
            yield Job(ArxivId(paper.id, version), key)


def best_papers(
    days: Iterable[Day], best: int | None, paper: Callable[[str], Paper | None]
) -> Iterator[Paper]:
    """Yield, once each, the first ``best`` papers of each day, newest day first."""
    seen: set[str] = set()
    for day in sorted(days, key=lambda day: day.date, reverse=True):
        for row in day.rows[:best]:
            if row.id.id not in seen and (found := paper(row.id.id)):
                seen.add(row.id.id)
                yield found


def _languages(paper: Paper, options: SummaryOptions, wanted: Wanted) -> tuple[str, ...]:
    have = {summary.language for summary in paper.summaries}
    if wanted == "missing":
        return tuple(language for language in options.languages if language not in have)
    if wanted == "damaged":
        return tuple(s.language for s in current_summaries(paper) if s.damaged)
    return options.languages


def _state(
    paper: Paper, key: SummaryKey, attempts: int, now: datetime
) -> Literal["due", "waiting", "given up"]:
    failure = next((f for f in paper.failures if f.key == key), None)
    if failure is None:
        return "due"
    if failure.attempts >= attempts and failure.reason not in BLAMELESS:
        return "given up"
    wait = min(_FIRST_WAIT * 4 ** (min(failure.attempts, 9) - 1), _LONGEST_WAIT)
    # What a wrong clock dated in the future would else wait for ever.
    return "waiting" if failure.last <= now < failure.last + wait else "due"
