"""A model's answer → a Reply in our form, or what to complain of. Pure.

Lenient where the meaning is sure (``json_reply``), strict in what comes out: all fields, one line
of tldr, the four sections under our headings, in the language that was asked for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import takewhile
from types import MappingProxyType
from typing import Any

from generator.core.summaries import FailureReason
from generator.update.summarize.characters import clean, one_line
from generator.update.summarize.fields import SEARCH_PHRASES, SECTIONS, english_name
from generator.update.summarize.model import Reply, ReplyError
from generator.update.summarize.prompt import MARKER
from generator.update.summarize.reply import complaints
from generator.update.summarize.reply.form import body_of, section_of
from generator.update.summarize.reply.json_reply import find_object
from generator.update.summarize.reply.language import is_in
from generator.update.summarize.reply.phrases import tidy_phrases
from generator.update.summarize.reply.tags import normalise

MAX_TLDR, MAX_BODY = 400, 20_000
_MAX_ANSWER = 400_000  # characters; what is longer is no answer
_LEAK = 200  # characters of our instructions in a row

_THINKING = re.compile(r"\s*<(think(?:ing)?|reasoning)>(?P<thoughts>.*?)</\1>", re.DOTALL | re.I)
_OPEN_THINKING = re.compile(r"\s*<(?:think(?:ing)?|reasoning)>", re.I)
_END_OF_THINKING = re.compile(r"</(?:think(?:ing)?|reasoning)>\s*(?:\n|(?=[{\[])|\Z)", re.I)
_STARTS_WITH_ANSWER = re.compile(r"\s*(?:\{|\[|```)")
_REFUSAL = re.compile(
    r"\W*(?:(?:i['’]?m|i am) (?:very |so |really )?(?:sorry|afraid)|sorry\b|i apologi[sz]e|"
    r"(?:unfortunately,? )?i (?:can(?:['’]?t|not| not)|am (?:unable|not able)|won['’]?t)\b|"
    r"i['’]m (?:unable|not able)|as an ai\b|(?:很|非常)?(?:抱歉|对不起|對不起)|"
    r"(?:作为|作為)(?:一个|一個)?(?:ai|人工智能|语言模型)|我(?:无法|無法|不能)|申し訳|죄송)",
    re.I,
)
_LONGEST_REFUSAL, _SHORT_BODY = 1_500, 750
_SAYS_NOTHING = re.compile(
    r"[\W_]*(?:n/?a|none|null|tbd|todo|empty|unknown|string|not applicable|无|暂无)?[\W_]*", re.I
)
_LABEL = re.compile(r"\A(?:[#>*_\s-]*tl;?dr[*_\s]*[:：][*_\s]*|[#>*-]+\s+)", re.I)
_EMPHASIS = re.compile(r"(\*\*|__|`)(?=\S)(.+?)(?<=\S)\1")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)\s]*\)")


def parse_reply(
    text: str,
    *,
    language: str,
    truncated: bool,
    instructions: str = "",
    known_tags: Mapping[str, str] = MappingProxyType({}),
) -> Reply:
    """Read a model's answer: its object is parsed once, the body made of it rendered once.

    ``truncated`` says that it stopped at its limit of length. ``instructions`` is what the model
    was told, which must not come back. ``known_tags`` has the archive's spellings by slug.
    Raises ReplyError, nothing else.
    """
    answer = _without_thoughts(text)
    if not clean(answer).strip():
        if truncated:  # all that it may write went into thoughts
            raise ReplyError(FailureReason.TRUNCATED, complaints.TRUNCATED)
        raise ReplyError(FailureReason.EMPTY, complaints.EMPTY)
    if len(answer) > _MAX_ANSWER:
        raise _invalid(complaints.TOO_LONG.format("answer", len(answer), _MAX_ANSWER))
    try:
        fields = _fields(answer)
        texts = _texts(fields)
        body = _body(texts, language)
    except ReplyError as error:
        if truncated and error.reason is FailureReason.INVALID:
            raise ReplyError(FailureReason.TRUNCATED, complaints.TRUNCATED) from error
        raise
    reply = Reply(
        tldr=texts["tldr"],
        tags=_tags(fields.get("tags"), known_tags),
        search_phrases=tidy_phrases(fields.get(SEARCH_PHRASES)),
        body=body,
    )
    _check_leak(reply, instructions)
    if not is_in(language, *texts.values()):
        raise ReplyError(
            FailureReason.LANGUAGE, complaints.WRONG_LANGUAGE.format(english_name(language))
        )
    return reply


def _invalid(complaint: str) -> ReplyError:
    return ReplyError(FailureReason.INVALID, complaint)


def _without_thoughts(text: str) -> str:
    """Return the answer without what a model thought before it, in tags."""
    text = text.lstrip("\ufeff")
    if thinking := _THINKING.match(text):
        return text[thinking.end() :]
    if _OPEN_THINKING.match(text):  # it thought until it had to stop
        return ""
    # Some servers leave the opening tag out. A paper on reasoning may name the tag in the answer.
    end = _END_OF_THINKING.search(text)
    return text[end.end() :] if end and not _STARTS_WITH_ANSWER.match(text) else text


def _fields(answer: str) -> dict[str, Any]:
    found = find_object(answer)
    if found is not None:
        return found
    if len(answer) <= _LONGEST_REFUSAL and _REFUSAL.match(answer):
        raise ReplyError(FailureReason.REFUSED, complaints.REFUSED)
    raise _invalid(complaints.NO_OBJECT)


def _texts(fields: Mapping[str, Any]) -> dict[str, str]:
    """Return all that is prose in an answer: its tldr, and its sections, not yet in our form."""
    return {"tldr": _sentence(_text(fields, "tldr"))} | {
        field: section_of(field, clean(_text(fields, field))) for field in SECTIONS
    }


def _body(texts: Mapping[str, str], language: str) -> str:
    """Return the body that the sections make, where they and the tldr are as asked."""
    tldr = texts["tldr"]
    # A paper on refusals may well begin like one, but then there is more to say of it.
    if _REFUSAL.match(tldr) and sum(len(texts[field]) for field in SECTIONS) < _SHORT_BODY:
        raise ReplyError(FailureReason.REFUSED, complaints.REFUSED)
    if empty := [field for field, text in texts.items() if _SAYS_NOTHING.fullmatch(text)]:
        names = ", ".join(f'"{field}"' for field in empty)
        raise _invalid(complaints.UNFILLED.format(names))
    if len(tldr) > MAX_TLDR:
        raise _invalid(complaints.TOO_LONG.format("tldr", len(tldr), MAX_TLDR))
    body = body_of(texts, language)
    if len(body) > MAX_BODY:
        raise _invalid(
            complaints.TOO_LONG.format("the four sections together", len(body), MAX_BODY)
        )
    return body


def _text(fields: Mapping[str, Any], field: str) -> str:
    """Return a field's text; a list of texts is read as one with a line each."""
    value = fields.get(field)
    if value is None:
        return ""
    limit = 4 * MAX_TLDR if field == "tldr" else MAX_BODY
    if isinstance(value, str | list) and len(value) > limit:
        raise _invalid(complaints.TOO_LONG.format(field, len(value), limit))
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        items = [item.strip() for item in value if item.strip()]
        if field == "tldr":
            return " ".join(items)
        if any("\n" in item or re.match(r"[#>|-]|[*+] |\d+[.)] |```", item) for item in items):
            return "\n\n".join(items)
        return "\n".join(f"- {item}" for item in items)
    raise _invalid(complaints.NOT_TEXT.format(field))


