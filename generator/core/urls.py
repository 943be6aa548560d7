"""Where everything stands: the only place that knows paths and URLs of pages.

A *source* is a Markdown file's path below ``site_src/``; a *URL* is relative to the site's root,
without a leading slash and with a trailing one for pages. Paper and day URLs never change once
published.
"""

from __future__ import annotations

import hashlib
import re
from datetime import date
from functools import lru_cache
from urllib.parse import quote

from generator.core import taxonomy

HOME = "index.md"
ABOUT = "about.md"
ARCHIVE = "days/index.md"
CATEGORIES = "categories/index.md"
TAGS = "tags/index.md"
AUTHORS = "authors/index.md"
SEARCH = "search.md"
SAVED = "saved.md"
UNREAD = "unread.md"
STATUS = "status/index.md"
TRENDS = "trends/index.md"
FEED = "feed.xml"
FEED_LIST = "feeds.opml"
# The formats of every feed, and what they are called.
FEED_FORMATS = {"rss": "RSS", "atom": "Atom", "json": "JSON Feed"}
API_INDEX = "api/v1/index.json"
SITEMAP = "sitemap.xml"
ROBOTS = "robots.txt"
LLMS = "llms.txt"


def paper_source(identifier: str) -> str:
    """Return ``papers/<yymm>/<id>.md``; old ids ``papers/<archive>/<number>.md``."""
    if "/" in identifier:
        return f"papers/{identifier}.md"
    return f"papers/{identifier[:4]}/{identifier}.md"


def paper_url(identifier: str) -> str:
    """Return ``papers/<id>/``, for old ids with the slash that they have."""
    return f"papers/{identifier}/"


def day_source(day: date) -> str:
    """Return ``days/<yyyy>/<mm>/<yyyy-mm-dd>.md``."""
    return f"days/{day:%Y}/{day:%m}/{day.isoformat()}.md"


def month_source(month: str) -> str:
    """Return ``days/<yyyy>/<mm>/index.md`` for ``<yyyy>-<mm>``."""
    return f"days/{month[:4]}/{month[5:]}/index.md"


def week_source(week: str) -> str:
    """Return ``days/<yyyy>/<yyyy>-W<ww>.md`` for ``<yyyy>-W<ww>``, an ISO week of its ISO year."""
    return f"days/{week[:4]}/{week}.md"


def year_source(year: int) -> str:
    """Return ``days/<yyyy>/index.md``."""
    return f"days/{year:04}/index.md"


def status_year_source(year: int) -> str:
    """Return ``status/<yyyy>.md``."""
    return f"status/{year:04}.md"


def category_source(category: str, month: str | None = None) -> str:
    """Return ``categories/<category>/index.md``, or ``<yyyy-mm>.md`` for one month of it."""
    return f"categories/{category_segment(category)}/{month or 'index'}.md"


def tag_source(tag: str, month: str | None = None) -> str:
    """Return ``tags/<slug>/index.md``, or ``<yyyy-mm>.md`` for one month of it."""
    return f"tags/{slug(tag)}/{month or 'index'}.md"


def author_source(key: str) -> str:
    """Return ``authors/<slug>/index.md``; ``key`` is a name as ``name_key`` folds it.

    Two keys never share a page: one that its slug does not say in full has a hash behind it, and so
    has one that would stand where the parts of the overview are.
    """
    segment = slug(key)
    if segment != key.replace(" ", "-") or segment.startswith("index"):
        segment = f"{segment}-{hashlib.sha256(key.encode()).hexdigest()[:12]}"
    return f"authors/{segment}/index.md"


def feed(form: str, kind: str = "", name: str = "") -> str:
    """Return a feed's path: ``form`` is one of ``FEED_FORMATS``.

    ``kind`` is ``categories``, ``tags`` or ``authors``; without it the feed of all papers.
    """
    if not kind:
        return {"rss": FEED, "atom": "atom.xml", "json": "feed.json"}[form]
    folder = "feeds" if form == "rss" else f"feeds/{form}"
    segment = category_segment(name) if kind == "categories" else f"{kind}/{slug(name)}"
    return f"{folder}/{segment}.{'json' if form == 'json' else 'xml'}"


