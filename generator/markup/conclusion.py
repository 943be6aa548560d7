"""The sentence in which a summary says what its paper does. Pure.

For summaries of which no sentence was asked for. The predecessor's models end most of theirs in
one ("总结一句话：..."), others in a short conclusion; where there is none, the first section says
what the paper proposes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from generator.core.characters import HAN, WIDE_PUNCTUATION
from generator.markup import claims, maths
from generator.markup.sentences import split_sentences
from generator.markup.text import clean

_SHORTEST, _LONGEST = 15, 320  # characters
_TELLING = 20  # a shorter one mostly gives a name and no more
_CLAUSE = 6  # a shorter one is "并支持：" or "即："
_LAST_LINES = 40  # a conclusion begins in these

_FENCE = re.compile(r"[ \t>]*(?:```|~~~)")
_NO_PROSE = re.compile(r"[ \t>]*(?:\||(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})\Z)")
_MARKS = re.compile(r"(?:[ \t>]|#{1,6}(?=[ \t])|[-*+](?=[ \t])|\d{1,2}[.)](?=[ \t]))*+")
_ORNAMENT = re.compile(r"[^\w$\\`*(\[“\"'「《<（【‘]+")  # emoji, mostly

# A line that names what follows it, or the rest of the line: "**总结一句话（中文）**：本文 ...".
_LABEL = re.compile(
    r"[*_\s]*+(?P<name>[^\s*_：:（(][^*_：:\n（(]{0,30})"
    r"(?:[*_\s]*+[(（][^)）\n]{0,30}[)）])?+[*_\s]*+(?:[：:][*_\s]*+(?P<rest>.*)|\Z)"
)
_ONE_SENTENCE = re.compile(
    r".{0,6}?(?:一句话|一句)(?:总结|概括|评价|结论|摘要|概述|说明|点评)?|一言以蔽之"
    r"|tl;?dr|(?:summary )?(?:in )?(?:one|a single)[ -](?:sentence|line)(?: summary| takeaway)?"
    r"|in a nutshell|in short|(?:the )?bottom line"
)
_CONCLUSION = re.compile(
    r"(?:核心|全文|论文|本文|最终|总体|整体|综合|工作)?(?:贡献)?"
    r"(?:总结|结论|评价|结语|小结|总评|概括)(?:与(?:展望|评价|意义))?"
    r"|核心(?:思想|价值|贡献|洞见)|overall|in summary|(?:key |main )?takeaways?"
    r"|(?:overall |final |concluding )?(?:summary|conclusions?|assessment|remarks)"
)
_SECTION_ONE = re.compile(r"1[.、 ]|.*(?:贡献|创新|contribution|novel)", re.IGNORECASE)
_METHOD = re.compile(
    r".*(?:提出|新方法|新思路|创新|贡献|propos|contribution|novel|method|approach)", re.IGNORECASE
)

_BRACKETS = (("(（", ")）"), ("[【", "]】"), ("「『", "」』"), ("《", "》"), ("“", "”"))
_QUOTES = ("“”", '""', "「」")

_TAGS = r"</?(?:br|b|i|em|strong|sub|sup|u|kbd|code|mark|small|span)\b[^<>]{0,80}>"
# Each with what takes its place, in this order.
_MARKUP = (
    (re.compile(_TAGS, re.IGNORECASE), " "),
    (re.compile(r"!?\[([^\[\]\n]*)\]\([^()\s]*\)"), r"\1"),
    (re.compile(r"\*\*|(?<![^\W_])__|__(?![^\W_])|~~"), ""),
    (re.compile(r"(?<![A-Za-z0-9*])\*(?=[^\s*])([^*\n]+)(?<=[^\s*])\*(?![A-Za-z0-9*])"), r"\1"),
    (re.compile(r"`+"), ""),
    (re.compile(r"\\([!\"#%&'*+,./:;<=>?@\[\]^_`{|}~-])"), r"\1"),
    (re.compile("[\u2600-\u27bf\U0001f000-\U0001faff\ufe0f]"), ""),
)
_SPACES = re.compile(r"\s+")
_WIDE = f"{HAN}{WIDE_PUNCTUATION}“”"
_NEEDLESS_SPACE = re.compile(rf"(?<=[{_WIDE}]) (?=[{_WIDE}])")
_HAN_CHARACTER = re.compile(f"[{HAN}]")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of Markdown without its block's marks.

    ``text`` is "" for what is no prose: rules, tables, code. ``level`` is a heading's, or 0.
    ``is_first`` says that it begins a block, such as an item of a list.
    """

    text: str
    level: int = 0
    is_first: bool = True


def conclusion(body: str) -> str:
    """Return the sentence that says what the paper does, "" where none is fit.

    ``body`` is a summary's Markdown. The sentence is plain text on one line, with maths in TeX.
    """
    lines = clean(body).split("\n")
    last = _parsed(lines, max(len(lines) - _LAST_LINES, 0))
    return next(chain(_concluding(last), _proposing(_section_one(_parsed(lines)))), "")


