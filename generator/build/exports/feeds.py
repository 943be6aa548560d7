"""Which feeds there are, and what is in them; how each is written is ``formats``'. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime, time
from itertools import chain, pairwise
from zoneinfo import ZoneInfo

from markupsafe import escape

from generator.build.archive.archive import Archive, Entry
from generator.build.archive.tags import feed_tags
from generator.build.exports.formats import WRITERS, FeedDocument, FeedEntry, atom, opml
from generator.core import taxonomy, urls
from generator.core.languages import language_name
from generator.core.names import name_key
from generator.core.parallel import Workers
from generator.core.site import PageMaker, SiteInfo
from generator.core.texts import Texts
from generator.markup.render import render_block, render_inline

FEED_ITEMS = 50
# A tag or an author has few new papers a day; with whole summaries each takes some ten kilobytes.
NARROW_ITEMS = 10

# arXiv's announcement days are dates in this zone.
_EASTERN = ZoneInfo("America/New_York")


@dataclass(frozen=True, slots=True)
class _Source:
    """What a feed is of: ``kind`` and ``name`` are those of ``urls.feed``."""

    kind: str
    name: str
    title: str
    page: str
    entries: Sequence[Entry]


def feed_makers(archive: Archive, site: SiteInfo) -> list[PageMaker]:
    """Return makers of every feed in every format, the archive of the main one, and their list."""
    sources = list(_sources(archive, site))
    entries = _whole_entries(sources, site)
    months = _months(archive)
    newest = urls.feed_archive(next(iter(months))) if months else None
    return [
        *(_maker(source, entries, site, newest) for source in sources),
        *_archive_makers(months, site),
        lambda: [(urls.FEED_LIST, _list(sources, site))],
    ]


def _whole_entries(sources: Iterable[_Source], site: SiteInfo) -> dict[str, FeedEntry]:
    """Return what all feeds but the archive's say of each paper, by its id, made on all cores."""

    def make(entry: Entry) -> tuple[str, FeedEntry]:
        return entry.paper.id, _whole_entry(entry, site)

    listed = {entry.paper.id: entry for source in sources for entry in source.entries}
    return dict(chain.from_iterable(Workers(make, list(listed.values())).results()))


def _sources(archive: Archive, site: SiteInfo) -> Iterator[_Source]:
    def page(source: str) -> str:
        return site.url + urls.encoded(urls.page_url(source))

    yield _Source("", "", site.title, site.url, archive.latest[:FEED_ITEMS])
    for category, topic in archive.categories.items():
        title = f"{site.title}: {category} {taxonomy.category_name(category)}"
        source = page(urls.category_source(category))
        yield _Source("categories", category, title, source, topic.entries[:FEED_ITEMS])
    for topic in feed_tags(archive):
        title = f"{site.title}: {topic.name}"
        source = page(urls.tag_source(topic.name))
        yield _Source("tags", topic.name, title, source, topic.entries[:NARROW_ITEMS])
    followed = {urls.slug(name): name for name in reversed(site.authors)}.values()
    papers = _papers_by({name_key(name) for name in followed}, archive.latest)
    for author in followed:
        key = name_key(author)
        source = page(urls.author_source(key)) if key else site.url
        found = papers[key][:NARROW_ITEMS]
        yield _Source("authors", author, f"{site.title}: {author}", source, found)


