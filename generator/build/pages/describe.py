"""The rules in plain words, for the About page."""

from __future__ import annotations

from generator.config.options import Rules
from generator.core.taxonomy import category_name
from generator.core.texts import Texts


def describe_rules(rules: Rules, categories: tuple[str, ...], texts: Texts) -> tuple[str, ...]:
    """Return one sentence a rule, as plain text."""
    named = texts.listed(f"{c} ({category_name(c)})" for c in categories)
    types = texts.listed(texts.text(announced) for announced in rules.announce_types)
    lines = [
        texts.text("Categories read: {categories}.", categories=named),
        texts.text("Announcement types shown: {types}.", types=types),
        texts.text(
            "A keyword adds its weight to a paper's score where it is found in title or abstract, "
            "and {bonus} times its weight more in the title.",
            bonus=f"{rules.title_bonus:g}",
        ),
        texts.text("Keywords match whole words, whatever their case, and simple plurals.")
        if rules.match == "word"
        else texts.text("Keywords match anywhere, also inside other words."),
    ]
    if rules.exclude:
        keywords = texts.listed(keyword.shown for keyword in rules.exclude)
        lines.append(
            texts.text("Papers with one of these are left out: {keywords}.", keywords=keywords)
        )
    if rules.authors:
        names = texts.listed(author.name for author in rules.authors)
        lines.append(texts.text("Authors followed: {names}.", names=names))
    if rules.min_score > 0:
        lines.append(
            texts.text("A paper needs a score of at least {score}.", score=f"{rules.min_score:g}")
        )
    if rules.max_papers is not None:
        lines.append(
            texts.text("The best {count} papers of a day are kept.", count=str(rules.max_papers))
        )
    return tuple(lines)


def describe_keywords(rules: Rules) -> tuple[str, ...]:
    """Return each keyword with its weight, as plain text."""
    return tuple(f"{keyword.shown} ({keyword.weight:g})" for keyword in rules.keywords)
