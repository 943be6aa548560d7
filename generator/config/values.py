"""Readers for the values of the configuration: each makes of an Item what its option needs.

A reader raises Unfit with the end of a sentence that begins with the option's dotted path.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from difflib import get_close_matches
from functools import partial
from ipaddress import ip_address
from pathlib import Path
from typing import TypeVar
from urllib.parse import SplitResult, urlsplit

from generator.config.options import FollowedAuthor, Keyword, MatchMode
from generator.config.yaml import Item, Problems, Section, Unfit, but_is
from generator.core import taxonomy
from generator.core.models import AnnounceType

Value = TypeVar("Value")


def once(reader: Callable[[Item], Value], key: Callable[[Value], str]) -> Callable[[Item], Value]:
    """A reader for the entries of one list that refuses what it has read before."""
    first: dict[str, str] = {}

    def read(item: Item) -> Value:
        value = reader(item)
        if first.setdefault(key(value), item.path) != item.path:
            raise Unfit(f"is the same as {first[key(value)]}")
        return value

    return read


def optional(reader: Callable[[Item], Value]) -> Callable[[Item], Value | None]:
    """A reader for a value or ``null``."""
    return lambda item: None if item.value is None else reader(item)


# --- Plain values -----------------------------------------------------------------------------


def text(item: Item, *, strip: bool = True) -> str:
    """Text of one line that is not blank, without the spaces around it unless ``strip`` is off."""
    value = item.value
    if value is None or (isinstance(value, str) and not value.strip()):
        raise Unfit("is empty; remove it or give it a value")
    if isinstance(value, (bool, int, float)):
        raise Unfit(f'must be text; write it in quotes: "{item.written}"')
    if not isinstance(value, str):
        raise Unfit(f"must be text{but_is(item)}")
    value = value.strip() if strip else value
    if re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]", value):
        raise Unfit("must be one line of printable text; put one with \\ in single quotes")
    return value


def number(item: Item, *, least: float = float("-inf"), most: float = float("inf")) -> float:
    """A finite number between ``least`` and ``most``."""
    value = item.value
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        quoted = isinstance(value, str) and re.fullmatch(r"[-+]?\d+(\.\d+)?", value)
        raise Unfit(f"must be a number{', without quotes' if quoted else but_is(item)}")
    if not float("-inf") < value < float("inf"):
        raise Unfit(f"must be a finite number{but_is(item)}")
    if not least <= value <= most:
        limits = (
            f"at least {least:g}" if most == float("inf") else f"between {least:g} and {most:g}"
        )
        raise Unfit(f"must be {limits}{but_is(item)}")
    return float(value)


def whole_number(item: Item, *, least: int) -> int:
    """A whole number, not less than ``least``."""
    if isinstance(item.value, bool) or not isinstance(item.value, int) or item.value < least:
        raise Unfit(f"must be a whole number of at least {least}{but_is(item)}")
    return item.value


def choice(item: Item, choices: tuple[str, ...]) -> str:
    """One of the words in ``choices``."""
    if item.value in choices:
        return str(item.value)
    near = get_close_matches(item.written.lower(), choices, n=1)
    hint = f' (did you mean "{near[0]}"?)' if near else ""
    raise Unfit(f"must be {' or '.join(choices)}{but_is(item)}{hint}")


# --- Addresses and folders --------------------------------------------------------------------


def url(item: Item) -> str:
    """An http(s) URL without query or fragment; the slash at its end is taken off."""
    written = text(item)
    parts = split_url(written)
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        hint = (
            f" (did you mean https://{written}?)" if re.match(r"[\w-]+(\.[\w-]+)+", written) else ""
        )
        raise Unfit(f"must be a URL that begins with https:// or http://{but_is(item)}{hint}")
    if parts.query or parts.fragment or parts.username or written.endswith(("?", "#")):
        raise Unfit(f"must be a URL without ?, # or a user name{but_is(item)}")
    return written.rstrip("/")


def split_url(written: str) -> SplitResult | None:
    """The parts of a URL, or None where characters, host or port are not those of one."""
    if not re.fullmatch(r"[A-Za-z0-9._~:/?#\[\]@!$&()*+,;=%-]+", written):
        return None
    try:
        parts = urlsplit(written)
        parts.port  # noqa: B018  # raises for what is no port
    except ValueError:
        return None
    return parts


def is_loopback(address: str) -> bool:
    """Whether a URL leads to this machine itself."""
    parts = split_url(address)
    host = (parts.hostname if parts else None) or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def contact(item: Item) -> str:
    """An e-mail address or a URL, fit for a User-Agent header."""
    written = text(item)
    if re.fullmatch(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", written):
        return written
    if re.match(r"https?://", written):
        return url(item)
    raise Unfit(f"must be an e-mail address or a URL{but_is(item)}")


def folder(item: Item, *, project: Path) -> Path:
    """An absolute path: as written, or for a relative one below ``project``."""
    path = _path(item, project)
    if project.is_relative_to(path):
        raise Unfit("must be a folder of its own, not one that holds daybook.yml")
    return path


def file(item: Item, *, project: Path) -> Path:
    """The absolute path of a file that Daybook writes into."""
    path = _path(item, project)
    if path.is_dir() or project.is_relative_to(path):
        raise Unfit("must be a file, not a folder")
    if path.suffix in (".yml", ".yaml", ".py"):
        raise Unfit("must be a text to read, such as README.md")
    return path


def _path(item: Item, project: Path) -> Path:
    written = text(item)
    if written.startswith("~"):
        raise Unfit("must have the home folder written out: ~ is not replaced")
    path = Path(os.path.normpath(project / written))
    if not Path(written).is_absolute() and not path.is_relative_to(project):
        raise Unfit(f"leads out of {project}; write an absolute path if that is meant")
    return path


# --- What to fetch and select -----------------------------------------------------------------


def category(item: Item) -> str:
    """The canonical identifier of a category that arXiv announces papers in."""
    written = text(item)
    active = taxonomy.active_categories()
    if written in active:
        return taxonomy.canonical(written)
    below = [name for name in active if name.startswith(f"{written}.")]
    if below:
        such = ", ".join(below[:3])
        raise Unfit(f"{written!r} is a whole archive; name the categories you want, such as {such}")
    same = [name for name in active if name.lower() == written.lower()]
    near = same or get_close_matches(written, active, n=1)
    see = " (see https://arxiv.org/category_taxonomy)"
    hint = f' (did you mean "{near[0]}"?)' if near else see
    raise Unfit(f"{written!r} is no category that arXiv announces papers in{hint}")


def announce_type(item: Item) -> AnnounceType:
    """One of arXiv's four announcement types."""
    return AnnounceType(choice(item, tuple(AnnounceType)))


