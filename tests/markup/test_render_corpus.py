"""Every real summary, title and abstract against an independent GFM renderer and plain counts."""

from __future__ import annotations

import functools
import html
import re
import time
from collections import Counter
from collections.abc import Callable

import pyromark
from markdown_it import MarkdownIt

from generator.markup.render import Rendered, render_block, render_inline, render_page, render_text
from generator.markup.text import escape_markdown, plain
from tests.markup.test_emoji import NEVER_LOST
from tests.shared import corpus_files, needs_shared

pytestmark = needs_shared

OPENING = "<summary><strong>🤖 AI Summary (by qwen-long)</strong> - Click to expand</summary>"
STRUCTURE = re.compile(
    r"<(/?)(ul|ol|li|table|thead|tbody|tr|th|td|pre|blockquote|p|hr|h(?=[1-6]))[1-6]?\b[^>]*>"
)
TAG = re.compile(r"</?(?:a|br|code|del|div|em|img|input|s|strong|sub|sup|math|m[a-z]+)\b[^>]*>")
# Formulas that break a table in GFM, and not for a reader: over several lines, or with bars.
TABLE_BREAKERS = re.compile(r"\$\$[^$]+\n[^$]+\$\$|(?<=\| )\$[^$\n]*\|[^$\n]*\$(?= \|)")


@functools.cache
def summaries() -> list[str]:
    found = []
    for text in corpus_files().values():
        for row in re.split(r"(?m)^(?=### \d+\. \[)", text.decode()):
            _, opening, body = row.partition(OPENING)
            if opening:
                found.append(body[: body.rindex("</details>")].strip("\n"))
    return found


@functools.cache
def rendered() -> list[Rendered]:
    return [render_block(summary) for summary in summaries()]


def reference(markdown: str) -> str:
    return MarkdownIt("gfm-like", {"linkify": False}).render(markdown)


@functools.cache
def reference_blocks() -> list[str]:
    """The reference's HTML, mostly without its text, which takes most of the time."""
    blocks_only = MarkdownIt("gfm-like", {"linkify": False}).disable(["inline", "text_join"])
    return [
        reference(summary) if "<ul>" in summary else blocks_only.render(summary)
        for summary in summaries()
    ]


def structure(page: str) -> str:
    """The opening and closing tags of lists, tables, code, quotations, paragraphs, headings."""
    return " ".join(slash + name for slash, name in STRUCTURE.findall(page))


def shown(page: str) -> str:
    """The text of our or the reference's HTML; tags that are none of GFM's are text."""
    return html.unescape(STRUCTURE.sub("", TAG.sub("", page)))


def without(page: str, *names: str) -> str:
    return re.sub(rf"<({'|'.join(names)})\b.*?</\1>", "", page, flags=re.DOTALL)


def test_there_are_as_many_summaries_as_counted_by_hand() -> None:
    assert len(summaries()) == 1689


def test_the_structure_is_that_of_a_gfm_reference() -> None:
    different = []
    for number, (page, expected) in enumerate(zip(rendered(), reference_blocks(), strict=True)):
        if structure(page.html) != structure(expected):
            different.append(number)
            mended = TABLE_BREAKERS.sub("formula", summaries()[number])
            assert structure(page.html) == structure(reference(mended))
    assert len(different) == 2


def test_headings_keep_their_order_and_skip_no_level() -> None:
    for page, expected in zip(rendered(), reference_blocks(), strict=True):
        written = [int(level) for level in re.findall("<h([1-6])>", expected)]
        levels = [heading.level for heading in page.headings]
        assert [str(level) for level in levels] == re.findall("<h([1-6]) id=", page.html)
        above: list[int] = []
        for level, ours in zip(written, levels, strict=True):
            above = [*(one for one in above if one < level), level]
            assert ours == min(2 + len(above), 6)
        assert len({heading.id for heading in page.headings}) == len(levels)


def test_no_text_is_lost_or_added() -> None:
    """Letter by letter but for emoji, in every fourth summary without formulas and images."""
    compared = 0
    for summary, page in list(zip(summaries(), rendered(), strict=True))[::4]:
        if "$" not in summary and "![" not in summary:
            compared += 1
            ours, theirs = shown(page.html), shown(reference(summary))
            assert NEVER_LOST.findall(ours) == NEVER_LOST.findall(theirs)
    assert compared > 150


def test_every_formula_is_mathml_and_none_stays_raw() -> None:
    count = Counter[str]()
    for page in rendered():
        count["mathml"] += page.html.count("<math")
        count["code"] += page.html.count('<code class="math">')
        text = shown(without(page.html, "math", "code", "pre"))
        assert not re.search(r"\\[A-Za-z]{2,}|\\[(\[{]", text)
        # What is left of dollar signs is money, or "per dollar".
        for between in re.findall(r"\$([^$\n]*)\$", text):
            assert not re.search(r"[\\^{}]|_\w|^\s*[A-Za-z]\s*$", between)
    assert count == {"mathml": 7802, "code": 0}


def test_bold_is_read_in_chinese_sentences() -> None:
    """What remains are asterisks that stand alone in the source, as after a p-value."""
    left = sum(without(page.html, "code", "pre").count("**") for page in rendered())
    assert left <= 16
    assert sum(without(pyromark.html(s), "code", "pre").count("**") for s in summaries()) > 80
    assert not any(re.search("<strong>[^<]*<strong>", page.html) for page in rendered())


def test_no_summary_fetches_or_runs_anything() -> None:
    for page in rendered():
        assert not re.search(r"<(?:img|script|style|iframe|link|svg|input)\b|src=", page.html)
        assert not re.search(r'href="(?!https?://|mailto:)', page.html)


def test_titles_and_abstracts_show_their_characters_and_formulas() -> None:
    titles: set[str] = set()
    abstracts: set[str] = set()
    for text in corpus_files().values():
        titles |= set(re.findall(r"(?m)^### \d+\. \[(.*)\]\(https?://arxiv", text.decode()))
        abstracts |= set(re.findall(r"(?s)#### Abstract\n+(.*?)\n\n", text.decode()))
    assert len(titles) > 3500
    for text in titles | abstracts:
        page = render_inline(text)
        assert '<code class="math">' not in page or r"\unicode" in text
        if "$" not in text:
            assert html.unescape(page) == " ".join(text.split(" ")) or "  " in text
            assert plain(text) == html.unescape(page)
        assert shown(render_page(escape_markdown(text)).html) == shown(page) + "\n"
        assert shown(render_text(text)).split() == shown(page).split()
    assert not any(re.search(r"\$[^$\d]+\$", plain(title)) for title in titles)


def test_rendering_takes_little_more_than_parsing_markdown() -> None:
    """A ratio, so that it holds on any machine."""
    sample = summaries()[::4]

    def seconds(render: Callable[[str], object]) -> float:
        started = time.process_time()
        for summary in sample:
            render(summary)
        return time.process_time() - started

    bare = min(seconds(pyromark.html) for _ in range(3))
    assert min(seconds(render_block) for _ in range(3)) < 40 * bare
