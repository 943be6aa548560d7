"""The fields of an answer and their names: in the object, as headings, as models write them."""

from __future__ import annotations

import re

from babel import Locale

SECTIONS = ("contributions", "method", "results", "limitations")
FIELDS = ("tldr", "tags", *SECTIONS)
# What an answer may have besides, if the prompt asks for it.
SEARCH_PHRASES = "search_phrases"

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


def base_language(language: str) -> str:
    """Return the language of a tag without region and script: ``zh`` for ``zh-TW``."""
    return language.lower().replace("_", "-").split("-")[0]


def english_name(language: str) -> str:
    """Return a language's English name, as a model understands it; an unknown tag with what it is.

    >>> english_name("zh-TW")
    'Traditional Chinese'
    """
    names = Locale("en").languages
    base, _, region = language.replace("_", "-").partition("-")
    key = f"{base.lower()}_{region.upper()}"
    if base.lower() == "zh":
        key = "zh_Hant" if _is_traditional(language) else "zh_Hans"
    found: str | None = names.get(key) or names.get(base.lower())
    return found or f'the language whose BCP 47 tag is "{language}"'


def headings(language: str) -> tuple[str, str, str, str]:
    """Return the headings of the four sections in a language, in English where it is not known."""
    key = "zh-hant" if _is_traditional(language) else base_language(language)
    return _HEADINGS.get(key, _HEADINGS["en"])


def _is_traditional(language: str) -> bool:
    return bool(re.match(r"zh-(?:.*-)?(?:hant|tw|hk|mo)\b", language.lower().replace("_", "-")))


# How models head a section, who were told not to: the words that tell, in the order of trust
# ("results and limitations" is the last section).
_TELLING = (
    ("contributions", r"contribution|novelty|innovation|贡献|貢獻|创新|創新|貢献"),
    ("limitations", r"limit|future work|conclusion|outlook|局限|限制|未来|未來|结论|結論|限界"),
    ("method", r"method|approach|set-?up|方法|设置|設定|手法"),
    ("results", r"result|finding|performance|结果|結果|性能|发现"),
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
    """Return the section that a heading announces, whatever numbers and marks are around its name.

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
    return next((field for field, words in _TELLING if re.search(words, name)), None)
