"""A paper in one sentence: a model's, or one of the abstract's. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from generator.build.archive.extract import extract_tldr
from generator.core.papers import Paper
from generator.core.texts import message
from generator.markup.emoji import text_without_emoji
from generator.store.merge import current_summaries

AI, EXTRACT, SAMPLE = message("AI"), message("Extract"), message("Sample")


@dataclass(frozen=True, slots=True)
class Tldr:
    """A paper in one sentence, with TeX maths; ``label`` says who chose the words."""

    label: str
    text: str
    language: str = "en"


def tldr_of(paper: Paper, language: str) -> Tldr | None:
    """Return a summary's sentence, in ``language`` if there is one, else one of the abstract."""
    for summary in sorted(current_summaries(paper), key=lambda s: s.language != language):
        if text := text_without_emoji(summary.tldr).strip():
            label = SAMPLE if summary.input == "sample" else AI
            return Tldr(label, text, summary.language)
    extract = extract_tldr(paper.title, paper.abstract, cut=paper.abstract_is_excerpt)
    return Tldr(EXTRACT, extract) if extract.strip() else None


def is_pending(paper: Paper) -> bool:
    """Tell whether a summary was tried and there is none yet; why is for the operator."""
    return bool(paper.failures) and not paper.summaries
