"""Selection: word matching, scores with reasons, and the predecessor's rules to the letter."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.config.options import FollowedAuthor, Keyword, Rules
from generator.core.days import Match
from generator.core.ids import ArxivId
from generator.core.papers import Announcement, AnnounceType, Author
from generator.update.selection.rules import LeftOut, dedupe, rescore, score_of, select
from tests.growth import assert_linear
from tests.shared import corpus_files, needs_shared

NEW, CROSS = AnnounceType.NEW, AnnounceType.CROSS
REPLACE, REPLACE_CROSS = AnnounceType.REPLACE, AnnounceType.REPLACE_CROSS


def paper(
    id: str = "2601.00001v1",
    title: str | None = None,
    abstract: str = "A sample abstract.",
    *,
    type: AnnounceType = NEW,
    authors: Sequence[str] = ("Ada Example",),
    categories: Sequence[str] = ("cs.LG",),
) -> Announcement:
    """An invented announcement whose raw texts are its cleaned ones."""
    title = f"A Sample Title, Number {id}" if title is None else title
    return Announcement(
        id=ArxivId.parse(id),
        date=date(2026, 1, 2),
        type=type,
        title=title,
        raw_title=title,
        authors=tuple(Author(name) for name in authors),
        abstract=abstract,
        raw_abstract=abstract,
        categories=tuple(categories),
    )


def words(*texts: str) -> tuple[Keyword, ...]:
    return tuple(Keyword(text) for text in texts)


def listed(announcements: Sequence[Announcement], rules: Rules, **seen: int) -> list[str]:
    return [str(row.id) for row in select(dedupe(announcements), rules, seen=seen).rows]


# --- Words ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keyword", "text"),
    [
        ("LLM", "We serve an llm."),
        ("LLM", "Serving LLMs cheaply"),
        ("LLM", "an LLM's memory"),
        ("LLM", "LLM-based and multi-LLM systems"),
        ("LLM", "大规模LLM推理"),
        ("推理", "大规模LLM推理加速"),
        ("RL", "(RL)"),
        ("network", "Deep Networks"),
        ("kernel", "the kernel’s size"),
        ("policy", "two policies"),
        ("batch", "large batches"),
        ("epoch", "ten epochs"),
        ("bias", "many biases"),
        ("matrix", "sparse matrices"),
        ("index", "two indices"),
        ("index", "two indexes"),
        ("analysis", "several analyses"),
        ("mixture of experts", "Mixture-of-Experts models"),
        ("mixture-of-experts", "a mixture of experts"),
        ("mixture of experts", "Mixture–of\nExperts"),
        ("large language model", "large-language models"),
        ("chain of thought", "chains of thought"),
        ("Bayes' theorem", "by Bayes’ theorem"),
        ("C++", "a C++ library"),
        ("GPT-4o", "with GPT-4o."),
        ("attention is all you need", "Is “Attention Is All You Need” true?"),
        ("Schrödinger", "the Schro\u0308dinger bridge"),
        ("Straße", "STRASSE"),
        ("is", "what is it"),
    ],
)
def test_word_is_found(keyword: str, text: str) -> None:
    rules = Rules(keywords=words(keyword))
    assert rescore(paper(abstract=text), rules) == (1.0, (Match(keyword, "abstract", 1.0),))
    assert rescore(paper(title=text, abstract=""), rules) == (1.5, (Match(keyword, "title", 1.5),))


@pytest.mark.parametrize(
    ("keyword", "text"),
    [
        ("RL", "the world"),
        ("RL", "a URL"),
        ("LLM", "LLMOps and vLLM"),
        ("FP8", "NVFP8 FP80"),
        ("NAS", "the NA"),
        ("experts", "one expert"),
        ("pre-training", "pretraining"),
        ("mixture of experts", "mixture of many experts"),
        ("mixture of experts", "mixture. Of experts"),
        ("graph", "the graphic"),
        ("attention", "attention_mask"),
        ("policy", "policiest"),
        ("is", "this"),
    ],
)
def test_part_of_a_word_is_not_found(keyword: str, text: str) -> None:
    assert rescore(paper(title=text, abstract=text), Rules(keywords=words(keyword))) == (0.0, ())


_WORDS = st.text("abiesxyzZÄ3推", min_size=1, max_size=4)


@given(
    _WORDS,
    st.lists(st.tuples(_WORDS, st.sampled_from([" ", "-", ", ", "—", "/", "'s "])), max_size=6),
)
def test_a_word_is_found_exactly_where_a_tokeniser_finds_it(keyword, pieces) -> None:
    """The same words found in another way: by cutting the text up, not by a pattern over it."""
    text = "".join(word + gap for word, gap in pieces).lower()
    singular = keyword.lower()
    forms = {singular}
    if singular[-1].isalpha() and singular[-1] != "推":
        if len(singular) > 1 and singular[-1] == "y" and singular[-2] in "bxyzsä推":
            # A Chinese character before the y is no consonant, but nobody writes that.
            forms.add(singular[:-1] + "ies")
        elif singular.endswith(("ix", "ex")):
            forms |= {singular + "es", singular[:-2] + "ices"}
        elif singular.endswith("is"):
            forms.add(singular[:-2] + "es")
        elif singular[-1] in "sxzo":
            forms |= {singular + "es", singular + "s"}
        else:
            forms.add(singular + "s")
    tokens = re.split(r"[^\w]+", text)
    # Chinese has no word boundaries: cut where it begins or ends, and between any two of its
    # characters, so that a keyword is a run of neighbouring cuts.
    runs = set()
    for token in tokens:
        parts = re.findall(r"推|[^推]+", token)
        runs |= {"".join(parts[i:j]) for i in range(len(parts)) for j in range(i, len(parts) + 1)}
    expected = 1.0 if forms & runs else 0.0
    assert rescore(paper(title="", abstract=text), Rules(keywords=words(keyword)))[0] == expected


def test_regular_expression_ignores_case_and_is_shown_by_its_name() -> None:
    rules = Rules(keywords=(Keyword(r"\bfp[48]\b", 2, regex=True, name="low precision"),))
    assert rescore(paper(title="FP8 training", abstract="NVFP4"), rules) == (
        3.0,
        (Match("low precision", "title", 3.0),),
    )
    assert Keyword("fp[48]", regex=True).shown == "regex:fp[48]"


# --- Scores and reasons -----------------------------------------------------------------------


def test_reasons_name_every_field_and_add_up_to_the_score() -> None:
    rules = Rules(
        keywords=(Keyword("LLM"), Keyword("cache", 2), Keyword("GPU", 0.1), Keyword("survey", -1)),
        authors=(FollowedAuthor("Jérémy O'Brien", 4),),
    )
    announcement = paper(
        title="Caches for an LLM",
        abstract="One LLM on one GPU: a survey.",
        authors=["Ada Example", "Jeremy  O’Brien"],
    )
    score, matches = rescore(announcement, rules)
    assert matches == (
        Match("LLM", "title", 0.5),
        Match("LLM", "abstract", 1.0),
        Match("cache", "title", 3.0),
        Match("GPU", "abstract", 0.1),
        Match("survey", "abstract", -1),
        Match("Jérémy O'Brien", "author", 4),
    )
    assert score == score_of(matches) == 7.6
    [row] = select([announcement], rules, seen={}).rows
    assert (row.score, row.matches) == (score, matches)


@given(st.lists(st.integers(1, 8).map(lambda n: n / 4), min_size=1, max_size=5), st.data())
def test_reasons_add_up_exactly(weights: list[float], data: st.DataObject) -> None:
    vocabulary = ["red", "green", "blue", "white", "black"]
    rules = Rules(
        keywords=tuple(Keyword(word, w) for word, w in zip(vocabulary, weights, strict=False))
    )
    text = st.lists(st.sampled_from(vocabulary), max_size=4).map(" ".join)
    score, matches = rescore(paper(title=data.draw(text), abstract=data.draw(text)), rules)
    assert score == sum(match.weight for match in matches)


# --- What is kept -----------------------------------------------------------------------------


def test_best_first_and_feed_order_where_scores_are_equal() -> None:
    papers = [
        paper("2601.00001v1", abstract="LLM"),
        paper("2601.00002v1", abstract="LLM on a GPU"),
        paper("2601.00003v1", abstract="LLM"),
        paper("2601.00004v1", abstract="GPU and LLM"),
    ]
    rules = Rules(keywords=words("LLM", "GPU"))
    ids = ["2601.00002v1", "2601.00004v1", "2601.00001v1", "2601.00003v1"]
    assert listed(papers, rules) == ids
    selection = select(papers, replace(rules, max_papers=3), seen={})
    assert [str(row.id) for row in selection.rows] == ids[:3]
    assert selection.left_out == {LeftOut.OVER_MAX: 1}


def test_paper_of_several_feeds_is_listed_once_with_the_type_that_counts_most() -> None:
    feeds = [
        paper("2601.00001v1", type=CROSS),
        paper("2601.00002v3", type=REPLACE_CROSS),
        paper("2601.00003v1"),
        paper("2601.00001v1", type=NEW),
        paper("2601.00002v3", type=REPLACE),
        paper("2601.00001v1", type=CROSS),
    ]
    assert [(str(one.id), one.type) for one in dedupe(feeds)] == [
        ("2601.00003v1", NEW),
        ("2601.00001v1", NEW),
        ("2601.00002v3", REPLACE),
    ]
    assert listed(feeds, Rules()) == ["2601.00003v1", "2601.00001v1"]


def test_earlier_listed_paper_is_a_repeat_unless_its_version_is_newer() -> None:
    papers = [
        paper("2601.00001v1"),
        paper("2601.00002v2", type=REPLACE),
        paper("math/0309136v1", type=CROSS),
    ]
    rules = Rules(announce_types=(NEW, CROSS, REPLACE))
    seen = {"2601.00001": 1, "2601.00002": 1, "math/0309136": 3}
    selection = select(papers, rules, seen=seen)
    assert [str(row.id) for row in selection.rows] == ["2601.00002v2"]
    assert [str(id) for id in selection.repeats] == ["2601.00001v1", "math/0309136v1"]
    assert listed(papers, Rules(), **seen) == []


def test_repeats_take_no_place_on_the_list() -> None:
    papers = [paper("2601.00001v1", abstract="LLM LLM"), paper("2601.00002v1", abstract="LLM")]
    rules = Rules(keywords=words("LLM"), max_papers=1)
    assert listed(papers, rules, **{"2601.00001": 1}) == ["2601.00002v1"]


def test_types_categories_and_exclude_decide_even_over_a_followed_author() -> None:
    papers = [
        paper("2601.00001v1", categories=("stat.ML", "cs.LG")),
        paper("2601.00002v1", categories=("math.OC",)),
        paper("2601.00003v2", type=REPLACE),
        paper("2601.00004v1", abstract="A tutorial."),
        paper("2601.00005v1", authors=["Ben Other"]),
    ]
    rules = Rules(
        categories=("cs.LG", "cs.CL"),
        authors=(FollowedAuthor("ada example"),),
        exclude=words("Tutorial"),
    )
    selection = select(papers, rules, seen={})
    assert [str(row.id) for row in selection.rows] == ["2601.00001v1"]
    assert selection.left_out == {
        LeftOut.CATEGORY: 1,
        LeftOut.TYPE: 1,
        LeftOut.EXCLUDED: 1,
        LeftOut.NO_MATCH: 1,
    }


@pytest.mark.parametrize("mode", ["word", "substring"])
def test_min_score_applies(mode: str) -> None:
    papers = [paper("2601.00001v1", abstract="LLM"), paper("2601.00002v1", abstract="LLM on GPU")]
    rules = Rules(keywords=words("LLM", "GPU"), min_score=1.5, match=mode)  # type: ignore[arg-type]
    selection = select(papers, rules, seen={})
    assert [str(row.id) for row in selection.rows] == ["2601.00002v1"]
    assert selection.left_out == {LeftOut.LOW_SCORE: 1}


def test_nothing_asked_keeps_everything_and_a_negative_keyword_keeps_nothing() -> None:
    papers = [paper("2601.00001v1", abstract="A survey."), paper("2601.00002v1")]
    demoting = Rules(keywords=(Keyword("survey", -1),), min_score=-5)
    assert listed(papers, Rules()) == ["2601.00001v1", "2601.00002v1"]
    assert listed(papers, demoting) == ["2601.00002v1", "2601.00001v1"]
    asking = Rules(keywords=(Keyword("survey", -1), Keyword("LLM")), min_score=-5)
    assert listed(papers, asking) == []


@given(st.data())
def test_every_paper_is_accounted_for_once(data: st.DataObject) -> None:
    draw = data.draw
    papers = [
        paper(
            f"2601.0000{draw(st.integers(1, 6))}v{draw(st.integers(1, 2))}",
            abstract=draw(st.sampled_from(["LLM", "GPU", "LLM GPU", "tutorial LLM", ""])),
            type=draw(st.sampled_from(AnnounceType)),
            categories=[draw(st.sampled_from(["cs.LG", "math.OC"]))],
        )
        for _ in range(draw(st.integers(0, 8)))
    ]
    rules = Rules(
        keywords=words("LLM", "GPU"),
        exclude=words("tutorial"),
        categories=("cs.LG",),
        min_score=draw(st.sampled_from([0, 2])),
        max_papers=draw(st.sampled_from([1, 2, None])),
        match=draw(st.sampled_from(["word", "substring"])),
    )
    seen = draw(st.dictionaries(st.sampled_from(["2601.00001", "2601.00002"]), st.just(1)))
    selection = select(dedupe(papers), rules, seen=seen)
    ids = [row.id.id for row in selection.rows] + [id.id for id in selection.repeats]
    assert len(ids) == len(set(ids))
    assert len(ids) + sum(selection.left_out.values()) == len({one.id.id for one in papers})
    assert all(selection.left_out.values())


def test_a_long_day_takes_linear_time() -> None:
    chosen = random.Random(7)
    vocabulary = ["".join(chosen.choices("aeilmnorst", k=7)) for _ in range(400)]
    papers = [
        paper(
            f"2601.{n:05d}v1",
            title=" ".join(chosen.choices(vocabulary, k=12)),
            abstract=" ".join(chosen.choices(vocabulary, k=220)),
        )
        for n in range(1200)
    ]
    keywords = words(*vocabulary[:20], *(" ".join(vocabulary[n : n + 2]) for n in range(10)))

    def chosen_of(count: int) -> None:
        assert select(papers[:count], Rules(keywords=keywords), seen={}).rows

    assert_linear(chosen_of, len(papers))


# --- The predecessor ----------------------------------------------------------------------------


def predecessor(entries: Sequence[Announcement], config: dict) -> list[tuple[str, float]]:
    """The predecessor's selection as its documentation and results have it, written on its own."""
    kept: list[list] = []
    known: set[str] = set()
    for entry in entries:
        text = (entry.raw_title + " " + entry.raw_abstract).lower()
        keywords = config["keywords"]
        if entry.type.value != "new":
            continue
        if keywords and not [k for k in keywords if k.lower() in text]:
            continue
        if [k for k in config["exclude_keywords"] if k.lower() in text]:
            continue
        if entry.id.id in known or entry.raw_title.lower().strip() in known:
            continue
        known.update([entry.id.id, entry.raw_title.lower().strip()])
        score = 0.0
        for keyword in keywords:
            score += 1.0 if keyword.lower() in text else 0.0
            score += 0.5 if keyword.lower() in entry.raw_title.lower() else 0.0
        kept.append([str(entry.id), score])
    kept.sort(key=lambda row: -row[1])
    return [(id, score) for id, score in kept[: config["max_papers"]]]


