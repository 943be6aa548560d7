"""Answers of arXiv's query API in its exact shape, of papers that a test invents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape, quoteattr

HEAD = """<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" \
xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom">
  <id>https://arxiv.org/api/sample</id>
  <title>arXiv Query: sample</title>
  <updated>2026-04-12T22:10:26Z</updated>
"""


@dataclass(frozen=True, kw_only=True)
class Result:
    """One paper of an answer; the defaults make one that the keyword ``LLM`` finds."""

    id: str = "2601.90001"
    version: int = 1
    title: str = "Sample: an LLM that sleeps"
    abstract: str = "We study an LLM that sleeps. It dreams of sparse attention."
    authors: tuple[tuple[str, str | None], ...] = (
        ("Ada Sample", None),
        ("Bo Muster", "Sample University, Nowhere"),
    )
    categories: tuple[str, ...] = ("cs.LG",)
    published: datetime = datetime(2026, 1, 2, 18, 0, tzinfo=UTC)
    updated: datetime | None = None
    doi: str | None = None
    journal_ref: str | None = None
    comment: str | None = None


def answer(*results: Result, total: int | None = None, start: int = 0) -> bytes:
    """The bytes of an answer with these papers."""
    total = len(results) if total is None else total
    return f"""{HEAD}  <opensearch:itemsPerPage>{len(results)}</opensearch:itemsPerPage>
  <opensearch:totalResults>{total}</opensearch:totalResults>
  <opensearch:startIndex>{start}</opensearch:startIndex>
{"".join(map(_entry, results))}</feed>
""".encode()


def error(message: str) -> bytes:
    """The body of HTTP 400."""
    return f"""{HEAD}  <opensearch:itemsPerPage>1</opensearch:itemsPerPage>
  <opensearch:totalResults>1</opensearch:totalResults>
  <opensearch:startIndex>0</opensearch:startIndex>
  <entry>
    <id>https://arxiv.org/api/errors#sample</id>
    <title>Error</title>
    <updated>2026-04-12T22:59:06Z</updated>
    <summary>{escape(message)}</summary>
    <author><name>arXiv api core</name></author>
  </entry>
</feed>
""".encode()


def serve_query(address: str, results: Sequence[Result], *, most: int = 2000) -> bytes:
    """What arXiv answers to an address when these are all the papers that it has."""
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    start, size = int(asked["start"]), min(int(asked["max_results"]), most)
    if "id_list" in asked:
        wanted = asked["id_list"].split(",")
        found = [result for result in results if result.id in wanted]
    else:
        categories = {
            word.strip("()").removeprefix("cat:")
            for word in asked["search_query"].split()
            if "cat:" in word
        }
        window = asked["search_query"].split("submittedDate:[")[1].rstrip("]").split(" TO ")
        found = [
            result
            for result in sorted(results, key=lambda result: result.published)
            if window[0] <= f"{result.published:%Y%m%d%H%M}" <= window[1]
            and categories & set(result.categories)
        ]
    return answer(*found[start : start + size], total=len(found), start=start)


def _entry(result: Result) -> str:
    address = f"arxiv.org/abs/{result.id}v{result.version}"
    updated = result.updated or result.published
    authors = "".join(
        f"<author><name>{escape(name)}</name>"
        + (f"<arxiv:affiliation>{escape(place)}</arxiv:affiliation>" if place else "")
        + "</author>"
        for name, place in result.authors
    )
    terms = "".join(
        f'<category term={quoteattr(c)} scheme="http://arxiv.org/schemas/atom"/>'
        for c in sorted(result.categories)
    )
    extra = "".join(
        f"<arxiv:{name}>{escape(value)}</arxiv:{name}>"
        for name, value in (
            ("doi", result.doi),
            ("journal_ref", result.journal_ref),
            ("comment", result.comment),
        )
        if value is not None
    )
    return f"""  <entry>
    <id>http://{address}</id>
    <title>{escape(result.title)}</title>
    <updated>{updated:%Y-%m-%dT%H:%M:%SZ}</updated>
    <link href="https://{address}" rel="alternate" type="text/html"/>
    <summary>{escape(result.abstract)}</summary>
    {terms}
    <published>{result.published:%Y-%m-%dT%H:%M:%SZ}</published>
    {extra}
    <arxiv:primary_category term={quoteattr(result.categories[0])}/>
    {authors}
  </entry>
"""