def feed_archive(month: str) -> str:
    """Return ``feeds/archive/<yyyy-mm>.xml``, a month of the feed of all papers."""
    return f"feeds/archive/{month}.xml"


def picture(day: str = "") -> str:
    """Return ``pictures/<yyyy-mm-dd>.png``, what is shown of a link to a day, or the site's."""
    return f"pictures/{day or 'site'}.png"


def trend_file(name: str) -> str:
    """Return ``trends/<name>.csv``, the figures of a chart."""
    return f"trends/{name}.csv"


def bibliography(year: int, suffix: str) -> str:
    """Return ``bib/<yyyy>.<suffix>``, the papers of a year for reference managers."""
    return f"bib/{year:04}.{suffix}"


def sitemap_part(number: int) -> str:
    """Return the path of the n-th part of a sitemap that is too long for one file."""
    return f"sitemap-{number}.xml"


def api(kind: str, name: str = "") -> str:
    """Return a document of the data API: ``api/v1/<kind>.json``, or ``api/v1/<kind>/<name>.json``.

    An overview stands beside its folder, not in it: so a tag may be called "index".
    """
    if kind == "categories":
        name = name and category_segment(name)
    elif kind == "tags":
        name = name and slug(name)
    return f"api/v1/{kind}/{name}.json" if name else f"api/v1/{kind}.json"


_YYMM_PAPER = re.compile(r"papers/\d{4}/(\d{4}\.\d{4,5})\.md")
_DAY = re.compile(r"days/\d{4}/\d{2}/(\d{4}-\d{2}-\d{2})\.md")
_MONTH = re.compile(r"days/(\d{4})/(\d{2})/index\.md")
_WEEK = re.compile(r"days/\d{4}/(\d{4}-W\d{2})\.md")


def page_url(source: str) -> str:
    """Return the URL of the page that is made from a source: ``index.md`` is ``""``."""
    if paper := _YYMM_PAPER.fullmatch(source):
        return f"papers/{paper[1]}/"
    if day := _DAY.fullmatch(source):
        return f"days/{day[1]}/"
    if month := _MONTH.fullmatch(source):
        return f"days/{month[1]}-{month[2]}/"
    if week := _WEEK.fullmatch(source):
        return f"days/{week[1]}/"
    if source == "index.md" or source.endswith("/index.md"):
        return source.removesuffix("index.md")
    return source.removesuffix(".md") + "/"


def relative(target: str, base: str) -> str:
    """Return the shortest relative reference from one source path or URL to another.

    >>> relative("papers/2602/2602.04870.md", "days/2026/02/2026-02-05.md")
    '../../../papers/2602/2602.04870.md'
    """
    here = base.split("/")[:-1]
    there = target.split("/")
    shared = 0
    while shared < min(len(here), len(there) - 1) and here[shared] == there[shared]:
        shared += 1
    return "../" * (len(here) - shared) + "/".join(there[shared:]) or "./"


# What Windows takes for a device, whatever follows behind a point
# (https://learn.microsoft.com/windows/win32/fileio/naming-a-file).
_DEVICE = re.compile(r"\A(con|prn|aux|nul|(?:com|lpt)[0-9¹²³])(?=\.|\Z)")


@lru_cache(maxsize=60_000)
def slug(text: str) -> str:
    """Return a name as one safe path segment of letters, digits and ``. + -``; never empty.

    Two names that differ only in case or punctuation share a slug; whoever makes pages from names
    joins those (a tag page per slug, not per spelling). Windows cannot have a folder ``con``, nor
    a file ``con.xml``: such a name gets a hyphen. A slug is its own slug.
    """
    kept = re.sub(r"[^\w.+-]+", "-", text.casefold(), flags=re.UNICODE).strip("-.")
    kept = kept[:60].strip("-.") or "other"
    return _DEVICE.sub(r"\1-", kept)


def category_segment(category: str) -> str:
    """Return arXiv's own spelling (``cs.AI``); what is no arXiv category is slugged like any name.

    So two names never differ only in case, which some file systems ignore.
    """
    return taxonomy.spelled(slug(category))


def encoded(url: str) -> str:
    """Return a URL of the site as it stands in HTML and XML, where a tag may be in any script."""
    return quote(url, safe="/+")
