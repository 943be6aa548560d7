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
