"""What readers do every morning, in real Chromium: by keyboard, with marks that stay."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, BrowserContext, Download, Locator, Page, expect

from tests.bibtex import bibtex_entries
from tests.chromium import press, ready, too_wide, wait_until, watching

pytestmark = pytest.mark.browser

DAY = "days/2026-02-05/"
KERNEL, SPARSE = "papers/2602.90003/", "papers/math/0309136/"
SENTENCE = (
    "A single head of attention over $n$ tokens is shown to need only $O(n \\log n)$ *steps*."
)


@pytest.fixture
def page(window: Callable[..., Page], served: str) -> Iterator[Page]:
    """A page on which nothing may go wrong: no error, no dialog, no request to another host."""
    page = window()
    with watching(page, served, "blob:") as wrong:
        yield page
    assert wrong == []


def title(page: Page, text: str) -> Locator:
    return page.locator("#content").get_by_role("link", name=text)


def kernel(page: Page) -> Locator:
    """The title of the first paper of the day."""
    return title(page, "An LLM kernel")


def sparse(page: Page) -> Locator:
    """The title of the second and last paper of the day."""
    return title(page, "Sparse attention <b>before")


# By keyboard


@pytest.mark.parametrize("path", ["", DAY])
def test_j_and_k_go_from_paper_to_paper(page: Page, served: str, path: str) -> None:
    ready(page, served + path)
    for key, there in zip("jjjkk", (kernel, sparse, sparse, kernel, kernel), strict=True):
        page.keyboard.press(key)
        expect(there(page)).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(served + KERNEL)


@pytest.mark.parametrize(
    ("path", "keys", "there"),
    [
        # In lists, where papers open themselves.
        ("categories/cs.LG/", "jo", KERNEL),
        ("categories/cs.LG/", "jjo", SPARSE),
        ("tags/llm/", "jo", KERNEL),
        ("tags/llm/", "jjo", SPARSE),
        # A paper without a summary.
        (DAY, "jo", KERNEL),
        # A paper's neighbours.
        (KERNEL, "kj", SPARSE),
        (SPARSE, "jk", KERNEL),
    ],
)
def test_keys_lead_to_a_paper(page: Page, served: str, path: str, keys: str, there: str) -> None:
    ready(page, served + path)
    press(page, *keys)
    page.wait_for_url(served + there)


def test_the_paper_under_the_keys_is_seen(window: Callable[..., Page], served: str) -> None:
    page = window(width=390, height=420)
    ready(page, served)
    press(page, "j", "j")
    expect(sparse(page)).to_be_focused()
    expect(sparse(page)).to_be_in_viewport(ratio=1)
    card = page.locator(".latest > ol > li").nth(1)
    assert "rgb(184, 64, 47)" in card.evaluate("card => getComputedStyle(card).boxShadow")


def test_where_motion_is_reduced_nothing_glides(browser: Browser, served: str) -> None:
    for motion, behaviour in (("reduce", "instant"), ("no-preference", "smooth")):
        context = browser.new_context(reduced_motion=motion)  # type: ignore[arg-type]
        page = context.new_page()
        page.add_init_script(
            "window.how = []; Element.prototype.scrollIntoView = function (options) "
            "{ window.how.push(options.behavior); };"
        )
        ready(page, served + DAY)
        page.keyboard.press("j")
        assert page.evaluate("window.how") == [behaviour]
        context.close()


def test_o_opens_and_closes_a_summary(page: Page, served: str) -> None:
    ready(page, served + DAY)
    page.keyboard.press("o")
    expect(page.locator(".opened")).to_have_count(0)
    press(page, *"jjo")
    expect(page.locator(".opened")).to_be_visible()
    page.keyboard.press("o")
    expect(page.locator(".opened")).to_be_hidden()
    expect(sparse(page)).to_be_focused()


def test_a_card_that_the_filter_hides_is_passed_over(page: Page, served: str) -> None:
    ready(page, served + DAY)
    page.get_by_role("button", name="math.GT 1").click()
    for key in "jk":
        page.keyboard.press(key)
        expect(sparse(page)).to_be_focused()


def test_keys_mean_letters_while_writing_and_nothing_with_a_modifier(
    page: Page, served: str
) -> None:
    ready(page, served + DAY)
    press(page, "Control+j", "Alt+j", "Meta+j", "Shift+J")
    expect(page.locator("#content a:focus")).to_have_count(0)
    page.keyboard.press("/")
    page.keyboard.type("josk?")
    expect(page.locator("#search")).to_have_value("josk?")
    expect(page.locator("dialog")).to_have_count(0)


def test_the_help_opens_closes_and_gives_the_focus_back(page: Page, served: str) -> None:
    ready(page, served + DAY)
    press(page, "j", "?")
    help_dialog = page.get_by_role("dialog", name="Keys")
    expect(help_dialog).to_be_visible()
    for key in "jkos/?":
        expect(help_dialog.locator("kbd", has_text=key).first).to_be_visible()
    # The page below does not move on.
    press(page, "j", "/", "Escape")
    expect(help_dialog).to_be_hidden()
    expect(kernel(page)).to_be_focused()
    page.locator(".colophon__keys").click()
    expect(help_dialog).to_be_visible()
    help_dialog.get_by_role("button", name="Close").click()
    expect(help_dialog).to_be_hidden()


def test_single_keys_can_be_turned_off(page: Page, served: str) -> None:
    ready(page, served + DAY)
    page.keyboard.press("?")
    page.get_by_label("React to single keys").uncheck()
    page.keyboard.press("Escape")
    for path in (DAY, KERNEL):
        ready(page, served + path)
        press(page, *"js/?")
        expect(page.locator("body")).to_be_focused()
        expect(page.locator("dialog")).to_have_count(0)
        assert page.url == served + path
    page.keyboard.press("Control+k")
    expect(page.locator("#search")).to_be_focused()


# Marks


def marks(page: Page) -> dict[str, Any]:
    """What the browser keeps."""
    kept = page.evaluate("localStorage.getItem('/.marks')")
    return json.loads(kept) if kept else {"read": [], "saved": {}}


def store(page: Page, served: str, name: str, value: str) -> None:
    """Have the browser keep something before a page that reads it is opened."""
    page.goto(served + "about/")
    page.evaluate("([name, value]) => localStorage.setItem(name, value)", [f"/.{name}", value])


def kept_of(page: Page, number: str, fact: str = "day") -> dict[str, Any]:
    """What the browser keeps of a saved paper, once it has this fact of it."""
    wait_until(page, f"JSON.parse(localStorage['/.marks']).saved['{number}'].{fact}")
    kept: dict[str, Any] = marks(page)["saved"][number]
    return kept


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=re.compile(f"^Saved?: {name}"))


def test_s_saves_under_the_keys_and_searches_elsewhere(page: Page, served: str) -> None:
    ready(page, served + DAY)
    press(page, "j", "s")
    expect(button(page, "An LLM kernel")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".notice")).to_have_text("Saved: An LLM kernel")
    expect(page.locator("#search")).not_to_be_focused()
    page.keyboard.press("s")
    expect(button(page, "An LLM kernel")).to_have_attribute("aria-pressed", "false")
    expect(page.locator(".notice")).to_have_text("Removed from the saved papers: An LLM kernel")
    page.locator("h1").click()
    page.keyboard.press("s")
    expect(page.locator("#search")).to_be_focused()


def test_marks_survive_a_reload_and_stand_on_every_page(page: Page, served: str) -> None:
    ready(page, served + DAY)
    button(page, "Sparse attention").click()
    press(page, *"jko")
    page.wait_for_url(served + KERNEL)
    expect(button(page, "An LLM kernel")).to_be_visible()
    page.go_back()
    expect(page.locator(".day > ol > li").first).to_have_class("read")
    for path in ("", DAY):
        ready(page, served + path)
        expect(button(page, "Sparse attention")).to_have_attribute("aria-pressed", "true")
        expect(page.locator("ol > li.read h2")).to_have_text("An LLM kernel")
    ready(page, served + "categories/cs.LG/")
    expect(page.locator("li.saved")).to_contain_text("Sparse attention")
    expect(page.locator("li.read")).to_contain_text("An LLM kernel")
    ready(page, served + SPARSE)
    expect(button(page, "Sparse attention")).to_have_text("Saved")
    page.keyboard.press("s")
    expect(button(page, "Sparse attention")).to_have_text("Save")
    assert marks(page)["saved"] == {}


def test_an_opened_summary_is_read(page: Page, served: str) -> None:
    ready(page, served + DAY)
    expect(page.locator("ol > li.read")).to_have_count(0)
    page.get_by_role("button", name="AI summary").click()
    expect(page.locator("ol > li.read h2")).to_contain_text("Sparse attention")
    assert marks(page)["read"] == ["math/0309136"]


@pytest.mark.parametrize("path", ["", DAY, "categories/math.GT/", SPARSE])
def test_what_is_kept_of_a_paper_is_whole_wherever_it_is_saved(
    page: Page, served: str, path: str
) -> None:
    ready(page, served + path)
    if path != SPARSE:
        press(page, "j", "j")
    page.keyboard.press("s")
    kept = kept_of(page, "math/0309136")
    assert kept.pop("saved").startswith("20")
    assert kept.pop("bibtex").startswith("@misc{arXiv:math/0309136,")
    assert kept.pop("ris").startswith("TY  - UNPB\nTI  - Sparse attention <b>before</b> its time")
    assert kept == {
        "title": "Sparse attention <b>before</b> its time, or: what Schrödinger's LLM saw",
        "authors": [f"Author {n}" for n in range(1, 61)],
        "category": "math.GT",
        "day": "2026-02-05",
        "sentence": SENTENCE,
        "language": "en",
    }


def test_a_paper_is_saved_even_if_its_facts_cannot_be_had(
    context: BrowserContext, served: str
) -> None:
    page = context.new_page()
    ready(page, served + DAY)
    context.set_offline(True)
    button(page, "An LLM kernel").click()
    expect(page.locator(".notice")).to_have_text("Saved: An LLM kernel")
    assert marks(page)["saved"]["2602.90003"]["title"] == "An LLM kernel"


def test_affiliations_are_no_authors(page: Page, served: str) -> None:
    ready(page, served + "papers/2602.90001/")
    authors = page.locator("article > p").first.inner_text()
    page.keyboard.press("s")
    kept = kept_of(page, "2602.90001")
    assert kept["authors"] == re.sub(r" \(.*?\)", "", authors).split(", ")
    assert kept["title"] == "A2-Sample, revised"


def test_another_tabs_changes_arrive(page: Page, served: str) -> None:
    ready(page, served + DAY)
    other = page.context.new_page()
    ready(other, served + DAY)
    button(other, "An LLM kernel").click()
    expect(button(page, "An LLM kernel")).to_have_attribute("aria-pressed", "true")
    # Its facts follow from the paper's page: browsers promise nothing where two tabs write at once.
    kept_of(page, "2602.90003")
    button(page, "Sparse attention").click()
    expect(button(other, "Sparse attention")).to_have_attribute("aria-pressed", "true")
    other.evaluate("localStorage.clear()")
    expect(button(page, "An LLM kernel")).to_have_attribute("aria-pressed", "false")
    other.close()


_BLOCKED = (
    "Object.defineProperty(window, 'localStorage', "
    "{ get() { throw new DOMException('no', 'SecurityError'); } });"
)
_FULL = (
    "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };"
)


def test_two_tabs_that_save_together_lose_nothing(page: Page, served: str) -> None:
    """The other tab writes what it knew before this one saved."""
    other = page.context.new_page()
    ready(page, served + DAY)
    ready(other, served + "about/")
    stale = json.dumps({"daybook": "marks", "saved": {"2602.90001": paper("Theirs")}})
    press(page, "j", "s")
    other.evaluate("stale => localStorage.setItem('/.marks', stale)", stale)
    wait_until(page, "localStorage['/.marks'].includes('90001')")
    wait_until(page, "localStorage['/.marks'].includes('90003')")
    assert set(marks(page)["saved"]) == {"2602.90001", "2602.90003"}
    # What it changes for good stays changed, from a moment after the last change of this one on.
    kept_of(page, "2602.90003")
    page.evaluate("const now = Date.now; Date.now = () => now() + 3_100")
    other.evaluate("localStorage.setItem('/.marks', '{}')")
    expect(page.locator("li.saved")).to_have_count(0)
    assert page.evaluate("localStorage['/.marks']") == "{}"
    other.close()


@pytest.mark.parametrize(("script", "said"), [(_BLOCKED, "does not let"), (_FULL, "is full")])
def test_where_nothing_can_be_stored_it_is_said_and_all_else_works(
    context: BrowserContext, served: str, script: str, said: str
) -> None:
    page = context.new_page()
    page.add_init_script(script)
    errors: list[str] = []
    # Material's own scripts look into localStorage as well, and complain.
    page.on("pageerror", lambda e: errors.append(str(e)) if "reading" in str(e.stack) else None)
    for path in (DAY, SPARSE):
        ready(page, served + path)
        button(page, "Sparse attention").click()
        expect(page.locator(".notice--problem")).to_contain_text(said)
        expect(button(page, "Sparse attention")).to_have_attribute("aria-pressed", "false")
    ready(page, served + DAY)
    press(page, *"jjo")
    expect(page.locator(".opened")).to_be_visible()
    assert errors == []


def test_broken_marks_break_nothing(page: Page, served: str) -> None:
    page.goto(served + "about/")
    for stored in (
        "no JSON",
        "null",
        "[]",
        '{"read": 5, "saved": 7}',
        '{"read": [{}], "saved": {"x": null}}',
        '{"saved": {"2602.90003": {"title": ["a"], "authors": {"length": 9}}}}',
    ):
        page.evaluate("stored => localStorage.setItem('/.marks', stored)", stored)
        ready(page, served + DAY)
        button(page, "An LLM kernel").click()
        expect(button(page, "An LLM kernel")).to_have_attribute("aria-pressed", "true")
        kept_of(page, "2602.90003")  # nothing more is written
        assert list(marks(page)["saved"]) == ["2602.90003"], stored


def test_a_finger_saves_on_a_phone_and_nothing_moves(phone: Page, served: str) -> None:
    with phone.add_init_script(
        "window.shift = 0; new PerformanceObserver((list) => list.getEntries().forEach((entry) =>"
        " { if (!entry.hadRecentInput) window.shift += entry.value; }))"
        ".observe({ type: 'layout-shift', buffered: true });"
    ):
        for path in ("", SPARSE):
            ready(phone, served + path)
            save = button(phone, "Sparse attention")
            save.tap()
            expect(save).to_have_attribute("aria-pressed", str(path == "").lower())
            box = save.bounding_box()
            assert box is not None
            assert box["height"] >= 32
            assert too_wide(phone) <= 0
        ready(phone, served + DAY)
        assert phone.evaluate("window.shift") < 0.1


def test_the_scripts_of_a_day_page_stay_small(page: Page, served: str) -> None:
    sizes: dict[str, int] = {}
    page.on(
        "response",
        lambda answer: (
            sizes.update({answer.url: len(gzip.compress(answer.body()))})
            if "/reading/" in answer.url
            else None
        ),
    )
    ready(page, served + DAY)
    page.wait_for_load_state("networkidle")
    assert sizes
    assert sum(sizes.values()) < 9.75 * 1024


# The page of saved papers


def keep(page: Page, served: str, saved: dict[str, Any], read: tuple[str, ...] = ()) -> None:
    """Store marks as if they had been made, and open the page of saved papers.

    Facts that are whole stay as they are: nothing of them is asked for again.
    """
    for number, facts in saved.items():
        if "authors" in facts:
            facts.setdefault("bibtex", f"@misc{{arXiv:{number},\n  year = {{2026}}\n}}")
            address = f"https://arxiv.org/abs/{number}"
            record = f"TY  - UNPB\nM1  - arXiv:{number}\nUR  - {address}\nER  - \n"
            facts.setdefault("ris", record)
            facts.setdefault("sentence", "")
    store(page, served, "marks", json.dumps({"read": read, "saved": saved}))
    ready(page, served + "saved/")
    expect(page.locator("#saved-count")).to_contain_text("saved")


def exported(page: Page, form: str) -> Download:
    """The file of the chosen papers' entries."""
    with page.expect_download() as download:
        page.locator(f"[data-format={form}][data-to=file]").click()
    return download.value


