"""Is every internal link of a built site good? Each ``href``, ``src`` and ``#fragment``."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from lxml import etree

# What a page may refer to outside the site: links that a reader follows, never a resource.
_LINK_SCHEMES = ("http", "https", "mailto")


@dataclass(frozen=True, slots=True)
class _Page:
    """The references and the ids of one page; a reference is (is it fetched?, where it leads)."""

    references: frozenset[tuple[bool, str]]
    ids: frozenset[str]


def _read(path: Path) -> _Page:
    references, ids = set(), set()
    for element in etree.parse(path, etree.HTMLParser(encoding="utf-8")).iter(etree.Element):
        followed = element.tag == "a" or element.get("rel") in ("canonical", "alternate")
        for name in ("href", "src"):
            if (value := element.get(name)) is not None:
                references.add((not followed, value))
        if identifier := element.get("id"):
            ids.add(identifier)
    return _Page(frozenset(references), frozenset(ids))


def check_site(site: Path, progress: Callable[[int, int], None]) -> list[str]:
    """Every broken internal reference and every resource of another host, a line each."""
    pages = sorted(site.rglob("*.html"))
    read: dict[str, _Page] = {}
    for number, path in enumerate(pages, 1):
        read[path.relative_to(site).as_posix()] = _read(path)
        progress(number, len(pages))
    files = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    return [
        f"{name}: {problem}"
        for name, page in read.items()
        if name != "404.html"  # served at any depth, its links are absolute
        for problem in _problems(name, page, read, files)
    ]


def _problems(name: str, page: _Page, read: dict[str, _Page], files: set[str]) -> Iterator[str]:
    for fetched, reference in sorted(page.references):
        parts = urlsplit(reference)
        if parts.scheme or parts.netloc:
            if parts.scheme not in _LINK_SCHEMES:
                yield f"{reference[:120]} has a scheme that no page may use"
            elif fetched:
                yield f"it fetches {reference[:120]} from another host"
            continue
        target = _target(name, unquote(parts.path), files)
        if target is None:
            yield f"{reference} leads nowhere"
        elif parts.fragment and (
            target not in read or unquote(parts.fragment) not in read[target].ids
        ):
            yield f"{reference} names no element of its page"


def _target(name: str, path: str, files: set[str]) -> str | None:
    """The file that a relative path leads to; a folder means its ``index.html``."""
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(name), path)) if path else name
    if path.endswith("/") or joined == "." or path in (".", ".."):
        joined = posixpath.normpath(posixpath.join(joined, "index.html"))
    return joined if joined in files else None
