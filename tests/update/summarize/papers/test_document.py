"""What a model is given of a paper that is too long for it, and what it is told about the rest."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from generator.update.summarize.papers.document import (
    Document,
    PaperSection,
    clean_characters,
    estimate_tokens,
    fit,
)


def sentences(word: str, count: int) -> str:
    """Sentences of some thirteen tokens, ten to a paragraph."""
    lines = [f"The {word} sentence number {n} says something of no weight." for n in range(count)]
    return "\n\n".join(" ".join(lines[start : start + 10]) for start in range(0, count, 10))


PAPER = Document(
    (
        PaperSection("Abstract", sentences("abstract", 5)),
        PaperSection("1 Introduction", sentences("introductory", 20)),
        PaperSection("2 Related Work", sentences("related", 20)),
        PaperSection("3 Background", sentences("background", 20)),
        PaperSection("4 Sparse Sampling", sentences("sampling", 20)),
        PaperSection("5 Sampling on Graphs", sentences("graph", 20)),
        PaperSection("6 Experiments", sentences("experimental", 20)),
        PaperSection("7 Conclusion and Limitations", sentences("conclusive", 5)),
        PaperSection("Acknowledgements", sentences("grateful", 5)),
        PaperSection("Appendix A Proofs", sentences("proof", 40), appendix=True),
        PaperSection("Appendix B Results on More Data", sentences("data", 40), appendix=True),
    )
)
WHOLE = estimate_tokens(fit(PAPER, 10**6).text)


def test_what_fits_is_read_whole() -> None:
    fitted = fit(PAPER, WHOLE)
    assert fitted.left_out == ()
    assert fitted.text.startswith("## Abstract\n\nThe abstract sentence number 0 says")
    assert "weight.\n\n## 1 Introduction\n\nThe introductory" in fitted.text
    assert "[Left out" not in fitted.text
    assert fitted.text.count("sentence number") == 215


def test_sections_go_in_the_order_of_their_weight() -> None:
    gone: list[str] = []
    for tokens in range(WHOLE, 60, -20):
        for title in fit(PAPER, tokens).left_out:
            name = title.removesuffix(" (in part)")
            if name not in gone:
                gone.append(name)
    assert gone == [
        "Appendix B Results on More Data",
        "Appendix A Proofs",
        "Acknowledgements",
        "2 Related Work",
        "3 Background",
        "5 Sampling on Graphs",
        "4 Sparse Sampling",
        "6 Experiments",
        "7 Conclusion and Limitations",
        "1 Introduction",
        "Abstract",
    ]


def test_a_gap_is_stated_in_its_place() -> None:
    without_appendices = estimate_tokens(fit(Document(PAPER.sections[:9]), 10**6).text)
    fitted = fit(PAPER, without_appendices + 30)
    assert fitted.text.endswith(
        "[Left out here: Appendix A Proofs; Appendix B Results on More Data]"
    )
    assert fitted.left_out == ("Appendix A Proofs", "Appendix B Results on More Data")
    shorter = fit(PAPER, 1100)
    assert "[Left out here: 2 Related Work; 3 Background" in shorter.text
    assert shorter.text.index("## 1 Introduction") < shorter.text.index("[Left out here: 2 Rel")


def test_a_section_that_goes_keeps_its_beginning_where_there_is_room() -> None:
    fitted = fit(PAPER, WHOLE - 300)
    before, _, after = fitted.text.partition("## Appendix B Results on More Data\n\n")
    assert "number 39" in before
    assert after.endswith(".\n\n[Left out here: the rest of Appendix B Results on More Data]")
    assert fitted.left_out == ("Appendix B Results on More Data (in part)",)


@pytest.mark.parametrize(
    ("text", "ending"),
    [
        (sentences("long", 200), "of no weight."),
        ("Five words make a sentence. " * 500, "make a sentence."),
        ("这是一个句子。" * 1000, "这是一个句子。"),
        ("word " * 3000, "word"),
        ("字" * 5000, "字"),
    ],
    ids=["paragraphs", "sentences", "Chinese", "words", "nothing"],
)
def test_one_section_too_long_is_cut_where_that_hurts_least(text: str, ending: str) -> None:
    fitted = fit(Document((PaperSection("1 Introduction", text.strip()),)), 1000)
    body = fitted.text.removesuffix("\n\n[Left out here: the rest of 1 Introduction]")
    assert body != fitted.text
    assert body.endswith(ending)
    assert 700 < estimate_tokens(fitted.text) <= 1000
    assert fitted.left_out == ("1 Introduction (in part)",)


def test_what_the_source_lacks_is_stated_too() -> None:
    document = Document(PAPER.sections[:1], "pdf", ("pages 201 to 260",))
    fitted = fit(document, 1000)
    assert fitted.text.endswith("\n\n[Left out here: pages 201 to 260]")
    assert fitted.left_out == ("pages 201 to 260",)


def test_long_lists_and_long_titles_are_shortened() -> None:
    many = [PaperSection(f"{n} Method {'x' * 200}\nfolded", "Text. " * 300) for n in range(30)]
    fitted = fit(Document(tuple(many)), 1000)
    assert len(fitted.left_out) == 13
    assert fitted.text.count("## ") == 1
    assert fitted.left_out[-1] == f"and {29 - 12} more"
    assert all(len(title) <= 80 and "\n" not in title for title in fitted.left_out)


@pytest.mark.parametrize("tokens", [-1, 0, 1, 5, 30])
def test_hardly_any_room_is_no_failure(tokens: int) -> None:
    fitted = fit(PAPER, tokens)
    assert estimate_tokens(fitted.text) <= max(tokens, 0)
    assert len(fitted.left_out) == 11
    assert fit(Document(()), tokens).text == ""


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("", 0, 0),
        ("word " * 400, 400, 600),
        # Counted by OpenAI's cl100k_base: 490 and 482.
        (r"$\mathcal{L}(\theta)=\mathbb{E}_{x\sim p}[\log q_\theta(x)]$ " * 16, 400, 600),
        ("我们研究大型语言模型" * 40, 400, 500),
    ],
)
def test_tokens_are_estimated_with_caution(text: str, least: int, most: int) -> None:
    assert least <= estimate_tokens(text) <= most


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("one\x00two\x1b[31m\x7f", "onetwo[31m"),
        ("bro\ud800ken", "broken"),
        ("\u202eesrever\u202c \u200bzero", "esrever zero"),
        ("tag\U000e0041\U000e0042", "tag"),
        ("\ue000private\ufdd0", "private"),
        ("no\u00a0break\u2003space", "no break space"),
        ("می\u200cخواهم x² 𝔼 ≤ é 中文\n\ttab", "می\u200cخواهم x² 𝔼 ≤ é 中文\n\ttab"),
    ],
)
def test_characters_that_nobody_sees_are_removed(text: str, seen: str) -> None:
    assert clean_characters(text) == seen


# Properties

TITLES = st.sampled_from(
    ["", "Abstract", "1 Introduction", "2 Related Work", "3 Magic", "4 Results", "Acknowledgements"]
) | st.text(max_size=120)
SECTIONS = st.builds(
    PaperSection,
    TITLES,
    st.lists(st.text(st.sampled_from("ab ,.1。字𝔼"), max_size=300), max_size=6).map(
        lambda parts: "\n\n".join(filter(None, (" ".join(part.split()) for part in parts)))
    ),
    st.booleans(),
)
DOCUMENTS = st.builds(Document, st.lists(SECTIONS, max_size=20).map(tuple))


@given(DOCUMENTS, st.integers(0, 2000))
@example(
    Document(
        (
            PaperSection("", "", appendix=True),
            PaperSection(
                "1 Introduction", "1\n\n11。。。。。。。\n\n11aa字字𝔼。𝔼𝔼𝔼", appendix=False
            ),
        )
    ),
    60,
)
@settings(max_examples=200)
def test_a_text_never_exceeds_its_budget_and_loses_nothing_silently(document, tokens) -> None:
    # Numbered, so that no section can be mistaken for a part of another one.
    parts = enumerate(document.sections)
    numbered = (replace(part, text=part.text and f"({n}) {part.text}") for n, part in parts)
    document = replace(document, sections=tuple(numbered))
    fitted = fit(document, tokens)
    assert fitted == fit(document, tokens)
    assert estimate_tokens(fitted.text) <= tokens
    missing = 0
    rest = fitted.text
    for section in document.sections:
        kept = (f"## {section.title}\n\n" if section.title else "") + section.text
        if section.text and kept in rest:
            rest = rest[rest.index(kept) + len(kept) :]
        elif section.text:
            missing += 1
    stated = len(fitted.left_out)
    if fitted.left_out and fitted.left_out[-1].startswith("and "):
        stated = 12 + int(fitted.left_out[-1].split()[1])
    assert stated >= missing


@given(st.text(max_size=50), st.text(max_size=50))
def test_a_text_is_worth_no_more_than_its_parts(one: str, other: str) -> None:
    assert estimate_tokens(one + other) <= estimate_tokens(one) + estimate_tokens(other)


@given(st.text(st.characters(codec=None)))
def test_a_clean_text_can_be_sent(text: str) -> None:
    clean = clean_characters(text)
    clean.encode()
    assert clean_characters(clean) == clean
