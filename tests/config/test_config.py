"""Configuration: what loads, what is refused and how, and the docs that list it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from generator.config.options import FollowedAuthor, Keyword, Rules
from generator.config.report import option_paths
from generator.config.schema import (
    Config,
    Paths,
    Site,
    Sources,
    json_schema,
    load_config,
    parse_config,
)
from generator.core import taxonomy
from generator.core.errors import ConfigError
from generator.core.papers import AnnounceType
from tests.shared import SHARED, needs_shared

ROOT = Path(__file__).resolve().parents[2]
DEFAULT = (ROOT / "daybook.yml").read_text(encoding="utf-8")
SUMMARIES = (ROOT / "docs" / "summaries.md").read_text(encoding="utf-8")
DOCS = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")

OPTIONS = option_paths(json_schema())

SITE = "site: {url: https://papers.example/}\n"
SOURCES = "sources: {categories: [cs.LG]}\n"


def parse(source: str, **environ: str) -> Config:
    return parse_config(source, folder=Path("/project"), name="daybook.yml", environ=environ)


def problems(source: str, **environ: str) -> list[str]:
    """The problems that the text has, one a line."""
    with pytest.raises(ConfigError) as caught:
        parse(source, **environ)
    return [line.strip().rstrip(".") for line in caught.value.why.strip().split("\n")]


# --- The configuration that comes with Daybook -------------------------------------------------


def test_default_file_loads() -> None:
    config = load_config(ROOT / "daybook.yml", {})
    assert config.sources.categories == ("cs.AI", "cs.CL", "cs.DC", "cs.LG")
    assert config.select.categories == ("cs.AI", "cs.CL", "cs.DC", "cs.LG")
    assert config.select.match == "word"
    assert config.select.max_papers == 30
    assert Keyword("speculative decoding", 2) in config.select.keywords
    assert config.paths == Paths(data=ROOT / "data", site_src=ROOT / "site_src", site=ROOT / "site")


def test_default_file_names_every_option_and_each_commented_one_can_be_set() -> None:
    options = re.findall(r"^(\w+):|^  #?(\w+):", DEFAULT, re.MULTILINE)
    found, section = [], ""
    for top, option in options:
        section = top or section
        found += [f"{section}.{option}"] if option else []
    assert sorted(found) == sorted(OPTIONS)
    config = parse(re.sub(r"^(  )#(?=\w)", r"\1", DEFAULT, flags=re.MULTILINE))
    assert config.sources.contact == "you@example.org"
    assert config.sources.feed_base == Sources.feed_base
    assert (config.sources.timeout, config.sources.delay) == (Sources.timeout, Sources.delay)
    assert config.select.title_bonus == Rules().title_bonus


def test_default_file_calls_categories_by_their_names() -> None:
    for category, name in re.findall(r"^    - (\w+\.\w+) # (.+)$", DEFAULT, re.MULTILINE):
        assert taxonomy.category_name(category) == name


def test_every_option_stands_in_the_docs_with_its_default() -> None:
    rows = dict(re.findall(r"^\| `([\w.]+)` \|.*\| ([^|]+) \|$", DOCS, re.MULTILINE))
    assert sorted(rows) == sorted(OPTIONS)
    defaults = parse(SITE + SOURCES)
    for path, documented in rows.items():
        section, option = path.split(".")
        value = getattr(getattr(defaults, section), option)
        if documented == "required":
            with pytest.raises(ConfigError, match=re.escape(path)):
                parse({"site": SOURCES, "sources": SITE}[section])
        elif documented.startswith("none"):
            assert not value
        else:
            value = value.relative_to("/project") if isinstance(value, Path) else value
            value = f"[{', '.join(value)}]" if isinstance(value, tuple) else value
            value = f"{value:g}" if isinstance(value, float) else value
            assert documented == f"`{'null' if value is None else value}`"


def test_docs_show_the_report_that_their_example_gives() -> None:
    example, report = re.findall(r"^```(?:yaml|text)\n(.*?)\n```", DOCS, re.DOTALL | re.MULTILINE)[
        :2
    ]
    with pytest.raises(ConfigError) as caught:
        parse(example)
    assert [line.rstrip(". ") for line in str(caught.value).splitlines()] == report.splitlines()


def test_the_api_is_asked_politely_wherever_the_feeds_are() -> None:
    near = "sources: {categories: [cs.LG], feed_base: 'http://localhost', delay: 0"
    assert parse(f"{SITE}{near}}}\n").sources.api_delay == 3
    assert parse(f"{SITE}{near}, api_base: 'http://127.0.0.1:1/x/'}}\n").sources.api_delay == 0


def test_summaries_are_asked_of_any_provider() -> None:
    options = parse(
        SITE
        + SOURCES
        + """
