"""arXiv's categories: their names and groups, and which of them are two names for one.

The facts are in ``taxonomy.json`` beside this module, which says where they come from.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import NamedTuple


class _Category(NamedTuple):
    name: str
    group: str
    active: bool


class _Taxonomy(NamedTuple):
    categories: dict[str, _Category]
    aliases: dict[str, str]


@cache
def _taxonomy() -> _Taxonomy:
    facts = json.loads(Path(__file__).with_name("taxonomy.json").read_text(encoding="utf-8"))
    return _Taxonomy(
        {id: _Category(**category) for id, category in facts["categories"].items()},
        facts["aliases"],
    )


@cache
def _by_case() -> dict[str, str]:
    return {category.casefold(): category for category in _taxonomy().categories}


def category_name(category: str) -> str:
    """Return the English name of a category; one that Daybook does not know is its own name.

    >>> category_name("cs.LG"), category_name("cs.ZZ")
    ('Machine Learning', 'cs.ZZ')
    """
    known = _taxonomy().categories.get(category)
    return known.name if known else category


def category_group(category: str) -> str:
    """Return the group that arXiv shows a category under ("Computer Science"), or "Other"."""
    known = _taxonomy().categories.get(category)
    return known.group if known else "Other"


def is_category(category: str) -> bool:
    """Tell whether arXiv announces papers under it today (not under ``cs`` or ``cmp-lg``)."""
    known = _taxonomy().categories.get(category)
    return known is not None and known.active


def active_categories() -> tuple[str, ...]:
    """Return every identifier for which ``is_category`` holds, sorted."""
    return tuple(sorted(filter(is_category, _taxonomy().categories)))


def spelled(category: str) -> str:
    """Return arXiv's own spelling of a category, whatever its case; an unknown one as it stands.

    >>> spelled("CS.lg"), spelled("cs.ZZ")
    ('cs.LG', 'cs.ZZ')
    """
    return _by_case().get(category.casefold(), category)


def canonical(category: str) -> str:
    """Return the identifier that arXiv prefers of a category's two (``cs.NA``: ``math.NA``)."""
    return _taxonomy().aliases.get(category, category)


def spellings(category: str) -> tuple[str, ...]:
    """Return the canonical identifier of a category, then its alias if it has one.

    >>> spellings("cs.NA")
    ('math.NA', 'cs.NA')
    """
    preferred = canonical(category)
    aliases = _taxonomy().aliases.items()
    return (preferred, *(alias for alias, target in aliases if target == preferred))
