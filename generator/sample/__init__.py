"""A week of invented announcements in arXiv's format, for the demo, the tests and a first look.

``papers/*.yml`` is the readable source, one file per announcement day; ``summaries.yml`` has
summaries of some. Everything in it is made up: papers, people, institutions and results. No model
was asked.
"""

from __future__ import annotations

import functools
import hashlib
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote
from xml.sax.saxutils import escape

import yaml

from generator.core.papers import AnnounceType
from generator.core.summaries import Summary
from generator.update.sources.calendar import EASTERN

CATEGORIES = ("cs.AI", "cs.CL", "cs.DC", "cs.LG")
# Monday to Friday, and a Saturday, whose feeds are empty.
DAYS = tuple(date(2026, 1, day) for day in range(5, 11))

_PAPERS = Path(__file__).parent / "papers"
_SUMMARIES = Path(__file__).with_name("summaries.yml")
_CREATIVE_COMMONS = "http://creativecommons.org"
_LICENSES = {
    "by": f"{_CREATIVE_COMMONS}/licenses/by/4.0/",
    "by-nc": f"{_CREATIVE_COMMONS}/licenses/by-nc-sa/4.0/",
    "by-sa": f"{_CREATIVE_COMMONS}/licenses/by-sa/4.0/",
    "zero": f"{_CREATIVE_COMMONS}/publicdomain/zero/1.0/",
}
_ORDER = list(AnnounceType)  # new papers first


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplePaper:
    """One invented paper; ``revised`` says on which days which later versions are announced."""

    id: str
    title: str
    authors: str
    abstract: str
    categories: list[str]
    day: date | None
    revised: Mapping[date, int] = field(default_factory=dict)
    license: str | None = None
    doi: str | None = None
    journal: str | None = None

    def announced(self, day: date, category: str) -> tuple[AnnounceType, int] | None:
        """Return as what and in which version a category's feed has it on a day, if it has."""
        if category not in self.categories:
            return None
        primary = category == self.categories[0]
        if day == self.day:
            return AnnounceType.NEW if primary else AnnounceType.CROSS, 1
        if version := self.revised.get(day):
            return AnnounceType.REPLACE if primary else AnnounceType.REPLACE_CROSS, version
        return None


@functools.cache
def sample_papers() -> tuple[SamplePaper, ...]:
    """Return all invented papers, in the order of their days and numbers."""
    return tuple(
        SamplePaper(day=None if path.stem == "older" else date.fromisoformat(path.stem), **fields)
        for path in sorted(_PAPERS.glob("*.yml"))
        for fields in yaml.safe_load(path.read_text(encoding="utf-8"))
    )


@functools.cache
def sample_summaries() -> tuple[tuple[str, Summary], ...]:
    """Return summaries with the ids of their papers; each says of itself that it is a sample."""
    days = {paper.id: paper.day for paper in sample_papers() if paper.day}
    return tuple(
        (
            identifier := fields.pop("id"),
            Summary(
                version=1,
                model="a sample, written by hand",
                prompt_hash="",
                input="sample",
                created=datetime.combine(days[identifier], time(7), UTC),
                tags=tuple(fields.pop("tags")),
                search_phrases=tuple(fields.pop("search_phrases", ())),
                **fields,
            ),
        )
        for fields in yaml.safe_load(_SUMMARIES.read_text(encoding="utf-8"))
    )


def feed_bytes(day: date, category: str) -> bytes:
    """Return a category's RSS feed of a day, laid out as arXiv's; without papers it is empty."""
    found = [
        (paper, *announced)
        for paper in sample_papers()
        if (announced := paper.announced(day, category))
    ]
    found.sort(key=lambda entry: _ORDER.index(entry[1]))
    midnight = datetime.combine(day, time(), EASTERN)
    published = format_datetime(midnight)
    built = format_datetime(midnight.astimezone(UTC).replace(second=2))
    items = "".join(_item(*entry, published) for entry in found)
    return f"""\
<?xml version='1.0' encoding='UTF-8'?>
<!-- Sample data: invented papers. -->
<rss xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" \
xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/" \
version="2.0">
  <channel>
    <title>{escape(category)} updates on arXiv.org</title>
    <link>http://rss.arxiv.org/rss/{escape(category)}</link>
    <description>Sample data: invented papers, in the format of {escape(category)} updates on the \
arXiv.org e-print archive.</description>
    <atom:link href="http://rss.arxiv.org/rss/{escape(category)}" rel="self" \
type="application/rss+xml"/>
    <docs>http://www.rssboard.org/rss-specification</docs>
    <language>en-us</language>
    <lastBuildDate>{built}</lastBuildDate>
    <managingEditor>rss-help@arxiv.org</managingEditor>
    <pubDate>{published}</pubDate>
    <skipDays>
      <day>Saturday</day>
      <day>Sunday</day>
    </skipDays>
{items}  </channel>
</rss>
""".encode()


def _item(paper: SamplePaper, kind: AnnounceType, version: int, published: str) -> str:
    optional = {
        "dc:rights": _LICENSES[paper.license] if paper.license else None,
        "arxiv:DOI": paper.doi,
        "arxiv:journal_reference": paper.journal,
    }
    lines = [
        f"<title>{escape(paper.title)}</title>",
        f"<link>https://arxiv.org/abs/{paper.id}</link>",
        f"<description>arXiv:{paper.id}v{version} Announce Type: {kind} \n"
        f"Abstract: {escape(paper.abstract)}</description>",
        f'<guid isPermaLink="false">oai:arXiv.org:{paper.id}v{version}</guid>',
        *(f"<category>{category}</category>" for category in paper.categories),
        f"<pubDate>{published}</pubDate>",
        f"<arxiv:announce_type>{kind}</arxiv:announce_type>",
        *(f"<{tag}>{escape(text)}</{tag}>" for tag, text in optional.items() if text),
        f"<dc:creator>{escape(paper.authors)}</dc:creator>",
    ]
    return "    <item>\n" + "".join(f"      {line}\n" for line in lines) + "    </item>\n"


@contextmanager
def serve_sample(day: date) -> Iterator[str]:
    """Serve a day's feeds on loopback as arXiv does; gives the base address for ``feed_url``."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            category = unquote(self.path.removeprefix("/rss/"))
            status, body = 200, feed_bytes(day, category)
            if category not in CATEGORIES:
                error = f"<title>Feed error for query: {escape(category)}</title>"
                status, body = 400, f'<rss version="2.0"><channel>{error}</channel></rss>'.encode()
            etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
            if self.headers.get("If-None-Match") == etag:
                status, body = 304, b""
            self.send_response(status)
            self.send_header("Content-Type", "application/rss+xml; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("ETag", etag)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
