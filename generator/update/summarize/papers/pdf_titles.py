"""How titles of sections are written: their numbers and names. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from generator.update.summarize.papers.pdf_layout import Style

NUMBERED = re.compile(
    r"(?P<word>(?:appendix|section|chapter|supplement)\s+|§\s*)?"
    r"(?P<number>\d{1,2}(?:\.\d{1,2}){0,3}|[IVX]{1,5}(?=[.:\s])|[A-Z](?:\.?\d{1,2}){0,3}(?=[.:)\s]))"
    r"[.:)]?(?:\s*[-–—|:]\s*|\s+)(?P<title>\S.*)",
    re.IGNORECASE,
)
APPENDIX = re.compile(
    r"(?:online\s+)?(?:appendi(?:x|ces)|supplement(?:al|ary)?(?: materials?| information)?)\b.*",
    re.IGNORECASE,
)
INLINE_ABSTRACT = re.compile(r"(?P<title>abstract)\s*[—–\-.:]+\s*(?P<rest>\S.*)", re.IGNORECASE)
# Alone on a line these are titles in any type ...
CERTAIN = re.compile(
    r"abstract|(?:\d+\s*[|:]\s*)?introduction|related works?|conclusions?|references|bibliography"
    r"|acknowledge?ments?|conclusions? and future works?|discussions? and conclusions?",
    re.IGNORECASE,
)
# ... and these where they are set off.
USUAL = re.compile(
    r"(?:materials? and )?methods?|methodology|approach|experiments?|experimental (?:setup|results)"
    r"|results?(?: and discussions?)?|evaluation|discussions?|analysis|background|preliminaries"
    r"|limitations?|future works?|ethics statement|ethical considerations|broader impacts?"
    r"|impact statement|(?:data|code)(?: and code)? availability(?: statement)?|funding"
    r"|author contributions?|conflicts? of interest|(?:declaration of )?competing interests?"
    r"|reproducibility statement|notation|problem (?:statement|setup|formulation)|summary"
    r"|literature review|theoretical framework|concluding remarks|credit authorship.*|datasets?",
    re.IGNORECASE,
)
# ... and these are sections also where sections have numbers, and they have none.
ALWAYS = re.compile(
    r"abstract|references|bibliography|literature cited|acknowledge?ments?", re.IGNORECASE
)
REFERENCES = re.compile(
    r"(?:references?(?: and notes| cited)?|bibliography"
    r"|(?:literature|works) cited|(?:selected )?bibliography|main references|list of references"
    r"|references and links|cited (?:literature|works))",
    re.IGNORECASE,
)
CAPTION = re.compile(r"(?i:fig(?:ure|\.)?|table|algorithm|listing)\s*(?:\d|[IVX]+\b|[A-Z]\.?\d*\b)")
STATEMENT = re.compile(
    r"(?:theorem|lemma|proposition|corollary|definition|proof|remark|example|assumption|claim"
    r"|keywords?|key words|jel|msc|received|accepted|arxiv|doi)\b",
    re.IGNORECASE,
)
_CODE = re.compile(r"[\\{}=<>]|\w\(\)|;$")
_ROMANS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV")


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the file's outline: its depth from 0, its page from 0, its title."""

    depth: int
    page: int
    title: str


@dataclass(frozen=True, slots=True)
class PdfHeading:
    """What may be a title: the lines from ``start`` to before ``end``, and how they are set.

    ``rest`` is text behind it on its last line, ``strength`` how far its type is from the text's (2
    larger or bold, 1 other, 0 the same), ``gap`` how many points it is below what precedes it,
    ``numbers`` those that it may begin with, each with its kind. Level 1 is a section, 2 what is
    below, 0 none.
    """

    start: int
    end: int
    text: str
    style: Style
    level: int = 0
    rest: str = ""
    appendix: bool = False
    page: int = 0
    strength: int = 0
    larger: bool = False
    gap: float = 0.0
    at_margin: bool = True
    numbers: tuple[tuple[str, tuple[int, ...]], ...] = ()

    @property
    def key(self) -> tuple[Style, bool, bool]:
        """Return what titles of one level have in common: type, capitals, place at a margin."""
        return self.style, self.text.isupper(), self.at_margin

    @property
    def name(self) -> str:
        """Return the title without what may stand behind its last word."""
        return self.text.rstrip(".: ")

    @property
    def is_references(self) -> bool:
        """Tell whether what follows is the list of references."""
        found = NUMBERED.fullmatch(self.name)
        return REFERENCES.fullmatch(found["title"] if found else self.name) is not None


def numbers_of(text: str) -> list[tuple[str, tuple[int, ...]]]:
    """Return the numbers that a title may begin with, each with its kind: ``C.`` is two."""
    found = NUMBERED.fullmatch(text)
    if not found or not is_title(found["title"][:1].upper() + found["title"][1:]):
        return []
    if found["title"][0].islower() and "." not in found["number"]:
        return []
    number = found["number"]
    if number[0].isdigit():
        return [("arabic", tuple(map(int, number.split("."))))]
    kinds: list[tuple[str, tuple[int, ...]]] = []
    if number in _ROMANS:
        kinds.append(("roman", (1 + _ROMANS.index(number),)))
    if number[0].isupper() and (len(number) == 1 or number[1:2] in (*"0123456789.",)):
        below = [int(part) for part in re.findall(r"\d+", number)]
        kinds.append(("letter", (ord(number[0]) - 64, *below)))
    return kinds


def bare(text: str) -> str:
    """Return a title without its number, as titles compare."""
    found = NUMBERED.fullmatch(text.strip())
    folded = unicodedata.normalize("NFKD", found["title"] if found else text).casefold()
    return "".join(character for character in folded if character.isalnum())


def is_title(text: str) -> bool:
    """Tell whether words may be a title: most are letters, and they begin as one does."""
    letters = sum(character.isalpha() for character in text)
    start = text.lstrip("“\"'(*§")[:1]
    return (
        (start.isdigit() or (start.isalpha() and not start.islower()))
        and letters >= 2
        and 2 * letters > len(text.replace(" ", ""))
        and not _CODE.search(text)
        and not has_leaders(text)
    )


def has_leaders(text: str) -> bool:
    """Tell whether dots lead from a title to its page, as in a table of contents."""
    return ". . . ." in text or "....." in text
