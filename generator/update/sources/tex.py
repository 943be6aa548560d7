r"""arXiv's metadata text to Unicode: TeX accents and text macros outside maths, and author lists.

arXiv's titles, abstracts and names are text with some TeX in it, not TeX: ``%`` is a per cent sign,
``#``, ``&``, ``_`` and ``^`` stand for themselves, braces may be unbalanced. So this module finds
the macros itself, and asks pylatexenc only for what a single one means.
"""

from __future__ import annotations

import re

from generator.core.papers import Author
from generator.markup import maths
from generator.update.sources.texmacros import DOLLAR, MATHS, replace_macros

_DROP_STAND_INS = dict.fromkeys(map(ord, (MATHS, DOLLAR)))

_NEEDS_WORK = re.compile(rf"\\|``|--|~|{MATHS}|{DOLLAR}")
# Ties stand between words; "10~20" is a range, "z~2" an estimate, "X~N(0,1)" a distribution.
_TYPOGRAPHY = re.compile(
    rf"""(?P<url>https?://[^\s'`]+)
        |(?P<opening>``)
        |(?P<closing>'')
        |(?P<em>(?<!-)---(?!-))
        |(?P<en>(?<=[^\s\-<(\[{{"'`“=/|])--(?=[^\s\->])|(?<=\s)--(?=\s))
        |(?P<tie>(?:(?<=[\w.){MATHS}])~(?=[\w{MATHS}])|(?<=\.)~(?=\())
                 (?!(?<=\d~)\d|(?<=\b[^\W\d_]~)\d|[A-Z]\w*\())""",
    re.VERBOSE,
)
_DASHES = {"em": "—", "en": "–", "tie": " "}


def clean_text(raw: str) -> str:
    r"""Return arXiv's text as a reader wants it: one line of Unicode, in which maths stays TeX.

    Outside maths, TeX accents, text macros, quotes, dashes and ties become Unicode; what is unknown
    stays as it is. Maths (see ``maths_spans``) is kept but for line breaks. ``\$`` becomes ``$``
    unless that would then pair up and look like maths. Takes any string and never raises.

    >>> clean_text(r"Schr\"odinger's {\ss} and ``$A^2$'' --- 50\% of Pok\'emon")
    "Schrödinger's ß and “$A^2$” — 50% of Pokémon"
    """
    text = " ".join(raw.split())
    if not _NEEDS_WORK.search(text):
        return text
    text = text.translate(_DROP_STAND_INS)
    pieces, formulas, position = [], [], 0
    for start, end in maths_spans(text):
        pieces += [text[position:start], MATHS]
        formulas.append(text[start:end])
        position = end
    masked = replace_macros("".join((*pieces, text[position:])))
    masked = " ".join(_typography(masked).split())
    plain = _put_back(masked.replace(DOLLAR, "$"), formulas)
    if DOLLAR in masked and [plain[a:b] for a, b in maths_spans(plain)] != formulas:
        return _put_back(masked.replace(DOLLAR, r"\$"), formulas)
    return plain


def maths_spans(text: str) -> list[tuple[int, int]]:
    """Return where formulas stand in a text: (start, end) with their delimiters, in order."""
    return [(formula.start, formula.end) for formula in maths.find(text)]


def _put_back(masked: str, formulas: list[str]) -> str:
    head, *rest = masked.split(MATHS)
    return head + "".join(formula + text for formula, text in zip(formulas, rest, strict=True))


def _typography(text: str) -> str:
    """Replace quotes that have both ends, dashes and ties by Unicode, but not in web addresses."""
    pieces, position = [], 0
    opening: int | None = None  # index in pieces of a `` that waits for its ''
    for found in _TYPOGRAPHY.finditer(text):
        pieces += [text[position : found.start()], _DASHES.get(found.lastgroup or "", found[0])]
        position = found.end()
        if found.lastgroup == "opening":
            opening = len(pieces) - 1
        elif found.lastgroup == "closing" and opening is not None:
            pieces[opening], pieces[-1] = "“", "”"
            opening = None
    return "".join((*pieces, text[position:]))


_SUFFIX = re.compile(r"(?:Jr|Sr)\.?|II|III|IV|Junior", re.IGNORECASE)
_FOOTNOTE_MARK = re.compile(r"\$\s*\^[^$]*\$")
_BRACKET = re.compile(r"[()]")
_LITTER = " \t:;,\\{}"


def split_authors(raw: str) -> tuple[Author, ...]:
    r"""Return the authors in arXiv's ``dc:creator``: one string, separated by commas.

    Affiliations stand in brackets behind a name, with commas and brackets of their own; a bracket
    that is never closed ends at the next comma. A suffix behind a comma (``Jr.``) joins the name
    before it. Pieces without a letter are dropped, as are footnote marks (``$^{1,2}$``).

    >>> [author.name for author in split_authors(r"J\'er\'emy Leconte (LAB, CNRS), John Roe, Jr.")]
    ['Jérémy Leconte', 'John Roe Jr.']
    """
    authors: list[Author] = []
    for piece in _split_at_commas(_FOOTNOTE_MARK.sub("", clean_text(raw))):
        if not any(map(str.isalpha, piece)):
            continue
        name, affiliation = _split_affiliation(piece)
        if authors and (not name or _SUFFIX.fullmatch(name)):
            previous = authors.pop()
            name = f"{previous.name} {name}".strip()
            affiliation = "; ".join(filter(None, (previous.affiliation, affiliation)))
        if name:
            authors.append(Author(name, affiliation or None))
        elif affiliation:
            authors.append(Author(affiliation))
    return tuple(authors)


def _bracket_pairs(text: str) -> list[tuple[int, int]]:
    """Return the outermost closed pairs of brackets: (start, end), in order."""
    opened: list[int] = []
    pairs: list[tuple[int, int]] = []
    for bracket in _BRACKET.finditer(text):
        if bracket[0] == "(":
            opened.append(bracket.start())
        elif opened:
            start = opened.pop()
            while pairs and pairs[-1][0] > start:
                pairs.pop()
            pairs.append((start, bracket.end()))
    return pairs


def _split_at_commas(text: str) -> list[str]:
    pieces, start, position = [], 0, 0
    whole = sorted([*_bracket_pairs(text), *maths_spans(text)])
    for begin, end in [*whole, (len(text), len(text))]:
        while (comma := text.find(",", position, begin)) >= 0:
            pieces.append(text[start:comma])
            start = position = comma + 1
        position = max(position, end)
    return [*pieces, text[start:]]


def _split_affiliation(piece: str) -> tuple[str, str | None]:
    """Return a name and what stands in brackets at its end; several are joined with "; "."""
    name, affiliations = piece.strip(_LITTER), []
    pairs = _bracket_pairs(name)
    while pairs and pairs[-1][1] == len(name):
        start, end = pairs.pop()
        affiliations.append(name[start + 1 : end - 1].strip())
        name = name[:start].rstrip(_LITTER)
    unclosed = name.find("(", pairs[-1][1] if pairs else 0)
    if unclosed >= 0:
        affiliations.append(name[unclosed + 1 :].strip(_LITTER))
        name = name[:unclosed]
    elif not pairs:
        name = name.replace(")", "")
    return name.strip(_LITTER), "; ".join(filter(None, reversed(affiliations))) or None