_PARTS = ["LLM", "RL", "world", "Sparse", " ", "-", "ΑΣ", "ς", "İ", "ß", "\n", "$x^2$", "é", "训练"]
_texts = st.lists(st.sampled_from(_PARTS), max_size=8).map("".join)
predecessor_keywords = st.lists(
    st.one_of(st.sampled_from(["rl", " RL ", "LLM", "σ", "i", "SS", "训", "e\u0301"]), _texts)
    .map(lambda text: text.replace("\n", " "))
    .filter(str.strip),
    max_size=5,
)


@st.composite
def feed_entries(draw: st.DrawFn) -> list[Announcement]:
    """Entries of several feeds: a paper has one text, but may come as new and as a cross-list."""
    texts = draw(st.lists(st.tuples(_texts, _texts), max_size=7))
    papers = [
        paper(f"2601.{n:05d}v1", title=title, abstract=abstract)
        for n, (title, abstract) in enumerate(texts, start=1)
    ]
    types = st.sampled_from(AnnounceType)
    order = draw(st.lists(st.tuples(st.sampled_from(papers), types))) if papers else []
    return [replace(one, type=type) for one, type in order]


@given(feed_entries(), predecessor_keywords, st.integers(1, 6))
def test_substring_mode_is_the_predecessor(entries, keywords, max_papers) -> None:
    exclude = keywords[3:]
    keywords = keywords[:3]
    config = {"keywords": keywords, "exclude_keywords": exclude, "max_papers": max_papers}
    rules = Rules(
        keywords=words(*keywords),
        exclude=words(*exclude),
        announce_types=(NEW,),
        max_papers=max_papers,
        match="substring",
    )
    rows = select(entries, rules, seen={}).rows
    assert [(str(row.id), row.score) for row in rows] == predecessor(entries, config)


