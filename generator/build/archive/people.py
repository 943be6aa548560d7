"""Who has written several of the archive's papers. Pure.

Two spellings of one name that differ only in case, accents or punctuation are one person, and two
people of one name cannot be told apart: arXiv's feeds have nothing but names.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from generator.build.archive.archive import Archive, Entry
from generator.core import urls
from generator.core.names import name_key

LEAST_PAPERS = 3


@dataclass(frozen=True, slots=True)
class Person:
    """A name as it is spelled most often, its key, and its papers: newest first, each once."""

    key: str
    name: str
    entries: tuple[Entry, ...]

    @property
    def source(self) -> str:
        """The source of the person's page."""
        return urls.author_source(self.key)


@dataclass(frozen=True)
class People:
    """Everybody with at least ``LEAST_PAPERS`` papers, by the key of their name, in its order."""

    by_key: dict[str, Person]

    @classmethod
    def of(cls, archive: Archive) -> People:
        """Look through all papers once."""
        papers: dict[str, dict[str, Entry]] = defaultdict(dict)
        spellings: dict[str, Counter[str]] = defaultdict(Counter)
        for entry in archive.latest:
            for author in entry.paper.authors:
                if key := name_key(author.name):
                    papers[key][entry.paper.id] = entry
                    spellings[key][author.name] += 1
        return cls(
            {
                key: Person(
                    key,
                    min(spellings[key], key=lambda name: (-spellings[key][name], name)),
                    tuple(found.values()),
                )
                for key, found in sorted(papers.items())
                if len(found) >= LEAST_PAPERS
            }
        )

    def named(self, name: str) -> Person | None:
        """Return the person of a name, in any spelling, if there is a page."""
        return self.by_key.get(name_key(name))

    def most_papers(self) -> list[Person]:
        """Return everybody, those with the most papers first."""
        return sorted(self.by_key.values(), key=lambda person: (-len(person.entries), person.key))