def _parsed(lines: Sequence[str], start: int = 0) -> Iterator[_Line]:
    is_code = sum(map(bool, map(_FENCE.match, lines[:start]))) % 2 == 1
    for line in lines[start:]:
        is_fence = _FENCE.match(line)
        if is_fence or is_code or _NO_PROSE.match(line):
            is_code ^= bool(is_fence)
            yield _Line("")
            continue
        marks = _MARKS.match(line)
        end = marks.end() if marks else 0
        text = line[end:].strip()
        if ornament := _ORNAMENT.match(text):
            text = text[ornament.end() :]
        yield _Line(text, line.count("#", 0, end), bool(line[:end].strip(" \t>")))


def _concluding(parsed: Iterable[_Line]) -> Iterator[str]:
    """Yield the sentences of the last part that say what was done.

    A part that calls itself the summary in one sentence may stand anywhere in it, a conclusion only
    at its end: behind it comes no heading.
    """
    lines = list(parsed)
    found: tuple[int, str] | None = None
    is_last = True
    for place in range(len(lines) - 1, -1, -1):
        if label := _LABEL.fullmatch(lines[place].text):
            name = label["name"].strip().lower()
            if _ONE_SENTENCE.fullmatch(name):
                found = place, label["rest"] or ""
                break
            if is_last and _CONCLUSION.fullmatch(name) and (not found or lines[place].level):
                found = place, label["rest"] or ""
        is_last = is_last and not lines[place].level
    if found:
        place, rest = found
        behind = chain([_Line(rest)], lines[place + 1 :])
        yield from _fit(_paragraphs(behind), claims.ASSERTS)


def _paragraphs(lines: Iterable[_Line]) -> Iterator[str]:
    """Yield the paragraphs and items up to the next heading."""
    parts: list[str] = []
    for line in lines:
        if line.level:
            break
        if parts and (line.is_first or not line.text):
            yield " ".join(parts)
            parts = []
        if line.text:
            parts.append(line.text)
    if parts:
        yield " ".join(parts)


def _proposing(section: Iterable[_Line]) -> Iterator[str]:
    """Yield the sentences of the first section that say what the paper does, the best first."""
    texts: list[str] = []
    of_method: list[str] = []
    is_method = False
    for line in section:
        if line.level:
            is_method = bool(_METHOD.match(line.text))
        elif line.text:
            texts.append(line.text)
            if is_method:
                of_method.append(line.text)
    ways = ((texts, claims.PROPOSES), (of_method, claims.IS_NEW), (texts, claims.STUDIES))
    found = [sentence for among, wanted in ways for sentence in _fit(among, wanted)]
    yield from sorted(found, key=lambda sentence: len(sentence) < _TELLING)


def _section_one(lines: Iterable[_Line]) -> Iterator[_Line]:
    level = 0
    for line in lines:
        if level and 0 < line.level <= level:
            return
        if level:
            yield line
        elif line.level > 1 and _SECTION_ONE.match(line.text.lstrip("*_ ")):
            level = line.level


def _fit(paragraphs: Iterable[str], wanted: re.Pattern[str]) -> Iterator[str]:
    for paragraph in paragraphs:
        for found, _ in split_sentences(_plain(paragraph)):
            sentence = claims.LEAD_IN.sub("", found.strip())
            if sentence.endswith(("：", ":")):
                sentence = _without_promise(sentence[:-1])
            if wanted.search(sentence) and _is_whole(sentence):
                yield _ended(sentence)


def _without_promise(sentence: str) -> str:
    """Return a sentence without its last clause where that leads to the lines behind it."""
    begins = maths.masked(sentence).rfind("，") + 1
    leads = len(sentence) - begins < _CLAUSE or claims.PROMISES.search(sentence, begins)
    return sentence[: max(begins - 1, 0)] if leads else sentence


def _is_whole(sentence: str) -> bool:
    """Tell whether a sentence says enough without those around it."""
    if not _SHORTEST <= len(sentence) <= _LONGEST or "\ufffd" in sentence:
        return False
    if claims.PRAISES.fullmatch(sentence):
        return False
    if claims.LEANS.search(sentence) or claims.ANNOUNCES.search(sentence):
        return False
    return all(
        sum(map(sentence.count, opening)) == sum(map(sentence.count, closing))
        for opening, closing in _BRACKETS
    )


def _ended(sentence: str) -> str:
    sentence = sentence.rstrip("，,；;、 ")
    if sentence.rstrip("\"'”’」』）)")[-1:] in tuple(".!?。！？…"):
        return sentence
    return sentence + ("。" if _HAN_CHARACTER.search(sentence) else ".")


def _plain(markdown: str) -> str:
    """Return a paragraph as plain text on one line, its formulas as TeX between dollars.

    "" where other formulas would be seen in it than before.
    """
    pieces = list(maths.split(markdown, markdown=True))
    formulas = [piece.tex for piece in pieces if isinstance(piece, maths.Formula)]
    text = "".join(
        _unmarked(piece) if isinstance(piece, str) else f"${piece.tex}$" for piece in pieces
    )
    text = _NEEDLESS_SPACE.sub("", _SPACES.sub(" ", text)).strip()
    if [formula.tex for formula in maths.find(text)] != [_SPACES.sub(" ", f) for f in formulas]:
        return ""
    return text[1:-1] if text[:1] + text[-1:] in _QUOTES else text


def _unmarked(text: str) -> str:
    """Return Markdown between two formulas without its marks and emoji."""
    for pattern, instead in _MARKUP:
        text = pattern.sub(instead, text)
    return text