def test_substring_mode_reads_the_raw_text() -> None:
    announcement = replace(
        paper(title="Jérémy's worlds", abstract="clean"),
        raw_title=r"J\'er\'emy",
        raw_abstract="raw",
    )
    rules = Rules(keywords=words("J\\'er", "raw", "RL", "clean"), match="substring")
    score, matches = rescore(announcement, rules)
    assert score == 2.5
    assert [match.keyword for match in matches] == ["J\\'er", "raw"]


def test_substring_mode_finds_what_begins_in_the_title_and_ends_in_the_abstract() -> None:
    rules = Rules(keywords=words("ends here"), match="substring")
    across = paper(title="The title ends", abstract="Here it goes on.")
    assert rescore(across, rules) == (1.0, (Match("ends here", "abstract", 1.0),))


def test_substring_mode_takes_equal_titles_for_one_paper() -> None:
    papers = [
        paper("2601.00001v1", title="Twice "),
        paper("2601.00002v1", title=" TWICE"),
        paper("2601.00003v1", title="Twice", type=CROSS),
    ]
    selection = select(papers, Rules(match="substring"), seen={})
    assert [str(row.id) for row in selection.rows] == ["2601.00001v1"]
    assert selection.left_out == {LeftOut.SAME_TITLE: 2}
    assert len(select(papers, Rules(), seen={}).rows) == 3