summarize:
  model: qwen-long
  base_url: http://127.0.0.1:11434/v1/
  api_key_env: null
  languages: [zh, en]
  best: null
  extra_body: {reasoning_effort: low, options: {num_ctx: 32768, stop: [a, b]}}
  prompt: prompts/mine.jinja
"""
    ).summarize
    assert options.base_url == "http://127.0.0.1:11434/v1"
    assert (options.model, options.api_key_env, options.best) == ("qwen-long", None, None)
    assert options.languages == ("zh", "en")
    assert options.extra_body == {
        "reasoning_effort": "low",
        "options": {"num_ctx": 32768, "stop": ["a", "b"]},
    }
    assert options.prompt == Path("/project/prompts/mine.jinja")


def test_every_recipe_for_a_provider_is_a_good_configuration() -> None:
    recipes = re.findall(r"^```yaml\n(.*?)\n```", SUMMARIES, re.DOTALL | re.MULTILINE)
    assert len(recipes) == 7
    for recipe in recipes:
        options = parse(SITE + SOURCES + recipe + "\n").summarize
        assert options.model
        assert options.base_url.startswith(("https://", "http://localhost:"))


# --- What loads ---------------------------------------------------------------------------------


def test_every_way_to_write_a_keyword_and_an_author() -> None:
    select = parse(
        SITE
        + SOURCES
        + """
select:
  keywords:
    - LLM
    - mixture   of experts
    - speculative decoding: 2
    - survey: -0.5
    - 'regex: \\bFP[48]\\b'
    - {text: 'regex:KV.?cache', weight: 3, name: KV cache}
    - "4"
    - no
    - 12:30
    - "C: a language": 2
  authors: [Ada Example, {Ben Beispiel: 10}]
  exclude: [tutorial, 'regex:peer.review']
  announce_types: [new, replace]
"""
    ).select
    assert select.keywords == (
        Keyword("LLM"),
        Keyword("mixture of experts"),
        Keyword("speculative decoding", 2),
        Keyword("survey", -0.5),
        Keyword(r"\bFP[48]\b", regex=True),
        Keyword("KV.?cache", 3, regex=True, name="KV cache"),
        Keyword("4"),
        Keyword("no"),
        Keyword("12:30"),
        Keyword("C: a language", 2),
    )
    assert select.authors == (FollowedAuthor("Ada Example"), FollowedAuthor("Ben Beispiel", 10))
    assert select.exclude == (Keyword("tutorial"), Keyword("peer.review", regex=True))
    assert select.announce_types == (AnnounceType.NEW, AnnounceType.REPLACE)


def test_sections_and_lists_with_everything_commented_out_are_empty() -> None:
    config = parse(f"{SITE}{SOURCES}paths:\nselect:\n  keywords:\n  announce_types:\n  authors:\n")
    assert config.select == Rules(categories=("cs.LG",))


def test_two_names_for_one_category_both_select() -> None:
    config = parse(SITE + "sources: {categories: [cs.NA, eess.SY]}")
    assert config.sources.categories == ("math.NA", "eess.SY")
    assert config.select.categories == ("math.NA", "cs.NA", "eess.SY", "cs.SY")


@pytest.mark.parametrize(
    "url", ["https://a.example/b", "https://a.example/b/", "https://a.example/b//"]
)
def test_site_url_ends_in_one_slash(url: str) -> None:
    assert parse(f"site: {{url: '{url}'}}\n{SOURCES}").site.url == "https://a.example/b/"


def test_environment_overrides_the_site_url() -> None:
    assert (
        parse(SITE + SOURCES, DAYBOOK_SITE_URL="http://b.example").site.url == "http://b.example/"
    )
    assert parse(SOURCES, DAYBOOK_SITE_URL="http://b.example/").site.url == "http://b.example/"
    assert parse(SITE + SOURCES, DAYBOOK_SITE_URL=" ").site.url == "https://papers.example/"
    [problem] = problems(SITE + SOURCES, DAYBOOK_SITE_URL="b.example")
    assert problem.startswith("DAYBOOK_SITE_URL must be a URL")
    assert "did you mean https://b.example?" in problem


def test_short_delays_only_towards_this_machine() -> None:
    for host in ("127.0.0.1:8080", "localhost", "[::1]:9"):
        source = f"{SITE}sources: {{categories: [cs.LG], delay: 0, feed_base: 'http://{host}/x/'}}"
        assert parse(source).sources.delay == 0
        assert parse(source).sources.feed_base == f"http://{host}/x"
    for host in ("rss.arxiv.org", "localhost.example", "127.0.0.1.example"):
        source = f"{SITE}sources: {{categories: [cs.LG], delay: 2.9, feed_base: 'http://{host}'}}"
        [problem] = problems(source)
        assert problem == "sources.delay (line 2) must be between 3 and 600, not '2.9'"


def test_paths_start_at_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "deep").mkdir()
    text = f"\ufeff{SITE}{SOURCES}paths: {{data: archive/./store, site: {tmp_path}/out}}\n"
    (tmp_path / "deep" / "daybook.yml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert load_config(Path("deep/../deep/daybook.yml"), {}).paths == Paths(
        data=tmp_path / "deep/archive/store",
        site_src=tmp_path / "deep/site_src",
        site=tmp_path / "out",
    )


# --- What is refused ----------------------------------------------------------------------------


def test_all_problems_are_reported_at_once_in_the_order_of_the_file() -> None:
    source = """\
