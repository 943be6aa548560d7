"""What pages say of summaries: the one sentence, the sections, where they come from. Pure."""

from __future__ import annotations

import re
from dataclasses import replace

from generator.build.archive.archive import Entry
from generator.build.archive.tldr import EXTRACT, Tldr
from generator.build.pages.fragments import cut, escaped, excerpt
from generator.build.pages.layout import summary_section
from generator.core.languages import language_name
from generator.core.site import SiteInfo
from generator.core.summaries import Summary, Usage
from generator.core.texts import SEMICOLON, Texts, message

# A model is asked for one sentence; what is far longer would push the next paper off the screen.
TLDR_CHARACTERS = 400
_LEFT_OUT_SHOWN = 8
_HASH_SHOWN = 8

_INPUTS = {
    "abstract": message("abstract alone"),
    "fulltext": message("full text"),
    "file": message("PDF"),
}


def labelled(tldr: Tldr, texts: Texts) -> str:
    """Return the sentence as Markdown, behind its label."""
    text = texts.foreign(escaped(tldr.text), tldr.language)
    return f"**{texts.text(tldr.label)}** {text}"


def lead(entry: Entry, texts: Texts) -> str:
    """Return what a card says of a paper: its sentence, or the beginning of its abstract."""
    tldr = entry.texts.tldr
    if tldr is None or tldr.label == EXTRACT:
        shown = excerpt(entry.paper)
        if tldr is None or tldr.text in (shown, entry.paper.abstract):
            return texts.foreign(escaped(shown))
    return labelled(replace(tldr, text=cut(tldr.text, TLDR_CHARACTERS)), texts)


def short_lead(entry: Entry, texts: Texts) -> str:
    """Return what a line in a list says of a paper: a model's sentence, never an extract."""
    tldr = entry.texts.tldr
    return lead(entry, texts) if tldr and tldr.label != EXTRACT else ""


def summary_sections(entry: Entry, site: SiteInfo) -> str:
    """Return a section for the current summary in each language, for the end of a page."""
    texts = site.texts
    paper, summaries = entry.paper, entry.summaries
    sections = []
    for number, summary in enumerate(summaries, 1):
        others = [
            f"[{language_name(other.language)}](#{summary_anchor(at, other.language)})"
            for at, other in enumerate(summaries, 1)
            if other is not summary
        ]
        heading = texts.text("AI summary")
        if number > 1:
            name = language_name(summary.language)
            heading = texts.text("AI summary ({language})", language=name)
        own = [f"## {heading}"]
        if summary.input == "sample":
            own.append(
                f"**{texts.text('A sample, written by hand: no language model was asked.')}**"
            )
        if summary.version < (newest := paper.versions[-1]):
            own.append(
                texts.text(
                    "**A newer version, v{newest}, exists; this summary is of v{version}.**",
                    newest=str(newest),
                    version=str(summary.version),
                )
            )
        about = provenance(summary, site)
        if others:
            languages = texts.listed(others)
            about = texts.text("{about} Also in {languages}.", about=about, languages=languages)
        own.append(about)
        sections.append(summary_section(summary.language, "\n\n".join(own), summary.body))
    return "".join(sections)


def provenance(summary: Summary, site: SiteInfo) -> str:
    """Say who wrote the summary, when, from what, at what cost."""
    texts = site.texts
    model = escaped(summary.model)
    day = texts.short_date(summary.created.date())
    if summary.input == "sample":
        return f"*{texts.text('It shows what a summary looks like. The paper is invented, too.')}*"
    if summary.input == "imported":
        made = texts.text(
            "Written by the language model {model}, taken over from an older list of {date}.",
            model=model,
            date=day,
        )
    else:
        known = _INPUTS.get(summary.input)
        made = texts.text(
            "Written by the language model {model} on {date} from the {input}.",
            model=model,
            date=day,
            input=texts.text(known) if known else escaped(summary.input),
        )
    caution = texts.text(
        "It is of v{version} and can be wrong: check the paper.", version=str(summary.version)
    )
    sentences = [made, caution]
    if summary.left_out:
        sections = _left_out(summary.left_out, texts)
        sentences.append(texts.text("It did not read: {sections}.", sections=sections))
    if summary.usage:
        sentences.append(texts.text("It took {tokens}.", tokens=spent(summary.usage, site)))
    if summary.prompt_hash:
        prompt = escaped(summary.prompt_hash[:_HASH_SHOWN])
        sentences.append(texts.text("Prompt {hash}.", hash=prompt))
    if summary.damaged:
        sentences.append(
            texts.text("Some characters of this copy were lost before it came here (shown as �).")
        )
    return f"*{texts.sentences(sentences)}*"


def spent(usage: Usage, site: SiteInfo) -> str:
    """Return ``12,345 tokens``, with the price where it is known."""
    tokens = tokens_of(usage, site.texts)
    if usage.cost is None:
        return tokens
    # No sign: a dollar's would begin a formula.
    money = f"{escaped(site.currency)} {figure(usage.cost, site.texts)}"
    return priced(tokens, money, site.texts)


def tokens_of(usage: Usage, texts: Texts) -> str:
    """Return ``12,345 tokens``."""
    return texts.counted(usage.tokens, "{count} token", "{count} tokens")


def priced(tokens: str, price: str, texts: Texts) -> str:
    """Return ``12,345 tokens for 0.0043``."""
    return texts.text("{tokens} for {price}", tokens=tokens, price=price)


def figure(amount: float, texts: Texts) -> str:
    """Return ``12.30``, small amounts to four places."""
    if amount >= 1 or not amount:
        return f"{amount:,.2f}"
    return f"{amount:.4f}" if amount >= 0.0001 else texts.text("under 0.0001")


def _left_out(sections: tuple[str, ...], texts: Texts) -> str:
    names = [escaped(cut(name, 80)) for name in sections[:_LEFT_OUT_SHOWN]]
    more = len(sections) - len(names)
    shown = texts.foreign(texts.listed(names, SEMICOLON))
    if not more:
        return shown
    return texts.text("{sections}; and {count} more", sections=shown, count=str(more))


def summary_anchor(number: int, language: str) -> str:
    """Return the id of the heading of a paper's n-th summary, whatever its language."""
    name = f"ai summary {language_name(language)}" if number > 1 else "ai summary"
    return re.sub(r"\W+", "-", name.lower()).strip("-")
