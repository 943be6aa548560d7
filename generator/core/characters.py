r"""Ranges of characters, named once: what no text should hold, and the letters of scripts.

Each is the inside of a character class of ``re``; a user joins those that it needs:
``re.compile(f"[{UNWANTED}{INVISIBLE}]")``. Blocks and properties: https://www.unicode.org/charts/.
"""

from __future__ import annotations

# Unwanted. Tab, line feed and carriage return are no controls here: who reads one line adds them.
CONTROLS = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
LINE_BREAKS = "\n\r\u2028\u2029"
# What turns the direction of all behind it (https://www.unicode.org/reports/tr36/).
DIRECTIONS = "\u202a-\u202e\u2066-\u2069"
SURROGATES = "\ud800-\udfff"
NONCHARACTERS = "\ufdd0-\ufdef\ufffe\uffff"  # of the first plane
# What XML 1.0 forbids or discourages, and turned directions: no text that is shown has them
# (https://www.w3.org/TR/xml/#charsets, https://infra.spec.whatwg.org/#noncharacter).
UNWANTED = CONTROLS + DIRECTIONS + SURROGATES + NONCHARACTERS

BYTE_ORDER_MARK = "\ufeff"
# Harmless but unseen: soft hyphens, spaces without width, marks of direction, annotations; tags and
# variation selectors can carry a whole hidden text (https://www.unicode.org/charts/PDF/UE0000.pdf).
INVISIBLE = (
    "\xad\u061c\u180e\u200b\u200e\u200f\u2060-\u206f\ufff9-\ufffb\U000e0000-\U000e0fff"
    + BYTE_ORDER_MARK
)
JOINERS = "\u200c\u200d"  # letters of Persian and Indic scripts need them, and emoji

# Noncharacters for the time that a text is worked on: no interchanged text may hold them, so each
# can stand for something else (https://www.unicode.org/faq/private_use.html#noncharacters).
STAND_INS = ("\ufdd0", "\ufdd1")

# Scripts that write no spaces, or few: letters alone.
HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
KANA = "\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff"
HANGUL = "\uac00-\ud7a3"
CJK = HAN + KANA + HANGUL
# Punctuation as wide as a Han character: a word may follow it without a space.
WIDE_PUNCTUATION = (
    "\u3001-\u3004\u3008-\u3020\u3030\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"
)
# All that stands in East Asian text alone: letters, radicals, signs, full and half width forms.
EAST_ASIAN = CJK + "\u2e80-\u9fff\uff00-\uffef"

# Scripts that write spaces.
JAMO = "\u1100-\u11ff"  # parts of Hangul's syllables
ACCENTED_LATIN = "\u00c0-\u024f\u1e00-\u1eff"
LATIN = "A-Za-z" + ACCENTED_LATIN
GREEK = "\u0370-\u03ff\u1f00-\u1fff"
CYRILLIC = "\u0400-\u052f"
COMBINING = "\u0300-\u036f"  # diacritics that stand behind their letter

DASHES = "\u2010-\u2015"

# Pictures among the characters, as Unicode's property Emoji has them, but for what is a text sign
# to most readers: digits, arrows, ballot boxes, suits of cards, ™ (https://unicode.org/Public/UCD/latest/ucd/emoji/).
EMOJI = (
    "\u203c\u2049\u231a\u231b\u2328\u23cf\u23e9-\u23f3\u23f8-\u23fa\u2600-\u2604\u260e\u2614"
    "\u2615\u2618\u261d\u2620\u2622\u2623\u2626\u262a\u262e\u262f\u2638-\u263a\u2648-\u2653\u2668"
    "\u267b\u267f\u2692-\u2697\u2699\u269b\u269c\u26a0\u26a1\u26a7\u26aa\u26ab\u26b0\u26b1\u26bd"
    "\u26be\u26c4\u26c5\u26c8\u26ce\u26cf\u26d1\u26d3\u26d4\u26e9\u26ea\u26f0-\u26f5\u26f7-\u26fa"
    "\u26fd\u2702\u2705\u2708-\u270d\u270f\u2712\u2714\u2716\u271d\u2721\u2728\u2744\u2747\u274c"
    "\u274e\u2753-\u2755\u2757\u2763\u2764\u2795-\u2797\u27a1\u27b0\u27bf\u2b05-\u2b07\u2b1b\u2b1c"
    "\u2b50\u2b55\U0001f004\U0001f0cf\U0001f170\U0001f171\U0001f17e\U0001f17f\U0001f18e"
    "\U0001f191-\U0001f19a\U0001f1e6-\U0001f1ff\U0001f201\U0001f202\U0001f21a\U0001f22f"
    "\U0001f232-\U0001f23a\U0001f250\U0001f251\U0001f300-\U0001f64f\U0001f680-\U0001f6ff"
    "\U0001f7e0-\U0001f7eb\U0001f7f0\U0001f900-\U0001f9ff\U0001fa70-\U0001faff"
)
# Behind a character: show it as text, show it as a picture.
AS_TEXT, AS_PICTURE = "\ufe0e", "\ufe0f"
KEYCAP = "\u20e3"  # makes a key of the digit before it