def paper(title: str, *authors: str, **facts: str) -> dict[str, Any]:
    return {"title": title, "authors": authors, "category": "cs.LG", "day": "2026-02-05", **facts}


def test_saved_papers_are_listed_newest_first_and_removed(page: Page, served: str) -> None:
    ready(page, served + "saved/")
    expect(page.locator("#saved-count")).to_contain_text("Nothing saved yet")
    expect(page.locator("#cite")).to_be_hidden()
    ready(page, served + DAY)
    button(page, "An LLM kernel").click()
    button(page, "Sparse attention").click()
    page.locator(".masthead__saved").click()
    items = page.locator("#saved-list > li")
    expect(items).to_have_count(2)
    expect(items.first).to_contain_text("Sparse attention <b>before</b> its time")
    expect(items.first).to_contain_text("Author 4, and 56 more · math.GT · 5 February 2026")
    expect(items.first.locator("[lang=en]")).to_have_text(SENTENCE)
    page.get_by_role("button", name="Remove Sparse attention").press("Enter")
    expect(items).to_have_count(1)
    expect(page.locator(".notice")).to_contain_text("Removed from the saved papers: Sparse")
    expect(page.get_by_role("button", name="Remove An LLM kernel")).to_be_focused()
    page.get_by_role("link", name="An LLM kernel").click()
    page.wait_for_url(served + KERNEL)


