"""`generator search` on a small invented store: what it finds, in which order, how it prints it."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.build.archive.archive import Archive
from generator.build.search.glossary import Glossary
from generator.build.search.index import update_index
from generator.build.search.opened import open_parts
from generator.build.search.searching import Filters, search
from generator.build.search.terminal import Found
from generator.build.search.terminal import found as shown
from generator.build.search.words import STOP_WORDS
from generator.cli.commands import main
from generator.core.days import Day
from generator.core.papers import AnnounceType, Listing, Paper
from generator.core.progress import silent
from generator.store.store import Store
from tests.builders import make_day, make_paper, make_row, make_summary
from tests.projects import make_project

FIRST, SECOND = date(2026, 2, 4), date(2026, 2, 5)


@dataclass(frozen=True)
class Sample:
    """An invented paper, in the few values that matter here."""

    id: str
    title: str
    abstract: str
    authors: tuple[str, ...] = ("Ada Sample",)
    categories: tuple[str, ...] = ("cs.LG",)
    summary: str = ""
    days: tuple[date, ...] = (FIRST,)
    keyword: str = "LLM"
    score: float = 1.0


DECODING = Sample(
    "2602.90001",
    "Speculative Decoding with Drafts",
    "Drafts are verified in parallel, and trees of them are studied.",
    authors=("Jérémy Tárano", "Wei Li"),
    categories=("cs.CL", "cs.LG"),
    score=7.5,
)
CHINESE = Sample(
    "2602.90002",
    "Serving Models Faster",
    "A scheduler for batches.",
    summary="## 方法\n\n- 结合**投机**解码与KV缓存大小的量化，Mo Zhang\n- 提升[吞吐](https://x.example/)",
    days=(FIRST, SECOND),
    keyword="sparse attention",
)
ATTENTION = Sample(
    "2602.90003",
    "Sparse Attention for Long Context",
    "Attention is kept where it matters. Cost is $O(n^2)$ otherwise.",
    authors=("Li Wei", "Ada Sample"),
    categories=("cs.NA",),
)
MENTION = Sample(
    "2602.90004",
    "A Survey of Inference",
    "We compare speculative decoding, sparse attention and pre-training of language models.",
    days=(SECOND,),
)
APART = Sample(
    "2602.90005",
    "Decoding Signals",
    "A speculative study of signals from trees in a very hot summer.",
)
OLD = Sample("math/0309136", "Surfaces of an Old Kind", "Curvature, pretraining, and more.")
SAMPLES = (DECODING, CHINESE, ATTENTION, MENTION, APART, OLD)

GLOSSARY = [
    {"zh": ["投机解码"], "en": ["speculative decoding"]},
    {"zh": ["稀疏注意力"], "en": ["sparse attention"]},
]


MADE = datetime(2026, 2, 5, tzinfo=UTC)


def paper_of(sample: Sample) -> Paper:
    summary = make_summary(
        language="zh", prompt_hash="", input="imported", created=MADE, body=sample.summary
    )
    return make_paper(
        sample.id,
        title=sample.title,
        authors=sample.authors,
        abstract=sample.abstract,
        categories=sample.categories,
        listings=tuple(Listing(day, 1, AnnounceType.NEW) for day in sample.days),
        summaries=(summary,) if sample.summary else (),
    )


def days_of(samples: tuple[Sample, ...]) -> list[Day]:
    return [
        make_day(
            *(make_row(s.id, s.keyword, score=s.score) for s in samples if day in s.days), day=day
        )
        for day in (FIRST, SECOND)
    ]


def archive_of(*samples: Sample) -> Archive:
    return Archive.of(map(paper_of, samples), days_of(samples))


def ask(archive: Archive, cache: Path, query: str, glossary: Glossary, limit: int = 10) -> Found:
    """Ask an archive whose index is in ``cache``."""
    parts = open_parts(cache, update_index(archive, cache, silent))
    answer = search(query, parts, glossary, Filters(), date(2026, 3, 1))
    return shown(answer, parts, archive.listed, limit)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make_project(tmp_path_factory.mktemp("search"))
    glossary = folder / "site_src" / "assets" / "glossary.json"
    glossary.write_text(json.dumps(GLOSSARY))
    Store(folder / "data").write(map(paper_of, SAMPLES), days_of(SAMPLES))
    return folder


Command = Callable[..., tuple[str, str]]


@pytest.fixture
def command(project: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    """Run the command; give what it printed to standard output and standard error."""

    def run(*arguments: str, code: int = 0) -> tuple[str, str]:
        assert main(["-c", str(project / "daybook.yml"), "search", *arguments]) == code
        printed = capsys.readouterr()
        return printed.out, printed.err

    return run


@pytest.fixture
def found(command: Command) -> Callable[..., list[str]]:
    """Run the command; give the ids of what has all words, in their order."""

    def run(*arguments: str) -> list[str]:
        hits = json.loads(command(*arguments, "--json")[0])
        return [hit["id"] for hit in hits if hit["tier"] == "all"]

    return run


Find = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("draft tree", [DECODING]),
        ("STUDY tree", [APART, DECODING]),
        ("attention matters", [ATTENTION]),
        ("train", [MENTION]),
        ("pretraining", [MENTION, OLD]),
        ("pre-training", [MENTION, OLD]),
        ("pre-trained", [MENTION, OLD]),
        ('"are studied"', [DECODING]),
        ('"are study"', []),
        ('"attention sparse"', []),
        ("jeremy TARANO", [DECODING]),
        ("ta\u0301rano", [DECODING]),
        ("缓存大", [CHINESE]),
        ("KV缓存", [CHINESE]),
        ("存", [CHINESE]),
        ("缓存 scheduler", [CHINESE]),
        ("存缓", []),
        ("投机器", []),
        ('"in parall"', []),
        ('"tarano wei"', []),
        ("大小，量化", [CHINESE]),
        ("提升吞吐", [CHINESE]),
        ("x.example", []),
        ("qwxzzy", []),
        ("draft qwxzzy", []),
        ("???", []),
        ("<img src=x onerror=alert(1)>", []),
        ("'; drop table", []),
        ("\\", []),
        ("(*", []),
    ],
)
def test_a_query_finds(query: str, expected: list[Sample], found: Find) -> None:
    assert sorted(found(query)) == sorted(sample.id for sample in expected)


@pytest.mark.parametrize(
    "query",
    [
        "2602.90003",
        "2602.90003v7",
        "arXiv:2602.90003",
        "https://arxiv.org/abs/2602.90003v2",
        "https://arxiv.org/pdf/2602.90003v1.pdf",
    ],
)
def test_an_identifier_in_any_form_gives_its_paper(query: str, found: Find) -> None:
    assert found(query) == [ATTENTION.id]


def test_an_old_identifier_gives_its_paper(found: Find) -> None:
    assert found("math.DG/0309136v2") == [OLD.id]
    assert found("2602.99999") == []


def test_phrases_in_titles_come_first_then_those_with_more_of_the_words(found: Find) -> None:
    assert found("speculative decoding") == [DECODING.id, APART.id, MENTION.id, CHINESE.id]
    assert found("sparse attention")[0] == ATTENTION.id
    assert found("wei li")[0] == DECODING.id  # ATTENTION's is Li Wei


def test_a_mistyped_or_unfinished_word_is_put_right_and_says_so(command: Command) -> None:
    for query in ("spec decoding", "speculativ decodign"):
        out, err = command(query)
        assert out.startswith(f"{DECODING.id}  ")
        assert err.startswith("Searched instead of what was typed: speculative decoding\n")
    out, err = command("curvatures")
    assert out.startswith(f"{OLD.id}  ") and "instead" not in err


def test_equal_papers_come_newest_first_then_by_rank(tmp_path: Path) -> None:
    twins = [Sample(f"2602.8000{n}", "A Twin", "same", days=(FIRST,)) for n in (2, 1)]
    newer = Sample("2602.80003", "A Twin", "same", days=(SECOND,))
    hits = ask(archive_of(*twins, newer), tmp_path, "twin", {}).hits
    assert [hit.record.id for hit in hits] == ["2602.80003", "2602.80002", "2602.80001"]


def test_the_other_language_is_found_and_marked_as_such(command: Command) -> None:
    hits = json.loads(command("投机解码", "--json")[0])
    assert [(hit["id"], hit["glossary"]) for hit in hits] == [
        (CHINESE.id, []),
        (DECODING.id, ["speculative decoding"]),
        (MENTION.id, ["speculative decoding"]),
    ]
    assert "(glossary: speculative decoding)" in command("投机解码")[0]
    hits = json.loads(command("sparse attention", "--json")[0])
    assert all(hit["glossary"] == [] for hit in hits)


def test_a_site_without_a_glossary_is_searched_too(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = make_project(tmp_path / "other")
    (other / "site_src" / "assets" / "glossary.json").unlink()
    (other / "data").symlink_to(project / "data")
    assert main(["-c", str(other / "daybook.yml"), "search", "投机解码"]) == 0
    assert capsys.readouterr().out.startswith(f"{CHINESE.id}  ")


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--author", "sample"], {CHINESE, ATTENTION, MENTION, APART, OLD}),
        (["--author", "Wei LI"], {DECODING, ATTENTION}),
        (["--author", "tarano jeremy"], {DECODING}),
        (["--author", "Jeremy Li"], set()),
        (["--author", "Sampl"], set()),
        (["--author", "?"], set()),
        (["--category", "cs.CL"], {DECODING}),
        (["--category", "CS.lg"], {DECODING, CHINESE, MENTION, APART, OLD}),
        (["--category", "cs.NA"], {ATTENTION}),
        (["--category", "math.na"], {ATTENTION}),
        (["--tag", "Sparse  Attention"], {CHINESE}),
        (["--tag", "sparse-attention"], {CHINESE}),
        (["--tag", "sparse"], set()),
        (["--since", "2026-02-05"], {CHINESE, MENTION}),
        (["--since", "2026-02-06"], set()),
        (["--since", "2026-02-05", "--tag", "llm"], {MENTION}),
    ],
)
def test_filters_without_a_query_list_what_passes(
    options: list[str], expected: set[Sample], found: Find
) -> None:
    assert set(found(*options)) == {sample.id for sample in expected}


def test_filters_hold_for_words_and_identifiers_too(found: Find) -> None:
    assert found("decoding", "--category", "cs.CL") == [DECODING.id]
    assert found(DECODING.id, "--category", "cs.CL") == [DECODING.id]
    assert found(DECODING.id, "--category", "cs.CV") == []


def test_a_model_or_machine_is_found_however_its_parts_are_written(tmp_path: Path) -> None:
    texts = (
        "We tune Llama-3.1-8B, not Llama 3.1 70B, on 8× NVIDIA H100 80GB, cutting 1.64× P99.",
        "Of the Llama family we take the newest open release, 3.1, and of its sizes first 8B.",
        "GPT-4 judges, Llama3.1 does not. Latency falls.",
        "GPT is asked what happens in all but a few of 4 cases, by 64 and 1 H100.",
    )
    archive = archive_of(
        *(Sample(f"2602.8000{n}", f"Paper {n}", text) for n, text in enumerate(texts))
    )

    def numbers(query: str) -> list[int]:
        hits = ask(archive, tmp_path, query, {}).hits
        return [int(hit.record.id[-1]) for hit in hits if hit.tier == "all"]

    assert numbers("llama 3.1 8b") == [0, 1]  # near each other first
    assert numbers("Llama-3.1-8B") == numbers("llama3.1-8b") == [0]
    assert numbers("llama3.1 8b") == [0, 1]
    assert numbers("gpt 4") == [2]  # hardly a text has no 4
    assert numbers("8×H100") == numbers("8x H100") == [0]
    assert numbers("1.64x") == [0]


def test_the_printed_lines(command: Command) -> None:
    out, err = command("draft", "tree")
    head, excerpt, *others = out.splitlines()
    assert head == f"{DECODING.id}  4 Feb 2026  cs.CL  score 7.5  {DECODING.title}"
    assert excerpt == f"    {DECODING.abstract}"
    assert err == "1 paper found.\n"
    assert others[0].endswith(f"  {APART.title}  (has some of the words)")


def test_an_excerpt_shows_where_the_words_are(tmp_path: Path) -> None:
    long = Sample(
        "2602.80001", "Long", "before " * 100 + "here the Needles stand close " + "after " * 100
    )
    [hit] = ask(archive_of(long), tmp_path, "needle close", {}).hits
    text = "".join(piece for piece, _ in hit.excerpt)
    assert text.startswith("…before ") and text.endswith(" after…") and len(text) < 250
    assert [piece for piece, mark in hit.excerpt if mark] == ["Needles", "close"]
    [hit] = ask(archive_of(CHINESE), tmp_path, "投机解码", {}).hits
    assert [piece for piece, mark in hit.excerpt if mark] == ["投机解码"]
    assert "**" not in str(hit.excerpt) and "x.example" not in str(hit.excerpt)


def test_matches_are_bold_on_a_terminal_only(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "\x1b" not in command("draft")[0]
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    out, _ = command("draft")
    assert "\x1b[1mDrafts\x1b[0m" in out


def test_the_limit_and_the_count(command: Command) -> None:
    out, err = command("--category", "cs.LG", "--limit", "2")
    assert len(re.findall(r"^\S", out, re.M)) == 2
    assert err == "5 papers found, the first 2 are shown.\n"
    for wrong in ("0", "-1", "many"):
        assert "is no number from 1 on" in command("x", "--limit", wrong, code=2)[1]


def test_nothing_found_is_said_on_standard_error(command: Command) -> None:
    assert command("qwxzzy") == ("", "No paper found.\n")
    out, err = command("qwxzzy", "--json")
    assert (json.loads(out), err) == ([], "No paper found.\n")


def test_nothing_asked_is_wrong_use(command: Command) -> None:
    assert "Nothing to search for" in command("  ", code=2)[1]


def test_json_has_every_value(command: Command) -> None:
    out, err = command("draft tree", "--json")
    expected: dict[str, Any] = {
        "id": DECODING.id,
        "title": DECODING.title,
        "authors": ["Jérémy Tárano", "Wei Li"],
        "day": "2026-02-04",
        "category": "cs.CL",
        "categories": ["cs.CL", "cs.LG"],
        "tags": ["LLM"],
        "score": 7.5,
        "summary": False,
        "excerpt": DECODING.abstract,
        "url": f"https://daybook.example/papers/{DECODING.id}/",
        "glossary": [],
        "tier": "all",
    }
    assert (json.loads(out)[0], err) == (expected, "")
    assert json.loads(command("存", "--json")[0])[0]["summary"] is True


def test_hostile_text_cannot_steer_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    steering = "\x1b[31m\x1b]0;owned\x07\x9b2J\x08\x7f\u202e\r\n[bold red]red[/] :smile: [link=x]"
    hostile = Sample(
        "2602.80001",
        f"Hostile {steering}",
        f"Abstract {steering}",
        authors=(f"Ada {steering}",),
        summary=f"Summary {steering} attention",
        keyword=f"tag {steering}",
    )
    project = make_project(tmp_path)
    Store(project / "data").write([paper_of(hostile)], days_of((hostile,)))
    for options in ([], ["--json"]):
        assert main(["-c", str(project / "daybook.yml"), "search", "hostile", *options]) == 0
        out = capsys.readouterr().out
        assert not [c for c in out if c != "\n" and unicodedata.category(c) in ("Cc", "Cs")]
        assert "\u202e" not in out
        assert "[bold red]red[/] :smile: [link=x]" in out
    assert main(["-c", str(project / "daybook.yml"), "search", "hostile"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2


@pytest.mark.parametrize("query", ["draft " * 25, "draft " + "。" * 400, "draft " * 2000])
def test_a_long_query_is_cut_and_says_so(query: str, command: Command) -> None:
    out, err = command(query)
    assert out.startswith(f"{DECODING.id}  ")
    assert err == "The query is too long: only its beginning was looked for.\n1 paper found.\n"


ARCHIVE = archive_of(*SAMPLES)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@settings(max_examples=60)
@given(st.text(max_size=30) | st.text(alphabet='aé1-_.*"(投解码 、\0ßİ\u0301', max_size=12))
def test_any_text_is_a_query(cache: Path, query: str) -> None:
    result = ask(ARCHIVE, cache, query, {"投机解码": "speculative decoding"}, 3)
    assert result.total <= len(SAMPLES)
    for hit in result.hits:
        assert "".join(piece for piece, _ in hit.title) in {sample.title for sample in SAMPLES}


@settings(max_examples=60)
@given(st.data())
def test_every_piece_of_an_abstract_finds_its_paper_as_a_phrase(
    cache: Path, data: st.DataObject
) -> None:
    sample = data.draw(st.sampled_from([DECODING, MENTION, APART]))
    words = re.findall(r"[\w-]+", sample.abstract)
    start = data.draw(st.integers(0, len(words) - 1))
    length = data.draw(st.integers(1, 5))
    query = '"' + " ".join(words[start : start + length]).upper() + '"'
    ids = [hit.record.id for hit in ask(ARCHIVE, cache, query, {}).hits]
    assert sample.id in ids or {word.lower() for word in words[start:][:length]} <= STOP_WORDS
