"""The text of real PDFs, made here, and what becomes of those that cannot be read."""

from __future__ import annotations

import io
import os
import re
from pathlib import Path

import pytest
from fpdf import FPDF
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from generator.core.errors import PaperError
from generator.update.summarize.papers import pdf as pdf_text
from generator.update.summarize.papers.document import Document, PaperSection
from generator.update.summarize.papers.pdf import parse_pdf
from generator.update.summarize.papers.pdf_layout import Line, Style, reading_order
from generator.update.summarize.papers.pdf_sections import read_sections
from generator.update.summarize.papers.pdf_titles import Entry
from tests.growth import assert_linear
from tests.pdf_writer import bomb, paper, prose, raw, typeset

TITLES = [
    "",
    "Abstract",
    "1 Introduction",
    "2 Related Work",
    "3 Method",
    "4 Experiments",
    "5 Conclusion",
    "Acknowledgements",
    "A Proofs",
]


def sections(lines: list[Line], outline: tuple[Entry, ...] = ()) -> tuple[PaperSection, ...]:
    return read_sections(lines, outline).sections


def texts(document: Document) -> dict[str, str]:
    return {part.title: part.text for part in document.sections}


def refusal(data: bytes, **options: float) -> str:
    with pytest.raises(PaperError) as caught:
        parse_pdf(data, name="https://arxiv.org/pdf/2601.00001v1", **options)
    error = caught.value
    assert error.item == "https://arxiv.org/pdf/2601.00001v1"
    assert error.what
    assert error.todo
    return error.why


# What is read


@pytest.mark.parametrize(
    "layout",
    [{}, {"columns": 2}, {"columns": 2, "by_row": True}],
    ids=["one column", "two columns", "two columns, line by line"],
)
def test_a_paper_is_read_in_order(layout) -> None:
    document = parse_pdf(paper(**layout))
    read = texts(document)
    assert list(read) == TITLES
    assert [part.title for part in document.sections if part.appendix] == ["A Proofs"]
    # Whole paragraphs, in the author's words, with no line's end, page or column to be seen.
    assert read["Abstract"] == f"This sample is invented. {prose(1, 60)}"
    assert same(read["1 Introduction"], f"Introductions come first. {prose(2, 300)}")
    assert same(read["4 Experiments"], f"Accuracy rises to 71.3 percent. {prose(6, 300)}")
    method, setup = read["3 Method"].split("\n\n### 3.1 Training Setup\n\n")
    assert same(method, f"Our method is new. {prose(4, 300)}")
    assert same(setup, f"The setup is simple. {prose(5, 300)}")
    assert "\n\n### A.1 A Lemma\n\n" in read["A Proofs"]
    assert "CITED" not in str(document).upper()
    assert (document.source, document.left_out) == ("pdf", ())


def same(read: str, written: str) -> bool:
    """Whether the words are the same; paragraphs may end at a page's end."""
    return read.replace("\n\n", " ") == written


def test_ligatures_are_letters() -> None:
    # TeX fonts have ligatures at codes of their own, known by the names of their glyphs.
    content = "\n".join(
        f"BT /F1 10 Tf 72 {780 - 14 * n} Td (E\\001cient \\002nal \\003ow, o\\004er, di\\004erent "
        f"and baf\\003ed: line {n} of this text.) Tj ET"
        for n in range(12)
    )
    data = raw(content.encode(), differences="1 /ffi /fi /fl /ff")
    text = parse_pdf(data).sections[0].text
    assert text.startswith("Efficient final flow, offer, different and baffled: line 0")
    assert not re.search("[\ufb00-\ufb06]", text)


def test_ligatures_that_are_characters_of_their_own_are_letters_too() -> None:
    fields = [0, 72, 300, 700, [[0, "An eﬃcient, ﬁnal ﬂow oﬀers baﬄes at x² and ½."]]]
    assert (
        pdf_text._line(fields, [PLAIN]).text
        == "An efficient, final flow offers baffles at x² and ½."
    )