def test_without_javascript_the_page_says_what_it_needs(scriptless: Page, served: str) -> None:
    scriptless.goto(served + "saved/")
    expect(scriptless.get_by_text("which needs JavaScript")).to_be_visible()
    expect(scriptless.locator("#saved-app")).to_be_hidden()


def test_bibtex_of_saved_papers_is_that_of_their_pages(
    context: BrowserContext, served: str
) -> None:
    page = context.new_page()
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    boxes = []
    for path in (KERNEL, SPARSE):
        ready(page, served + path)
        page.keyboard.press("s")
        page.get_by_role("button", name="Cite").click()
        page.get_by_role("button", name="Copy").click()
        expect(page.get_by_role("button", name="Copied")).to_be_focused()
        boxes.append(page.evaluate("navigator.clipboard.readText()"))
    assert boxes[1].startswith("@misc{arXiv:math/0309136,\n  title = {")
    ready(page, served + "saved/")
    page.locator("[data-format=bibtex][data-to=clipboard]").click()
    expect(page.locator(".notice")).to_have_text("BibTeX of 2 papers copied")
    assert page.evaluate("navigator.clipboard.readText()") == f"{boxes[1]}\n\n{boxes[0]}\n"


def test_a_paper_without_a_page_is_cited_by_its_id(page: Page, served: str) -> None:
    evil = "@misc{arXiv:2602.95555,\n}\n@misc{evil,\n}"
    keep(page, served, {"2602.95555": paper("Gone } @misc{x", "Nobody", bibtex=evil)})
    assert exported(page, "bibtex").path().read_text() == (
        "@misc{arXiv:2602.95555,\n  year = {2026},\n  eprint = {2602.95555},\n"
        "  archivePrefix = {arXiv},\n  url = {https://arxiv.org/abs/2602.95555}\n}\n"
    )


