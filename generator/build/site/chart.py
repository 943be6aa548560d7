"""The bars of the status page's chart: their places and sizes. Pure; the SVG is a template's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from generator.core.texts import Texts, message

HEIGHT = 100
STEP = 10
_GAP = 2
# Few days make no broad bars.
_LEAST_DAYS = 30


@dataclass(frozen=True, slots=True)
class Bar:
    """A day: how high its two bars are, from the bottom, and what both say in words."""

    x: int
    label: str
    kept: float
    summarised: float


@dataclass(frozen=True, slots=True)
class Chart:
    """All bars, oldest first, on a sheet of ``width`` by ``HEIGHT``; ``most`` is its upper edge."""

    bars: tuple[Bar, ...]
    width: int
    most: int
    first: str
    last: str
    description: str
    height: int = HEIGHT
    bar: int = STEP - _GAP


def bar_chart(days: Sequence[tuple[str, int, int]], texts: Texts) -> Chart | None:
    """A chart of (ISO date, papers kept, papers summarised); ``None`` without days."""
    if not days:
        return None
    most = max(kept for _, kept, _ in days) or 1
    dates = [date.fromisoformat(day) for day, _, _ in days]
    bars = tuple(
        Bar(
            number * STEP,
            texts.text(
                "{day}: {kept} kept, {summarised} summarised",
                day=texts.dated(day, message("E d MMMM y")),
                kept=kept,
                summarised=summarised,
            ),
            round(HEIGHT * kept / most, 1),
            round(HEIGHT * summarised / most, 1),
        )
        for number, (day, (_, kept, summarised)) in enumerate(zip(dates, days, strict=True))
    )
    first, last = (texts.short_date(day) for day in (dates[0], dates[-1]))
    total = sum(kept for _, kept, _ in days)
    summarised = sum(count for _, _, count in days)
    return Chart(
        bars=bars,
        width=STEP * max(len(days), _LEAST_DAYS),
        most=most,
        first=first,
        last=last,
        description=texts.text(
            "From {first} to {last}: {total} papers kept, at most {most} a day, {summarised} of "
            "them summarised. The table below has the figures of each day.",
            first=first,
            last=last,
            total=total,
            most=most,
            summarised=summarised,
        ),
    )
