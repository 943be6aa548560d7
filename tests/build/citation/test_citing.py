"""Citations, read back by programs that did not write them."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser, expect

from generator.build.citation.citing import bibtex, published, ris, split_name
from generator.build.citation.metadata import AUTHORS_NAMED, citation, head
from generator.core.papers import Paper
from generator.markup.text import plain
from tests.bibtex import bibtex_entries
from tests.builders import make_paper


def paper(
    title: str = "A sample",
    authors: tuple[str, ...] = ("Ana Muster",),
    *,
    identifier: str = "2602.90001",
    day: date = date(2026, 2, 5),
    doi: str | None = None,
    journal_ref: str | None = None,
    category: str = "cs.LG",
) -> Paper:
    return make_paper(
        identifier,
        title=title,
        authors=authors,
        categories=(category,),
        day=day,
        doi=doi,
        journal_ref=journal_ref,
    )


def entry(text: str) -> dict[str, str]:
    (found,) = bibtex_entries(text)
    return found


def test_an_entry_has_what_arxiv_gives() -> None:
    found = bibtex(paper(doi="10.1000/a_b(1)", journal_ref="Phys. Rev. D 1 (2003) & more"))
    assert (
        found
        == """\
@misc{arXiv:2602.90001,
  title = {A sample},
  author = {Muster, Ana},
  year = {2026},
  eprint = {2602.90001},
  archivePrefix = {arXiv},
  primaryClass = {cs.LG},
  url = {https://arxiv.org/abs/2602.90001},
  doi = {10.1000/a_b(1)},
  note = {Published in Phys. Rev. D 1 (2003) \\& more}
}"""
    )


@pytest.mark.parametrize(
    ("title", "written"),
    [
        ("Attention Is All You Need", "Attention Is All You Need"),
        ("Scaling LLMs with GPT-4 Teachers", "Scaling {LLMs} with {GPT-4} Teachers"),
        ("Limits of nets that Bayes made there", "Limits of nets that {Bayes} made there"),
        ("What Schrödinger saw there, again", "What {Schrödinger} saw there, again"),
        (r"An $O(n \log N)$ bound", r"An {$O(n \log N)$} bound"),
        ("A$^2$-Sample", "A{$^2$}-Sample"),
        (r"Sets $\{a\}$", r"Sets {$\lbrace a\rbrace $}"),
        (r"Half $\left\{a\right.$", r"Half {$\left\lbrace a\right.$}"),
        (r"50% of $5 & more_or_less #1", r"50\% of \$5 \& more\_or\_less \#1"),
        ("{x} ~ y^2 \\ z", r"\textbraceleft{}x\textbraceright{} \textasciitilde{} "
         r"y\textasciicircum{}2 \textbackslash{} z"),
    ],
)  # fmt: skip
def test_titles_keep_their_capitals_and_formulas(title: str, written: str) -> None:
    assert f"  title = {{{written}}},\n" in bibtex(paper(title))


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Ana María Muster", "Muster, Ana María"),
        ("Jan van der Berg", "van der Berg, Jan"),
        ("Martin Luther King Jr.", "King, Jr., Martin Luther"),
        ("Robert Sample III", "Sample, III, Robert"),
        ("张伟", "张伟"),
        ("van Gogh", "van Gogh"),
        ("ATLAS Collaboration", "{ATLAS Collaboration}"),
        ("The Sample Authors", "{The Sample Authors}"),
        ("The Anh Han", "Han, The Anh"),
        ("Bang and Olufsen", "{Bang and Olufsen}"),
        ("J. R. R. O'Sample-Muster", "O'Sample-Muster, J. R. R."),
    ],
)
def test_names_are_last_name_first(name: str, written: str) -> None:
    assert f"  author = {{{written}}},\n" in bibtex(paper(authors=(name,)))


def test_a_paper_without_authors_has_no_such_field() -> None:
    assert "author =" not in bibtex(paper(authors=()))
    assert "AU  -" not in ris(paper(authors=("", " ")))


@pytest.mark.parametrize(
    ("identifier", "day", "expected"),
    [
        ("2602.90001", date(2026, 2, 5), "2026-02-05"),
        ("2512.90001", date(2026, 1, 2), "2025-12"),  # submitted before New Year
        ("math/0309136", date(2026, 2, 5), "2003-09"),  # known from its third version
        ("hep-th/9108001", date(2026, 2, 5), "1991-08"),
        ("0704.0001", date(2026, 2, 5), "2007-04"),
    ],
)
def test_the_year_is_that_of_the_id(identifier: str, day: date, expected: str) -> None:
    found = paper(identifier=identifier, day=day)
    assert published(found) == expected
    assert entry(bibtex(found))["year"] == expected[:4]
    assert entry(bibtex(found))["eprint"] == identifier
    assert entry(bibtex(found))["ID"] == f"arXiv:{identifier}"


def test_a_ris_record() -> None:
    found = ris(paper("A$^2$ & {b}", ("Jan van der Berg Jr.",), identifier="math/0309136"))
    assert found == (
        "TY  - UNPB\nTI  - A² & {b}\nAU  - van der Berg, Jan, Jr.\nPY  - 2003\nDA  - 2003/09//\n"
        "PB  - arXiv\nM1  - arXiv:math/0309136\nKW  - cs.LG\n"
        "UR  - https://arxiv.org/abs/math/0309136\nER  - \n"
    )


_signs = st.text(st.sampled_from("{}\\$%#&_~^\"@=,'` \n\r\u2028\x00aA(."), max_size=24)
_any = _signs | st.text(max_size=12) | st.sampled_from(
    [r"$\{$", r"${$ and $}$", r"$a\$", r"\(a\ \)", "$%$", "$a\\\\$", "}\n@misc{x,", "x\nER  - "]
)  # fmt: skip


@given(_any, _any, _any, _any)
def test_no_text_leaves_its_entry(title: str, name: str, doi: str, other: str) -> None:
    made = paper(title, (name, other, "Ana Muster"), doi=doi, journal_ref=other, category=other)
    text = bibtex(made)
    found = entry(text)
    assert found["ID"] == "arXiv:2602.90001"
    assert found["year"] == "2026"
    assert found["author"].split(" and ")[-1] == "Muster, Ana"
    assert set(found) <= {
        *("ID", "ENTRYTYPE", "title", "author", "year", "eprint", "archiveprefix"),
        *("primaryclass", "url", "doi", "note"),
    }
    assert len(bibtex_entries(f"{text}\n\n{text.replace('90001', '90002')}\n")) == 2
    # No dollar sign opens a formula that nothing closes, no percent sign hides the line's end.
    for line in text.splitlines()[1:-1]:
        bare = re.sub(r"\\.", "", line)
        assert bare.count("$") % 2 == 0
        assert "%" not in bare
        assert "#" not in bare
    lines = ris(made).split("\n")
    assert lines[0] == "TY  - UNPB"
    assert lines[-2:] == ["ER  - ", ""]
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines[:-1])
    assert sum(line.startswith(("TY", "ER")) for line in lines) == 2


@given(st.text(max_size=30))
def test_a_name_loses_no_letter(name: str) -> None:
    parts = split_name(name)
    kept = f"{parts.given}{parts.last}{parts.suffix}"
    assert re.sub(r"[\s,]", "", kept) == re.sub(r"[\s,]", "", plain(name))


def test_the_heads_tags_are_what_indexers_ask_for() -> None:
    authors = ("Jan van Berg", "ATLAS Collaboration")
    made = paper('Sums "of" <b>', authors, doi="10.1000/x")
    tags = html5lib.parse(
        head({"title": made.title, **citation(made)}), namespaceHTMLElements=False
    ).find("head")
    pairs = [(meta.get("name"), meta.get("content")) for meta in tags.findall("meta")]
    assert pairs == [
        ("citation_author", "van Berg, Jan"),
        ("citation_author", "ATLAS Collaboration"),
        ("citation_publication_date", "2026/02/05"),
        ("citation_arxiv_id", "2602.90001"),
        ("citation_abstract_html_url", "https://arxiv.org/abs/2602.90001"),
        ("citation_pdf_url", "https://arxiv.org/pdf/2602.90001"),
        ("citation_doi", "10.1000/x"),
    ]
    data = json.loads(tags.find("script").text)
    assert data["@type"] == "ScholarlyArticle"
    assert data["author"] == [
        {"@type": "Person", "name": "Jan van Berg"},
        {"@type": "Organization", "name": "ATLAS Collaboration"},
    ]
    assert data["datePublished"] == "2026-02-05"
    assert data["sameAs"] == "https://doi.org/10.1000/x"


def test_a_collaboration_does_not_blow_up_the_head() -> None:
    made = paper(authors=tuple(f"Ana Muster{n}" for n in range(3000)))
    assert head({"title": "x", **citation(made)}).count("citation_author") == AUTHORS_NAMED
    assert len(entry(bibtex(made))["author"].split(" and ")) == 3000


def test_a_page_that_is_no_papers_has_no_such_tags() -> None:
    assert head({"title": "About"}) == ""


def test_the_site_has_them(golden_site: Path) -> None:
    text = (golden_site / "papers/math/0309136/index.html").read_text()
    page = html5lib.parse(text, namespaceHTMLElements=False)
    shown = {meta.get("property"): meta.get("content") for meta in page.findall("./head/meta")}
    assert shown["og:type"] == "article"
    assert shown["og:site_name"] == "Daybook"
    assert shown["og:url"] == "https://daybook.example/papers/math/0309136/"
    assert shown["og:title"].startswith("Sparse attention <b>before</b>")
    # One tag with two names: a page's title and description would otherwise stand in it twice more.
    named = {meta.get("name"): meta.get("content") for meta in page.findall("./head/meta")}
    assert named["citation_title"] == shown["og:title"]
    assert named["description"] == shown["og:description"]
    assert shown["og:description"].startswith("A single head of attention")
    (code,) = page.findall(".//article/details/pre/code")
    assert len(entry("".join(code.itertext()))["author"].split(" and ")) == 60
    assert 'property="og:type" content="website"' in (golden_site / "index.html").read_text()
    assert 'property="og:url' not in (golden_site / "404.html").read_text()
    entries = bibtex_entries((golden_site / "bib/2026.bib").read_text())
    ids = ["2602.90001", "2602.90002", "2602.90003", "math/0309136"]
    assert sorted(found["eprint"] for found in entries) == ids
    assert (golden_site / "bib/2026.ris").read_text().count("TY  - UNPB\n") == 4


@pytest.mark.browser
def test_the_entry_is_copied_at_a_press(browser: Browser, served: str, golden_site: Path) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(served + "papers/2602.90001/")
    button = page.get_by_role("button", name="Copy")
    expect(button).to_be_hidden()
    page.get_by_role("button", name="Cite").click()
    button.click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert entry(copied)["eprint"] == "2602.90001"
    context.close()