def test_ris_of_saved_papers_is_that_of_the_archive(
    page: Page, served: str, golden_site: Path
) -> None:
    for path in (KERNEL, SPARSE):
        ready(page, served + path)
        page.keyboard.press("s")
        kept_of(page, path[7:-1], "ris")
    ready(page, served + "saved/")
    whole = (golden_site / "bib" / "2026.ris").read_text()
    records = [f"TY  - {record}" for record in whole.split("TY  - ")[1:]]
    sparse, kernel = (
        next(record for record in records if f"M1  - arXiv:{path[7:-1]}\n" in record).strip("\n")
        for path in (SPARSE, KERNEL)
    )
    assert exported(page, "ris").path().read_text() == f"{sparse}\n\n{kernel}\n"


def test_ris_of_a_paper_without_a_document_has_what_was_kept_in_lines(
    page: Page, served: str
) -> None:
    lines = paper("Two\nER  - \nTY  - lines", "Ana Muster", "Bo\nSample")
    evil = "TY  - UNPB\nM1  - arXiv:2602.95555\nER  - \nTY  - UNPB\nER  - \n"
    other = "TY  - UNPB\nM1  - arXiv:2602.95556\nER  - \n"
    keep(
        page,
        served,
        {
            "2602.95555": {**lines, "ris": evil},
            "2602.95557": {**paper("Gone"), "ris": other},
            "2602.90002": paper("Not chosen", "Nobody"),
        },
    )
    page.get_by_label("Choose Not chosen").uncheck()
    expect(page.locator("#saved-count")).to_have_text("3 papers saved, 2 chosen.")
    file = exported(page, "ris")
    assert file.suggested_filename == "saved-papers.ris"
    assert file.path().read_bytes().decode() == (
        "TY  - UNPB\nTI  - Gone\nPY  - 2026\nM1  - arXiv:2602.95557\n"
        "UR  - https://arxiv.org/abs/2602.95557\nER  - \n\n"
        "TY  - UNPB\nTI  - Two ER - TY - lines\nAU  - Ana Muster\nAU  - Bo Sample\n"
        "PY  - 2026\nM1  - arXiv:2602.95555\nUR  - https://arxiv.org/abs/2602.95555\nER  - \n"
    )
    page.locator("#all").check()
    expect(page.get_by_label("Choose Not chosen")).to_be_checked()


