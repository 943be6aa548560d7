"""Values as short pieces of Markdown: links, names, dates, reasons. Pure.

Text that came from outside is escaped here, once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from generator import taxonomy, urls
from generator.archive import Entry
from generator.models import Day, FeedState, Match, Paper
from generator.render import escape_markdown, plain
from generator.withdrawal import withdrawal_notice

AUTHORS_SHOWN = 4
AUTHORS_UNFOLDED = 20
NO_ABSTRACT = "*arXiv's feed gave no abstract.*"
EXCERPT_CHARACTERS = 280
# Titles, names and keywords come back on page after page.
escaped = lru_cache(maxsize=60_000)(escape_markdown)

HTML_SINCE = "2312"  # arXiv makes HTML of papers since December 2023


_REASONS = {
    FeedState.WEEKEND: "No announcements: arXiv announces nothing at weekends.",
    FeedState.HOLIDAY: "No announcements: an arXiv holiday.",
    FeedState.EMPTY: "No announcements: arXiv's feeds were empty on this day.",
}


def long_date(day: date) -> str:
    """``Thursday 5 February 2026``."""
    return f"{day:%A} {day.day} {day:%B} {day.year}"


def empty_reason(day: Day) -> str:
    """Why a day lists nothing, in a sentence."""
    states = {run.state for run in day.run.categories.values()}
    if len(states) == 1 and (reason := _REASONS.get(next(iter(states)))):
        return reason
    if FeedState.ERROR in states or FeedState.STALE in states:
        return "No papers: a feed was stale or could not be read on this day."
    return "No paper of this day matched."


def withdrawn(paper: Paper) -> str:
    """What arXiv says of a withdrawal; "" where it says nothing."""
    notice = withdrawal_notice(paper.title, paper.abstract)
    return f"arXiv says: “{escaped(cut(plain(notice), 300))}”" if notice else ""


def score(entry: Entry) -> str:
    """A score and its reasons."""
    by_keyword: dict[str, list[Match]] = {}
    for match in entry.row.matches:
        by_keyword.setdefault(match.keyword, []).append(match)
    reasons = [
        f"{escaped(keyword)} +{sum(match.weight for match in matches):g} "
        f"({' and '.join(match.field for match in matches)})"
        for keyword, matches in by_keyword.items()
    ]
    total = f"{entry.row.score:g}"
    named = ", ".join(reasons)
    if sum(match.weight for match in entry.row.matches) >= entry.row.score:
        return f"{total} = {named}" if reasons else total
    seen = f", of which {named} can be seen here" if reasons else ""
    return f"{total} by the predecessor's count{seen}"


def abstract(paper: Paper) -> str:
    """The abstract with its web addresses as links; an excerpt says so."""
    if not paper.abstract:
        return NO_ABSTRACT
    if paper.abstract_is_excerpt:
        arxiv = f"https://arxiv.org/abs/{paper.id}"
        text = _linked(_whole_words(paper.abstract))
        return f"{text}…\n\n*An excerpt: the whole abstract is [on arXiv]({arxiv}).*"
    return _linked(paper.abstract)


_CUT_COMMAND = re.compile(r"\\[A-Za-z]*(?:\{[^{}]*)?$")


def _whole_words(text: str) -> str:
    """A text cut at a fixed length, without the word, formula or command that the cut hit."""
    text = _CUT_COMMAND.sub("", text.rpartition(" ")[0] or text).rstrip()
    return text if _outside_formulas(text, len(text)) else text.rpartition("$")[0].rstrip()


_URL = re.compile(r"https?://[^\s<>()\[\]{}|\\^`\"'$]+[^\s<>()\[\]{}|\\^`\"'$.,;:!?]")


def _linked(text: str) -> str:
    """Escape a text for Markdown, with the web addresses in it as links."""
    parts, end = [], 0
    for found in _URL.finditer(text):
        parts += [_between(text[end : found.start()]), f"<{found[0]}>"]
        end = found.end()
    return "".join([*parts, _between(text[end:])])


def _between(text: str) -> str:
    """Escape a piece of a line; unlike a whole one it keeps the spaces around it."""
    return f"{' ' * text[:1].isspace()}{escaped(text)}{' ' * text[-1:].isspace()}"


def arxiv_links(paper: Paper) -> str:
    """Links to the newest version on arXiv."""
    identifier = f"{paper.id}v{paper.versions[-1]}"
    links = [
        f"[{identifier}](https://arxiv.org/abs/{identifier})",
        f"[PDF](https://arxiv.org/pdf/{identifier})",
    ]
    if "/" not in paper.id and paper.id[:4] >= HTML_SINCE:
        links.append(f"[HTML](https://arxiv.org/html/{identifier})")
    return " · ".join(links)


_DOI = re.compile(r"10\.\d{4,9}/[^\s<>\"\\()\[\]]+")
_LICENSE = re.compile(
    r"https?://creativecommons\.org/(?:licenses|publicdomain)/([a-z-]+)/(\d\.\d)/?", re.ASCII
)


def doi_link(doi: str | None) -> str:
    """A DOI as a link to its resolver."""
    if doi and _DOI.fullmatch(doi):
        return f"[{escaped(doi)}](https://doi.org/{doi})"
    return escaped(doi or "")


def license_link(license_url: str | None) -> str:
    """A licence by its name where it is a known one."""
    if license_url and (known := _LICENSE.fullmatch(license_url)):
        name = "CC0" if known[1] == "zero" else f"CC {known[1].upper()}"
        return f"[{name} {known[2]}]({license_url})"
    if license_url and "arxiv.org/licenses/nonexclusive-distrib" in license_url:
        return "arXiv's non-exclusive licence to distribute"
    return escaped(license_url or "")


def all_authors(paper: Paper) -> str:
    """Every author, with affiliations; a long list is folded behind its first names."""
    names = [
        escaped(f"{a.name} ({a.affiliation})" if a.affiliation else a.name) for a in paper.authors
    ]
    if len(names) <= AUTHORS_UNFOLDED:
        return ", ".join(names) or "*No authors given*"
    first, rest = names[:AUTHORS_UNFOLDED], names[AUTHORS_UNFOLDED:]
    return (
        f"{', '.join(first)}\n\n<details><summary>and {len(rest)} more</summary>\n\n"
        f"{', '.join(rest)}\n\n</details>"
    )


def few_authors(paper: Paper) -> str:
    """The first authors, and how many more."""
    names = [escaped(author.name) for author in paper.authors[:AUTHORS_SHOWN]]
    rest = len(paper.authors) - AUTHORS_SHOWN
    if rest > 0:
        names.append(f"and {rest} more")
    return ", ".join(names) or "No authors given"


def category_link(category: str, here: str, *, name: bool = False) -> str:
    """A link to a category's page, with its name behind it if ``name``."""
    link = urls.relative(urls.category_source(category), here)
    known = taxonomy.category_name(category) if name else category
    suffix = f" {escaped(known)}" if known != category else ""
    return f"[{escaped(category)}]({link}){suffix}"