_ROW = re.compile(
    r"^### \d+\. \[(?P<title>.*)\]\(https?://arxiv\.org/abs/\S+\)\n\n(?:\*\*.*\n)*"
    r"\*\*Score\*\*: (?P<score>[\d.]+) *\n(?:\*\*.*\n)*\n(?:#### Abstract\n)?(?P<abstract>.*)\n\n",
    re.MULTILINE,
)


@needs_shared
def test_real_scores_recompute() -> None:
    """Whole abstracts give the score that the predecessor printed; cut ones agree in its halves.

    The title is always whole, and each keyword in it adds a half: so even where the abstract is
    cut, the printed score fixes whether their number is odd, and is never less than what is seen.
    """
    rows = whole = 0
    for name, content in corpus_files().items():
        readme = content.decode()
        listed = readme.split("containing the following keywords:\n- ")[1].split("\n")[0]
        rules = Rules(keywords=words(*listed.split(", ")), match="substring")
        for row in _ROW.finditer(readme):
            printed, abstract = float(row["score"]), row["abstract"].strip()
            score, matches = rescore(paper(title=row["title"], abstract=abstract), rules)
            in_title = sum(match.field == "title" for match in matches)
            rows += 1
            assert score <= printed, (name, row["title"])
            assert (printed * 2 - in_title) % 2 == 0, (name, row["title"])
            if not abstract.endswith("..."):
                whole += 1
                assert score == printed, (name, row["title"])
    assert rows == sum(content.count(b"**Score**:") for content in corpus_files().values())
    assert whole
