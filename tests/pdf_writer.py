"""Papers typeset as TeX would: justified to columns, words broken, running heads, page numbers.

The papers are invented. A story is a list of (kind, text); ``TYPES`` has the kinds.
"""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Iterator, Sequence

from fpdf import FPDF

VOCABULARY = """
sampling gradient estimator convergence optimisation distribution regularisation of the and we show
that under mild assumptions a bounded variance implies for every step in practice benchmark
transformer attention representation generalisation however which improves
"""
WORDS = VOCABULARY.split()
LEADING = 12.0
BREAKABLE = 10  # letters
# Points and style of each kind of text; "page" begins a new one.
TYPES = {
    "title": (17.0, "B"),
    "heading": (12.0, "B"),
    "larger": (13.0, ""),
    "bold": (10.0, "B"),
    "italic": (10.0, "I"),
    "text": (10.0, ""),
    "line": (10.0, ""),
    "small": (8.0, ""),
    "page": (10.0, ""),
}
RUNNING = ("text", "small")


def prose(seed: int, words: int) -> str:
    """Invented sentences, other ones for each seed."""
    state, chosen = seed * 7919 + 1, []
    for number in range(words):
        state = (state * 1103515245 + 12345) % 2**31
        chosen.append(WORDS[(state >> 8) % len(WORDS)])
        if number % 14 == 13:
            chosen[-1] += "."
    text = " ".join(chosen).rstrip(".")
    return ". ".join(s[:1].upper() + s[1:] for s in text.split(". ")) + "."


def typeset(
    story: Sequence[tuple[str, str]],
    *,
    columns: int = 1,
    by_row: bool = False,
    head: str = "",
    numbers: bool = True,
    leading: float = LEADING,
    outline: Sequence[tuple[int, str]] = (),
    line_numbers: bool = False,
    floats: str = "",
) -> bytes:
    """A PDF. ``by_row`` writes two columns line by line across the page, as few programs do.

    ``outline`` has the depth, from 0, and title of its entries, each for the page of the line that
    is spelt so. ``line_numbers`` puts one beside every line, as journals ask for. ``floats`` puts a
    "figure" above the text of each page, or a "footnote" below it.
    """
    pdf = FPDF(unit="pt", format="A4")
    pdf.set_auto_page_break(False)
    spots = _spots(pdf, story, columns, leading)
    page = spots[-1][0] if spots else 0
    if by_row:
        spots.sort(key=lambda spot: (spot[0], spot[2], spot[1]))
    marks = itertools.count(1)
    for number in range(page + 1):
        pdf.add_page()
        here = [spot for spot in spots if spot[0] == number]
        for depth, entry in outline:
            if any(spot[-1] == entry for spot in here):
                pdf.start_section(entry, level=depth)
        if head:
            _put(pdf, (72, 50), head, 8)
        if floats == "figure":
            _put(pdf, (72, 66), "a 1 b 2 c 3", 10)
            _put(pdf, (72, 78), f"Figure {number + 1}: {prose(number + 50, 9)}", 10)
        for _, _, y, x, style, size, line in here:
            _put(pdf, (x, y), line, size, style)
            if line_numbers:
                _put(pdf, (40, y), str(next(marks)), 6)
        if floats == "footnote":
            _put(pdf, (72, 780), f"{number + 1} {prose(number + 50, 12)}", 8)
        if numbers:
            _put(pdf, (290, 800), str(number + 1), 10)
    return bytes(pdf.output())


def _spots(
    pdf: FPDF, story: Sequence[tuple[str, str]], columns: int, leading: float
) -> list[tuple[int, int, float, float, str, float, str]]:
    """Return each line with its place: page, column, y, x, style, size."""
    spots: list[tuple[int, int, float, float, str, float, str]] = []
    top, bottom = 90.0, 760.0
    page, column, y = 0, 0, top
    for kind, text in story:
        size, style = TYPES[kind]
        pdf.set_font("Times", style, size)
        runs = kind in RUNNING or kind == "line"
        if kind == "page":
            page, column, y = page + 1, 0, top
            continue
        y += 0 if runs else leading
        for number, line in enumerate(_lines(pdf, text, 450.0 if columns == 1 else 215.0)):
            if y > bottom:
                column, y = column + 1, top
                if column == columns:
                    page, column = page + 1, 0
            indent = 12.0 if kind in RUNNING and number == 0 else 0.0
            spots.append((page, column, y, 72 + column * 232 + indent, style, size, line))
            y += leading * size / 10 if runs else 1.3 * size
        y += 0 if runs else 4
    return spots


