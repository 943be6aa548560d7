"""Which papers hold, are called or were written by what: a plain look-up, no search engine."""

from __future__ import annotations

import html
import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from generator.core.papers import Paper
from generator.markup.render import render_block, render_text
from generator.markup.text import plain
from generator.store.merge import current_summary
from generator.store.store import Store

_BLOCK = re.compile(
    r"</?(?:p|li|[uo]l|h[1-6]|table|t[rdh]|thead|tbody|pre|blockquote|hr|br|div|details|summary)\b[^>]*>"
)
_TAG = re.compile(r"<[^>]*>")
_WORD = re.compile(r"\w+")
_BETWEEN = r"[\W_]*"  # a hyphen, a space, nothing
_CAMEL = re.compile(r"(?<=[a-z]{2})(?=[A-Z][A-Za-z])|(?<=[A-Z]{2})(?=[A-Z][a-z])")
_PLAIN_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe", "ß": "ss"}
    | {"Ł": "L", "Ø": "O", "Đ": "D", "Ð": "D", "Æ": "AE", "Œ": "OE"}
)


class Scan:
    """The corpus, read once: texts, names, tags and days by paper."""

    def __init__(self, store: Store) -> None:
        self.papers: dict[str, Paper] = {paper.id: paper for paper in store.papers()}
        self.by_title: dict[str, set[str]] = defaultdict(set)
        self.by_author: dict[str, set[str]] = defaultdict(set)
        self._texts: dict[str, str] = {}
        self._tags: dict[str, set[str]] = defaultdict(set)
        for paper in self.papers.values():
            self.by_title[paper.title].add(paper.id)
            for author in paper.authors:
                self.by_author[author.name].add(paper.id)
            self._texts[paper.id] = readable_text(paper)
        for day in store.days():
            for row in day.rows:
                self._tags[row.id.id].update(match.keyword for match in row.matches)

    def holding(self, *parts: str) -> set[str]:
        """Every paper whose title, abstract and summary have all of these, anywhere."""
        folded = [part.casefold() for part in parts]
        return {id_ for id_, text in self._texts.items() if all(part in text for part in folded)}

    def saying(self, phrase: str) -> set[str]:
        """Every paper that has these words in this order, whatever stands between them."""
        words = _WORD.findall(phrase.casefold())
        if not words:
            raise ValueError(f"a phrase without a word: {phrase!r}")
        pattern = re.compile(rf"(?<!\w){_BETWEEN.join(words)}(?!\w)")
        return {id_ for id_ in self.holding(*words) if pattern.search(self._texts[id_])}

    def written_by_initials(self, name: str) -> set[str]:
        """Every paper of an author with this family name and these initials, or more of them."""
        family, first = _family_and_initials(name)
        return {
            id_
            for other, ids in self.by_author.items()
            if (found := _family_and_initials(other))[0] == family and found[1].startswith(first)
            for id_ in ids
        }

    def meeting(self, conditions: Mapping[str, Any]) -> set[str]:
        """Every paper that meets all of the conditions; a place in time is a day of any listing.

        ``all``, ``any``, ``none`` and ``title`` are lists of patterns (see ``has``), for what a
        paper's text, authors included, or its title has; ``author`` is a name; ``since`` and
        ``before`` are ISO days, the one inclusive, the other not.
        """
        return {id_ for id_ in self.papers if self._meets(id_, conditions)}

    def _meets(self, id_: str, conditions: Mapping[str, Any]) -> bool:
        paper = self.papers[id_]
        since = date.fromisoformat(conditions.get("since") or "0001-01-01")
        before = date.fromisoformat(conditions.get("before") or "9999-12-31")
        return (
            any(since <= listing.date < before for listing in paper.listings)
            and conditions.get("tag", "") in {"", *self._tags[id_]}
            and conditions.get("category", "") in {"", *paper.categories}
            and ("author" not in conditions or id_ in self.by_author[conditions["author"]])
            and self._says(id_, conditions)
        )

    def _says(self, id_: str, conditions: Mapping[str, Any]) -> bool:
        paper = self.papers[id_]
        names = "\n".join(author.name for author in paper.authors).casefold()
        text = f"{names}\n{self._texts[id_]}"
        title = plain(paper.title).casefold()
        return (
            ("family" not in conditions or has(names, conditions["family"]))
            and all(has(title, pattern) for pattern in conditions.get("title", ()))
            and all(has(text, pattern) for pattern in conditions.get("all", ()))
            and ("any" not in conditions or any(has(text, p) for p in conditions["any"]))
            and not any(has(text, pattern) for pattern in conditions.get("none", ()))
        )


def readable_text(paper: Paper) -> str:
    """Title, abstract and current summary as a reader sees them, case-folded; a line a block."""
    summary = current_summary(paper)
    page = render_text(paper.abstract) + (render_block(summary.body).html if summary else "")
    text = html.unescape(_TAG.sub("", _BLOCK.sub("\n", page.replace("\n", " "))))
    lines = (" ".join(line.split()) for line in [plain(paper.title), *text.split("\n")])
    return "\n".join(line for line in lines if line).casefold()


def has(text: str, pattern: str) -> bool:
    """Whether a folded text has such words, whole: ``2.3`` is not in ``12.34``."""
    # The plain pattern is looked for first: it is many times as fast without what stands before.
    return re.search(pattern, text) is not None and _whole(pattern).search(text) is not None


@cache
def _whole(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z0-9])(?<!\d[.,])(?:{pattern})(?![a-z0-9]|[.,]\d)")


def spellings(name: str) -> str:
    """Return a pattern for a system's name, its parts joined, hyphenated or apart."""
    parts = [part.casefold() for part in name_parts(name)]
    return r"[\s\-‐–]?".join(map(re.escape, parts)) + "s?"


def name_parts(name: str) -> list[str]:
    """Cut a system's name at hyphens, spaces and humps: ``OmniMoE-2`` has Omni, MoE and 2."""
    return [part for word in re.split(r"[\s\-‐–]+", name) for part in _CAMEL.split(word)]


def without_diacritics(name: str) -> str:
    """Return a name in plain letters, as a keyboard without the others has them: ``Żak`` is Zak."""
    marks = unicodedata.normalize("NFD", name.translate(_PLAIN_LETTERS))
    return "".join(c for c in marks if not unicodedata.combining(c))


def _family_and_initials(name: str) -> tuple[str, str]:
    *given, family = without_diacritics(name).casefold().split() or [""]
    return family, "".join(part[0] for word in given for part in word.split("-") if part)
