"""Values as short pieces of Markdown: links, names, dates, reasons. Pure.

Text that came from outside is escaped here, once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache

from generator.build.archive.archive import Entry
from generator.build.archive.people import People
from generator.build.archive.periods import Period
from generator.core import taxonomy, urls
from generator.core.characters import CJK
from generator.core.days import Day, FeedState, Match
from generator.core.papers import Paper
from generator.core.texts import AND, Texts, message
from generator.core.withdrawal import withdrawal_notice
from generator.markup.maths import MASK, masked, unfinished
from generator.markup.text import escape_markdown, plain

AUTHORS_UNFOLDED = 20
NO_ABSTRACT = message("*arXiv's feed gave no abstract.*")
EXCERPT_CHARACTERS = 280
# Titles, names and keywords come back on page after page.
escaped = lru_cache(maxsize=60_000)(escape_markdown)

HTML_SINCE = "2312"  # arXiv makes HTML of papers since December 2023


_REASONS = {
    FeedState.WEEKEND: message("No announcements: arXiv announces nothing at weekends."),
    FeedState.HOLIDAY: message("No announcements: an arXiv holiday."),
    FeedState.EMPTY: message("No announcements: arXiv's feeds were empty on this day."),
}


def empty_reason(day: Day, texts: Texts) -> str:
    """Say why a day lists nothing, in a sentence."""
    states = {run.state for run in day.run.categories.values()}
    if len(states) == 1 and (reason := _REASONS.get(next(iter(states)))):
        return texts.text(reason)
    if FeedState.ERROR in states or FeedState.STALE in states:
        return texts.text("No papers: a feed was stale or could not be read on this day.")
    return texts.text("No paper of this day matched.")


def withdrawn(paper: Paper, texts: Texts) -> str:
    """Say what arXiv says of a withdrawal; "" where it says nothing."""
    notice = withdrawal_notice(paper.title, paper.abstract)
    if not notice:
        return ""
    said = texts.foreign(escaped(cut(plain(notice), 300)))
    return texts.text("arXiv says: “{notice}”", notice=said)


def score(entry: Entry, texts: Texts) -> str:
    """Return a score and its reasons."""
    by_keyword: dict[str, list[Match]] = {}
    for match in entry.row.matches:
        by_keyword.setdefault(match.keyword, []).append(match)
    reasons = [
        f"{escaped(keyword)} +{sum(match.weight for match in matches):g} "
        f"({texts.listed((texts.text(match.field) for match in matches), AND)})"
        for keyword, matches in by_keyword.items()
    ]
    total = f"{entry.row.score:g}"
    named = texts.listed(reasons)
    if sum(match.weight for match in entry.row.matches) >= entry.row.score:
        return f"{total} = {named}" if reasons else total
    if not reasons:
        return texts.text("{total} by older rules", total=total)
    return texts.text(
        "{total} by older rules, of which {named} can be seen here", total=total, named=named
    )


def abstract(paper: Paper, texts: Texts) -> str:
    """Return the abstract with its web addresses as links; an excerpt says so."""
    if not paper.abstract:
        return texts.text(NO_ABSTRACT)
    if paper.abstract_is_excerpt:
        arxiv = f"https://arxiv.org/abs/{paper.id}"
        text = texts.foreign(f"{_linked(_whole_words(paper.abstract))}…")
        note = texts.text("*An excerpt: the whole abstract is [on arXiv]({url}).*", url=arxiv)
        return f"{text}\n\n{note}"
    return texts.foreign(_linked(paper.abstract))


_CUT_COMMAND = re.compile(r"\\[A-Za-z]*(?:\{[^{}]*)?$")


def _whole_words(text: str) -> str:
    """Drop the word, formula or command that the end of an excerpt hit."""
    text = _CUT_COMMAND.sub("", text.rpartition(" ")[0] or text).rstrip()
    return text[: unfinished(text)].rstrip()


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


def arxiv_link(paper: Paper) -> str:
    """Return a link to the newest version on arXiv."""
    return f"[{_newest(paper)}](https://arxiv.org/abs/{_newest(paper)})"


def arxiv_files(paper: Paper) -> list[str]:
    """Return links to what can be read of the newest version: the PDF, and HTML if there is one."""
    links = [f"[PDF](https://arxiv.org/pdf/{_newest(paper)})"]
    if "/" not in paper.id and paper.id[:4] >= HTML_SINCE:
        links.append(f"[HTML](https://arxiv.org/html/{_newest(paper)})")
    return links


def _newest(paper: Paper) -> str:
    return f"{paper.id}v{paper.versions[-1]}"


_DOI = re.compile(r"10\.\d{4,9}/[^\s<>\"\\()\[\]]+")
_LICENSE = re.compile(
    r"https?://creativecommons\.org/(?:licenses|publicdomain)/([a-z-]+)/(\d\.\d)/?", re.ASCII
)


def doi_link(doi: str | None) -> str:
    """Return a DOI as a link to its resolver."""
    if doi and _DOI.fullmatch(doi):
        return f"[{escaped(doi)}](https://doi.org/{doi})"
    return escaped(doi or "")


def license_link(license_url: str | None, texts: Texts) -> str:
    """Return a licence by its name where it is a known one."""
    if license_url and (known := _LICENSE.fullmatch(license_url)):
        name = "CC0" if known[1] == "zero" else f"CC {known[1].upper()}"
        return f"[{name} {known[2]}]({license_url})"
    if license_url and "arxiv.org/licenses/nonexclusive-distrib" in license_url:
        return texts.text("arXiv's non-exclusive licence to distribute")
    return escaped(license_url or "")


def all_authors(paper: Paper, people: People, here: str, texts: Texts) -> str:
    """Return every author, with affiliations; a long list is folded behind its first names."""
    names = []
    for author in paper.authors:
        affiliation = f" {escaped(f'({author.affiliation})')}" if author.affiliation else ""
        names.append(author_link(author.name, people, here) + affiliation)
    if len(names) <= AUTHORS_UNFOLDED:
        return ", ".join(names) or f"*{texts.text('No authors given')}*"
    first, rest = names[:AUTHORS_UNFOLDED], names[AUTHORS_UNFOLDED:]
    more = texts.text("and {count} more", count=str(len(rest)))
    return (
        f"{', '.join(first)}\n\n<details><summary>{more}</summary>\n\n"
        f"{', '.join(rest)}\n\n</details>"
    )


def author_link(name: str, people: People, here: str) -> str:
    """Return a name, as a link where its author has a page."""
    person = people.named(name)
    return link(escaped(name), person.source, here) if person else escaped(name)


def day_link(day: date, here: str, texts: Texts) -> str:
    """Return a link to a day's page, ``Thu 5 February``."""
    return link(texts.dated(day, message("EEE d MMMM")), urls.day_source(day), here)


