"""Which announcements make a day's list, in which order, and why. Pure: values in, values out.

A keyword adds its weight once, wherever it stands, and ``title_bonus`` times its weight more if it
is in the title. The predecessor did so with 1.0 and 0.5, so that its scores and ours compare.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from generator.config.options import Rules
from generator.core.days import Match, Row
from generator.core.ids import ArxivId
from generator.core.names import name_key
from generator.core.papers import TYPE_PRECEDENCE, Announcement, Author
from generator.update.selection.matching import MatchedTexts, finders, texts_of


class LeftOut(StrEnum):
    """Why a paper is not on the list, in the order in which the rules are asked."""

    CATEGORY = "other category"
    TYPE = "announcement type"
    NO_MATCH = "no match"
    EXCLUDED = "excluded"
    SAME_TITLE = "same title"
    LOW_SCORE = "below min_score"
    OVER_MAX = "over max_papers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """A day's list in rank order, and what became of all other papers.

    ``repeats`` are those that would be candidates but for an earlier day that lists them. Every
    paper announced is in ``rows``, in ``repeats``, or counted once in ``left_out``.
    """

    rows: tuple[Row, ...]
    repeats: tuple[ArxivId, ...] = ()
    left_out: dict[LeftOut, int] = field(default_factory=dict)


def select(
    announcements: Iterable[Announcement], rules: Rules, *, seen: Mapping[str, int]
) -> Selection:
    """Choose and rank one day's papers, each announced once (see ``dedupe``).

    ``seen`` maps the versionless id of each paper on an *earlier* day's list to its highest version
    there; such a paper is a repeat unless it comes in a newer version. Rows are sorted by score,
    descending, and by feed order where scores are equal.
    """
    rows: list[Row] = []
    repeats: list[ArxivId] = []
    left_out: Counter[LeftOut] = Counter()
    titles: set[str] = set()
    for announcement in announcements:
        judgement = _judge(announcement, rules, titles)
        if isinstance(judgement, LeftOut):
            left_out[judgement] += 1
        elif seen.get(announcement.id.id, 0) >= announcement.id.version:
            repeats.append(announcement.id)
        else:
            rows.append(judgement)
    rows.sort(key=lambda row: row.score, reverse=True)
    kept = rows[: rules.max_papers]
    if len(rows) > len(kept):
        left_out[LeftOut.OVER_MAX] = len(rows) - len(kept)
    return Selection(rows=tuple(kept), repeats=tuple(repeats), left_out=dict(left_out))


def dedupe(announcements: Iterable[Announcement]) -> tuple[Announcement, ...]:
    """Return one announcement per paper, in feed order: the first of the type that counts most.

    A paper comes once in the feed of each of its categories, new in one and a cross-list in others.
    """
    best: dict[str, Announcement] = {}
    for announcement in announcements:
        known = best.get(announcement.id.id)
        if known is None or _precedence(announcement) < _precedence(known):
            best.pop(announcement.id.id, None)  # it stands where the better one comes
            best[announcement.id.id] = announcement
    return tuple(best.values())


def _precedence(announcement: Announcement) -> int:
    return TYPE_PRECEDENCE.index(announcement.type)


def rescore(announcement: Announcement, rules: Rules) -> tuple[float, tuple[Match, ...]]:
    """Return the score of a paper and its reasons: keywords as ``rules`` orders them, then authors.

    Where the abstract is an excerpt, this is the score of what can be seen.
    """
    matches = _matches(texts_of(announcement, rules.match), announcement.authors, rules)
    return score_of(matches), matches


def score_of(matches: Iterable[Match]) -> float:
    """Return the sum of reasons, rid of the noise of binary fractions (0.1 + 0.2 is 0.3)."""
    return round(math.fsum(match.weight for match in matches), 6)


def _judge(announcement: Announcement, rules: Rules, titles: set[str]) -> Row | LeftOut:
    """Return the paper's row, or the first rule that it fails; a match's title goes to titles."""
    if barred := _barred(announcement, rules):
        return barred
    texts = texts_of(announcement, rules.match)
    matches = _matches(texts, announcement.authors, rules)
    asked = rules.authors or any(keyword.weight > 0 for keyword in rules.keywords)
    if asked and not any(match.weight > 0 for match in matches):
        return LeftOut.NO_MATCH
    if any(any(find(texts)) for _, find in finders(rules.exclude, rules.match)):
        return LeftOut.EXCLUDED
    if rules.match == "substring":
        # Only the predecessor took two papers of one title for one, within a day's feeds.
        title = announcement.raw_title.lower().strip()
        if title in titles:
            return LeftOut.SAME_TITLE
        titles.add(title)
    score = score_of(matches)
    if score < rules.min_score:
        return LeftOut.LOW_SCORE
    return Row(id=announcement.id, type=announcement.type, score=score, matches=matches)


def _barred(announcement: Announcement, rules: Rules) -> LeftOut | None:
    """Tell whether the paper is out before anybody reads its title."""
    if rules.categories and not set(rules.categories).intersection(announcement.categories):
        return LeftOut.CATEGORY
    return None if announcement.type in rules.announce_types else LeftOut.TYPE


def _matches(texts: MatchedTexts, authors: tuple[Author, ...], rules: Rules) -> tuple[Match, ...]:
    """Return every reason, with weights that add up to the score.

    A keyword in both fields counts its weight for the abstract and its bonus for the title; one in
    the title alone counts both for the title.
    """
    found: list[Match] = []
    for keyword, find in finders(rules.keywords, rules.match):
        in_title, in_abstract = find(texts)
        if in_title:
            times = rules.title_bonus if in_abstract else 1 + rules.title_bonus
            found.append(Match(keyword.shown, "title", round(keyword.weight * times, 6)))
        if in_abstract:
            found.append(Match(keyword.shown, "abstract", keyword.weight))
    if rules.authors:
        names = {name_key(author.name) for author in authors}
        followed = (author for author in rules.authors if name_key(author.name) in names)
        found += [Match(author.name, "author", author.weight) for author in followed]
    return tuple(found)
