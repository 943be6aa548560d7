"""A paper's page. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from generator.build.archive.archive import Archive, Entry
from generator.build.archive.people import People
from generator.build.archive.related import Related
from generator.build.archive.tldr import AI, is_pending, tldr_of
from generator.build.citation.citing import bibtex
from generator.build.citation.metadata import citation
from generator.build.pages.fragments import (
    abstract,
    all_authors,
    arxiv_links,
    category_link,
    cut,
    doi_link,
    escaped,
    few_authors,
    license_link,
    pager,
    score,
    tag_link,
    withdrawn,
)
from generator.build.pages.layout import (
    page,
)
from generator.build.pages.summaries import labelled, summary_sections
from generator.core import urls
from generator.core.site import SiteInfo
from generator.core.texts import SEMICOLON, Texts, message
from generator.markup.text import plain


def paper_page(
    archive: Archive, identifier: str, related: Related, people: People, site: SiteInfo
) -> str:
    """One paper: what arXiv says, why it is here, its current summaries, and papers like it."""
    texts = site.texts
    entries = archive.listed[identifier]
    here = urls.paper_source(identifier)
    last = entries[-1]
    paper = last.paper
    tldr = tldr_of(paper, texts.language)
    day_entries = archive.entries[last.day]
    before = day_entries[last.rank - 2] if last.rank > 1 else None
    after = day_entries[last.rank] if last.rank < len(day_entries) else None
    return page(
        "paper.md",
        {
            "title": plain(paper.title),
            "kind": "paper",
            "description": cut(plain(tldr.text if tldr else paper.abstract or paper.title), 160),
            "date": last.day.isoformat(),
            "lastmod": last.modified.isoformat(),
            **citation(paper),
        },
        t=texts.text,
        title=texts.foreign(escaped(paper.title)),
        authors=all_authors(paper, people, here, texts),
        # An extract would be read twice: the abstract stands below.
        lead=labelled(tldr, texts) if tldr and tldr.label == AI else "",
        facts=[
            (texts.text(label), value)
            for label, value in _facts(archive, entries, here, texts)
            if value
        ],
        abstract=abstract(paper, texts),
        pending=is_pending(paper),
        cite=bibtex(paper),
        related=[_related(archive.listed[i][-1], here, texts) for i in related.to(identifier)],
        pager=pager(
            here,
            _paper_step("← {title}", before, texts),
            (
                texts.text("All of {date}", date=texts.short_date(last.day)),
                urls.day_source(last.day),
            ),
            _paper_step("{title} →", after, texts),
        ),
        tail=summary_sections(paper, site),
    )


def _facts(
    archive: Archive, entries: tuple[Entry, ...], here: str, texts: Texts
) -> Iterator[tuple[str, str]]:
    """What is known of a paper besides its text; "" where nothing is."""
    last = entries[-1]
    paper = last.paper
    yield message("Withdrawn"), withdrawn(paper, texts)
    yield message("arXiv"), arxiv_links(paper)
    yield (
        message("Listed"),
        texts.listed((_listed(entry, archive, here, texts) for entry in entries), SEMICOLON),
    )
    categories = (category_link(c, here, name=True) for c in paper.categories)
    yield message("Categories"), " · ".join(categories)
    yield message("Score"), score(last, texts)
    yield message("Tags"), " · ".join(tag_link(tag, here) for tag in archive.tagged[paper.id])
    if len(paper.versions) > 1:
        first = {item.version: item for item in reversed(paper.listings)}
        yield (
            message("Versions"),
            texts.listed(
                (
                    texts.text(
                        "v{version} {type} on {date}",
                        version=str(version),
                        type=texts.text(first[version].type),
                        date=texts.short_date(first[version].date),
                    )
                    for version in paper.versions
                ),
                SEMICOLON,
            ),
        )
    yield message("DOI"), doi_link(paper.doi)
    yield message("Published in"), escaped(paper.journal_ref or "")
    yield message("Licence"), license_link(paper.license, texts)


def _listed(entry: Entry, archive: Archive, here: str, texts: Texts) -> str:
    link = urls.relative(urls.day_source(entry.day), here)
    return texts.text(
        "[{date}]({link}), {rank} of {count}, {type} (v{version})",
        date=texts.long_date(entry.day),
        link=link,
        rank=str(entry.rank),
        count=str(len(archive.entries[entry.day])),
        type=texts.text(entry.row.type),
        version=str(entry.row.id.version),
    )


def _related(entry: Entry, here: str, texts: Texts) -> dict[str, str]:
    return {
        "title": texts.foreign(escaped(entry.paper.title)),
        "link": urls.relative(urls.paper_source(entry.paper.id), here),
        "facts": f"{few_authors(entry.paper, texts)} · {texts.short_date(entry.day)} · "
        f"{escaped(entry.paper.primary_category)}",
    }


def _paper_step(form: str, entry: Entry | None, texts: Texts) -> tuple[str, str] | None:
    if entry is None:
        return None
    title = texts.foreign(escaped(cut(plain(entry.paper.title), 90)))
    return form.replace("{title}", title), urls.paper_source(entry.paper.id)
