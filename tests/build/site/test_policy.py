"""The pages' Content-Security-Policy: nothing of ours breaks it, and it stops what is not ours."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from generator.build.site.check import check_site
from generator.build.site.policy import FRAMES
from generator.core.progress import silent
from generator.markup.styles import CLASSES
from tests.build.site.test_browser import PAGES
from tests.firefox import Firefox
from tests.projects import PROJECT, run_generator, serving

PAPER = "papers/2602.90001/index.html"
# What test_browser.py does not open, which looks at what the browser says of every page there.
OTHERS = ("search/", "feed.xml", "atom.xml", "feed.json", "feeds.opml", "api/v1/index.json")
# An injected script, a picture and a form that lead elsewhere, an attribute of each kind.
INJECTED = """
<script>document.title = "ran"</script>
<img src="https://evil.example/x.png" onerror="document.title = 'ran'">
<script src="https://evil.example/x.js"></script>
<base href="https://evil.example/"><p id="styled" style="position: fixed">x</p>
<style>#styled { color: red }</style>
<iframe src="https://evil.example/"></iframe>
"""
# What the browser says of each; the directives that fall back to another are named themselves.
BLOCKED = {
    *("script-src-elem inline", "script-src-elem https://evil.example/x.js"),
    *("img-src https://evil.example/x.png", "style-src-attr inline", "style-src-elem inline"),
    *("base-uri https://evil.example/", "frame-src https://evil.example"),
}
LISTEN = """
addEventListener("securitypolicyviolation", (event) => {
  (globalThis.refused ??= []).push(`${event.effectiveDirective} ${event.blockedURI}`);
});
"""


@pytest.fixture
def attacked(golden_site: Path, tmp_path: Path) -> Path:
    """The golden site, with what must not run in the text of one page."""
    site = shutil.copytree(golden_site, tmp_path / "site")
    page = site / PAPER
    text = page.read_text()
    page.write_text(text.replace("</article>", f"{INJECTED}</article>", 1))
    return site


@pytest.fixture
def listening(context: BrowserContext) -> Page:
    context.add_init_script(LISTEN)
    return context.new_page()


# --- Chromium ---------------------------------------------------------------------------------


@pytest.mark.browser
def test_no_page_breaks_its_own_policy(listening: Page, served: str) -> None:
    said: list[str] = []
    listening.on("console", lambda message: said.append(message.text))  # the browser's own, too
    for path in OTHERS:
        listening.goto(served + path)
        assert listening.evaluate("globalThis.refused ?? []") == [], path
    # The search runs in its worker.
    listening.goto(f"{served}search/?q=sparse")
    expect(listening.locator("#results > li").first).to_be_visible()
    assert listening.evaluate("globalThis.refused ?? []") == []
    assert [message for message in said if "Content Security Policy" in message] == []


@pytest.mark.browser
@pytest.mark.parametrize("header", [True, False])
def test_what_is_injected_is_refused(listening: Page, attacked: Path, header: bool) -> None:
    """By the page's own element alone, too, as on hosts without headers of one's own."""
    asked: list[str] = []
    listening.on("response", lambda answer: asked.append(answer.url))
    listening.on("requestfailed", lambda request: asked.append(f"{request.failure}"))
    with serving(attacked) as address:
        if not header:
            listening.route(address + PAPER, _without_header)
        listening.goto(address + PAPER)
        refused = listening.evaluate("globalThis.refused")
        assert set(refused) >= BLOCKED
        assert "ran" not in listening.title()
        colour = listening.locator("#styled").evaluate("p => getComputedStyle(p).position")
        assert colour == "static"
        assert {url for url in asked if not url.startswith(address)} == {"csp"}


def _without_header(route: object) -> None:
    answer = route.fetch()  # type: ignore[attr-defined]
    headers = {k: v for k, v in answer.headers.items() if k != "content-security-policy"}
    route.fulfill(response=answer, headers=headers)  # type: ignore[attr-defined]


@pytest.mark.browser
@pytest.mark.parametrize(("host", "shown"), [("127.0.0.1", True), ("localhost", False)])
def test_no_other_site_shows_a_page_in_a_frame(
    listening: Page, served: str, host: str, shown: bool
) -> None:
    address = served.replace("127.0.0.1", host) + "frame"
    page = f'<!doctype html><link rel="icon" href="data:,"><iframe src="{served}about/"></iframe>'
    listening.route(address, lambda route: route.fulfill(body=page, content_type="text/html"))
    listening.goto(address)
    assert (listening.frames[1].url == f"{served}about/") == shown


# --- Firefox ----------------------------------------------------------------------------------


@pytest.mark.browser
def test_no_page_breaks_its_policy_in_firefox(firefox: Firefox, served: str) -> None:
    for path in (*PAGES, *OTHERS):
        firefox.open(served + path)
    firefox.open(f"{served}search/?q=sparse")
    firefox.wait_for("document.querySelectorAll('#results > li').length > 0")
    firefox.open(f"{served}days/2026-02-04/")
    firefox.wait_for("document.querySelector('.lamp').title")
    firefox.run("document.querySelector('.lamp').click()")
    firefox.run("document.querySelector('a.opens').click()")
    firefox.wait_for("document.querySelector('.opened math')")
    assert firefox.refused() == []


@pytest.mark.browser
def test_what_is_injected_is_refused_in_firefox(firefox: Firefox, attacked: Path) -> None:
    with serving(attacked) as address:
        firefox.open(address + PAPER)
        assert "ran" not in firefox.run("return document.title")
    assert set(firefox.refused()) >= BLOCKED


# --- Without a browser ------------------------------------------------------------------------


def changed(site: Path, folder: Path, path: str, old: str, new: str) -> list[str]:
    """What the check says of the site, after a change in one page."""
    copy = shutil.copytree(site, folder / "site")
    page = copy / path
    text = page.read_text()
    assert old in text
    page.write_text(text.replace(old, new, 1))
    return check_site(copy, silent)


FAULTS = {
    "has no Content-Security-Policy": ('http-equiv="Content-Security-Policy"', 'name="x"'),
    "lacks the hash of the script 'x()'": ("</main>", "<script>x()</script></main>"),
    "forbids the style attribute": ("</main>", '<p style="color:red">x</p></main>'),
    "lacks default-src 'none'": ("default-src 'none'", "default-src *"),
    "stands behind what it is for": ("<head>", '<head><script src="x.js"></script>'),
}


@pytest.mark.parametrize("says", FAULTS)
def test_a_page_that_breaks_its_policy_is_found(
    golden_site: Path, tmp_path: Path, says: str
) -> None:
    paths = ("index.html", "404.html", PAPER, "tags/llm/index.html")
    site = shutil.copytree(golden_site, tmp_path / "site")
    for path in paths:
        text = (site / path).read_text()
        assert FAULTS[says][0] in text
        (site / path).write_text(text.replace(*FAULTS[says], 1))
    found = check_site(site, silent)
    for path in paths:
        assert any(line.startswith(f"{path}: ") and says in line for line in found), path


def test_a_page_put_in_by_hand_needs_a_policy_only_for_scripts(
    golden_site: Path, tmp_path: Path
) -> None:
    site = shutil.copytree(golden_site, tmp_path / "site")
    (site / "token.html").write_text("site-verification: token.html")
    assert check_site(site, silent) == []
    (site / "token.html").write_text("<title>x</title><script>x()</script>")
    assert check_site(site, silent) == ["token.html: it has no Content-Security-Policy"]


def test_the_hashes_are_those_of_the_template_that_made_the_page(own_golden: Path) -> None:
    """An operator's own script gets its hash; one in a text gets none."""
    template = own_golden / "overrides" / "main.html"
    template.write_text(
        template.read_text().replace("</body>", "<script>own('{{ base_url }}')</script></body>")
    )
    run_generator(own_golden, "build")
    site = own_golden / "site"
    assert check_site(site, silent) == []
    for path in ("index.html", "404.html", PAPER):
        said = re.search('Policy" content="([^"]*)"', (site / path).read_text())
        assert said
        assert said[1].count("'sha256-") == 1


def test_every_class_of_a_style_has_the_rule_of_the_style() -> None:
    sheet = (PROJECT / "site_src" / "assets" / "daybook.css").read_text()
    for declaration, name in CLASSES.items():
        rule = declaration.replace(":", ": ", 1)
        assert re.search(rf"^\.{name} {{ {re.escape(rule)}(?: !important)?; }}$", sheet, re.M), name


def test_a_header_allows_what_the_page_allows(golden_site: Path) -> None:
    """One header stands for all pages, so nginx and Vercel name what each of them carries."""
    carried = {
        re.search('Policy" content="([^"]*)"', path.read_text())[1]  # type: ignore[index]
        for path in golden_site.rglob("*.html")
    }
    (only,) = carried
    wanted = f'"{only}; {FRAMES}"'
    assert wanted in (PROJECT / "deploy" / "nginx.conf").read_text()
    assert wanted in (PROJECT / "vercel.json").read_text()
