"""What the site says, in the language of its readers: sentences, counts, dates, lists.

English sentences stand in code and templates, and are the ids of their translations in
``locale/<language>.po`` (gettext's format). A place such as ``{papers}`` is filled after the
translation, and what fills it is never read as a sentence with places: untrusted text stays text.
CONTRIBUTING.md says how to add a sentence or a language.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Any, Literal, get_args

from babel.dates import format_date, format_interval
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

# The language of the code first; each other one has a catalogue.
Language = Literal["en", "zh"]
LANGUAGES: tuple[str, ...] = get_args(Language)

_LOCALE = Path(__file__).with_name("locale")
_PLACE = re.compile(r"\{(\w+)\}")


def message(text: str) -> str:
    """Mark a sentence that is translated elsewhere, where it is shown; return it."""
    return text


# In CLDR's letters (https://unicode.org/reports/tr35/tr35-dates.html#Date_Format_Patterns).
LONG_DATE = message("EEEE d MMMM y")
SHORT_DATE = message("d MMMM y")
MONTH = message("MMMM y")

# What stands between two of a list.
COMMA = message("{item}, {next}")
SEMICOLON = message("{item}; {next}")
AND = message("{item} and {next}")
_SENTENCES = message("{item} {next}")


@dataclass(frozen=True, slots=True)
class Texts:
    """All that is said in one language; ``language`` is its tag."""

    language: str
    translations: NullTranslations

    def text(self, sentence: str, /, **values: str | int) -> str:
        """Return the sentence in this language, with the values in its places."""
        return _filled(self.translations.gettext(sentence), values)

    def counted(self, count: int, one: str, many: str, /, **values: str | int) -> str:
        """Return the sentence for that number, which is its ``{count}``: ``1,204 papers``."""
        sentence = self.translations.ngettext(one, many, count)
        return _filled(sentence, {"count": count, **values})

    def dated(self, day: date, pattern: str) -> str:
        """Write a day by the translation of a pattern."""
        return _date(day, self.translations.gettext(pattern), self.language)

    def long_date(self, day: date) -> str:
        """Write a day as ``Thursday 5 February 2026``."""
        return self.dated(day, LONG_DATE)

    def short_date(self, day: date) -> str:
        """Write a day as ``5 February 2026``."""
        return self.dated(day, SHORT_DATE)

    def month(self, month: str) -> str:
        """Write a month, ``2026-02``, as ``February 2026``."""
        return self.dated(date(int(month[:4]), int(month[5:]), 1), MONTH)

    def between(self, first: date, last: date) -> str:
        """Write two different days, and those between, as ``2–8 Feb 2026``."""
        # The order of day and month is Britain's, as in the patterns.
        locale = "en_GB" if self.language == "en" else self.language
        return format_interval(first, last, "yMMMd", locale=locale)

    def listed(self, items: Iterable[str], joint: str = COMMA) -> str:
        """Join items as ``A, B, C``."""
        return self.text(joint, item="", next="").join(items)

    def sentences(self, items: Iterable[str]) -> str:
        """Join sentences to one text; what is "" is left out."""
        return self.listed(filter(None, items), _SENTENCES)

    def foreign(self, markdown: str, language: str = "en") -> str:
        """Mark a piece of a line as being in ``language``, where the page is in another."""
        if language == self.language or not markdown:
            return markdown
        return f'<span lang="{language}">{markdown}</span>'


ENGLISH = Texts(LANGUAGES[0], NullTranslations())


@lru_cache
def texts_in(language: str) -> Texts:
    """Return the texts in one of ``LANGUAGES``; its catalogue is read once."""
    if language == LANGUAGES[0]:
        return ENGLISH
    compiled = BytesIO()
    write_mo(compiled, _catalogue(language))
    compiled.seek(0)
    return Texts(language, GNUTranslations(compiled))


def browser_texts(language: str) -> str:
    """Return a script with the sentences of the site's scripts, for a language that is not English.

    C's expression for the plural is JavaScript's too.
    """
    catalogue = _catalogue(language)
    messages = _used_in(".js", catalogue)
    table = json.dumps(messages, ensure_ascii=False, indent=1)
    plural = f"(n) => Number({catalogue.plural_expr})"
    return f"globalThis.daybookTexts = {{ plural: {plural}, messages: {table} }};\n"


def browser_styles(language: str) -> str:
    """Return a style sheet with the words that the site's has as ``var(--text-<word>)``."""
    words = _used_in(".css", _catalogue(language))
    rules = "".join(
        f"  --text-{word}: {json.dumps(said, ensure_ascii=False)};\n"
        for word, said in words.items()
    )
    return f":root {{\n{rules}}}\n"


def _used_in(suffix: str, catalogue: Catalog) -> dict[str, Any]:
    """Return the translations that files of one kind need, by the English."""
    return {
        entry.id if isinstance(entry.id, str) else entry.id[0]: entry.string
        for entry in catalogue
        if any(path.endswith(suffix) for path, _ in entry.locations)
    }


@lru_cache
def _catalogue(language: str) -> Catalog:
    with (_LOCALE / f"{language}.po").open("rb") as file:
        return read_po(file, language, abort_invalid=True)


@lru_cache(maxsize=10_000)
def _date(day: date, pattern: str, language: str) -> str:
    return format_date(day, pattern, locale=language)


def _filled(sentence: str, values: dict[str, str | int]) -> str:
    if not values:
        return sentence
    return _PLACE.sub(lambda place: _written(values[place[1]]), sentence)


def _written(value: str | int) -> str:
    # English and Chinese group digits alike.
    return value if isinstance(value, str) else f"{value:,}"
