"""The archive as the documents of the data API, version 1: what docs/api.md promises. Pure.

A document is a value for JSON. It says what the pages say, in names of its own: the store's format
may change, these may not. Texts are as the sources gave them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

from generator.build.archive.archive import Archive, Entry, Topic
from generator.build.archive.tldr import AI, EXTRACT, SAMPLE, Tldr, is_pending
from generator.build.citation.citing import abs_url
from generator.core import taxonomy, urls
from generator.core.days import Day
from generator.core.site import SiteInfo
from generator.core.summaries import Summary, Usage
from generator.core.withdrawal import withdrawal_notice

Document = dict[str, Any]

CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"
_NOTICE = (
    "What arXiv says of papers (titles, authors, abstracts and so on) is arXiv's descriptive "
    "metadata, under CC0 1.0; a paper itself has its own licence. Summaries were written by "
    "language models and can be wrong. Thank you to arXiv for use of its open access "
    "interoperability."
)


def index(archive: Archive, site: SiteInfo) -> Document:
    """Say where everything is, and how much of it."""
    listing = latest_day(archive)

    def counted(kind: str, count: int) -> Document:
        return {"count": count, "url": _address(site, urls.api(kind))}

    dates = [day.date.isoformat() for day in archive.days]
    return {
        "$schema": _schema(site, "index"),
        "title": site.title,
        "description": site.description,
        "page": site.url,
        "latest": _address(site, urls.api("latest")) if listing else None,
        "days": {
            **counted("days", len(dates)),
            "first": dates[0] if dates else None,
            "last": dates[-1] if dates else None,
        },
        "papers": counted("papers", len(archive.listed)),
        "categories": counted("categories", len(archive.categories)),
        "tags": counted("tags", len(archive.tags)),
        "feeds": {
            **{form: site.url + urls.feed(form) for form in urls.FEED_FORMATS},
            "opml": site.url + urls.FEED_LIST,
        },
        "license": CC0,
        "notice": _NOTICE,
    }


def latest_day(archive: Archive) -> Day | None:
    """Return the newest day that lists papers, which the home page shows."""
    return next((day for day in reversed(archive.days) if day.rows), None)


def days(archive: Archive, site: SiteInfo) -> Document:
    """Return every day of the archive, newest first."""
    return {
        "$schema": _schema(site, "days"),
        "days": [
            {
                "date": day.date.isoformat(),
                "count": len(day.rows),
                "modified": _modified(archive, day.date),
                "url": _address(site, urls.api("days", day.date.isoformat())),
                "page": _page(site, urls.day_source(day.date)),
            }
            for day in reversed(archive.days)
        ],
    }


def day(archive: Archive, listed: Day, site: SiteInfo) -> Document:
    """Return one day: how its list came about, and the papers in rank order."""
    entries = archive.entries[listed.date]
    return {
        "$schema": _schema(site, "day"),
        "date": listed.date.isoformat(),
        "modified": _modified(archive, listed.date),
        "page": _page(site, urls.day_source(listed.date)),
        "keywords": list(listed.run.keywords),
        # No details of what went wrong: these quote other people's texts.
        "feeds": [
            {
                "category": category,
                "state": str(run.state),
                "fetched": run.fetched,
                "new": run.new,
                "kept": run.kept,
                "repeats": run.repeats,
            }
            for category, run in listed.run.categories.items()
        ],
        "papers": [_row(entry, archive, site) for entry in entries],
    }


def _row(entry: Entry, archive: Archive, site: SiteInfo) -> Document:
    paper = entry.paper
    return {
        **_listed(entry),
        "id": paper.id,
        "title": paper.title,
        "authors": [author.name for author in paper.authors],
        "abstract": paper.abstract,
        "abstract_is_excerpt": paper.abstract_is_excerpt,
        "categories": list(paper.categories),
        "tags": _tags(entry.tags),
        "tldr": _tldr(entry.texts.tldr),
        "summaries": [summary.language for summary in entry.summaries],
        "modified": archive.listed[paper.id][-1].modified.isoformat(),
        "url": _address(site, urls.api("papers", paper.id)),
        "page": _page(site, urls.paper_source(paper.id)),
    }


def papers(archive: Archive, site: SiteInfo) -> Document:
    """Return the months that have a list of papers, newest first."""
    return {
        "$schema": _schema(site, "papers"),
        "months": [
            {
                "month": month,
                "count": len(found),
                "modified": max(entries[-1].modified for entries in found).isoformat(),
                "url": _address(site, urls.api("papers", month)),
            }
            for month, found in by_month(archive).items()
        ],
    }


def by_month(archive: Archive) -> dict[str, list[tuple[Entry, ...]]]:
    """Return each paper's entries by the month that listed it first; newest month first.

    So each paper is in one month only, and which papers a month has is closed with it.
    """
    months: dict[str, list[tuple[Entry, ...]]] = {}
    for entries in sorted(archive.listed.values(), key=lambda found: found[0].day, reverse=True):
        months.setdefault(f"{entries[0].day:%Y-%m}", []).append(entries)
    return months


def month(name: str, found: Iterable[tuple[Entry, ...]], site: SiteInfo) -> Document:
    """Return the papers that a month listed first."""
    return {
        "$schema": _schema(site, "month"),
        "month": name,
        "papers": [
            {
                "id": entries[-1].paper.id,
                "title": entries[-1].paper.title,
                "first_day": entries[0].day.isoformat(),
                "last_day": entries[-1].day.isoformat(),
                "modified": entries[-1].modified.isoformat(),
            }
            for entries in found
        ],
    }


def topics(kind: str, found: dict[str, Topic], site: SiteInfo) -> Document:
    """Return every category or tag; ``kind`` is ``categories`` or ``tags``."""
    return {
        "$schema": _schema(site, "topics"),
        "topics": [
            {
                **_topic(kind, topic, site),
                "count": len(topic.entries),
                "last_day": topic.entries[0].day.isoformat(),
                "url": _address(site, urls.api(kind, topic.name)),
            }
            for topic in found.values()
        ],
    }


def topic(kind: str, topic: Topic, site: SiteInfo) -> Document:
    """Return a category's or tag's papers, each where it was listed last, newest first."""
    return {
        "$schema": _schema(site, "topic"),
        **_topic(kind, topic, site),
        "papers": [
            {"id": e.paper.id, "title": e.paper.title, "day": e.day.isoformat()}
            for e in topic.entries
        ],
    }


def _topic(kind: str, topic: Topic, site: SiteInfo) -> Document:
    if kind == "categories":
        identifier = urls.category_segment(topic.name)
        name, source = taxonomy.category_name(topic.name), urls.category_source(topic.name)
    else:
        identifier, name, source = urls.slug(topic.name), topic.name, urls.tag_source(topic.name)
    return {"id": identifier, "name": name, "page": _page(site, source)}


def paper(archive: Archive, identifier: str, site: SiteInfo) -> Document:
    """Return one paper: what arXiv says, where it was listed and why, its current summaries."""
    entries = archive.listed[identifier]
    latest = entries[-1]
    known = latest.paper
    return {
        "$schema": _schema(site, "paper"),
        "id": known.id,
        "modified": latest.modified.isoformat(),
        "page": _page(site, urls.paper_source(known.id)),
        "arxiv": abs_url(known),
        "title": known.title,
        "authors": [{"name": a.name, "affiliation": a.affiliation} for a in known.authors],
        "abstract": known.abstract,
        "abstract_is_excerpt": known.abstract_is_excerpt,
        "categories": list(known.categories),
        "doi": known.doi,
        "journal_ref": known.journal_ref,
        "license": known.license,
        "citation": {"bibtex": latest.texts.bibtex, "ris": latest.texts.ris},
        "withdrawn": withdrawal_notice(known.title, known.abstract),
        "announcements": [
            {"date": item.date.isoformat(), "version": item.version, "type": str(item.type)}
            for item in known.listings
        ],
        "lists": [{"day": entry.day.isoformat(), **_listed(entry)} for entry in entries],
        "tags": _tags(latest.tags),
        "tldr": _tldr(latest.texts.tldr),
        "summary_is_pending": is_pending(known),
        "summaries": [_summary(item, site.currency) for item in latest.summaries],
    }


def _listed(entry: Entry) -> Document:
    """Return where and why a day lists a paper."""
    return {
        "rank": entry.rank,
        "version": entry.row.id.version,
        "type": str(entry.row.type),
        "score": entry.row.score,
        "matches": [asdict(match) for match in entry.row.matches],
    }


def _summary(written: Summary, currency: str) -> Document:
    return {
        "language": written.language,
        "version": written.version,
        "model": written.model,
        "prompt_hash": written.prompt_hash,
        "input": written.input,
        "left_out": list(written.left_out),
        "created": _instant(written.created),
        "usage": _usage(written.usage, currency) if written.usage else None,
        "tldr": written.tldr,
        "tags": list(written.tags),
        "body": written.body,
        "is_damaged": written.damaged,
    }


def _usage(usage: Usage, currency: str) -> Document:
    return {
        "prompt_tokens": usage.prompt,
        "cached_tokens": usage.cached,
        "completion_tokens": usage.completion,
        "cost": usage.cost,
        "currency": currency,
    }


def _tags(names: Iterable[str]) -> list[Document]:
    return [{"id": urls.slug(name), "name": name} for name in names]


_SOURCES = {AI: "model", EXTRACT: "abstract", SAMPLE: "sample"}


def _tldr(tldr: Tldr | None) -> Document | None:
    if tldr is None:
        return None
    return {"text": tldr.text, "language": tldr.language, "source": _SOURCES[tldr.label]}


def _modified(archive: Archive, day: date) -> str:
    """Say when a day's document changed last: what becomes of its papers changes it, too."""
    papers = (archive.listed[entry.paper.id][-1] for entry in archive.entries[day])
    return max([day, *(last.modified for last in papers)]).isoformat()


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _address(site: SiteInfo, path: str) -> str:
    return site.url + urls.encoded(path)


def _page(site: SiteInfo, source: str) -> str:
    return _address(site, urls.page_url(source))


def _schema(site: SiteInfo, name: str) -> str:
    return _address(site, urls.api("schema", name))
