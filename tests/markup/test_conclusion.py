"""The sentence of a summary that came without one."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.markup import maths
from generator.markup.conclusion import conclusion
from generator.update.predecessor.readme import parse_readme
from tests.growth import assert_linear
from tests.shared import corpus_files, needs_shared

SECTIONS = """# 论文总结：Lanternfish

---

## 1. 论文的主要贡献和创新点

### 解决的问题
大模型推理很慢。现有方法引入了额外的开销：
- **成本高**：需要大量 GPU。

### 提出的新方法
为解决上述问题，作者提出 **Lanternfish**（`v2`），一种无需训练的投机解码框架，其核心创新包括：
- **信任头**：估计草稿可信到哪里。

## 2. 实验

作者提出用六个任务评估。

## 4. 关键结论和发现

### 局限性
- **结论**：只测试了一个模型。
"""
ENGLISH = """## 1. Main contributions

### Problem
Decoding is slow. Existing work introduces a second model.

### Method
**The trick**: guess. The authors propose **Lanternfish**, which stops drafting early.

## 2. Experiments

We present six tasks.
"""
WANTED = "Lanternfish 在 $O(n)$ 内停止草稿，实现了 1.4 倍加速。"
SAID = "**Lanternfish** 在 $O(n)$ 内停止草稿，实现了 *1.4 倍*加速。"


@pytest.mark.parametrize(
    "closing",
    [
        f"> **总结一句话**：  \n> {SAID}",
        f"> 📌 **一句话总结**：{SAID}",
        f"## ✅ 总结一句话\n\n> {SAID}",
        f"### 总结一句话：\n{SAID}",
        f"**一句话概括（中文）**: {SAID}",
        f"- **本文亮点一句话概括**：  \n  {SAID}",
        f"💡 总结一句话：{SAID}",
        f"---\n**总结**：{SAID}它还有别的优点。",
        f"## 总结\n\n总体而言，{SAID}\n\n它的意义重大。",
        f"## 🏁 结语\n{SAID}",
        f"> ✅ **总体评价**：{SAID}",
        f"**核心结论**：{SAID}\n\n> 🔗 **代码地址**：https://example.org/lanternfish",
        f"> **总结一句话**：  \n> **“{SAID[:-1]}”**",
        f"## 总结一句话\n> 此外，它很好。{SAID}",
        f"> **一句话总结**：\n\n{SAID}\n\n## 附录\n\n作者提出了一种别的方法来做别的事情。",
    ],
)
def test_it_is_the_closing_sentence(closing: str) -> None:
    assert conclusion(f"{SECTIONS}\n{closing}\n") == WANTED


@pytest.mark.parametrize(
    "closing",
    [
        "",
        "> 🔗 **代码地址**：https://example.org/lanternfish",
        "**总结一句话**：",
        "## 总结\n- 提升速度与质量，效果很好很好很好。\n- 已在真实场景中验证其有效性。",
        "> **总结**：此项工作是该领域的重要进展。",
        "**一句话总结**：代码已开源：https://example.org/lanternfish，欢迎作者们使用。",
        "**一句话总结**：Lanternfish 实现了 1.4 倍\ufffd加速，效果显著优于基线方法。",
        f"**一句话总结**：Lanternfish 实现了{'很长的' * 150}加速。",
        f"```\n**一句话总结**：{SAID}\n```",
        f"| **一句话总结**：{SAID} |\n|---|",
    ],
)
def test_else_it_is_what_section_1_says_of_the_paper(closing: str) -> None:
    said = "作者提出 Lanternfish（v2），一种无需训练的投机解码框架。"
    assert conclusion(f"{SECTIONS}\n{closing}\n") == said


@pytest.mark.parametrize(
    "closing",
    [
        "## Conclusion\n\nLanternfish improves throughput by 38%. It is small.",
        "**TL;DR:** Lanternfish improves throughput by 38%.",
        "**In one sentence**: Lanternfish improves throughput by 38%",
        "> **Summary**: However, it is slow. Lanternfish improves throughput by 38%.",
        "**One-sentence summary:** Lanternfish improves throughput by 38%.",
    ],
)
def test_an_english_summary_has_one_too(closing: str) -> None:
    assert conclusion(f"{ENGLISH}\n{closing}") == "Lanternfish improves throughput by 38%."


def test_else_an_english_one_says_it_in_section_1() -> None:
    assert conclusion(ENGLISH) == "The authors propose Lanternfish, which stops drafting early."


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("提出三项创新：", ""),
        ("提出 Lanternfish，一种新的解码框架，即：", "提出 Lanternfish，一种新的解码框架。"),
        (
            "本文提出了一种很快的解码方法，将推理的成本减半：",
            "本文提出了一种很快的解码方法，将推理的成本减半。",
        ),
        (
            "提出 Lanternfish，一种新的解码框架，旨在联合提升系统的：",
            "提出 Lanternfish，一种新的解码框架。",
        ),
        ("本文提出了一种系统性的解决方案。", ""),
        ("传统方法提出了两阶段的解码框架并取得成功。", ""),
        ("作者提出一个根本性问题：模型在哪里思考？", ""),
        ("LF 是一种把成本减半的投机解码框架。", "LF 是一种把成本减半的投机解码框架。"),
        ("本文旨在解决投机解码中草稿过长的问题。", "本文旨在解决投机解码中草稿过长的问题。"),
        ("草稿模型很小，因此它的成本也很低。", ""),
    ],
)
def test_what_section_1_can_say(said: str, wanted: str) -> None:
    assert conclusion(f"## 1. 贡献\n\n### 提出的新方法\n{said}\n- 一点\n\n## 2. 实验\n") == wanted


def test_nothing_is_made_up() -> None:
    for body in (
        "",
        "\n\n",
        "## 1.",
        "只有一句话",
        "It holds nothing.",
        "```\n总结一句话：",
        "> " * 99,
    ):
        assert conclusion(body) == ""


_PIECES_TEXT = """
总结一句话： 本文提出 一种框架 ** * ` $x^2$ $ \\(n\\) [a](b) 。 ， ： > - （ ） “ ” ``` ✅ <b> It
"""
_PIECES = st.sampled_from([*_PIECES_TEXT.split(), "## 1. 贡献\n", "\n", "\n\n", "> ", "- ", " "])


@given(st.lists(st.one_of(_PIECES, st.text(max_size=5)), max_size=40).map("".join))
def test_any_body_gives_one_whole_line_with_its_own_formulas(body: str) -> None:
    found = conclusion(body)
    assert "\n" not in found
    assert found == found.strip()
    assert not found or 10 <= len(found) <= 330
    own = {formula.tex for formula in maths.find(body, markdown=True)}
    assert {formula.tex for formula in maths.find(found)} <= {" ".join(tex.split()) for tex in own}
    assert found.count("（") + found.count("(") == found.count("）") + found.count(")")


_HOSTILE_TEXT = """
总结一句话： 本文， 本文提出 作者，， 一种， *a ** $ \\( [a A 。 （ _ <b # >-
"""
_HOSTILE = [
    *_HOSTILE_TEXT.split(),
    "## 1. 贡献\n",
    "```\n",
    "> - ",
    "- 本文提出框架：\n",
    "**总结**：\n",
]


@pytest.mark.parametrize("piece", _HOSTILE)
def test_a_hostile_body_takes_linear_time(piece: str) -> None:
    assert_linear(lambda size: conclusion(f"## 1. 贡献\n{piece * size}"), 3_000)
    assert_linear(lambda size: conclusion(f"**总结**：{piece * size}"), 3_000)


@needs_shared
def test_real_summaries_nearly_all_have_one() -> None:
    bodies = [
        entry.summary.body
        for name, raw in list(corpus_files().items())[::12]
        for entry in parse_readme(raw.decode(), name=name).entries
        if entry.summary
    ]
    found = [sentence for body in bodies if (sentence := conclusion(body))]
    assert len(found) > 0.96 * len(bodies) > 100
    marks = re.compile(
        r"\*\*|`|总结一句话|一句话总结|://|[：:，,]\Z|[\u2600-\u27bf\U0001f000-\U0001faff]"
    )
    assert not [sentence for sentence in found if marks.search(sentence)]
    assert all(sentence.rstrip("”）)")[-1] in "。.！!" for sentence in found)
