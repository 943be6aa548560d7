"""A model's emoji, taken out of what it wrote. Pure.

What only decorates goes: 🚀 before a heading, ✅ before a conclusion. What means something becomes
a plain sign: ✓ and ✗ in tables, ★ of a rating, the digit of a key, and signs that are set against
each other or explained. Code stays as it is, and no other character is lost.
"""

from __future__ import annotations

import re
from functools import partial

from generator.core.characters import AS_PICTURE, AS_TEXT, EMOJI, KEYCAP

_KINDS = {  # the sign, and the emoji that it stands for
    "✓": "✅✔☑",
    "✗": "❌✖❎",
    "★": "⭐🌟",
    "○": "⭕",
    "⊘": "🚫⛔",
    f"⚠{AS_TEXT}": "⚠",
    "!": "❗❕",
    "?": "❓❔",
    "!!": "‼",
    "!?": "⁉",
    "→": "➡",
    "←": "⬅",
    "↑": "⬆",
    "↓": "⬇",
    "+": "➕",
    "−": "➖",
    "÷": "➗",
    "▲": "🔺🔼",
    "▼": "🔻🔽",
    "◆": "🔹🔷",
    "◇": "🔸🔶",
    # Colours tell rows apart: so the signs of different ones differ.
    "●": "🔴⚫",
    "◎": "🔵",
    "◉": "🟠",
    "◐": "🟡",
    "◔": "🟢",
    "◍": "🟣",
    "◌": "⚪",
    "■": "🟥⬛",
    "▣": "🟦",
    "▤": "🟧",
    "▥": "🟨",
    "▦": "🟩",
    "▩": "🟪",
    "□": "⬜",
    "vs": "🆚",
    "NEW": "🆕",
    "OK": "🆗",
    "10": "🔟",
}
_SIGNS = {emoji: sign for sign, found in _KINDS.items() for emoji in found}
# Letters in pairs make flags, and stay the country's code.
_SIGNS |= {chr(0x1F1E6 + n): chr(ord("A") + n) for n in range(26)}
_STARS = frozenset("⭐🌟")
_BULLETS = frozenset("🔹🔷🔸🔶")
# These say something even where they stand first: no, up, more.
_ALWAYS = frozenset("❌✖❎🚫⛔➡⬅⬆⬇➕➖➗🔟") | {chr(n) for n in range(0x1F1E6, 0x1F200)}

# Wider than need be, and ten times as fast to look for.
_MAYBE = re.compile(
    f"[\u203c\u2049\u231a-\u23fa\u2600-\u2b55{AS_PICTURE}{KEYCAP}\U0001f000-\U0001faff]"
)
_UNIT_TEXT = (
    rf"[0-9#*]{AS_PICTURE}*+{KEYCAP}[{AS_PICTURE}{KEYCAP}]*+"
    rf"|(?=[\u203c-\U0001faff])[{EMOJI}](?!{AS_TEXT})[{AS_PICTURE}{KEYCAP}\U0001f3fb-\U0001f3ff]*+"
    rf"(?:\u200d[{EMOJI}\u2640\u2642]{AS_PICTURE}?)*+[\U000e0020-\U000e007f]*+"
)
_UNIT = re.compile(_UNIT_TEXT)
_RUN = re.compile(
    rf"(?P<left> ?)(?P<run>(?:{_UNIT_TEXT})(?: ?(?:{_UNIT_TEXT}))*+)(?P<right> ?)|{AS_PICTURE}"
)
_BLOCK = re.compile(r"(<(pre|h[1-6]|td|th)\b(?:[^<]++|<(?!/\2>))*+</\2>)")
_CODE = re.compile(r"(<code\b(?:[^<]++|<(?!/code>))*+</code>)")
_EMPHASIS = r"(?:<(?:strong|em|b|i|u|del)>)*+"
# Nothing but this stands before what is first in its line; it is looked for in so many characters.
_FIRST = re.compile(
    rf"(?:\A|\n|<(?:p|li|blockquote|summary|t[dh]|h[1-6]|br)\b[^<>]*>)\s*+{_EMPHASIS}\s*+\Z"
)
_FIRST_WITHIN = 100
_LINE_END = re.compile(r"\n|</?(?:p|li|br|blockquote)\b")
_LINE_WITHIN = 400
_MEANS = re.compile(
    r"\s*[”’\"']?\s*(?:表示|代表|意味|指|[:：=]"
    r"|(?:means?|indicates?|denotes?|marks?|stands? for)\b)"
)
_CROSS = re.compile("[❌✖❎]")
_EMPTY = re.compile(r"<(strong|em|b|i|u|del|p|li)>\s*</\1>")
_TAG = re.compile(r"<[^<>]*>")
# What no space stands before.
_CLINGS = re.compile(r"[，。：；！？、,.;:!?)）\n]|</(?:p|li|t[dh]|h[1-6])>|\Z")


