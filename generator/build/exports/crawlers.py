"""What programs that come without being asked read first: ``robots.txt`` and ``llms.txt``. Pure.

Both are English, whatever the language of the pages.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from generator.build.archive.archive import Archive
from generator.build.pages.fragments import announcement_days, distinct, escaped, papers
from generator.core import urls
from generator.core.site import SiteInfo
from generator.core.texts import ENGLISH

LATEST_DAYS = 10


def crawler_files(archive: Archive, site: SiteInfo) -> list[tuple[str, bytes]]:
    """Return both files as (path, bytes)."""
    return [(urls.ROBOTS, robots(site).encode()), (urls.LLMS, llms(archive, site).encode())]


def robots(site: SiteInfo) -> str:
    """Say that everything may be read (https://www.rfc-editor.org/rfc/rfc9309)."""
    return f"User-agent: *\nAllow: /\n\nSitemap: {site.url}{urls.SITEMAP}\n"


def llms(archive: Archive, site: SiteInfo) -> str:
    """Say what the site is and where to read on, for language models (https://llmstxt.org)."""
    blocks = [
        f"# {escaped(site.title)}",
        *([f"> {escaped(site.description)}"] if site.description else ()),
        f"{escaped(site.title)} keeps arXiv papers chosen by keywords: "
        f"{papers(len(archive.listed), ENGLISH)} of "
        f"{announcement_days(archive.days, ENGLISH)} so far. "
        "Each paper and each day has a page that stays. Summaries were written by language models "
        "and can be wrong: the paper decides. Addresses with `<id>` take an arXiv identifier "
        f"without version, such as `2602.04870`: `{site.url}papers/<id>/` is a paper's page, "
        f"`{site.url}api/v1/papers/<id>.json` the same for programs.",
    ]
    for title, links in (
        ("Data", _data(site)),
        ("Latest days", _days(archive, site)),
        ("Archive", _archive(archive, site)),
        ("Feeds", _feeds(site)),
        ("Optional", _optional(site)),
    ):
        if lines := list(links):
            blocks.append(f"## {title}\n\n" + "\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def _data(site: SiteInfo) -> Iterator[str]:
    yield _link(site, "Overview", urls.API_INDEX, "everything there is as JSON, with addresses")
    yield _link(site, "Latest day", urls.api("latest"), "its papers with abstracts, best first")
    yield _link(site, "Days", urls.api("days"), "every day, newest first")
    yield _link(site, "Papers", urls.api("papers"), "every paper, by month")
    yield _link(site, "Categories", urls.api("categories"), "arXiv's categories")
    yield _link(site, "Tags", urls.api("tags"), "keywords, and what summaries name")


def _days(archive: Archive, site: SiteInfo) -> Iterator[str]:
    days = [day for day in archive.days if day.rows]
    for day in days[: -LATEST_DAYS - 1 : -1]:
        url = urls.page_url(urls.day_source(day.date))
        yield _link(site, ENGLISH.long_date(day.date), url, papers(len(day.rows), ENGLISH))


def _archive(archive: Archive, site: SiteInfo) -> Iterator[str]:
    for year in sorted({day.date.year for day in archive.days}, reverse=True):
        days = [day for day in archive.days if day.date.year == year]
        count = papers(distinct(days), ENGLISH)
        url = urls.page_url(urls.year_source(year))
        yield _link(site, str(year), url, f"{count} on {announcement_days(days, ENGLISH)}")
    yield _link(site, "Categories", urls.page_url(urls.CATEGORIES))
    yield _link(site, "Tags", urls.page_url(urls.TAGS))


def _feeds(site: SiteInfo) -> Iterable[str]:
    yield from (_link(site, name, urls.feed(form)) for form, name in urls.FEED_FORMATS.items())
    yield _link(site, "All feeds", urls.FEED_LIST, "OPML: categories, tags and authors")


def _optional(site: SiteInfo) -> Iterator[str]:
    yield _link(site, "About", urls.page_url(urls.ABOUT), "how papers are chosen")
    yield _link(site, "Status", urls.page_url(urls.STATUS), "how each day was made")


def _link(site: SiteInfo, name: str, path: str, notes: str = "") -> str:
    return f"- [{name}]({site.url}{urls.encoded(path)})" + (f": {notes}" if notes else "")
