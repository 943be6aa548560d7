"""Is an answer in the language that was asked for? Calibrated on the real corpus."""

from __future__ import annotations

import json
import re
from functools import cache

import pytest

from generator.core.summaries import FailureReason
from generator.update.predecessor.readme import parse_readme
from generator.update.summarize.fields import SECTIONS
from generator.update.summarize.model import ReplyError
from generator.update.summarize.reply.language import is_in
from generator.update.summarize.reply.reply import parse_reply
from tests.shared import corpus_files, needs_shared

PROSE = {
    "en": "We propose a method that reduces the memory of the cache by half without any loss "
    "of accuracy, and we show on six tasks that it is faster than all earlier methods.",
    "de": "Wir schlagen ein Verfahren vor, das den Speicher des KV-Cache ohne Verlust an "
    "Genauigkeit halbiert, und zeigen an sechs Aufgaben, dass Speculative Decoding damit "
    "schneller wird.",
    "fr": "Nous proposons une méthode qui réduit de moitié la mémoire du KV cache sans perte "
    "de précision, et nous montrons sur six tâches qu'elle est plus rapide que les "
    "méthodes antérieures.",
    "es": "Proponemos un método que reduce a la mitad la memoria del KV cache sin pérdida de "
    "precisión, y mostramos en seis tareas que es más rápido que todos los métodos "
    "anteriores.",
    "pt": "Propomos um método que reduz pela metade a memória do KV cache sem perda de "
    "precisão, e mostramos em seis tarefas que ele é mais rápido do que todos os métodos "
    "anteriores.",
    "it": "Proponiamo un metodo che dimezza la memoria della KV cache senza perdita di "
    "accuratezza, e mostriamo su sei compiti che è più veloce di tutti i metodi "
    "precedenti.",
    "zh": "我们提出了一种新的方法，在不损失精度的情况下将KV "
    "cache的内存占用减少一半，并在六个任务上证明其优于现有方法。",
    "ja": "本論文では、精度を損なうことなくKVキャッシュのメモリを半分に削減する手法を提案し、六"
    "つのタスクで既存手法より高速であることを示す。",
    "ko": "본 논문은 정확도 손실 없이 KV 캐시의 메모리를 절반으로 줄이는 방법을 제안하고, 여섯 "
    "가지 과제에서 기존의 모든 방법보다 빠르다는 것을 보인다. 또한 제안하는 방법은 "
    "구현이 간단하며 다양한 모델에 쉽게 적용할 수 있다.",
    "ru": "Мы предлагаем метод, который вдвое сокращает память кэша без потери точности, и "
    "показываем на шести задачах, что он быстрее всех предыдущих методов в этой области.",
    "ar": "نقترح طريقة تقلل ذاكرة التخزين المؤقت إلى النصف دون فقدان الدقة، ونبين في ست مهام "
    "أنها أسرع من جميع الطرق السابقة التي نشرت في هذا المجال حتى الآن.",
}  # fmt: skip


@pytest.mark.parametrize("spoken", PROSE)
def test_a_text_is_in_its_language_only(spoken: str) -> None:
    accepted = {asked for asked in PROSE if is_in(asked, PROSE[spoken] * 2)}
    # A Portuguese and a Spanish text full of terms are too alike to be sure.
    assert accepted - ({"es", "pt"} if spoken in ("es", "pt") else set()) <= {spoken}
    assert spoken in accepted


def test_regions_and_unknown_languages() -> None:
    assert is_in("zh-TW", PROSE["zh"])
    assert not is_in("zh-TW", PROSE["en"] * 2)
    assert is_in("de-AT", PROSE["de"])
    assert is_in("tlh", PROSE["de"])  # nobody here knows Klingon


def test_code_maths_and_short_texts_say_nothing() -> None:
    assert is_in("zh", "Lanternfish KV cache LLM")
    assert is_in("en", "`" + PROSE["zh"] + "`")
    code = "```\n" + PROSE["en"] * 5 + "\n```"
    assert is_in("zh", f"{PROSE['zh']}\n\n{code}\n$$\\text{{{PROSE['en']}}}$$")


def test_one_section_in_another_language_is_enough() -> None:
    fields = dict.fromkeys(
        ("tldr", "contributions", "method", "results", "limitations"), PROSE["zh"]
    )
    parse_reply(json.dumps(fields), language="zh", truncated=False)
    for changed in ("method", "limitations"):
        injected = json.dumps(fields | {changed: PROSE["en"]})
        with pytest.raises(ReplyError, match="Simplified Chinese") as caught:
            parse_reply(injected, language="zh", truncated=False)
        assert caught.value.reason is FailureReason.LANGUAGE


@cache
def _corpus() -> tuple[list[str], list[str]]:
    summaries, abstracts = [], []
    for name, raw in corpus_files().items():
        for entry in parse_readme(raw.decode(), name=name).entries:
            abstracts.append(entry.announcement.abstract)
            if entry.summary:
                summaries.append(entry.summary.body)
    return summaries, abstracts


@needs_shared
def test_all_real_summaries_are_chinese() -> None:
    summaries, _ = _corpus()
    assert len(summaries) == 1716
    assert [text for text in summaries if not is_in("zh", text)] == []
    assert [text for text in summaries[::4] if is_in("en", text)] == []
    assert [text for text in summaries[::4] if is_in("ja", text)] == []
    parts = [re.split(r"(?m)^## (?=\d)", text)[1:] for text in summaries]
    assert [texts for texts in parts[::6] if not is_in("zh", *texts)] == []


@needs_shared
def test_all_real_abstracts_are_english() -> None:
    _, abstracts = _corpus()
    assert [text for text in abstracts[::4] if not is_in("en", text)] == []
    assert [text for text in abstracts if is_in("zh", text)] == []


@needs_shared
def test_real_summaries_become_ours() -> None:
    """Answers with the texts of the real ones: each has four sections, of which none loses text."""
    summaries, _ = _corpus()
    failed = []
    for text in summaries[::12]:
        parts = re.split(r"(?m)^#+ \W*[1-4][.、]\s", text, maxsplit=4)[1:]
        answer = dict(zip(SECTIONS, parts, strict=True)) | {"tldr": "一种新的方法。"}
        try:
            reply = parse_reply(json.dumps(answer), language="zh", truncated=False)
        except ReplyError as error:
            failed.append((error, text[:300]))
        else:
            assert len(re.findall(r"^## ", reply.body, re.M)) == 4
            assert len(reply.body) > 0.9 * len(text)
    assert failed == []
