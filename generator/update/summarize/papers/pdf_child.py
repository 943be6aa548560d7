"""Run as a program: takes a PDF on standard input apart with pdfium, and prints its lines as JSON.

A PDF is untrusted, and pdfium is C++: this runs in a process of its own, which may crash, hang or
fill its memory without harm to the one that started it (``pdf``). It therefore imports nothing
of Daybook and is told its limits as arguments: pages, seconds of processor time, bytes of memory.

It prints ``{"pages": 12, "damaged": [3], "styles": [[font, size, bold], ...], "outline": [[level,
page, title], ...], "lines": [[page, left, right, base, [[style, text], ...]], ...]}``, or
``{"error": "..."}``. Places are points from the page's lower left corner, ``base`` is where letters
stand. A "line" ends at every gap that may lie between two columns. Pages count from 0 but in
``damaged``.
"""

from __future__ import annotations

import ctypes
import json
import re
import sys
import unicodedata
from collections.abc import Iterator
from typing import Any, NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

_MAX_OUTPUT = 16 * 1024 * 1024  # bytes; 200 pages of dense text make 4 MB
_MAX_OUTLINE = 1000  # entries
_GAP = 0.8  # of a letter's size; wider spaces are rare within a column, narrower between two
_JUMP = 3.0  # of a letter's size; back by so much is another line
_RISE = 0.55  # of a letter's size; what stands higher or lower is no exponent or index
_TINY = 3.0  # points; no letters are so small
# How high letters are in TeX's fonts, of their size.
_HEIGHTS = (("bdfhklBDEFHIKLMNPRTUVWXYZ", 0.69), ("acemnorsuvwxz", 0.44))
_SPACES = {0x09, 0x20, 0xA0}
# Where TeX's fonts have them; fonts without names for their letters (Type 3) are read by these.
_LIGATURES = {0x0B: "ff", 0x0C: "fi", 0x0D: "fl", 0x0E: "ffi", 0x0F: "ffl"}
_HYPHENS = {0x02, 0xFFFE, 0xAD}  # pdfium's signs for one at a line's end, and Unicode's
# TeX's oldest fonts have accents as letters of their own, printed over or under the next.
_ACCENTS = {
    **{"`": "\u0300", "´": "\u0301", "ˆ": "\u0302", "˜": "\u0303", "¯": "\u0304", "˘": "\u0306"},
    **{"˙": "\u0307", "¨": "\u0308", "˚": "\u030a", "˝": "\u030b", "ˇ": "\u030c", "¸": "\u0327"},
    "˛": "\u0328",
}
_CODE = re.compile(r"mono|typewriter|courier|consol|cmtt|sftt|ectt", re.I)
_BOLD = re.compile(r"bold|black|heavy|demi|semib|medi|cmbx|sfbx|cmssbx|cmb\d|tb\b|-b\b", re.I)


def main(pages: int, seconds: int, memory: int) -> None:
    """Read standard input, write standard output."""
    _limit(seconds, memory)
    try:
        result = _read(sys.stdin.buffer.read(), pages)
    except pypdfium2.PdfiumError as error:
        password = error.err_code == pdfium.FPDF_ERR_PASSWORD
        result = {"error": "password" if password else str(error)}
    json.dump(result, sys.stdout)


def _limit(seconds: int, memory: int) -> None:
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 (it does not exist on Windows)

    limits = (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, _MAX_OUTPUT),
        (resource.RLIMIT_CORE, 0),
    )
    for kind, value in limits:
        _, hard = resource.getrlimit(kind)
        if hard == resource.RLIM_INFINITY or value <= hard:
            resource.setrlimit(kind, (value, value))


def _read(data: bytes, most: int) -> dict[str, Any]:
    document = pypdfium2.PdfDocument(data)
    styles: dict[tuple[str, float, bool], int] = {}
    lines: list[list[Any]] = []
    damaged = []
    for number in range(min(len(document), most)):
        try:
            page = document[number]
            text = page.get_textpage()
        except pypdfium2.PdfiumError:
            damaged.append(number + 1)
            continue
        lines += ([number, *line] for line in _Page(text, styles).lines())
        text.close()
        page.close()
    return {
        "pages": len(document),
        "damaged": damaged,
        "styles": list(styles),
        "outline": list(_outline(document)),
        "lines": lines,
    }


def _outline(document: pypdfium2.PdfDocument) -> Iterator[tuple[int, int, str]]:
    try:
        for number, entry in enumerate(document.get_toc(max_depth=4)):
            target = entry.get_dest()
            page = target.get_index() if target else None
            if page is not None and number < _MAX_OUTLINE:
                yield entry.level, page, entry.get_title()[:500]
    except pypdfium2.PdfiumError:
        return


class _Letter(NamedTuple):
    sign: str
    style: int
    size: float
    base: float
    left: float
    right: float


