"""How the sections of a PDF are found: what each kind of paper has that another one has not."""

from __future__ import annotations

import pytest

from generator.core.errors import PaperError
from generator.update.summarize.papers.document import Document
from generator.update.summarize.papers.pdf import parse_pdf
from generator.update.summarize.papers.pdf_words import is_gibberish
from tests.pdf_writer import prose, raw, typeset

Story = list[tuple[str, str]]
REFERENCES = [
    f"[{n}] A. Cited and B. Quoted, A title of number {n} not to be read, Phys. Rev. D {n}, {n}01 "
    f"({1990 + n})."
    for n in range(1, 15)
]


def text(seed: int, words: int = 90) -> tuple[str, str]:
    return "text", prose(seed, words)


def read(story: Story, **layout: object) -> Document:
    return parse_pdf(typeset(story, **layout))


def titles(document: Document) -> list[str]:
    """The titles of sections and, behind ``###``, of what is below them."""
    found = []
    for section in document.sections:
        found.append(section.title)
        found += [line for line in section.text.split("\n") if line.startswith("###")]
    return found


# By the outline


def test_an_outline_tells_titles_that_nothing_else_sets_off() -> None:
    names = [(0, "A Beginning"), (0, "The Middle Part"), (1, "Its First Half"), (0, "What Is Left")]
    story = [("text", prose(1, 60))]
    for number, (_, name) in enumerate(names):
        story += [("line", name), text(number)]
    assert titles(read(story, outline=names)) == [
        *("", "A Beginning", "The Middle Part", "### Its First Half", "What Is Left"),
    ]
    assert titles(read(story)) == [""]


def test_an_outline_whose_entries_are_not_in_the_text_is_not_believed() -> None:
    story = [("title", "A Paper"), ("heading", "1 Introduction"), text(1), text(2)]
    pages = [(0, "A Paper"), (0, "Slide 1"), (0, "Slide 2"), (0, "1 Introduction")]
    # Entries for lines that are there, but no titles of sections, are outnumbered.
    document = parse_pdf(typeset(story, outline=pages))
    assert "1 Introduction" in titles(document)
    assert "Slide 1" not in titles(document)


def test_references_are_left_out_wherever_the_outline_puts_them() -> None:
    names = [(0, "1 Introduction"), (0, "2 Data"), (1, "References")]
    entries = [("text", entry) for entry in REFERENCES]
    story = [("heading", "1 Introduction"), text(1), ("heading", "2 Data"), text(2)]
    document = read([*story, ("bold", "References"), *entries], outline=names)
    assert titles(document) == ["1 Introduction", "2 Data"]
    assert "Quoted" not in str(document)


# By numbers and type


SPACED = [
    ("heading", "1 Introduction"), text(1), text(2), ("heading", "2 Data"), text(3),
    ("heading", "2.1 Sources"), text(4), ("heading", "3 Conclusion"), text(5),
]  # fmt: skip


@pytest.mark.parametrize("leading", [11.0, 18.0, 24.0])
def test_lines_may_be_far_apart(leading: float) -> None:
    document = read(SPACED, leading=leading)
    assert titles(document) == ["1 Introduction", "2 Data", "### 2.1 Sources", "3 Conclusion"]
    assert document.sections[0].text.split("\n\n") == [prose(1, 90), prose(2, 90)]


def test_a_table_of_contents_has_no_titles_and_uses_no_number_up() -> None:
    names = ["1 Introduction", "2 Data", "3 A Method", "4 Results", "5 Conclusion"]
    contents = [("bold", f"{name} {n + 2}") for n, name in enumerate(names)]
    body = [part for n, name in enumerate(names) for part in (("heading", name), text(n))]
    document = read([("heading", "Contents"), *contents, ("page", ""), *body])
    assert titles(document) == names
    assert document.omitted == ("table of contents",)


def test_a_list_with_numbers_is_no_row_of_sections() -> None:
    items = [("italic", f"{n}. The thing is of this sort") for n in range(1, 9)]
    story = [
        *(("heading", "1 Introduction"), text(1), *items, text(2)),
        *(("heading", "2 Data"), text(3), ("heading", "3 Conclusion"), text(4)),
    ]
    assert titles(read(story)) == ["1 Introduction", "2 Data", "3 Conclusion"]