site:
  url: papers.example
  titel: Papers
sources:
  categories: [cs.ai, cs.LG, cs]
select:
  keywords:
    - LLM
    - 4
    - {text: cache, wieght: 2}
  keyword: [RL]
  min_score: .nan
paths: {site: .}
"""
    assert problems(source) == [
        "site.url (line 2) must be a URL that begins with https:// or http://, "
        "without ?, # or a user name (did you mean https://papers.example?)",
        'site.titel (line 3) is no option (did you mean "site.title"?)',
        "sources.categories[0] (line 5) 'cs.ai' is no category that arXiv announces papers in "
        '(did you mean "cs.AI"?)',
        "sources.categories[2] (line 5) 'cs' is a whole archive; "
        "name the categories you want, such as cs.AI, cs.AR, cs.CC",
        'select.keywords[1] (line 9) must be text; write it in quotes: "4"',
        "select.keywords[2].wieght (line 10) is no option "
        '(did you mean "select.keywords[2].weight"?)',
        'select.keyword (line 11) is no option (did you mean "select.keywords"?)',
        "select.min_score (line 12) must be a finite number, not '.nan'",
        "paths.site (line 13) must be a folder of its own, not one that holds daybook.yml",
    ]


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("site: {title: ''}", "site.title (line 2) is empty"),
        ("site: {title: '  '}", "site.title (line 2) is empty"),
        ("site: {title: 2026}", 'write it in quotes: "2026"'),
        ('site: {title: "a\\nb"}', "must be one line of printable text"),
        ("site: {title: [a]}", "must be text, not a list"),
        ("site: {description: {a: b}}", "must be text, not a mapping"),
        ("site: {url: 'ftp://a.example'}", "must be a URL that begins with https:// or http://"),
        ("site: {url: 'https://'}", "must be a URL that begins with"),
        ("site: {url: 'https://a.example:x'}", "must be a URL that begins with"),
        ("site: {url: 'https://[a.example'}", "must be a URL that begins with"),
        ("site: {url: 'https://a.example/\"><b>'}", "must be a URL that begins with"),
        ("site: {url: 'https://a.example/?x'}", "http://, without ?, # or a user name"),
        ("site: {url: 'https://me:pw@a.example/'}", "http://, without ?, # or a user name"),
        ("sources: {categories: cs.LG}", "must be a list, with \"- \" before each, not 'cs.LG'"),
        ("sources: {categories: []}", "sources.categories (line 2) must name at least one"),
        (
            "sources: {categories: [cs.LG, cs.LG]}",
            "sources.categories[1] (line 2) is the same as categories[0]",
        ),
        (
            "sources: {categories: [cs.NA, math.NA]}",
            "sources.categories[1] (line 2) is the same as categories[0]",
        ),
        ("sources: {categories: [cmp-lg]}", "is no category that arXiv announces papers in"),
        (
            "sources: {timeout: 08:00}",
            "sources.timeout (line 2) must be a number between 1 and 600, not '08:00'",
        ),
        ("sources: {timeout: '30'}", "must be a number between 1 and 600, without quotes"),
        ("sources: {timeout: true}", "must be a number between 1 and 600, not 'true'"),
        ("sources: {timeout: 0}", "must be a number between 1 and 600, not '0'"),
        ("sources: {timeout: 1e400}", "must be a number between 1 and 600, not '1e400'"),
        ("sources: {contact: me}", "must be an e-mail address or a URL"),
        ('sources: {contact: "a@b.example\\r\\nX: y"}', "must be an e-mail address or a URL"),
        ("sources: {contact: 'a@b.example) x'}", "must be an e-mail address or a URL"),
        ("select: {keywords: [LLM, llm]}", "select.keywords[1] (line 2) is the same as"),
        ("select: {keywords: ['++']}", "needs a letter or digit"),
        ("select: {keywords: [true]}", 'write it in quotes: "true"'),
        ("select: {keywords: [~]}", "select.keywords[0] (line 2) is empty"),
        ("select: {keywords: [LLM: high]}", 'must be a text, or "text: weight" with a number'),
        ("select: {keywords: [regex: FP8]}", 'a text with a colon needs quotes: "regex: ..."'),
        (
            "select: {keywords: [LLM: .inf]}",
            "select.keywords[0].weight (line 2) must be a number between -1000 and 1000, not 'inf'",
        ),
        ("select: {keywords: [LLM: 0]}", "must be at least 0.01, or at most -0.01"),
        ("select: {keywords: [{weight: x}]}", "must be a text"),
        (
            "select: {keywords: [{weight: 2, name: x}]}",
            "select.keywords[0].text (line 2) is missing",
        ),
        ("select: {keywords: ['regex:a(b']}", "missing ), unterminated subpattern at character 2"),
        ("select: {keywords: ['regex:x*']}", "matches even an empty text"),
        ("select: {keywords: ['regex:']}", "matches even an empty text"),
        ("select: {keywords: ['regex:a{99999999999}']}", "is no regular expression"),
        ('select: {keywords: ["regex:\\bRL"]}', "put one with \\ in single quotes"),
        ("select: {keywords: {LLM: 1}}", 'must be a list, with "- " before each, not a mapping'),
        ("select: {exclude: [survey: 2]}", "select.exclude[0] (line 2) must be text"),
        (
            "select: {authors: [A B: -1]}",
            "select.authors[0].weight (line 2) must be a number between 0.01 and 1000, not '-1'",
        ),
        ("select: {announce_types: []}", "must name at least one, such as new"),
        ("select: {announce_types: [replaced]}", 'did you mean "replace"?'),
        (
            "select: {match: words}",
            "must be word or substring, not 'words' (did you mean \"word\"?)",
        ),
        ("select: {max_papers: 0}", "must be a whole number of at least 1, not '0'"),
        ("select: {max_papers: 2.5}", "must be a whole number of at least 1, not '2.5'"),
        ("select: {max_papers: true}", "must be a whole number of at least 1, not 'true'"),
        (f"select: {{max_papers: {'9' * 5000}}}", "must be a whole number of at least 1"),
        ("select: {title_bonus: -1}", "must be a number between 0 and 1000, not '-1'"),
        ("select: {min_score: 1}", "leaves every paper out"),
        ("select: {categories: [cs.LG]}", 'did you mean "sources.categories"?'),
        ("paths: {data: ../data}", "leads out of /project"),
        ("paths: {data: ~/data}", "~ is not replaced"),
        ("paths: {data: /}", "must be a folder of its own"),
        ("paths: {data: site/data}", "paths.data (line 2) is inside paths.site"),
        ("paths: {data: /project/site}", "is inside paths.site"),
        ("paths: data", "paths (line 2) must be a mapping, not 'data'"),
        ("keywords: [LLM]", 'keywords (line 2) is no option (did you mean "select.keywords"?)'),
        (
            "zzz: 1",
            "zzz (line 2) is no option; known here: site, sources, select, summarize, paths",
        ),
        ("summarize: {max_cost: 1}", "needs price_input and price_output"),
        ("summarize: {price_input: 1}", "summarize.price_output (line 2) is missing"),
        ("summarize: {api_key_env: sk-12345}", "not the key itself"),
        ("summarize: {languages: [english!]}", "must be a language tag"),
        ("summarize: {input: pdf}", "must be fulltext or abstract or file"),
        ("summarize: {extra_body: [1]}", "must be a mapping"),
        ("summarize: {best: 0}", "must be a whole number of at least 1"),
        ("summarize: {max_output_tokens: 70000}", "must be less than context_tokens"),
        ("select: {min_score: 1, min_score: 2}", "stands twice; the first is in line 2"),
    ],
)
def test_refused_with_the_reason(option: str, message: str) -> None:
    first = "# a sample" if option.startswith("sources") else SOURCES.strip()
    environ = {} if "url" in option else {"DAYBOOK_SITE_URL": "https://papers.example/"}
    found = problems(f"{first}\n{option}\n", **environ)
    assert any(message in problem for problem in found), found


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("site: [1\n", "line 2, column 1: expected ',' or ']'"),
        ("site:\n\turl: x", "line 2, column 1: found character '\\t'"),
        ("site:\n  url: a: b", "line 2, column 9: mapping values are not allowed here"),
        ("site:\n  url: \x01", "line 2: the character U+0001"),
        ("a: &x 1\nb: *x", "line 2, column 4: aliases and tags"),
        ("a: &x [*x]", "aliases and tags"),
        ("a: !!python/object:os.system x", "line 1, column 4: aliases and tags"),
        ("a: 1\n---\nb: 2", "line 2, column 1: but found another document"),
    ],
)
def test_broken_yaml_names_line_and_column(source: str, message: str) -> None:
    assert message in problems(source)[0]


@pytest.mark.parametrize(
    "option",
    [
        "api_key_env: s3cr3t-k3y",
        "api_key: s3cr3t",
        "base_url: https://me:s3cr3t@llm.example/v1",
        "base_url: https://llm.example/v1?key=s3cr3t",
        "base_url: me:s3cr3t@llm.example",
    ],
)
def test_no_secret_is_repeated(option: str) -> None:
    [problem] = problems(f"{SITE}{SOURCES}summarize:\n  {option}\n")
    assert problem.startswith(f"summarize.{option.partition(':')[0]} (line 4) ")
    assert "s3cr3t" not in problem


def test_file_problems_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"no such file.*python -m generator config --from"):
        load_config(tmp_path / "daybook.yml", {})
    (tmp_path / "latin.yml").write_bytes(b"site: {title: caf\xe9}")
    with pytest.raises(ConfigError, match="must be a readable text file in UTF-8"):
        load_config(tmp_path / "latin.yml", {})
    with pytest.raises(ConfigError, match="directory"):
        load_config(tmp_path, {})


@pytest.mark.parametrize("source", ["", "- a", "text", "4", "null", "? [a]\n: b"])
def test_no_mapping_at_all(source: str) -> None:
    assert any("site.url" in problem for problem in problems(source))


_LINES = st.sampled_from(DEFAULT.splitlines())
_VALUES = st.sampled_from(
    ["", " - ", "[]", "{}", "4", "-1", ".nan", "1e9", "true", "'x'", "x: 1", "[", "\t", "\x00", "é"]
)


@settings(max_examples=50)
@given(st.lists(st.one_of(_LINES, st.tuples(_LINES, _VALUES).map("".join), st.text()), max_size=12))
@example(["? a", "site: {? [x] : 1}"])
def test_any_text_loads_or_is_a_configuration_error(lines: Sequence[str]) -> None:
    try:
        parse("\n".join(lines))
    except ConfigError as error:
        assert error.why


@settings(max_examples=50)
@given(st.integers(0, 10**6), _VALUES, st.integers(0, 30))
def test_damaged_default_file_loads_or_is_a_configuration_error(at, value, length) -> None:
    at %= len(DEFAULT)
    try:
        parse(DEFAULT[:at] + value + DEFAULT[at + length :])
    except ConfigError as error:
        assert error.why


# --- Categories -----------------------------------------------------------------------------------


def test_categories_have_names_groups_and_one_canonical_identifier() -> None:
    assert taxonomy.category_name("cs.LG") == "Machine Learning"
    assert taxonomy.category_group("hep-th") == "Physics"
    assert taxonomy.category_name("cmp-lg") == "Computation and Language"
    assert (taxonomy.category_name("cs.ZZ"), taxonomy.category_group("cs.ZZ")) == ("cs.ZZ", "Other")
    assert taxonomy.canonical("cs.SY") == "eess.SY"
    assert taxonomy.canonical("cs.LG") == "cs.LG"
    assert not taxonomy.is_category("cs")
    assert not taxonomy.is_category("cmp-lg")
    assert len(taxonomy.active_categories()) == 155


@needs_shared
def test_categories_are_those_of_the_source() -> None:
    source = json.loads((SHARED / "samples" / "taxonomy.json").read_text(encoding="utf-8"))
    groups = {id: group["name"] for id, group in source["groups"].items()}
    for id, category in source["categories"].items():
        if category["group"] in ("grp_test", "grp_bad"):  # arXiv's own trials, never announced
            assert not taxonomy.is_category(id)
            continue
        assert taxonomy.category_name(id) == category["name"]
        assert taxonomy.category_group(id) == groups[category["group"]]
        assert taxonomy.is_category(id) == category["active"]
        assert taxonomy.canonical(id) == source["category_aliases"].get(id, id)


def test_site_says_its_own_defaults() -> None:
    assert parse(SITE + SOURCES).site == Site(url="https://papers.example/")
