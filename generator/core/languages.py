"""The names of languages, in their own words, for those who look for theirs."""

from __future__ import annotations

from functools import lru_cache

from babel import Locale, UnknownLocaleError

# Where readers use another name than Unicode's (https://cldr.unicode.org).
_USUAL = {"id": "Bahasa Indonesia"}


@lru_cache
def language_name(tag: str) -> str:
    """Return a language's own name for itself; of one that Unicode does not name, the tag.

    >>> language_name("zh-hant"), language_name("pt-BR"), language_name("tlh")
    ('繁體中文', 'Português (Brasil)', 'tlh')
    """
    try:
        locale = Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        return tag
    name = str(locale.languages.get(str(locale)) or locale.get_display_name() or tag)
    return _USUAL.get(tag.lower(), name[:1].upper() + name[1:])