def test_broken_words_are_whole_and_compounds_stay() -> None:
    story = "The state-of-the-art is self-supervised. " + " ".join(
        f"{'x' * (n % 9 + 1)} state-of-the-art regularisation, self-supervised" for n in range(40)
    )
    read = parse_pdf(typeset([("text", story)], columns=2)).sections[0].text
    assert same(read, story)


def test_running_heads_and_page_numbers_are_left_out() -> None:
    story = [("heading", "1 Introduction"), ("text", prose(3, 3000))]
    data = typeset(story, head="Preprint. Under review 2026. Page 7")
    read = texts(parse_pdf(data))["1 Introduction"]
    assert len(PdfReader(io.BytesIO(data)).pages) > 3
    assert "Preprint" not in read
    assert not re.search(r"\d", read)
    assert same(read, prose(3, 3000))


def test_paragraphs_are_told_apart() -> None:
    paragraphs = [prose(seed, 70) for seed in range(5)]
    data = typeset([("heading", "1 Introduction"), *(("text", text) for text in paragraphs)])
    assert texts(parse_pdf(data))["1 Introduction"].split("\n\n") == paragraphs


def test_a_paper_with_roman_numbers_and_an_inline_abstract() -> None:
    data = typeset(
        [
            ("title", "Another Sample"),
            ("text", f"Abstract - We measure it. {prose(1, 50)}"),
            ("text", "I. INTRODUCTION"),
            ("text", prose(2, 80)),
            ("heading", "II. EXPERIMENTAL RESULTS"),
            ("text", prose(3, 80)),
            ("heading", "A. Data Sets"),
            ("text", prose(4, 80)),
            ("heading", "REFERENCES"),
            ("text", "[1] A. CITED, 2020."),
            ("heading", "APPENDIX"),
            ("text", prose(5, 40)),
        ]
    )
    document = parse_pdf(data)
    assert list(texts(document)) == [
        "",
        "Abstract",
        "I. INTRODUCTION",
        "II. EXPERIMENTAL RESULTS",
        "APPENDIX",
    ]
    assert texts(document)["Abstract"].startswith("We measure it.")
    assert "### A. Data Sets" in texts(document)["II. EXPERIMENTAL RESULTS"]
    assert "CITED" not in str(document)


PLAIN = Style("Times", 10.0)
BOLD = Style("Times-Bold", 10.0, bold=True)


def line(text: str, number: int, *, bold: bool = False) -> Line:
    style = BOLD if bold else PLAIN
    return Line(0, text, 72, 72 + 5 * len(text), 760 - 12 * number, style, style)


def test_what_only_looks_like_a_title_is_text() -> None:
    lines = [
        line("1 Introduction", 0, bold=True),
        line("Our contributions are", 2),
        line("2. A new method", 3),
        line("3 Layers were enough for the task.", 4),
        line("Results", 5),
        line("12 Baseline 45.2 47.1 88.3", 6, bold=True),
        line("A Simple Sentence", 7, bold=True),
        line("2 Method", 9, bold=True),
        line("7 Dwarfs", 10, bold=True),
    ]
    assert [part.title for part in sections(lines)] == ["1 Introduction", "2 Method"]


def test_a_title_over_two_lines_is_one() -> None:
    lines = [
        line("1 Introduction", 0, bold=True),
        line(f"Text. {prose(1, 30)}", 2),
        line("2 A Method with a Title that Takes", 4, bold=True),
        line("Two Lines", 5, bold=True),
        line("More text.", 7),
    ]
    assert sections(lines)[1].title == "2 A Method with a Title that Takes Two Lines"


