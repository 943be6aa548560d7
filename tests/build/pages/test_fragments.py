"""Pieces of Markdown: an abstract keeps its words, whatever its dollar signs mean."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.build.pages.fragments import EXCERPT_CHARACTERS, abstract, cut, excerpt
from generator.core.papers import Paper
from generator.core.texts import ENGLISH
from generator.markup.maths import find, unfinished
from generator.markup.render import render_page
from generator.update.predecessor.readme import parse_readme
from tests.builders import make_paper
from tests.shared import corpus_files, needs_shared

_NOTE = "\n\n*An excerpt: the whole abstract"
_MONEY = (
    "inference costs exceeded $200K/month despite over 70% of queries being simple",
    "a device costing $15-40 USD. Unlike cloud-based workflows it asks for nothing",
    "between $5 and $10 per hour, later $5-$10, and $0.25/h for each of the nodes",
    "it fell from US$3 to US$2 in a year, which is a third less than it was before",
    "where $x$ costs $5 and the other half of the samples is free for all of them",
    r"awarded \$35,000 in total, of which $n = 3$ groups got \$1.5M and the rest less",
)


def shown(paper: Paper) -> str:
    """The text of the abstract on the paper's page."""
    page = render_page(abstract(paper, ENGLISH).partition(_NOTE)[0]).html
    formula = r'<math\b.*?</math>|<code class="math">.*?</code>'
    return " ".join(html.unescape(re.sub(f"{formula}|<[^>]*>", " ", page)).split())


def words(text: str) -> list[str]:
    """The words of a text outside its formulas."""
    for formula in reversed(list(find(text))):
        text = f"{text[: formula.start]} {text[formula.end :]}"
    return re.findall(r"[^\W_]{2,}", text)


@pytest.mark.parametrize("text", _MONEY)
def test_a_page_has_all_words_about_money(text: str) -> None:
    whole = make_paper(abstract=text)
    assert words(shown(whole)) == words(text)
    broken_off = make_paper(abstract=f"{text} and th", abstract_is_excerpt=True)
    assert words(shown(broken_off)) == [*words(text), "and"]
    assert words(excerpt(broken_off)) == [*words(text), "and"]


@pytest.mark.parametrize("text", _MONEY)
@pytest.mark.parametrize("length", [20, 40, 60])
def test_a_cut_keeps_the_words_before_it(text: str, length: int) -> None:
    beginning = cut(text, length).rstrip("…")
    assert text.startswith(beginning)
    assert len(beginning) > length / 2 or "$" in text[length // 2 : length + 1]


_HAN = "本文提出 Lanternfish（LF），一种无需训练的框架，把成本$O(n)$减到一半。它很快。"


@pytest.mark.parametrize(
    ("length", "beginning"),
    [
        (11, "本文提出…"),
        (21, "本文提出 Lanternfish（LF）…"),
        (26, "本文提出 Lanternfish（LF），一种无需训…"),
        (33, "本文提出 Lanternfish（LF），一种无需训练的框架，把成…"),
        (40, "本文提出 Lanternfish（LF），一种无需训练的框架，把成本…"),
        (47, "本文提出 Lanternfish（LF），一种无需训练的框架，把成本$O(n)$减到一半。"),
    ],
)
def test_a_cut_in_chinese_stands_between_its_characters(length: int, beginning: str) -> None:
    assert cut(_HAN, length) == beginning


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("established regret bounds of $O(", "established regret bounds of"),
        ("the parameters $a$ and $\\b", "the parameters $a$ and"),
        ("buffer, known as $\\textit{weight", "buffer, known as"),
        ("the network learns $M_t(θ) = a", "the network learns"),
        (r"bounds of \(O(n", "bounds of"),
        ("costs $200K/month despite all tha", "costs $200K/month despite all"),
        ("costs $5 and learns $M_t(θ) in", "costs $5 and learns"),
    ],
)
def test_only_the_formula_that_an_excerpt_hit_is_left_out(text: str, kept: str) -> None:
    assert excerpt(make_paper(abstract=text, abstract_is_excerpt=True)) == f"{kept}…"


@given(st.lists(st.sampled_from(["$", "x^2", " ", "a", "5", ". ", "\\(", "\\)"])).map("".join))
def test_a_cut_never_hits_a_formula(text: str) -> None:
    beginning = cut(text, 9).rstrip("…")
    assert text.startswith(beginning)
    assert not any(f.start < len(beginning) < f.end for f in find(text))


@needs_shared
def test_no_real_abstract_loses_a_word() -> None:
    papers = {
        one.id.id: make_paper(
            one.id.id, abstract=one.abstract, abstract_is_excerpt=one.abstract_is_excerpt
        )
        for name, raw in corpus_files().items()
        for one in (entry.announcement for entry in parse_readme(raw.decode(), name=name).entries)
        if one.abstract
    }
    assert len(papers) > 3500
    lost = {}
    for paper in papers.values():
        text = paper.abstract
        if paper.abstract_is_excerpt:
            text = re.sub(r"\\[A-Za-z]*(?:\{[^{}]*)?$", "", text.rpartition(" ")[0])
            text, hit = text[: unfinished(text)], text[unfinished(text) :]
            assert words(re.sub(r"\\[A-Za-z]+", "", hit)) == []
        lost |= {paper.id: text[-80:]} if words(shown(paper)) != words(text) else {}
        beginning = excerpt(paper).rstrip("…")
        assert paper.abstract.startswith(beginning)
        assert len(beginning) > min(len(text), EXCERPT_CHARACTERS) / 2
    assert lost == {}