def category_link(category: str, here: str, *, name: bool = False) -> str:
    """Return a link to a category's page, with its name behind it if ``name``."""
    known = taxonomy.category_name(category) if name else category
    suffix = f" {escaped(known)}" if known != category else ""
    return link(escaped(category), urls.category_source(category), here) + suffix


def tag_link(tag: str, here: str) -> str:
    """Return a link to a tag's page."""
    return link(escaped(tag), urls.tag_source(tag), here)


def link(text: str, to: str, here: str) -> str:
    """Return a link from one page, ``here``, to another; ``text`` is Markdown."""
    return f"[{text}]({urls.relative(to, here)})"


def follow(feeds: Iterable[Sequence[str]], here: str, texts: Texts) -> str:
    """Return what unfolds to follow a page by its feeds, each (format, path); "" without any."""
    links = "\n".join(f"- {link(urls.FEED_FORMATS[form], path, here)}" for form, path in feeds)
    if not links:
        return ""
    about = texts.text("A feed reader brings you what is new here: give it one of these addresses.")
    name = texts.text("Follow")
    return f'<details class="follow"><summary>{name}</summary>\n\n{about}\n\n{links}\n\n</details>'


def pager(here: str, *steps: tuple[str, str] | None) -> str:
    """Link the neighbours in one list, which the site sets as a line."""
    return "\n".join(f"- {link(text, to, here)}" for text, to in filter(None, steps))


def excerpt(paper: Paper) -> str:
    """Return the beginning of the abstract, for a card."""
    text = _whole_words(paper.abstract) if paper.abstract_is_excerpt else paper.abstract
    text = cut(text, EXCERPT_CHARACTERS)
    return f"{text}…" if paper.abstract_is_excerpt and text and text[-1] not in ".!?…" else text


# A full stop behind these ends no sentence.
_SENTENCE_END = re.compile(
    r"(?<!e\.g)(?<!i\.e)(?<! vs)(?<!et al)(?<! cf)(?<!resp)[.!?](?=\s)|[。！？](?=.)"
)
# Behind a letter of these scripts a line may break, and so may a text that is cut, but for what
# may begin no line (https://www.w3.org/TR/clreq/#line_composition_rules).
_NO_BEGINNING = "、。，；：！？）】」』》〉”’…"
_MAY_BREAK = re.compile(rf" |(?<=[{CJK}{_NO_BEGINNING}])(?=[^{_NO_BEGINNING}])")


def cut(text: str, length: int) -> str:
    """Return at most ``length`` characters: whole sentences if they fill half, else whole words.

    A formula is never cut.
    """
    if len(text) <= length:
        return text
    head = masked(text)[: length + 1]
    ends = [found.end() for found in _SENTENCE_END.finditer(head, length // 2)]
    if ends:
        return text[: ends[-1]]
    word = max((found.start() for found in _MAY_BREAK.finditer(head)), default=0)
    if word <= 0:
        word = 0 if MASK in head else length
    return f"{text[:word].rstrip(' ,;:，、；：')}…"


def period_name(period: Period, texts: Texts) -> str:
    """Return ``Week 6 of 2026``, ``February 2026``."""
    if period.is_week:
        number, year = str(period.number), str(period.year)
        return texts.text("Week {number} of {year}", number=number, year=year)
    return texts.month(period.key)


def period_link(period: Period, here: str, texts: Texts) -> str:
    """Return a link to the digest of a week or month."""
    return link(period_name(period, texts), period.source, here)


def period_dates(period: Period, texts: Texts) -> str:
    """Return ``2–8 Feb 2026``, ``February 2026``."""
    if period.is_week:
        return texts.between(period.first, period.last)
    return texts.month(period.key)


def papers(count: int, texts: Texts) -> str:
    """Return ``1 paper``, ``1,204 papers``."""
    return texts.counted(count, "{count} paper", "{count} papers")


def distinct(days: Iterable[Day]) -> int:
    """Return how many papers these days list; one that several list counts once."""
    return len({row.id.id for day in days for row in day.rows})


def counted_once(days: Sequence[Day], texts: Texts) -> str:
    """Say why these days add up to more papers than there are; "" where they do not."""
    if sum(len(day.rows) for day in days) == distinct(days):
        return ""
    return texts.text("A paper counts once, however many days list it.")


def announcement_days(days: Iterable[Day], texts: Texts) -> str:
    """Say how many of these days list papers; an empty weekend is no announcement day."""
    count = sum(bool(day.rows) for day in days)
    return texts.counted(count, "{count} announcement day", "{count} announcement days")
