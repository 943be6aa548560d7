"""The glossary of terms in two languages: read, checked, and used to widen a query. Pure.

The file is ``site_src/assets/glossary.json``: a list of entries ``{"zh": [...], "en": [...]}``,
each with the forms of one term; the first is what the other language's forms are widened to.
The browser reads the same file; ``site_src/assets/search/glossary.js`` is the twin of ``segments``.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from typing import Any

from generator.core.errors import ConfigError

# Each form in lower case, with the term of the other language.
Glossary = Mapping[str, str]

_LANGUAGES = ("zh", "en")
_LONGEST = 60  # the browser looks no further for a term


def parse_glossary(data: bytes, name: str) -> Glossary:
    """Read a glossary; ``name`` is the file's in messages. Raises ConfigError with the place."""
    try:
        entries = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise _broken(f"{name}, line {line}", "it is no UTF-8") from error
    except json.JSONDecodeError as error:
        raise _broken(f"{name}, line {error.lineno}", f"it is no JSON: {error.msg}") from error
    if not isinstance(entries, list):
        raise _broken(name, "it is no list of entries")
    glossary: dict[str, str] = {}
    for number, entry in enumerate(entries, 1):
        place = f"{name}, entry {number}, {json.dumps(entry, ensure_ascii=False)[:80]}"
        if problem := _problem(entry):
            raise _broken(place, problem)
        for language, other in (_LANGUAGES, _LANGUAGES[::-1]):
            for form in entry[language]:
                if form.lower() in glossary:
                    raise _broken(place, f"{form!r} is there twice, here or in an earlier entry")
                glossary[form.lower()] = entry[other][0]
    return glossary


def segments(text: str, glossary: Glossary) -> list[tuple[str, str]]:
    """Cut a query into its terms, each with the other language's, and what is between, with "".

    >>> segments("fast 投机解码", {"投机解码": "speculative decoding"})
    [('fast ', ''), ('投机解码', 'speculative decoding')]
    """
    lower = text.lower()
    found: list[tuple[str, str]] = []
    at = start = 0
    while at < len(text):
        term = _longest(lower, at, glossary)
        if not term:
            at += 1
            continue
        if at > start:
            found.append((text[start:at], ""))
        found.append((text[at : at + len(term)], glossary.get(term) or glossary[term[:-1]]))
        at += len(term)
        start = at
    if start < len(text):
        found.append((text[start:], ""))
    return found


def _longest(lower: str, at: int, glossary: Glossary) -> str:
    """Return the longest term at a place, Latin ones as whole words, in the plural too."""
    for end in range(min(len(lower), at + _LONGEST), at, -1):
        form = lower[at:end]
        known = form in glossary or (form.endswith("s") and form[:-1] in glossary)
        if known and not _inside(lower, at) and not _inside(lower, end):
            return form
    return ""


def _inside(text: str, at: int) -> bool:
    """Tell whether a place is inside a Latin word."""
    return 0 < at < len(text) and _is_latin(text[at - 1]) and _is_latin(text[at])


def _is_latin(character: str) -> bool:
    if character.isascii():
        return character.isalnum()
    if unicodedata.category(character).startswith("N"):
        return True
    return "LATIN " in unicodedata.name(character, "")


def _problem(entry: Any) -> str:
    """Say what is wrong with an entry; "" for a good one."""
    if not isinstance(entry, dict) or set(entry) != set(_LANGUAGES):
        return 'an entry has "zh" and "en", and nothing else'
    for language in _LANGUAGES:
        forms = entry[language]
        if not isinstance(forms, list) or not forms:
            return f'"{language}" is no list of at least one term'
        for form in forms:
            if not isinstance(form, str) or not any(map(str.isalnum, form)):
                return f'"{language}" has {form!r}, which is no term'
            if form != " ".join(form.split()) or '"' in form or len(form) > _LONGEST:
                return (
                    f'"{language}" has {form[:80]!r}: a term has no quotation mark, single spaces '
                    f"between its words and none around them, and at most {_LONGEST} characters"
                )
    return ""


def _broken(item: str, why: str) -> ConfigError:
    return ConfigError(
        "The search glossary is broken",
        item=item,
        why=why,
        todo='Write each entry as {"zh": ["投机解码"], "en": ["speculative decoding"]}',
    )
