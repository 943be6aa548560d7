r"""What a model wrote → a summary in our form, or a complaint. Nothing is ever completed."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.core.summaries import FailureReason
from generator.markup.render import render_block
from generator.update.summarize.fields import FIELDS, SECTIONS
from generator.update.summarize.model import Reply, ReplyError
from generator.update.summarize.prompt import Prompt, fence
from generator.update.summarize.reply.reply import MAX_BODY, MAX_TLDR, parse_reply
from tests.growth import assert_linear

GOOD = {
    "tldr": "Lanternfish stops drafting when the next token is not worth it, and decodes 1.4 times "
    "as fast.",
    "tags": ["speculative decoding", "LLM", "inference"],
    "contributions": "A head that estimates trust.\n\n- It needs **no** change to the verifier.",
    "method": "Trained on accepted prefixes.\n\n| model | size |\n|---|---|\n| A | 7B |",
    "results": "The accepted length $\\ell$ rises by 38 %: $\\nabla f \\to \\frac{a}{b}$.",
    "limitations": "The paper names none.",
}


def read(text: str, *, language: str = "en", truncated: bool = False) -> Reply:
    return parse_reply(text, language=language, truncated=truncated)


def refused(text: str, *, language: str = "en", truncated: bool = False) -> ReplyError:
    with pytest.raises(ReplyError) as caught:
        read(text, language=language, truncated=truncated)
    assert caught.value.complaint
    return caught.value


def good(**changes: Any) -> str:
    return json.dumps(GOOD | changes, ensure_ascii=False)


BODY = (
    "## Contributions\n\nA head that estimates trust.\n\n"
    "- It needs **no** change to the verifier.\n\n"
    "## Method\n\nTrained on accepted prefixes.\n\n| model | size |\n|---|---|\n| A | 7B |\n\n"
    "## Results\n\nThe accepted length $\\ell$ rises by 38 %: $\\nabla f \\to \\frac{a}{b}$.\n\n"
    "## Limitations and future work\n\nThe paper names none."
)
EXPECTED = Reply(tldr=GOOD["tldr"], tags=("speculative decoding", "LLM", "inference"), body=BODY)


def test_an_answer_as_asked() -> None:
    assert read(good()) == EXPECTED


@pytest.mark.parametrize(
    "text",
    [
        f"```json\n{good()}\n```",
        f"Here is the summary {{as asked}}:\n\n{good()}\n\nI hope that it helps!",
        f"<think>It wants JSON: {{\"tldr\": \"a draft\"}}</think>\n\n{good()}",
        f"It wants JSON with \"tldr\"...\n</think>\n{good()}",
        f"\ufeff\n  {good()}",
        f"[{good()}]",
        f'{{"summary": {good()}}}',
        good()[:-1] + ", }",
        good().replace('"inference"]', '"inference",]'),
        good(tags="speculative decoding, LLM、inference"),
        re.sub(r"(?<!\\)\\n", "\n", good()),
        good(tldr=f"**TL;DR:** {GOOD['tldr']}"),
        good(tldr=f'"{GOOD["tldr"]}"'),
        good(tldr=GOOD["tldr"].replace(" ", "\n", 1)),
        good(contributions=["A head that estimates trust.", "- It needs **no** change to the "
             "verifier."]),
        good(contributions=f"## Contributions\n\n{GOOD['contributions']}"),
        good(results=f"\n{GOOD['results']}\n\n---\n"),
        good(extra=17, more=None),
        f"A draft: {{\"tldr\": \"x\", \"tags\": []}} and then\n{good()}",
        json.dumps(GOOD, indent=2),
        json.dumps(GOOD, ensure_ascii=True),
    ],
)  # fmt: skip
def test_what_is_sure_is_read(text: str) -> None:
    assert read(text) == EXPECTED


def test_a_list_of_sentences_becomes_a_list() -> None:
    assert "## Method\n\n- One.\n- Two.\n\n## Results" in read(good(method=["One.", "Two."])).body


@pytest.mark.parametrize(
    ("source", "meant"),
    [
        (r"$\alpha + \lambda$", r"$\alpha + \lambda$"),
        (r"$\\alpha + \\nabla$", r"$\alpha + \nabla$"),
        (r"$\nabla f$ and $\nu \neq \theta$", r"$\nabla f$ and $\nu \neq \theta$"),
        (r"$\frac{\beta}{\rho}$", r"$\frac{\beta}{\rho}$"),
        (r"$x \to \text{y} \times \tau$", r"$x \to \text{y} \times \tau$"),
        (r"$\underline{x} \upsilon$", r"$\underline{x} \upsilon$"),
        (r"x\nAbout y", "x\nAbout y"),
        (r"x\nnabla y", "x\nnabla y"),
        (r"x\nabla y", r"x\nabla y"),
        (r"one\n\nexists\nless\nu", "one\n\nexists\nless\nu"),
        (r"one\tan example", "one\tan example"),
        (r"$$\nu = 3\n$$", "$$\nu = 3\n$$"),
        (r"$$\alpha$$ and $$\nu = 3$$", r"$$\alpha$$ and $$\nu = 3$$"),
        (r"it costs $5\n\nu is next", "it costs $5\n\nu is next"),
        (r"\u00e9\u4e2d \ud83d\ude00 \/ \"q\" it\'s", 'é中 😀 / "q" it\'s'),
        (r"C:\Program Files", r"C:\Program Files"),
    ],
)
def test_backslashes_that_were_not_doubled(source: str, meant: str) -> None:
    text = good(method="@@").replace("@@", source)
    assert f"## Method\n\n{meant}\n\n## Results" in read(text).body


@pytest.mark.parametrize(
    "names",
    [
        ("# Contributions", "# Method", "# Results", "# Limitations"),
        ("## 1. Main contributions", "## 2. Method and set-up", "## 3. Main results:",
         "## 4. Limitations and Future Work"),
        ("**Contributions**", "**Method**", "**Results**", "**Limitations**"),
        ("**1. Contributions:**", "**2. Methodology:**", "**3. Results:**", "**4. Conclusions:**"),
        ("## 1. 主要贡献和创新点", "## 2. 核心实验方法和设置", "## 3. 主要实验结果和性能指标",
         "## 4. 关键结论和发现"),
        ("## 一、贡献", "## 二、方法", "## 三、结果", "## 四、局限性"),
        ("## Beiträge", "## Methode", "## Ergebnisse", "## Grenzen und Ausblick"),
    ],
)  # fmt: skip
def test_a_sections_own_name_is_left_out(names: tuple[str, ...]) -> None:
    named = {field: f"{name}\n\n{GOOD[field]}" for field, name in zip(SECTIONS, names, strict=True)}
    assert read(good(**named)) == EXPECTED
    turned = {field: f"{names[0]}\n\n{GOOD[field]}" for field in SECTIONS[1:]}
    assert len(re.findall(r"^(?:#{3}|\*\*)", read(good(**turned)).body, re.M)) == 3


def test_an_answer_in_markdown_is_no_object() -> None:
    text = "**TL;DR:** It is fast.\n\n" + "\n\n".join(f"# {name}\n\nText." for name in SECTIONS)
    error = refused(text)
    assert error.reason is FailureReason.INVALID
    assert "JSON object" in error.complaint


def test_an_answer_may_name_the_tag_of_thoughts() -> None:
    assert "Up to </think>\n" in read(good(method="Up to </think>\n\nit goes.")).body
    assert read(f"Hm: {good(tldr='Up to </think> it goes.')}").tldr == "Up to </think> it goes."


@pytest.mark.parametrize("cut", [1, 2, 40, 200, 400])
def test_a_broken_off_answer_is_never_completed(cut: int) -> None:
    for text in (good(), f"```json\n{good()}", f"Here:\n{good()}"):
        assert refused(text[:-cut], truncated=True).reason is FailureReason.TRUNCATED
        error = refused(text[:-cut])
        assert error.reason is FailureReason.INVALID
        assert "closed" in error.complaint


def test_every_beginning_of_an_answer_is_refused() -> None:
    text = good()
    for end in range(len(text)):
        assert refused(text[:end], truncated=True).reason is FailureReason.TRUNCATED


def test_broken_off_otherwise() -> None:
    assert refused("The paper is about", truncated=True).reason is FailureReason.TRUNCATED
    assert refused("<think>and so on", truncated=True).reason is FailureReason.TRUNCATED
    # The limit was reached by words behind a whole object.
    assert read(f"{good()}\nThis object", truncated=True) == EXPECTED


@pytest.mark.parametrize(
    "text", ["", "  \n", "\ufeff", "<think>Hm.</think>\n", "<think>for ever", "\u200b\u202e\x00"]
)
def test_empty_answers(text: str) -> None:
    assert refused(text).reason is FailureReason.EMPTY


@pytest.mark.parametrize(
    "text",
    [
        "I'm sorry, but I can't help with that.",
        "I’m sorry, I can’t summarise this paper.",
        "I cannot assist with this request.",
        "Sorry, I am unable to process this document.",
        "As an AI language model, I can not do so.",
        "抱歉，我无法回答这个问题。",
        "我无法提供该内容的总结。",
        json.dumps(dict.fromkeys(FIELDS, "I'm sorry, but I can't help with that.")),
    ],
)
def test_refusals(text: str) -> None:
    assert refused(text).reason is FailureReason.REFUSED


def test_a_paper_on_refusals_is_none() -> None:
    long = "The study asks when models decline, and finds that they often do so. " * 12
    reply = read(
        good(tldr='"I\'m sorry" is what models say too often, this study finds.', method=long)
    )
    assert reply.tldr.startswith('"I\'m sorry"')


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("The paper is about decoding.", "no JSON object"),
        ("null", "no JSON object"),
        ("{}", "no JSON object"),
        ('{"title": "x"}', "no JSON object"),
        ('{"tldr": "the "best" one", "tags": []}', "valid JSON"),
        ("{'tldr': 'x'}", "no JSON object"),
        ('{"method": "an example", "results": 3}', "no JSON object"),
        (good(results=""), '"results"'),
        (good(results=None, method="\n- \n"), '"method", "results"'),
        (good(limitations="N/A"), '"limitations"'),
        (good(tldr="..."), '"tldr"'),
        (good(results={"a": 1}), '"results" must be text'),
        (good(tldr="x" * (MAX_TLDR + 1)), "at most 400"),
        (good(method="x y " * (MAX_BODY // 4)), "at most 20000"),
        (good(method="x y " * MAX_BODY), "at most 20000"),
        (good()[:-1] + ', "tldr": "Again."}', "more than once"),
    ],
)
def test_complaints_name_what_is_wrong(text: str, says: str) -> None:
    error = refused(text)
    assert error.reason is FailureReason.INVALID
    assert says in error.complaint


def test_tags_may_be_missing() -> None:
    assert read(good(tags=None)).tags == ()
    assert read(good(tags=[{"x": 1}, "n/a", "LLM"])).tags == ("LLM",)


def test_search_phrases_may_be_missing() -> None:
    assert read(good()).search_phrases == ()
    assert read(good(search_phrases=None)) == read(good())
    phrases = ["speed up an idle GPU", "让显卡不再空等"]
    assert read(good(search_phrases=phrases)).search_phrases == tuple(phrases)


def test_search_phrases_must_not_give_away_what_the_model_was_told() -> None:
    told = "You write summaries of scientific papers for a public archive. " * 4
    leaking = good(search_phrases=[told[at : at + 110] for at in range(0, 220, 110)])
    with pytest.raises(ReplyError, match="marker"):
        parse_reply(leaking, language="en", truncated=False, instructions=told)
    with pytest.raises(ReplyError, match="marker"):
        read(good(search_phrases=["=====paper-0123456789abcdef01234567====="]))


def test_characters_that_deceive_are_removed() -> None:
    text = good(
        tldr="a\u202egnp.exe\u2066 \u200bis\x07 safe\\ud800 enough", method="m\x1b[31m\ud800e"
    )
    reply = read(text.replace("\\\\ud800", "\\ud800"))
    assert reply.tldr == "agnp.exe is safe enough"
    assert "## Method\n\nm[31me\n" in reply.body
    (reply.tldr + reply.body).encode()


def test_an_answer_must_not_give_away_what_it_was_told() -> None:
    told = Prompt.load(None).instructions("en", [])
    start = told.index("Everything between")
    leak = " ".join(told[start : start + 230].split())
    with pytest.raises(ReplyError, match="repeats") as caught:
        parse_reply(good(method=leak), language="en", truncated=False, instructions=told)
    assert caught.value.reason is FailureReason.INVALID
    short = told[start : start + 150]
    parse_reply(good(method=short), language="en", truncated=False, instructions=told)
    marker = fence("T", [], "A", "", left_out=[]).split("\n")[0]
    assert "marker" in refused(good(results=f"As {marker} says")).complaint


@pytest.mark.parametrize(
    "attack",
    [
        "<script>hit()</script>",
        "<img src=x onerror=hit()>",
        "[x](javascript:hit())",
        "</section></main><script>hit()</script>",
        "```\n<script>hit()</script>",
        "<!-- daybook: summary en -->",
        "$$<script>hit()</script>$$",
    ],
)
def test_scripts_end_as_text(attack: str) -> None:
    for field in ("contributions", "method", "results", "limitations"):
        reply = read(good(**{field: f"Before.\n\n{attack}"}))
        page = render_block(reply.body)
        assert not re.search(
            r"<(?:script|img|section|/section|/main|!--)|href=\"javascript", page.html
        )
        assert [heading.text for heading in page.headings] == [
            *("Contributions", "Method", "Results", "Limitations and future work")
        ]


TEXTS = st.lists(
    st.sampled_from(
        [
            *(
                r"$\nabla$",
                r"$\to$",
                r"\frac{a}{b}",
                r"$\nu$",
                "\\",
                '"',
                "\n",
                "\n\n",
                "\t",
                "{",
                "}",
            ),
            *("About", "Nu", "é", "中文", "😀", ",", "]", " ", "[1]", "$", "/", "\\n", "x < y"),
        ]
    )
).map("".join)


@given(TEXTS, TEXTS, st.booleans(), st.sampled_from([None, 2]))
def test_what_was_encoded_well_comes_back(one, two, ascii_only, indent) -> None:
    written = GOOD | {"method": f"Start {one} x end.", "results": f"Start {two} x end."}
    reply = read(json.dumps(written, ensure_ascii=ascii_only, indent=indent))
    assert f"Start {one} x end." in reply.body
    assert f"Start {two} x end." in reply.body


PIECES = st.lists(
    st.sampled_from(
        [
            *(
                '{"tldr": "',
                '"tags": [',
                "}",
                "{",
                "[",
                "]",
                '"',
                ",",
                ":",
                "\\",
                "\\u12",
                "\\ud800",
            ),
            *("<think>", "</think>", "```json\n", "# Results\n", "TL;DR: x\n", "- ", "---\n", "$$"),
            *(
                good(),
                "null",
                "1e999",
                "-",
                "true",
                "\x00",
                "**Method**\n",
                "|",
                "> # x\n",
                "===\n",
            ),
        ]
    )
).map("".join)


@given(st.one_of(st.text(st.characters(codec=None)), PIECES), st.booleans())
def test_any_text_gives_a_reply_or_a_reply_error(text: str, truncated: bool) -> None:
    for answer in (text, good(method=text or "x")):
        try:
            reply = parse_reply(answer, language="en", truncated=truncated)
        except ReplyError as error:
            assert isinstance(error.reason, FailureReason)
        else:
            assert 0 < len(reply.tldr) <= MAX_TLDR
            assert "\n" not in reply.tldr
            assert len(reply.body) <= MAX_BODY
            (reply.tldr + reply.body).encode()


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (30_000, lambda size: '{"tldr":' * size),
        (50_000, lambda size: '{"' * size),
        (100_000, lambda size: "[" * size),
        (100_000, lambda size: '{"tldr": "' + "\\n" * size),
        (50_000, lambda size: '{"tldr": "' + "$\\to" * size),
        (5_000, lambda size: "# Results\n" * size),
        (20_000, lambda size: "<think>" * size),
        (20_000, lambda size: '{"a": 1}' * size),
        (4_000, lambda size: good(method="> " * size + "# x")),
        (4_000, lambda size: good(method="```\n" * size)),
        (3_000, lambda size: good(method="a\n===\n" * size)),
        (15_000, lambda size: good(method="\u200d" * size)),
        (9_000, lambda size: good(method="$$" * size)),
        (6_000, lambda size: good(method="**a" * size)),
        (18_000, lambda size: good(tldr="[" * size)),
    ],
)
def test_a_hostile_answer_takes_linear_time(size: int, text: Callable[[int], str]) -> None:
    def refused_or_read(size: int) -> None:
        with contextlib.suppress(ReplyError):
            read(text(size))

    assert_linear(refused_or_read, size)
