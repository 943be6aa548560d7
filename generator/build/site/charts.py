"""A series of figures as a small line chart in SVG, drawn by pygal. Pure.

The site's style sheet gives the lines and words their looks: what is drawn has classes, and no
colours, fonts or scripts of its own.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from pygal import Line
from pygal.etree import etree

from generator.markup.text import one_line

WIDTH, HEIGHT = 340, 130
# More points than these are a line without dots.
_MOST_DOTS = 60

# A tenth of a pixel is fine enough for where a mark stands.
_LONG_FIGURE = re.compile(r"(\d\.\d)\d+")
_PLACES = frozenset(("d", "x", "y", "cx", "cy", "width", "height", "transform"))


def line_chart(values: Sequence[float | None], labels: Sequence[str], *, words: str) -> str:
    """Draw values from zero up, with a label each of which the first and last are shown.

    ``None`` is a gap. ``words`` says the same to those who do not see it. The same input gives the
    same bytes. With less than two values there is nothing to draw: "".
    """
    if sum(value is not None for value in values) < 2:
        return ""
    top = _round_up(max(value for value in values if value is not None))
    ends = [labels[0], labels[-1]]
    chart = Line(
        width=WIDTH,
        height=HEIGHT,
        margin=0,
        margin_top=8,
        margin_right=30,
        margin_bottom=2,
        margin_left=16,
        range=(0, top),
        y_labels=[0, top / 2, top],
        formatter=lambda value: f"{value:g}",
        x_labels=list(labels),
        x_labels_major=ends,
        show_minor_x_labels=False,
        truncate_label=-1,
        show_legend=False,
        show_dots=len(values) <= _MOST_DOTS,
        dots_size=2,
        allow_interruptions=True,
        no_prefix=True,
        js=(),
    )
    chart.add("", list(values))
    root = chart.render_tree()
    root.attrib.pop("id", None)
    root.attrib["role"] = "img"
    root.attrib["aria-label"] = one_line(words)
    _prune(root)
    for mark in root.iter():
        for name in _PLACES & set(mark.attrib):
            mark.attrib[name] = _LONG_FIGURE.sub(r"\1", mark.attrib[name])
    return str(etree.tostring(root, encoding="unicode"))


def _round_up(most: float) -> float:
    """The next round number: 1, 2, 4, 6, 8 or 10 times a power of ten."""
    if most <= 0:
        return 1.0
    unit = 10.0 ** math.floor(math.log10(most))
    return next((step * unit for step in (1, 2, 4, 6, 8) if most <= step * unit), 10 * unit)


def _prune(node: object) -> None:
    """Take out what is for pygal's own script and style, and today's date in a comment."""
    for child in list(node):  # type: ignore[call-overload]
        name = child.get("class") or ""
        words = ("overlay" in name and name != "plot overlay") or name == "titles"
        if not isinstance(child.tag, str) or child.tag in ("defs", "title", "desc") or words:
            node.remove(child)  # type: ignore[attr-defined]
        else:
            _prune(child)
