"""A model's answer → a Reply in our form, or what to complain of. Pure.

Lenient where the meaning is sure (``json_reply``, ``text_reply``), strict in what comes out: all
fields, one line of tldr, the four sections under our headings, in the language that was asked for.
"""

from __future__ import annotations

import re
from typing import Any

from generator.core.models import FailureReason
from generator.update.summarize.characters import clean, one_line
from generator.update.summarize.fields import SECTIONS
from generator.update.summarize.model import Reply, ReplyError
from generator.update.summarize.prompt import MARKER
from generator.update.summarize.reply import complaints
from generator.update.summarize.reply.form import body_of, section_of
from generator.update.summarize.reply.json_reply import find_object
from generator.update.summarize.reply.language import is_in
from generator.update.summarize.reply.tags import normalise
from generator.update.summarize.reply.text_reply import find_fields

MAX_TLDR, MAX_BODY = 400, 20_000
_MAX_ANSWER = 400_000  # characters; what is longer is no answer
_LEAK = 200  # characters of our instructions in a row

_THINKING = re.compile(r"\s*<(think(?:ing)?|reasoning)>(?P<thoughts>.*?)</\1>", re.DOTALL | re.I)
_OPEN_THINKING = re.compile(r"\s*<(?:think(?:ing)?|reasoning)>", re.I)
_END_OF_THINKING = re.compile(r"</(?:think(?:ing)?|reasoning)>\s*(?:\n|(?=[{\[])|\Z)", re.I)
_FIRST_LINE = re.compile(r"^\W*tl;dr\W*[:：]", re.I | re.M)  # of an answer in Markdown
_STARTS_WITH_ANSWER = re.compile(r"\s*(?:\{|\[|```)")
_REFUSAL = re.compile(
    r"\W*(?:(?:i['’]?m|i am) (?:very |so |really )?(?:sorry|afraid)|sorry\b|i apologi[sz]e|"
    r"(?:unfortunately,? )?i (?:can(?:['’]?t|not| not)|am (?:unable|not able)|won['’]?t)\b|"
    r"i['’]m (?:unable|not able)|as an ai\b|(?:很|非常)?(?:抱歉|对不起|對不起)|"
    r"(?:作为|作為)(?:一个|一個)?(?:ai|人工智能|语言模型)|我(?:无法|無法|不能)|申し訳|죄송)",
    re.I,
)
_LONGEST_REFUSAL = 1_500
_SAYS_NOTHING = re.compile(
    r"[\W_]*(?:n/?a|none|null|tbd|todo|empty|unknown|string|not applicable|无|暂无)?[\W_]*", re.I
)
_LABEL = re.compile(r"\A(?:[#>*_\s-]*tl;?dr[*_\s]*[:：][*_\s]*|[#>*-]+\s+)", re.I)
_EMPHASIS = re.compile(r"(\*\*|__|`)(?=\S)(.+?)(?<=\S)\1")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)\s]*\)")


def parse_reply(text: str, *, language: str, truncated: bool, instructions: str = "") -> Reply:
    """Read a model's answer.

    ``truncated`` says that it stopped at its limit of length. ``instructions`` is what the model
    was told, which must not come back. Tags are tidy, but not yet folded onto the archive's.
    Raises ReplyError, nothing else.
    """
    answer = _without_thoughts(text)
    if not clean(answer).strip():
        if truncated:  # all that it may write went into thoughts
            raise ReplyError(FailureReason.TRUNCATED, complaints.TRUNCATED)
        raise ReplyError(FailureReason.EMPTY, complaints.EMPTY)
    if len(answer) > _MAX_ANSWER:
        raise _invalid(complaints.too_long("answer", len(answer), _MAX_ANSWER))
    try:
        fields = _fields(answer, truncated=truncated)
        reply = _reply(fields, language)
    except ReplyError as error:
        if truncated and error.reason is FailureReason.INVALID:
            raise ReplyError(FailureReason.TRUNCATED, complaints.TRUNCATED) from error
        raise
    _check_leak(reply, instructions)
    _check_language(reply, fields, language)
    return reply


def _invalid(complaint: str) -> ReplyError:
    return ReplyError(FailureReason.INVALID, complaint)


