"""Which tags a week or month has more of than the ones before it. Pure."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from generator.build.archive.archive import Archive
from generator.build.archive.periods import PeriodPapers
from generator.core import urls

# A tag of fewer papers than this rises by chance.
LEAST_PAPERS = 3
LEAST_PAPERS_OF_NEW = 2
# Nine in ten tags that only vary by chance stay below it (chi-squared, one degree of freedom).
LEAST_SURPRISE = 2.71


@dataclass(frozen=True, slots=True)
class Rise:
    """A tag by its slug: how many papers have it, and how many would at its share before."""

    slug: str
    papers: int
    usual: float
    surprise: float


@dataclass(frozen=True, slots=True)
class TagCounts:
    """How many of a period's ``papers`` have each tag, by slug."""

    papers: int
    tags: Counter[str]

    @classmethod
    def of(cls, period_papers: PeriodPapers) -> TagCounts:
        """Count each paper of a period once."""
        tags: Counter[str] = Counter()
        for entry in period_papers.entries:
            tags.update(urls.slug(tag) for tag in entry.tags)
        return cls(len(period_papers.entries), tags)


def rising(now: TagCounts, before: Sequence[TagCounts]) -> list[Rise]:
    """Return the tags that have become more frequent, the most surprising first.

    A tag with ``a`` of ``c`` papers now and ``b`` of ``d`` before is as surprising as the
    log-likelihood ratio says (Dunning 1993; in this form Rayson and Garside 2000)::

        2 * (a * ln(a / E1) + b * ln(b / E2))
        E1 = c * (a + b) / (c + d)
        E2 = d * (a + b) / (c + d)

    Unlike a quotient of shares it does not put a tag with 3 papers for 1 above one with 30 for 15.
    Its usual number of papers is ``c * b / d``. Without papers before there is nothing to compare.
    """
    papers_before = sum(counts.papers for counts in before)
    if not papers_before or not now.papers:
        return []
    tags_before: Counter[str] = Counter()
    for counts in before:
        tags_before.update(counts.tags)
    rises = []
    for slug, papers in now.tags.items():
        usual = now.papers * tags_before[slug] / papers_before
        if papers >= LEAST_PAPERS and papers > usual:
            surprise = _surprise(papers, now.papers, tags_before[slug], papers_before)
            if surprise >= LEAST_SURPRISE:
                rises.append(Rise(slug, papers, usual, surprise))
    return sorted(rises, key=lambda rise: (-rise.surprise, rise.slug))


def new_tags(now: TagCounts, first: date, first_seen: dict[str, date]) -> list[tuple[str, int]]:
    """Return the slugs that no paper before ``first`` has, with their papers; the largest first."""
    found = [
        (slug, papers)
        for slug, papers in now.tags.items()
        if papers >= LEAST_PAPERS_OF_NEW and first_seen[slug] >= first
    ]
    return sorted(found, key=lambda tag: (-tag[1], tag[0]))


def tags_first_seen(archive: Archive) -> dict[str, date]:
    """Return the day on which each tag's first paper was listed first, by slug."""
    return {
        slug: min(archive.listed[entry.paper.id][0].day for entry in topic.entries)
        for slug, topic in archive.tags.items()
    }


def _surprise(a: int, c: int, b: int, d: int) -> float:
    share = (a + b) / (c + d)
    return 2 * (a * math.log(a / (c * share)) + (b * math.log(b / (d * share)) if b else 0.0))
