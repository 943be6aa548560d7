"""Formulas that want to be wider than a phone, in real Chromium: the page is not."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from generator.markup.render import render_block, render_inline, render_page, render_text
from generator.markup.text import escape_markdown
from tests.chromium import too_wide
from tests.projects import PROJECT

pytestmark = pytest.mark.browser

FORMULAS = (
    r"x\hspace{99999ex}y",
    r"x\hspace{99999mm}y",
    r"x\mspace{9999mu}y",
    r"x" + r"\hspace{2em}" * 18 + "y",
    r"x" + r"\qquad" * 200 + "y",
    r"x\hspace{8em}\hspace{8em}\hspace{8em}y",
    r"\genfrac{}{}{9999pt}{}{a}{b}",
    "W" * 40,
    r"\Longrightarrow" * 2 + "W" * 10,
    r"\xrightarrow{WWWW}\xrightarrow{WWWWWWWWWW}",
    r"\text{" + "no end " * 30 + "}",
    r"\operatorname{" + "w" * 26 + "}",
    "x" * 4000,
)


def test_no_formula_widens_a_phones_page(phone: Page) -> None:
    style = (PROJECT / "site_src/assets/daybook.css").read_text()
    for tex in FORMULAS:
        text = f"A study of ${tex}$ and more"
        title = escape_markdown(text)
        parts = [
            render_page(f"# {title}\n\n## {title}\n\n{title}\n\n- {title}\n").html,
            f"<h2>{render_inline(text)}</h2>",
            render_text(f"{text}.\n\n$${tex}$$"),
            render_block(f"## {text}\n\n- {text}\n\n| a | b |\n|---|---|\n| {text} | x |").html,
        ]
        phone.set_content(
            '<!doctype html><meta name="viewport" content="width=device-width">'
            f'<style>{style}</style><main class="md-main__inner md-grid">'
            f'<article class="md-typeset paper">{"".join(parts)}</article></main>'
        )
        assert too_wide(phone) <= 0, tex