def tag_link(tag: str, here: str) -> str:
    """A link to a tag's page."""
    return f"[{escaped(tag)}]({urls.relative(urls.tag_source(tag), here)})"


def pager(here: str, *steps: tuple[str, str] | None) -> str:
    """Links to the neighbours as one list, which the site sets as a line."""
    return "\n".join(f"- [{text}]({urls.relative(to, here)})" for text, to in filter(None, steps))


def excerpt(paper: Paper) -> str:
    """The beginning of the abstract, for a card."""
    text = _whole_words(paper.abstract) if paper.abstract_is_excerpt else paper.abstract
    text = cut(text, EXCERPT_CHARACTERS)
    return f"{text}…" if paper.abstract_is_excerpt and text and text[-1] not in ".!?…" else text


# A full stop behind these ends no sentence.
_SENTENCE_END = re.compile(r"(?<!e\.g)(?<!i\.e)(?<! vs)(?<!et al)(?<! cf)(?<!resp)[.!?]\s")


def cut(text: str, length: int) -> str:
    """At most ``length`` characters: whole sentences if they fill half of it, else whole words.

    A formula is never cut: the place of the cut has an even number of dollar signs before it.
    """
    if len(text) <= length:
        return text
    head = text[: length + 1]
    ends = [found.start() + 1 for found in _SENTENCE_END.finditer(head, length // 2)]
    sentence = next((end for end in reversed(ends) if _outside_formulas(head, end)), 0)
    if sentence:
        return head[:sentence]
    word = head.rfind(" ")
    while word > 0 and not _outside_formulas(head, word):
        word = head.rfind(" ", 0, word)
    if word <= 0:
        word = 0 if "$" in head else length
    return f"{head[:word].rstrip(' ,;:')}…"


def _outside_formulas(text: str, position: int) -> bool:
    return text.count("$", 0, position) % 2 == 0


def month_name(month: str) -> str:
    """``February 2026`` for ``2026-02``."""
    return f"{date(int(month[:4]), int(month[5:]), 1):%B} {month[:4]}"


def short_date(day: date) -> str:
    """``5 February 2026``."""
    return f"{day.day} {day:%B} {day.year}"


def counted(count: int, one: str, many: str | None = None) -> str:
    """``1 paper``, ``1,204 papers``."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def announcement_days(days: Iterable[Day]) -> str:
    """How many of these days list papers, in words; an empty weekend is no announcement day."""
    return counted(sum(bool(day.rows) for day in days), "announcement day")
