"""RSS feeds in arXiv's exact shape, of papers that a test invents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from email.utils import format_datetime
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from generator.core.papers import AnnounceType

_EASTERN = ZoneInfo("America/New_York")


@dataclass(frozen=True, kw_only=True)
class Item:
    """One paper of a feed; the defaults make an unremarkable one that the keyword ``LLM`` finds."""

    id: str = "2601.90001"
    version: int = 1
    type: str = AnnounceType.NEW
    title: str = "Sample: an LLM that sleeps"
    abstract: str = "We study an LLM that sleeps. It dreams of sparse attention."
    authors: str = "Ada Sample, Bo Muster (Sample University, Nowhere)"
    categories: tuple[str, ...] = ("cs.LG",)
    doi: str | None = None


def feed(category: str, day: date, *items: Item) -> bytes:
    """The bytes of ``/rss/<category>`` on an announcement day."""
    midnight = format_datetime(_midnight(day))
    return f"""<?xml version='1.0' encoding='UTF-8'?>
<rss xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" \
xmlns:atom="http://www.w3.org/2005/Atom" version="2.0">
  <channel>
    <title>{escape(category)} updates on arXiv.org</title>
    <link>http://rss.arxiv.org/rss/{escape(category)}</link>
    <description>Sample data: invented papers</description>
    <lastBuildDate>{midnight}</lastBuildDate>
    <pubDate>{midnight}</pubDate>
    <skipDays><day>Saturday</day><day>Sunday</day></skipDays>
{"".join(_item(item, midnight) for item in items)}
  </channel>
</rss>
""".encode()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), _EASTERN)


def _item(item: Item, midnight: str) -> str:
    categories = "".join(f"<category>{escape(c)}</category>" for c in item.categories)
    doi = f"<arxiv:DOI>{escape(item.doi)}</arxiv:DOI>" if item.doi else ""
    return f"""    <item>
      <title>{escape(item.title)}</title>
      <link>https://arxiv.org/abs/{escape(item.id)}</link>
      <description>arXiv:{escape(item.id)}v{item.version} Announce Type: {item.type} \n\
Abstract: {escape(item.abstract)}</description>
      <guid isPermaLink="false">oai:arXiv.org:{escape(item.id)}v{item.version}</guid>
      {categories}
      <pubDate>{midnight}</pubDate>
      <arxiv:announce_type>{item.type}</arxiv:announce_type>
      <dc:rights>http://creativecommons.org/licenses/by/4.0/</dc:rights>
      {doi}
      <dc:creator>{escape(item.authors)}</dc:creator>
    </item>
"""
