"""Run as a program: takes a PDF on standard input apart with pdfium, and prints its lines as JSON.

A PDF is untrusted, and pdfium is C++: this runs in a process of its own, which may crash, hang or
fill its memory without harm to the one that started it (``pdf``). It therefore imports nothing
of Daybook and is told its limits as arguments: pages, seconds of processor time, bytes of memory.

It prints ``{"pages": 12, "damaged": [3], "lines": [[page, text, left, right, bottom, height,
bold], ...]}`` with points from the page's lower left corner, or ``{"error": "..."}``. A "line" ends
where pdfium ends one, and at every gap that may lie between two columns.
"""

from __future__ import annotations

import ctypes
import json
import re
import sys
from collections.abc import Iterator
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

_MAX_OUTPUT = 16 * 1024 * 1024  # bytes; 200 pages of dense text make 4 MB
_GAP = 0.8  # of a line's height; wider spaces are rare within a column, narrower ones between two
_JUMP = 3.0  # of a line's height; back by so much is another line, whatever pdfium says
_LINE_ENDS = (0x0A, 0x0D)
# pdfium's sign for a hyphen at a line's end, which swallows the line's end itself.
_HYPHENS = (0x02, 0xFFFE)
_BOLD = re.compile(rb"bold|black|heavy|medi|demi|cmbx|sfbx|cmssbx", re.IGNORECASE)


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
    lines: list[list[Any]] = []
    damaged = []
    for number in range(min(len(document), most)):
        try:
            page = document[number]
            text = page.get_textpage()
        except pypdfium2.PdfiumError:
            damaged.append(number + 1)
            continue
        lines += ([number, *line] for line in _lines(text))
        text.close()
        page.close()
    return {"pages": len(document), "damaged": damaged, "lines": lines}


def _lines(text: pypdfium2.PdfTextPage) -> Iterator[list[Any]]:
    box = pdfium.FS_RECTF()
    codes: list[int] = []
    first = last = 0  # characters by number
    left = right = bottom = height = 0.0

    def line() -> list[Any]:
        bold = _is_bold(text, first) and _is_bold(text, last)
        # pdfium hands characters beyond U+FFFF over as two halves.
        halves = "".join(map(chr, codes)).encode("utf-16-le", "surrogatepass")
        return [halves.decode("utf-16-le", "ignore"), left, right, bottom, height, bold]

    for index in range(text.count_chars()):
        code = pdfium.FPDFText_GetUnicode(text, index)
        ends = code in _LINE_ENDS
        hyphen = code in _HYPHENS
        if not ends and code not in (0x20, 0xA0):
            pdfium.FPDFText_GetLooseCharBox(text, index, ctypes.byref(box))
            if codes and not -_JUMP * height < box.left - right <= _GAP * height:
                yield line()
                codes = []
            if not codes:
                first, left, bottom = index, box.left, box.bottom
                height = box.top - box.bottom
            last, right = index, box.right
            codes.append(ord("-") if hyphen else code)
        elif codes and not ends:
            codes.append(0x20)
        if (ends or hyphen) and codes:
            yield line()
            codes = []
    if codes:
        yield line()


def _is_bold(text: pypdfium2.PdfTextPage, index: int) -> bool:
    name = ctypes.create_string_buffer(128)
    flags = ctypes.c_int()
    pdfium.FPDFText_GetFontInfo(text, index, name, 128, ctypes.byref(flags))
    return bool(_BOLD.search(name.value))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]))
