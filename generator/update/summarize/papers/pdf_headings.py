"""Which lines of a PDF are titles of sections. Pure.

A PDF knows letters and places, not titles: numbers that go on, names that every paper has, and type
that is bold or larger than the text have to agree.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from generator.update.summarize.papers.pdf_layout import Line

_NUMBERED = re.compile(r"(?P<number>\d{1,2}(?:\.\d{1,2}){0,3})\.?\s+(?P<title>\S.*)")
_ROMAN = re.compile(r"(?P<number>[IVX]{1,5})\.\s+(?P<title>[A-Z].*)")
_APPENDIX = re.compile(
    r"(?:appendix|supplementa(?:l|ry)(?: materials?| information)?)\b[\s:.\-–—]*(?P<title>.*)",
    re.IGNORECASE,
)
_LETTERED = re.compile(r"(?P<number>[A-Z](?:\.\d{1,2}){0,3})[.:]?\s+(?P<title>\S.*)")
_INLINE_ABSTRACT = re.compile(r"(?P<title>abstract)\s*[—–\-.:]+\s*(?P<rest>\S.*)", re.IGNORECASE)

# Alone on a line these are titles in any type ...
_CERTAIN = re.compile(
    r"abstract|introduction|related works?|conclusions?|references|bibliography|acknowledge?ments?"
    r"|conclusions? and future works?|discussions? and conclusions?",
    re.IGNORECASE,
)
# ... and these where they are bold, larger or in capitals.
_USUAL = re.compile(
    r"(?:materials and )?methods?|methodology|approach|experiments?|experimental (?:setup|results)"
    r"|results(?: and discussions?)?|evaluation|discussions?|analysis|background|preliminaries"
    r"|limitations?|future works?|ethics statement|ethical considerations|broader impacts?"
    r"|impact statement|(?:data|code) availability|author contributions|funding"
    r"|reproducibility statement|notation|problem (?:statement|setup|formulation)",
    re.IGNORECASE,
)
_REFERENCES = re.compile(
    r"references(?: and notes)?|bibliography|literature cited|works cited", re.IGNORECASE
)
_LARGER = 1.08  # times the height of the text
_MAX_TITLE = 120  # characters
_ROMANS = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV"]


@dataclass(frozen=True, slots=True)
class PdfHeading:
    """A title with its number; ``rest`` is text that follows on the same line."""

    kind: Literal["section", "subsection", "references"]
    title: str
    appendix: bool = False
    rest: str = ""


class Headings:
    """Looks at one line after the other, and remembers where it is in the paper."""

    def __init__(self, body_height: float) -> None:
        self._body_height = body_height
        self._numbering: Literal["", "arabic", "roman"] = ""
        self._number = 0
        self._letter = ""
        self._begun = False
        self._in_references = False
        self._in_appendix = False

    def find(self, line: Line) -> PdfHeading | None:
        """Return the title that a line is, if it is one."""
        text = " ".join(line.text.split())
        if len(text) > _MAX_TITLE and not _INLINE_ABSTRACT.match(text):
            return None
        heading = (
            self._abstract(text)
            or self._appendix(text, line)
            or self._numbered(text, line)
            or self._roman(text, line)
            or self._named(text, line)
        )
        if heading and heading.kind != "subsection":
            self._begun = True
            self._in_references = heading.kind == "references"
            self._in_appendix = heading.appendix
        return heading

    def is_set_off(self, line: Line) -> bool:
        """Tell whether a line is in bold or larger type."""
        return line.bold or line.height >= _LARGER * self._body_height

    def _abstract(self, text: str) -> PdfHeading | None:
        found = _INLINE_ABSTRACT.match(text)
        if not found or self._begun:
            return None
        return PdfHeading("section", found["title"].title(), rest=found["rest"])

    def _appendix(self, text: str, line: Line) -> PdfHeading | None:
        """Find ``Appendix B: Data``, ``B Data`` and ``B.1 Sources`` behind the references."""
        set_off = self.is_set_off(line) or text.isupper()
        if (found := _APPENDIX.fullmatch(text)) and (set_off or not found["title"]):
            lettered = _LETTERED.fullmatch(f"{found['title']} -")
            self._letter = lettered["number"][0] if lettered else self._letter
            return PdfHeading("section", text, appendix=True)
        found = _LETTERED.fullmatch(text)
        if not found or not set_off or not (self._in_references or self._in_appendix):
            return None
        if not _is_title(found["title"]):
            return None
        letter = found["number"][0]
        if len(found["number"]) > 1:
            return PdfHeading("subsection", text, appendix=True) if letter == self._letter else None
        if ord(letter) != ord(self._letter or "@") + 1:  # @ stands before A
            return None
        self._letter = letter
        return PdfHeading("section", text, appendix=True)

    def _numbered(self, text: str, line: Line) -> PdfHeading | None:
        found = _NUMBERED.fullmatch(text)
        if not found or self._numbering == "roman" or not _is_title(found["title"]):
            return None
        number, *below = map(int, found["number"].split("."))
        known = bool(_CERTAIN.fullmatch(found["title"]) or _REFERENCES.fullmatch(found["title"]))
        if not (self.is_set_off(line) or text.isupper() or known):
            return None
        if below:
            return PdfHeading("subsection", text) if number == self._number else None
        if not (
            number <= 1 if not self._number else number in (self._number + 1, self._number + 2)
        ):
            return None
        self._numbering, self._number = "arabic", number
        return self._section(text, found["title"])

    def _roman(self, text: str, line: Line) -> PdfHeading | None:
        found = _ROMAN.fullmatch(text)
        if found and self._numbering != "arabic" and _is_title(found["title"]):
            set_off = self.is_set_off(line) or found["title"].isupper()
            number = 1 + _ROMANS.index(found["number"]) if found["number"] in _ROMANS else 0
            if set_off and number == self._number + 1:
                self._numbering, self._number = "roman", number
                return self._section(text, found["title"])
        lettered = _LETTERED.fullmatch(text) if self._numbering == "roman" else None
        if lettered and self.is_set_off(line) and _is_title(lettered["title"]):
            return PdfHeading("subsection", text)
        return None

    def _named(self, text: str, line: Line) -> PdfHeading | None:
        name = text.rstrip(".: ")
        set_off = self.is_set_off(line) or name.isupper()
        if _REFERENCES.fullmatch(name) or (_CERTAIN.fullmatch(name) and not self._in_references):
            return self._section(name, name)
        if set_off and (_CERTAIN.fullmatch(name) or _USUAL.fullmatch(name)):
            return self._section(name, name)
        larger = line.height >= 1.15 * self._body_height
        if larger and self._begun and not self._numbering and _is_title(text):
            return self._section(text, text)
        return None

    def _section(self, text: str, title: str) -> PdfHeading:
        if _REFERENCES.fullmatch(title.rstrip(".: ")):
            return PdfHeading("references", text)
        return PdfHeading("section", text, appendix=self._in_appendix)


def _is_title(text: str) -> bool:
    """Tell whether words may be a title: they begin with a capital and do not end as a sentence."""
    letters = sum(character.isalpha() for character in text)
    return (
        (text[:1].isdigit() or (text[:1].isalpha() and not text[:1].islower()))
        and letters >= 2
        and 2 * letters > len(text.replace(" ", ""))
        and not text.endswith((".", ",", ";", ":", "-"))
    )
