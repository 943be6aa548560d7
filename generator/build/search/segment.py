"""Text cut for a search index that knows words between spaces, and queries cut the same way.

Pagefind indexes what stands between spaces, which Chinese, Japanese and Korean do not write. So a
run of these scripts becomes overlapping pairs of characters (bigrams) and, last, its final
character: ``投机解码`` is indexed as ``投机 机解 解码 码``. A phrase of pairs is found exactly, a
single character by its beginning, and the last character tells where the run ends, so that
``unspaced`` gives back the text as it was. Where a space was put between two characters that had
none, the mark ``GLUE`` says so: punctuation, which the index ignores.

``site_src/assets/search/segment.js`` does the same in the browser, and
tests/build/search/segment_vectors.json holds both to it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from generator.core.characters import CJK, WIDE_PUNCTUATION

GLUE = "\u2e31"  # word separator middle dot: no text of this field has it

_RUN = f"[{CJK}]+"
_WIDE = f"[{WIDE_PUNCTUATION}]+"
# White space as JavaScript has it.
_SPACE = (
    "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)
_WORDS = re.compile(f"{_RUN}|[^{CJK}{_SPACE}]+")
_NO_SPACES = re.compile(f"(?P<run>{_RUN})|{_WIDE}")
_IS_RUN = re.compile(_RUN)
_PAIR = re.compile(f"([{CJK}])[{CJK}] ")
_QUERY_PARTS = re.compile(f'"([^"]*)"?|([^{_SPACE}]+)')
_LETTER = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a query, ``text`` as the index has it.

    ``kind`` is ``word`` (any form of it), ``phrase`` (exactly these words in this order) or
    ``prefix`` (a single character of a script without spaces).
    """

    kind: str
    text: str


def spaced(text: str) -> str:
    """Return a text as the index needs it.

    >>> spaced("KV缓存大小。")
    'KV⸱ 缓存 存大 大小 小⸱ 。'
    """
    return text if text.isascii() else _NO_SPACES.sub(_apart, text.replace(GLUE, " "))


def unspaced(text: str) -> str:
    """Return what ``spaced`` was given.

    >>> unspaced("KV⸱ 缓存 存大 大小 小⸱ 。")
    'KV缓存大小。'
    """
    # Of a pair only the first character counts: the second comes back with the next word.
    return _PAIR.sub(r"\1", text).replace(f"{GLUE} ", "")


def unaccented(text: str) -> str:
    """Take the diacritics off.

    >>> unaccented("Jérémy")
    'Jeremy'
    """
    if text.isascii():
        return text
    parts = unicodedata.normalize("NFD", text)
    return "".join(c for c in parts if unicodedata.category(c) != "Mn")


def clauses(query: str) -> tuple[Clause, ...]:
    """Cut a query: words, phrases in quotation marks, and what has no spaces as phrases.

    >>> clauses('稀疏 attention "large model"')
    (Clause(kind='phrase', text='稀疏'), Clause(kind='word', text='attention'), \
Clause(kind='phrase', text='large model'))
    """
    found: list[Clause] = []
    for quoted, bare in _QUERY_PARTS.findall(query):
        for part in re.split(_WIDE, quoted or bare):  # which no phrase reaches over
            if not _LETTER.search(part):
                continue
            if len(part) == 1 and _IS_RUN.fullmatch(part):
                found.append(Clause("prefix", part))
            elif quoted or _IS_RUN.search(part):
                found.append(Clause("phrase", _phrase(part)))
            else:
                found.append(Clause("word", part))
    return tuple(found)


def _apart(piece: re.Match[str]) -> str:
    """Put spaces about a run or wide punctuation, and marks where there were none."""
    text, start, end = piece.string, piece.start(), piece.end()
    before = f"{GLUE} " if start and text[start - 1] not in _SPACE else ""
    # What needs spaces of its own puts them before itself.
    apart = end == len(text) or text[end] in _SPACE or _NO_SPACES.match(text, end)
    words = [*_pairs(piece[0]), piece[0][-1]] if piece["run"] else [piece[0]]
    return f"{before}{' '.join(words)}{'' if apart else f'{GLUE} '}"


def _pairs(run: str) -> list[str]:
    return list(map(str.__add__, run, run[1:]))


def _phrase(text: str) -> str:
    """Cut a phrase as ``spaced`` does, but without the final character of a final run."""
    pieces = [piece for piece in _WORDS.findall(text) if _LETTER.search(piece)]
    words: list[str] = []
    for number, piece in enumerate(pieces, 1):
        if not _IS_RUN.match(piece):
            words.append(piece)
            continue
        words += _pairs(piece)
        if number < len(pieces) or len(piece) == 1:
            words.append(piece[-1])
    return " ".join(words)
