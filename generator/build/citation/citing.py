"""How a paper is cited: one entry of a BibTeX or RIS file. Pure.

BibTeX's grammar is in https://mirrors.ctan.org/biblio/bibtex/base/btxdoc.pdf, the fields for a
preprint in https://info.arxiv.org/help/hypertex/bibstyles/index.html; RIS is described in
https://en.wikipedia.org/wiki/RIS_(file_format). Both are written in UTF-8: accents stay letters.

BibTeX counts every brace, escaped ones too. So no brace of a text is written as one: what comes
from outside cannot end its field.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from generator.core.characters import LINE_BREAKS
from generator.core.papers import Paper
from generator.markup.maths import Formula
from generator.markup.text import one_line, pieces, plain

_SPECIAL = {
    **{"\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}"},
    **{"~": r"\textasciitilde{}", "^": r"\textasciicircum{}"},
    **{sign: f"\\{sign}" for sign in "$&%#_"},
}
_SPECIAL_SIGN = re.compile(r"[\\{}~^$&%#_]")
_BRACES_IN_MATHS = {r"\{": r"\lbrace ", r"\}": r"\rbrace "}
_DEEPEST = 20  # braces in braces: programs that read BibTeX recurse into them
_TEX_TOKEN = re.compile(r"\\.|[{}%#$]|[^\\{}%#$]+|\\", re.DOTALL)
# Styles print a DOI as it is, and so it is written, but for signs that TeX would choke on.
_PLAIN_DOI = re.compile(r"10\.\d{4,9}/[\w.;:/()<>\[\]+-]+", re.ASCII)

_LINE_ENDS = dict.fromkeys(map(ord, LINE_BREAKS), " ")

_SUFFIX = re.compile(r"(?:Jr|Sr)\.?|II|III|IV|Junior", re.IGNORECASE)
_GROUP = re.compile(
    # "The" is a given name in Vietnam.
    r"(?:for )?the .*|(?i:.*\b(?:collaboration|collaborations|consortium|team|group|authors))"
)
_SEPARATOR = re.compile(r"\band\b", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Name:
    """An author's name in the parts that citations order: those of a group are all in ``last``."""

    last: str
    given: str = ""
    suffix: str = ""
    is_group: bool = False

    def __str__(self) -> str:
        """Return the name as an index has it: ``van der Berg, Jan``."""
        return ", ".join(filter(None, (self.last, self.given, self.suffix)))


@lru_cache(maxsize=60_000)
def split_name(name: str) -> Name:
    """Split a name as printed: the last word is the surname, with the small words before it.

    >>> str(split_name("Jan van der Berg Jr."))
    'van der Berg, Jan, Jr.'
    """
    text = _plain(name)
    # What says "and" would be two authors to BibTeX.
    if _GROUP.fullmatch(text) or _SEPARATOR.search(text):
        return Name(text, is_group=True)
    words = text.replace(",", " ").split()
    suffix = words.pop() if len(words) > 2 and _SUFFIX.fullmatch(words[-1]) else ""
    at = next((n for n, word in enumerate(words[:-1]) if word[0].islower()), len(words) - 1)
    return Name(" ".join(words[max(at, 0) :]), " ".join(words[: max(at, 0)]), suffix)


def published(paper: Paper) -> str:
    """Return when a paper came out: the day, where its first listing tells, else the month.

    An old paper's first listing here may be a new version, or the day may lie behind New Year.
    """
    yymm = paper.id.rpartition("/")[2][:4]
    # Ids begin in 1991 (https://info.arxiv.org/help/arxiv_identifier.html).
    month = f"{19 if yymm[:2] >= '91' else 20}{yymm[:2]}-{yymm[2:]}"
    first = min(paper.listings).date.isoformat() if paper.listings else ""
    return first if first.startswith(month) else month


def abs_url(paper: Paper) -> str:
    """Return the page of all versions on arXiv."""
    return f"https://arxiv.org/abs/{paper.id}"


