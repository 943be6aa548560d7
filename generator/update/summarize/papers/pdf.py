"""A paper's text from its PDF.

The file is untrusted and pdfium, which reads it, is C++: it runs in a process of its own
(``pdf_child``) with limits of time, memory and output. Whatever happens there is a PaperError here.
"""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from generator.core.errors import PaperError
from generator.update.summarize.papers.document import Document, clean_characters, no_text
from generator.update.summarize.papers.pdf_layout import (
    OWN,
    SECTION_NUMBER,
    Line,
    Style,
    reading_order,
)
from generator.update.summarize.papers.pdf_sections import read_sections
from generator.update.summarize.papers.pdf_titles import Entry
from generator.update.summarize.papers.pdf_words import is_gibberish

_CHILD = Path(__file__).with_name("pdf_child.py")
_MAX_PAGES = 200
_FARTHEST = 1e9  # points; a page has at most 14,400 (ISO 32000-1, annex C.2)
_MEMORY = 2 * 1024**3  # bytes of address space; Python and pdfium with a file of 50 MB take 0.4
# Less is no text: scans have the arXiv stamp and perhaps page numbers.
_MIN_CHARACTERS = 200
_MIN_CHARACTERS_A_PAGE = 40
_ACCENTS = " `´¨ˆ˜ˇ¯˘˙˚˝¸˛"  # alone on a line: their letters are on another
# Only these: full compatibility folding would make x2 of x².
_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "\u00ad": "-"}
)
# What Python may need to start. Nothing else: keys are in the environment, too.
_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "TMPDIR")


def parse_pdf(data: bytes, *, name: str = "PDF", timeout: float = 60) -> Document:
    """Read a paper's PDF within ``timeout`` seconds. Raises PaperError where no text can be had.

    That is: no PDF, one that is damaged, encrypted, empty or scanned, or that crashes its reader or
    takes too much time or memory. References, running heads and page numbers are left out; of a
    longer document the first 200 pages are read. ``name`` is what error messages call the file.
    """
    check_pdf(data, name=name)
    answer = _take_apart(data, name, timeout)
    try:
        if "error" in answer:
            raise _refused(name, str(answer["error"]))
        pages, damaged = int(answer["pages"]), [int(page) for page in answer["damaged"]]
        styles = [_style(*style) for style in answer["styles"]]
        outline = [Entry(int(n), int(page), str(name)) for n, page, name in answer["outline"]]
        lines = [_line(fields, styles) for fields in answer["lines"]]
    except (LookupError, TypeError, ValueError, ArithmeticError) as error:
        raise no_text("PDF", name, f"its reader gave no sensible answer ({error!r})") from error
    if not pages:
        raise no_text("PDF", name, "it has no pages")
    read = min(pages, _MAX_PAGES) - len(damaged)
    if not read:
        raise no_text("PDF", name, "all of its pages are damaged")
    lines, garbled = _legible(lines)
    if 2 * len(garbled) >= read:
        raise no_text("PDF", name, "its fonts do not say which letters they show")
    whole = read_sections(reading_order(lines), outline)
    if sum(len(section.text) for section in whole.sections) < max(
        _MIN_CHARACTERS, _MIN_CHARACTERS_A_PAGE * (read - len(garbled))
    ):
        raise no_text("PDF", name, f"its {pages} pages have hardly any text: it may be a scan")
    missing = [f"page {page}, which is damaged" for page in damaged]
    missing += [f"page {page}, whose fonts do not say which letters they show" for page in garbled]
    if pages > _MAX_PAGES:
        missing.append(f"pages {_MAX_PAGES + 1} to {pages}")
    return Document(whole.sections, "pdf", tuple(missing), whole.title, whole.omitted)


