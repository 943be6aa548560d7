"""A paper as plain text in sections, and how it is made to fit what a model can read. Pure."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from generator.core.characters import ACCENTED_LATIN, JOINERS
from generator.core.errors import PaperError

_MAX_TITLE = 80  # characters
_MAX_TITLES = 12
_WORTH_READING = 4 * 150  # quarters of a token: a paragraph
_LEFT_OUT = "[Left out here: {}]"

# What is left out first comes first. Titles that none of these knows are method sections: they
# stand between background and results. Appendices are known by their place, not their names.
_APPENDIX = 0
_METHOD = 4
_BEGINNING = 7
_IMPORTANCE: tuple[tuple[int, re.Pattern[str]], ...] = tuple(
    (rank, re.compile(rf"\b(?:{names})", re.IGNORECASE))
    for rank, names in (
        (_APPENDIX, r"appendi|supplement|checklist"),
        (
            1,
            r"acknowledg|funding|author contributions?|credit authorship|competing interests?"
            r"|conflicts? of interest|(?:data|code)\b.*\bavailability|ethic|broader impact"
            r"|impact statement|reproducibility",
        ),
        (2, r"related|prior work|previous work|literature review|state of the art"),
        (3, r"background|preliminar|notation|problem (?:statement|setting|setup|formulation)"),
        (_BEGINNING, r"abstract|introduction|summary$|overview$"),
        (6, r"conclu|limitation|future work|discussion|closing remarks"),
        (5, r"result|experiment|evaluation|ablation|benchmark|findings|empirical|analysis$"),
    )
)

_PARAGRAPH_END = re.compile(r"\n\n")
_SENTENCE_END = re.compile(r"[.!?][\"')\]]*(?=\s)|[。！？]")
_WORD_END = re.compile(r"(?=\s)")

_DENSE = re.compile(r"[^A-Za-z\s]+")
_THREE_BYTES = re.compile("[\u0800-\uffff]+")
_FOUR_BYTES = re.compile("[\U00010000-\U0010ffff]+")

_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}
# Only a sieve, for speed: of all that is not in it, the category decides.
_SUSPECT = re.compile(f"[^ -~{ACCENTED_LATIN}\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class PaperSection:
    """A top-level section: its title with number ("" for what stands before the first), its text.

    Paragraphs are separated by an empty line; titles of subsections are paragraphs that begin with
    ``###``.
    """

    title: str
    text: str
    appendix: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A paper's text in reading order, without its references.

    ``left_out`` says what the source has and the sections should have, such as "pages 201 to 260".
    ``title`` is the paper's own, "" where it is not known. ``omitted`` says what is never read:
    references, a table of contents.
    """

    sections: tuple[PaperSection, ...]
    source: Literal["html", "pdf"] = "html"
    left_out: tuple[str, ...] = ()
    title: str = ""
    omitted: tuple[str, ...] = ()


def outline(section: PaperSection) -> Iterator[tuple[int, str, str]]:
    """Yield the level, title and text of a section (1) and of each subsection in it (2)."""
    first, *below = re.split(r"^### ", section.text, flags=re.MULTILINE)
    yield 1, section.title, first.strip()
    for part in below:
        title, _, text = part.partition("\n")
        yield 2, title, text.strip()


@dataclass(frozen=True, slots=True)
class Fitted:
    """A text for a model, and the titles of what it leaves out, each one line of 80 characters.

    After twelve titles ``left_out`` ends with "and N more". A section that was cut short counts,
    with "(in part)" behind its title.
    """

    text: str
    left_out: tuple[str, ...]


