"""Styles as classes: a page's policy forbids what a ``style`` attribute says.

Formulas and tables come with such attributes, from math-core and pulldown-cmark. Feeds keep them,
for readers have no style sheet of ours; on pages ``site_src/assets/daybook.css`` says the same of
classes.
"""

from __future__ import annotations

import re

# What has a rule in the style sheet. All else is left out, mostly negative spaces of unusual width.
CLASSES = {
    **{f"text-align:{side}": f"to-{side}" for side in ("left", "center", "right")},
    **{f"justify-items:{side}": f"at-{side}" for side in ("start", "center", "end")},
    **{f"padding-{side}:0": f"no-{side}" for side in ("left", "right", "top", "bottom")},
    "padding-left:1em": "gap-left",
    "padding-left:0.1em": "thin-left",
    "padding-right:0.1em": "thin-right",
    "padding-right:0.1667em": "thin-end",
    "padding-top:0.1667em": "thin-top",
    # TeX's own negative spaces.
    "margin-left:-0.166667em": "back-3mu",
    "margin-left:-0.222222em": "back-4mu",
    "margin-left:-0.277778em": "back-5mu",
    **{
        f"border-{side}:0.05em {line} currentcolor": f"{line}-{side}"
        for side in ("top", "right", "bottom", "left")
        for line in ("solid", "dashed")
    },
    "font-variant-caps:small-caps": "small-caps",
    "math-shift:compact": "compact",
    "visibility:hidden": "unseen",
    "width:100%": "w100",
    "width:50%": "w50",
    "width:7.5%": "w7",
}

# As nh3 writes it, where no text holds a "<".
_STYLED = re.compile(
    r'<(?P<tag>[a-z0-9]+)(?P<before>(?: [a-z-]+="[^"]*")*?) style="(?P<style>[^"]*)"'
    r'(?P<after>(?: [a-z-]+="[^"]*")*)>'
)
_CLASS = re.compile(r' class="([^"]*)"')
_COLOUR = re.compile(r"color:(#[0-9A-Fa-f]+|[a-z]+)")


def styles_to_classes(html: str) -> str:
    """Return sanitised HTML without ``style``; a formula's colours become ``mathcolor``."""
    return _STYLED.sub(_classed, html) if ' style="' in html else html


def _classed(tag: re.Match[str]) -> str:
    attributes = tag["before"] + tag["after"]
    declarations = tag["style"].split(";")
    names = [CLASSES[one] for one in declarations if one in CLASSES]
    if own := _CLASS.search(attributes):
        names.insert(0, own[1])
        attributes = attributes.replace(own[0], "", 1)
    if names:
        attributes = f' class="{" ".join(names)}"{attributes}'
    colour = next(filter(None, map(_COLOUR.fullmatch, declarations)), None)
    if colour and tag["tag"].startswith("m"):
        attributes += f' mathcolor="{colour[1]}"'
    return f"<{tag['tag']}{attributes}>"
