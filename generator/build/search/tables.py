"""Tables of one part, beside its dictionary: what results show, what narrows them, names, spelling.

Pure: records in, JSON values out. All of them number a part's papers alike, newest first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from generator.build.search.records import AUTHORS_SHOWN, Record
from generator.build.search.words import words
from generator.core import taxonomy

# Papers in one file of what results show: a reader needs ten of them from ten places.
BLOCK = 16
# Files of names, and of words to correct others with; each by the beginning of its words.
_NAME_TABLES = 64
_RARE = 2  # papers: a word in fewer may be a slip of the pen, unless a title or a name has it


def ordered(records: Sequence[Record]) -> list[Record]:
    """Return records in the order that a part's tables share: newest day first, by rank."""
    return sorted(records, key=lambda r: (-r.day.toordinal(), r.rank, r.id))


def tables(records: Sequence[Record], papers: Mapping[str, int]) -> dict[str, Any]:
    """Return a part's tables, by name; ``papers`` has in how many of its papers each word is."""
    return {
        "facets": _facets(records),
        **{f"papers/{number}": block for number, block in enumerate(_blocks(records))},
        **{f"names/{number}": names for number, names in enumerate(_names(records)) if names},
        **{f"spelling/{initial}": known for initial, known in _spelling(records, papers).items()},
    }


def days(records: Sequence[Record]) -> list[tuple[str, int]]:
    """Return each day of the ordered records with its number of papers."""
    return [(day.isoformat(), len(list(group))) for day, group in groupby(records, lambda r: r.day)]


def _blocks(records: Sequence[Record]) -> list[list[Any]]:
    """Return what results show: id, title, authors, how many more, category, score, summary.

    The last is 0 without one, 2 for one with search phrases.
    """
    rows = [
        [
            record.id,
            record.title,
            list(record.authors[:AUTHORS_SHOWN]),
            max(len(record.authors) - AUTHORS_SHOWN, 0),
            record.categories[0],
            f"{record.score:g}",
            int(bool(record.summaries)) + int(bool(record.search_phrases)),
        ]
        for record in records
    ]
    return [rows[start : start + BLOCK] for start in range(0, len(rows), BLOCK)]


def _facets(records: Sequence[Record]) -> dict[str, Any]:
    """Return what results can be narrowed by.

    That is the values of each facet, and a row for each paper: the numbers of its categories, tags
    and announcement type, and 1 where it has a summary.
    """
    values: dict[str, dict[str, int]] = {"category": {}, "tag": {}, "type": {}}

    def number(facet: str, value: str) -> int:
        return values[facet].setdefault(value, len(values[facet]))

    rows = [
        [
            [number("category", taxonomy.canonical(category)) for category in record.categories],
            [number("tag", tag) for tag in record.tags],
            number("type", record.type),
            int(bool(record.summaries)),
        ]
        for record in records
    ]
    return {**{facet: list(known) for facet, known in values.items()}, "rows": rows}


def _names(records: Sequence[Record]) -> list[dict[str, list[int]]]:
    """Return, in small tables, each author's papers; a name is in those of all its words."""
    papers: dict[str, list[int]] = {}
    for number, record in enumerate(records):
        for name in record.authors:
            if number not in papers.setdefault(name, [])[-1:]:
                papers[name].append(number)
    found: list[dict[str, list[int]]] = [{} for _ in range(_NAME_TABLES)]
    for name, numbers in sorted(papers.items()):
        for word in words(name):
            found[name_table(word)][name] = numbers
    return found


def author_tables(slugs: Mapping[str, str]) -> list[dict[str, str]]:
    """Return, in small tables by its last word, the slug of each author who has a page."""
    found: list[dict[str, str]] = [{} for _ in range(_NAME_TABLES)]
    for name, slug in slugs.items():
        if own := words(name):
            found[name_table(own[-1])][" ".join(own)] = slug
    return found


def name_table(word: str) -> int:
    """Return the number of the table with the names that have a word; names.js has the rule too."""
    number = 0
    for character in word[:2]:
        number = (number * 31 + ord(character)) % _NAME_TABLES
    return number


def _spelling(records: Sequence[Record], papers: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """Return, by initial, words that are no slips, each with its number of papers."""
    sure = Counter[str]()
    for record in records:
        for text in (record.title, *record.authors):
            sure.update(set(words(text)))
    found: dict[str, dict[str, int]] = {}
    for word, count in sorted(papers.items()):
        is_english = len(word) > 3 and word.isascii() and word.isalpha()
        if is_english and (count >= _RARE or word in sure):
            found.setdefault(word[0], {})[word] = count
    return found