def test_what_a_saved_paper_lacks_is_fetched(page: Page, served: str) -> None:
    """It could not be had then, or has names for RIS in the place of a record: an old version."""
    keep(page, served, {"math/0309136": {"title": "Only a title"}})
    expect(page.locator("#saved-list > li")).to_contain_text("Author 1, Author 2")
    old = paper("An old title", "Ada Sample", bibtex="@misc{arXiv:math/0309136,\n}")
    keep(page, served, {"math/0309136": {**old, "cited": ["Sample, Ada"], "ris": ""}})
    kept = kept_of(page, "math/0309136", "ris")
    assert kept["title"] == "An old title"
    assert "cited" not in kept
    assert kept["authors"][0] == "Author 1"
    before_sentences = {name: kept[name] for name in kept if name not in ("sentence", "language")}
    keep(page, served, {"math/0309136": {**before_sentences, "sentence": None}})
    expect(page.locator("#saved-list [lang=en]")).to_have_text(SENTENCE)


def test_an_export_comes_back_in_another_browser(
    context: BrowserContext, page: Page, served: str
) -> None:
    keep(page, served, {"2602.90001": paper("Mine", "Ana Muster")}, ("2602.90003",))
    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()
    other = context.new_page()
    keep(other, served, {"2602.90002": paper("Other", "Bo Sample")}, ("2602.90001",))
    other.locator("#import").set_input_files(download.value.path())
    expect(other.locator(".notice")).to_have_text(
        "Imported 1 paper to the saved ones, and 1 read mark."
    )
    expect(other.locator("#saved-list h2")).to_have_text(["Mine", "Other"])
    assert sorted(marks(other)["read"]) == ["2602.90001", "2602.90003"]