def match_mode(item: Item) -> MatchMode:
    """The way of matching."""
    return "substring" if choice(item, ("word", "substring")) == "substring" else "word"


def max_papers(item: Item) -> int | None:
    """How many papers there may be; ``null`` is without limit."""
    return None if item.value is None else whole_number(item, least=1)


def keyword(item: Item, *, mode: MatchMode, problems: Problems) -> Keyword:
    """``word``, ``word: weight``, or a mapping of text, weight and name."""
    if not isinstance(item.value, dict):
        return plain_keyword(item, mode=mode)
    if "text" in item.value or len(item.value) != 1:
        section = Section(item, item.path, problems)
        stand_in = Keyword(item.path)
        bare = section.require("text", partial(plain_keyword, mode=mode), stand_in)
        weight = section.get("weight", _weight, 1.0)
        name = section.get("name", text, None)
        section.close()
        return Keyword(bare.text, weight, bare.regex, name)
    key, value = _pair(item)
    bare = plain_keyword(key, mode=mode)
    return Keyword(bare.text, problems.read(value, _weight, 1.0), bare.regex)


def plain_keyword(item: Item, *, mode: MatchMode) -> Keyword:
    """A word, a phrase, or ``regex:`` and an expression."""
    # The predecessor's operators wrote spaces around a keyword to make it a word: they count.
    written = text(item, strip=mode == "word")
    prefix, colon, pattern = written.strip().partition(":")
    if colon and prefix.lower() == "regex":
        return Keyword(_expression(pattern.strip()), regex=True)
    if mode == "word" and not re.search(r"\w", written):
        raise Unfit(f"needs a letter or digit{but_is(item)}")
    return Keyword(" ".join(written.split()) if mode == "word" else written)


def author(item: Item) -> FollowedAuthor:
    """``name`` or ``name: weight``."""
    if not isinstance(item.value, dict):
        return FollowedAuthor(text(item))
    key, value = _pair(item)
    weight = _weight(value)
    if weight < 0:
        raise Unfit("must have a positive weight; exclude is the list for what to leave out")
    return FollowedAuthor(text(key), weight)


def _pair(item: Item) -> tuple[Item, Item]:
    """The two halves of ``text: weight``."""
    entries = item.value
    if not isinstance(entries, dict) or len(entries) != 1:
        raise Unfit('must be a text, or "text: weight"')
    [(key, value)] = entries.items()
    if isinstance(value.value, str):
        hint = f'a text with a colon needs quotes: "{key}: ..."'
        raise Unfit(f'must be a text, or "text: weight" with a number; {hint}')
    return Item(key, item.path, item.line, key), value


def _weight(item: Item) -> float:
    weight = number(item, least=-1000, most=1000)
    if abs(weight) < 0.01:
        raise Unfit(f"must be at least 0.01, or at most -0.01{but_is(item)}")
    return weight


def _expression(pattern: str) -> str:
    # The operator writes these and waits for them: nothing stops one that backtracks for hours.
    try:
        compiled = re.compile(pattern, re.IGNORECASE)
    except re.error as error:
        where = "" if error.pos is None else f" at character {error.pos + 1}"
        raise Unfit(f"is no regular expression: {error.msg}{where} of {pattern!r}") from error
    except OverflowError as error:
        raise Unfit(f"is no regular expression: {error}") from error
    if compiled.search(""):
        raise Unfit(f"matches even an empty text, and so every paper: {pattern!r}")
    return pattern