@pytest.mark.parametrize(
    "title",
    [
        "2 What Is Known of Regularisation and Self-Supervised Optimisation in All Practice",
        "2 Does It Help? A Question with an Answer That Takes Two Lines and Ends in a Full Stop.",
    ],
)
def test_a_title_of_two_lines_is_whole_however_they_end(title: str) -> None:
    story = [("heading", "1 Introduction"), text(1), ("heading", title), text(2)]
    assert titles(read([*story, ("heading", "3 Conclusion"), text(3)], columns=2))[1] == title


def test_titles_in_small_capitals_are_titles() -> None:
    content = []
    y = 780
    for name in ("1 INTRODUCTION", "2 METHOD", "2.1 SETUP", "3 RESULTS"):
        number, word = name.split()
        first = f"({number} {word[0]}) Tj /F1 8 Tf ({word[1:]}) Tj"
        content.append(f"BT /F1 10 Tf 72 {y} Td {first} ET")
        for n in range(5):
            line = prose(n, 12).rstrip(".")
            content.append(f"BT /F1 10 Tf 72 {y - 24 - 12 * n} Td ({line}) Tj ET")
        y -= 110
    document = parse_pdf(raw("\n".join(content).encode()))
    assert titles(document) == ["1 INTRODUCTION", "2 METHOD", "### 2.1 SETUP", "3 RESULTS"]


# Without numbers, as office programs make papers


@pytest.mark.parametrize(("section", "below"), [("bold", "italic"), ("larger", "bold")])
@pytest.mark.parametrize("leading", [12.0, 20.0])
def test_titles_without_numbers_are_told_by_their_type(section, below, leading) -> None:
    story = [
        ("title", "A Study of Samples"),
        ("text", "Ada Sample"),
        (section, "Abstract"),
        text(1),
    ]
    for number, name in enumerate(("Introduction", "Theory and Hypotheses", "Data", "Findings")):
        story += [(section, name), text(number), text(number + 10)]
        if number in (1, 2):
            story += [(below, f"The First Part of {name}"), text(20), (below, "The Rest"), text(30)]
    story += [(section, "Conclusion"), text(5)]
    assert titles(read(story, leading=leading)) == [
        *("", "Abstract", "Introduction"),
        *("Theory and Hypotheses", "### The First Part of Theory and Hypotheses", "### The Rest"),
        *("Data", "### The First Part of Data", "### The Rest", "Findings", "Conclusion"),
    ]


# References and what is behind them


def test_appendices_before_the_references_are_appendices() -> None:
    story = [
        *(("heading", "1 Introduction"), text(1), ("heading", "2 Conclusion"), text(2)),
        *(("heading", "A Proofs"), text(3), ("heading", "B More Data"), text(4)),
        *(("heading", "References"), *(("text", entry) for entry in REFERENCES)),
    ]
    document = read(story)
    assert titles(document) == ["1 Introduction", "2 Conclusion", "A Proofs", "B More Data"]
    assert [part.appendix for part in document.sections] == [False, False, True, True]


def test_tables_behind_the_references_are_read() -> None:
    table = [("line", f"Row {n} of values {n * 7} {n * 9} {n * 11}") for n in range(30)]
    story = [
        *(("heading", "1 Introduction"), text(1), ("heading", "2 Conclusion"), text(2)),
        *(("heading", "References"), *(("text", entry) for entry in REFERENCES)),
        *(("page", ""), ("line", "Table 1: What was found."), *table, text(3)),
    ]
    document = read(story)
    everything = " ".join(part.text for part in document.sections).replace("\n\n", " ")
    assert "Table 1: What was found." in everything
    assert "Row 29 of values" in everything
    assert prose(3, 90) in everything
    assert "Quoted" not in everything
    assert document.omitted == (f"references ({sum(len(e.split()) for e in REFERENCES)} words)",)