def test_an_import_is_not_trusted(page: Page, served: str, tmp_path: Path) -> None:
    keep(page, served, {"2602.90001": paper("Mine", "Ana Muster")})
    hostile = {
        "daybook": "marks",
        "read": ["2602.90003", "../../etc", 7, None, {"a": 1}, "<b>", "2602.90003"],
        "saved": {
            "2602.90001": paper("Not mine"),
            "2602.90003": paper(
                "<img src=x onerror=alert(1)>\u202e\u0000" + "long " * 1000,
                "<script>alert(2)</script>",
                category="javascript:alert(3)",
                day="<b>",
            ),
            "../evil": paper("Path"),
            "javascript:alert(4)": paper("Address"),
            "__proto__": paper("Prototype"),
            "2602.90004": {"title": {"toString": "x"}, "authors": "text"},
            "2602.90005": None,
            "2602.90006": {"title": "Types", "authors": [1, None, ["x"], "Real"], "day": 5},
        },
    }
    give(page, tmp_path, json.dumps(hostile))
    expect(page.locator(".notice")).to_have_text(
        "Imported 2 papers to the saved ones, and 1 read mark."
    )
    expect(page.locator("#saved-list > li")).to_have_count(3)
    expect(page.locator("#saved-list :is(img, script, b)")).to_have_count(0)
    kept = marks(page)["saved"]
    assert kept["2602.90001"]["title"] == "Mine"
    assert kept["2602.90003"]["title"].startswith("<img src=x onerror=alert(1)> long long")
    assert len(kept["2602.90003"]["title"]) <= 600
    assert kept["2602.90006"]["authors"] == ["Real"]
    assert kept["2602.90006"]["day"] == ""


def test_what_is_no_export_changes_nothing(page: Page, served: str, tmp_path: Path) -> None:
    keep(page, served, {"2602.90001": paper("Mine", "Ana Muster")})
    before = marks(page)
    # No two of one answer follow each other.
    for text, why in (
        ("[]", "no export"),
        ("", "is no JSON"),
        ("null", "no export"),
        (" " * 8_000_001, "too large"),
        ('{"saved": {}}', "no export"),
    ):
        give(page, tmp_path, text)
        expect(page.locator(".notice--problem")).to_contain_text(why)
        assert marks(page) == before


def test_a_huge_import_is_cut(page: Page, served: str, tmp_path: Path) -> None:
    ready(page, served + "saved/")
    expect(page.locator("#saved-count")).to_contain_text("Nothing saved yet")
    saved = {f"2602.{number:05}": paper(f"Paper {number}") for number in range(2500)}
    give(page, tmp_path, json.dumps({"daybook": "marks", "saved": saved}))
    expect(page.locator("#saved-count")).to_have_text("2,000 papers saved.")


def give(page: Page, folder: Path, text: str) -> None:
    """Choose a file with this text for the import."""
    file = folder / "marks.json"
    file.write_text(text)
    page.locator("#import").set_input_files(file)


def test_the_saved_page_fits_a_phone(window: Callable[..., Page], served: str) -> None:
    page = window(width=390, height=844)
    long = "Unbreakable" * 30
    keep(page, served, {"2602.90001": paper(long, long), "2602.90002": paper("Short", "Bo")})
    expect(page.locator("#saved-list > li")).to_have_count(2)
    for scheme in ("light", "dark"):
        window(width=390, height=844, color_scheme=scheme)
        assert too_wide(page) <= 0, scheme


# Since the last visit


def came_back(page: Page, served: str, visit: str) -> None:
    """Open the first page as somebody whose last visit is stored so."""
    store(page, served, "visit", visit)
    ready(page, served)


def test_the_first_visit_says_nothing_and_the_next_one_what_is_new(page: Page, served: str) -> None:
    ready(page, served)
    expect(page.locator("#visit")).to_have_text("")
    ready(page, served)
    expect(page.locator("#visit")).to_have_text("")
    page.evaluate("sessionStorage.clear()")
    came_back(page, served, '{"on": "2026-02-04", "seen": "2026-02-04"}')
    line = page.locator("#visit a")
    expect(line).to_have_text("2 new papers since 4 February")
    # It stays while the reader goes to and fro.
    ready(page, served)
    line.click()
    page.wait_for_url(served + "unread/?after=2026-02-04")
    ready(page, served)
    page.get_by_role("button", name="Dismiss what is new").click()
    for _ in range(2):
        expect(page.locator("#visit")).to_have_text("")
        ready(page, served)


