"""How large a site is, and when it fills a host that allows 1 GB, as GitHub Pages does. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

LIMIT = 1_000_000_000
_FULL = 0.8  # from here on there is time to move, and no time to lose
_YEAR = 365
_ENOUGH = 100  # with fewer papers a mean says nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """A built site: its files and bytes; ``fixed`` bytes of these stay as they are (assets).

    ``papers`` are in it, and ``papers_a_year`` come at the present rate.
    """

    files: int
    bytes: int
    fixed: int
    papers: int
    papers_a_year: float

    @property
    def bytes_a_paper(self) -> float:
        """What one more paper adds, with its share of the lists and of the search index."""
        return (self.bytes - self.fixed) / self.papers if self.papers else 0.0

    @property
    def years_left(self) -> float | None:
        """Years until the limit at the present rate; ``None`` where there are too few papers."""
        growth = self.papers_a_year * self.bytes_a_paper
        if self.papers < _ENOUGH or growth <= 0:
            return None
        return max(0.0, (LIMIT - self.bytes) / growth)

    def outlook(self) -> str:
        """Say in a sentence when the limit will be reached; "" where nobody can tell."""
        years = self.years_left
        if years is None:
            return ""
        when = "more than 100" if years > 100 else f"about {years:.1f}"
        return (
            f"At the present rate ({self.papers_a_year:,.0f} papers a year, "
            f"{self.bytes_a_paper / 1000:.1f} KB each) it will have 1 GB, the limit of GitHub "
            f"Pages, in {when} years."
        )

    def warning(self) -> str:
        """Say what to do about a site that is nearly too large; "" where it is not."""
        if self.bytes < LIMIT * _FULL:
            return ""
        return (
            f"The site has {self.bytes / LIMIT:.0%} of the 1 GB that GitHub Pages allows. Move it "
            "to a host without this limit, or go on in a second site from a new year on: see "
            "docs/hosting.md, When the site gets too large"
        )


def papers_a_year(first_listed: Iterable[date]) -> float:
    """Return how many papers the last 365 days list first, up to the newest of these days.

    A younger archive's papers are counted up to a year.
    """
    days = sorted(first_listed)
    if not days:
        return 0.0
    newest = days[-1]
    recent = sum(day > newest - timedelta(days=_YEAR) for day in days)
    span = min(_YEAR, max(7, (newest - days[0]).days + 1))  # a week has a weekend
    return recent * _YEAR / span
