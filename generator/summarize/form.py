"""The form of a summary's body is ours: four sections under fixed headings.

What a model wrote inside a section cannot step out of it: its headings become subheadings, a code
block that it left open is closed. Where those stand, pulldown-cmark tells, which renders the pages.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pyromark

from generator.summarize.fields import SECTIONS, field_of, headings

_OPTIONS = (
    pyromark.Options.ENABLE_TABLES
    | pyromark.Options.ENABLE_STRIKETHROUGH
    | pyromark.Options.ENABLE_TASKLISTS
)
# Formulas and raw HTML are no Markdown for ``render``, so they must not be for us: letters stand in
# their place, as many as they have bytes, for pulldown-cmark counts these.
_DISPLAY = re.compile(r"\$\$(?:[^$\n]|\n(?![ \t]*\n))+\$\$")
_NOT_BREAK = re.compile(r"[^\n]")
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
    """The four sections as one Markdown text under the headings of the language."""
    return "\n\n".join(
        f"## {heading}\n\n{sections[field]}"
        for field, heading in zip(SECTIONS, headings(language), strict=True)
    )


def section_of(field: str, text: str) -> str:
    """The Markdown of one section, so that it can stand below its heading and above the next."""
    text = _LAST_RULES.sub("", _DEEP.sub("", text.strip("\n").rstrip())).rstrip()
    first, _, rest = text.partition("\n")
    if re.match(r" {0,3}(?:#|\*\*|__)", first) and field_of(first) == field and rest.strip():
        text = rest.strip("\n")  # the model repeated the section's name
    return _closed(_demoted(_closed(text)))


def _masked(text: str) -> str:
    text = _DISPLAY.sub(lambda found: _NOT_BREAK.sub(_letters, found[0]), text)
    return text.replace("<", "x")


def _letters(character: re.Match[str]) -> str:
    return "x" * len(character[0].encode())


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
    if source.startswith(b"#"):
        return _ATX.sub(marks, source, count=1)
    underline = _UNDERLINE.search(source)
    if not underline:
        return source
    text = source[: underline.start()].decode().strip()
    if len(text) <= _LONGEST_HEADING and "\n" not in text and text[-1:] not in _SENTENCE_END:
        return marks + b" " + text.encode() + b"\n"
    # Most who write a paragraph and a line of dashes below it want to draw a line.
    drawn = b"***" if underline[1].startswith(b"-") else b""
    return source[: underline.start(1)] + drawn + source[underline.end(1) :]
