"""What becomes of a model's emoji: decoration goes, what means something stays as plain text."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from generator.build.archive.tldr import AI, Tldr, tldr_of
from generator.build.search.records import record, texts
from generator.core.characters import AS_PICTURE, AS_TEXT, EMOJI, KEYCAP
from generator.markup.emoji import text_without_emoji, without_emoji
from generator.markup.render import render_block
from tests.builders import DAY, make_archive, make_paper, make_summary
from tests.growth import assert_linear

EMOJI_CHARACTER = re.compile(f"[{EMOJI}](?!{AS_TEXT})|{AS_PICTURE}|[0-9#*]{KEYCAP}")
TAG = re.compile(r"<[^<>]*>")
# Emoji and what may stand for them; all other characters must come through.
NEVER_LOST = re.compile(
    f"[^{EMOJI}{AS_PICTURE}{AS_TEXT}{KEYCAP}\u200d\U000e0020-\U000e007f*\\s"
    "✓✗★○⊘!?→←↑↓+−÷▲▼◆◇●◎◉◐◔◍◌■▣▤▥▦▩□vsNEWOK10A-Z♀♂]"
)


def text_of(markdown: str) -> str:
    """The text of a rendered summary, without the line breaks between its blocks."""
    return html.unescape(TAG.sub("", render_block(markdown).html)).strip()


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        # Decoration
        ("### 🚀 提出的新方法：SALR", "提出的新方法：SALR"),
        ("#### ✅ Microservices", "Microservices"),
        ("### ⚠️ **方法的局限性**", "方法的局限性"),
        ("1. ✅ **可行**", "可行"),
        ("> 📌 **总结一句话**：好", "总结一句话：好"),
        ("✅ **结论**：快", "结论：快"),
        ("更快 🔥，更省", "更快，更省"),
        ("faster 🔥 and cheaper", "faster and cheaper"),
        ("faster🔥cheaper", "faster cheaper"),
        ("效果🔥显著", "效果显著"),
        ("#### 🏃‍♂️ 连续控制 👩🏽‍🔬", "连续控制"),
        ("**🔥** hot", "hot"),
        ("[🔗 代码](https://x.example/)", "代码"),
        # Meaning
        ("> ✅ 表示支持，❌ 不支持，⚠️ 部分支持", "✓ 表示支持，✗ 不支持，⚠︎ 部分支持"),
        ("✅ means yes", "✓ means yes"),
        ("> 🔴 表示 SOTA，🔵 表示第二", "● 表示 SOTA，◎ 表示第二"),
        ("- ❌ 不支持多卡", "✗ 不支持多卡"),
        ("- ✅ fast\n- ❌ slow", "✓ fast\n✗ slow"),
        ("1️⃣ **首先** 2️⃣再", "1 首先 2 再"),
        ("#️⃣ hash", "# hash"),
        ("⭐⭐⭐⭐☆ 强", "★★★★☆ 强"),
        ("➡️ 因此 ↔️ ⬇️ 3%", "→ 因此 ↔ ↓ 3%"),
        ("A 🆚 B", "A vs B"),
        ("🇨🇳 中文", "CN 中文"),
        ("Intel® ™️ ♠ ①", "Intel® ™ ♠ ①"),
        # Never left empty
        ("### 🚀", "🚀︎"),
        ("### ✅", "✓"),
        # Code is the model's example
        ("🔥 `print('✅')` ✅", "print('✅') ✓"),
        ("```\n🔥 # 1️⃣\n```", "🔥 # 1️⃣"),
    ],
)
def test_decoration_goes_and_meaning_stays(written: str, shown: str) -> None:
    assert re.sub(r"\n+", "\n", text_of(written)) == shown


def test_tables_keep_what_their_emoji_say() -> None:
    rows = "| a ⚙️ | b |\n|---|:-:|\n| ✅ 是 | ❌（多专家） |\n| ⭐⭐⭐ | ⚠️ 仅同类 |\n| 🐢 | 🔥 高 |"
    cells = re.findall(r"<t[hd]\b[^>]*>(.*?)</t[hd]>", render_block(rows).html)
    assert cells == ["a", "b", "✓ 是", "✗（多专家）", "★★★", "⚠︎ 仅同类", "🐢︎", "高"]


def test_headings_are_named_without_emoji() -> None:
    (heading,) = render_block("### 🔍 相比现有方法的优势").headings
    assert (heading.text, heading.id) == ("相比现有方法的优势", "相比现有方法的优势")


def test_a_sentence_has_none_wherever_it_is_shown() -> None:
    paper = make_paper(summaries=(make_summary(tldr="🚀 It is fast ⚡.", body="### 🚀 Fast"),))
    assert tldr_of(paper, "en") == Tldr(AI, "It is fast.", "en")
    archive = make_archive({DAY: [paper]})
    indexed = "\n".join(texts(record(archive.listed[paper.id]))[2])
    assert not EMOJI_CHARACTER.search(indexed)
    assert "It is fast." in indexed


EMOJIS = st.sampled_from(
    [
        "✅",
        "❌",
        "⚠️",
        "🚀",
        "⭐⭐",
        "1️⃣",
        "#️⃣",
        "🏃‍♂️",
        "🇨🇳",
        "🔥",
        "➡️",
        "🔹",
        "↔️",
        "\ufe0f",
        "\u20e3",
        "👩🏽‍🔬",
        "🆚",
    ]
)
PIECES = st.one_of(
    EMOJIS,
    st.sampled_from(
        ["**", "`", "\n", "\n\n", "# ", "- ", "1. ", "> ", "|", "|-|-|", "```\n", "$x$"]
    ),
    st.text(st.characters(codec="utf-8"), max_size=6),
)


@given(st.lists(PIECES, max_size=24).map("".join))
@example("**🔥**\n- 🔥\n\n🔥\n\n`🔥`")
def test_nothing_but_emoji_is_lost_and_no_other_tag_moves(markdown: str) -> None:
    plain = render_block(markdown).html  # already without
    assert without_emoji(plain) == plain
    page = f"<p>{html.escape(markdown)}</p>"
    after = without_emoji(page)
    assert NEVER_LOST.findall(TAG.sub("", after)) == NEVER_LOST.findall(TAG.sub("", page))
    assert without_emoji(after) == after
    assert not EMOJI_CHARACTER.search(re.sub(r"(?s)<(pre|code)\b.*?</\1>", "", plain))


@given(st.lists(PIECES, max_size=12).map("".join))
def test_a_sentence_loses_nothing_else(text: str) -> None:
    after = text_without_emoji(text)
    assert NEVER_LOST.findall(after) == NEVER_LOST.findall(text)
    assert not EMOJI_CHARACTER.search(after)


@pytest.mark.parametrize(
    "unit",
    [
        "✅",
        "🔥 ",
        "<p>✅ ",
        "<strong>",
        "1️⃣",
        "✅ 表示",
        "\u200d🔥",
        "🏃‍",
        "<td>✅</td>",
        "✅   ",
        "<code>🔥</code>",
        "<td><code>x</code> ✅</td>",
        "<h3>🔥</h3>✅ <strong>x</strong>",
        "`🔥`",
    ],
)
def test_emoji_take_linear_time(unit: str) -> None:
    assert_linear(lambda size: without_emoji(unit * size), 6_000)
