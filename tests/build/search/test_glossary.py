"""The glossary file: what it must be, and how it widens a query."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.build.search.glossary import parse_glossary, segments
from generator.core.errors import ConfigError
from tests.projects import PROJECT, make_project, run_generator

ENTRIES = [
    {"zh": ["投机解码", "推测解码"], "en": ["speculative decoding", "speculative sampling"]},
    {"zh": ["大语言模型"], "en": ["large language model", "LLM"]},
    {"zh": ["模型"], "en": ["model"]},
]
GLOSSARY = parse_glossary(json.dumps(ENTRIES).encode(), "sample.json")


def widened(query: str) -> tuple[str, list[tuple[str, str]]]:
    """A query with its terms, quoted, in the other language, and these terms."""
    pieces = segments(query, GLOSSARY)
    text = "".join(f' "{other}" ' if other else piece for piece, other in pieces)
    return text, [piece for piece in pieces if piece[1]]


def test_the_file_that_comes_with_the_site_is_good() -> None:
    path = PROJECT / "site_src" / "assets" / "glossary.json"
    data = path.read_bytes()
    assert len(json.loads(data)) >= 150
    assert parse_glossary(data, path.name)["投机解码"] == "speculative decoding"


@pytest.mark.parametrize(
    ("query", "text", "terms"),
    [
        ("投机解码", ' "speculative decoding" ', [("投机解码", "speculative decoding")]),
        ("快速推测解码", '快速 "speculative decoding" ', [("推测解码", "speculative decoding")]),
        ("Speculative Decoding", ' "投机解码" ', [("Speculative Decoding", "投机解码")]),
        ("fast LLMs", 'fast  "大语言模型" ', [("LLMs", "大语言模型")]),
        # The longest term wins, and two terms are two.
        ("大语言模型 model", ' "large language model"   "模型" ', None),
        ("llm推测解码", ' "大语言模型"  "speculative decoding" ', None),
    ],
)
def test_a_known_term_becomes_the_other_language(
    query: str, text: str, terms: list[tuple[str, str]] | None
) -> None:
    found, known = widened(query)
    assert known and found == text
    assert terms is None or known == terms


@pytest.mark.parametrize("query", ["", "attention", "modeling", "remodel", "LLM2", "éLLM", "解码"])
def test_what_is_no_term_stays(query: str) -> None:
    assert widened(query) == (query, [])


@given(st.text(alphabet='modelLM s"投机解码大语言模型é', max_size=40))
def test_only_terms_are_replaced(query: str) -> None:
    rest, terms = widened(query)
    for term, other in terms:
        assert term.lower().removesuffix("s") in {key.removesuffix("s") for key in GLOSSARY}
        rest = rest.replace(f' "{other}" ', term, 1)
    assert rest == query


@pytest.mark.parametrize(
    ("data", "place", "why"),
    [
        (b'[\n{"zh": ["a"], "en": ["b"]},\n{"zh": ["c"]', "sample.json, line 3", "no JSON"),
        (b'[\n{"zh": ["\xff"]}]', "sample.json, line 2", "no UTF-8"),
        (b'{"zh": []}', "sample.json", "no list of entries"),
        (b'[{"zh": ["a"], "en": ["b"]}, {"zh": ["c"]}]', "entry 2", "nothing else"),
        (b'[{"zh": ["a"], "en": ["b"], "de": ["c"]}]', "entry 1", "nothing else"),
        (b'[{"zh": "a", "en": ["b"]}]', "entry 1", '"zh" is no list'),
        (b'[{"zh": ["a"], "en": []}]', "entry 1", '"en" is no list'),
        (b'[{"zh": ["a"], "en": [3]}]', "entry 1", "3, which is no term"),
        (b'[{"zh": ["a"], "en": ["--"]}]', "entry 1", "no term"),
        (b'[{"zh": ["a"], "en": [" b"]}]', "entry 1", "none around them"),
        (b'[{"zh": ["a"], "en": ["b \\"c\\""]}]', "entry 1", "quotation mark"),
        (b'[{"zh": ["a"], "en": ["b"]}, {"zh": ["c"], "en": ["B"]}]', "entry 2", "'B' is there"),
    ],
)
def test_a_mistake_is_named_with_its_place(data: bytes, place: str, why: str) -> None:
    with pytest.raises(ConfigError) as raised:
        parse_glossary(data, "sample.json")
    assert place in raised.value.item
    assert why in raised.value.why


@pytest.mark.parametrize("command", [["build"], ["search", "attention"]])
def test_a_broken_glossary_stops_the_command(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = make_project(tmp_path)
    (project / "site_src" / "assets" / "glossary.json").write_text('[\n{"zh": ["模型"]\n]')
    run_generator(project, *command, code=2)
    message = capsys.readouterr().err
    assert "The search glossary is broken" in message
    assert "glossary.json, line 3" in message
    assert not (project / "site").exists()
