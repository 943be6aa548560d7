"""The data API: the archive as static JSON under ``api/v1/``, with its schemas. Pure.

What is in a document is ``api_documents``'; docs/api.md describes it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from generator.build.archive.archive import Archive
from generator.build.exports import api_documents as documents
from generator.build.exports.api_documents import Document
from generator.core import urls
from generator.core.site import PageMaker, SiteInfo

_SCHEMAS = Path(__file__).with_name("api_schema")


def api_makers(archive: Archive, site: SiteInfo) -> list[PageMaker]:
    """Return makers of every document, and the JSON Schemas of them all."""

    def one(path: str, make: Callable[..., Document], *arguments: object) -> PageMaker:
        return lambda: [(path, _json(make(*arguments)))]

    latest = documents.latest_day(archive)
    return [
        one(urls.API_INDEX, documents.index, archive, site),
        one(urls.api("days"), documents.days, archive, site),
        one(urls.api("papers"), documents.papers, archive, site),
        *([one(urls.api("latest"), documents.day, archive, latest, site)] if latest else ()),
        *(
            one(urls.api("papers", month), documents.month, month, found, site)
            for month, found in documents.by_month(archive).items()
        ),
        *(
            maker
            for kind, topics in (("categories", archive.categories), ("tags", archive.tags))
            for maker in (
                one(urls.api(kind), documents.topics, kind, topics, site),
                *(
                    one(urls.api(kind, topic.name), documents.topic, kind, topic, site)
                    for topic in topics.values()
                ),
            )
        ),
        *(
            one(urls.api("days", day.date.isoformat()), documents.day, archive, day, site)
            for day in archive.days
        ),
        *(one(urls.api("papers", i), documents.paper, archive, i, site) for i in archive.listed),
        *(one(urls.api("schema", path.stem), _schema, path, site) for path in _schemas()),
    ]


def _schemas() -> list[Path]:
    return sorted(_SCHEMAS.glob("*.json"))


def _schema(path: Path, site: SiteInfo) -> Document:
    """Return a schema with its address as ``$id``, from which its references lead on."""
    schema: Document = json.loads(path.read_text(encoding="utf-8"))
    return {**schema, "$id": site.url + urls.api("schema", path.stem)}


def _json(document: Document) -> bytes:
    text = json.dumps(
        document, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
    )
    return f"{text}\n".encode()
