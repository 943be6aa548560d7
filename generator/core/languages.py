"""The names of languages."""

from __future__ import annotations

# In their own language, for those who look for it.
_LANGUAGES = {
    **{"ar": "العربية", "cs": "Čeština", "da": "Dansk", "de": "Deutsch", "el": "Ελληνικά"},
    **{"en": "English", "es": "Español", "fa": "فارسی", "fi": "Suomi", "fr": "Français"},
    **{"he": "עברית", "hi": "हिन्दी", "id": "Bahasa Indonesia", "it": "Italiano", "ja": "日本語"},
    **{"ko": "한국어", "nl": "Nederlands", "no": "Norsk", "pl": "Polski", "pt": "Português"},
    **{"ru": "Русский", "sv": "Svenska", "th": "ไทย", "tr": "Türkçe", "uk": "Українська"},
    **{"vi": "Tiếng Việt", "zh": "中文", "zh-hans": "简体中文", "zh-hant": "繁體中文"},
}


def language_name(tag: str) -> str:
    """A language in its own words; its tag where it is a rare one."""
    return _LANGUAGES.get(tag.lower(), tag)
