"""The body of a summary has our form, whatever a model writes into its sections."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.markup.render import render_block
from generator.update.summarize.fields import SECTIONS
from generator.update.summarize.model import ReplyError
from generator.update.summarize.reply.reply import parse_reply

HEADINGS = ["Contributions", "Method", "Results", "Limitations and future work"]


def body(language: str = "en", **sections: str) -> str:
    fields = dict.fromkeys(SECTIONS, "Said.") | sections
    answer = json.dumps({"tldr": "A sentence.", "tags": [], **fields})
    return parse_reply(answer, language=language, truncated=False).body


def method(text: str) -> str:
    """What a section becomes."""
    return body(method=text).split("## Method\n\n")[1].split("\n\n## Results")[0]


@pytest.mark.parametrize(
    ("language", "first", "last"),
    [
        ("en", "Contributions", "Limitations and future work"),
        ("zh", "主要贡献", "局限与未来工作"),
        ("zh-TW", "主要貢獻", "限制與未來工作"),
        ("ja", "主な貢献", "限界と今後の課題"),
        ("ko", "주요 기여", "한계 및 향후 연구"),
        ("de", "Beiträge", "Grenzen und Ausblick"),
        ("fr", "Contributions", "Limites et perspectives"),
        ("es", "Contribuciones", "Limitaciones y trabajo futuro"),
        ("pt-BR", "Contribuições", "Limitações e trabalhos futuros"),
        ("it", "Contributi", "Limiti e sviluppi futuri"),
        ("ru", "Основной вклад", "Ограничения и дальнейшая работа"),
        ("tlh", "Contributions", "Limitations and future work"),
    ],
)
def test_headings_are_in_the_language(language: str, first: str, last: str) -> None:
    headings = [line[3:] for line in body(language).split("\n") if line.startswith("## ")]
    assert len(headings) == 4
    assert (headings[0], headings[-1]) == (first, last)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("a\n# One\nb\n## Two", "a\n### One\nb\n#### Two"),
        ("### One\n#### Two", "### One\n#### Two"),
        ("a\n# One\n###### Six", "a\n### One\n###### Six"),
        ("a\n\nOne\n===\nb", "a\n\n### One\nb"),
        ("a\n\nOne\n---\nb", "a\n\n### One\nb"),
        ("a\n\n中文 *é*\n---\nb $$é$$\n\n# T", "a\n\n#### 中文 *é*\nb $$é$$\n\n### T"),
        ("A sentence ends here.\n---\nb", "A sentence ends here.\n***\nb"),
        ("two\nlines\n---\nb", "two\nlines\n***\nb"),
        ("a\n\n---\n\nb", "a\n\n---\n\nb"),
        ("a\n\n---", "a"),
        ("- # In a list\n\n> # Quoted", "- ### In a list\n\n> ### Quoted"),
        ("```py\n# code\n```\n\n    # code", "```py\n# code\n```\n\n    # code"),
        ("#hash and a # b", "#hash and a # b"),
        ("a\n<div>\n# One", "a\n<div>\n### One"),
        ("$$\na\n= b\n$$", "$$\na\n= b\n$$"),
        ("$$\na\n=\nb\n$$", "$$\na\n{=}\nb\n$$"),
        ("a\n$$\n```\n$$", "a\n\\$\\$\n```\n\\$\\$\n```"),
        ("<ul><li>a</li></ul>\n```\n\n# H", "\\<ul>\\<li>a\\</li>\\</ul>\n```\n\n# H\n```"),
        ("```\nopen", "```\nopen\n```"),
        ("~~~~ py\n```\nopen", "~~~~ py\n```\nopen\n~~~~"),
        ("- x\n\n  ```\n  open", "- x\n\n  ```\n  open"),
        ("a\n# One\n```\n# x", "a\n### One\n```\n# x\n```"),
        ("## Method\n\nText.", "Text."),
        ("**Method:**\nText.", "Text."),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "| a | b |\n|---|---|\n| 1 | 2 |"),
    ],
)
def test_a_section_stays_below_its_heading(written: str, shown: str) -> None:
    assert method(written) == shown


LINES = st.lists(
    st.sampled_from(
        [
            *(
                "# H",
                "## H",
                "###### H",
                "text",
                "text.",
                "===",
                "---",
                "- ---",
                "> ===",
                "```",
                "~~~",
            ),
            *(
                "> ```",
                "- ```py",
                "    # x",
                "",
                "",
                "  ",
                "1. # H",
                "| a |",
                "|---|",
                "$$",
                "<details>",
            ),
            *("</details>", "<!--", "\\", "`", "**b", "    ", "- - # H", "\t# H", "[x]: y", "中文"),
        ]
    ),
    max_size=8,
).map("\n".join)


@given(LINES, LINES)
def test_four_headings_and_nothing_beside_them(one: str, two: str) -> None:
    try:
        written = body(contributions=f"{one}\nx", method=two, results=f"x\n\n{two}\n{one}")
    except ReplyError:  # nothing but signs in it
        return
    page = render_block(written, top_heading=2)
    assert [heading.text for heading in page.headings if heading.level == 2] == HEADINGS