def bibtex(paper: Paper) -> str:
    """Return one entry, a field a line. The id is the key: no two papers of an archive share it."""
    doi = _line(paper.doi or "")
    journal = _line(paper.journal_ref or "")
    fields = {
        "title": _title(paper.title),
        "author": " and ".join(filter(None, map(_author, (a.name for a in paper.authors)))),
        "year": published(paper)[:4],
        "eprint": paper.id,
        "archivePrefix": "arXiv",
        "primaryClass": _escaped(_line(paper.primary_category)),
        "url": abs_url(paper),
        "doi": doi if _PLAIN_DOI.fullmatch(doi) else _escaped(doi),
        # A journal reference is one free text; taking it apart would be guessing.
        "note": f"Published in {_text(journal)}" if journal else "",
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    return f"@misc{{arXiv:{paper.id},\n" + ",\n".join(lines) + "\n}"


def ris(paper: Paper) -> str:
    """Return one record. Formulas are plain characters, as RIS knows no TeX."""
    day = published(paper).replace("-", "/")
    lines = [
        ("TY", "UNPB"),
        ("TI", _plain(paper.title)),
        *(("AU", str(split_name(author.name))) for author in paper.authors),
        ("PY", day[:4]),
        ("DA", f"{day}{'/' * (3 - day.count('/'))}"),
        ("PB", "arXiv"),
        ("M1", f"arXiv:{paper.id}"),
        *(("KW", _line(category)) for category in paper.categories),
        ("DO", _line(paper.doi or "")),
        ("N1", _plain(paper.journal_ref or "")),
        ("UR", abs_url(paper)),
    ]
    return "".join(f"{tag}  - {value}\n" for tag, value in lines if value) + "ER  - \n"


def _author(name: str) -> str:
    parts = split_name(name)
    if parts.is_group:
        return f"{{{_escaped(parts.last)}}}"
    # BibTeX knows three parts, the suffix in the middle.
    ordered = filter(None, (parts.last, parts.suffix, parts.given))
    return ", ".join(_escaped(part) for part in ordered)


def _title(title: str) -> str:
    """Return a title whose formulas stay; styles leave capitals in it that carry meaning alone."""
    parts = pieces(_line(title))
    words = [word for part in parts if isinstance(part, str) for word in part.split()]
    long = [letters for word in words[1:] if len(letters := _LETTER.findall(word)) > 3]
    # Where most words are small, a capital is a name's; else it is the fashion of the title.
    small = 2 * sum(letters[0].islower() for letters in long) > len(long)
    written = []
    is_first = True
    for part in parts:
        if isinstance(part, Formula):
            written.append(f"{{{_formula(part)}}}")
            is_first = False
            continue
        for word in re.split(r"(\s+)", part):
            letters = _LETTER.findall(word)
            capital = any(letter.isupper() for letter in letters[1:])
            name = small and not is_first and letters[:1] != [] and letters[0].isupper()
            written.append(f"{{{_escaped(word)}}}" if capital or name else _escaped(word))
            is_first = is_first and not letters
    return "".join(written)


def _text(text: str) -> str:
    return "".join(
        _formula(part) if isinstance(part, Formula) else _escaped(part) for part in pieces(text)
    )


def _formula(formula: Formula) -> str:
    """Return a formula between dollar signs; as text where it would break the entry."""
    depth = 0
    written = []
    for token in _TEX_TOKEN.findall(formula.tex):
        depth += {"{": 1, "}": -1}.get(token, 0)
        if not 0 <= depth <= _DEEPEST or token in ("%", "#", "$", "\\"):
            return _escaped(f"${formula.tex}$")
        written.append(_BRACES_IN_MATHS.get(token, token))
    tex = "".join(written)
    return f"${tex}$" if tex and not depth else _escaped(f"${formula.tex}$")


def _escaped(text: str) -> str:
    return _SPECIAL_SIGN.sub(lambda sign: _SPECIAL[sign[0]], text)


def _line(text: str) -> str:
    """Return a text as what every program takes for a line; to some, two more signs end one."""
    return one_line(text.translate(_LINE_ENDS))


def _plain(text: str) -> str:
    return plain(text.translate(_LINE_ENDS))
