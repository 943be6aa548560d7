"""``daybook.yml`` and the environment → one frozen Config, or one report of everything wrong.

Every option is described in ``docs/configuration.md``; a test compares. Unknown options are
problems, so that a misspelt one is never ignored. Types, limits and descriptions of the options
give both the checks and the JSON Schema by which editors complete and check the file.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cache
from pathlib import Path
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, ConfigDict, Field, TypeAdapter, ValidationError, ValidationInfo

from generator.config import report, values
from generator.config.options import Rules, SummaryOptions
from generator.config.yaml import Problem, SourcePlace, read_yaml
from generator.core.errors import ConfigError
from generator.core.taxonomy import spellings
from generator.core.texts import Language, message

# The pause that arXiv asks of programs: https://info.arxiv.org/help/api/tou.html
POLITE_DELAY = 3.0

_DESCRIPTION = message("The arXiv papers of each day, chosen, summarised and kept")


@dataclass(frozen=True, kw_only=True)
class Site:
    """What the published site says of itself."""

    url: Annotated[values.Url, AfterValidator(lambda url: f"{url}/")]
    """Where the site is served, with a slash at its end."""
    title: values.Text = "Daybook"
    """The site's name."""
    description: values.Text = _DESCRIPTION
    """One sentence for feed readers and search engines."""
    language: Language = "en"
    """The language of Daybook's own words on the pages."""


def _polite(delay: float, info: ValidationInfo[values.Context]) -> float:
    near = "feed_base" not in info.data or values.is_loopback(info.data["feed_base"])
    if delay < POLITE_DELAY and not near:
        raise ValueError(f"must be between {POLITE_DELAY:g} and 600, not '{delay:g}'")
    return delay


@dataclass(frozen=True, kw_only=True)
class Sources:
    """Which announcements to fetch, from where, and how politely. Addresses end in no slash."""

    categories: Annotated[tuple[values.Once[values.Category], ...], Field(min_length=1)]
    """The arXiv categories whose announcements are read; of two names the one arXiv prefers."""
    feed_base: values.Url = "https://rss.arxiv.org"
    """The server that has the feeds."""
    api_base: values.Url = "https://export.arxiv.org"
    """The server that has the query API."""
    paper_base: values.Url = "https://arxiv.org"
    """The server that has the papers' HTML and PDF."""
    contact: values.Contact | None = None
    """An e-mail address or URL for the User-Agent, by which arXiv can reach the operator."""
    timeout: Annotated[values.Number, Field(ge=1, le=600)] = 30.0
    """Seconds to wait for an answer."""
    delay: Annotated[values.Number, Field(ge=0, le=600), AfterValidator(_polite)] = POLITE_DELAY
    """Seconds between two requests: at least 3, but for feeds on this machine."""

    @property
    def paper_delay(self) -> float:
        """Seconds between two downloads of papers, which may come from another server."""
        return self._delay_towards(self.paper_base)

    @property
    def api_delay(self) -> float:
        """Seconds between two requests where some of them go to the query API."""
        return self._delay_towards(self.api_base)

    def _delay_towards(self, base: str) -> float:
        return self.delay if values.is_loopback(base) else max(self.delay, POLITE_DELAY)


def _apart(path: Path, info: ValidationInfo[values.Context]) -> Path:
    """Refuse a folder that is within one named before, or the other way round."""
    for name, other in info.data.items():
        for inner, outer, relation in ((path, other, "is inside"), (other, path, "holds")):
            if inner.is_relative_to(outer):
                raise ValueError(f"{relation} paths.{name}: each needs a place of its own")
    return path


def _outside(digest: Path | None, info: ValidationInfo[values.Context]) -> Path | None:
    for name, folder in info.data.items():
        if digest and digest.is_relative_to(folder):
            raise ValueError(f"is inside paths.{name}, where only generated files are")
    return digest


_Apart = Annotated[values.Folder, AfterValidator(_apart)]


@dataclass(frozen=True, kw_only=True)
class Paths:
    """Where things are kept, seen from daybook.yml.

    The three folders are absolute once read, and no symbolic links.
    """

    site: _Apart = Path("site")
    """The finished site; every build replaces its content."""
    site_src: _Apart = Path("site_src")
    """The pages as Markdown."""
    data: _Apart = Path("data")
    """The archive itself, from which all else can be made."""
    digest: Annotated[values.TextFile | None, AfterValidator(_outside)] = None
    """A file, such as README.md, that shows the newest day's list."""


@dataclass(frozen=True, kw_only=True)
class Config:
    """Daybook's configuration; ``select`` already knows the categories of ``sources``."""

    __pydantic_config__: ClassVar = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    site: Site
    sources: Sources
    select: Rules = field(default_factory=Rules)
    summarize: SummaryOptions = field(default_factory=SummaryOptions)
    paths: Paths = field(default_factory=Paths)


@cache
def _adapter() -> TypeAdapter[Config]:
    return TypeAdapter(Config)


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of daybook.yml (draft 2020-12), fit for yaml-language-server."""
    schema = _adapter().json_schema()
    for node in schema["$defs"].values():
        for option in node.get("properties", {}).values():
            # A list of which only the name is there has its default.
            if option.get("type") == "array" and "default" in option:
                option["type"] = ["array", "null"]
    for name in ("Rules", "SummaryOptions", "Paths"):
        schema["$defs"][name]["type"] = ["object", "null"]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


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
    """Return the configuration that the YAML text ``source`` states.

    Relative paths start at ``folder``; ``name`` is what errors call the file.
    """
    document = read_yaml(source, name)
    found = list(document.problems)
    stated = document.value if isinstance(document.value, dict) else {}
    if document.value not in (None, stated):
        found.append(Problem(1, "the file", f"must be a mapping{values.but_is(document.value)}"))
    # A section of which only the name is there is empty.
    given = {name: {} if value is None else value for name, value in stated.items()}
    given = {section.name: {} for section in fields(Config)} | given
    # Workflows hand over a variable that nobody set as an empty one.
    override = environ.get("DAYBOOK_SITE_URL", "").strip()
    if override and isinstance(given["site"], dict):
        given["site"] = given["site"] | {"url": override}
        document.places["site", "url"] = SourcePlace("DAYBOOK_SITE_URL", 0, override)
    try:
        config = _adapter().validate_python(given, context=values.Context(folder))
    except ValidationError as error:
        found += report.problems(error.errors(), document, json_schema())
    if found:
        raise report.refusal(found, name)
    known = config.sources.categories
    categories = tuple(name for category in known for name in spellings(category))
    return replace(config, select=replace(config.select, categories=categories))
