"""How each day was made, for everybody to see: what was read, kept, summarised, and spent. Pure.

What is for the operator stays out: the details of a feed's or a summary's failure quote other
people's texts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from generator import taxonomy, urls
from generator.archive import Archive, Entry
from generator.fragments import announcement_days, counted, escaped, long_date, pager
from generator.layout import SiteInfo, changed, page
from generator.models import CategoryRun, Day, FeedState, Usage
from generator.summaries import figure, spent

STATUS_DAYS = 60

_PROBLEMS = {
    FeedState.STALE: "stale, the feed was of another day",
    FeedState.ERROR: "error, the feed could not be read",
}
_COLUMNS = ("Day", "Fetched", "New", "Kept", "Repeats", "Summarised", "Failed", "Tokens")


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of some rows' summaries: papers ``summarised``, failures by reason, all usage."""

    summarised: int
    failed: tuple[tuple[str, int], ...]
    usage: Usage

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> Tally:
        """Count what was made and tried for just the versions that the rows list."""
        summarised = 0
        failed: Counter[str] = Counter()
        usage = Usage()
        for entry in entries:
            version = entry.row.id.version
            made = [s for s in entry.paper.summaries if s.version == version]
            tried = [f for f in entry.paper.failures if f.key.version == version]
            summarised += bool(made)
            failed.update(str(failure.reason) for failure in tried)
            for one in (*(s.usage for s in made), *(f.usage for f in tried)):
                usage += one or Usage()
        return cls(summarised, tuple(failed.most_common()), usage)

    @property
    def why_failed(self) -> str:
        """``2 rate limit, 1 timeout``."""
        return ", ".join(f"{count} {reason}" for reason, count in self.failed)


def status_pages(archive: Archive, site: SiteInfo) -> Iterator[tuple[str, str]]:
    """The newest days, and a page for each year."""
    here = urls.STATUS
    newest = archive.days[-STATUS_DAYS:]
    years = sorted({day.date.year for day in archive.days}, reverse=True)
    chart = [
        (day.date.isoformat(), len(day.rows), Tally.of(archive.entries[day.date]).summarised)
        for day in newest
    ]
    yield (
        here,
        page(
            "status.md",
            {
                "title": "Status",
                "kind": "status",
                "chart": chart,
                **changed(archive.latest, archive.days),
            },
            heading="Status",
            pager=pager(
                here, *((f"All of {year}", urls.status_year_source(year)) for year in years)
            ),
            totals=list(_totals(archive, site)),
            columns=_columns(site),
            rows=[_row(day, archive.entries[day.date], here) for day in reversed(newest)],
        ),
    )
    for year in years:
        here = urls.status_year_source(year)
        days = [day for day in reversed(archive.days) if day.date.year == year]
        steps = (
            ("The latest days", urls.STATUS),
            (f"The papers of {year}", urls.year_source(year)),
        )
        yield (
            here,
            page(
                "status.md",
                {
                    "title": f"Status of {year}",
                    "kind": "status",
                    **changed((e for day in days for e in archive.entries[day.date]), days),
                },
                heading=f"Status of {year}",
                pager=pager(here, *steps),
                totals=[],
                columns=_columns(site),
                rows=[_row(day, archive.entries[day.date], here) for day in days],
            ),
        )


def _columns(site: SiteInfo) -> list[str]:
    return [*_COLUMNS, f"Cost ({escaped(site.currency)})", "Time", "State"]


def _totals(archive: Archive, site: SiteInfo) -> Iterator[tuple[str, str]]:
    papers = [entries[-1].paper for entries in archive.listed.values()]
    summaries = [summary for paper in papers for summary in paper.summaries]
    usage = Usage()
    for paper in papers:
        for one in (*(s.usage for s in paper.summaries), *(f.usage for f in paper.failures)):
            usage += one or Usage()
    summarised = sum(bool(paper.summaries) for paper in papers)
    pending = sum(bool(paper.failures) and not paper.summaries for paper in papers)
    yield "Papers", f"{len(papers):,} of {announcement_days(archive.days)}"
    yield (
        "Summaries",
        f"{counted(len(summaries), 'summary', 'summaries')} of {counted(summarised, 'paper')}"
        + (f"; {pending:,} pending" if pending else ""),
    )
    yield "Spent", spent(usage, site.currency) if usage.tokens else "nothing that is on record"
    if archive.days:
        last = archive.days[-1]
        yield "Latest day", f"{long_date(last.date)}: {_state(last)}"


