"""``daybook.yml`` and the environment → one frozen Config, or one report of everything wrong.

Every option is described in ``docs/configuration.md``; a test compares. Unknown options are
problems, so that a misspelt one is never ignored.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import partial
from itertools import permutations
from pathlib import Path

from generator.config import values
from generator.config.options import Keyword, Rules, SummaryOptions
from generator.config.summarize import summary_options
from generator.config.values import is_loopback, once
from generator.config.yaml import Item, Problems, Section, parse_yaml
from generator.core.errors import ConfigError
from generator.core.taxonomy import spellings
from generator.core.texts import LANGUAGES, message

# The pause that arXiv asks of programs: https://info.arxiv.org/help/api/tou.html
POLITE_DELAY = 3.0


@dataclass(frozen=True, kw_only=True)
class Site:
    """What the published site says of itself; ``url`` is where it is served and ends in a slash.

    ``language`` is that of Daybook's own words on the pages.
    """

    url: str
    title: str = "Daybook"
    description: str = message("The arXiv papers of each day, chosen, summarised and kept")
    language: str = LANGUAGES[0]


@dataclass(frozen=True, kw_only=True)
class Sources:
    """Which announcements to fetch, from where, and how politely (times in seconds).

    ``categories`` are canonical identifiers. ``feed_base`` (feeds), ``api_base`` (the query API)
    and ``paper_base`` (HTML and PDF of papers) have no slash at their end. ``contact`` is an
    address or URL for the User-Agent, by which arXiv can reach the operator.
    """

    categories: tuple[str, ...]
    feed_base: str = "https://rss.arxiv.org"
    api_base: str = "https://export.arxiv.org"
    paper_base: str = "https://arxiv.org"
    contact: str | None = None
    timeout: float = 30.0
    delay: float = POLITE_DELAY

    @property
    def paper_delay(self) -> float:
        """Seconds between two downloads of papers, which may come from another server."""
        return self._delay_of(self.paper_base)

    @property
    def api_delay(self) -> float:
        """Seconds between two requests where some of them go to the query API."""
        return self._delay_of(self.api_base)

    def _delay_of(self, base: str) -> float:
        return self.delay if is_loopback(base) else max(self.delay, POLITE_DELAY)


@dataclass(frozen=True, kw_only=True)
class Paths:
    """The three folders, absolute: the store, the pages, and the finished site.

    ``digest`` is the file that shows the newest day's list, such as the README; ``None`` for none.
    """

    data: Path
    site_src: Path
    site: Path
    digest: Path | None = None


@dataclass(frozen=True, kw_only=True)
class Config:
    """The whole configuration; ``select`` already knows the categories of ``sources``."""

    site: Site
    sources: Sources
    select: Rules
    summarize: SummaryOptions
    paths: Paths


def option_paths() -> tuple[str, ...]:
    """The dotted path of every option that daybook.yml may have."""
    sections = (
        ("site", Site),
        ("sources", Sources),
        ("select", Rules),
        ("summarize", SummaryOptions),
        ("paths", Paths),
    )
    paths = [f"{name}.{field.name}" for name, kind in sections for field in fields(kind)]
    paths.remove("select.categories")  # comes from sources.categories
    return tuple(paths)


def load_config(path: Path, environ: Mapping[str, str]) -> Config:
    """Read the file and what the environment overrides (``DAYBOOK_SITE_URL``).

    Raises ConfigError with all problems, each with its dotted path and line.
    """
    try:
        source = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise ConfigError(
            "No configuration",
            item=str(path),
            why="there is no such file",
            todo="Copy the daybook.yml that comes with Daybook and change it, or convert the "
            "predecessor's with: python -m generator config --from config.json",
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            "The configuration cannot be read",
            item=str(path),
            why=str(error),
            todo="It must be a readable text file in UTF-8",
        ) from error
    folder = Path(os.path.normpath(path.absolute())).parent
    return parse_config(source, folder=folder, name=str(path), environ=environ)


def parse_config(source: str, *, folder: Path, name: str, environ: Mapping[str, str]) -> Config:
    """The configuration that the YAML text ``source`` states.

    Relative paths start at ``folder``; ``name`` is what errors call the file.
    """
    problems = Problems()
    root = Section(parse_yaml(source, name, problems), "", problems)
    site = Section(root.take("site"), "site", problems)
    sources = Section(root.take("sources"), "sources", problems)
    select = Section(root.take("select"), "select", problems)
    summarize = Section(root.take("summarize"), "summarize", problems)
    paths = Section(root.take("paths"), "paths", problems)
    read_sources = _sources(sources, problems)
    config = Config(
        site=_site(site, problems, environ),
        sources=read_sources,
        select=_rules(select, problems, read_sources.categories),
        summarize=summary_options(summarize, problems, folder),
        paths=_paths(paths, problems, folder),
    )
    for section in (root, site, sources, select, summarize, paths):
        section.close(option_paths())
    problems.raise_if_any(name)
    return config


# --- Sections ---------------------------------------------------------------------------------


def _site(section: Section, problems: Problems, environ: Mapping[str, str]) -> Site:
    # Workflows hand over a variable that nobody set as an empty one.
    if override := environ.get("DAYBOOK_SITE_URL", "").strip():
        section.take("url")
        url = problems.read(Item(override, "DAYBOOK_SITE_URL", 0, override), values.url, "")
    else:
        url = section.require("url", values.url, "")
    return Site(
        url=url + "/",
        title=section.get("title", values.text, Site.title),
        description=section.get("description", values.text, Site.description),
        language=section.get("language", partial(values.choice, choices=LANGUAGES), Site.language),
    )


def _sources(section: Section, problems: Problems) -> Sources:
    if section.is_empty("categories"):
        problems.add("sources.categories", section.line, "must name at least one, such as cs.LG")
    feed_base = section.get("feed_base", values.url, Sources.feed_base)
    paper_base = section.get("paper_base", values.url, Sources.paper_base)
    timeout = partial(values.number, least=1, most=600)
    delay = partial(values.number, least=0 if is_loopback(feed_base) else POLITE_DELAY, most=600)
    return Sources(
        categories=section.each("categories", once(values.category, str)),
        feed_base=feed_base,
        api_base=section.get("api_base", values.url, Sources.api_base),
        paper_base=paper_base,
        contact=section.get("contact", values.contact, None),
        timeout=section.get("timeout", timeout, Sources.timeout),
        delay=section.get("delay", delay, Sources.delay),
    )


def _rules(section: Section, problems: Problems, categories: tuple[str, ...]) -> Rules:
    default = Rules()
    mode = section.get("match", values.match_mode, default.match)
    keyword = once(partial(values.keyword, mode=mode, problems=problems), _text_key)
    exclude = once(partial(values.plain_keyword, mode=mode), _text_key)
    author = once(values.author, lambda author: author.name.lower())
    types = section.each("announce_types", once(values.announce_type, str))
    listed = section.take("announce_types")
    if listed and listed.value == []:
        problems.add(listed.path, listed.line, "must name at least one, such as new")
    min_score = section.get("min_score", values.number, default.min_score)
    if min_score > 0 and section.is_empty("keywords") and section.is_empty("authors"):
        why = "leaves every paper out: without keywords or authors none can score"
        problems.add("select.min_score", section.line, why)
    return Rules(
        keywords=section.each("keywords", keyword),
        exclude=section.each("exclude", exclude),
        categories=tuple(name for known in categories for name in spellings(known)),
        announce_types=types or default.announce_types,
        authors=section.each("authors", author),
        max_papers=section.get("max_papers", values.max_papers, default.max_papers),
        min_score=min_score,
        match=mode,
        title_bonus=section.get(
            "title_bonus", partial(values.number, least=0, most=1000), default.title_bonus
        ),
    )


def _text_key(keyword: Keyword) -> str:
    return keyword.text.lower()


def _paths(section: Section, problems: Problems, project: Path) -> Paths:
    reader = partial(values.folder, project=project)
    data = section.get("data", reader, project / "data")
    site_src = section.get("site_src", reader, project / "site_src")
    site = section.get("site", reader, project / "site")
    named = {"data": data, "site_src": site_src, "site": site}
    for name, other in permutations(named, 2):
        if named[name].is_relative_to(named[other]):
            why = f"is inside paths.{other}: each needs a place of its own"
            problems.add(f"paths.{name}", section.line, why)
    digest = section.get("digest", values.optional(partial(values.file, project=project)), None)
    for name, folder in named.items():
        if digest and digest.is_relative_to(folder):
            why = f"is inside paths.{name}, where only generated files are"
            problems.add("paths.digest", section.line, why)
    return Paths(data=data, site_src=site_src, site=site, digest=digest)