def test_an_old_visit_is_answered_with_all_known_days(page: Page, served: str) -> None:
    came_back(page, served, '{"on": "2025-03-01", "seen": "2025-02-28"}')
    expect(page.locator("#visit a")).to_have_text("4+ new papers since 1 March 2025")


@pytest.mark.parametrize("stored", ["{", "7", '{"on": "<b>", "seen": 4}', '{"on": "2026-99-99"}'])
def test_a_broken_visit_says_nothing(page: Page, served: str, stored: str) -> None:
    came_back(page, served, stored)
    expect(page.locator("#visit")).to_have_text("")


@pytest.mark.parametrize("width", [390, 1440])
def test_the_line_of_the_last_visit_moves_nothing(
    window: Callable[..., Page], served: str, width: int
) -> None:
    page = window(width=width, height=900)
    ready(page, served)
    before = page.locator("h1").bounding_box()
    page.evaluate("sessionStorage.clear()")
    came_back(page, served, '{"on": "2025-11-30", "seen": "2025-11-28"}')
    expect(page.locator("#visit a")).to_be_visible()
    assert page.locator("h1").bounding_box() == before
    assert too_wide(page) <= 0


# On paper


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_paper_is_printed_black_on_white_and_whole(
    window: Callable[..., Page], served: str, scheme: str
) -> None:
    page = window(color_scheme=scheme)
    ready(page, served + SPARSE)
    page.emulate_media(media="print", color_scheme=scheme)  # type: ignore[arg-type]
    for part in (".masthead", ".colophon", ".neighbours", ".contents", ".save", ".notice"):
        expect(page.locator(part)).to_be_hidden()
    for part in ("h1", "#abstract", "section.summary[lang=en]"):
        expect(page.locator(part)).to_be_visible()
    # Of several languages the chosen one.
    expect(page.locator("section.summary[lang=zh]")).to_be_hidden()
    for name, colour in (("backgroundColor", "rgb(255, 255, 255)"), ("color", "rgb(0, 0, 0)")):
        assert page.evaluate(f"getComputedStyle(document.body).{name}") == colour
    expect(page.locator(".paper > ul")).to_be_hidden()
    expect(page.locator(".paper > p a").first).to_have_css("color", "rgb(0, 0, 0)")
    link = page.locator('a[href="https://arxiv.org/abs/math/0309136v3"]')
    shown = link.evaluate("link => getComputedStyle(link, '::after').content")
    assert "https://arxiv.org/abs/math/0309136v3" in shown or "attr(href)" in shown
    details, facts, cite = page.locator(".paper > details").all()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(details).to_have_attribute("open", "")
    expect(facts).to_have_attribute("open", "")
    expect(page.get_by_text("Author 60")).to_be_visible()
    expect(cite).to_be_hidden()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(details).not_to_have_attribute("open", "")
    assert page.pdf().startswith(b"%PDF")


# What others left in the browser's storage, or in a file


HOSTILE_ENTRIES = (
    '{start}  title = {{x}} @preamble{{"y"}}\n}}',
    '{start}  title = {{x}},\n}} @preamble{{"y"\n}}',
    '{start}  title = {{x}}\n}}\n\n@string{{a = "b"\n}}',
    "{start}  title = {{x\\}} @comment{{\n}}",
    "{start}  title = {{x\\}}}}, note = {{\n}}",
    "{start}  title = {{x}}\u2028@preamble{{y}}\n}}",
    "{start}  title = {{x}}\r@preamble{{y}}\n}}",
    "{start}  crossref = {{arXiv:2602.90001}}\n}}",
    "{start}  title = {{x}} # {{y}}\n}}",
    '{start}  title = "x"\n}}',
    "{start}}}\n}}",
    "{start}\n}}",
)


def test_an_imported_entry_is_one_entry_and_no_more(
    page: Page, served: str, tmp_path: Path
) -> None:
    """Papers without a page in the archive, which would be asked for its own entry."""
    page.route("**/api/v1/papers/2601.*", lambda route: route.fulfill(status=200, body="{}"))
    ready(page, served + "saved/")
    saved = {}
    for number, hostile in enumerate(HOSTILE_ENTRIES):
        identifier = f"2601.8{number:04}"
        entry = hostile.format(start=f"@misc{{arXiv:{identifier},\n")
        saved[identifier] = {**paper("Mine"), "bibtex": entry}
    give(page, tmp_path, json.dumps({"daybook": "marks", "saved": saved}))
    expect(page.locator("#saved-list > li")).to_have_count(len(saved))
    content = Path(exported(page, "bibtex").path()).read_text()
    assert content.count("@") == content.count("@misc{arXiv:2601.8") == len(saved)
    assert content.count("eprint = {2601.8") == len(saved)


