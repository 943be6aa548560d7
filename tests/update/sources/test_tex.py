"""TeX in titles, abstracts and names becomes what a reader expects; everything else stays."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from generator.core.papers import Author
from generator.update.sources.tex import clean_text, maths_spans, split_authors
from tests.growth import assert_linear

PLAIN = st.text(st.characters(exclude_characters="\\{}`~-$\ufdd0\ufdd1", exclude_categories=["Cs"]))
TEXISH = st.lists(
    st.sampled_from("\\{}$`'\"~-^_%&#=.[]() aeioucX5\né\ufdd0")
    | st.sampled_from(
        [
            r"\'",
            r"\\",
            r"$$",
            r"``",
            r"''",
            r"--",
            r"---",
            r"\textbf{",
            r"\emph",
            r"\alpha",
            r"\i",
            r"{\em ",
            r"\href{",
            r"\href{a}",
            r"}{",
            r"\unknown{",
            r"\(",
            r"\)",
            r"\[",
            r"\]",
            r"\$",
            r"10",
            r"\begin{align}",
            r"\end{align}",
            r"\textsuperscript{",
            r"\mathcal{",
            r"\c ",
            r"\u",
            r"https://x.org/~a--b",
        ]
    ),
    max_size=40,
).map("".join)


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        # accents, in every way that people write them
        (r"Pok\'emon", "Pokémon"),
        (r"J\"org, J{\"o}rg, J\"{o}rg", "Jörg, Jörg, Jörg"),
        (r'Schr\\"odinger', "Schrödinger"),
        (r"Mart\'\i nez, Garc\'{\i}a", "Martínez, García"),
        (r"Fran\c{c}ois, Fran\c cois", "François, François"),
        (r"Erd\H{o}s, Erd\H os", "Erdős, Erdős"),
        (r"\v{S}ebest\'ik, {\v S}", "Šebestík, Š"),
        (r"\.Iclal \.{I}zmir", "İclal İzmir"),
        (r"Nguy\~{\^e}n, \d{\^{e}}", "Nguyễn, ệ"),
        (r"\textcommabelow{s}", "ș"),
        (r"Stra{\ss}e, \L ukasz, S{\o}ren, J\o rgen", "Straße, Łukasz, Søren, Jørgen"),
        (r"{\AA}ngstr\"om, \k{a}, {\DJ}or{\dj}e, Y{\i}ld{\i}z", "Ångström, ą, Đorđe, Yıldız"),
        (r"{K{\"a}hler} and {\'E}cole, \'{E}cole", "Kähler and École, École"),
        (r"\~{} \^{}", "~ ^"),
        # what looks like an accent and is none
        (r"\"Band gap\" and \"Ising model\" of", '"Band gap" and "Ising model" of'),
        (r"we don\'t", "we don't"),
        # text macros
        (r"\textbf{adaptability}, \emph{a \textit{b}}, \texttt{c\_d}", "adaptability, a b, c_d"),
        (r"\textsc{Tool} {\em old} {\bf 314}, {\it a\/}b", "Tool old 314, ab"),
        (r"CO\textsubscript{2}, m\textsuperscript{2}, 19\textsuperscript{th}", "CO₂, m², 19th"),
        (r"R\&D, 5\%, \#1, a\_b, \{x\}", "R&D, 5%, #1, a_b, {x}"),
        (r"\emph{50% of $x_{1}$} are", "50% of $x_{1}$ are"),
        (r"See \url{https://x.org/~a--b} or \href{https://x.org}{there}.",
         "See https://x.org/~a--b or there (https://x.org)."),
        (r"\LaTeX{} and \LaTeX.", "LaTeX and LaTeX."),
        (r"A line \\ another\\", "A line another"),
        # symbols outside maths
        (r"Adaptive \varepsilon-Constraints", "Adaptive ε-Constraints"),
        (r"{\Lambda}-LTB, O(n \log n), 2 \pm 1, \mathcal{C}", "Λ-LTB, O(n log n), 2 ± 1, 𝒞"),
        (r"k^{\alpha} \leq \sqrt{\beta}", "k^{α} ≤ \\sqrt{β}"),
        (r"\unknown{\'e}{b} \ik data \cite{a,b}", r"\unknown{é}{b} \ik data \cite{a,b}"),
        # quotes, dashes, ties
        ("``quotes'' and 5'' and ``$x$''", "“quotes” and 5'' and “$x$”"),
        ("Bose--Einstein, 1--2, a -- b, so---yes", "Bose–Einstein, 1–2, a – b, so—yes"),
        ("run with --flag, C-- and a-->b, -----", "run with --flag, C-- and a-->b, -----"),
        ("HZ~Her, Fig.~1, et~al.~(2020), 5~ms", "HZ Her, Fig. 1, et al. (2020), 5 ms"),
        ("~50 ms, z~2, 10~20, X~N(0,1), /~me", "~50 ms, z~2, 10~20, X~N(0,1), /~me"),
        ("see https://x.org/~a--b~c", "see https://x.org/~a--b~c"),
        # literal in arXiv's text
        ("50% better #1 a_b x^2 R&D {x", "50% better #1 a_b x^2 R&D {x"),
        ("{GPU} } {", "{GPU} } {"),
        ("a \\ b\\", "a b\\"),
        ("  two\n lines\t ", "two lines"),
    ],
)  # fmt: skip
def test_text_becomes_what_a_reader_expects(raw: str, clean: str) -> None:
    assert clean_text(raw) == clean


@pytest.mark.parametrize(
    "maths",
    [
        r"$\mathcal{L}$",
        r"$$\'e --- ``x'' ~$$",
        r"\(\'e\)",
        r"\[ \'e \\ \"o \]",
        r"\begin{align*} \'e &= \textbf{x} \end{align*}",
        r"$ \text{\$5 and \"o} $",
        r"$x<y$",
    ],
)
def test_maths_stays_as_it_is(maths: str) -> None:
    assert clean_text(rf"Pok\'emon {maths} \'e {maths}") == f"Pokémon {maths} é {maths}"
    text = f"a {maths} b"
    assert [text[start:end] for start, end in maths_spans(text)] == [maths]


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        (r"It costs $5 for Erd\H{o}s", "It costs $5 for Erdős"),
        (r"It costs \$5 for Erd\H{o}s", "It costs $5 for Erdős"),
        (r"from $5 to $10 for Erd\H{o}s", "from $5 to $10 for Erdős"),
        (r"from \$5 to \$10 for Erd\H{o}s", "from $5 to $10 for Erdős"),
        (r"\$5 for $x$ by Erd\H{o}s", "$5 for $x$ by Erdős"),  # the formula is $x$ all the same
        (r"an \$a\$ that would pair", r"an \$a\$ that would pair"),
    ],
)
def test_money_is_no_maths(raw: str, clean: str) -> None:
    assert clean_text(raw) == clean


@given(PLAIN)
def test_plain_text_passes(text: str) -> None:
    assert clean_text(text) == " ".join(text.split())


@given(TEXISH)
@example(r"\href{a}")
@example(r"\href{$x$}{$x$}")
@example("\\href{\ufdd0}{\\$}\\")
@example("{" * 3000 + "\\'e" + "}" * 3000)
def test_nothing_raises_and_maths_survives(text: str) -> None:
    collapsed = " ".join(text.split())
    formulas = [collapsed[start:end] for start, end in maths_spans(collapsed)]
    result = clean_text(text)
    position = 0
    for formula in formulas:
        position = result.index(formula.translate({0xFDD0: None}), position)
    assert result == " ".join(result.split())


@given(st.lists(st.sampled_from(
    [r"Erd\H{o}s", "``so''", "a--b", "Fig.~1", "$x_1$", "50%", r"\emph{x}", r"{\ss}", "{GPU}",
     r"\'Ecole", r"\alpha", r"\unknown{x}", r"\cite{a}", "x_1", "$$y$$", "--", "it's", r"R\&D"]
)))  # fmt: skip
def test_clean_text_stays_clean(words: list[str]) -> None:
    once = clean_text(" ".join(words))
    assert clean_text(once) == once


@pytest.mark.parametrize(
    "piece",
    [
        "{",
        "}",
        "{}",
        "\\",
        '\\"',
        "\\'{",
        "\\textbf{",
        "\\(",
        "\\begin{align}",
        "``",
        "''",
        "~a",
        "--",
        "\\href{",
        "}{",
        "\\$",
        "https://",
        "$ ",
        "$1 ",
        "{\\em ",
        "\\c ",
        '\\"a\\" ',
    ],
)
def test_long_hostile_text_takes_linear_time(piece: str) -> None:
    assert_linear(lambda size: clean_text(piece * size + "\\"), 100_000 // len(piece))


def test_deep_braces_take_linear_time() -> None:
    def clean(depth: int) -> None:
        text = "{" * depth + "x" + "}" * depth + "\\"
        assert clean_text(text) == text

    assert_linear(clean, 300_000)


# Authors


def names(raw: str) -> list[str]:
    return [author.name for author in split_authors(raw)]


@pytest.mark.parametrize(
    ("raw", "authors"),
    [
        ("", []),
        (" Ada Vale", [("Ada Vale", None)]),
        ("Ada Vale,  Bo Rask,Cy", [("Ada Vale", None), ("Bo Rask", None), ("Cy", None)]),
        (r"J\'er\'emy Valo, J\"org M{\"u}ckl", [("Jérémy Valo", None), ("Jörg Mückl", None)]),
        ("Ada Vale (Univ. of Nord,INST/Nord), Bo Rask",
         [("Ada Vale", "Univ. of Nord,INST/Nord"), ("Bo Rask", None)]),
        ("Ada Vale (LAB (Dept. A, Dept. B), CITY), Bo Rask (X)",
         [("Ada Vale", "LAB (Dept. A, Dept. B), CITY"), ("Bo Rask", "X")]),
        ("Ada Vale (A) (B), Bo Rask", [("Ada Vale", "A; B"), ("Bo Rask", None)]),
        ("Ada Vale (LAB, Bo Rask, Cy Thorn",
         [("Ada Vale", "LAB"), ("Bo Rask", None), ("Cy Thorn", None)]),
        ("Ada (Addie) Vale (LAB)", [("Ada (Addie) Vale", "LAB")]),
        ("Ada Vale), Bo Rask", [("Ada Vale", None), ("Bo Rask", None)]),
        ("Yihan (Logon),  Wen, Xin Chen",
         [("Yihan", "Logon"), ("Wen", None), ("Xin Chen", None)]),
        (r"Team Nord,  :, Ada Vale, Bo Rask \\",
         [("Team Nord", None), ("Ada Vale", None), ("Bo Rask", None)]),
        ("Ada Vale, Jr. (LAB), Bo Rask, III, Cy Thorn",
         [("Ada Vale Jr.", "LAB"), ("Bo Rask III", None), ("Cy Thorn", None)]),
        ("Ada Vale (LAB), (on behalf of Nord, South)",
         [("Ada Vale", "LAB; on behalf of Nord, South")]),
        ("(the Nord Collaboration)", [("the Nord Collaboration", None)]),
        ("Ada Vale$^{1,2}$, Bo Rask$^3$", [("Ada Vale", None), ("Bo Rask", None)]),
        ("{Nord Collaboration}, 李明, Αθηνά Βάλη",
         [("Nord Collaboration", None), ("李明", None), ("Αθηνά Βάλη", None)]),
    ],
)  # fmt: skip
def test_authors_are_split(raw: str, authors: list[tuple[str, str | None]]) -> None:
    assert split_authors(raw) == tuple(Author(name, affiliation) for name, affiliation in authors)


NAME = st.text(st.sampled_from("abcdefgäé- ."), min_size=1).map(lambda name: f"Q{name.strip()}x")
AFFILIATION = st.text(st.sampled_from("abc, .-/"), min_size=1).map(lambda text: f"X{text.strip()}y")


@given(st.lists(st.tuples(NAME, st.none() | AFFILIATION | AFFILIATION.map(lambda a: f"{a} ({a})"))))
def test_what_arxiv_joins_is_taken_apart_again(authors: list[tuple[str, str | None]]) -> None:
    cleaned = [(clean_text(name), clean_text(where) if where else None) for name, where in authors]
    raw = ", ".join(f"{name} ({where})" if where else name for name, where in cleaned)
    assert split_authors(raw) == tuple(Author(name, where) for name, where in cleaned)


@given(TEXISH)
@example("(" * 3000)
def test_any_text_gives_authors_with_names(text: str) -> None:
    for author in split_authors(text + ", Ada"):
        assert author.name.strip() == author.name != ""
        assert author.affiliation is None or author.affiliation.strip() != ""


def test_a_long_author_list_takes_linear_time() -> None:
    assert len(names("Ada Vale (LAB, CITY), " * 10_000)) == 10_000
    for piece in ("Ada Vale (LAB, CITY), ", "(", "()", "(,"):
        assert_linear(lambda size, piece=piece: split_authors(piece * size), 50_000)
    assert_linear(lambda size: split_authors("((" * size + "))" * size), 30_000)
