"""The fields of an answer and their names: in the object, as headings, as models write them."""

from __future__ import annotations

import re
from typing import TypeVar

_Name = TypeVar("_Name")

SECTIONS = ("contributions", "method", "results", "limitations")
FIELDS = ("tldr", "tags", *SECTIONS)

# What stands above the four sections on a page.
_HEADINGS = {
    "en": ("Contributions", "Method", "Results", "Limitations and future work"),
    "zh": ("主要贡献", "方法与实验设置", "主要结果", "局限与未来工作"),
    "zh-hant": ("主要貢獻", "方法與實驗設定", "主要結果", "限制與未來工作"),
    "ja": ("主な貢献", "手法と実験設定", "主な結果", "限界と今後の課題"),
    "ko": ("주요 기여", "방법 및 실험 설정", "주요 결과", "한계 및 향후 연구"),
    "de": ("Beiträge", "Methode", "Ergebnisse", "Grenzen und Ausblick"),
    "fr": ("Contributions", "Méthode", "Résultats", "Limites et perspectives"),
    "es": ("Contribuciones", "Método", "Resultados", "Limitaciones y trabajo futuro"),
    "pt": ("Contribuições", "Método", "Resultados", "Limitações e trabalhos futuros"),
    "it": ("Contributi", "Metodo", "Risultati", "Limiti e sviluppi futuri"),
    "ru": ("Основной вклад", "Метод", "Результаты", "Ограничения и дальнейшая работа"),
    "nl": ("Bijdragen", "Methode", "Resultaten", "Beperkingen en vervolgonderzoek"),
    "pl": ("Wkład", "Metoda", "Wyniki", "Ograniczenia i dalsze prace"),
    "uk": ("Основний внесок", "Метод", "Результати", "Обмеження та подальша робота"),
    "tr": ("Katkılar", "Yöntem", "Sonuçlar", "Sınırlılıklar ve gelecek çalışmalar"),
    "vi": ("Đóng góp", "Phương pháp", "Kết quả", "Hạn chế và hướng phát triển"),
    "ar": ("المساهمات", "المنهج", "النتائج", "القيود والعمل المستقبلي"),
}

_LANGUAGES = {
    "en": "English",
    "zh": "Simplified Chinese",
    "zh-hant": "Traditional Chinese",
    "ja": "Japanese",
    "ko": "Korean",
    "de": "German",
    "fr": "French",
    "es": "Spanish",
    "pt": "Portuguese",
    "pt-br": "Brazilian Portuguese",
    "it": "Italian",
    "ru": "Russian",
    "nl": "Dutch",
    "pl": "Polish",
    "uk": "Ukrainian",
    "tr": "Turkish",
    "vi": "Vietnamese",
    "ar": "Arabic",
    "fa": "Persian",
    "he": "Hebrew",
    "hi": "Hindi",
    "el": "Greek",
    "cs": "Czech",
    "sv": "Swedish",
    "da": "Danish",
    "no": "Norwegian",
    "nb": "Norwegian Bokmål",
    "fi": "Finnish",
    "hu": "Hungarian",
    "ro": "Romanian",
    "id": "Indonesian",
    "ca": "Catalan",
    "bg": "Bulgarian",
    "th": "Thai",
}


def base_language(language: str) -> str:
    """The language of a tag without region and script: ``zh`` for ``zh-TW``."""
    return language.lower().replace("_", "-").split("-")[0]


def language_name(language: str) -> str:
    """A language's English name, as a model understands it; an unknown tag with what it is."""
    found = _look_up(_LANGUAGES, language)
    return found or f'the language whose BCP 47 tag is "{language}"'


def headings(language: str) -> tuple[str, str, str, str]:
    """The headings of the four sections in a language, in English where it is not known."""
    return _look_up(_HEADINGS, language) or _HEADINGS["en"]


def _look_up(table: dict[str, _Name], language: str) -> _Name | None:
    tag = language.lower().replace("_", "-")
    if base_language(tag) == "zh" and re.search(r"-(?:hant|tw|hk|mo)\b", tag):
        tag = "zh-hant"
    return table.get(tag) or table.get(base_language(tag))


# How models head the sections, wherever they are free to choose: the words that tell, in the
# order of trust ("results and limitations" is the last section).
_TELLING = (
    ("contributions", r"contribution|novelty|innovation|贡献|貢獻|创新|創新|貢献"),
    ("limitations", r"limit|future work|conclusion|outlook|局限|限制|未来|未來|结论|結論|限界"),
    ("method", r"method|approach|set-?up|方法|设置|設定|手法"),
    ("results", r"result|finding|performance|结果|結果|性能|发现"),
)
_FIELD_WORDS = (
    (
        "tldr",
        r"tl;?\s?dr|summary in (?:a|one) sentence|one[- ]sentence summary|一句话(?:总结|概括|摘要)",
    ),
    ("tags", r"tags|keywords|标签|標籤|关键词|關鍵詞"),
)
_NUMBER = re.compile(
    r"^(?:\(?(?:\d{1,2}|[ivx]{1,4})[.):、]\s*|[一二三四五六][、.]\s*)+", re.IGNORECASE
)
_KNOWN = {
    heading.casefold(): section
    for names in _HEADINGS.values()
    for heading, section in zip(names, SECTIONS, strict=True)
}


def field_of(heading: str) -> str | None:
    """Which field a heading announces, if any; numbers, marks and a colon around it do not count.

    >>> field_of("2. **核心实验方法和设置**")
    'method'
    """
    if len(heading) > 120:
        return None
    name = _NUMBER.sub("", heading.strip().strip("#*_: ：\t")).strip("*_: ：\t").casefold()
    if not name or len(name) > 60:
        return None
    if name in _KNOWN:
        return _KNOWN[name]
    for field, words in _FIELD_WORDS:
        if re.fullmatch(words, name):
            return field
    for field, words in _TELLING:
        if re.search(words, name):
            return field
    return None