def _papers_by(keys: Set[str], entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    """Return what each of these authors wrote; one look at each name, however many are followed."""
    found: dict[str, list[Entry]] = {key: [] for key in keys}
    if keys:
        for entry in entries:
            for key in keys & {name_key(author.name) for author in entry.paper.authors}:
                found[key].append(entry)
    return found


def _maker(
    source: _Source, entries: Mapping[str, FeedEntry], site: SiteInfo, newest: str | None
) -> PageMaker:
    def make() -> Iterator[tuple[str, bytes]]:
        for form, write in WRITERS.items():
            path = urls.feed(form, source.kind, source.name)
            yield (
                path,
                write(
                    FeedDocument(
                        title=source.title,
                        description=site.description,
                        page=source.page,
                        address=site.url + urls.encoded(path),
                        entries=tuple(entries[entry.paper.id] for entry in source.entries),
                        language=site.texts.language,
                        notice=_notice(source.page, site.texts),
                        previous=site.url + newest if newest and not source.kind else None,
                    )
                ),
            )

    return make


def _months(archive: Archive) -> dict[str, list[Entry]]:
    """Return the papers of each month, newest month and entry first.

    A month's set is closed with it. A paper that a month lists twice in one version stands where it
    was listed last.
    """
    months: dict[str, dict[str, Entry]] = {}
    for day in reversed(archive.days):
        for entry in archive.entries[day.date]:
            months.setdefault(f"{day.date:%Y-%m}", {}).setdefault(str(entry.row.id), entry)
    return {month: list(entries.values()) for month, entries in months.items()}


def _archive_makers(months: dict[str, list[Entry]], site: SiteInfo) -> Iterator[PageMaker]:
    names = [*months, None]
    for month, before in pairwise(names):

        def make(month: str = str(month), before: str | None = before) -> list[tuple[str, bytes]]:
            path = urls.feed_archive(month)
            page = site.url + urls.page_url(urls.month_source(month))
            feed = FeedDocument(
                title=f"{site.title}, {month}",
                description=site.description,
                page=page,
                address=site.url + path,
                entries=tuple(_short_entry(e, site.url) for e in months[month]),
                language=site.texts.language,
                notice=_notice(page, site.texts),
                previous=site.url + urls.feed_archive(before) if before else None,
                current=site.url + urls.feed("atom"),
                is_archive=True,
            )
            return [(path, atom(feed))]

        yield make


def _list(sources: Sequence[_Source], site: SiteInfo) -> bytes:
    """List Atom feeds only: one for each thing that there is to follow."""
    found = [
        (s.title, s.page, site.url + urls.encoded(urls.feed("atom", s.kind, s.name)))
        for s in sources
    ]
    notice = site.texts.text(
        "This is a list of feeds, for a feed reader to import. What it is about: {page}",
        page=site.url + urls.encoded(urls.page_url(urls.ABOUT)),
    )
    return opml(site.title, found, notice)


def _notice(page: str, texts: Texts) -> str:
    """Say to whoever opens a feed in a browser what it is; ``page`` is an address."""
    return texts.text(
        "This is a feed: give its address to a feed reader to follow it. The same papers on a "
        "page to read: {page}",
        page=page,
    )


def _whole_entry(entry: Entry, site: SiteInfo) -> FeedEntry:
    """Return a listed paper as every format has it, with its whole summaries."""
    short = _short_entry(entry, site.url)
    paper, tldr = entry.paper, entry.texts.tldr
    parts = [short.html]
    if tldr and tldr.text != paper.abstract:
        label = site.texts.text(tldr.label)
        text = render_inline(tldr.text)
        parts.insert(0, f'<p lang="{tldr.language}"><strong>{label}</strong> {text}</p>')
    for summary in entry.summaries:
        body = render_block(summary.body, id_prefix="s-", drop_title=True).html
        named = f"{language_name(summary.language)}, v{summary.version}, {summary.model}"
        heading = site.texts.text("AI summary ({language})", language=named)
        parts.append(f'<h2>{escape(heading)}</h2>\n<div lang="{summary.language}">\n{body}</div>')
    return replace(
        short,
        html="\n".join(parts),
        updated=max([short.published, *(summary.created for summary in entry.summaries)]),
        # Tags, too, come with a summary.
        categories=(*paper.categories, *entry.tags),
    )


def _short_entry(entry: Entry, url: str) -> FeedEntry:
    """Return a listed paper with its abstract alone, so that later summaries change nothing."""
    paper = entry.paper
    published = datetime.combine(entry.day, time(), _EASTERN)
    return FeedEntry(
        # A URI that is stable wherever the site moves; a new version is a new entry.
        id=f"oai:arXiv.org:{entry.row.id}",
        link=url + urls.paper_url(paper.id),
        title=entry.texts.title,
        published=published,
        updated=published,
        authors=tuple(author.name for author in paper.authors if author.name.strip()),
        categories=paper.categories,
        html=entry.texts.abstract_html,
    )
