"""Tables and the lunr index of one part: look-up by field and by title, facets, names to correct
typos with.

Pure: records in, JSON values out. Facets and index number a part's papers alike, newest first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from lunr.builder import Builder
from lunr.stemmer import stemmer
from lunr.trimmer import trimmer

from generator.build.search.records import Record
from generator.build.search.segment import spaced, unaccented

# What a reader can write before a colon, with what a match there weighs.
FIELDS = {"title": 3, "author": 2, "tag": 1, "category": 1}
# A word of a title costs a reader one of so many files: in a year's part about 2 KB.
TITLE_TABLES = 256
_WORD = re.compile(r"[^\W_]+")


def ordered(records: Sequence[Record]) -> list[Record]:
    """Return records in the order that the tables of a part share: newest day first, by rank."""
    return sorted(records, key=lambda r: (-r.day.toordinal(), r.rank, r.id))


def tables(records: Sequence[Record]) -> dict[str, Any]:
    """Return the tables, by name, that can be made before the papers are indexed."""
    return {
        "titles": [record.title for record in records],
        "authors": sorted({name for record in records for name in record.authors}),
        "lunr": _lunr_index(records),
    }


def fragment_tables(records: Sequence[Record], fragments: Mapping[str, str]) -> dict[str, Any]:
    """Return the tables, by name, that name papers by the fragments that Pagefind made."""
    words = enumerate(_title_words(records, fragments))
    return {
        "facets": _facets(records, fragments),
        **{f"words/{number}": table for number, table in words},
    }


def _facets(records: Sequence[Record], fragments: Mapping[str, str]) -> dict[str, Any]:
    """Return what results can be narrowed by and sorted by.

    That is the values of each facet, and a row for each paper: its Pagefind fragment, the numbers
    of its day, categories, tags and announcement type, and 1 where it has a summary.
    """
    values: dict[str, dict[str, int]] = {"day": {}, "category": {}, "tag": {}, "type": {}}

    def number(facet: str, value: str) -> int:
        return values[facet].setdefault(value, len(values[facet]))

    rows = [
        [
            fragments[record.id],
            number("day", record.day.isoformat()),
            [number("category", category) for category in record.categories],
            [number("tag", tag) for tag in record.tags],
            number("type", record.type),
            int(bool(record.summaries)),
        ]
        for record in records
    ]
    return {**{facet: list(known) for facet, known in values.items()}, "rows": rows}


def _title_words(
    records: Sequence[Record], fragments: Mapping[str, str]
) -> list[dict[str, list[str]]]:
    """Return, in small tables, each word of a title with the fragments of the papers that have it.

    Words that begin alike are in one table, so that any form of a word is found with it.
    """
    tables: list[dict[str, list[str]]] = [{} for _ in range(TITLE_TABLES)]
    for record in records:
        for word in dict.fromkeys(_WORD.findall(unaccented(record.title).lower())):
            tables[_table(word)].setdefault(word, []).append(fragments[record.id])
    return tables


def _table(word: str) -> int:
    """Return the number of a word's table; ``titles.js`` has the same rule."""
    number = 0
    for character in word[:4]:
        number = (number * 31 + ord(character)) % TITLE_TABLES
    return number


def _lunr_index(records: Sequence[Record]) -> dict[str, Any]:
    """Return a serialised lunr index (https://lunrjs.com/) whose references are row numbers.

    Without lunr's stop words, which hold names (An, Do, He, So), and without diacritics: the
    browser takes them off a query too.
    """
    builder = Builder()
    builder.pipeline.add(trimmer, stemmer)
    builder.search_pipeline.add(stemmer)
    builder.ref("row")
    for field, boost in FIELDS.items():
        builder.field(field, boost)
    for row, record in enumerate(records):
        builder.add(
            {
                "row": str(row),
                "title": unaccented(spaced(record.title)),
                "author": unaccented(" ".join(record.authors)),
                "tag": unaccented(" ".join(record.tags)),
                "category": " ".join(record.categories),
            }
        )
    index: dict[str, Any] = builder.build().serialize()
    index["invertedIndex"].sort(key=lambda entry: _in_utf_16(entry[0]))
    return index


def _in_utf_16(term: str) -> bytes:
    """Return what lunr.js sorts a term by: it reads no index whose terms JavaScript finds unsorted.

    Python compares code points, in which 𝔸 stands behind ﬁ; in UTF-16 it stands before.
    """
    return term.encode("utf-16-be", "surrogatepass")
