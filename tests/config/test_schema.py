"""The JSON Schema by which editors complete and check daybook.yml."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from generator.config.schema import json_schema
from generator.config.yaml import read_yaml
from generator.core.errors import ConfigError
from generator.core.taxonomy import active_categories
from generator.core.texts import LANGUAGES
from generator.update.predecessor.config import convert_predecessor
from tests.config.test_config import DEFAULT, DOCS, OPTIONS, SITE, SOURCES, SUMMARIES, parse
from tests.golden import SCHEMA, schema_file

VALIDATOR = Draft202012Validator(json_schema())


def faults(source: str) -> list[str]:
    return [
        error.message for error in VALIDATOR.iter_errors(read_yaml(source, "daybook.yml").value)
    ]


def test_the_committed_copy_is_what_the_options_say() -> None:
    assert SCHEMA.read_text(encoding="utf-8") == schema_file(), "make golden writes it anew"
    Draft202012Validator.check_schema(json_schema())


def test_every_option_is_described() -> None:
    definitions = json_schema()["$defs"]
    sections = json_schema()["properties"]
    for path in OPTIONS:
        section, option = path.split(".")
        node = definitions[sections[section]["$ref"].rpartition("/")[2]]
        assert node["description"]
        assert node["properties"][option]["description"].endswith(".")
    categories = definitions["Sources"]["properties"]["categories"]
    assert categories["items"]["enum"] == list(active_categories())
    assert definitions["Rules"]["properties"]["match"]["enum"] == ["word", "substring"]
    assert definitions["Site"]["properties"]["language"]["enum"] == list(LANGUAGES)


OLD = {"categories": ["cs.AI"], "keywords": ["LLM", "LLM", "RL "], "exclude_keywords": ["x"]}


@pytest.mark.parametrize("source", [DEFAULT, convert_predecessor(json.dumps(OLD))])
def test_files_begin_with_the_line_that_editors_look_for(source: str) -> None:
    line = "# yaml-language-server: $schema=docs/daybook.schema.json"
    assert source.splitlines()[0] == line
    assert SCHEMA.parts[-2:] == Path(line.partition("=")[2]).parts


_ROWS = re.findall(r"^\| `(- .+?)` \|", DOCS, re.MULTILINE)
_RECIPES = re.findall(r"^```yaml\n(.*?)\n```", SUMMARIES, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize(
    "source",
    [
        DEFAULT,
        re.sub(r"^(  )#(?=\w)", r"\1", DEFAULT, flags=re.MULTILINE),
        convert_predecessor(json.dumps(OLD)),
        SITE + SOURCES,
        f"{SITE}{SOURCES}paths:\nsummarize:\nselect:\n  keywords:\n  announce_types:\n",
        f"{SITE}{SOURCES}select:\n  authors: [Ada Example, {{Ben Beispiel: 10}}]\n",
        *(f"{SITE}{SOURCES}select:\n  keywords:\n    {row}" for row in _ROWS),
        *(SITE + SOURCES + recipe for recipe in _RECIPES),
    ],
)
def test_what_loads_is_valid(source: str) -> None:
    assert len(_ROWS) == 5
    parse(source)
    assert faults(source) == []


@pytest.mark.parametrize(
    "option",
    [
        "sources: {categories: []}",
        "sources: {categories: [cs]}",
        "sources: {categories: [cs.LG], timeout: 0}",
        "sources: {categories: [cs.LG], delay: 601}",
        "sources: {categories: [cs.LG], contact: me}",
        "sources: {categories: [cs.LG], feed_base: 'https://a.example/?x'}",
        "sources: {categorys: [cs.LG]}",
        "select: {keywords: [4]}",
        "select: {keywords: [LLM: high]}",
        "select: {keywords: [LLM: 0]}",
        "select: {keywords: [LLM: 1001]}",
        "select: {keywords: [{a: 1, b: 2}]}",
        "select: {keywords: [{text: LLM, wieght: 2}]}",
        "select: {keywords: [{text: LLM, regex: true}]}",
        "select: {exclude: [survey: 2]}",
        "select: {authors: [A B: -1]}",
        "select: {announce_types: []}",
        "select: {announce_types: [replaced]}",
        "select: {match: words}",
        "select: {max_papers: 0}",
        "select: {max_papers: 2.5}",
        "select: {categories: [cs.LG]}",
        "select: {keyword: [LLM]}",
        "summarize: {api_key_env: sk-12345}",
        "summarize: {languages: [english!]}",
        "summarize: {input: pdf}",
        "summarize: {concurrency: 65}",
        "summarize: {extra_body: [1]}",
        "summarize: {temperature: 3}",
        "paths: {data: 4}",
        "paths: data",
        "zzz: 1",
        "",
    ],
)
def test_what_does_not_load_is_not_valid(option: str) -> None:
    others = "" if option.startswith("sources") else SOURCES
    source = f"{SITE if option else ''}{others}{option}\n"
    with pytest.raises(ConfigError):
        parse(source)
    assert faults(source) != []
