"""Figures as small charts in SVG, drawn by pygal: lines of trends, bars of the status page. Pure.

The site's style sheet gives lines, bars and words their looks: what is drawn has classes, and no
colours, fonts or scripts of its own. The same input gives the same bytes.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from markupsafe import Markup
from pygal import Line, StackedBar
from pygal.etree import etree

from generator.core.texts import Texts, message
from generator.markup.text import one_line

WIDTH, HEIGHT = 340, 130
# More points than these are a line without dots.
_MOST_DOTS = 60

# Bars: the sheet is stretched to the page's width; few days make no broad bars.
_BARS_HEIGHT, _STEP = 100, 10
_LEAST_DAYS = 30
_EDGE = 0.02 / 1.04  # what pygal leaves free around its bars, of the whole

# A tenth of a pixel is fine enough for where a mark stands.
_LONG_FIGURE = re.compile(r"(\d\.\d)\d+")
_PLACES = frozenset(("d", "x", "y", "cx", "cy", "width", "height", "transform"))

_SHEET = {"margin": 0, "show_legend": False, "no_prefix": True, "js": ()}


def line_charts(charts: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Draw the charts of a page's front matter: each panel gets its line, as ``svg``."""
    return [
        {
            "panels": [
                {**panel, "svg": line_chart(panel["values"], chart["labels"], words=panel["words"])}
                for panel in chart["panels"]
            ]
        }
        for chart in charts
    ]


def line_chart(values: Sequence[float | None], labels: Sequence[str], *, words: str) -> Markup:
    """Draw values from zero up, with a label each of which the first and last are shown.

    ``None`` is a gap. ``words`` says the same to those who do not see it. With less than two values
    there is nothing to draw: "".
    """
    if sum(value is not None for value in values) < 2:
        return Markup("")
    top = _round_up(max(value for value in values if value is not None))
    chart = Line(
        width=WIDTH,
        height=HEIGHT,
        margin_top=8,
        margin_right=30,
        margin_bottom=2,
        margin_left=16,
        range=(0, top),
        y_labels=[0, top / 2, top],
        formatter=lambda value: f"{value:g}",
        x_labels=list(labels),
        x_labels_major=[labels[0], labels[-1]],
        show_minor_x_labels=False,
        truncate_label=-1,
        show_dots=len(values) <= _MOST_DOTS,
        dots_size=2,
        allow_interruptions=True,
        **_SHEET,
    )
    chart.add("", list(values))
    return _svg(_drawn(chart, words))


def bar_chart(days: Sequence[tuple[str, int, int]], texts: Texts) -> dict[str, Any] | None:
    """Draw (ISO date, papers kept, papers summarised), oldest first; ``None`` without days.

    The bars are ``svg``; ``most`` is their upper edge, ``first`` and ``last`` name their ends.
    """
    if not days:
        return None
    dates = [date.fromisoformat(day) for day, _, _ in days]
    kept, summarised = [count for _, count, _ in days], [count for _, _, count in days]
    most = max(kept) or 1
    first, last = (texts.short_date(day) for day in (dates[0], dates[-1]))
    words = texts.text(
        "From {first} to {last}: {total} papers kept, at most {most} a day, {summarised} of "
        "them summarised. The table below has the figures of each day.",
        first=first,
        last=last,
        total=sum(kept),
        most=most,
        summarised=sum(summarised),
    )
    chart = StackedBar(
        width=_STEP * len(days),
        height=_BARS_HEIGHT,
        range=(0, most),
        show_x_labels=False,
        show_y_labels=False,
        show_y_guides=False,
        **_SHEET,
    )
    chart.add("", summarised)
    chart.add("", [count - made for count, made in zip(kept, summarised, strict=True)])
    chart.add("", [most - count for count in kept])
    root = _drawn(chart, f"{texts.text('Papers kept and summarised a day')}. {words}")
    aside, over = (_EDGE * length for length in (_STEP * len(days), _BARS_HEIGHT))
    width = _STEP * max(len(days), _LEAST_DAYS) - 2 * aside
    box = f"{aside:.1f} {over:.1f} {width:.1f} {_BARS_HEIGHT - 2 * over:.1f}"
    root.attrib.update({"viewBox": box, "preserveAspectRatio": "none"})
    above = root.findall(".//g[@class='series serie-2 color-2']//g[@class='bar']")
    for bar, day, count, made in zip(above, dates, kept, summarised, strict=True):
        # The whole column is a place for the pointer.
        bar[0].attrib.update({"y": "0", "height": str(_BARS_HEIGHT)})
        etree.SubElement(bar, "title").text = texts.text(
            "{day}: {kept} kept, {summarised} summarised",
            day=texts.dated(day, message("E d MMMM y")),
            kept=count,
            summarised=made,
        )
    return {"svg": _svg(root), "most": most, "first": first, "last": last}


def _drawn(chart: Any, words: str) -> Any:
    """Return the root of a chart as the style sheet wants it: an image that ``words`` tell."""
    root = chart.render_tree()
    root.attrib.pop("id", None)
    root.attrib.update({"role": "img", "aria-label": one_line(words)})
    _prune(root)
    for mark in root.iter():
        for name in _PLACES & set(mark.attrib):
            mark.attrib[name] = _LONG_FIGURE.sub(r"\1", mark.attrib[name])
    return root


def _svg(root: Any) -> Markup:
    return Markup(etree.tostring(root, encoding="unicode"))


def _round_up(most: float) -> float:
    """Return the next round number: 1, 2, 4, 6, 8 or 10 times a power of ten."""
    if most <= 0:
        return 1.0
    unit = 10.0 ** math.floor(math.log10(most))
    return next((step * unit for step in (1, 2, 4, 6, 8) if most <= step * unit), 10 * unit)


def _prune(node: Any) -> None:
    """Take out what is for pygal's own script and style, and today's date in a comment."""
    for child in list(node):
        name = child.get("class") or ""
        is_overlay = ("overlay" in name and name != "plot overlay") or name == "titles"
        if not isinstance(child.tag, str) or child.tag in ("defs", "title", "desc") or is_overlay:
            node.remove(child)
        else:
            _prune(child)