def without_emoji(page: str) -> str:
    """Return the HTML of a summary without emoji; see above for what stays.

    ``page`` is well-formed, and no attribute holds a "<" or ">".
    """
    if not _MAYBE.search(page):
        return page
    parts = _BLOCK.split(page)  # text, block, its tag, text, ...
    parts[::3] = [_in_text(text) for text in parts[::3]]
    parts[1::3] = [
        block if tag == "pre" or not _MAYBE.search(block) else _in_block(block, tag)
        for block, tag in zip(parts[1::3], parts[2::3], strict=True)
    ]
    del parts[2::3]
    return "".join(parts)


def text_without_emoji(text: str) -> str:
    """Return a plain text, such as a sentence, without emoji."""
    return _runs_out(text, "text").strip() if _MAYBE.search(text) else text


def _in_text(text: str) -> str:
    """Handle what is neither heading, table cell nor code block."""
    if not _MAYBE.search(text):
        return text
    page = _outside_code(text, "text")
    return _EMPTY.sub("", _EMPTY.sub("", page))


def _in_block(block: str, tag: str) -> str:
    """Handle a heading or a cell, which is never left without text."""
    page = _outside_code(block, "cell" if tag in ("td", "th") else "heading")
    if _TAG.sub("", page).strip():
        return page
    return _UNIT.sub(lambda unit: _sign(unit[0]) or unit[0][0] + AS_TEXT, block)


def _outside_code(page: str, place: str) -> str:
    pieces = _CODE.split(page)
    pieces[::2] = [_runs_out(piece, place) for piece in pieces[::2]]
    return "".join(pieces)


def _runs_out(text: str, place: str) -> str:
    contrast = place == "text" and _CROSS.search(text) is not None
    return _RUN.sub(partial(_shown, place=place, contrast=contrast), text)


def _shown(found: re.Match[str], place: str, contrast: bool) -> str:
    """Return what stands for emoji in a row, with the spaces around them."""
    if not found["run"]:
        return ""  # only asks for a picture
    units = _UNIT.findall(found["run"])
    text, start, end = found.string, found.start("run"), found.end()
    first = _FIRST.search(text, max(0, start - _FIRST_WITHIN), start) is not None
    rated = sum(unit[0] in _STARS for unit in units) > 1 or text[end : end + 1] in ("☆", "★")

    def stays(unit: str) -> bool:
        if not first or KEYCAP in unit or (rated and unit[0] in _STARS):
            return True
        if unit[0] in _BULLETS or place == "heading":
            return False
        if place == "cell" or contrast or unit[0] in _ALWAYS:
            return True
        return unit[0] in _SIGNS and _is_explained(text, end)

    signs = "".join(_sign(unit) for unit in units if stays(unit))
    left, right, after = found["left"], found["right"], text[end : end + 1]
    if signs:
        joined = signs[-1].isalnum() and not right and after.isalnum()
        return f"{'' if first else left}{signs}{' ' if joined else right}"
    if first or _CLINGS.match(text, end):
        return ""
    glued = (
        text[start - 1 : start].isalnum()
        and after.isalnum()
        and (text[start - 1] + after).isascii()
    )
    return " " if left or right or glued else ""


def _sign(unit: str) -> str:
    """Return the sign that an emoji means, "" for a mere picture."""
    return unit[0] if KEYCAP in unit and unit[0].isascii() else _SIGNS.get(unit[0], "")


def _is_explained(text: str, start: int) -> bool:
    """Tell whether the line goes on with what its first sign means, or with another sign."""
    if _MEANS.match(text, start):
        return True
    limit = start + _LINE_WITHIN
    end = _LINE_END.search(text, start, limit)
    return _UNIT.search(text, start, end.start() if end else limit) is not None
