"""How each day was made, for everybody to see: what was read, kept, summarised, and spent. Pure.

What is for the operator stays out: the details of a feed's or a summary's failure quote other
people's texts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from generator.build.archive.archive import Archive, Entry
from generator.build.pages.fragments import announcement_days, escaped, link, pager, papers
from generator.build.pages.layout import changed, page
from generator.build.pages.summaries import figure, priced, spent, tokens_of
from generator.core import taxonomy, urls
from generator.core.days import CategoryRun, Day, FeedState
from generator.core.site import SiteInfo
from generator.core.summaries import Usage
from generator.core.texts import SEMICOLON, Texts, message

STATUS_DAYS = 60

_PROBLEMS = {
    FeedState.STALE: message("stale, the feed was of another day"),
    FeedState.ERROR: message("error, the feed could not be read"),
}
_COLUMNS = (
    message("Day"),
    message("Fetched"),
    message("New"),
    message("Kept"),
    message("Repeats"),
    message("Summarised"),
    message("Failed"),
    message("Tokens"),
)


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

    def why_failed(self, texts: Texts) -> str:
        """Say ``failed: 2 rate limit, 1 timeout``."""
        return texts.text("failed: {reasons}", reasons=_numbers(self.failed, texts))


def status_pages(archive: Archive, site: SiteInfo) -> Iterator[tuple[str, str]]:
    """Yield the page of the newest days, and a page for each year."""
    years = sorted({day.date.year for day in archive.days}, reverse=True)
    yield urls.STATUS, _newest_page(archive, years, site)
    for year in years:
        yield urls.status_year_source(year), _year_page(archive, year, site)


def _newest_page(archive: Archive, years: Sequence[int], site: SiteInfo) -> str:
    texts = site.texts
    newest = archive.days[-STATUS_DAYS:]
    chart = [
        (day.date.isoformat(), len(day.rows), Tally.of(archive.entries[day.date]).summarised)
        for day in newest
    ]
    steps = (
        (texts.text("All of {year}", year=str(year)), urls.status_year_source(year))
        for year in years
    )
    return page(
        "status.md",
        {
            "title": texts.text("Status"),
            "kind": "status",
            "chart": chart,
            **changed(archive.latest, archive.days),
        },
        t=texts.text,
        heading=texts.text("Status"),
        pager=pager(urls.STATUS, *steps),
        totals=list(_totals(archive, site)),
        columns=_columns(site),
        rows=_rows(newest, archive, urls.STATUS, texts),
    )


def _year_page(archive: Archive, year: int, site: SiteInfo) -> str:
    texts = site.texts
    here = urls.status_year_source(year)
    days = [day for day in archive.days if day.date.year == year]
    title = texts.text("Status of {year}", year=str(year))
    steps = (
        (texts.text("The latest days"), urls.STATUS),
        (texts.text("The papers of {year}", year=str(year)), urls.year_source(year)),
    )
    return page(
        "status.md",
        {
            "title": title,
            "kind": "status",
            **changed((e for day in days for e in archive.entries[day.date]), days),
        },
        t=texts.text,
        heading=title,
        pager=pager(here, *steps),
        totals=[],
        columns=_columns(site),
        rows=_rows(days, archive, here, texts),
    )


def _rows(days: Sequence[Day], archive: Archive, here: str, texts: Texts) -> list[list[str]]:
    """Return a row of the table for each day, newest first."""
    return [_row(day, archive.entries[day.date], here, texts) for day in reversed(days)]


def _columns(site: SiteInfo) -> list[str]:
    texts = site.texts
    return [
        *map(texts.text, _COLUMNS),
        texts.text("Cost ({currency})", currency=escaped(site.currency)),
        texts.text("Time"),
        texts.text("State"),
    ]


def _totals(archive: Archive, site: SiteInfo) -> Iterator[tuple[str, str]]:
    texts = site.texts
    kept = [entries[-1].paper for entries in archive.listed.values()]
    summaries = sum(len(paper.summaries) for paper in kept)
    usage = Usage()
    for paper in kept:
        for one in (*(s.usage for s in paper.summaries), *(f.usage for f in paper.failures)):
            usage += one or Usage()
    summarised = sum(bool(paper.summaries) for paper in kept)
    pending = sum(bool(paper.failures) and not paper.summaries for paper in kept)
    yield (
        texts.text("Papers"),
        texts.text(
            "{count} of {days}", count=len(kept), days=announcement_days(archive.days, texts)
        ),
    )
    made = [
        texts.counted(
            summaries,
            "{count} summary of {papers}",
            "{count} summaries of {papers}",
            papers=papers(summarised, texts),
        )
    ]
    if pending:
        made.append(texts.text("{count} pending", count=pending))
    yield texts.text("Summaries"), texts.listed(made, SEMICOLON)
    yield (
        texts.text("Spent"),
        spent(usage, site) if usage.tokens else texts.text("nothing that is on record"),
    )
    if archive.days:
        last = archive.days[-1]
        yield (
            texts.text("Latest day"),
            texts.text("{day}: {state}", day=texts.long_date(last.date), state=_state(last, texts)),
        )


def _row(day: Day, entries: Sequence[Entry], here: str, texts: Texts) -> list[str]:
    runs = day.run.categories.values()
    tally = Tally.of(entries)
    name = texts.dated(day.date, message("E d MMM y"))
    state = [_state(day, texts), *([tally.why_failed(texts)] if tally.failed else [])]
    return [
        link(name, urls.day_source(day.date), here),
        *_read(runs, len(day.rows)),
        *_made(tally, texts),
        _time(day.run.seconds, texts),
        f"<details><summary>{texts.listed(state, SEMICOLON)}"
        f"</summary><ul>{''.join(_categories(day, entries, texts))}</ul></details>",
    ]


def _read(runs: Iterable[CategoryRun], kept: int) -> list[str]:
    """Return fetched, new, kept, repeats; of an imported list only what it kept is known."""
    known = [run for run in runs if run.state != FeedState.IMPORTED]
    fetched = sum(run.fetched for run in known)
    if not fetched:
        return ["", "", f"{kept:,}" if kept else "", ""]
    numbers = (fetched, sum(run.new for run in known), kept, sum(run.repeats for run in known))
    return [f"{number:,}" for number in numbers]


def _made(tally: Tally, texts: Texts) -> list[str]:
    """Return summarised, failed, tokens, cost; what is nothing is left blank."""
    counts = (tally.summarised, sum(count for _, count in tally.failed), tally.usage.tokens)
    cost = tally.usage.cost
    return [
        *(f"{count:,}" if count else "" for count in counts),
        figure(cost, texts) if cost else "",
    ]


def _state(day: Day, texts: Texts) -> str:
    """Say what the day's feeds were, in words and with a sign, so that no colour is needed."""
    runs = day.run.categories
    problems = [
        texts.text("{category} {state}", category=escaped(c), state=texts.text(run.state))
        for c, run in runs.items()
        if run.state in _PROBLEMS
    ]
    if problems:
        return texts.text("⚠ **Incomplete**: {problems}", problems=texts.listed(problems))
    states = Counter(str(run.state) for run in runs.values()).most_common()
    if len(states) == 1:
        return texts.counted(
            len(runs),
            "{state} ({count} category)",
            "{state} ({count} categories)",
            state=texts.text(states[0][0]),
        )
    return _numbers(states, texts) or texts.text("no record")