def estimate_tokens(text: str) -> int:
    """Estimate with caution how many tokens a model counts for a text, without its tokenizer.

    OpenAI's rule of thumb is four characters of English a token
    (https://help.openai.com/en/articles/4936856). Digits, signs and accented letters are denser:
    three quarters of a token each. Characters of three bytes in UTF-8, Chinese among them, count
    five quarters, those of four bytes, such as letters of formulas, three tokens. Against OpenAI's
    cl100k_base that is 1.5 times the tokens of English, 1.2 of Chinese, 1.0 of TeX, 0.9 of tables.
    """
    return -(-_quarters(text) // 4)


def clean_characters(text: str) -> str:
    """Drop the characters that nobody sees: controls, lone surrogates, private use, directions.

    Line ends and tabs stay. A model would read what a person cannot, and obey it.
    """
    return _SUSPECT.sub(_visible, text)


def _visible(found: re.Match[str]) -> str:
    character = found[0]
    if character in "\n\t" or character in JOINERS:
        return character
    if unicodedata.category(character) in _INVISIBLE:
        return ""
    return " " if character.isspace() else character


def fit(document: Document, tokens: int) -> Fitted:
    """Return the document as plain text of at most ``tokens``, by the estimate.

    Where it is too long, whole sections go: first appendices, then acknowledgements, related work,
    background, methods, results, conclusions, and last abstract and introduction, of equals the
    later ones first. Of the last one that goes, the beginning stays where that is worth it. Each
    gap is stated in its place, in square brackets.
    """
    sections = document.sections
    order = sorted(range(len(sections)), key=lambda index: (_importance(sections, index), -index))
    limit = 4 * tokens

    def kept(dropped: int) -> list[str | None]:
        gone = set(order[:dropped])
        return [None if index in gone else section.text for index, section in enumerate(sections)]

    dropped = bisect_left(
        range(len(sections) + 1),
        True,
        key=lambda count: _quarters(_render(document, kept(count))) <= limit,
    )
    texts = kept(dropped)
    if dropped > len(sections):  # not even the list of what is missing fits
        text = _LEFT_OUT.format(f"the whole text, {len(sections)} sections")
        return Fitted(text if _quarters(text) <= limit else "", _left_out(document, texts))
    if dropped:
        texts = _restore_beginning(document, texts, order[dropped - 1], limit)
    return Fitted(_render(document, texts), _left_out(document, texts))


def _quarters(text: str) -> int:
    """Estimate in quarters of a token, so that a text is worth the sum of its parts."""
    return (
        len(text)
        + 2 * sum(map(len, _DENSE.findall(text)))
        + 2 * sum(map(len, _THREE_BYTES.findall(text)))
        + 9 * sum(map(len, _FOUR_BYTES.findall(text)))
    )


def _importance(sections: Sequence[PaperSection], index: int) -> int:
    section = sections[index]
    if section.appendix:
        return _APPENDIX
    if not section.title and index == 0:
        return _BEGINNING
    return next((rank for rank, names in _IMPORTANCE if names.search(section.title)), _METHOD)


def _restore_beginning(
    document: Document, texts: list[str | None], index: int, limit: int
) -> list[str | None]:
    """Put back as much of one section as there is room for, if that is worth reading."""

    def with_text(text: str) -> list[str | None]:
        return [*texts[:index], text, *texts[index + 1 :]]

    # With a text at all there is a line between it and its heading.
    room = limit - _quarters(_render(document, with_text("x"))) + _quarters("x")
    text = _cut(document.sections[index].text, room)
    enough = min(_WORTH_READING, limit // 10)
    return with_text(text) if text and _quarters(text) >= enough else texts


def _cut(text: str, quarters: int) -> str:
    """Return the longest beginning that is worth so much and ends a paragraph or sentence."""
    end = bisect_left(range(len(text)), True, key=lambda n: _quarters(text[: n + 1]) > quarters)
    part = text[:end]
    for boundary in (_PARAGRAPH_END, _SENTENCE_END, _WORD_END):
        ends = [found.end() for found in boundary.finditer(part)]
        if ends and ends[-1] > end // 2:
            return part[: ends[-1]].rstrip()
    return part


def _render(document: Document, texts: Sequence[str | None]) -> str:
    """Return the text, with a note in the place of each run of sections that are left out.

    ``texts`` is what is kept of each section, ``None`` for nothing.
    """
    blocks: list[str] = []
    pairs = zip(document.sections, texts, strict=True)
    for missing, run in groupby(pairs, key=lambda pair: pair[1] is None):
        if missing:
            titles = _listed([_label(section) for section, _ in run])
            blocks.append(_LEFT_OUT.format("; ".join(titles)))
            continue
        for section, text in run:
            heading = f"## {section.title}" if section.title else ""
            blocks += filter(None, (heading, text))
            if text != section.text:
                blocks.append(_LEFT_OUT.format(f"the rest of {_label(section)}"))
    blocks += [_LEFT_OUT.format(missing) for missing in document.left_out]
    return "\n\n".join(blocks)


def as_text(document: Document) -> str:
    """Return the whole document as plain text, as a model is given it."""
    return _render(document, [section.text for section in document.sections])


def _left_out(document: Document, texts: Sequence[str | None]) -> tuple[str, ...]:
    titles = [
        _label(section, "" if text is None else " (in part)")
        for section, text in zip(document.sections, texts, strict=True)
        if text != section.text
    ]
    return tuple(_listed([*titles, *document.left_out]))


def _label(section: PaperSection, ending: str = "") -> str:
    title = " ".join(section.title.split()) or "text without a title"
    room = _MAX_TITLE - len(ending)
    return (title if len(title) <= room else title[: room - 1].rstrip() + "…") + ending


def _listed(titles: list[str]) -> list[str]:
    if len(titles) <= _MAX_TITLES:
        return titles
    return [*titles[:_MAX_TITLES], f"and {len(titles) - _MAX_TITLES} more"]


def no_text(kind: Literal["HTML", "PDF"], name: str, why: str) -> PaperError:
    """Return the failure of a file from which no text can be had."""
    instead = "The paper's PDF is read instead"
    if kind == "PDF":
        instead = "The summary has to do with the abstract"
    return PaperError(f"No text in the {kind}", item=name, why=why, todo=instead)
