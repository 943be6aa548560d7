"""Whatever a text holds, front matter gives it back: to Daybook's own reader, and to any YAML's."""

from __future__ import annotations

import sys

import yaml
from hypothesis import example, given
from hypothesis import strategies as st
from mkdocs.utils import meta

from generator.build.pages.layout import page
from generator.build.site.pagehtml import split_front_matter

# A text with a lone surrogate is none: it cannot be written as UTF-8.
EVERY = "".join(map(chr, [*range(0xD800), *range(0xE000, sys.maxunicode + 1)]))
LINE_ENDS = "\n\r\x85\u2028\u2029\x0b\x0c\x1c\x1d\x1e"
texts = st.text(
    st.one_of(
        st.characters(exclude_categories=("Cs",)),
        st.sampled_from(LINE_ENDS + "\ufeff\ufffe\uffff\u200b\t:#-'\"\\{}[]&*!|>%@` "),
    )
)


def written(front: dict[str, object]) -> str:
    """A page with this front matter, as it comes back from its file."""
    values = {"heading": "Heading", "intro": "", "pager": "", "follow": "", "groups": []}
    text = page("list.md", front, **values)
    return text.encode().decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")


@given(texts, st.lists(texts, max_size=3))
@example("\u2028\u2029\x85\ufeff", ["---\n", "...", "a\n---\nb"])
def test_every_text_comes_back(title: str, authors: list[str]) -> None:
    front = {"title": title, "authors": authors, "nested": {"key": [title]}}
    text = written(front)
    ours, body = split_front_matter("x.md", text)
    assert ours == front
    assert body.strip() == "# Heading"
    mkdocs_body, theirs = meta.get_data(text)
    assert theirs == front
    assert mkdocs_body.strip() == "# Heading"


def test_every_character_comes_back() -> None:
    """All of Unicode at once, next to letters and alone on its side."""
    front = {"title": EVERY, "ends": [f"a{end}b" for end in LINE_ENDS], "alone": list(LINE_ENDS)}
    text = written(front)
    assert split_front_matter("x.md", text)[0] == front
    head = text.split("\n---\n")[0].removeprefix("---\n")
    assert yaml.load(head, yaml.SafeLoader) == front
