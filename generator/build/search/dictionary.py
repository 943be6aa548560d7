"""A part's dictionary as it is read: ``postings`` describes its files.

``site_src/assets/search/dictionary.js`` does the same in the browser.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from generator.build.search.words import stem

# Of a word, what its stem has too.
_LETTERS = 3
# Reads a file of the part, by its path in it.
Read = Callable[[str], bytes]


@dataclass(slots=True)
class Form:
    """A word as it is written: its papers with their impacts, and how it is written apart."""

    text: str
    count: int
    apart: str
    papers: Sequence[int] = ()
    impacts: bytes = b""
    places: dict[int, list[int]] = field(default_factory=dict)


class Shard:
    """Words that sort together: their forms, by stem."""

    def __init__(self, terms: bytes) -> None:
        header, body = terms.split(b"\n\n", 1)
        self.stems: dict[str, list[Form]] = {}
        for line in header.decode().split("\n"):
            name, *cells = line.split("\t")
            self.stems[name] = [_form(name, cell) for cell in cells]
        numbers = _numbers(body)
        for form in self.forms():
            papers, paper = [], 0
            for _ in range(form.count):
                paper += next(numbers)
                papers.append(paper)
            form.papers = papers
        impacts = body[len(body) - sum(form.count for form in self.forms()) :]
        start = 0
        for form in self.forms():
            form.impacts = impacts[start : start + form.count]
            start += form.count
        self.has_places = False

    def forms(self) -> Iterator[Form]:
        """Yield all forms in the order of the files."""
        for forms in self.stems.values():
            yield from forms

    def add_places(self, places: bytes) -> None:
        """Give the forms their places."""
        numbers = _numbers(places)
        for form in self.forms():
            for paper in form.papers:
                at, found = 0, []
                for _ in range(next(numbers)):
                    at += next(numbers)
                    found.append(at)
                form.places[paper] = found
        self.has_places = True


class Dictionary:
    """A part's words; ``stems`` has the first of each shard."""

    def __init__(self, read: Read, stems: Sequence[str]) -> None:
        self._read = read
        self._stems = [_key(name) for name in stems]
        self._shard = lru_cache(maxsize=None)(self._load)

    def forms(self, name: str) -> list[Form]:
        """Return the forms of a stem."""
        shard = self._shard_of(name)
        return shard.stems.get(name, []) if shard else []

    def form(self, word: str) -> list[Form]:
        """Return the form that is exactly this word: one or none."""
        return [form for form in self.forms(stem(word)) if form.text == word]

    def beginning(self, start: str) -> list[Form]:
        """Return all forms that begin so; their stems begin as the first letters do."""
        letters = start[:_LETTERS]
        if not self._stems:
            return []
        first = max(bisect_right(self._stems, _key(letters)) - 1, 0)
        found: list[Form] = []
        for number in range(first, len(self._stems)):
            if number > first and not self._stems[number].startswith(_key(letters)):
                break
            for name, forms in self._shard(number).stems.items():
                if name.startswith(letters):
                    found += (form for form in forms if form.text.startswith(start))
        return found

    def with_places(self, name: str) -> list[Form]:
        """Return the forms of a stem with their places."""
        number = self._number(name)
        if number < 0:
            return []
        shard = self._shard(number)
        if name in shard.stems and not shard.has_places:
            shard.add_places(self._read(f"places/{number}.bin"))
        return shard.stems.get(name, [])

    def _number(self, name: str) -> int:
        return bisect_right(self._stems, _key(name)) - 1

    def _shard_of(self, name: str) -> Shard | None:
        number = self._number(name)
        return self._shard(number) if number >= 0 else None

    def _load(self, number: int) -> Shard:
        return Shard(self._read(f"terms/{number}.bin"))


def _key(name: str) -> bytes:
    """Return what sorts as JavaScript does."""
    return name.encode("utf-16-be", "surrogatepass")


def _form(name: str, cell: str) -> Form:
    text, _, rest = cell.partition("=")
    count, _, apart = rest.partition("=")
    return Form(text or name, int(count or 1), apart)


def _numbers(data: bytes) -> Iterator[int]:
    """Yield numbers in base 128."""
    number, shift = 0, 0
    for byte in data:
        number |= (byte & 127) << shift
        if byte & 128:
            shift += 7
        else:
            yield number
            number, shift = 0, 0
