"""TeX formulas: where they stand in a text, and what they become as HTML and as plain text.

MathML comes from math-core, a Rust translation to MathML Core, the subset that browsers show
without JavaScript (https://w3c.github.io/mathml-core/). What it refuses is shown as source.
"""

from __future__ import annotations

import functools
import html
import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from math_core import LatexError, LatexToMathML

from generator.core.characters import EAST_ASIAN

MAX_FORMULA = 4000  # characters; the longest of 7,802 real ones has 264
_WIDE = 40  # characters of TeX
# math-core recurses into what is nested: half a megabyte of stack is full after some 400 levels.
_MAX_DEPTH = 40
# It also tries every opening bracket twice where none closes it, which doubles the time for each:
# real formulas leave three open at most.
_MAX_UNCLOSED = 6
_MAX_EM = 8.0
_LENGTH = re.compile(r"(-?\d+(?:\.\d+)?)r?em\b")

# Commands that authors use and math-core does not know, in terms of those that it knows.
_MACROS = {
    "mathbbm": r"\mathbb{#1}",
    "mathds": r"\mathbb{#1}",
    "mbox": r"\text{#1}",
    "hbox": r"\text{#1}",
    "textnormal": r"\text{#1}",
    "textup": r"\text{#1}",
    "textmd": r"\text{#1}",
    "textsuperscript": r"^{\text{#1}}",
    "textsubscript": r"_{\text{#1}}",
    "ensuremath": r"{#1}",
    "xspace": r"{}",
    "mathnormal": r"{#1}",
    "pmb": r"\boldsymbol{#1}",
    "abs": r"\lvert #1\rvert",
    "norm": r"\lVert #1\rVert",
    "substack": r"\begin{matrix}#1\end{matrix}",
    "smallsetminus": r"\setminus",
    "softmax": r"\operatorname{softmax}",
    "diag": r"\operatorname{diag}",
    "rank": r"\operatorname{rank}",
    "sign": r"\operatorname{sign}",
    "sgn": r"\operatorname{sgn}",
    "Tr": r"\operatorname{Tr}",
    "tr": r"\operatorname{tr}",
    "KL": r"\operatorname{KL}",
    "E": r"\mathbb{E}",
}
_CONVERTER = LatexToMathML(
    macros=_MACROS, fancy_error=False, allow_unreliable_rendering=True, max_expansions=500
)

# A formula that defines commands could hide brackets from _is_tame.
_DEFINES = re.compile(r"\\(?:[a-z]*command|[gex]?def|let|Declare|global)(?![a-z])")
_BARE_SPECIAL = re.compile(r"(?<!\\)[#%]")
_TEXT_GROUP = re.compile(r"\\text[a-z]*\{[^{}]*\}")
_BARE_AMPERSAND = re.compile(r"(?<!\\)&")
_BRACKETS = re.compile(
    r"(?P<open>\\?[(\[]|\\\{|\\ulcorner|\\l(?:angle|ang|bra(?:ce|ck)|Brace|ceil|floor|group|moustache"
    r"|paren|vert|Vert|langle|lbracket|lcorner|lparenthesis)(?![A-Za-z])|[⌈⌊⌜⌞⎰❲⟅⟦-⟯⦃-⦘⧘⧚⧼])"
    r"|(?P<close>[)\]]|\\\}|\\r(?:angle|brace|brack|ceil|floor|vert|Vert|rbracket)(?![A-Za-z]))"
    r"|(?P<begin>\{|\\(?:begin(?:group)?|bgroup|left)(?![A-Za-z]))"
    r"|(?P<end>\}|\\(?:end(?:group)?|egroup|right)(?![A-Za-z]))"
    r"|(?P<next>&|\\\\|\\middle(?![A-Za-z]))"
    r"|\\(?:[A-Za-z]+|.)"
)
_COMMAND_CHAIN = re.compile(r"(?:\\[A-Za-z]+\s*){40}")
_NESTS_WITHOUT_BRACES = re.compile(r"\\(?:[a-z]?frac|[a-z]?binom|sqrt|color)(?![a-z])")