@pytest.mark.parametrize("columns", [1, 2])
def test_references_without_a_title_are_left_out(columns: int) -> None:
    story = [
        *(("heading", "I. INTRODUCTION"), text(1, 200), ("heading", "II. CONCLUSION"), text(2)),
        *(("heading", "Acknowledgments"), ("text", "We thank nobody for nothing at all.")),
        *(("small", entry) for entry in REFERENCES),
    ]
    document = read(story, columns=columns)
    assert titles(document) == ["I. INTRODUCTION", "II. CONCLUSION", "Acknowledgments"]
    assert "Quoted" not in str(document)
    assert document.omitted[0].startswith("references (")


def test_references_go_on_behind_a_figure_among_them() -> None:
    figure = [("line", "Figure 7: What was seen."), ("line", "a b c d e"), ("line", "1 2 3 4 5")]
    entries = [("text", entry) for entry in REFERENCES]
    story = [("heading", "1 Introduction"), text(1), ("heading", "References"), *entries[:7]]
    document = read([*story, *figure, *entries[7:], ("heading", "A Proofs"), text(2)])
    assert "What was seen." in str(document)
    assert "Quoted" not in str(document)
    assert titles(document) == ["1 Introduction", "", "A Proofs"]


# What stands between the lines of the text


@pytest.mark.parametrize("between", ["footnote", "figure"])
def test_a_paragraph_goes_on_behind_what_floats(between: str) -> None:
    long = prose(3, 1800).replace(".", "").lower()
    story: Story = [("heading", "1 Introduction"), ("text", f"{long}.")]
    whole = read(story).sections[-1].text
    paragraphs = read(story, floats=between).sections[-1].text.split("\n\n")
    assert paragraphs[0] == whole
    assert len(paragraphs) > 1


def test_line_numbers_are_left_out() -> None:
    plain = read(SPACED)
    assert read(SPACED, line_numbers=True) == plain


# Letters


def test_accents_that_are_printed_over_letters_belong_to_them() -> None:
    lines = [
        f"BT /F1 10 Tf 72 {780 - 14 * n} Td [(In line {n} L) (\\264) 333 (evesque met Fran) "
        "(\\270) -1 (c)] TJ ET"
        for n in range(12)
    ]
    line = parse_pdf(raw("\n".join(lines).encode(), differences="180 /acute 184 /cedilla"))
    assert "Lévesque met" in line.sections[0].text


def gibberish(words: int) -> str:
    """Prose in a font that does not say which letters it shows: each is the thirteenth from it."""
    table = str.maketrans(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "nopqrstuvwxyzabcdefghijklmNOPQRSTUVWXYZABCDEFGHIJKLM",
    )
    return prose(1, words).translate(table)


def test_a_paper_whose_letters_are_hidden_is_refused() -> None:
    with pytest.raises(PaperError, match="its fonts do not say which letters they show"):
        read([("heading", "1 Introduction"), ("text", gibberish(900))])


def test_a_page_whose_letters_are_hidden_is_stated() -> None:
    story = [("heading", "1 Introduction"), text(1, 900), ("page", ""), ("text", gibberish(100))]
    document = read([*story, ("page", ""), text(2, 900)])
    assert document.left_out == ("page 3, whose fonts do not say which letters they show",)
    assert gibberish(100)[:20] not in str(document)


@pytest.mark.parametrize(
    "language",
    [
        "zażółć gęślą jaźń oraz wszystkie słowa które tutaj stoją są polskie i zwyczajne ",
        "tất cả các từ đứng ở đây là tiếng việt và rất bình thường trong một bài báo ",
        "buradaki bütün sözcükler türkçedir ve bir makalede çok olağan şeylerdir ",
        "kaikki tässä olevat sanat ovat suomea ja aivan tavallisia tieteessä ",
    ],
)
def test_no_language_is_gibberish(language: str) -> None:
    assert not is_gibberish(language * 20)


@pytest.mark.parametrize("text", [gibberish(200), "$%'&(&')+*-,/.021 35476 8!#~ ][" * 40])
def test_codes_in_the_place_of_letters_are_gibberish(text: str) -> None:
    assert is_gibberish(text)


def test_a_table_of_numbers_is_no_gibberish() -> None:
    assert not is_gibberish("0.12 (0.03) -1.5 23% 7 & 12.5 [3] n/a <0.01*** $5\n" * 30)
