"""Languages are called as their speakers call them."""

from __future__ import annotations

import pytest

from generator.core.languages import language_name


@pytest.mark.parametrize(
    ("tags", "names"),
    [
        ("ar cs da de el en", "العربية Čeština Dansk Deutsch Ελληνικά English"),
        ("es fa fi fr he hi", "Español فارسی Suomi Français עברית हिन्दी"),
        ("it ja ko nl no pl", "Italiano 日本語 한국어 Nederlands Norsk Polski"),
        ("pt ru sv th tr uk", "Português Русский Svenska ไทย Türkçe Українська"),
        ("zh zh-Hans zh-Hant ZH-hans", "中文 简体中文 繁體中文 简体中文"),
    ],
)
def test_a_language_has_its_own_name(tags: str, names: str) -> None:
    assert [language_name(tag) for tag in tags.split()] == names.split()


def test_names_of_two_words_and_of_regions() -> None:
    assert language_name("id") == "Bahasa Indonesia"
    assert language_name("vi") == "Tiếng Việt"
    assert language_name("pt-BR") == "Português (Brasil)"
    assert language_name("sr-Latn") == "Srpski (latinica)"


@pytest.mark.parametrize("tag", ["tlh", "xx", "x", "i-klingon", "de-x-foo", "en-a-bbb"])
def test_a_tag_that_has_no_name_stands_for_itself(tag: str) -> None:
    assert language_name(tag) == tag
