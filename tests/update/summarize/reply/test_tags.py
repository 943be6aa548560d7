"""Tags: tidy, and in the archive's spelling."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.core.urls import slug
from generator.update.summarize.reply.tags import normalise

KNOWN = {
    slug(name): name
    for name in (
        "large language model",
        "KV cache",
        "Mixture of Experts",
        "fine-tuning",
        "LLM",
        "RL",
        "policy",
        "matrix",
        "C++",
    )
}


@pytest.mark.parametrize(
    ("tag", "kept"),
    [
        ("Large Language Models", "large language model"),
        ("large-language-models", "large language model"),
        ("kv-cache", "KV cache"),
        ("KV CACHES", "KV cache"),
        ("kvcache", "KV cache"),
        ("mixture-of-experts", "Mixture of Experts"),
        ("finetuning", "fine-tuning"),
        ("fine tuning", "fine-tuning"),
        ("LLMs", "LLM"),
        ("rl", "RL"),
        ("policies", "policy"),
        ("matrices", "matrix"),
        ("c++", "C++"),
    ],
)
def test_variants_take_the_archives_spelling(tag: str, kept: str) -> None:
    assert normalise([tag], KNOWN) == (kept,)


@pytest.mark.parametrize(
    ("tag", "kept"),
    [
        ("Speculative Decoding", "speculative decoding"),
        ("SPECULATIVE DECODING", "speculative decoding"),
        ("  #quantization. ", "quantization"),
        ("**GPU kernels**", "GPU kernels"),
        ("`LoRA`", "LoRA"),
        ("GPT-4", "GPT-4"),
        ("A100 GPUs", "A100 GPUs"),
        ("Q-Learning", "q-learning"),
        ("3D vision", "3D vision"),
        ("INFERENCE", "inference"),
        ("Retrieval-Augmented Generation (RAG)", "retrieval-augmented generation"),
        ("Tags: pruning", "pruning"),
        ("graph neural net\u200bworks", "graph neural networks"),
        ("Schrödinger bridge", "schrödinger bridge"),
        ("text‐to‐image", "text-to-image"),
    ],
)
def test_new_tags_are_tidy(tag: str, kept: str) -> None:
    assert normalise([tag], {}) == (kept,)


@pytest.mark.parametrize(
    "tag",
    [
        "",
        "#",
        "x",
        "n/a",
        "None",
        "tags",
        "paper",
        "2026",
        "cs.LG",
        "大模型",
        "LLM 推理",
        "<script>alert(1)</script>",
        "[x](javascript:hit())",
        "$\\alpha$-divergence",
        "https://example.org",
        "a tag that is really a whole sentence",
        "pneumonoultramicroscopicsilicovolcanoconiosis",
        '{"tag": "x"}',
    ],
)
def test_what_is_no_tag_is_left_out(tag: str) -> None:
    assert normalise([tag], KNOWN) == ()


def test_each_once_in_order_and_eight_at_most() -> None:
    assert normalise(["rl", "LLMs", "llm", "RL", "new idea", "New Ideas"], KNOWN) == (
        "RL",
        "LLM",
        "new idea",
    )
    assert normalise([f"topic {letter}x" for letter in "abcdefghijk"], {}) == tuple(
        f"topic {letter}x" for letter in "abcdefgh"
    )


def test_singular_words_that_end_in_s_stay_apart() -> None:
    tags = ("bias", "bia", "analysis", "gas", "ga", "loss")
    assert normalise(tags, {}) == tags


NAMES = st.one_of(
    st.text(max_size=50),
    st.from_regex(r"[A-Za-z0-9#(*]{1,9}(?:[ -][A-Za-z]{1,9}){0,4}[s.)*]?", fullmatch=True),
    st.sampled_from(["LLM", "llms", "KV-Cache", "KV cache", "kvcaches", "IX", "ices", "sses"]),
)


@given(st.lists(NAMES, max_size=12), st.lists(NAMES, max_size=5))
def test_tidy_tags_stay_as_they_are(tags: list[str], names: list[str]) -> None:
    known = {slug(name): name for name in names}
    once = normalise(tags, known)
    assert normalise(once, known) == once
    assert len(once) <= 8
    assert all(2 <= len(tag) <= 40 for tag in once)
    assert len({slug(tag) for tag in once}) == len(once)  # one page each
