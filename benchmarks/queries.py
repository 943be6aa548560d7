"""The fixed set of queries with known answers, made at run time from the real corpus.

queries.json names papers and places in their texts, never the texts themselves; what is written out
are a reader's own words. Every line has a ``kind``, most the ``id`` of the paper that is meant:

- ``title``: the title, as plain characters; ``title-typo``: its ``words`` from the one number to
  before the other, with an ``edit``;
- ``half``: words that a reader remembers of it: a number is a word of the title, ``[number, cut,
  added]`` such a word without its last ``cut`` letters and with others, a string is a wrong word;
- ``author``: the paper's author with this number, in a ``form`` (see ``_WRITTEN``) or as printed;
  ``name`` is the same for forms that are not as printed;
- ``typo``: such a name with one ``edit`` at a letter: replace, drop, double, swap with the next;
- ``id``: the paper's id in a ``form`` that people paste;
- ``system``: the name before the colon of the title in a ``form``, or a ``text``;
- ``english``, ``chinese``, ``phrase`` (in quotation marks): ``length`` characters of the abstract
  or summary, from ``at`` on;
- ``pasted``: such a part, perhaps with words ``then`` that the corpus does not have, or title and
  names in a ``form``;
- ``mixed``: several such ``parts`` of a summary, with spaces between them unless ``glued``;
- ``number``, ``date``, ``field``: a ``text`` (``field`` may name the author in it), and ``where``:
  the conditions of the papers that answer it, see ``Scan.meeting``;
- ``topic``, ``cross`` (in Chinese, for what a text says in English), ``concept`` (in words that the
  text does not use): a ``text``, the ``ids`` that answer it, and those whose title has ``titled``;
- ``nothing``: a ``text`` that no paper has.

A third of each kind is marked ``unseen``: held back, to be asked when the search is finished.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.scan import Scan, name_parts, spellings, without_diacritics
from generator.core.papers import Paper
from generator.markup.text import plain
from generator.store.merge import current_summary
from generator.store.store import Store

QUERIES = Path(__file__).with_name("queries.json")
# What is found is all that is right, and all of that is found: recall and precision are told.
COMPLETE = frozenset({"system", "number", "phrase", "chinese", "date", "field"})


@dataclass(frozen=True)
class Query:
    """What a reader types, and the ids of all papers that answer it (none for ``nothing``).

    ``id`` is the paper that the query was made from ("" where there is no single one).
    """

    kind: str
    text: str
    expected: frozenset[str]
    id: str
    unseen: bool = False


def make_queries(store: Store) -> list[Query]:
    """Make every query of queries.json from a store that holds the corpus."""
    scan = Scan(store)
    return [_query(line, scan) for line in json.loads(QUERIES.read_text())]


def _query(line: Mapping[str, Any], scan: Scan) -> Query:
    paper = scan.papers.get(line.get("id", ""))
    if paper is None and "id" in line:
        raise ValueError(f"queries.json: the corpus has no paper {line['id']}")
    text, expected = _from_paper(line, paper, scan) if paper else _from_words(line, scan)
    id_ = paper.id if paper else ""
    return Query(line["kind"], text, frozenset(expected), id_, line.get("unseen", False))


def _from_words(line: Mapping[str, Any], scan: Scan) -> tuple[str, set[str]]:
    """Make a query that names no paper: a reader's own words."""
    match line["kind"]:
        case "nothing":
            return line["text"], set()
        case "system" | "number" | "date" | "field":
            return line["text"], scan.meeting(line["where"])
        case "topic" | "cross" | "concept":
            titled = scan.meeting({"title": [line["titled"]]}) if "titled" in line else set()
            return line["text"], {*line["ids"], *titled}
    raise ValueError(f"queries.json: no such kind of query: {line['kind']}")


def _from_paper(line: Mapping[str, Any], paper: Paper, scan: Scan) -> tuple[str, set[str]]:
    kind = line["kind"]
    if kind in _TITLES:
        return _TITLES[kind](line, paper), scan.by_title[paper.title]
    if kind in _OTHERS:
        return _OTHERS[kind](line, paper, scan)
    raise ValueError(f"queries.json: no such kind of query: {kind}")


def _titled(line: Mapping[str, Any], paper: Paper) -> str:
    """Make a query of the title: whole, mistyped, or the words that are remembered."""
    words = plain(paper.title).lower().split()
    match line["kind"]:
        case "title-typo":
            return _mistyped(" ".join(words[slice(*line["words"])]), *line["edit"])
        case "half":
            return " ".join(_remembered(words, word) for word in line["words"])
    return plain(paper.title)


def _system(line: Mapping[str, Any], paper: Paper, scan: Scan) -> tuple[str, set[str]]:
    name = plain(paper.title).partition(":")[0]
    return _SPELT[line["form"]](name), scan.meeting({"all": [spellings(name)]})


