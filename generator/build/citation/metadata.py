"""What programs read in a paper's page: front matter from a paper, and HTML's head from that. Pure.

``citation_*`` is what Google Scholar and reference managers look for
(https://scholar.google.com/intl/en/scholar/inclusion.html#indexing); JSON-LD follows
https://schema.org/ScholarlyArticle. Both name arXiv's page as the paper's own, for Daybook's is
about it.
"""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from typing import Any

from generator.build.citation.citing import abs_url, published, split_name
from generator.core import urls
from generator.core.papers import Paper
from generator.markup.text import one_line, plain

# A collaboration's three thousand names would stand four times in a page that must stay small.
AUTHORS_NAMED = 100

# In a script no text may hold "</script" or "<!--"
# (https://html.spec.whatwg.org/multipage/scripting.html#restrictions-for-contents-of-script-elements).
_IN_SCRIPT = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def citation(paper: Paper) -> dict[str, Any]:
    """Return what the front matter of a paper's page says besides title and description."""
    front: dict[str, Any] = {
        "arxiv": paper.id,
        "authors": [plain(author.name) for author in paper.authors[:AUTHORS_NAMED]],
        # Not "published", which other generators take for a whole date.
        "issued": published(paper),
        "pdf": f"https://arxiv.org/pdf/{paper.id}",
        "abs": abs_url(paper),
    }
    if doi := one_line(paper.doi or ""):
        front["doi"] = doi
    return front


_FEED_TYPES = {"rss": "rss+xml", "atom": "atom+xml", "json": "feed+json"}


def head(front: dict[str, Any], url: str = "") -> str:
    """Return HTML for the head of a page: a paper's citation, a topic's feeds, else ""."""
    if "feeds" in front:
        return "\n".join(
            f'<link rel="alternate" type="application/{_FEED_TYPES[form]}" '
            f'title="{html.escape(front["title"])}" '
            f'href="{urls.encoded(urls.relative(path, url))}">'
            for form, path in front["feeds"]
        )
    if "arxiv" not in front:
        return ""
    tags = [
        f'<meta name="citation_{name}" content="{html.escape(value)}">'
        for name, value in _citation_tags(front)
    ]
    data = json.dumps(_scholarly_article(front), ensure_ascii=False, separators=(",", ":"))
    tags.append(f'<script type="application/ld+json">{data.translate(_IN_SCRIPT)}</script>')
    return "\n".join(tags)


def _citation_tags(front: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for author in front["authors"]:
        yield "author", str(split_name(author))
    yield "publication_date", front["issued"].replace("-", "/")
    yield "arxiv_id", front["arxiv"]
    yield "abstract_html_url", front["abs"]
    yield "pdf_url", front["pdf"]
    if "doi" in front:
        yield "doi", front["doi"]


def _scholarly_article(front: dict[str, Any]) -> dict[str, Any]:
    article: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "ScholarlyArticle",
        "url": front["abs"],
        "headline": front["title"],
        "author": [
            {"@type": "Organization" if split_name(name).is_group else "Person", "name": name}
            for name in front["authors"]
        ],
        "datePublished": front["issued"],
        "identifier": f"arXiv:{front['arxiv']}",
    }
    if "doi" in front:
        article["sameAs"] = f"https://doi.org/{front['doi']}"
    return article
