"""What a reader's text asks for: an arXiv id, clauses, fields, dates. Pure.

``kv cache "long context" -survey author:chen since march 2026``: words and quoted phrases, each
with ``-`` to leave papers out or ``+`` to have it as it stands, ``a OR b``, fields, and dates in
plain words (``dates``). Whatever is typed means something, and nothing is an error.
``site_src/assets/search/query.js`` does the same in the browser, and
tests/build/search/query_vectors.json holds both to it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from generator.build.search.dates import DatePlace, DateRange, find_dates
from generator.build.search.identifier import id_of

_MAX_CHARACTERS = 400
_MAX_CLAUSES = 24

# White space as JavaScript has it, and quotation marks that telephones and Chinese write.
_SPACES = (
    "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff\x1c\x1d\x1e\x1f\x85\0"
)
_QUOTES = "“”„‟«»「」『』〝〞"
_NARROW: dict[int, int | str] = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    **dict.fromkeys(map(ord, _SPACES), " "),
    **dict.fromkeys(map(ord, _QUOTES), '"'),
}
_SMALL = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}

_FIELDS = {
    **dict.fromkeys(("author", "authors", "au", "作者"), "author"),
    **dict.fromkeys(("title", "ti", "标题", "题目"), "title"),
    **dict.fromkeys(("abstract", "abs", "摘要"), "abstract"),
    **dict.fromkeys(("tag", "tags", "标签"), "tag"),
    **dict.fromkeys(("category", "cat", "类别", "分类"), "category"),
    **dict.fromkeys(("type", "类型"), "type"),
}
# Those whose value is one of a list: each can be a filter.
_FACETS = ("category", "tag", "type")
_NAMES = "|".join(_FIELDS)
_PIECE = re.compile(rf'([+-]?)(?:({_NAMES}):( *)(?![+-]?(?:{_NAMES}):))?(?:"([^"]*)"?|([^ "]+))')
_EMPTY_FIELD = re.compile(rf"[+-]?(?:{_NAMES}):")
_DATE_FIELD = re.compile(
    '(?:^| )(?:since|after|before|until|year|month|date|年份?|月份?|日期): *"[^"]*"?',
    re.IGNORECASE | re.ASCII,
)
_ALTERNATIVES = re.compile(r"[^ |()]+(?:\|[^ |()]+)+")
_OR, _AND = {"OR", "|", "||"}, {"AND", "&", "&&"}
_SEPARATORS = re.compile(r"[,;](?![0-9])|[;、。《》【】…]")
# What may stand at the end of a word: C++, C#, 2.3×, name*.
_ENDINGS = "+#×*%"


@dataclass(frozen=True, slots=True)
class Clause:
    """A word or phrase that is looked for, anywhere or in a field.

    ``kind`` is ``word`` (in any form) or ``phrase`` (exactly these words in this order), ``sign``
    is ``-`` for what no paper may have, ``+`` for a word as it stands, else "".
    """

    kind: str
    text: str
    field: str = ""
    sign: str = ""


@dataclass(frozen=True, slots=True)
class QueryFilters:
    """What the query itself narrows by; "" is all. ``since`` and ``before`` are ISO days."""

    category: str = ""
    tag: str = ""
    type: str = ""
    since: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class NamedField:
    """A field as typed, so that it can be shown and taken off."""

    field: str
    value: str
    sign: str
    text: str


@dataclass(frozen=True, slots=True)
class Query:
    """A reader's text, read.

    ``identifier`` is an arXiv id without a version, "" for none. A paper must have all groups of
    ``clauses``, of each group at least one alternative; what has the sign ``-`` is alone in its
    group. ``text`` is what is left as free text. ``cut`` says that only the beginning was read.
    """

    identifier: str
    clauses: tuple[tuple[Clause, ...], ...]
    filters: QueryFilters
    dates: tuple[DateRange, ...]
    fields: tuple[NamedField, ...]
    text: str
    cut: bool


class _Piece(NamedTuple):
    """A part of the text between spaces or quotation marks.

    ``kind`` is ``word``, ``phrase`` or ``or``; ``first`` and ``last`` are about its value, without
    sign, field and quotation marks.
    """

    start: int
    end: int
    first: int
    last: int
    kind: str
    field: str = ""
    sign: str = ""


def parse(text: str, today: date, words: Collection[str] = ()) -> Query:
    """Read a query.

    ``today`` tells what "last week" is. ``words`` are dates as typed, that are to be searched
    as words.
    """
    typed = text[:_MAX_CHARACTERS]
    narrow = _DATE_FIELD.sub(lambda found: found[0].replace('"', " "), typed.translate(_NARROW))
    small = narrow.translate(_SMALL)
    pieces = tuple(_pieces(narrow, small))
    places = tuple(find_dates(_masked(small, pieces), typed, today, words))
    if identifier := id_of(_without(small, places)):
        clause = Clause("word", identifier)
        return Query(identifier, ((clause,),), QueryFilters(), (), (), identifier, False)
    groups, cut = _first(_groups(_without(narrow, places), pieces))
    filters, rest = _filters(groups, [place.range for place in places])
    fields = tuple(
        NamedField(one.field, value, one.sign, typed[one.start : one.end])
        for one in pieces
        if one.field and (value := trimmed(narrow[one.first : one.last]))
    )
    free = " ".join(c.text for group in rest for c in group if not c.field and c.sign != "-")
    ranges = tuple(place.range for place in places)
    return Query("", rest, filters, ranges, fields, free, cut or len(text) > len(typed))


def trimmed(text: str) -> str:
    """Take off what is at the ends of a word and not of it; "" for what has no letter or digit.

    >>> trimmed("(C++),"), trimmed("...")
    ('C++', '')
    """
    letters = [at for at, character in enumerate(text) if _is_letter(character)]
    if not letters:
        return ""
    end = letters[-1] + 1
    while end < len(text) and text[end] in _ENDINGS:
        end += 1
    return text[letters[0] : end]


def _is_letter(character: str) -> bool:
    return unicodedata.category(character)[0] in "LNM"


def _pieces(narrow: str, small: str) -> Iterator[_Piece]:
    for found in _PIECE.finditer(small):
        start, end = found.span()
        sign, field, gap, word = found.group(1, 2, 3, 5)
        written = narrow[start:end]
        if written in _AND or _EMPTY_FIELD.fullmatch(small, start, end):
            continue
        if written in _OR:
            yield _Piece(start, end, start, end, "or")
            continue
        first, last = found.span(4 if word is None else 5)
        kind = "phrase" if word is None else "word"
        if word and word[0] in "+-":  # two signs are none
            sign = ""
        named = "" if gap and field == "abstract" else field  # as a pasted one begins
        yield _Piece(start, end, first, last, kind, _FIELDS.get(named or "", ""), sign)


def _masked(small: str, pieces: Sequence[_Piece]) -> str:
    """Return the text with NULs where no date can be: only among plain words, and not beside OR."""
    kinds = ["", *(one.kind for one in pieces), ""]
    for at, one in enumerate(pieces):
        beside_or = "or" in kinds[at : at + 3]
        if one.kind != "word" or one.field or one.sign or beside_or:
            small = small[: one.start] + "\0" * (one.end - one.start) + small[one.end :]
    return small


def _without(text: str, places: Sequence[DatePlace]) -> str:
    for place in places:
        text = text[: place.start] + " " * (place.end - place.start) + text[place.end :]
    return text


def _groups(text: str, pieces: Sequence[_Piece]) -> Iterator[tuple[Clause, ...]]:
    """Yield groups of alternatives; what is left out is no alternative."""
    group: tuple[Clause, ...] = ()
    joined = False
    for piece in pieces:
        joined = joined or piece.kind == "or"
        for found in _clauses(text, piece):
            if joined and group and found[0].sign != "-":
                group += found
            else:
                if group:
                    yield group
                group = found
            joined = False
            if found[0].sign == "-":
                yield found
                group = ()
    if group:
        yield group


def _clauses(text: str, piece: _Piece) -> Iterator[tuple[Clause, ...]]:
    """Yield what a piece asks for, without what was a date in it."""
    if piece.kind == "or":
        return
    value = text[piece.first : piece.last]
    if piece.kind == "phrase" or piece.field in _FACETS:
        parts = [value]
    elif _ALTERNATIVES.fullmatch(value):
        several = tuple(c for one in value.split("|") if (c := _clause(one, piece)).text)
        if piece.sign == "-":
            yield from ((one,) for one in several)
        elif several:
            yield several
        return
    else:
        parts = [part for word in value.split(" ") for part in _SEPARATORS.split(word)]
    for part in parts:
        if (clause := _clause(part, piece)).text:
            yield (clause,)


def _clause(text: str, piece: _Piece) -> Clause:
    plain = piece.kind == "word" and not piece.field
    identifier = id_of(text.translate(_SMALL)) if plain else ""
    return Clause(piece.kind, identifier or trimmed(text), piece.field, piece.sign)


def _first(groups: Iterator[tuple[Clause, ...]]) -> tuple[list[tuple[Clause, ...]], bool]:
    """Return as many as are searched, and whether there were more."""
    kept: list[tuple[Clause, ...]] = []
    room = _MAX_CLAUSES
    for group in groups:
        if len(group) > room:
            return [*kept, *([group[:room]] if room else [])], True
        kept.append(group)
        room -= len(group)
    return kept, False


def _filters(
    groups: Sequence[tuple[Clause, ...]], dates: Sequence[DateRange]
) -> tuple[QueryFilters, tuple[tuple[Clause, ...], ...]]:
    """Return what narrows, and the groups without the first value of each facet."""
    values = dict.fromkeys(_FACETS, "")
    rest = []
    for group in groups:
        one = group[0]
        plain = len(group) == 1 and one.field in _FACETS and one.sign != "-"
        if plain and not values[one.field]:
            values[one.field] = one.text
        else:
            rest.append(group)
    spans = [one for one in dates if one.since and one.before]
    since = [min(one.since for one in spans)] if spans else []
    before = [max(one.before for one in spans)] if spans else []
    since += [one.since for one in dates if not one.before]
    before += [one.before for one in dates if not one.since]
    first, behind = max(since, default=""), min(before, default="")
    return QueryFilters(**values, since=first, before=behind), tuple(rest)
