"""The form of a summary's body is ours: four sections under fixed headings.

What a model wrote inside a section cannot step out of it: its headings become subheadings, a code
block that it left open is closed. Where those stand, pulldown-cmark tells, which renders the pages.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

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
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_TOP = 3  # the highest level of a heading inside a section
_LONGEST_HEADING = 80


def body_of(sections: Mapping[str, str], language: str) -> str:
    """The four sections, made by ``section_of``, as one text under the language's headings."""
    names = headings(language)
    texts = [sections[field] for field in SECTIONS]
    body = _below(names, texts)
    for sign, as_text in _AMBIGUOUS:  # one section's open code can hide the next one's formula
        if not _stands_alone(body, names):
            texts = [_formed(text.replace(sign, as_text)) for text in texts]
            body = _below(names, texts)
    return body


def _below(names: Sequence[str], texts: Sequence[str]) -> str:
    return "\n\n".join(f"## {name}\n\n{text}" for name, text in zip(names, texts, strict=True))


def section_of(field: str, text: str) -> str:
    """The Markdown of one section, so that it can stand below its heading and above the next."""
    text = _LAST_RULES.sub("", _DEEP.sub("", text.strip("\n").rstrip())).rstrip()
    first, _, rest = text.partition("\n")
    if re.match(r" {0,3}(?:#|\*\*|__)", first) and field_of(first) == field and rest.strip():
        text = rest.strip("\n")  # the model repeated the section's name
    text = _DISPLAY.sub(lambda formula: _LONE_SIGN.sub(r"\1{\2}\3", formula[0]), text)
    formed = _formed(text)
    for sign, as_text in _AMBIGUOUS:
        if not _stands_alone(f"{_below(('above',), (formed,))}\n\n## below", ("above", "below")):
            text = text.replace(sign, as_text)
            formed = _formed(text)
    return formed


def _formed(text: str) -> str:
    return _closed(_demoted(_closed(text)).rstrip())


def _stands_alone(body: str, names: Sequence[str]) -> bool:
    """Whether these headings are the only ones of their rank on a page."""
    page = render_block(body, top_heading=2)
    return [heading.text for heading in page.headings if heading.level == 2] == list(names)


def _masked(text: str) -> str:
    """The text without raw HTML, which is text for ``render`` and no block of its own."""
    return text.replace("<", "x")


def _events(text: str) -> list[tuple[Any, int, int]]:
    found = pyromark.events_with_range(_masked(text), options=_OPTIONS)
    return [(event, place["start"], place["end"]) for event, place in found]


def _closed(text: str) -> str:
    """Close the code block that is open at the end. One in a list or quotation ends with it."""
    for event, start, _ in reversed(_events(text)):
        block = event.get("Start") if isinstance(event, dict) else None
        if isinstance(block, dict) and "CodeBlock" in block:
            mark = _FENCE.match(_masked(text).encode()[start:].decode())
            return f"{text}\n{mark[1]}" if mark and _swallows(text) else text
    return text


def _swallows(text: str) -> bool:
    """Whether a heading below the text would be part of the text."""
    last, _, _ = _events(f"{text}\n\n## x")[-1]
    return not (isinstance(last, dict) and last.get("End") == {"Heading": "H2"})


def _demoted(text: str) -> str:
    """Move all headings below ours, and keep their order of ranks."""
    found = [
        (int(event["Start"]["Heading"]["level"][1]), start, end)
        for event, start, end in _events(text)
        if isinstance(event, dict)
        and isinstance(event.get("Start"), dict)
        and "Heading" in event["Start"]
    ]
    down = max((_TOP - level for level, *_ in found), default=0)
    source = text.encode()
    for level, start, end in reversed(found):
        marks = b"#" * min(6, level + max(0, down))
        source = source[:start] + _heading(source[start:end], marks) + source[end:]
    return source.decode()


def _heading(source: bytes, marks: bytes) -> bytes:
    """A heading at another level, or what was meant where a paragraph became one by accident."""
    underline = _UNDERLINE.search(source)
    if not underline:
        return _ATX.sub(marks, source, count=1)
    text = source[: underline.start()].decode().strip()
    if len(text) <= _LONGEST_HEADING and "\n" not in text and text[-1:] not in _SENTENCE_END:
        return marks + b" " + text.encode() + b"\n"
    # Most who write a paragraph and a line of dashes below it want to draw a line.
    drawn = b"***" if underline[1].startswith(b"-") else b""
    return source[: underline.start(1)] + drawn + source[underline.end(1) :]
