"""The sentence that stands for a paper where no model is asked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.build.archive.extract import extract_tldr
from generator.markup.sentences import split_sentences
from generator.update.predecessor.readme import parse_readme
from tests.growth import assert_linear
from tests.shared import corpus_files, needs_shared

ABSTRACT = (
    "Speculative decoding speeds up LLM inference by letting a small draft model propose tokens. "
    "However, we propose nothing for the many passages that are easy and those that are not. "
    "To address this gap, we present Lanternfish, which adds a head to the draft model that "
    "estimates how far it can be trusted, e.g. by 1.5 tokens (Smith et al. 2020). "
    "Moreover, we show that confidence is well calibrated over $p < 0.5. Next$ steps. "
    "Experiments on six tasks raise throughput by 38%. "
    "Code is available at https://example.org/lanternfish."
)
TITLE = "Lanternfish: Speculative Decoding with a Draft Model That Knows When to Stop"


def test_it_says_what_the_paper_does() -> None:
    assert extract_tldr(TITLE, ABSTRACT) == (
        "We present Lanternfish, which adds a head to the draft model that estimates how far it "
        "can be trusted, e.g. by 1.5 tokens (Smith et al. 2020)."
    )


def sentences(text: str) -> list[str]:
    """Return the sentences of a text as they stand in it."""
    return [sentence for sentence, _ in split_sentences(text)]


@pytest.mark.parametrize(
    "text",
    [
        "We use e.g. Newton, cf. Fig. 3 and Eq. 4, i.e. All of it.",
        "Take $a. B$ and $x! Y$ here.",
        "As A. Einstein and J. S. Bach say.",
        "Compare X vs. Y in approx. 3 cases.",
    ],
)
def test_what_ends_no_sentence(text: str) -> None:
    assert sentences(text) == [text]


def test_what_ends_a_sentence() -> None:
    assert sentences('Over F. We show it! "Is it so?" (Yes.) $x$ is it, etc. This ends') == [
        "Over F.",
        "We show it!",
        '"Is it so?"',
        "(Yes.)",
        "$x$ is it, etc.",
        "This ends",
    ]


def test_a_broken_off_sentence_is_never_taken() -> None:
    first = "Current systems are slow in many ways that matter to all of their users."
    second = "In this paper, we propose a system that is fast whatever the"
    assert extract_tldr("Fast", f"{first} {second}", cut=True) == ""
    assert (
        extract_tldr("Fast", f"{second} users do. {first[:50]}", cut=True) == f"{second} users do."
    )
    assert extract_tldr("Fast", f"{second} users do.", cut=True) == f"{second} users do."


def test_where_nothing_is_fit_nothing_is_taken() -> None:
    for nothing in ("", "Withdrawn.", "   \n ", "x" * 900, "See https://example.org/a"):
        assert extract_tldr("Title", nothing) == ""


def test_too_long_and_leaning_sentences_lose() -> None:
    long = "We propose " + "a very long method and " * 20 + "more."
    leaning = "However, we propose a better method for this problem of the trade."
    plain = "We study how methods of the trade behave under stress and strain."
    assert extract_tldr("", f"{leaning} {plain}") == plain
    assert extract_tldr("", f"{long} {plain}") == plain


# After sentences of real abstracts: what was so before, and what the paper does.
_BEFORE_AND_IN_IT = [
    (
        "The attention mechanism of transformers scales quadratically with the length of inputs.",
        "We tested three modifications to vision transformer architectures that address these.",
    ),
    (
        "Energy consumption and carbon emissions are expected to be crucial factors for IoT.",
        "This study highlights important questions that developers of services need answered.",
    ),
    (
        "Recently it was shown that quantum corrections can explain rotation curves in galaxies.",
        "Here we perform the corresponding calculation by analyzing the dynamics of the vector.",
    ),
    (
        "The discovery of planets around white dwarfs would prove that such objects can survive.",
        "These proceedings present the latest results of our motion survey of nearby white dwarfs.",
    ),
    (
        "Design and reconstruction of photonic structures are usually carried out by simulations.",
        "A layered nonmagnetic structure probed by plane waves is considered for the inversion.",
    ),
    (
        "Large language models have transformed many applications of natural language processing.",
        "The ponderomotive force is derived for a charged particle entering a standing wave.",
    ),
    (
        "To cover all use cases the length of the test sequence is considered important.",
        "Intent of this paper is to study some techniques used for test case generation in GUIs.",
    ),
    (
        "近年来，大语言模型在许多任务中取得了显著的进展，受到广泛关注。",
        "本文提出一种无需训练的投机解码框架，将推理成本减半。",
    ),
    (
        "然而，现有的方法在长上下文下的开销很大，难以部署到边缘设备。",
        "我们系统地研究了缓存压缩对长文本推理质量的影响。",
    ),
]


@pytest.mark.parametrize(("before", "claim"), _BEFORE_AND_IN_IT)
def test_what_the_paper_does_stands_above_what_was_so_before(before: str, claim: str) -> None:
    for title in ("", before):  # whatever the title's words say
        assert extract_tldr(title, f"{before} {claim}") == claim
        assert extract_tldr(title, f"{claim} {before}") == claim


@pytest.mark.parametrize(("before", "claim"), _BEFORE_AND_IN_IT)
def test_background_is_better_than_nothing(before: str, claim: str) -> None:
    assert extract_tldr(claim, before) == before


@given(st.text(), st.text(), st.booleans())
def test_any_text_gives_one_line_of_its_own(title: str, abstract: str, cut: bool) -> None:
    found = extract_tldr(title, abstract, cut=cut)
    assert "\n" not in found
    assert found == extract_tldr(title, abstract, cut=cut)
    assert found[1:] in " ".join(abstract.split())


@pytest.mark.parametrize(
    "piece",
    [
        "$",
        "We show. ",
        "本文，",
        "我们 ",
        "is found ",
        "we ",
        "A. ",
        "( ",
        "to address this ",
        "$\\",
        "[\"'",
        "a-b",
    ],
)
def test_a_hostile_abstract_takes_linear_time(piece: str) -> None:
    assert_linear(lambda size: extract_tldr(piece * size, piece * size), 2_000)


@needs_shared
def test_real_excerpts_give_whole_sentences() -> None:
    entries = [
        entry.announcement
        for name, raw in list(corpus_files().items())[::6]
        for entry in parse_readme(raw.decode(), name=name).entries
    ]
    found = [extract_tldr(a.title, a.abstract, cut=a.abstract_is_excerpt) for a in entries]
    taken = [tldr for tldr in found if tldr]
    assert len(taken) > len(entries) / 20
    assert all(tldr.endswith((".", "!", "?", ")", '"')) for tldr in taken)
    assert all(20 <= len(tldr) <= 300 for tldr in taken)
    assert not any(tldr.startswith("However") for tldr in taken)
