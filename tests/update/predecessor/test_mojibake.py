"""Mis-decoded READMEs: what is left comes back, what is lost is marked, healthy text is let be."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.update.predecessor.mojibake import repair
from generator.update.predecessor.readme import Snapshot, parse_readme
from tests.readme_writer import Sample, write_readme


def parse(text: str) -> Snapshot:
    return parse_readme(text, name="2026-02-05.md")


def misread(text: str, encoding: str = "cp1254") -> str:
    """UTF-8 read in another encoding, its undefined bytes dropped."""
    return text.encode().decode(encoding, errors="ignore")


LONG_ZH = (
    "本文提出稀疏注意力机制：在长上下文推理中降低显存占用，实验结果表明准确率不变。“引用”、→ ✅\n"
    * 20
)
MISREAD_SAMPLE = write_readme(
    [
        Sample(
            title="Café – a “sampled” naïve Bayes", authors="Zoë Ñandú, Ödön Gül", summary=LONG_ZH
        ),
        Sample(
            id="2602.00002", abstract="Plain — but long. " * 30, summary="English only: it works."
        ),
    ]
)


def test_a_misread_copy_gives_the_same_rows_and_marks_what_is_lost() -> None:
    healthy, repaired = parse(MISREAD_SAMPLE), parse(misread(MISREAD_SAMPLE))
    assert "ğŸ“Š Statistics" in misread(MISREAD_SAMPLE)
    for good, mended in zip(healthy.entries, repaired.entries, strict=True):
        assert mended.announcement.id == good.announcement.id
        assert mended.announcement.type == good.announcement.type
        assert mended.announcement.date == good.announcement.date
        assert mended.announcement.abstract_is_excerpt == good.announcement.abstract_is_excerpt
        assert mended.announcement.authors == good.announcement.authors
        assert mended.score == good.score
    chinese, english = (entry.summary for entry in repaired.entries)
    assert chinese is not None
    assert english is not None
    assert (chinese.damaged, chinese.language) == (True, "zh")
    assert not english.damaged
    assert english.body == "English only: it works."
    assert repaired.entries[0].announcement.title == "Café – a “sampled\ufffd naïve Bayes"


LONG_ZH_README = write_readme([Sample(summary=LONG_ZH)])


def test_every_character_is_recovered_or_marked() -> None:
    mended = repair(misread(LONG_ZH_README))
    pairs = list(zip(LONG_ZH_README, mended, strict=True))
    assert all(after in (before, "\ufffd") for before, after in pairs)
    assert all(after == before for before, after in pairs if before.isascii())
    lost = {before for before, after in pairs if after != before}
    undefined = set(b"\x81\x8d\x8e\x8f\x90\x9d\x9e")
    assert lost == {char for char in LONG_ZH_README if undefined & set(char.encode())}


@settings(max_examples=60)
@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=200))
def test_healthy_text_is_never_touched(body: str) -> None:
    for text in (write_readme([Sample(summary=body)]), body):
        assert repair(text) == text


def test_text_about_misread_text_is_healthy() -> None:
    body = "## ğŸ“Š Statistics\n\n错误的文字：è®ºæ–‡，Ã©"
    text = write_readme([Sample(summary=body)])
    for healthy in (text, text.replace("📊 ", "").replace(" 🤖\n", "\n")):
        summary = parse(healthy).entries[0].summary
        assert summary is not None
        assert (summary.body, summary.damaged) == (body, False)


@settings(max_examples=60)
@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=200))
def test_recovers_all_but_the_lost_characters(body: str) -> None:
    text = write_readme([Sample(summary=body)])
    mended = repair(misread(text))
    assert len(mended) == len(text)
    assert all(
        a == b or (b == "\ufffd" and not a.isascii()) for a, b in zip(text, mended, strict=True)
    )


@pytest.mark.parametrize(
    "encodings", [("latin-1",), ("cp437",), ("sloppy-windows-1252",), ("sloppy-windows-1252",) * 2]
)
def test_a_misread_copy_without_losses_is_repaired_wholly(encodings: tuple[str, ...]) -> None:
    text = MISREAD_SAMPLE
    for encoding in encodings:
        text = misread(text, encoding)
    assert text != MISREAD_SAMPLE
    assert parse(text) == parse(MISREAD_SAMPLE)


def test_a_copy_with_replacement_characters_is_misread_too() -> None:
    copy = MISREAD_SAMPLE.encode().decode("cp1254", errors="replace")
    assert parse(copy) == parse(misread(MISREAD_SAMPLE))
