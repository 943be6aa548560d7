"""The rules in plain words, for the About page."""

from __future__ import annotations

from generator.matching import Keyword
from generator.selection import Rules
from generator.taxonomy import category_name


def describe_rules(rules: Rules, categories: tuple[str, ...]) -> tuple[str, ...]:
    """One sentence a rule, as plain text."""
    lines = [
        "Categories read: " + ", ".join(f"{c} ({category_name(c)})" for c in categories) + ".",
        "Announcement types shown: " + ", ".join(rules.announce_types) + ".",
        "A keyword adds its weight to a paper's score where it is found in title or abstract, and "
        f"{rules.title_bonus:g} times its weight more in the title.",
        "Keywords match whole words, whatever their case, and simple plurals."
        if rules.match == "word"
        else "Keywords match anywhere, also inside other words.",
    ]
    if rules.exclude:
        lines.append("Papers with one of these are left out: " + _joined(rules.exclude) + ".")
    if rules.authors:
        lines.append(
            "Authors followed: " + ", ".join(author.name for author in rules.authors) + "."
        )
    if rules.min_score > 0:
        lines.append(f"A paper needs a score of at least {rules.min_score:g}.")
    if rules.max_papers is not None:
        lines.append(f"The best {rules.max_papers} papers of a day are kept.")
    return tuple(lines)


def describe_keywords(rules: Rules) -> tuple[str, ...]:
    """Each keyword with its weight, as plain text."""
    return tuple(f"{keyword.shown} ({keyword.weight:g})" for keyword in rules.keywords)


def _joined(keywords: tuple[Keyword, ...]) -> str:
    return ", ".join(keyword.shown for keyword in keywords)