# Where formulas stand. A formula ends with its paragraph; in Markdown also where a block starts.
_SAME_PARAGRAPH = r"\n(?![ \t>]*\n)"
_SAME_BLOCK = r"\n(?![ \t]*(?:\n|[-*+>#|]|\d+[.)]|```|~~~))"
_INLINE = {
    markdown: re.compile(rf"\$((?:[^$\\\n]++|\\[^\n]|{line_break})++)\$")
    for markdown, line_break in ((True, _SAME_BLOCK), (False, _SAME_PARAGRAPH))
}
_DISPLAY = re.compile(rf"\$\$(?!\$)((?:[^$\\\n]++|\\[^\n]|\$(?!\$)|{_SAME_PARAGRAPH})++)\$\$")
_ROUND = re.compile(rf"\\\(((?:[^\\\n]++|\\(?![()])[^\n]|{_SAME_PARAGRAPH})++)\\\)")
_ENVIRONMENT = re.compile(
    r"\\begin\{((?:align|eqnarray|equation|gather|multline)\*?)\}"
    rf"(?:[^\\\n]++|\\(?!(?:begin|end)\{{\1\}})[^\n]|{_SAME_PARAGRAPH})++\\end\{{\1\}}"
)
_SQUARE = re.compile(rf"\\\[((?:[^\\\n]++|\\(?![\[\]])[^\n]|{_SAME_PARAGRAPH})++)\\\]")
_BRACKET_OPENS = re.compile(r"\\(?:[(\[]|begin\{)")
_DOLLARS = re.compile(r"\$+")

_COMMAND = re.compile(r"\\[A-Za-z{}|,;! ]")
_TEXISH = re.compile(r"[\\^_{}=<>+*/]")
_WORD = re.compile(r"(?<![A-Za-z])[a-z]{2,}")
_SPACE = re.compile(r"\s")
_EAST_ASIAN = re.compile(f"[{EAST_ASIAN}]")

# Markdown around formulas: what is code, a link target or an autolink holds none.
_PLAIN_STOP = re.compile(r"[$\\]")
_MARKDOWN_STOP = re.compile(r"[$\\`~<\]]")
_BACKTICKS = re.compile(r"`+")
_CODE_MARK = re.compile(r"`+|~+")
_FENCE_OPEN = re.compile(
    r"^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(?P<mark>`{3,}(?=[^`\n]*$)|~{3,})", re.MULTILINE
)
_SKIPPED = {
    "<": re.compile(r"<https?://[^\s<>]*>"),
    "]": re.compile(r"\]\([^\s()<>]*"),
}

_MATHML_TOKEN = re.compile(
    r"<(?P<opening>\w+)[^>]*?(?P<empty>/?)>|</(?P<closing>\w+)>|(?P<text>[^<]+)"
)
_RAISED = str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")
_LOWERED = str.maketrans("0123456789+-−", "₀₁₂₃₄₅₆₇₈₉₊₋₋")
_INVISIBLE = dict.fromkeys((0x2061, 0xFE00, 0xFE01))  # function application, variants of letters
_PRIMES = {"′", "″", "‴", "′′", "′′′"}
# What math-core puts over a letter (after NFKC), and the character that combines with it.
_ACCENTS = {"ˆ": "\u0302", "^": "\u0302", "˜": "\u0303", " ̃": "\u0303", "~": "\u0303"}
_ACCENTS |= {"‾": "\u0304", "¯": "\u0304", " ̄": "\u0304", "→": "\u20d7"}


class Formula(NamedTuple):
    """What stands at ``text[start:end]``: TeX without delimiters, as a display or in the line."""

    start: int
    end: int
    tex: str
    display: bool


def find(text: str, *, markdown: bool = False, brackets: bool = True) -> Iterator[Formula]:
    r"""Yield the formulas of a text from left to right.

    A dollar that stands for money, or is escaped, is none. ``markdown`` leaves out code, link
    targets and autolinks. ``brackets`` says whether ``\(..\)`` and ``\[..\]`` are formulas.
    """
    if "$" not in text and not (brackets and _BRACKET_OPENS.search(text)):
        return
    stop = _MARKDOWN_STOP if markdown else _PLAIN_STOP
    code = _code_marks(text) if markdown else {}
    position = 0
    while found := stop.search(text, position):
        start = found.start()
        character = found[0]
        if character == "$":
            formula = _dollar_formula(text, start, markdown=markdown)
        elif character == "\\":
            formula = _bracket_formula(text, start, markdown=markdown) if brackets else None
        elif character in "`~":
            run = _CODE_MARK.match(text, start)
            position = code.get(start) or (run.end() if run else start + 1)
            continue
        else:
            skipped = _SKIPPED[character].match(text, start)
            position = skipped.end() if skipped else start + 1
            continue
        if formula:
            yield formula
            position = formula.end
        elif character == "\\":
            position = start + 2
        else:
            dollars = _DOLLARS.match(text, start)
            position = dollars.end() if dollars and len(dollars[0]) > 1 else start + 1


