"""What may come out as HTML: tags, attributes, styles and URL schemes."""

from __future__ import annotations

from functools import partial

import nh3

_TAGS = {
    *("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre"),
    *("code", "em", "strong", "del", "b", "i", "u", "kbd", "sub", "sup", "a", "div", "span"),
    *("table", "thead", "tbody", "tr", "th", "td", "details", "summary"),
    *("math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "msub", "msup", "msubsup", "mover"),
    *("munder", "munderover", "mfrac", "msqrt", "mroot", "mtable", "mtr", "mtd", "mpadded"),
    *("mphantom", "menclose", "mmultiscripts", "mprescripts", "none"),
}
# math-core's and pulldown-cmark's; a reader's raw HTML in untrusted Markdown has no attributes.
_ATTRIBUTES = {
    "*": {"class", "style"},
    "a": {"href", "title"},
    "ol": {"start"},
    "div": {"role", "tabindex", "aria-label"},
    **{f"h{level}": {"id"} for level in range(1, 7)},
    "math": {"display", "tabindex"},
    "pre": {"tabindex"},
    "mrow": {"displaystyle", "scriptlevel"},
    "mi": {"mathvariant"},
    "mo": {"stretchy", "lspace", "rspace", "form", "minsize", "maxsize", "movablelimits"},
    "mover": {"accent"},
    "munder": {"accentunder"},
    "mspace": {"width"},
    "mpadded": {"width", "height"},
    "mfrac": {"linethickness", "displaystyle", "scriptlevel"},
    "mtable": {"displaystyle", "scriptlevel"},
    "menclose": {"notation"},
}
_STYLES = {
    *("text-align", "justify-items", "width", "color", "font-variant-caps", "math-shift"),
    *("padding-left", "padding-right", "padding-top", "padding-bottom", "margin-left"),
    *("border", "border-top", "border-right", "border-bottom", "visibility"),
}


_cleaner = partial(
    nh3.Cleaner, url_schemes={"http", "https", "mailto"}, filter_style_properties=_STYLES
)
BLOCKS = _cleaner(
    tags=_TAGS,
    attributes=_ATTRIBUTES,
    link_rel="nofollow noopener noreferrer",
    url_relative="deny",
)
PAGES = _cleaner(
    tags=_TAGS | {"section", "article", "nav", "time", "small", "dl", "dt", "dd"},
    attributes=_ATTRIBUTES
    | {
        "*": {"class", "style", "lang", "title", "aria-label"},
        "time": {"datetime"},
        "details": {"open"},
    },
    link_rel=None,
    url_relative="pass_through",
)
