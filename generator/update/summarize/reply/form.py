"""The form of a summary's body is ours: four sections under fixed headings.

What a model wrote inside a section cannot step out of it: its headings become subheadings, a code
block that it left open is closed. Where those stand, pulldown-cmark tells, which renders the pages.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import pyromark

from generator.markup.render import render_block
from generator.update.summarize.fields import SECTIONS, field_of, headings

_OPTIONS = (
    pyromark.Options.ENABLE_TABLES
    | pyromark.Options.ENABLE_STRIKETHROUGH
    | pyromark.Options.ENABLE_TASKLISTS
)
# In a formula a line of its own with an equals sign would make a heading of what is above it.
_DISPLAY = re.compile(r"\$\$(?:[^$\n]|\n(?![ \t]*\n))+\$\$")
_LONE_SIGN = re.compile(r"^([ \t]*)(=+|-+)([ \t]*)$", re.MULTILINE)
# Where a formula or HTML ends can depend on what else begins there, and then ``render`` may see
# other headings and blocks than we do: then these signs are made text.
_AMBIGUOUS = (("$$", r"\$\$"), ("<", r"\<"))
_SENTENCE_END = tuple(".。!！?？;；:：,，|")
_ATX = re.compile(rb"#{1,6}")
_UNDERLINE = re.compile(rb"\n[ \t>]*(=+|-+)[ \t]*\n?\Z")
_LAST_RULES = re.compile(r"(?:\n[ \t]*(?:-[ \t]*|\*[ \t]*|_[ \t]*){3,})+\Z")
# Nobody nests quotations and lists so deep, and parsers need long for it.
_DEEP = re.compile(r"^(?:[ \t]*(?:>|[-*+][ \t]|\d{1,9}[.)][ \t])){30,}", re.MULTILINE)
_FENCE = re.compile(rb" {0,3}(`{3,}|~{3,})")
_TOP = 3  # the highest level of a heading inside a section
_LONGEST_HEADING = 80


def section_of(field: str, text: str) -> str:
    """Return the Markdown of a section without its own name, rules at its end, or deep nesting."""
    text = _LAST_RULES.sub("", _DEEP.sub("", text.strip("\n").rstrip())).rstrip()
    first, _, rest = text.partition("\n")
    if re.match(r" {0,3}(?:#|\*\*|__)", first) and field_of(first) == field and rest.strip():
        text = rest.strip("\n")  # the model repeated the section's name
    return _DISPLAY.sub(lambda formula: _LONE_SIGN.sub(r"\1{\2}\3", formula[0]), text)


def body_of(sections: Mapping[str, str], language: str) -> str:
    """Return the four sections, made by ``section_of``, as one text under a language's headings.

    Each section is parsed once, and the whole is rendered once; more is only done for a body that
    then shows other headings of the first rank than ours.
    """
    names = headings(language)
    texts = [_formed(sections[field]) for field in SECTIONS]
    body = _below(names, texts)
    if _stands_alone(body, names):
        return body
    for sign, as_text in _AMBIGUOUS:  # first only in the sections that are to blame by themselves
        texts = [text if _is_sound(text) else text.replace(sign, as_text) for text in texts]
    for sign, as_text in _AMBIGUOUS:  # one section's open code can hide the next one's formula
        body = _below(names, texts)
        if _stands_alone(body, names):
            return body
        texts = [text.replace(sign, as_text) for text in texts]
    return _below(names, texts)


def _below(names: Sequence[str], texts: Sequence[str]) -> str:
    return "\n\n".join(f"## {name}\n\n{text}" for name, text in zip(names, texts, strict=True))


def _stands_alone(body: str, names: Sequence[str]) -> bool:
    """Tell whether these headings are the only ones of their rank on a page."""
    page = render_block(body, top_heading=2)
    return [heading.text for heading in page.headings if heading.level == 2] == list(names)


def _is_sound(text: str) -> bool:
    return _stands_alone(_below(("above", "below"), (text, "")), ("above", "below"))


def _formed(text: str) -> str:
    """Move all headings below ours, in their order of ranks, and close a code block left open.

    A heading behind the text tells whether one is open; one in a list or quotation ends with it.
    """
    # Raw HTML is text for ``render``, and no block of its own.
    probe = f"{text.replace('<', 'x')}\n\n## x"
    found: list[tuple[int, int, int]] = []  # each heading's level, first byte, byte behind the last
    code = 0  # the first byte of the last code block
    event: object = None
    for event, place in pyromark.events_with_range(probe, options=_OPTIONS):
        match event:
            case {"Start": {"Heading": {"level": str(level)}}}:
                found.append((int(level[1]), place["start"], place["end"]))
            case {"Start": {"CodeBlock": _}}:
                code = place["start"]
    is_open = event != {"End": {"Heading": "H2"}}
    if not is_open:
        found.pop()
    source = text.encode()
    down = max([0, *(_TOP - rank for rank, *_ in found)])
    for rank, start, end in reversed(found):
        marks = b"#" * min(6, rank + down)
        source = source[:start] + _heading(source[start:end], marks) + source[end:]
    formed = source.decode().rstrip()
    fence = _FENCE.match(probe.encode(), code) if is_open else None
    return f"{formed}\n{fence[1].decode()}" if fence else formed


def _heading(source: bytes, marks: bytes) -> bytes:
    """Return a heading at another level, or what was meant where a paragraph became one."""
    underline = _UNDERLINE.search(source)
    if not underline:
        return _ATX.sub(marks, source, count=1)
    text = source[: underline.start()].decode().strip()
    if len(text) <= _LONGEST_HEADING and "\n" not in text and text[-1:] not in _SENTENCE_END:
        return marks + b" " + text.encode() + b"\n"
    # Most who write a paragraph and a line of dashes below it want to draw a line.
    drawn = b"***" if underline[1].startswith(b"-") else b""
    return source[: underline.start(1)] + drawn + source[underline.end(1) :]
