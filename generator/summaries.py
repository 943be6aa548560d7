"""What pages say of summaries: the one sentence, the sections, where they come from. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from generator.fragments import cut, escaped, excerpt, short_date
from generator.layout import summary_section
from generator.merge import current_summaries
from generator.models import Paper, Summary, Usage
from generator.summarize.extract import extract_tldr

AI, EXTRACT = "AI", "Extract"
# A model is asked for one sentence; what is far longer would push the next paper off the screen.
TLDR_CHARACTERS = 400
_LEFT_OUT_SHOWN = 8
_HASH_SHOWN = 8

# In their own language, for those who look for it.
_LANGUAGES = {
    **{"ar": "العربية", "cs": "Čeština", "da": "Dansk", "de": "Deutsch", "el": "Ελληνικά"},
    **{"en": "English", "es": "Español", "fa": "فارسی", "fi": "Suomi", "fr": "Français"},
    **{"he": "עברית", "hi": "हिन्दी", "id": "Bahasa Indonesia", "it": "Italiano", "ja": "日本語"},
    **{"ko": "한국어", "nl": "Nederlands", "no": "Norsk", "pl": "Polski", "pt": "Português"},
    **{"ru": "Русский", "sv": "Svenska", "th": "ไทย", "tr": "Türkçe", "uk": "Українська"},
    **{"vi": "Tiếng Việt", "zh": "中文", "zh-hans": "简体中文", "zh-hant": "繁體中文"},
}
_INPUTS = {"abstract": "abstract alone", "fulltext": "full text", "file": "PDF"}
_extract = lru_cache(maxsize=60_000)(extract_tldr)


@dataclass(frozen=True, slots=True)
class Tldr:
    """A paper in one sentence, with TeX maths; ``label`` says who chose the words."""

    label: str
    text: str
    language: str = "en"


def tldr_of(paper: Paper) -> Tldr | None:
    """The sentence of a paper's first summary that has one, else an extract of its abstract."""
    if written := _written(paper):
        return written
    extract = _extract(paper.title, paper.abstract, cut=paper.abstract_is_excerpt)
    return Tldr(EXTRACT, extract) if extract.strip() else None


def _written(paper: Paper) -> Tldr | None:
    for summary in current_summaries(paper):
        if summary.tldr.strip():
            return Tldr(AI, summary.tldr, summary.language)
    return None


def labelled(tldr: Tldr) -> str:
    """The sentence as Markdown, behind its label."""
    text = escaped(tldr.text)
    if tldr.language != "en":
        text = f'<span lang="{tldr.language}">{text}</span>'
    return f"**{tldr.label}** {text}"


def lead(paper: Paper) -> str:
    """What a card says of a paper: its sentence, or the beginning of its abstract."""
    tldr = tldr_of(paper)
    shown = excerpt(paper)
    if tldr is None or (tldr.label == EXTRACT and tldr.text in (shown, paper.abstract)):
        return escaped(shown)
    return labelled(replace(tldr, text=cut(tldr.text, TLDR_CHARACTERS)))


def short_lead(paper: Paper) -> str:
    """What a line in a list says of a paper: a model's sentence, never an extract."""
    written = _written(paper)
    return labelled(replace(written, text=cut(written.text, TLDR_CHARACTERS))) if written else ""


def summary_sections(paper: Paper, currency: str) -> str:
    """A section for the current summary in each language, for the end of a paper's page."""
    summaries = current_summaries(paper)
    headings = [
        "AI summary" if number == 0 else f"AI summary ({language_name(summary.language)})"
        for number, summary in enumerate(summaries)
    ]
    sections = []
    for summary, heading in zip(summaries, headings, strict=True):
        others = [
            f"[{language_name(other.language)}](#{_anchor(title)})"
            for other, title in zip(summaries, headings, strict=True)
            if other is not summary
        ]
        own = [f"## {heading}"]
        if summary.version < (newest := paper.versions[-1]):
            own.append(
                f"**A newer version, v{newest}, exists; this summary is of v{summary.version}.**"
            )
        own.append(provenance(summary, currency))
        if others:
            own[-1] += f" Also in {', '.join(others)}."
        sections.append(summary_section(summary.language, "\n\n".join(own), summary.body))
    return "".join(sections)


def is_pending(paper: Paper) -> bool:
    """Whether a summary was tried and there is none yet; why is for the operator."""
    return bool(paper.failures) and not paper.summaries


def provenance(summary: Summary, currency: str) -> str:
    """Who wrote the summary, when, from what, at what cost."""
    made = f"Written by the language model {escaped(summary.model)}"
    day = short_date(summary.created.date())
    if summary.input == "imported":
        made += f", taken over from the predecessor's list of {day}"
    else:
        made += f" on {day} from the {_INPUTS.get(summary.input, escaped(summary.input))}"
    sentences = [f"{made}. It is of v{summary.version} and can be wrong: check the paper."]
    if summary.left_out:
        sentences.append(f"It did not read: {_left_out(summary.left_out)}.")
    if summary.usage:
        sentences.append(f"It took {spent(summary.usage, currency)}.")
    if summary.prompt_hash:
        sentences.append(f"Prompt {escaped(summary.prompt_hash[:_HASH_SHOWN])}.")
    if summary.damaged:
        sentences.append("Some characters of this copy were lost before it came here (shown as �).")
    return f"*{' '.join(sentences)}*"


def spent(usage: Usage, currency: str) -> str:
    """``12,345 tokens``, with the price where it is known."""
    price = f" for {money(usage.cost, currency)}" if usage.cost is not None else ""
    return f"{usage.tokens:,} {'token' if usage.tokens == 1 else 'tokens'}{price}"


def money(amount: float, currency: str) -> str:
    """``USD 12.30``. No sign: a dollar's would begin a formula."""
    return f"{escaped(currency)} {figure(amount)}"


def figure(amount: float) -> str:
    """``12.30``, small amounts to four places."""
    if amount >= 1 or not amount:
        return f"{amount:,.2f}"
    return f"{amount:.4f}" if amount >= 0.0001 else "under 0.0001"


def language_name(tag: str) -> str:
    """A language in its own words; its tag where it is a rare one."""
    return _LANGUAGES.get(tag.lower(), tag)


def _left_out(sections: tuple[str, ...]) -> str:
    names = [escaped(cut(name, 80)) for name in sections[:_LEFT_OUT_SHOWN]]
    more = len(sections) - len(names)
    return "; ".join(names) + (f"; and {more} more" if more else "")


def _anchor(heading: str) -> str:
    """The id that ``render`` gives this heading."""
    return re.sub(r"\W+", "-", heading.lower()).strip("-")
