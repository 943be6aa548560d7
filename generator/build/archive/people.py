"""Who has written several of the archive's papers. Pure.

Two spellings of one name that differ only in case, accents or punctuation are one person, and two
people of one name cannot be told apart: arXiv's feeds have nothing but names.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from generator.build.archive.archive import Archive, Entry
from generator.core import urls
from generator.core.names import name_key

LEAST_PAPERS = 3


@dataclass(frozen=True, slots=True)
class Person:
    """A name as it is spelled most often, its key, and its papers: newest first, each once.

    ``followed`` is the name under which the site follows this person, "" where it does not.
    """

    key: str
    name: str
    entries: tuple[Entry, ...]
    followed: str = ""

    @property
    def source(self) -> str:
        """The source of the person's page."""
        return urls.author_source(self.key)


@dataclass(frozen=True)
class People:
    """Everybody with a page, by the key of their name, in its order.

    These are those with at least ``LEAST_PAPERS`` papers, and those that the site follows.
    """

    by_key: dict[str, Person]

    @classmethod
    def of(cls, archive: Archive, authors: Sequence[str] = ()) -> People:
        """Look through all papers once; ``authors`` are those that the site follows."""
        papers: dict[str, dict[str, Entry]] = defaultdict(dict)
        spellings: dict[str, Counter[str]] = defaultdict(Counter)
        for entry in archive.latest:
            for author in entry.paper.authors:
                if key := name_key(author.name):
                    papers[key][entry.paper.id] = entry
                    spellings[key][author.name] += 1
        followed = {key: name for name in reversed(authors) if (key := name_key(name))}
        shown = {key for key, found in papers.items() if len(found) >= LEAST_PAPERS}
        return cls(
            {
                key: Person(
                    key,
                    min(
                        spellings[key] or [followed[key]],
                        key=lambda name: (-spellings[key][name], name),
                    ),
                    tuple(papers[key].values()),
                    followed.get(key, ""),
                )
                for key in sorted(shown | followed.keys())
            }
        )

    def named(self, name: str) -> Person | None:
        """Return the person of a name, in any spelling, if there is a page."""
        return self.by_key.get(name_key(name))

    def with_several(self) -> list[Person]:
        """Return those with at least ``LEAST_PAPERS`` papers."""
        return [one for one in self.by_key.values() if len(one.entries) >= LEAST_PAPERS]

    def most_papers(self) -> list[Person]:
        """Return those of several papers, those with the most first."""
        return sorted(self.with_several(), key=lambda person: (-len(person.entries), person.key))
