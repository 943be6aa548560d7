"""How summaries look in real Chromium: what goes on at an edge, Chinese lines, signs and levels."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page

from generator.markup.render import render_block
from tests.projects import PROJECT

pytestmark = pytest.mark.browser

TABLE = (
    f"| Method | {' | '.join('Column' for _ in range(9))} |\n|{'---|' * 10}\n"
    + f"| `merge` | {' | '.join('.' for _ in range(9))} |\n" * 4
)
FORMULA = f"$$\n{' + '.join(f'a_{{{n}}} b_{{{n}}}' for n in range(40))}\n$$"
SHORT = "| a | b |\n|---|---|\n| 1 | 2 |"


def show(page: Page, markdown: str, scheme: str = "default", language: str = "zh") -> None:
    """Show a summary as a paper's page has it, with Material's reset of margins."""
    style = (PROJECT / "site_src/assets/daybook.css").read_text()
    page.set_content(
        '<!doctype html><html lang="en"><meta name="viewport" content="width=device-width">'
        f"<style>html {{ font-size: 20px }} {style}</style>"
        f'<body data-md-color-scheme="{scheme}"><main class="md-main__inner md-grid">'
        f'<article class="md-typeset paper"><section class="summary" lang="{language}">'
        f"{render_block(markdown, drop_title=True).html}</section></article></main>"
    )


def edge(scroller: Locator) -> int:
    """How far (0 to 765) the colour at the right edge, half-way down, is from the page's own."""
    shot = Image.open(BytesIO(scroller.screenshot())).convert("RGB")
    ground = scroller.page.evaluate("getComputedStyle(document.body).backgroundColor")
    paper = tuple(int(part) for part in ground[4:-1].split(","))
    columns = [shot.getpixel((shot.width - 2, y)) for y in range(4, shot.height - 4)]
    nearest = [sum(abs(a - b) for a, b in zip(one, paper, strict=True)) for one in columns]
    return sorted(nearest)[len(nearest) // 2]


@pytest.mark.parametrize("scheme", ["default", "slate"])
@pytest.mark.parametrize("markdown", [TABLE, FORMULA], ids=["table", "formula"])
@pytest.mark.parametrize("width", [390, 820])
def test_what_is_wider_than_its_place_fades_where_it_goes_on(
    window: Callable[..., Page], markdown: str, scheme: str, width: int
) -> None:
    page = window(width=width)
    show(page, markdown, scheme)
    scroller = page.locator(".table-scroll, math[display]")
    assert scroller.evaluate("one => one.scrollWidth - one.clientWidth") > 100
    assert edge(scroller) > 60
    scroller.evaluate("one => one.scrollTo(10000, 0)")
    assert edge(scroller) < 6


@pytest.mark.parametrize("scheme", ["default", "slate"])
def test_what_fits_does_not_fade(window: Callable[..., Page], scheme: str) -> None:
    page = window(width=390)
    show(page, SHORT, scheme)
    assert edge(page.locator(".table-scroll")) < 6


def test_the_first_column_stays_in_sight(window: Callable[..., Page]) -> None:
    page = window(width=390)
    show(page, TABLE)
    first, second = (page.locator(f"tbody tr:first-child td:nth-child({n})") for n in (1, 2))
    before = first.bounding_box(), second.bounding_box()
    page.locator(".table-scroll").evaluate("one => one.scrollTo(200, 0)")
    assert first.bounding_box() == before[0]
    assert second.bounding_box()["x"] == before[1]["x"] - 200
    # What slides under it is not seen through it.
    assert "gradient" in first.evaluate("one => getComputedStyle(one).backgroundImage")


HAN = "统一编码长文本检索与生成的方法在多个数据集上取得了更好的结果" * 8


@pytest.mark.parametrize("markdown", [HAN, f"- {HAN}", f"> {HAN}", f"1. {HAN}\n   - {HAN}"])
def test_a_line_has_at_most_42_chinese_letters(window: Callable[..., Page], markdown: str) -> None:
    page = window(width=1440)
    show(page, markdown)
    longest = page.evaluate(
        """() => Math.max(...[...document.querySelectorAll(".summary :is(p, li)")].map((one) =>
        one.clientWidth / parseFloat(getComputedStyle(one).fontSize)))"""
    )
    assert 25 < longest <= 42


def test_letters_of_two_scripts_stand_apart(window: Callable[..., Page]) -> None:
    page = window(width=1440)
    show(page, "使用LoRA微调7B模型\n\n`使用LoRA微调`")
    spacing = "one => getComputedStyle(one).textAutospace"
    assert page.locator(".summary p").first.evaluate(spacing) == "normal"
    assert page.locator(".summary code").evaluate(spacing) == "no-autospace"


@pytest.mark.skipif(
    not shutil.which("fc-list")
    or not subprocess.run(["fc-list", ":lang=zh"], capture_output=True, check=True).stdout,
    reason="no Han font here (Debian's package fonts-noto-cjk)",
)
def test_chinese_quotation_marks_are_as_wide_as_letters(window: Callable[..., Page]) -> None:
    page = window(width=1440)
    ems = """() => {
      const text = document.querySelector(".summary p").firstChild;
      const size = parseFloat(getComputedStyle(text.parentElement).fontSize);
      return [...text.data].map((letter, at) => {
        const range = document.createRange();
        range.setStart(text, at); range.setEnd(text, at + 1);
        return [letter, range.getBoundingClientRect().width / size];
      });
    }"""
    text = "称“密集”并不——稀疏，model’s"
    show(page, text)
    wide = dict(page.evaluate(ems))
    assert min(wide[sign] for sign in "“”—") > 0.9
    assert wide["’"] < 0.5  # an apostrophe
    show(page, text, language="en")
    assert max(dict(page.evaluate(ems))[sign] for sign in "“”") < 0.7


@pytest.mark.parametrize("title", ["# 论文总结：样本\n\n", ""])
def test_levels_of_headings_can_be_told_apart(window: Callable[..., Page], title: str) -> None:
    page = window(width=820)
    show(page, f"{title}## 一\n\n文\n\n### 二\n\n文\n\n#### 三\n\n文\n\n## 四\n\n文")
    looks = page.locator(".summary :is(h3, h4, h5, h6)").evaluate_all(
        """all => Object.fromEntries(all.map((one) => {
          const style = getComputedStyle(one);
          return [one.textContent,
                  [parseFloat(style.fontSize), style.color, style.borderBottomWidth]];
        }))"""
    )
    sizes = [looks[name][0] for name in "一二三"]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] - sizes[1] >= 3
    assert sizes[1] - sizes[2] >= 1
    assert looks["二"][1] != looks["三"][1]
    assert (looks["一"][2], looks["二"][2]) == ("1px", "0px")
    assert looks["一"] == looks["四"]
