"""TeX formulas as HTML and as plain text.

MathML comes from math-core, a Rust translation to MathML Core, the subset that browsers show
without JavaScript (https://w3c.github.io/mathml-core/). What it refuses is shown as source.
"""

from __future__ import annotations

import functools
import html
import re
import unicodedata
from collections.abc import Iterator

from math_core import LatexError, LatexToMathML

MAX_FORMULA = 4000  # characters; the longest of 7,802 real ones has 264
_WIDE = 40  # characters of TeX
# math-core recurses into what is nested: half a megabyte of stack is full after some 400 levels.
_MAX_DEPTH = 40
# It also tries every opening bracket twice where none closes it, which doubles the time for each:
# real formulas leave three open at most.
_MAX_UNCLOSED = 6
# What no formula needs: it would widen the page, or lay text over other text.
_MAX_EM = 8.0  # of one length, and of all spaces that go back
_MAX_SPACE_EM = 40.0  # of all spaces
_WIDE_SPACE_EM = 4.0
# The units of MathML's lengths that math-core writes; it knows those of TeX.
_EM = {"em": 1.0, "rem": 1.25, "ex": 0.5}
_TAG = re.compile(r"<(\w+) ([^<>]*)>")
_LENGTH = re.compile(r"[\":] *(-?\d*\.?\d+)([a-z]+)")

# Commands that authors use and math-core does not know, in terms of those that it knows.
_MACROS = {
    **dict.fromkeys(("mathbbm", "mathds"), r"\mathbb{#1}"),
    **dict.fromkeys(("mbox", "hbox", "textnormal", "textup", "textmd"), r"\text{#1}"),
    **dict.fromkeys(("ensuremath", "mathnormal"), r"{#1}"),
    **{
        name: rf"\operatorname{{{name}}}"
        for name in ("softmax", "diag", "rank", "sign", "sgn", "Tr", "tr", "KL")
    },
    "textsuperscript": r"^{\text{#1}}",
    "textsubscript": r"_{\text{#1}}",
    "xspace": r"{}",
    "pmb": r"\boldsymbol{#1}",
    "abs": r"\lvert #1\rvert",
    "norm": r"\lVert #1\rVert",
    "substack": r"\begin{matrix}#1\end{matrix}",
    "smallsetminus": r"\setminus",
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


def to_html(tex: str, *, display: bool = False) -> str:
    """Return MathML for a formula, or its source as ``<code class="math">`` where that fails.

    A formula that may be wider than a phone has class ``wide``, since browsers break none, and is
    reached by keyboard: it scrolls.
    """
    mathml = to_mathml(tex, display=display)
    if mathml is None:
        return f'<code class="math">{html.escape(tex)}</code>'
    if len(tex) > _WIDE or _spaces(mathml)[1] > _WIDE_SPACE_EM:
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
    return mathml if _is_narrow(mathml) else None


def _is_narrow(mathml: str) -> bool:
    """Tell whether all lengths are such as formulas need, each and together."""
    back, on = _spaces(mathml)
    return (
        back <= _MAX_EM
        and on <= _MAX_SPACE_EM
        and all(abs(length) <= _MAX_EM for _, lengths in _lengths(mathml) for length in lengths)
    )


def _spaces(mathml: str) -> tuple[float, float]:
    """Return how far all spaces together lead back, and on, in em."""
    spaces = [lengths[0] for element, lengths in _lengths(mathml) if element == "mspace"]
    return -sum(min(one, 0.0) for one in spaces), sum(max(one, 0.0) for one in spaces)


def _lengths(mathml: str) -> Iterator[tuple[str, list[float]]]:
    """Yield each element whose attributes have lengths, with these, in em.

    A space may say its length twice. An unknown unit is infinite.
    """
    for tag in _TAG.finditer(mathml):
        lengths = [
            float(length[1]) * _EM.get(length[2], float("inf"))
            for length in _LENGTH.finditer(tag[2])
        ]
        if lengths:
            yield tag[1], lengths


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