def _without_thoughts(text: str) -> str:
    """The answer without what a model thought before it, in tags."""
    text = text.lstrip("\ufeff")
    if thinking := _THINKING.match(text):
        return text[thinking.end() :]
    if _OPEN_THINKING.match(text):  # it thought until it had to stop
        return ""
    # Some servers leave the opening tag out. A paper on reasoning may name the tag in the answer.
    end = _END_OF_THINKING.search(text)
    if not end or _STARTS_WITH_ANSWER.match(text) or _FIRST_LINE.search(text, 0, end.start()):
        return text
    return text[end.end() :]


def _fields(answer: str, *, truncated: bool) -> dict[str, Any]:
    found = find_object(answer)
    if found is not None:
        return found
    found = (
        None if _STARTS_WITH_ANSWER.match(answer) and "{" in answer[:40] else find_fields(answer)
    )
    if found is not None:
        if truncated:
            raise ReplyError(FailureReason.TRUNCATED, complaints.TRUNCATED)
        return found
    if len(answer) <= _LONGEST_REFUSAL and _REFUSAL.match(answer):
        raise ReplyError(FailureReason.REFUSED, complaints.REFUSED)
    raise _invalid(complaints.NO_OBJECT)


def _reply(fields: dict[str, Any], language: str) -> Reply:
    tldr = _sentence(_text(fields.get("tldr"), "tldr"))
    sections = {
        field: section_of(field, clean(_text(fields.get(field), field))) for field in SECTIONS
    }
    # A paper on refusals may well begin like one, but then there is more to say of it.
    if _REFUSAL.match(tldr) and sum(map(len, sections.values())) < _LONGEST_REFUSAL // 2:
        raise ReplyError(FailureReason.REFUSED, complaints.REFUSED)
    texts = {"tldr": tldr, **sections}
    if empty := [field for field, text in texts.items() if _SAYS_NOTHING.fullmatch(text)]:
        raise _invalid(complaints.unfilled(empty))
    if len(tldr) > MAX_TLDR:
        raise _invalid(complaints.too_long("tldr", len(tldr), MAX_TLDR))
    body = body_of(sections, language)
    if len(body) > MAX_BODY:
        raise _invalid(complaints.too_long("the four sections together", len(body), MAX_BODY))
    return Reply(tldr=tldr, tags=_tags(fields.get("tags")), body=body)


def _text(value: Any, field: str) -> str:
    """A field's text; a list of texts is read as one with a line each."""
    if value is None:
        return ""
    limit = 4 * MAX_TLDR if field == "tldr" else MAX_BODY
    if isinstance(value, str | list) and len(value) > limit:
        raise _invalid(complaints.too_long(field, len(value), limit))
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        items = [item.strip() for item in value if item.strip()]
        if field == "tldr":
            return " ".join(items)
        if any("\n" in item or re.match(r"[#>|-]|[*+] |\d+[.)] |```", item) for item in items):
            return "\n\n".join(items)
        return "\n".join(f"- {item}" for item in items)
    raise _invalid(complaints.not_text(field))


def _sentence(text: str) -> str:
    """A tldr as plain text on one line."""
    line = one_line(_LINK.sub(r"\1", text))
    line = _EMPHASIS.sub(r"\2", _LABEL.sub("", line))
    if len(line) > 2 and line[0] + line[-1] in ('""', "“”", "「」"):
        line = line[1:-1]
    return line.strip()


def _tags(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        value = re.split(r"[,，、;；\n]", value)
    if not isinstance(value, list):
        return ()
    return normalise([tag for tag in value if isinstance(tag, str)], {})


def _check_leak(reply: Reply, instructions: str) -> None:
    """Refuse an answer that gives away what the model was told."""
    written = " ".join(f"{reply.tldr}\n{reply.body}".split())
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
    """How many characters two texts share around a place where they are the same."""
    before = 0
    while before < min(start, position) and one[start - before - 1] == other[position - before - 1]:
        before += 1
    length = 0
    end = min(len(one) - start, len(other) - position)
    while length < end and one[start + length] == other[position + length]:
        length += 1
    return before + length


def _check_language(reply: Reply, fields: dict[str, Any], language: str) -> None:
    """Refuse an answer in another language, be it in one section only."""
    parts = [reply.tldr, *(_text(fields[field], field) for field in SECTIONS)]
    whole = "\n\n".join(parts)
    if not is_in(language, whole) or not all(is_in(language, p, part=True) for p in parts):
        raise ReplyError(FailureReason.LANGUAGE, complaints.wrong_language(language))
