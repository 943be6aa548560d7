"""What pages say of the site, and what makes its files."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from generator.core.texts import ENGLISH, Texts

# Gives one or more files of the site as (path, bytes).
PageMaker = Callable[[], Iterable[tuple[str, bytes]]]


@dataclass(frozen=True, slots=True)
class SiteInfo:
    """What pages say of the site: plain texts, and the rules as lines for the About page.

    ``url`` is where the site is served and ends in a slash. ``currency`` is what summaries are paid
    in, ``authors`` are those followed, ``texts`` what pages say, in the site's language.
    """

    title: str
    url: str
    description: str
    rules: tuple[str, ...]
    keywords: tuple[str, ...]
    currency: str = "USD"
    authors: tuple[str, ...] = ()
    texts: Texts = ENGLISH