_PIECES = st.sampled_from(
    [*'{}@%#\\"\n,= ', "  title = {", "},\n", "@preamble{", "\u2028", "a", "ER  - \n", "AU  - x\n"]
)
_ENTRY = st.lists(_PIECES, max_size=12).map(
    lambda parts: "@misc{arXiv:2602.90001,\n  title = {" + "".join(parts) + "}\n}"
)
_RECORD = st.lists(_PIECES, max_size=6).map(
    lambda parts: (
        f"TY  - UNPB\nTI  - {''.join(parts)}\nM1  - arXiv:2602.90001\n"
        "UR  - https://arxiv.org/abs/2602.90001\nER  - \n"
    )
)
_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | _ENTRY | _RECORD,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
_OTHER = ("category", "day", "saved", "sentence", "language", "__proto__", "constructor")
_SAVED = st.fixed_dictionaries(
    {},
    optional={
        "title": st.just("T") | _ANYTHING,
        "authors": st.lists(_ANYTHING, max_size=3) | _ANYTHING,
        "bibtex": _ENTRY | _ANYTHING,
        "ris": _RECORD | _ANYTHING,
        **dict.fromkeys(_OTHER, _ANYTHING),
    },
)
_IDS = st.sampled_from(["2602.90001", "math/0309136", "__proto__", "toString", "../x", ""])
_MARKS = _ANYTHING | st.fixed_dictionaries(
    {},
    optional={
        "daybook": st.just("marks"),
        "read": st.lists(_IDS | _ANYTHING, max_size=4) | _ANYTHING,
        "saved": st.dictionaries(_IDS | st.text(), _SAVED | _ANYTHING, max_size=3) | _ANYTHING,
    },
)
_CLEANED = """async (files) => {
  const { asJson, clean } = await import("/assets/reading/marks.js");
  return files.map((file) => {
    const once = JSON.stringify(asJson(clean(JSON.parse(file))));
    const twice = JSON.stringify(asJson(clean(JSON.parse(once))));
    return once === twice ? once : `not the same again: ${once} ${twice}`;
  });
}"""


def test_any_file_of_marks_is_read_as_marks(page: Page, served: str) -> None:
    files: list[str] = []

    @given(_MARKS)
    @settings(max_examples=300)
    def collect(value: Any) -> None:
        files.append(json.dumps(value))

    collect()
    ready(page, served + "about/")
    for text in page.evaluate(_CLEANED, files):
        found = json.loads(text)
        assert set(found) == {"daybook", "version", "read", "saved"}
        assert {*found["read"], *found["saved"]} <= {"2602.90001", "math/0309136"}
        for one in found["saved"].values():
            entry, record = one["bibtex"], one["ris"]
            assert not entry or len(bibtex_entries(entry)) == 1
            inner = entry.removeprefix("@misc{").removesuffix("}")
            assert inner.count("{") == inner.count("}")
            assert record.count("ER  - ") == record.count("\nER  - ") <= 1
            assert isinstance(one["title"], str)
            assert one["title"]


def test_sites_of_one_owner_choose_their_languages_alone(page: Page, served: str) -> None:
    """The choice of all sites, from before they had keys of their own, is still known."""
    page.goto(served + "about/")
    page.evaluate("localStorage.setItem('daybook.language', 'zh')")
    page.goto(served + SPARSE)
    expect(page.locator(".version:visible")).to_have_attribute("data-language", "zh")
    page.get_by_role("button", name="English").click()
    assert page.evaluate("localStorage['/.language']") == "en"
    assert page.evaluate("localStorage['daybook.language']") == "zh"


FOREIGN = (
    "null",
    "7",
    '"x"',
    "[]",
    "{}",
    "[[]]",
    "{",
    "\x00",
    '{"on": ["2026-01-01"], "seen": {}}',
)
FOREIGN += ('{"read": {"length": 1e9}, "saved": []}', '{"saved": {"__proto__": {"title": "x"}}}')
FOREIGN += ("[" * 9_999, '{"on": "2026-99-99", "seen": "2026-99-99"}', "<b>x</b>", "constructor")


@pytest.mark.parametrize("path", ["", "saved/", SPARSE])
def test_whatever_is_stored_breaks_nothing(page: Page, served: str, path: str) -> None:
    page.goto(served + "about/")
    for value in FOREIGN:
        page.evaluate(
            """value => {
              for (const name of ["marks", "visit", "keys", "colours", "language"]) {
                localStorage.setItem(`/.${name}`, value);
                sessionStorage.setItem(`/.${name}`, value);
              }
            }""",
            value,
        )
        ready(page, served + path)
        expect(page.locator(".lamp")).to_be_visible()
