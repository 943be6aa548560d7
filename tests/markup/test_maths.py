"""Where formulas stand, told apart from money, and texts without them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from generator.markup import mathml
from generator.markup.maths import MASK, Formula, find, masked, split, unfinished
from tests.growth import assert_linear

TEXT = st.lists(
    st.sampled_from(
        ["$", "$$", "\\", "\\(", "\\)", "x", "^2", " ", "\n\n", "`", "5", "and", "](", ">"]
    )
).map("".join)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("costs exceeded $200K/month despite", "costs exceeded $200K/month despite"),
        ("costs $15-40 USD. Unlike $x$", "costs $15-40 USD. Unlike ___"),
        ("$5 and $10", "$5 and $10"),
        ("US$3 or US$2, A$4", "US$3 or US$2, A$4"),
        ("$x$ costs $5", "___ costs $5"),
        ("$5 buys $x$ and $y$", "$5 buys ___ and ___"),
        ("$1.5M–$2M and $O(n)$", "$1.5M–$2M and ______"),
        (r"\$5 and $5$ and \(a. b\)", r"\$5 and ___ and ________"),
    ],
)
def test_money_is_no_formula(text: str, shown: str) -> None:
    assert masked(text).replace(MASK, "_") == shown


@given(TEXT, st.booleans(), st.booleans())
def test_a_text_is_its_pieces(text: str, markdown: bool, brackets: bool) -> None:
    pieces = list(split(text, markdown=markdown, brackets=brackets))
    formulas = [piece for piece in pieces if isinstance(piece, Formula)]
    assert formulas == list(find(text, markdown=markdown, brackets=brackets))
    again = (text[p.start : p.end] if isinstance(p, Formula) else p for p in pieces)
    assert "".join(again) == text


@given(TEXT)
def test_what_is_masked_stays_in_its_place(text: str) -> None:
    hidden = masked(text)
    assert len(hidden) == len(text)
    assert all(new in (old, MASK) for old, new in zip(text, hidden, strict=True))


@given(TEXT)
@example("\\($x$")
def test_a_formula_that_is_cut_off_begins_behind_all_others(text: str) -> None:
    start = unfinished(text)
    assert start >= max((formula.end for formula in find(text)), default=0)
    assert start == len(text) or text[start] in "$\\"


@pytest.mark.parametrize("read", [masked, unfinished])
@pytest.mark.parametrize("piece", ["$", "$x", "$ a $", "\\(", "\\[a", "\\begin{align}", "$5 and "])
def test_hostile_texts_take_linear_time(piece: str, read: Callable[[str], object]) -> None:
    assert_linear(lambda size: read(piece * size), 5_000)


_LENGTHS = (
    *(
        rf"\hspace{{{n}{unit}}}"
        for n in (99999, 300)
        for unit in ("em", "ex", "pt", "cm", "in", "mm")
    ),
    *(rf"\hspace{{-{n}{unit}}}" for n in (99999, 300) for unit in ("em", "ex", "pt", "mm")),
    *(
        r"\kern99999pt ",
        r"\mkern99999mu ",
        r"\hskip99999ex ",
        r"\mskip99999mu ",
        r"\mspace{9999mu}",
    ),
    *(r"\kern-99999pt ", r"\mspace{-9999mu}", r"\genfrac{}{}{9999pt}{}{a}{b}"),
    *(r"\raisebox{99999em}{x}", r"\raisebox{-99999ex}{x}"),
)


@pytest.mark.parametrize("length", _LENGTHS)
def test_a_formula_with_a_length_that_none_needs_is_its_source(length: str) -> None:
    assert mathml.to_html(f"x{length}y").startswith("<code")


@pytest.mark.parametrize(
    "space", [r"\qquad", r"\hspace{5ex}", r"\mspace{99mu}", r"\kern3mm ", r"\!", r"\:\!\!\!"]
)
def test_many_small_spaces_are_bounded_too(space: str) -> None:
    assert mathml.to_html(f"x{space * 60}y").startswith(("<code", '<math class="wide"'))
    assert mathml.to_html(f"x{space * 300}y").startswith("<code")


@pytest.mark.parametrize(
    "tex",
    [
        r"a \quad b \qquad c",
        r"\!\!\int x",
        r"x \hspace{1cm} y",
        r"\mspace{18mu}",
        "99em",
        r"\text{:99em}",
    ],
)
def test_lengths_that_formulas_need_stay(tex: str) -> None:
    assert mathml.to_html(tex).startswith("<math>")
