r"""TeX macros in text outside maths to Unicode, one left-to-right reading with a stack of groups.

pylatexenc says what a single macro means. It does not read the whole text, because it reads TeX:
a per cent sign would begin a comment, and an unknown macro would vanish.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache

from pylatexenc.latex2text import LatexNodes2Text, get_default_latex_context_db

from generator.core.characters import STAND_INS

# While a text is worked on, for a formula, and for a dollar sign that opens none.
MATHS, DOLLAR = STAND_INS

_SPECIAL = re.compile(r"[\\{}]")
# The macro, then its argument: a letter, a letter macro, or a group that begins here. TeX skips
# spaces behind a control word. The doubled backslash is a database dump's escape (Schr\\"odinger).
_ACCENT = re.compile(
    r"""(?:\\?\\(?P<symbol>["'`^~=.])(?:[ ]?(?=\{)|(?=[^\W\d_]|\\[A-Za-z]))
          |\\(?P<word>[Hbcdkruv]|textcommabelow)(?![A-Za-z])[ ]*)
        (?:(?P<group>\{)
          |(?P<letter>[^\W\d_])
          |\\(?P<macro>i|j|o|O|l|L|aa|AA|ae|AE)(?![A-Za-z])(?:\{\}|[ ]*))""",
    re.VERBOSE,
)
_ACCENTS = frozenset("\"'`^~=.Hbcdkruv")
_CONTROL_WORD = re.compile(r"\\([A-Za-z]+)")
_ARGUMENT = re.compile(r"[ ]?\{")
# \"Ising model\": the quotes of a text that was escaped once too often.
_ESCAPED_QUOTES = re.compile(r'(?<![\w\\])\\"(?=\w)([^"\\]{0,200})(?<=\w)\\"(?![\w{\\])')

_LETTERS = frozenset("ıȷøØłŁßåÅæÆœŒđĐðÐþÞŋŊ")
_EXTRA_SYMBOLS = {  # what pylatexenc does not know, or knows otherwise
    "LaTeX": "LaTeX",
    "TeX": "TeX",
    "S": "§",
    "copyright": "©",
    "euro": "€",
    "newline": " ",
    "par": " ",
    "pounds": "£",
    "quad": " ",
    "qquad": " ",
    "textasciitilde": "~",
    "textbackslash": "\\",
    "textbar": "|",
    "textdollar": DOLLAR,
    "textgreater": ">",
    "textless": "<",
    "textunderscore": "_",
}
_CONTROL_SYMBOLS = {
    **{char: char for char in "&%#_{}\"'"},  # \" and \' get here where they are no accents
    "$": DOLLAR,
    **dict.fromkeys(" ,;:", " "),
    **dict.fromkeys("-/!", ""),
}
# Macros that only dress their argument: the argument stays.
_PLAIN_WRAPPERS = frozenset(
    f"{family}{style}"
    for family, styles in {
        "math": ["bf", "it", "rm", "sf", "tt"],
        "text": ["", "bf", "it", "md", "normal", "rm", "sc", "sf", "sl", "tt", "up"],
        "": ["emph", "enquote", "mbox", "operatorname", "underline", "uline", "url"],
    }.items()
    for style in styles
)
_MATHS_ALPHABETS = frozenset(("mathbb", "mathcal", "mathfrak", "mathscr"))
_WRAPPERS = _PLAIN_WRAPPERS | _MATHS_ALPHABETS | {"href", "textsuperscript", "textsubscript"}
# Old switches at the start of a group: {\em word}.
_SWITCHES = frozenset(["bf", "em", "it", "rm", "sc", "sf", "sl", "tt", "bfseries", "itshape"])
_SCRIPTS = {
    "textsuperscript": dict(zip("0123456789+-=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ", strict=True)),
    "textsubscript": dict(zip("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎", strict=True)),
}
_STAYS = "(stays)"  # the "macro" of a group whose braces mean something to an unknown macro
_MAX_DEPTH = 20  # deeper braces are no TeX that anybody wrote; they stay as they are


def replace_macros(text: str) -> str:
    r"""Return the text with its macros as Unicode; formulas are ``MATHS``, ``\$`` is ``DOLLAR``.

    Unknown macros stay with the braces of their arguments; other braces go where a macro inside
    them was replaced (``{\ss}``, ``{K\"ahler}``) and stay where they may mean braces.
    """
    return _Macros(_ESCAPED_QUOTES.sub(r'"\1"', text)).read()


@dataclass(slots=True)
class _Group:
    """An open group: the text that opened it, the macro it is for, and what it holds so far."""

    opener: str = ""
    macro: str | None = None
    url: str = ""
    pieces: list[str] = field(default_factory=list)
    converted: bool = False


class _Macros:
    """Replaces the macros in one text without maths, left to right, with a stack of open groups."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.groups = [_Group()]
        self.kept_until = -1  # where a macro that stays ended: a group there is its argument

    def read(self) -> str:
        """Return the text with its macros replaced."""
        while special := _SPECIAL.search(self.text, self.position):
            self._put(self.text[self.position : special.start()])
            self.position = special.start()
            if special[0] == "\\":
                self._macro()
            else:
                self.position += 1
                if special[0] == "}":
                    self._close()
                else:
                    before = self.text[special.start() - 1 : special.start()]
                    kept = special.start() == self.kept_until or before in ("^", "_")
                    self._open("{", _STAYS if kept else None)
        self._put(self.text[self.position :])
        return "".join("".join((group.opener, *group.pieces)) for group in self.groups)

    def _put(self, text: str, *, converted: bool = False) -> None:
        if text:
            self.groups[-1].pieces.append(text)
        self.groups[-1].converted |= converted

    def _open(self, opener: str, macro: str | None, url: str = "") -> None:
        if len(self.groups) > _MAX_DEPTH:
            self._put(opener)
        else:
            self.groups.append(_Group(opener, macro, url))

    def _close(self) -> None:
        if len(self.groups) == 1:
            self._put("}")
            return
        group = self.groups.pop()
        content = "".join(group.pieces)
        if group.macro == "href" and MATHS not in content and self._skip("{"):
            self._open(f"{group.opener}{content}}}{{", "link", content)
            return
        meaning = content if group.converted else None
        if group.macro == "link":
            meaning = content if content == group.url else f"{content} ({group.url})"
        elif group.macro is not None:
            meaning = _meaning(group.macro, content)
        if meaning is None:
            self._put(f"{group.opener}{content}}}", converted=group.converted)
            self.kept_until = self.position
        else:
            self._put(meaning, converted=True)

    def _skip(self, text: str) -> bool:
        found = self.text.startswith(text, self.position)
        self.position += len(text) if found else 0
        return found

    def _macro(self) -> None:
        start = self.position
        if accent := _ACCENT.match(self.text, start):
            mark = accent["symbol"] or accent["word"]
            self.position = accent.end()
            if accent["group"]:
                self._open(accent[0], mark)
                return
            base = accent["letter"] or _symbol(accent["macro"]) or ""
            if (accented := _accented(mark, base)) and len(accented) == 1:
                self._put(accented, converted=True)
                return
            self.position = start
        if word := _CONTROL_WORD.match(self.text, start):
            self.position = word.end()
            self._control_word(word[1])
        else:
            self.position = start + 2
            self._control_symbol(self.text[start + 1 : start + 2])

    def _control_word(self, name: str) -> None:
        group = self.groups[-1]
        if name in _WRAPPERS and (opening := _ARGUMENT.match(self.text, self.position)):
            self.position = opening.end()
            self._open(f"\\{name}{opening[0]}", name)
        elif name in _SWITCHES and group.opener == "{" and not group.pieces:
            self._skip(" ")
            group.converted = True
        elif symbol := _symbol(name):
            self._put(symbol, converted=True)
            # TeX drops a space behind any control word; writers mean that only within words.
            if not self._skip("{}") and symbol in _LETTERS:
                self._skip(" ")
        else:
            self._put(f"\\{name}")
            self.kept_until = self.position

    def _control_symbol(self, char: str) -> None:
        if char == "\\" and self.text[self.position : self.position + 1] in ("", " "):
            self._put(" ")  # a line break
        elif char in _CONTROL_SYMBOLS:
            self._put(_CONTROL_SYMBOLS[char])
        else:
            self._put(f"\\{char}")


def _meaning(macro: str, content: str) -> str | None:
    """Return what a macro makes of its argument, or None where it has to stay as it is."""
    if macro in _PLAIN_WRAPPERS:
        return content
    if script := _SCRIPTS.get(macro):
        return (
            "".join(map(script.get, content, content)) if set(content) <= set(script) else content
        )
    if macro in _MATHS_ALPHABETS:
        return _by_pylatexenc(f"\\{macro}{{{content}}}") if _is_ascii_word(content) else content
    if macro not in _ACCENTS and macro != "textcommabelow":
        return None
    if not content:
        return macro if macro in "^~" else None
    accented = _accented(macro, content[0])
    return accented + content[1:] if accented else None


def _is_ascii_word(text: str) -> bool:
    return text.isascii() and text.isalnum()


@lru_cache(maxsize=4096)
def _accented(mark: str, base: str) -> str | None:
    """Return the letter under a TeX accent, or None where this is no letter or no accent."""
    if len(base) != 1 or not base.isalpha():
        return None
    if mark == "textcommabelow":
        return unicodedata.normalize("NFC", base + "\N{COMBINING COMMA BELOW}")
    if mark == "." and base in "ij":
        return base
    argument = {"ı": r"\i", "ȷ": r"\j"}.get(base, base)
    result = unicodedata.normalize("NFC", _by_pylatexenc(f"\\{mark}{{{argument}}}"))
    return result if 1 <= len(result) <= 2 else None


@lru_cache(maxsize=4096)
def _symbol(name: str) -> str | None:
    """Return the character (or function name) that a macro without argument stands for."""
    if name in _EXTRA_SYMBOLS:
        return _EXTRA_SYMBOLS[name]
    spec = get_default_latex_context_db().get_macro_spec(name)
    meaning = spec.simplify_repl if spec is not None else None
    if not isinstance(meaning, str):
        return None
    # Longer ones are templates and place-holders such as "<ref>", but for \log and its like.
    return meaning if meaning == name or (len(meaning) == 1 and not meaning.isascii()) else None


@lru_cache(maxsize=4096)
def _by_pylatexenc(macro: str) -> str:
    return str(LatexNodes2Text().latex_to_text(macro))