def _sentence(text: str) -> str:
    """Return a tldr as plain text on one line."""
    line = one_line(_LINK.sub(r"\1", text))
    line = _EMPHASIS.sub(r"\2", _LABEL.sub("", line))
    if len(line) > 2 and line[0] + line[-1] in ('""', "“”", "「」"):
        line = line[1:-1]
    return line.strip()


def _tags(value: Any, known: Mapping[str, str]) -> tuple[str, ...]:
    if isinstance(value, str):
        value = re.split(r"[,，、;；\n]", value)
    if not isinstance(value, list):
        return ()
    return normalise([tag for tag in value if isinstance(tag, str)], known)


def _check_leak(reply: Reply, instructions: str) -> None:
    """Refuse an answer that gives away what the model was told."""
    written = " ".join("\n".join((reply.tldr, reply.body, *reply.search_phrases)).split())
    told = " ".join(instructions.split())
    # Each run of 200 characters holds a whole piece of 100 that begins at a multiple of 100.
    step = _LEAK // 2
    for start in range(0, len(told) - step + 1, step):
        position = written.find(told[start : start + step])
        if position >= 0 and _common_run(told, start, written, position) > _LEAK:
            raise _invalid(complaints.LEAKED)
    if MARKER.search(written) or any(MARKER.search(tag) for tag in reply.tags):
        raise _invalid(complaints.LEAKED)


def _common_run(one: str, start: int, other: str, position: int) -> int:
    """Count the characters that two texts share around a place where they are the same."""
    after = _common_beginning(one[start:], other[position:])
    return after + _common_beginning(one[:start][::-1], other[:position][::-1])


def _common_beginning(one: str, other: str) -> int:
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
