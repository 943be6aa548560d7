"""A model's emoji, taken out of what it wrote. Pure.

What only decorates goes: 🚀 before a heading, ✅ before a conclusion. What means something becomes
a plain sign: ✓ and ✗ in tables, ★ of a rating, the digit of a key, and signs that are set against
each other or explained. Code stays as it is, and no other character is lost.
"""

from __future__ import annotations

import re

from generator.core.characters import AS_PICTURE, AS_TEXT, EMOJI, KEYCAP

_KINDS = {  # the sign, and the emoji that it stands for
    "✓": "✅✔",
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
_RUN = re.compile(rf"(?:{_UNIT_TEXT})(?: ?(?:{_UNIT_TEXT}))*+")
_KEYS = frozenset("0123456789#*")
_HAS_TEXT = re.compile(r">\s*+[^<\s]")
# Tags that tell where a text stands; the others do not.
_PLACE = re.compile(r"<(/?(?:p|pre|hr|table|blockquote|h[1-6]|t[dh]|code))\b")
_BLOCKS = frozenset(("code", "td", "th", *(f"h{level}" for level in range(1, 7))))
_FLOW_END = re.compile(r"<(?:h[1-6]|table|pre)\b|\Z")
_CODE = re.compile(r"(<code\b(?:[^<]++|<(?!/code>))*+</code>)")
_EMPHASIS = r"(?:<(?:strong|em|b|i|u|del|a)\b[^<>]*>)*+"
# Nothing but this stands before what is first in its line; it is looked for in so many characters.
_FIRST = re.compile(
    rf"(?:\n|<(?:p|li|blockquote|summary|t[dh]|h[1-6]|br)\b[^<>]*>)\s*+{_EMPHASIS}\s*+\Z"
)
_FIRST_WITHIN = 300  # a link's address among them
_LINE_END = re.compile(r"\n|</?(?:p|li|br|blockquote)\b")
_LINE_WITHIN = 400
_MEANS = re.compile(
    r"\s*[”’\"']?\s*(?:表示|代表|意味|指|[:：=]"
    r"|(?:means?|indicates?|denotes?|marks?|stands? for)\b)"
)
_CROSS = re.compile("[❌✖❎]")
_EMPTY = re.compile(r"<(strong|em|b|i|u|del|p|li)>\s*</\1>")
# What no space stands before.
_CLINGS = re.compile(r"[，。：；！？、,.;:!?)）\n]|</(?:p|li|t[dh]|h[1-6])>|\Z")


def without_emoji(page: str) -> str:
    """Return the HTML of a summary without emoji; see above for what stays.

    ``page`` is well-formed, and no attribute holds a "<" or ">".
    """
    if not _MAYBE.search(page):
        return page
    parts: list[str] = []
    done = skipped = flow = flow_end = 0
    contrast = emptied = False
    for hit in _MAYBE.finditer(page):
        at = hit.start()
        if at < max(done, skipped):
            continue
        opened, tag = _place(page, done, at)
        if tag == "code":
            skipped = page.index("</code>", at)
            continue
        if tag:
            flow = end = page.find(f"</{tag}>", at)
            parts += [page[done:opened], _in_block(page[opened:end], tag)]
            done = end
            continue
        if at >= flow_end:
            start = max(flow, flow_end)
            flow_end = _FLOW_END.search(page, at).start()  # type: ignore[union-attr]  # "" is found
            contrast = _CROSS.search(page, start, flow_end) is not None
        start, end, shown = _shown(page, at, "text", contrast)
        emptied = emptied or (not shown and page.startswith("</", end) and page[start - 1] == ">")
        parts += [page[done:start], shown]
        done = end
    page = "".join([*parts, page[done:]])
    return _EMPTY.sub("", _EMPTY.sub("", page)) if emptied else page


def _place(page: str, done: int, at: int) -> tuple[int, str]:
    """Return where the heading, cell or code begins that a character is in, and its tag, or "".

    ``done`` is before it and in running text, or at the end of such a block.
    """
    opened = page.rfind("<", done, at)
    while opened >= 0:
        found = _PLACE.match(page, opened)
        if found and found[1] in _BLOCKS:
            return opened, found[1]
        if found and found[1] == "/code":
            opened = max(page.rfind("<code", done, opened), done)
        elif found:
            break
        opened = page.rfind("<", done, opened)
    return done, ""


def text_without_emoji(text: str) -> str:
    """Return a plain text, such as a sentence, without emoji."""
    return _runs_out(f"\n{text}", "text").strip() if _MAYBE.search(text) else text


def _in_block(block: str, tag: str) -> str:
    """Handle a heading or a cell, without its end; it is never left without text."""
    place = "cell" if tag in ("td", "th") else "heading"
    pieces = _CODE.split(block)
    pieces[::2] = [_runs_out(piece, place) for piece in pieces[::2]]
    page = "".join(pieces)
    if _HAS_TEXT.search(page):
        return page
    return _UNIT.sub(lambda unit: _sign(unit[0]) or unit[0][0] + AS_TEXT, block)


def _runs_out(text: str, place: str) -> str:
    contrast = _CROSS.search(text) is not None
    parts, done = [], 0
    for hit in _MAYBE.finditer(text):
        if hit.start() >= done:
            start, end, shown = _shown(text, hit.start(), place, contrast)
            parts += [text[done:start], shown]
            done = end
    return "".join([*parts, text[done:]])


def _shown(text: str, at: int, place: str, contrast: bool) -> tuple[int, int, str]:
    """Return from where to where emoji stand in a row, and what stands for them.

    ``at`` is the place of the first, or of what makes one of the digit before it. ``contrast``
    says that signs of the text are set against each other.
    """
    found = _RUN.match(text, at)
    if not found and text[at - 1 : at] in _KEYS and (found := _RUN.match(text, at - 1)):
        at -= 1
    if not found:
        return at, at + 1, "" if text[at] == AS_PICTURE else text[at]
    units, start, end = _UNIT.findall(found[0]), at, found.end()
    first = _FIRST.search(text, max(0, start - _FIRST_WITHIN), start) is not None
    left, right = text[start - 1 : start] == " ", text[end : end + 1] == " "
    start, end = start - left, end + right
    after = text[end : end + 1]
    rated = sum(unit[0] in _STARS for unit in units) > 1 or after in ("☆", "★")

    def stays(unit: str) -> bool:
        if not first or KEYCAP in unit or (rated and unit[0] in _STARS):
            return True
        if unit[0] in _BULLETS or place == "heading":
            return False
        if place == "cell" or contrast or unit[0] in _ALWAYS:
            return True
        return unit[0] in _SIGNS and _is_explained(text, end)

    signs = "".join(_sign(unit) for unit in units if stays(unit))
    before = text[start - 1 : start]
    if signs:
        apart = right or (signs[-1].isalnum() and after.isalnum())
        return start, end, f"{' ' * (left and not first)}{signs}{' ' * apart}"
    if first or _CLINGS.match(text, end):
        return start, end, ""
    glued = before.isalnum() and after.isalnum() and (before + after).isascii()
    return start, end, " " * (left or right or glued)


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
