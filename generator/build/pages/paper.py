"""A paper's page. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from generator.build.archive.archive import Archive, Entry
from generator.build.archive.people import People
from generator.build.archive.related import Related
from generator.build.archive.tldr import EXTRACT, is_pending
from generator.build.citation.metadata import citation
from generator.build.pages.fragments import (
    abstract,
    all_authors,
    arxiv_files,
    arxiv_link,
    category_link,
    cut,
    doi_link,
    escaped,
    license_link,
    pager,
    score,
    tag_link,
    withdrawn,
)
from generator.build.pages.layout import page
from generator.build.pages.summaries import labelled, summary_sections
from generator.core import urls
from generator.core.papers import Paper
from generator.core.site import SiteInfo
from generator.core.texts import SEMICOLON, Texts, message
from generator.markup.text import escape_markdown, plain

DESCRIPTION_CHARACTERS = 160
STEP_CHARACTERS = 90


def paper_page(
    archive: Archive, identifier: str, related: Related, people: People, site: SiteInfo
) -> str:
    """Return a paper's page: what arXiv says, why it is here, its summaries, papers like it."""
    texts = site.texts
    here = urls.paper_source(identifier)
    entry = archive.listed[identifier][-1]
    paper, tldr = entry.paper, entry.texts.tldr
    about = tldr.text if tldr else paper.abstract or paper.title
    return page(
        "paper.md",
        {
            "title": entry.texts.title,
            "kind": "paper",
            "description": cut(plain(about), DESCRIPTION_CHARACTERS),
            "date": entry.day.isoformat(),
            "lastmod": entry.modified.isoformat(),
            **citation(paper),
        },
        t=texts.text,
        title=entry.texts.title_markdown,
        authors=all_authors(paper, people, here, texts),
        # An extract would be read twice: the abstract stands below.
        lead=labelled(tldr, texts) if tldr and tldr.label != EXTRACT else "",
        listed=_where(entry, archive, here, texts),
        withdrawn=withdrawn(paper, texts),
        files=arxiv_files(paper),
        facts=[
            (texts.text(label), value)
            for label, value in _facts(archive, entry, here, texts)
            if value
        ],
        abstract=abstract(paper, texts),
        pending=is_pending(paper),
        cite=entry.texts.bibtex,
        related=[_related(archive.listed[i][-1], here, texts) for i in related.to(identifier)],
        pager=_pager(archive, entry, here, texts),
        tail=summary_sections(entry, site),
    )


def _where(entry: Entry, archive: Archive, here: str, texts: Texts) -> str:
    """Say which day listed the paper last, and of which category it is."""
    category = category_link(entry.paper.primary_category, here, name=True)
    return f"{_listed(entry, archive, here, texts)} · {category}"


def _facts(archive: Archive, entry: Entry, here: str, texts: Texts) -> Iterator[tuple[str, str]]:
    """Yield what is known of a paper besides its text; "" where nothing is."""
    paper = entry.paper
    # Above stands the last list and the first category.
    earlier = archive.listed[paper.id][:-1]
    lists = (_listed(one, archive, here, texts) for one in earlier)
    categories = (category_link(c, here, name=True) for c in paper.categories[1:])
    yield message("arXiv"), arxiv_link(paper)
    yield message("Listed before"), texts.listed(lists, SEMICOLON)
    yield message("Also in"), " · ".join(categories)
    yield message("Score"), score(entry, texts)
    yield message("Tags"), " · ".join(tag_link(tag, here) for tag in entry.tags)
    yield message("Versions"), _versions(paper, texts)
    yield message("DOI"), doi_link(paper.doi)
    yield message("Published in"), escaped(paper.journal_ref or "")
    yield message("Licence"), license_link(paper.license, texts)


def _listed(entry: Entry, archive: Archive, here: str, texts: Texts) -> str:
    return texts.text(
        "[{date}]({link}), {rank} of {count}, {type} (v{version})",
        date=texts.long_date(entry.day),
        link=urls.relative(urls.day_source(entry.day), here),
        rank=str(entry.rank),
        count=str(len(archive.entries[entry.day])),
        type=texts.text(entry.row.type),
        version=str(entry.row.id.version),
    )


def _versions(paper: Paper, texts: Texts) -> str:
    """Say when each version was announced first; "" for a paper of one."""
    if len(paper.versions) == 1:
        return ""
    first = {item.version: item for item in reversed(paper.listings)}
    said = (
        texts.text(
            "v{version} {type} on {date}",
            version=str(version),
            type=texts.text(first[version].type),
            date=texts.short_date(first[version].date),
        )
        for version in paper.versions
    )
    return texts.listed(said, SEMICOLON)


def _related(entry: Entry, here: str, texts: Texts) -> dict[str, str]:
    return {
        "title": entry.texts.title_markdown,
        "link": urls.relative(urls.paper_source(entry.paper.id), here),
        "facts": f"{entry.texts.authors_markdown} · {texts.short_date(entry.day)} · "
        f"{escaped(entry.paper.primary_category)}",
    }


def _pager(archive: Archive, entry: Entry, here: str, texts: Texts) -> str:
    """Link the paper's neighbours on the day that listed it last, and that day."""
    of_day = archive.entries[entry.day]
    before = of_day[max(entry.rank - 2, 0) : entry.rank - 1]
    after = of_day[entry.rank : entry.rank + 1]
    day = texts.text("All of {date}", date=texts.short_date(entry.day))
    return pager(
        here,
        *(_step("← {title}", other, texts) for other in before),
        (day, urls.day_source(entry.day)),
        *(_step("{title} →", other, texts) for other in after),
    )


def _step(form: str, entry: Entry, texts: Texts) -> tuple[str, str]:
    title = texts.foreign(escape_markdown(cut(entry.texts.title, STEP_CHARACTERS)))
    return form.replace("{title}", title), urls.paper_source(entry.paper.id)