def to_html(tex: str, *, display: bool = False) -> str:
    """Give MathML for a formula, or its source as ``<code class="math">`` where that fails.

    A formula that may be wider than a phone has class ``wide``, since browsers break none, and is
    reached by keyboard: it scrolls.
    """
    mathml = to_mathml(tex, display=display)
    if mathml is None:
        return f'<code class="math">{html.escape(tex)}</code>'
    if len(tex) > _WIDE:
        return mathml.replace("<math", '<math class="wide" tabindex="0"', 1)
    return mathml


@functools.lru_cache(maxsize=4096)
def to_mathml(tex: str, *, display: bool = False) -> str | None:
    """Translate a formula, or give None if it is too large, too deep, or not understood."""
    if not _is_tame(tex):
        return None
    tex = _BARE_SPECIAL.sub(r"\\\g<0>", tex)
    tex = _TEXT_GROUP.sub(lambda group: _BARE_AMPERSAND.sub(r"\\&", group[0]), tex)
    tex = tex.replace("{split}", "{aligned}").replace("{eqnarray", "{align")
    try:
        mathml: str = _CONVERTER.convert_with_local_state(tex, displaystyle=display)
    except LatexError:
        return None
    # A length that no formula needs would widen the page, or lay text over other text.
    lengths = (abs(float(length[1])) for length in _LENGTH.finditer(mathml))
    return None if any(length > _MAX_EM for length in lengths) else mathml


def to_text(tex: str) -> str:
    """Reduce a formula to readable characters (``A^2`` is A²); one that fails is its own source."""
    mathml = to_mathml(tex)
    if mathml is None:
        return tex
    open_elements: list[tuple[str, list[str]]] = [("math", [])]
    for token in _MATHML_TOKEN.finditer(mathml):
        if token["text"]:
            characters = html.unescape(token["text"]).translate(_INVISIBLE)
            open_elements[-1][1].append(unicodedata.normalize("NFKC", characters))
        elif token["opening"] and not token["empty"]:
            open_elements.append((token["opening"], []))
        elif token["closing"]:
            name, children = open_elements.pop()
            open_elements[-1][1].append(_in_line(name, children))
    return "".join(open_elements[0][1]).strip()


def _in_line(name: str, parts: list[str]) -> str:
    """Write a MathML element on one line, given its children so written."""
    base, *scripts = parts or [""]
    match name, scripts:
        case (("msub" | "munder"), [below]):
            text = base + _script(below, "_", _LOWERED)
        case "msup", [above]:
            text = base + _script(above, "^", _RAISED)
        case (("msubsup" | "munderover"), [below, above]):
            text = base + _script(below, "_", _LOWERED) + _script(above, "^", _RAISED)
        case "mover", [above]:
            text = base + _ACCENTS.get(above, "")
        case "mfrac", [denominator]:
            text = f"{_grouped(base)}/{_grouped(denominator)}"
        case "msqrt", _:
            text = f"√{_grouped(''.join(parts))}"
        case _:
            text = (" " if name in ("mtable", "mtr") else "").join(parts)
    return text


def _script(text: str, mark: str, characters: dict[int, int]) -> str:
    if all(ord(character) in characters for character in text):
        return text.translate(characters)
    return text if text in _PRIMES else mark + _grouped(text)


def _grouped(text: str) -> str:
    return text if len(text) < 2 or text.isalnum() else f"({text})"