class _Page:
    """Puts one page's characters together to lines."""

    def __init__(
        self, text: pypdfium2.PdfTextPage, styles: dict[tuple[str, float, bool], int]
    ) -> None:
        self._text = text
        self._styles = styles
        self._sizes: dict[int, float] = {}  # of fonts, by their address
        self._runs: list[tuple[int, list[str]]] = []
        self._left = self._right = self._base = self._size = 0.0
        self._last: _Letter | None = None

    def lines(self) -> Iterator[list[Any]]:
        box, origin = pdfium.FS_RECTF(), (ctypes.c_double(), ctypes.c_double())
        shown, style, size, base, upright = None, 0, 0.0, 0.0, True
        space = False
        for index, code in enumerate(_codes(self._text)):
            if code in _SPACES or code == 0x0A:
                space = True
                continue
            pdfium.FPDFText_GetLooseCharBox(self._text, index, box)
            if code == 0x0D and box.right - box.left < 1:
                space = True
                continue
            left, right, turned = box.left, box.right, -box.left
            found = pdfium.FPDFText_GetTextObject(self._text, index)
            if (address := ctypes.addressof(found.contents) if found else 0) != shown:
                shown = address
                style, size, upright = self._style(found, index)
                pdfium.FPDFText_GetCharOrigin(self._text, index, *map(ctypes.byref, origin))
                base = origin[1].value
            if not upright:  # as if the page were turned
                left, right, base = box.bottom, box.top, turned
            within = abs(base - self._base) < _RISE * max(size, self._size)
            step = left - self._right
            if self._runs and not (within and -_JUMP * size < step <= _GAP * max(size, self._size)):
                yield self._take()
            sign = _LIGATURES.get(code) or chr(0x2D if code in _HYPHENS else code)
            self._add(_Letter(sign, style, size, base, left, right), space=space)
            space = False
        if self._runs:
            yield self._take()

    def _add(self, letter: _Letter, *, space: bool) -> None:
        if not self._runs:
            self._left, self._right = letter.left, letter.right
            self._base, self._size = letter.base, letter.size
        elif letter.size > 1.1 * self._size:  # what came before was an exponent
            self._base, self._size = letter.base, letter.size
        sign = letter.sign
        if whole := self._accented(letter):
            pieces = self._runs[-1][1]
            while pieces and pieces.pop() == " ":
                pass
            sign, space = whole, False
        if space and self._runs:
            self._runs[-1][1].append(" ")
        if not self._runs or self._runs[-1][0] != letter.style:
            self._runs.append((letter.style, []))
        self._runs[-1][1].append(sign)
        self._right = max(self._right, letter.right)
        self._last = letter

    def _accented(self, letter: _Letter) -> str:
        """Return the one letter that this sign and the last are, if one is printed over the other.

        One of them is then an accent; "" stands for two signs.
        """
        last = self._last
        if not self._runs or last is None:
            return ""
        accent, base = (last, letter) if last.sign in _ACCENTS else (letter, last)
        shared = min(last.right, letter.right) - max(last.left, letter.left)
        if accent.sign not in _ACCENTS or shared < 0.4 * (letter.right - letter.left):
            return ""
        sign = {"ı": "i", "ȷ": "j"}.get(base.sign, base.sign)
        whole = unicodedata.normalize("NFC", sign + _ACCENTS[accent.sign])
        return whole if len(whole) == 1 and sign.isalpha() else ""

    def _take(self) -> list[Any]:
        # pdfium hands characters beyond U+FFFF over as two halves.
        runs = [
            [
                style,
                "".join(text).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore"),
            ]
            for style, text in self._runs
        ]
        self._runs, self._last = [], None
        return [round(self._left, 1), round(self._right, 1), round(self._base, 1), runs]

    def _style(self, shown: Any, index: int) -> tuple[int, float, bool]:
        """Return the number of a text object's style, its size, and whether it stands upright."""
        size, matrix = ctypes.c_float(), pdfium.FS_MATRIX()
        name, length = ctypes.create_string_buffer(128), 128
        bold, points = False, 0.0
        font = pdfium.FPDFTextObj_GetFont(shown) if shown else None
        if font:
            pdfium.FPDFTextObj_GetFontSize(shown, size)
            pdfium.FPDFPageObj_GetMatrix(shown, matrix)
            pdfium.FPDFFont_GetBaseFontName(font, name, length)
            bold = pdfium.FPDFFont_GetWeight(font) >= 600
            points = abs(size.value) * (matrix.c**2 + matrix.d**2) ** 0.5
            if points < _TINY:
                points = self._measured(index, ctypes.addressof(font.contents))
        upright = abs(matrix.b) <= abs(matrix.a)
        points = round(points, 1) or 1.0
        font_name = re.sub(r"^[A-Z]{6}\+", "", name.value.decode("latin-1"))
        bold = bold and not _CODE.search(font_name)
        key = (font_name, points, bold or bool(_BOLD.search(font_name)))
        return self._styles.setdefault(key, len(self._styles)), points, upright

    def _measured(self, index: int, font: int) -> float:
        """Return the size of a font that is drawn in a unit of its own (Type 3), by its letters."""
        box = pdfium.FS_RECTF()
        for number in range(index, min(index + 50, self._text.count_chars())):
            if font in self._sizes:
                break
            letter = chr(pdfium.FPDFText_GetUnicode(self._text, number))
            if share := next((share for signs, share in _HEIGHTS if letter in signs), 0.0):
                pdfium.FPDFText_GetLooseCharBox(self._text, number, box)
                self._sizes[font] = round(2 * (box.top - box.bottom) / share) / 2
        return self._sizes.get(font, _TINY)


def _codes(text: pypdfium2.PdfTextPage) -> Iterator[int]:
    for index in range(text.count_chars()):
        yield pdfium.FPDFText_GetUnicode(text, index)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]))