def _row(day: Day, entries: Sequence[Entry], here: str) -> list[str]:
    runs = day.run.categories.values()
    tally = Tally.of(entries)
    link = urls.relative(urls.day_source(day.date), here)
    return [
        f"[{day.date:%a} {day.date.day} {day.date:%b %Y}]({link})",
        *_read(runs, len(day.rows)),
        *_made(tally),
        _time(day.run.seconds),
        f"<details><summary>{_state(day)}"
        + (f"; failed: {tally.why_failed}" if tally.failed else "")
        + f"</summary><ul>{''.join(_categories(day, entries))}</ul></details>",
    ]


def _read(runs: Iterable[CategoryRun], kept: int) -> list[str]:
    """Fetched, new, kept, repeats. Of an imported list only what it kept is known."""
    known = [run for run in runs if run.state != FeedState.IMPORTED]
    fetched = sum(run.fetched for run in known)
    if not fetched:
        return ["", "", f"{kept:,}" if kept else "", ""]
    numbers = (fetched, sum(run.new for run in known), kept, sum(run.repeats for run in known))
    return [f"{number:,}" for number in numbers]


def _made(tally: Tally) -> list[str]:
    """Summarised, failed, tokens, cost; what is nothing is left blank."""
    counts = (tally.summarised, sum(count for _, count in tally.failed), tally.usage.tokens)
    cost = tally.usage.cost
    return [*(f"{count:,}" if count else "" for count in counts), figure(cost) if cost else ""]


def _state(day: Day) -> str:
    """What the day's feeds were, in words and with a sign, so that no colour is needed."""
    runs = day.run.categories
    problems = [f"{escaped(c)} {run.state}" for c, run in runs.items() if run.state in _PROBLEMS]
    if problems:
        return f"⚠ **Incomplete**: {', '.join(problems)}"
    states = Counter(str(run.state) for run in runs.values()).most_common()
    if len(states) == 1:
        return f"{states[0][0]} ({counted(len(runs), 'category', 'categories')})"
    return ", ".join(f"{count} {state}" for state, count in states) or "no record"


def _categories(day: Day, entries: Sequence[Entry]) -> Iterator[str]:
    imported = []
    for name, run in day.run.categories.items():
        if run.state == FeedState.IMPORTED:
            imported += [f"{escaped(name)} {run.kept:,}"] if run.kept else []
            continue
        of_it = [e for e in entries if taxonomy.canonical(name) in _canonical(e)]
        yield f"<li>{escaped(name)}: {', '.join(_category(run, Tally.of(of_it)))}</li>"
    if imported:
        yield f"<li>kept, by primary category: {', '.join(imported)}</li>"


def _category(run: CategoryRun, tally: Tally) -> Iterator[str]:
    yield _PROBLEMS.get(run.state, str(run.state))
    if run.state == FeedState.FRESH and run.detail:
        yield "some entries missing"
    if run.fetched:
        yield f"{run.fetched:,} fetched, {run.new:,} new, {run.kept:,} kept"
    if run.repeats:
        yield counted(run.repeats, "repeat")
    if tally.summarised:
        yield f"{tally.summarised:,} summarised"
    if tally.failed:
        yield f"failed: {tally.why_failed}"
    if tally.usage.tokens:
        cost = tally.usage.cost
        yield f"{tally.usage.tokens:,} tokens" + (f" for {figure(cost)}" if cost else "")


def _canonical(entry: Entry) -> set[str]:
    return {taxonomy.canonical(category) for category in entry.paper.categories}


def _time(seconds: float | None) -> str:
    if seconds is None:
        return ""
    whole = round(seconds)
    return f"{whole} s" if whole < 120 else f"{whole // 60} min"
