"""Which papers a paper page names as related, on small invented archives."""

from __future__ import annotations

import random
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.build.archive.archive import Archive
from generator.build.archive.people import People
from generator.build.archive.related import Related
from generator.build.pages.paper import paper_page
from generator.build.site.pagehtml import page_html, split_front_matter
from generator.core.papers import Paper
from generator.core.texts import ENGLISH
from tests.builders import SITE, make_archive, make_paper, make_row

DAY = date(2026, 2, 5)

# Three subjects, four papers each, in the words that such papers have in common.
SUBJECTS = {
    "decoding": (
        ("Speculative decoding with a sampled draft model", "draft tokens verified in parallel"),
        ("Faster drafts for speculative decoding", "a small draft model proposes tokens"),
        ("Verifying draft tokens in batches", "speculative decoding is bound by verification"),
        ("When does a draft model help?", "acceptance of draft tokens in speculative decoding"),
    ),
    "protein": (
        ("Protein folding from sequence alone", "amino acid sequences become folded structures"),
        ("Folding proteins with graph networks", "residue graphs of amino acid sequences"),
        ("Designing proteins that fold", "inverse folding from structures to sequences"),
        ("Amino acid embeddings", "protein sequences are embedded before folding"),
    ),
    "traffic": (
        ("Traffic signal control by reinforcement", "intersections learn when lights change"),
        ("Coordinated intersections", "neighbouring traffic lights share a signal plan"),
        ("Signal plans for crowded intersections", "traffic waits less at the lights"),
        ("Simulated traffic for signal control", "a simulator of intersections and lights"),
    ),
}


def paper(identifier: str, title: str, abstract: str = "", excerpt: bool = False) -> Paper:
    return make_paper(
        identifier, title=title, abstract=abstract, abstract_is_excerpt=excerpt, day=DAY
    )


def archive_of(papers: list[Paper], tags: dict[str, str] | None = None) -> Archive:
    tags = tags or {}
    rows = [make_row(one, *([tags[one.id]] if one.id in tags else [])) for one in papers]
    return make_archive({DAY: rows}, papers)


def subjects() -> dict[str, list[Paper]]:
    numbers = iter(range(1, 100))
    return {
        name: [paper(f"2602.{next(numbers):05d}", *texts) for texts in papers]
        for name, papers in SUBJECTS.items()
    }


def everything() -> list[Paper]:
    return [paper for papers in subjects().values() for paper in papers]


def related(archive: Archive) -> dict[str, tuple[str, ...]]:
    statistics = Related.of(archive)
    return {identifier: statistics.to(identifier) for identifier in archive.listed}


def test_papers_of_one_subject_find_each_other_and_no_others() -> None:
    found = related(archive_of(everything()))
    for papers in subjects().values():
        ids = {paper.id for paper in papers}
        for paper in papers:
            assert set(found[paper.id]) == ids - {paper.id}, paper.title


def test_the_order_of_papers_and_days_does_not_matter() -> None:
    papers = everything()
    expected = related(archive_of(papers))
    random.Random(3).shuffle(papers)
    assert related(archive_of(papers)) == expected


def test_equally_like_papers_come_by_id_and_at_most_five() -> None:
    crowd = [paper(f"2602.1{n:04d}", *SUBJECTS["protein"][0]) for n in range(9)]
    found = related(archive_of([*everything(), *reversed(crowd)]))
    assert found["2602.10003"] == (
        "2602.00005",
        "2602.10000",
        "2602.10001",
        "2602.10002",
        "2602.10004",
    )


def test_a_paper_alone_and_an_empty_archive_have_none() -> None:
    assert related(archive_of([paper("2602.00001", "A lonely kernel", "Nothing else.")])) == {
        "2602.00001": ()
    }
    assert related(archive_of([])) == {}


@pytest.mark.parametrize("word", ["model", "xylophone"])
def test_a_single_common_word_however_rare_relates_nothing(word: str) -> None:
    pair = [
        paper("2602.20001", f"A {word} of glacier retreat", "Ice cores and moraines melt."),
        paper("2602.20002", f"Tax audits with a {word}", "Ledgers hide fraudulent invoices."),
    ]
    found = related(archive_of([*everything(), *pair]))
    assert found["2602.20001"] == found["2602.20002"] == ()