def _numbers(counts: Iterable[tuple[str, int]], texts: Texts) -> str:
    """Say ``2 fresh, 1 empty``."""
    return texts.listed(
        texts.text("{count} {what}", count=str(count), what=texts.text(what))
        for what, count in counts
    )


def _categories(day: Day, entries: Sequence[Entry], texts: Texts) -> Iterator[str]:
    imported = []
    for name, run in day.run.categories.items():
        if run.state == FeedState.IMPORTED:
            imported += [f"{escaped(name)} {run.kept:,}"] if run.kept else []
            continue
        of_it = [e for e in entries if taxonomy.canonical(name) in _canonical(e)]
        what = texts.listed(_category(run, Tally.of(of_it), texts))
        yield f"<li>{texts.text('{category}: {state}', category=escaped(name), state=what)}</li>"
    if imported:
        kept = texts.text("kept, by primary category: {counts}", counts=texts.listed(imported))
        yield f"<li>{kept}</li>"


def _category(run: CategoryRun, tally: Tally, texts: Texts) -> Iterator[str]:
    yield texts.text(_PROBLEMS.get(run.state, str(run.state)))
    if run.state == FeedState.FRESH and run.detail:
        yield texts.text("some entries missing")
    if run.fetched:
        yield texts.text(
            "{fetched} fetched, {new} new, {kept} kept",
            fetched=run.fetched,
            new=run.new,
            kept=run.kept,
        )
    if run.repeats:
        yield texts.counted(run.repeats, "{count} repeat", "{count} repeats")
    if tally.summarised:
        yield texts.text("{count} summarised", count=tally.summarised)
    if tally.failed:
        yield tally.why_failed(texts)
    if tally.usage.tokens:
        tokens = tokens_of(tally.usage, texts)
        cost = tally.usage.cost
        yield priced(tokens, figure(cost, texts), texts) if cost else tokens


def _canonical(entry: Entry) -> set[str]:
    return {taxonomy.canonical(category) for category in entry.paper.categories}


def _time(seconds: float | None, texts: Texts) -> str:
    if seconds is None:
        return ""
    whole = round(seconds)
    if whole < 120:
        return texts.text("{count} s", count=str(whole))
    return texts.text("{count} min", count=str(whole // 60))
