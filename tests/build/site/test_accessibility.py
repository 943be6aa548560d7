"""Pages can be used by everybody: checked by axe and in real Chromium on every type of page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from lxml import html
from playwright.sync_api import Page, expect

from tests.chromium import settle, too_wide, wait_until
from tests.edge_archive import MIXED, SUMMARISED, build_edge_site
from tests.projects import Once, serving
from tests.views import EMPTY_VIEWS, LAST_VISIT, VIEWS, View, searched

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}
READ = (View("home", ""), View("day", f"days/{MIXED}/"), View("paper", f"papers/{SUMMARISED}/"))
RESULTS = View("search", "search/?q=sparse", searched)
# 2.5.8 is a rule of WCAG 2.2 that axe leaves off where it is not asked for.
OPTIONS: dict[str, object] = {
    "resultTypes": ["violations"],
    "rules": {"target-size": {"enabled": True}},
}
# Of a list axe looks at the first lines: its time is that of the links it sees.
FEW = {"exclude": [["li:nth-of-type(n+6)"]]}
# What a theme and a window's size change, and the pages on which axe asks for all the rest again.
SEEN = {"runOnly": ["color-contrast", "link-in-text-block", "target-size"]}
WHOLE = ("home", "day", "paper", "search", "empty, home")


# A sheet that is made by a script is not under the page's policy.
_ADD_STYLE = """
(rules) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(rules);
  document.adoptedStyleSheets.push(sheet);
}
"""


@pytest.fixture(scope="module")
def edge_site(once: Once) -> Path:
    return once("edge", build_edge_site)


@pytest.fixture(scope="module")
def edge(edge_site: Path) -> Iterator[str]:
    with serving(edge_site) as address:
        yield address


_SPACED = (
    "* { line-height: 1.5 !important; letter-spacing: .12em !important;"
    " word-spacing: .16em !important } p { margin-bottom: 2em !important }"
)


def test_everybody_can_use_every_page_and_its_states(
    window: Callable[..., Page], edge: str, empty: str
) -> None:
    """Each is opened once: light on a phone, dark on a desk, and at 400 % with wide spacing.

    What fades in has no contrast while it does.
    """
    found: list[object] = []
    for address, views in ((edge, VIEWS), (empty, EMPTY_VIEWS)):
        for view in views:
            page = window(**PHONE, reduced_motion="reduce")
            view.open(page, address)
            # The largest day takes axe ten seconds, and benchmarks/quality.py looks at it.
            if not view.name.startswith("day of 100"):
                found += [(view.name, *problem) for problem in _violations(page)]
                # States of a page are looked at in one theme.
                if "," not in view.name or address == empty:
                    page = window(**DESK, color_scheme="dark", reduced_motion="reduce")
                    options = OPTIONS if view.name in WHOLE else OPTIONS | SEEN
                    found += [(view.name, *problem) for problem in _violations(page, options)]
            if address == edge:
                found += [(view.name, wide) for wide in _too_wide(window(width=320, height=640))]
            page.evaluate("localStorage.clear(); sessionStorage.clear()")
    assert found == []


@pytest.mark.parametrize("options", [OPTIONS, OPTIONS | SEEN])
def test_what_is_wrong_is_found(window: Callable[..., Page], options: dict[str, object]) -> None:
    page = window(**PHONE)
    small = '<button style="width: 9px; height: 9px; padding: 0">x</button>' * 2
    page.set_content(f"<p style='color: #ccc'>pale<p style='width: 2000px'>wide<p>{small}")
    rules = {rule for _, rule, *_ in _violations(page, options)}
    assert rules >= {"color-contrast", "target-size"}
    assert ("image-alt" in rules or "html-has-lang" in rules) == ("runOnly" not in options)
    assert len(_too_wide(page)) == 2


def _violations(page: Page, options: dict[str, object] = OPTIONS) -> list[tuple[object, ...]]:
    """Return what axe complains of."""
    # On the desk the strip's days are small: the months' pages lead to them too.
    small = 'class="d l' if page.viewport_size == DESK else "(none)"
    return [
        (rule["impact"], rule["id"], node["target"], node["failureSummary"])
        for rule in Axe().run(page, context=FEW, options=options).response["violations"]
        for node in rule["nodes"]
        if not (rule["id"] == "target-size" and small in node["html"])
    ]


def _too_wide(page: Page) -> list[str]:
    """Return how far the page scrolls sideways, as it is and with wide spacing."""
    found = []
    for how, style in (("as it is", "/* nothing */"), ("spaced", _SPACED)):
        page.evaluate(_ADD_STYLE, style)
        wide = too_wide(page)
        if wide > 0:
            found.append(f"{wide} px too wide {how}")
    return found


_WATCH_SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => list.getEntries().forEach((entry) =>
  window.shifts.push([entry.value, ...entry.sources.map((s) => s.node?.outerHTML?.slice(0, 80))])
)).observe({ type: "layout-shift", buffered: true });
"""