def test_words_count_by_stem_and_stop_words_numbers_addresses_and_commands_not_at_all() -> None:
    noise = r"of which and 2026 42 https://samples.example/xylophone/quince $\mathcal{Q} \alpha$"
    papers = [
        paper("2602.20001", "Melting glaciers", f"Retreating moraines {noise}"),
        paper("2602.20002", "A glacier melts", "A moraine retreated"),
        paper("2602.20003", "Audited invoices", f"Taxes evaded {noise}"),
    ]
    found = related(archive_of([*everything(), *papers]))
    assert found["2602.20001"] == ("2602.20002",)
    assert found["2602.20002"] == ("2602.20001",)
    assert found["2602.20003"] == ()


def test_the_cut_last_word_of_an_excerpt_does_not_count() -> None:
    texts = ("Melting glaciers", "moraines retreat quinces")
    for excerpt, expected in ((False, "2602.20002"), (True, "2602.20003")):
        papers = [
            paper("2602.20001", *texts, excerpt=excerpt),
            paper("2602.20002", "Frozen quinces", "quinces on a moraine: retreat"),
            paper("2602.20003", "Frozen valleys", "glaciers above a moraine: retreat"),
        ]
        assert related(archive_of([*everything(), *papers]))["2602.20001"][0] == expected


def test_titles_and_tags_count_for_more_than_abstracts() -> None:
    asked = paper(
        "2602.20001",
        "Melting glaciers",
        "Frozen valleys were surveyed by boat, sledge, balloon, camera and drone in winter.",
    )
    others = "Rivers swell; bridges, barns, orchards and roads suffer before villages rebuild them."
    by_abstract = paper("2602.20002", "Rebuilding soon", f"Melting glaciers. {others}")
    by_title = paper("2602.20003", "Melting glaciers", f"Rebuilding soon. {others}")
    papers = [*everything(), by_abstract, by_title, asked]
    assert related(archive_of(papers))[asked.id] == (by_title.id, by_abstract.id)
    tags = {asked.id: "ice", by_abstract.id: "ice"}
    assert related(archive_of(papers, tags))[asked.id] == (by_abstract.id, by_title.id)


def test_words_that_stand_together_say_more() -> None:
    asked = paper("2602.20001", "Early exit of glaciers", "Moraines melt.")
    apart = paper("2602.20002", "Exit of early glaciers", "Melting rivers.")
    together = paper("2602.20003", "Glaciers with early exit", "Melting rivers.")
    found = related(archive_of([*everything(), asked, apart, together]))
    assert found[asked.id] == (together.id, apart.id)


TEXT = st.text("abcdef $^_\\{}.-é投", max_size=30)


@settings(max_examples=60)
@given(st.lists(st.tuples(TEXT, TEXT), max_size=12), st.randoms())
def test_any_texts_give_at_most_five_others_in_a_stable_order(
    texts: list[tuple[str, str]], shuffled: random.Random
) -> None:
    papers = [paper(f"2602.{n:05d}", *text) for n, text in enumerate(texts)]
    found = related(archive_of(papers))
    for identifier, others in found.items():
        assert len(set(others)) == len(others) <= 5
        assert identifier not in others
        assert set(others) <= set(found)
    shuffled.shuffle(papers)
    assert related(archive_of(papers)) == found


def test_a_page_lists_them_behind_the_summary_and_before_the_neighbours() -> None:
    papers = everything()
    asked, other = (
        papers[4],
        paper("2602.20001", "Protein folding of $A^2$ [draft] *sequences*"),
    )
    archive = archive_of([*papers, other])
    source = f"papers/2602/{asked.id}.md"
    text = paper_page(archive, asked.id, Related.of(archive), People.of(archive), SITE)
    front, body = split_front_matter(source, text)
    page = page_html(source, front, body, lambda path: True, ENGLISH)
    assert "Related papers" not in page.content
    section, _, neighbours = page.aside.partition("</ol>")
    assert section.startswith('<h2 id="h-related-papers">Related papers</h2>')
    assert 'href="../2602.20001/"' in section
    assert "[draft] *sequences*" in section
    assert "Ada Sample · 5 February 2026 · cs.LG" in section
    assert section.count("<li>") == 4
    assert "All of 5 February 2026" in neighbours


def test_a_page_without_any_has_no_such_section() -> None:
    archive = archive_of([paper("2602.00001", "A lonely kernel")])
    people = People.of(archive)
    text = paper_page(archive, "2602.00001", Related.of(archive), people, SITE)
    assert "Related papers" not in text
