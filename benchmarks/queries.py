"""The fixed set of queries with known answers, made at run time from the real corpus.

queries.json names papers and places in their texts, never the texts themselves. A line is one of

- ``title``: the title of paper ``id``, as plain characters;
- ``half``: words that a reader remembers of it: a number is a word of the title, ``[number, cut,
  added]`` such a word without its last ``cut`` letters and with others, a string is a wrong word;
- ``author``: the paper's author with this number; ``ascii`` takes the accents off;
- ``typo``: such a name with one ``edit`` at a letter: replace, drop, double, swap with the next;
- ``id``: the paper's id in a ``form`` that people paste;
- ``english``, ``chinese``: ``length`` characters of the abstract or summary, from ``at`` on;
- ``mixed``: several such ``parts`` of a summary, with spaces between them unless ``glued``;
- ``nothing``: a ``text`` that no paper has.
"""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.core.papers import Paper
from generator.markup.render import render_block, render_text
from generator.markup.text import plain
from generator.store.merge import current_summary
from generator.store.store import Store

QUERIES = Path(__file__).with_name("queries.json")


@dataclass(frozen=True)
class Query:
    """What a reader types, and the ids of all papers that answer it (none for ``nothing``).

    ``id`` is the paper that the query was made from ("" for ``nothing``).
    """

    kind: str
    text: str
    expected: frozenset[str]
    id: str


def make_queries(store: Store) -> list[Query]:
    """Make every query of queries.json from a store that holds the corpus."""
    papers = {paper.id: paper for paper in store.papers()}
    answers = _Answers(papers.values())
    return [_query(line, papers, answers) for line in json.loads(QUERIES.read_text())]


def readable_text(paper: Paper) -> str:
    """Title, abstract and current summary as a reader sees them, case-folded; a line a block."""
    summary = current_summary(paper)
    page = render_text(paper.abstract) + (render_block(summary.body).html if summary else "")
    text = html.unescape(_TAG.sub("", _BLOCK.sub("\n", page.replace("\n", " "))))
    lines = (" ".join(line.split()) for line in [plain(paper.title), *text.split("\n")])
    return "\n".join(line for line in lines if line).casefold()


_BLOCK = re.compile(
    r"</?(?:p|li|[uo]l|h[1-6]|table|t[rdh]|thead|tbody|pre|blockquote|hr|br|div|details|summary)\b[^>]*>"
)
_TAG = re.compile(r"<[^>]*>")


class _Answers:
    """Who wrote, is called or holds what, by plain look-up: no search engine takes part."""

    def __init__(self, papers: Iterable[Paper]) -> None:
        self.by_title: dict[str, set[str]] = defaultdict(set)
        self.by_author: dict[str, set[str]] = defaultdict(set)
        self._texts: dict[str, str] = {}
        for paper in papers:
            self.by_title[paper.title].add(paper.id)
            for author in paper.authors:
                self.by_author[author.name].add(paper.id)
            self._texts[paper.id] = readable_text(paper)

    def holding(self, *parts: str) -> set[str]:
        """Every paper whose text has all of these, anywhere."""
        folded = [part.casefold() for part in parts]
        return {id_ for id_, text in self._texts.items() if all(part in text for part in folded)}


def _query(line: Mapping[str, Any], papers: Mapping[str, Paper], answers: _Answers) -> Query:
    kind = line["kind"]
    if kind == "nothing":
        return Query(kind, line["text"], frozenset(), "")
    paper = papers[line["id"]]
    expected = answers.by_title[paper.title]
    match kind:
        case "title":
            text = plain(paper.title)
        case "half":
            words = plain(paper.title).lower().split()
            text = " ".join(_remembered(words, word) for word in line["words"])
        case "id":
            text = line["form"].format(paper.id)
        case "author" | "typo":
            name = paper.authors[line["author"]].name
            expected = answers.by_author[name]
            text = _without_accents(name) if line.get("ascii") else name
            if kind == "typo":
                text = _mistyped(text, *line["edit"])
        case "english" | "chinese":
            text = _part(paper, line.get("in", "summary"), line["at"], line["length"])
            expected = answers.holding(text)
        case "mixed":
            parts = [_part(paper, "summary", at, length) for at, length in line["parts"]]
            text = ("" if line.get("glued") else " ").join(parts)
            expected = answers.holding(*parts)
        case _:
            raise ValueError(f"queries.json: no such kind of query: {kind}")
    return Query(kind, text, frozenset(expected), paper.id)


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


def _without_accents(name: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))