def _legible(lines: Iterable[Line]) -> tuple[list[Line], list[int]]:
    """Return the lines with words, and the pages, from 1, whose letters make none."""
    pages: dict[int, list[Line]] = {}
    for line in lines:
        if line.text.strip(_ACCENTS):
            pages.setdefault(line.page, []).append(line)
    garbled = {
        page for page, found in pages.items() if is_gibberish(" ".join(line.text for line in found))
    }
    kept = [line for page, found in pages.items() if page not in garbled for line in found]
    return kept, sorted(page + 1 for page in garbled)


def check_pdf(data: bytes, *, name: str = "PDF") -> None:
    """Raise PaperError where a file does not begin as a PDF does (ISO 32000-1, annex H.3)."""
    head = data[:1024]
    if b"%PDF-" in head:
        return
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not data:
        why = "it is empty"
    elif start.startswith((b"<!doctype html", b"<html", b"<head", b"<?xml", b"<!--")):
        why = "it is an HTML page, not a PDF"
    else:
        why = f"it is no PDF: it begins with {data[:16]!r}"
    raise no_text("PDF", name, why)


def _take_apart(data: bytes, name: str, timeout: float) -> dict[str, Any]:
    """Return what the child says. Its output goes to files, whose size the system limits."""
    limits = (str(_MAX_PAGES), str(math.ceil(timeout)), str(_MEMORY))
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as complaints:
        try:
            done = subprocess.run(
                [sys.executable, "-I", str(_CHILD), *limits],
                input=data,
                stdout=output,
                stderr=complaints,
                timeout=timeout,
                check=False,
                env={key: os.environ[key] for key in _ENVIRONMENT if key in os.environ},
            )
        except subprocess.TimeoutExpired as error:
            raise no_text(
                "PDF", name, f"reading it took longer than {timeout:g} seconds"
            ) from error
        if done.returncode:
            complaints.seek(0)
            raise no_text("PDF", name, _failure(done.returncode, complaints.read(100_000)))
        output.seek(0)
        try:
            answer = json.load(output)
        except (ValueError, RecursionError) as error:
            raise no_text("PDF", name, f"its reader gave no answer ({error})") from error
    return answer if isinstance(answer, dict) else {}


def _failure(code: int, complaints: bytes) -> str:
    if code < 0:
        name = next((s.name for s in signal.Signals if s == -code), f"signal {-code}")
        return f"it crashes its reader ({name})"
    last = complaints.decode("utf-8", "replace").strip().rsplit("\n", 1)[-1]
    if "MemoryError" in last:
        return "reading it takes too much memory"
    return f"its reader fails ({clean_characters(last)[:200]})"


def _line(fields: list[Any], styles: Sequence[Style]) -> Line:
    """Return a line as the child gives it; its type is that of most of its letters."""
    page, left, right, base, runs = fields
    left, right, base = float(left), float(right), float(base)
    if not max(map(abs, (left, right, base))) < _FARTHEST:
        raise ValueError(fields)
    counts: Counter[Style] = Counter()
    text, lead = "", 0
    # The number of a title may be in another type: what follows it tells.
    number = SECTION_NUMBER.fullmatch(str(runs[0][1]))
    begin = int(len(runs) > 1 and number is not None and not number[0][-1].isalpha())
    first = styles[int(runs[begin][0])]
    for index, (style, part) in enumerate(runs):
        counts[first if index < begin else styles[int(style)]] += len(part)
        if not lead and index > begin and styles[int(style)] != first:
            lead = len(text)
        text += clean_characters(str(part)).translate(_LIGATURES)
    (most, own), *others = counts.most_common(2)
    second = others[0][0] if others and own < OWN * counts.total() else None
    if text.isupper():  # small capitals are as large as the capitals among them
        most, second = max(counts, key=lambda style: style.size), None
    return Line(int(page), " ".join(text.split()), left, right, base, most, first, lead, second)


def _style(font: object, size: object, bold: object) -> Style:
    return Style(str(font), float(str(size)), bool(bold))


def _refused(name: str, why: str) -> PaperError:
    if why == "password":
        return no_text("PDF", name, "it is encrypted and asks for a password")
    return no_text("PDF", name, f"it is damaged, or has no pages ({clean_characters(why)[:200]})")