def _copied(line: Mapping[str, Any], paper: Paper, scan: Scan) -> tuple[str, set[str]]:
    if line["kind"] == "mixed":
        parts = [_part(paper, "summary", at, length) for at, length in line["parts"]]
        return ("" if line.get("glued") else " ").join(parts), scan.holding(*parts)
    text = _part(paper, line.get("in", "summary"), line["at"], line["length"])
    if line["kind"] == "phrase":
        return f'"{text}"', scan.saying(text)
    return text, scan.holding(text)


def _named(line: Mapping[str, Any], paper: Paper, scan: Scan) -> tuple[str, set[str]]:
    name = paper.authors[line["author"]].name
    form = line.get("form", "printed")
    text = _WRITTEN[form](name)
    if line["kind"] == "typo":
        text = _mistyped(text, *line["edit"])
    return text, scan.written_by_initials(name) if "initial" in form else scan.by_author[name]


def _fielded(line: Mapping[str, Any], paper: Paper, scan: Scan) -> tuple[str, set[str]]:
    """Fill an author, a word of the title and the category into a text with fields."""
    name = paper.authors[line["author"]].name
    family = name.split()[-1]
    word = plain(paper.title).split()[line["word"]] if "word" in line else ""
    where = dict(line["where"])
    if "{family}" in line["text"]:
        where["family"] = family.casefold()
    else:
        where["author"] = name
    if word:
        where["title"] = [word.casefold()]
    if "{category}" in line["text"]:
        where["category"] = paper.primary_category
    text = line["text"].format(
        author=name,
        family=family,
        ascii=without_diacritics(name).lower(),
        reversed=_reversed(name),
        word=word.lower(),
        category=paper.primary_category,
    )
    return text, scan.meeting(where)


def _pasted(line: Mapping[str, Any], paper: Paper) -> str:
    if "at" in line:
        part = _part(paper, line.get("in", "abstract"), line["at"], line["length"])
        return part + str(line.get("then", ""))
    names = [author.name for author in paper.authors]
    return str(line["form"].format(title=plain(paper.title), first=names[0], last=names[-1]))


def _part(paper: Paper, field: str, at: int, length: int) -> str:
    summary = current_summary(paper)
    source = paper.abstract if field == "abstract" or summary is None else summary.body
    return source[at : at + length]


def _remembered(words: list[str], word: int | str | list[Any]) -> str:
    match word:
        case str():
            return word
        case int():
            return words[word].strip(".,:;?!")
        case [int(number), int(cut), str(added)]:
            whole = words[number].strip(".,:;?!")
            return whole[: len(whole) - cut] + added
    raise ValueError(f"queries.json: no such word: {word}")


def _mistyped(name: str, edit: str, at: int, letter: str = "") -> str:
    changed = {
        "replace": letter,
        "drop": "",
        "double": name[at] * 2,
        "swap": name[at + 1 : at + 2] + name[at],
    }[edit]
    return name[:at] + changed + name[at + (2 if edit == "swap" else 1) :]


def _reversed(name: str) -> str:
    *given, family = name.split()
    return " ".join([family, *given])


def _comma(name: str) -> str:
    *given, family = name.split()
    return f"{family}, {' '.join(given)}"


def _initials(name: str) -> str:
    """``Ada B. Sample`` is ``A. B. Sample``."""
    *given, family = name.split()
    return " ".join([*(f"{word[0]}." for word in given), family])


def _initials_last(name: str) -> str:
    """``Ada B. Sample`` is ``Sample AB``."""
    *given, family = name.split()
    return f"{family} {''.join(word[0] for word in given)}"


_WRITTEN: dict[str, Callable[[str], str]] = {
    "printed": str,
    "lower": str.lower,
    "ascii": without_diacritics,
    "reversed": _reversed,
    "comma": _comma,
    "initials": _initials,
    "initials last": _initials_last,
    "ascii reversed": lambda name: without_diacritics(_reversed(name)).lower(),
}
_SPELT: dict[str, Callable[[str], str]] = {
    "lower": str.lower,
    "upper": str.upper,
    "joined": lambda name: "".join(name.replace("-", " ").split()),
    "spaced": lambda name: " ".join(name_parts(name)).lower(),
    "hyphened": lambda name: "-".join(name_parts(name)),
}
_TITLES: dict[str, Callable[[Mapping[str, Any], Paper], str]] = {
    "title": _titled,
    "title-typo": _titled,
    "half": _titled,
    "pasted": _pasted,
    "id": lambda line, paper: str(line["form"].format(paper.id)),
}
_OTHERS: dict[str, Callable[[Mapping[str, Any], Paper, Scan], tuple[str, set[str]]]] = {
    "author": _named,
    "name": _named,
    "typo": _named,
    "system": _system,
    "english": _copied,
    "chinese": _copied,
    "phrase": _copied,
    "mixed": _copied,
    "field": _fielded,
}
