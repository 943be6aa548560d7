"""How what arrives becomes what is kept: pure rules for merging into a paper."""

from __future__ import annotations

from dataclasses import replace

from generator.core.papers import TYPE_PRECEDENCE, Announcement, Listing, Paper
from generator.core.summaries import Summary, SummaryFailure


def record(paper: Paper | None, announcement: Announcement) -> Paper:
    """Add one announcement to what is known of its paper (``None``: nothing yet).

    The newest version describes the paper, and a whole abstract beats an excerpt of any version.
    Recording the same announcement again changes nothing.
    """
    listing = Listing(announcement.date, announcement.id.version, announcement.type)
    described = Paper(
        id=announcement.id.id,
        title=announcement.title,
        authors=announcement.authors,
        abstract=announcement.abstract,
        abstract_is_excerpt=announcement.abstract_is_excerpt,
        categories=announcement.categories,
        listings=(listing,),
        doi=announcement.doi,
        journal_ref=announcement.journal_ref,
        license=announcement.license,
    )
    if paper is None:
        return described
    listings = _merge_listings(paper.listings, listing)
    if _rank(described) < _rank(paper):
        return replace(paper, listings=listings)
    return replace(
        described,
        listings=listings,
        summaries=paper.summaries,
        failures=paper.failures,
        doi=described.doi or paper.doi,
        journal_ref=described.journal_ref or paper.journal_ref,
        license=described.license or paper.license,
    )


def add_summary(paper: Paper, summary: Summary) -> Paper:
    """Add a summary unless the paper has it already; the earliest copy of a repeated one stays.

    What failed before is forgotten, and what it spent goes to the summary's account.
    """
    if any(_same_summary(known, summary) for known in paper.summaries):
        return paper
    for failure in paper.failures:
        if failure.key == summary.key and summary.usage is not None:
            summary = replace(summary, usage=failure.usage + summary.usage)
    summaries = sorted((*paper.summaries, summary), key=lambda s: (s.created, s.version, s.body))
    failures = tuple(f for f in paper.failures if f.key != summary.key)
    return replace(paper, summaries=tuple(summaries), failures=failures)


def add_failure(paper: Paper, failure: SummaryFailure) -> Paper:
    """Add one more failed attempt at a summary; adding it again changes nothing."""
    if any((known.key, known.last) == (failure.key, failure.last) for known in paper.failures):
        return paper
    by_key = {known.key: known for known in paper.failures}
    if known := by_key.get(failure.key):
        attempts, usage = known.attempts + failure.attempts, known.usage + failure.usage
        failure = replace(failure, attempts=attempts, usage=usage)
    by_key[failure.key] = failure
    return replace(paper, failures=tuple(by_key[key] for key in sorted(by_key)))


def current_summaries(paper: Paper) -> tuple[Summary, ...]:
    """Return each language's summary to show: whole before damaged, newest version, latest made.

    The languages stand in the same order, those of one version and day by name: which of them was
    finished first is chance, and readers look for a language in its place.
    """
    newest: dict[str, Summary] = {}
    for summary in sorted(paper.summaries, key=lambda s: (not s.damaged, s.version, s.created)):
        newest[summary.language.lower()] = summary
    found = sorted(newest.values(), key=lambda s: s.language)
    # Sorting is stable, reversed too.
    found.sort(key=lambda s: (not s.damaged, s.version, s.created.date()), reverse=True)
    return tuple(found)


def current_summary(paper: Paper) -> Summary | None:
    """Return the first of the current summaries, for where there is place for one."""
    return next(iter(current_summaries(paper)), None)


def _rank(paper: Paper) -> tuple[bool, int, object]:
    newest = max(paper.listings, key=lambda listing: (listing.version, listing.date))
    return (not paper.abstract_is_excerpt, newest.version, newest.date)


def _merge_listings(known: tuple[Listing, ...], new: Listing) -> tuple[Listing, ...]:
    """Keep one listing a day and version: of two types, the one that takes precedence."""
    merged = {(listing.date, listing.version): listing for listing in known}
    old = merged.setdefault((new.date, new.version), new)
    merged[new.date, new.version] = min(old, new, key=lambda x: TYPE_PRECEDENCE.index(x.type))
    return tuple(sorted(merged.values()))


def _same_summary(a: Summary, b: Summary) -> bool:
    if "imported" in (a.input, b.input):
        # Its prompt is unknown: only the text tells it apart, from our own read back too.
        return (a.version, a.model, a.body) == (b.version, b.model, b.body)
    return a.key == b.key
