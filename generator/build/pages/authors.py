"""A page for each author of several papers, and the list of them all. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from generator.build.archive.archive import Archive
from generator.build.archive.people import LEAST_PAPERS, People, Person
from generator.build.pages.cards import paper_line
from generator.build.pages.fragments import (
    author_link,
    category_link,
    escaped,
    follow,
    tag_link,
)
from generator.build.pages.layout import (
    LINES_PER_PAGE,
    Section,
    changed,
    feed_front,
    in_parts,
    list_page,
)
from generator.core import urls
from generator.core.names import name_key
from generator.core.texts import Texts, message

AUTHORS_PER_PAGE = 2_000
# How many categories, tags and co-authors an author's page names.
OFTEN_SHOWN = 12


def author_pages(people: People, texts: Texts) -> Iterator[tuple[str, str]]:
    """Yield the list of all authors with a page, by family name, in as many parts as needed."""
    everybody = sorted(people.with_several(), key=_by_family_name)
    about = texts.counted(
        len(everybody),
        "{count} author with at least {least} papers in the archive, by the last word of their "
        "name.",
        "{count} authors with at least {least} papers in the archive, by the last word of their "
        "name.",
        least=LEAST_PAPERS,
    )
    for part in in_parts(urls.AUTHORS, everybody, AUTHORS_PER_PAGE):
        front = {
            "title": part.title(texts.text("Authors"), texts),
            "kind": "tags",
            "description": texts.text("Authors of several papers in the archive"),
            **changed(person.entries[0] for person in part.items),
        }
        groups = [
            Section(
                escaped(initial),
                [f"{author_link(p.name, people, part.here)} {len(p.entries):,}" for p in found],
            )
            for initial, found in groupby(part.items, key=_initial)
        ]
        intro = texts.sentences((about, part.links(texts)))
        heading = texts.text("Authors")
        yield part.here, list_page(part.here, front, heading=heading, intro=intro, groups=groups)


def author_page(
    person: Person, people: People, archive: Archive, texts: Texts
) -> Iterator[tuple[str, str]]:
    """Yield the pages of an author's papers, newest first, in as many parts as that asks for."""
    about = texts.counted(
        len(person.entries),
        "{count} paper by authors of this name; people of one name cannot be told apart.",
        "{count} papers by authors of this name; people of one name cannot be told apart.",
    )
    for part in in_parts(person.source, person.entries, LINES_PER_PAGE):
        here = part.here
        front: dict[str, Any] = {
            "title": part.title(person.name, texts),
            "kind": "list",
            "description": texts.text("arXiv papers by {name}", name=person.name),
            **changed(part.items),
        }
        feeds = feed_front("authors", person.followed) if person.followed else []
        lines = [paper_line(entry, here, texts, dated=True) for entry in part.items]
        often = _often(person, people, archive, here, texts) if part.number == 1 else ()
        yield (
            here,
            list_page(
                here,
                {**front, "feeds": feeds} if feeds else front,
                (texts.text("All authors"), urls.AUTHORS),
                heading=escaped(person.name),
                intro=texts.sentences((about, part.links(texts))),
                follow=follow(feeds, here, texts),
                groups=[*often, Section(texts.text("Papers"), lines)],
            ),
        )


def _often(
    person: Person, people: People, archive: Archive, here: str, texts: Texts
) -> Iterator[Section]:
    """Yield what the papers are about, and with whom they were written."""
    categories: Counter[str] = Counter()
    tags: Counter[str] = Counter()
    others: Counter[str] = Counter()
    names: dict[str, str] = {}
    for entry in person.entries:
        categories.update(entry.paper.categories)
        tags.update({urls.slug(tag) for tag in entry.tags})
        for key, name in {name_key(a.name): a.name for a in entry.paper.authors}.items():
            if key and key != person.key:
                names.setdefault(key, name)
                others[key] += 1
    with_whom = [one for one in _most(others) if one[1] > 1]
    often = {
        message("Categories"): [
            (category_link(c, here), papers) for c, papers in _most(categories)
        ],
        message("Tags"): [
            (tag_link(archive.tags[s].name, here), papers) for s, papers in _most(tags)
        ],
        message("Written with"): [
            (author_link(names[k], people, here), papers) for k, papers in with_whom
        ],
    }
    for title, found in often.items():
        if found:
            # A number stays beside its name.
            text = " · ".join(f"{link}\N{NO-BREAK SPACE}{papers:,}" for link, papers in found)
            yield Section("", text=f"**{texts.text(title)}** {text}")


def _most(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:OFTEN_SHOWN]


def _by_family_name(person: Person) -> tuple[str, str]:
    """Return a key to sort by: most names end with it, and nothing says where it is not so."""
    return person.key.rpartition(" ")[2], person.key


def _initial(person: Person) -> str:
    return _by_family_name(person)[0][0].upper()
