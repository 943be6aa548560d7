"""Which lines of a PDF are titles of sections. Pure.

A PDF knows letters and places, not titles. What tells them, strongest first: the file's outline,
where its entries stand on their pages; numbers that go on from one title to the next, in one type;
names that nearly every paper has; and the type of those that were found so.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from generator.update.summarize.papers.pdf_layout import Line, Style, body_style
from generator.update.summarize.papers.pdf_words import joined

_NUMBERED = re.compile(
    r"(?P<word>(?:appendix|section|chapter|supplement)\s+)?"
    r"(?P<number>\d{1,2}(?:\.\d{1,2}){0,3}|[IVX]{1,5}(?=[.:\s])|[A-Z](?:\.?\d{1,2}){0,3}(?=[.:)\s]))"
    r"[.:)]?(?:\s*[-–—|:]\s*|\s+)(?P<title>\S.*)",
    re.IGNORECASE,
)
_APPENDIX = re.compile(
    r"(?:online\s+)?(?:appendi(?:x|ces)|supplement(?:al|ary)?(?: materials?| information)?)\b.*",
    re.IGNORECASE,
)
_INLINE_ABSTRACT = re.compile(r"(?P<title>abstract)\s*[—–\-.:]+\s*(?P<rest>\S.*)", re.IGNORECASE)
# Alone on a line these are titles in any type ...
_CERTAIN = re.compile(
    r"abstract|(?:\d+\s*[|:]\s*)?introduction|related works?|conclusions?|references|bibliography"
    r"|acknowledge?ments?|conclusions? and future works?|discussions? and conclusions?",
    re.IGNORECASE,
)
# ... and these where they are set off.
_USUAL = re.compile(
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
_ALWAYS = re.compile(
    r"abstract|references|bibliography|literature cited|acknowledge?ments?", re.IGNORECASE
)
REFERENCES = re.compile(
    r"(?:(?:\d{1,2}|[IVX]{1,5})\.?\s+)?(?:references?(?: and notes| cited)?|bibliography"
    r"|(?:literature|works) cited|(?:selected )?bibliography|main references|list of references"
    r"|references and links|cited (?:literature|works))",
    re.IGNORECASE,
)
_CAPTION = re.compile(r"(?:fig(?:ure|\.)?|table|algorithm|listing)\s*[\dIVXA-Z]", re.IGNORECASE)
_STATEMENT = re.compile(
    r"(?:theorem|lemma|proposition|corollary|definition|proof|remark|example|assumption|claim"
    r"|keywords?|key words|jel|msc|received|accepted|arxiv|doi)\b",
    re.IGNORECASE,
)
_ROMANS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV")
_LARGER = 1.06  # times the size of the text
_MAX_TITLE = 220  # characters
_MAX_LINES = 4
_SHORT = 25  # characters
_ROWS = 20  # that end with the same number: of more the latest are looked at


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the file's outline: its depth from 0, its page from 0, its title."""

    depth: int
    page: int
    title: str


@dataclass(frozen=True, slots=True)
class PdfHeading:
    """A title that takes the lines from ``start`` to before ``end``.

    ``rest`` is text behind it on its last line. Level 1 is a section, 2 what is below.
    """

    start: int
    end: int
    text: str
    style: Style
    level: int = 0
    rest: str = ""
    appendix: bool = False

    @property
    def is_references(self) -> bool:
        """Tell whether what follows is the list of references."""
        return REFERENCES.fullmatch(self.text.rstrip(".: ")) is not None


def fold(text: str) -> str:
    """Return the letters and digits of a title, as they compare."""
    folded = unicodedata.normalize("NFKD", text).casefold()
    return "".join(character for character in folded if character.isalnum())


def find_headings(
    lines: Sequence[Line], outline: Sequence[Entry], words: frozenset[str]
) -> list[PdfHeading]:
    """Return the titles of sections and of what is below them, in the order of the lines.

    ``words`` are the paper's, which tell how a broken one is written.
    """
    return _Finder(lines, outline, words).find()