def test_nothing_moves_while_a_page_loads(phone: Page, edge: str) -> None:
    READ[1].open(phone, edge)
    for button in phone.locator("li > .save").all():
        button.click()
    wait_until(
        phone,
        "Object.values(JSON.parse(localStorage['/.marks']).saved).every((paper) => paper.day)",
    )
    # A later visit, on which the first page says what is new.
    phone.evaluate("visit => localStorage.setItem('/.visit', visit)", LAST_VISIT)
    with phone.add_init_script(_WATCH_SHIFTS):
        for view in (*READ, View("search", "search/"), RESULTS, View("saved", "saved/")):
            phone.evaluate("sessionStorage.clear()")
            view.open(phone, edge)
            settle(phone)
            moved = phone.evaluate("window.shifts")
            assert sum(value for value, *_ in moved) < 0.01, (view.name, moved)


_FOCUSED = """() => {
  const one = document.activeElement;
  if (one === document.body) return null;
  const shown = (node) => {
    const style = getComputedStyle(node);
    const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    return outlined || style.boxShadow !== "none";
  };
  const box = one.getBoundingClientRect();
  return {
    html: one.outerHTML.slice(0, 100),
    /* A card's title has its ring at the card, a switch at its label. */
    ring: [one, one.closest("li"), one.parentElement.querySelector(":focus-visible + label")]
      .some((node) => node && shown(node)),
    seen: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
  };
}"""


@pytest.mark.parametrize("view", [*READ, RESULTS], ids=lambda v: v.name)
def test_tab_goes_through_the_page_and_is_always_seen(
    window: Callable[..., Page], edge: str, view: View
) -> None:
    page = window(**DESK)
    view.open(page, edge)
    stops = []
    for _ in range(200):
        page.keyboard.press("Tab")
        stop = page.evaluate(_FOCUSED)
        if stop is None:
            break
        assert stop["ring"], stop
        assert stop["seen"], stop
        stops.append(stop["html"])
    assert 'class="skip' in stops[0]
    assert "colophon__keys" in stops[-1]
    # Nothing holds the focus, and nothing is left out.
    links = page.locator("#content a:visible, #content button:visible").count()
    assert sum("<a" in html or "<button" in html for html in stops) >= links


def test_the_first_tab_skips_to_the_content(window: Callable[..., Page], edge: str) -> None:
    page = window(**DESK)
    READ[1].open(page, edge)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("#content :focus")).to_have_count(1)


def test_no_ribbon_or_day_vanishes_in_the_systems_colours(
    window: Callable[..., Page], edge: str
) -> None:
    page = window(forced_colors="active")
    READ[0].open(page, edge)
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    for selector, part in (
        (".masthead__saved", "::before"),
        (".save", "::before"),
        (".strip a.l4", ""),
    ):
        colour = page.locator(selector).first.evaluate(
            "(node, part) => getComputedStyle(node, part || null).backgroundColor", part
        )
        assert colour not in (paper, "rgba(0, 0, 0, 0)"), selector


def test_where_motion_is_reduced_nothing_fades(window: Callable[..., Page], edge: str) -> None:
    page = window(reduced_motion="reduce")
    READ[1].open(page, edge)
    moving = page.evaluate(
        "[...document.querySelectorAll('*')].filter((node) => "
        "parseFloat(getComputedStyle(node).transitionDuration) > 0).length"
    )
    assert moving == 0


def test_titles_tell_pages_apart_and_headings_leave_no_level_out(edge_site: Path) -> None:
    titles: dict[str, Path] = {}
    for file in sorted(edge_site.rglob("*.html")):
        page = html.parse(str(file)).getroot()
        title = page.findtext(".//title")
        assert title not in titles, f"{file} and {titles.get(title)} are both called {title}"
        titles[title] = file
        assert page.get("lang"), file
        levels = [int(heading.tag[1]) for heading in page.xpath("//h1|//h2|//h3|//h4|//h5|//h6")]
        assert levels.count(1) == 1, file
        assert all(after <= before + 1 for before, after in pairwise(levels)), file


def test_an_empty_archive_says_so_wherever_something_is_missing(
    window: Callable[..., Page], empty: str
) -> None:
    page = window()
    for path in ("", "days/", "categories/", "tags/"):
        page.goto(empty + path)
        expect(page.locator("#content")).to_contain_text("The archive is empty")


def test_a_day_of_one_paper_has_no_filter_and_no_abstract_is_said(
    window: Callable[..., Page], edge: str
) -> None:
    page = window()
    next(view for view in VIEWS if view.name == "day of one").open(page, edge)
    expect(page.locator(".filter")).to_have_count(0)
    expect(page.locator(".day > ol")).to_contain_text("arXiv's feed gave no abstract.")