def test_a_table_stays_in_its_rows() -> None:
    cells = [
        (name, x) for n in range(12) for name, x in ((f"row {n}", 72.0), (f"value {n}", 372.0))
    ]
    rows = [
        Line(0, text, x, x + 145, 700.0 - 12 * (number // 2), PLAIN, PLAIN)
        for number, (text, x) in enumerate(cells)
    ]
    assert [row.text for row in reading_order(rows)][:2] == ["row 0 value 0", "row 1 value 1"]


def test_sixty_pages_are_read_whole() -> None:
    story = [("heading", "1 Introduction"), ("text", prose(1, 44_000))]
    data = typeset(story)
    assert len(PdfReader(io.BytesIO(data)).pages) >= 60
    document = parse_pdf(data)
    assert same(texts(document)["1 Introduction"], prose(1, 44_000))
    assert document.left_out == ()


HARD = {
    "broken words": f"({'.' * 30}abc-",
    "sections": "1 Introduction",
    "numbers": "17",
    "entries of contents": "Introduction . . . . . 3",
    "labels": "[1] A. Author, 2020",
    "captions": "Figure 1: A caption, and B. Author",
    "appendices": "A. Proofs",
}


@pytest.mark.parametrize("text", HARD.values(), ids=HARD)
@pytest.mark.parametrize("style", ["text", "titles", "references"])
def test_many_lines_take_no_more_than_their_share_of_time(text: str, style: str) -> None:
    kind = BOLD if style == "titles" else PLAIN

    def lines(count: int) -> list[Line]:
        first = [line("References", 0)] if style == "references" else []
        places = ((72 + 300 * (n % 2), 760.0 - n // 2 * 12) for n in range(count))
        return [*first, *(Line(0, text, x, x + 208, y, kind, kind) for x, y in places)]

    assert_linear(lambda count: sections(reading_order(lines(count))), 4_000)


def test_of_a_very_long_document_the_rest_is_stated() -> None:
    content = b"\n".join(
        b"BT /F1 10 Tf 72 %d Td (Words that stand on every page.) Tj ET" % (700 - 20 * n)
        for n in range(9)
    )
    document = parse_pdf(raw(content, pages=260))
    assert document.left_out == ("pages 201 to 260",)


def test_invisible_characters_do_not_reach_the_model() -> None:
    lines = [[0, 72, 300, 700, [[0, f"plain\u202e \ud800text\x00 {n}"]]] for n in range(3)]
    read = [pdf_text._line(fields, [PLAIN]).text for fields in lines]
    assert read == ["plain text 0", "plain text 1", "plain text 2"]


def test_no_key_is_handed_to_the_process_that_reads(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    child(
        tmp_path, "import os, sys; sys.exit(os.environ.get('OPENAI_API_KEY', 'none'))", monkeypatch
    )
    assert refusal(paper(words=10)) == "its reader fails (none)"


# What cannot be read


def encrypted(password: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(paper(words=40))))
    writer.encrypt(user_password=password, owner_password="owner", algorithm="RC4-128")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def test_a_paper_that_asks_for_a_password_is_refused() -> None:
    assert refusal(encrypted("secret")) == "it is encrypted and asks for a password"


def test_a_paper_that_is_encrypted_without_a_password_is_read() -> None:
    assert list(texts(parse_pdf(encrypted("")))) == TITLES


def test_html_named_pdf_is_refused_as_such() -> None:
    page = b"\n<!DOCTYPE html>\n<html><title>No PDF for 2601.00001v1</title></html>"
    assert refusal(page) == "it is an HTML page, not a PDF"
    assert refusal(b"<?xml version='1.0'?><html>" + paper(words=10)[:2000]).startswith("it is")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "it is empty"),
        (b"PK\x03\x04 a zip file", "it is no PDF: it begins with b'PK"),
        (b" " * 2000 + b"%PDF-1.5", "it is no PDF"),
        (b"%PDF-1.5\n", "it is damaged"),
        (b"%PDF-1.5\n" + os.urandom(5000), "it is damaged"),
        (raw(b"", pages=0), "it is damaged, or has no pages"),
        (raw(b"", pages=3), "its 3 pages have hardly any text: it may be a scan"),
    ],
    ids=["empty", "zip", "late", "head only", "noise", "no pages", "blank"],
)
def test_what_is_no_paper_is_refused(data: bytes, why: str) -> None:
    assert refusal(data).startswith(why)


def test_a_scan_is_refused_though_its_pages_are_numbered() -> None:
    pdf = FPDF()
    for number in range(10):
        pdf.add_page()
        pdf.set_font("Times", size=10)
        pdf.rect(20, 20, 160, 240, style="F")
        pdf.text(100, 280, str(number))
    assert "hardly any text" in refusal(bytes(pdf.output()))


def test_a_truncated_paper_is_refused_or_read_in_part() -> None:
    data = paper(words=2000)
    for share in (0.02, 0.3, 0.6):
        assert "damaged" in refusal(data[: int(share * len(data))])


def test_text_before_the_header_is_allowed() -> None:
    assert texts(parse_pdf(b"\n" * 100 + paper(words=40)))["1 Introduction"]


# Attacks on the reader


def child(tmp_path: Path, code: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put another program in the place of the one that reads PDFs."""
    path = tmp_path / "child.py"
    path.write_text(code)
    monkeypatch.setattr(pdf_text, "_CHILD", path)
    return path


def test_a_file_that_takes_too_long_is_given_up() -> None:
    data = typeset([("text", prose(1, 32_000))])
    assert refusal(data, timeout=0.05) == "reading it took longer than 0.05 seconds"


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("import time; time.sleep(60)", "reading it took longer than 0.5 seconds"),
        ("import os; os.abort()", "it crashes its reader (SIGABRT)"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "crashes its reader (SIGSEGV)"),
        ("raise MemoryError", "reading it takes too much memory"),
        ("raise SystemExit('\\x1b[31mred')", "its reader fails ([31mred)"),
        ("print('no json')", "its reader gave no answer"),
        ("print('[' * 100000)", "its reader gave no answer"),
        ("print('[]')", "its reader gave no sensible answer"),
        ("print('{\"pages\": 1, \"damaged\": [], \"lines\": [[1]]}')", "no sensible answer"),
        ("print('{\"pages\": 1, \"damaged\": 5, \"lines\": []}')", "no sensible answer"),
        ("print('{\"pages\": Infinity, \"damaged\": [], \"lines\": []}')", "no sensible answer"),
        ("print('{\"pages\": NaN, \"damaged\": [], \"lines\": []}')", "no sensible answer"),
    ],
)  # fmt: skip
def test_whatever_happens_to_the_reader_is_one_refusal(tmp_path, monkeypatch, code, why) -> None:
    child(tmp_path, code, monkeypatch)
    timeout = 0.5 if "sleep" in code else 20
    assert why in refusal(paper(words=10), timeout=timeout)


def test_a_bomb_harms_only_the_process_that_reads_it(monkeypatch) -> None:
    data = bomb(150)
    assert len(data) < 10_000
    monkeypatch.setattr(pdf_text, "_MEMORY", 250 * 1024 * 1024)
    assert re.search("crashes its reader|too much memory", refusal(data))
    assert texts(parse_pdf(SMALL))  # which is not for want of memory


@given(st.integers(0, 10**6), st.integers(0, 3), st.binary(max_size=40))
@settings(max_examples=15)
def test_any_damage_is_read_or_refused(place: int, kind: int, noise: bytes) -> None:
    whole = SMALL
    at = place % len(whole)
    data = [
        whole[:at],
        whole[:at] + noise + whole[at:],
        whole[:at] + noise + whole[at + len(noise) :],
        b"%PDF-1.7\n" + noise,
    ][kind]
    try:
        document = parse_pdf(data)
    except PaperError:
        return
    str(document).encode()


SMALL = paper(words=20)

LINES = st.builds(
    Line,
    st.integers(0, 2),
    st.text(st.sampled_from("Aa1.- IVX字ﬁ"), max_size=20)
    | st.sampled_from(
        ["References", "1 Introduction", "A Proofs", "Appendix", "2.1 Setup", "II. X"]
    ),
    *(st.floats(allow_nan=False, allow_infinity=False) for _ in range(3)),
    st.sampled_from([PLAIN, BOLD]),
    st.sampled_from([PLAIN, BOLD]),
    st.integers(0, 20),
)
ENTRIES = st.builds(
    Entry, st.integers(0, 3), st.integers(0, 2), st.sampled_from(["", "References", "Setup", "A"])
)


@given(st.lists(LINES, max_size=30), st.lists(ENTRIES, max_size=4))
@settings(max_examples=100)
def test_any_lines_make_sections(lines: list[Line], outline: list[Entry]) -> None:
    for part in read_sections(reading_order(lines), outline).sections:
        assert part.text or part.title
