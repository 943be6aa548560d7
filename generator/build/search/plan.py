"""Which part of the search index holds which paper, and which parts must be made anew. Pure.

A day's publish must not index years anew. So the index is in parts: one a closed year, one of the
newest year's finished months, and the *live* part of the current month. But old papers change too:
new versions arrive every day. Such a paper goes into the live part as well, and what an older part
still says of it is listed as stale, for the reader's browser to pass over; that part's files stay
untouched. When too many have gathered, the part with most of them is made anew.

To put a month that has just ended into its year would index the whole year on the new month's
first day. So it waits as the part it is, until a build that has nothing else to index. Such a build
also makes a part anew of which half as many papers have changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

# Papers that the live part may hold besides its own month: about half a month's.
MAX_MOVED = 300
# A year with fewer papers than this has no part of its own: every part costs a reader requests.
SMALL_YEAR = 1500
# Months that may wait: a build without news may never come, and every part costs a reader requests.
MAX_WAITING = 3


@dataclass(frozen=True)
class Plan:
    """What the parts are to be, newest first.

    ``contents`` has each part's papers, ``{name: {id: digest}}``, ``fresh`` the names of the parts
    that must be indexed (the others stay as they are), ``stale`` the papers of a part that a
    reader must not see.
    """

    contents: dict[str, dict[str, str]]
    fresh: frozenset[str]
    stale: dict[str, frozenset[str]]


def part_names(days: Mapping[str, date]) -> dict[str, str]:
    """Return the part that each paper belongs to, by the day that listed it last.

    ``2026-05`` is the live part, ``2026`` the earlier months of that year, ``2025`` a closed year
    and the small years before it.
    """
    if not days:
        return {}
    newest = max(days.values())
    live = f"{newest:%Y-%m}"
    by_year = Counter(day.year for day in days.values() if f"{day:%Y-%m}" != live)
    names: dict[int, str] = {}
    waiting: list[int] = []
    count = 0
    for year in sorted(by_year):
        waiting.append(year)
        count += by_year[year]
        if count >= SMALL_YEAR or year == max(by_year):
            names |= dict.fromkeys(waiting, str(year))
            waiting, count = [], 0
    return {
        identifier: live if f"{day:%Y-%m}" == live else names[day.year]
        for identifier, day in days.items()
    }


def plan_parts(
    papers: Mapping[str, str],
    names: Mapping[str, str],
    built: Mapping[str, Mapping[str, str]],
    max_moved: int = MAX_MOVED,
) -> Plan:
    """Plan the parts of an archive.

    ``papers`` has each paper's digest, ``names`` its part, ``built`` what the parts that exist and
    can be used hold, ``{name: {id: digest}}``.
    """
    live = max(names.values(), key=_age, default="")
    months = {name for name in built if "-" in name and _age(name) < _age(live)}
    waits = {identifier: name for name in sorted(months) for identifier in built[name]}
    kept = {i: name if name == live else waits.get(i, name) for i, name in names.items()}
    plan = _plan(papers, kept, built, max_moved)
    if plan.fresh and len(months) <= MAX_WAITING:
        return plan
    # Nothing else to index: time for what a day's publish should not have to do.
    return _plan(papers, names, built, max_moved // 2)


def _age(name: str) -> tuple[str, int, str]:
    """Return what sorts parts by age: a year's months are newer than the rest of it."""
    return name[:4], len(name), name


def _plan(
    papers: Mapping[str, str],
    names: Mapping[str, str],
    built: Mapping[str, Mapping[str, str]],
    max_moved: int,
) -> Plan:
    wanted: dict[str, dict[str, str]] = {name: {} for name in set(names.values())}
    for identifier, digest in papers.items():
        wanted[names[identifier]][identifier] = digest
    if not wanted:
        return Plan({}, frozenset(), {})
    live, *closed = sorted(wanted, key=_age, reverse=True)
    moved = {
        name: dict(wanted[name].items() - built[name].items()) for name in closed if name in built
    }
    gone = {
        name: frozenset(i for i, d in built[name].items() if wanted[name].get(i) != d)
        for name in moved
    }
    while moved and sum(map(len, moved.values())) + sum(map(len, gone.values())) > max_moved:
        most = max(moved, key=lambda name: (len(moved[name]) + len(gone[name]), name))
        del moved[most], gone[most]
    contents = {live: wanted[live].copy()}
    for papers_moved in moved.values():
        contents[live] |= papers_moved
    for name in closed:
        contents[name] = dict(built[name]) if name in moved else wanted[name]
    return Plan(
        contents,
        frozenset(name for name in contents if dict(built.get(name, {})) != contents[name]),
        {name: gone[name] for name in closed if gone.get(name)},
    )