def _is_tame(tex: str) -> bool:
    """Tell whether a formula is small, shallow and closed enough to be translated in no time."""
    if len(tex) > MAX_FORMULA or _DEFINES.search(tex) or _COMMAND_CHAIN.search(tex):
        return False
    if len(_NESTS_WITHOUT_BRACES.findall(tex)) > 2 * _MAX_DEPTH:
        return False
    unclosed = 0
    groups = [0]  # open brackets of each group that is not closed yet
    for token in _BRACKETS.finditer(tex):
        kind = token.lastgroup
        if kind == "open":
            groups[-1] += 1
        elif kind == "close":
            groups[-1] -= groups[-1] > 0
        elif kind == "begin":
            groups.append(0)
        elif kind == "end":
            unclosed += groups.pop()
            groups = groups or [0]
        elif kind == "next":
            unclosed += groups[-1]
            groups[-1] = 0
        if len(groups) + sum(groups) > _MAX_DEPTH:
            return False
    return unclosed + sum(groups) <= _MAX_UNCLOSED


def _dollar_formula(text: str, start: int, *, markdown: bool) -> Formula | None:
    if found := _DISPLAY.match(text, start):
        tex = found[1]
        if markdown and "\n" in tex:
            line = text[text.rfind("\n", 0, start) + 1 : start]
            if line.lstrip().startswith(">"):  # a quotation: its marks are not part of the formula
                tex = re.sub(r"\n[ \t]*>", "\n", tex)
        tex = _stripped(tex)
        return Formula(start, found.end(), tex, display=True) if tex else None
    found = _INLINE[markdown].match(text, start)
    if found and _is_formula(found[1], text[found.end() : found.end() + 1]):
        return Formula(start, found.end(), _stripped(found[1]), display=False)
    return None


def _stripped(tex: str) -> str:
    r"""Strip white space, but for that of the command ``\ `` at the end."""
    stripped = tex.strip()
    backslashes = len(stripped) - len(stripped.rstrip("\\"))
    return stripped + " " if backslashes % 2 else stripped


def _is_formula(between: str, following: str) -> bool:
    """Tell a formula from what happens to stand between two dollar signs.

    ``between`` is that text with its spaces, ``following`` the character after the second dollar.
    Models write ``$ x $`` as often as ``$x$``, so spaces alone decide nothing.
    """
    tex = between.strip()
    if not tex:
        return False
    if _COMMAND.search(tex):
        return True
    if between[0].isspace() != between[-1].isspace() or tex[0] in ")]},.;:!?/":
        return False
    if tex[0].isdigit() and following.isdigit():  # $5 and $10
        return False
    if _EAST_ASIAN.search(tex):
        return False
    prose = _SPACE.search(tex) and _WORD.search(tex) and not _TEXISH.search(tex)
    return not prose


def _bracket_formula(text: str, start: int, *, markdown: bool) -> Formula | None:
    if found := _ENVIRONMENT.match(text, start):
        return Formula(start, found.end(), found[0], display=True)
    found = _ROUND.match(text, start) or _SQUARE.match(text, start)
    if not found:
        return None
    tex = _stripped(found[1])
    display = text[start + 1] == "["
    # In Markdown these are also escaped brackets: \[1\] is a reference, \(see below\) is prose.
    if not tex or (markdown and not _TEXISH.search(tex) and (display or _WORD.search(tex))):
        return None
    return Formula(start, found.end(), tex, display)


def _code_marks(text: str) -> dict[int, int]:
    """Map where code begins to where it ends: runs of backticks, and fences.

    A run ends with the next run of its length in the same paragraph, a fence with its like or with
    the text.
    """
    ends: dict[int, int] = {}
    next_run: dict[int, int] = {}
    for run in reversed(list(_BACKTICKS.finditer(text))):
        start, length = run.start(), len(run[0])
        end = next_run.get(length)
        if end is not None and text.find("\n\n", start, end) < 0:
            ends[start] = end
        next_run[length] = run.end()
    if "```" in text or "~~~" in text:
        position = 0
        while fence := _FENCE_OPEN.search(text, position):
            mark = fence["mark"]
            close = re.compile(rf"^[ \t>]*{mark}{mark[0]}*[ \t]*$", re.MULTILINE)
            found = close.search(text, fence.end())
            position = ends[fence.start("mark")] = found.end() if found else len(text)
    return ends