class _Finder:
    """What is known of the lines that may be titles: ``levels`` of those that are, by index."""

    def __init__(
        self, lines: Sequence[Line], outline: Sequence[Entry], words: frozenset[str]
    ) -> None:
        self.lines, self.words = lines, words
        self.body = body_style(lines)
        self.outline = outline
        self.named = {(entry.page, _bare(entry.title)): entry.depth for entry in outline}
        self.titles = list(self._candidates())
        self.numbers = [_number(title.text) for title in self.titles]
        self.levels: dict[int, int] = {}
        self.appendices: set[int] = set()

    def find(self) -> list[PdfHeading]:
        self._by_outline()
        chain, roman = self._chain()
        self.levels.update(dict.fromkeys(chain, 1))
        ordered = bool(chain or self.levels)
        for index, title in enumerate(self.titles):
            if _ALWAYS.fullmatch(name := title.text.rstrip(".: ")) or (
                not ordered and (_CERTAIN.fullmatch(name) or _USUAL.fullmatch(name))
            ):
                self.levels.setdefault(index, 1)
        self._by_style(ordered=ordered)
        self._lettered(max(chain, default=-1), roman=roman)
        self._below(roman=roman, ordered=ordered)
        return list(self._in_order())

    def _candidates(self) -> Iterator[PdfHeading]:
        """Yield the lines that may be titles, put together where one takes several."""
        index = 0
        while index < len(self.lines):
            line, end = self.lines[index], index + 1
            if self.strength(line) and _is_title(line.text):
                while end < len(self.lines) and self._goes_on(self.lines[end - 1], self.lines[end]):
                    end += 1
                text = line.text
                for more in self.lines[index + 1 : min(end, index + _MAX_LINES)]:
                    text = "".join(joined(text, more.text, self.words))
                if end - index <= _MAX_LINES and len(text) <= _MAX_TITLE:
                    yield PdfHeading(index, end, text, line.style)
            elif title := self._plain(index, line):
                yield title
            index = end

    def _plain(self, index: int, line: Line) -> PdfHeading | None:
        """Return a title that its name tells, not its type, or that text follows on its line."""
        name = line.text.rstrip(".: ")
        number = _NUMBERED.fullmatch(name)
        if (
            _CERTAIN.fullmatch(number["title"] if number else name)
            or REFERENCES.fullmatch(name)
            or (line.page, _bare(name)) in self.named
        ):
            return PdfHeading(index, index + 1, line.text, line.style)
        if found := _INLINE_ABSTRACT.match(line.text):
            return PdfHeading(
                index, index + 1, found["title"].title(), line.first, rest=found["rest"]
            )
        lead, rest = line.text[: line.lead].strip(), line.text[line.lead :].strip()
        if not lead or line.first == self.body or not rest:
            return None
        below = any(len(number) > 1 for _, number in _number(lead))
        if below and len(rest) < _SHORT:  # a formula or number that belongs to the title
            return PdfHeading(index, index + 1, line.text, line.first)
        if _ALWAYS.fullmatch(lead.rstrip(".: —–-")) or (below and _is_title(lead)):
            return PdfHeading(index, index + 1, lead.rstrip(".: —–-"), line.first, rest=rest)
        return None

    def strength(self, line: Line) -> int:
        """Return how far a line's type is from the text's: 2 larger or bold, 1 other, 0 not."""
        if line.lead and line.first != line.style and self.body in (line.style, line.first):
            return 0  # a word or number within the text
        style = line.style
        if style.size >= _LARGER * self.body.size:
            return 2
        if style.size < 0.84 * self.body.size:
            return 0
        if style.bold and not self.body.bold:
            return 2
        return int(style.font != self.body.font or (line.text.isupper() and len(line.text) > 3))

    def gap(self, index: int) -> float:
        """Return how far a line is below the one before; far at the top of a page or column."""
        if not index or self.lines[index - 1].page != self.lines[index].page:
            return 1e3
        step = self.lines[index - 1].base - self.lines[index].base
        return step if step > 0 else 1e3

    def _goes_on(self, last: Line, line: Line) -> bool:
        """Tell whether a title takes another line: in the same type, directly below."""
        number = _NUMBERED.fullmatch(line.text)
        return (
            line.page == last.page
            and line.style == last.style
            and line.text.isupper() == last.text.isupper()
            and 0 < last.base - line.base < 1.55 * max(line.size, self.body.size)
            and not (number and _NUMBERED.fullmatch(last.text))
            and (self.strength(line) > 0)
        )

    def key(self, index: int) -> tuple[Style, bool]:
        """Return what titles of one level have in common."""
        title = self.titles[index]
        return title.style, title.text.isupper()

    def _by_outline(self) -> None:
        """Find the outline's entries on their pages; they count if at least half are there."""
        places: dict[tuple[int, str], int] = {}
        for index, title in enumerate(self.titles):
            places.setdefault((self.lines[title.start].page, _bare(title.text)), index)
        found: list[tuple[int, int]] = []
        for entry in self.outline:
            bare = _bare(entry.title)
            for page in (entry.page, entry.page + 1, entry.page - 1):
                if bare and (page, bare) in places:
                    found.append((places[page, bare], entry.depth))
                    break
        if 2 * len(found) < len(self.outline) or not found:
            return
        depths = Counter(depth for _, depth in found)
        # A paper whose one first entry is its own title has its sections below.
        top = min((depth for depth in depths if depths[depth] > 1), default=min(depths))
        for index, depth in found:
            deep = max((len(number) for _, number in self.numbers[index]), default=1)
            if depth >= top:
                self.levels[index] = 1 if depth == top and deep == 1 else 2

    def _chain(self) -> tuple[list[int], bool]:
        """Return the titles whose numbers go on from one to the next, and if they are Roman."""
        chains = {kind: self._longest(kind) for kind in ("arabic", "roman")}
        kind = max(chains, key=lambda kind: chains[kind][0])
        return chains[kind][1], kind == "roman"

    def _longest(self, kind: str) -> tuple[float, list[int]]:
        """Return the best row of titles with numbers of one kind, and how good it is."""
        # By number, the rows that end with it: how good, the title, the row before it.
        ends: dict[int, list[tuple[float, int, Any]]] = {}
        best: tuple[float, int, Any] = (0.0, -1, None)
        for index, title in enumerate(self.titles):
            numbers = [n[0] for k, n in self.numbers[index] if k == kind and len(n) == 1]
            if not numbers or title.rest:
                continue
            worth = (0.3, 0.3, 1.0)[self.strength(self.lines[title.start])]
            rows = [*ends.get(numbers[0] - 1, ()), *ends.get(numbers[0] - 2, ())]
            options = [(row[0] + worth + self._kinship(row[1], index), index, row) for row in rows]
            if numbers[0] <= 1:
                options.append((worth, index, None))
            if options:
                row = max(options, key=lambda option: option[0])
                ends.setdefault(numbers[0], []).append(row)
                del ends[numbers[0]][:-_ROWS]
                if row[0] > best[0] and (row[2] or self._is_named(index)):
                    best = row
        path: list[int] = []
        row = best
        while row and row[1] >= 0:
            path.append(row[1])
            row = row[2]
        return best[0], path[::-1]

    def _is_named(self, index: int) -> bool:
        found = _NUMBERED.fullmatch(self.titles[index].text.rstrip(".: "))
        return found is not None and _CERTAIN.fullmatch(found["title"]) is not None

    def _kinship(self, index: int, other: int) -> float:
        """Return how much two titles look like neighbours: in one type, with text between."""
        between = self.titles[other].start - self.titles[index].end
        return 0.3 * (self.key(index) == self.key(other)) + min(between, 60) / 120

    def _by_style(self, *, ordered: bool) -> None:
        """Take what is set as the known sections are for sections, too."""
        keys = Counter(self.key(index) for index, level in self.levels.items() if level == 1)
        for index, level in self.levels.items():
            if level == 2:
                keys.pop(self.key(index), None)
        seeds = [index for index, level in self.levels.items() if level == 1]
        if not keys or not seeds:
            return
        usual = {key for key, count in keys.items() if count > 1 or len(seeds) < 3}
        gap = min(self.gap(self.titles[index].start) for index in seeds)
        for index in range(min(seeds), len(self.titles)):
            title, key = self.titles[index], self.key(index)
            if index in self.levels or key not in usual or not self._may_be_title(title):
                continue
            larger = title.style.size >= _LARGER * self.body.size
            name = title.text.rstrip(".: ")
            known = _CERTAIN.fullmatch(name) or _USUAL.fullmatch(name)
            numbered = any(len(number) > 1 for _, number in self.numbers[index])
            if not numbered and (
                known or larger or (not ordered and self.gap(title.start) > 0.9 * gap)
            ):
                self.levels[index] = 1

    def _may_be_title(self, title: PdfHeading) -> bool:
        return not (_CAPTION.match(title.text) or _STATEMENT.match(title.text) or title.rest)

    def _lettered(self, last: int, *, roman: bool) -> None:
        """Find the appendices: by their word, or by letters that go on behind the sections."""
        tops = {self.key(index) for index, level in self.levels.items() if level == 1}
        letter, begun = 0, False
        for index, title in enumerate(self.titles):
            if index <= last:
                continue
            begun = begun or title.is_references
            word = _APPENDIX.fullmatch(title.text)
            if not self._may_be_title(title) or not (
                self.strength(self.lines[title.start]) or word
            ):
                continue
            number = next(
                (n[0] for k, n in self.numbers[index] if k == "letter" and len(n) == 1), 0
            )
            follows = number - letter in (1, 2) and not (roman and not begun and not word)
            alike = self.key(index) in tops or begun
            if (word and not re.search(r"\b(?:table|figure)\b", title.text, re.I)) or (
                follows and alike
            ):
                letter, begun = number or letter, True
                self.levels[index] = 1
                self.appendices.add(index)
            elif self.levels.get(index) == 1 and self.appendices:
                self.appendices.add(index)

    def _below(self, *, roman: bool, ordered: bool) -> None:
        """Find the titles below sections: by their numbers, or by type where there are none."""
        top: int | None = None
        keys = {self.key(index) for index, level in self.levels.items() if level == 2}
        begin = min(self.levels, default=len(self.titles))
        for index, title in enumerate(self.titles):
            if self.levels.get(index) == 1:
                top = next((number[0] for _, number in self.numbers[index]), None)
                continue
            if index in self.levels or index < begin:
                continue
            strength = self.strength(self.lines[title.start]) or 2 * bool(title.rest)
            deep = [number for _, number in self.numbers[index] if len(number) > 1]
            if deep and strength and (top is None or top in (number[0] for number in deep)):
                self.levels[index] = 2
            elif not self._may_be_title(title):
                continue
            else:
                lettered = roman and strength and any(k == "letter" for k, _ in self.numbers[index])
                alike = self.key(index) in keys or (not ordered and strength == 2)
                if lettered or (alike and self.gap(title.start) > 1.1 * self.body.size):
                    self.levels[index] = 2

    def _in_order(self) -> Iterator[PdfHeading]:
        in_references = False
        for index in sorted(self.levels):
            title, level = self.titles[index], self.levels[index]
            if in_references and level == 2:
                continue
            in_references = level == 1 and title.is_references
            yield replace(title, level=level, appendix=index in self.appendices)


def _number(text: str) -> list[tuple[str, tuple[int, ...]]]:
    """Return the numbers that a title may begin with, each with its kind: ``C.`` is two."""
    found = _NUMBERED.fullmatch(text)
    if not found or not _is_title(found["title"]):
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


def _bare(text: str) -> str:
    """Return a title without its number, as titles compare."""
    found = _NUMBERED.fullmatch(text.strip())
    return fold(found["title"] if found else text)


def _is_title(text: str) -> bool:
    """Tell whether words may be a title: most are letters, and they begin as one does."""
    letters = sum(character.isalpha() for character in text)
    start = text.lstrip("“\"'(*§")[:1]
    return (
        (start.isdigit() or (start.isalpha() and not start.islower()))
        and letters >= 2
        and 2 * letters > len(text.replace(" ", ""))
    )
