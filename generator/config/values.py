"""What single values of the configuration must be: types for pydantic, with Daybook's own checks.

A check returns the value in its canonical form, or raises ValueError with the end of a sentence
that begins with the option's dotted path. It may use the context of the validation, a Context.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from difflib import get_close_matches
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, TypeVar
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    StringConstraints,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import PydanticKnownError, PydanticUseDefault

from generator.core import taxonomy
from generator.core.characters import CONTROLS, LINE_BREAKS, NONCHARACTERS, SURROGATES

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Context:
    """The absolute folder of daybook.yml, and what lists have so far (None for an unfit entry)."""

    project: Path
    entries: dict[str, list[str | None]] = field(default_factory=dict)


def but_is(value: object, written: str = "") -> str:
    """Return the end of a sentence about what a value must be: what it is instead."""
    if isinstance(value, dict):
        return ", not a mapping"
    return ", not a list" if isinstance(value, list) else f", not {(written or str(value))[:60]!r}"


# --- Texts and numbers ------------------------------------------------------------------------


_NO_LINE = re.compile(f"[\t{CONTROLS}{LINE_BREAKS}{SURROGATES}{NONCHARACTERS}]")


def one_line(value: str) -> str:
    """Return a text of one line that is not blank, as it is."""
    if not value.strip():
        raise ValueError("is empty; remove it or give it a value")
    if _NO_LINE.search(value):
        raise ValueError("must be one line of printable text; put one with \\ in single quotes")
    return value


Line = Annotated[str, AfterValidator(one_line), Field(json_schema_extra={"pattern": r"\S"})]
Text = Annotated[Line, AfterValidator(str.strip)]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Price = Annotated[Number, Field(ge=0, le=1_000_000)]
Integer = Annotated[int, Field(strict=True)]
Count = Annotated[Integer, Field(ge=1)]

# What fits no pattern is not repeated: it may be the key itself, or have a password in it.
_Stripped = Annotated[str, StringConstraints(strip_whitespace=True)]
_TAG = r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
LanguageTag = Annotated[
    _Stripped, Field(pattern=_TAG, title="a language tag such as en, zh or pt-BR")
]
_NAME = r"^[A-Za-z_][A-Za-z0-9_]*$"
Variable = Annotated[
    _Stripped, Field(pattern=_NAME, title="the name of an environment variable, not the key itself")
]


# --- Addresses --------------------------------------------------------------------------------

_HOST = r"([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?"
_URL = rf"https?://{_HOST}(/[A-Za-z0-9._~:/\[\]@!$&()*+,;=%-]*)?"
_EMAIL = r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+"


def _address(value: str) -> str:
    try:
        urlsplit(value).port  # noqa: B018  # raises for what is no port
    except ValueError as error:
        raise ValueError(f"must be a URL: {error}") from error
    return value.rstrip("/")


_WANTED = "a URL that begins with https:// or http://, without ?, # or a user name"
Url = Annotated[_Stripped, Field(pattern=f"^{_URL}$", title=_WANTED), AfterValidator(_address)]
# For the header User-Agent.
Contact = Annotated[
    _Stripped,
    Field(pattern=f"^({_EMAIL}|{_URL})$", title="an e-mail address or a URL"),
    AfterValidator(_address),
]


def is_loopback(address: str) -> bool:
    """Tell whether a URL leads to this machine itself."""
    try:
        host = urlsplit(address).hostname or ""
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


# --- Files ------------------------------------------------------------------------------------


def _text_of_path(value: object) -> object:
    return one_line(value).strip() if isinstance(value, str) else value


def _absolute(path: Path, info: ValidationInfo[Context]) -> Path:
    """Return a path as written, or for a relative one below the project."""
    project = info.context.project
    if str(path).startswith("~"):
        raise ValueError("must have the home folder written out: ~ is not replaced")
    absolute = Path(os.path.normpath(project / path))
    if not path.is_absolute() and not absolute.is_relative_to(project):
        raise ValueError(f"leads out of {project}; write an absolute path if that is meant")
    return absolute


def _folder(path: Path, info: ValidationInfo[Context]) -> Path:
    """Return where a folder really is: a symbolic link is followed here, and nowhere else."""
    real = Path(os.path.realpath(path))
    if real.is_symlink():
        raise ValueError("is a symbolic link that leads to itself")
    if Path(os.path.realpath(info.context.project)).is_relative_to(real):
        raise ValueError("must be a folder of its own, not one that holds daybook.yml")
    return real


def _text_file(path: Path, info: ValidationInfo[Context]) -> Path:
    """Return a file that Daybook may write into."""
    if path.is_dir() or info.context.project.is_relative_to(path):
        raise ValueError("must be a file, not a folder")
    if path.suffix in (".yml", ".yaml", ".py"):
        raise ValueError("must be a text to read, such as README.md")
    return Path(os.path.realpath(path.parent), path.name)


def _below_project(path: Path, info: ValidationInfo[Context]) -> Path:
    return info.context.project / path


_Path = Annotated[Path, BeforeValidator(_text_of_path)]
_Absolute = Annotated[_Path, AfterValidator(_absolute)]
Folder = Annotated[_Absolute, AfterValidator(_folder), Field(validate_default=True)]
TextFile = Annotated[_Absolute, AfterValidator(_text_file)]
AnyFile = Annotated[_Path, AfterValidator(_below_project)]


# --- Categories -------------------------------------------------------------------------------


def category(value: str) -> str:
    """Return the canonical identifier of a category that arXiv announces papers in."""
    active = taxonomy.active_categories()
    if value in active:
        return taxonomy.canonical(value)
    if below := [name for name in active if name.startswith(f"{value}.")]:
        todo = f"name the categories you want, such as {', '.join(below[:3])}"
        raise ValueError(f"{value!r} is a whole archive; {todo}")
    same = [name for name in active if name.lower() == value.lower()]
    near = same or get_close_matches(value, active, n=1)
    see = " (see https://arxiv.org/category_taxonomy)"
    hint = f' (did you mean "{near[0]}"?)' if near else see
    raise ValueError(f"{value!r} is no category that arXiv announces papers in{hint}")


def _name_all(schema: dict[str, Any]) -> None:
    schema["enum"] = list(taxonomy.active_categories())


Category = Annotated[Text, AfterValidator(category), Field(json_schema_extra=_name_all)]


# --- Lists, and what is no option -------------------------------------------------------------


def _known_by(entry: object) -> str:
    """Return what tells the entries of a list apart: a keyword's text, an author's name."""
    return str(getattr(entry, "text", getattr(entry, "name", entry))).lower()


def _once(
    value: object, handler: ValidatorFunctionWrapHandler, info: ValidationInfo[Context]
) -> object:
    """Check an entry of a list, and that the same is not there before it."""
    before = info.context.entries.setdefault(str(info.field_name), [])
    before.append(None)
    entry = handler(value)
    if (name := _known_by(entry)) in before:
        raise ValueError(f"is the same as {info.field_name}[{before.index(name)}]")
    before[-1] = name
    return entry


def _given(value: object) -> object:
    if value is None:
        raise PydanticUseDefault
    return value


def _no_option(_: object) -> None:
    raise PydanticKnownError("unexpected_keyword_argument")


Once = Annotated[Value, WrapValidator(_once)]
# A list that has its default where only its name is there.
Listed = Annotated[tuple[Once[Value], ...], BeforeValidator(_given)]
Filled = Annotated[tuple[Once[Value], ...], Field(min_length=1), BeforeValidator(_given)]
# A field that the program sets and the file must not.
Derived = Annotated[Value, BeforeValidator(_no_option), SkipJsonSchema()]