def _put(pdf: FPDF, place: tuple[float, float], text: str, size: float, style: str = "") -> None:
    pdf.set_font("Times", style, size)
    pdf.text(*place, text)


def _lines(pdf: FPDF, text: str, width: float) -> Iterator[str]:
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if pdf.get_string_width(longer) <= width - 12:
            line = longer
            continue
        # TeX breaks a word at its own hyphens, or else as the language does.
        cut = word.rfind("-") if "-" in word else len(word) // 2 if word.isalpha() else 0
        broken = f"{line} {word[:cut]}-"
        if len(word) >= BREAKABLE and cut and pdf.get_string_width(broken) <= width - 12:
            yield broken
            line = word[cut:].removeprefix("-")
        else:
            yield line
            line = word
    yield line


def paper(*, words: int = 300, columns: int = 1, by_row: bool = False) -> bytes:
    """A whole paper with all the sections that one has."""
    return typeset(
        [
            ("title", "A Sample Paper that Nobody Wrote"),
            ("text", "Ada Sample and Ben Muster, University of Nowhere"),
            ("heading", "Abstract"),
            ("text", f"This sample is invented. {prose(1, 60)}"),
            ("heading", "1 Introduction"),
            ("text", f"Introductions come first. {prose(2, words)}"),
            ("heading", "2 Related Work"),
            ("text", f"Others did this. {prose(3, words)}"),
            ("heading", "3 Method"),
            ("text", f"Our method is new. {prose(4, words)}"),
            ("heading", "3.1 Training Setup"),
            ("text", f"The setup is simple. {prose(5, words)}"),
            ("heading", "4 Experiments"),
            ("text", f"Accuracy rises to 71.3 percent. {prose(6, words)}"),
            ("heading", "5 Conclusion"),
            ("text", f"Samples help. {prose(7, 80)}"),
            ("heading", "Acknowledgements"),
            ("text", "We thank nobody for nothing at all."),
            ("heading", "References"),
            ("text", "[1] A. Cited. A title that must not be read. Journal of Samples, 2020."),
            ("text", "[2] B. Quoted. Another title not to be read. Proceedings, 2021."),
            ("heading", "A Proofs"),
            ("text", f"The proof is left out. {prose(8, words)}"),
            ("heading", "A.1 A Lemma"),
            ("text", f"The lemma is small. {prose(9, 60)}"),
        ],
        columns=columns,
        by_row=by_row,
        head="A Sample Paper that Nobody Wrote",
    )


def raw(content: bytes, *, differences: str = "", pages: int = 1, extra: str = "") -> bytes:
    """A PDF of bare objects with this content stream on every page, for what fpdf2 does not do.

    ``differences`` maps codes to glyph names, ``extra`` goes into the stream's dictionary.
    """
    encoding = f"/Encoding << /Differences [{differences}] >>" if differences else ""
    kids = " ".join("4 0 R" for _ in range(pages))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>".encode(),
        f"<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman {encoding} >>".encode(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R"
        b" /Resources << /Font << /F1 3 0 R >> >> >>",
        f"<< /Length {len(content)} {extra} >> stream\n".encode() + content + b"\nendstream",
    ]
    body, offsets = b"%PDF-1.4\n", []
    for number, item in enumerate(objects, 1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n".encode() + item + b"\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    return (
        body
        + (
            f"xref\n0 {len(offsets) + 1}\n0000000000 65535 f \n{table}"
            f"trailer << /Size {len(offsets) + 1} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
        ).encode()
    )


def bomb(megabytes: int) -> bytes:
    """A PDF of some kilobytes whose page content unpacks, twice, to so many megabytes."""
    packer = zlib.compressobj(1)
    block = b"BT ET " * 175_000
    once = b"".join(packer.compress(block) for _ in range(megabytes)) + packer.flush()
    return raw(zlib.compress(once, 9), extra="/Filter [/FlateDecode /FlateDecode]")
