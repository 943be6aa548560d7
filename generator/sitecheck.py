"""Is every internal link of a built site good? Each ``href``, ``src`` and ``#fragment``."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

# What a page may refer to outside the site: links that a reader follows, never a resource.
_LINK_SCHEMES = ("http", "https", "mailto")


class _Page(HTMLParser):
    """The references and the ids of one page; a reference is (is it fetched?, where it leads)."""

    def __init__(self) -> None:
        super().__init__()
        self.references: set[tuple[bool, str]] = set()
        self.ids: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what the tag refers to and how it is named."""
        values = dict(attrs)
        followed = tag == "a" or (tag == "link" and values.get("rel") in ("canonical", "alternate"))
        for name in ("href", "src"):
            if (value := values.get(name)) is not None:
                self.references.add((not followed, value))
        if identifier := values.get("id"):
            self.ids.add(identifier)

    handle_startendtag = handle_starttag


def check_site(site: Path, progress: Callable[[int, int], None]) -> list[str]:
    """Every broken internal reference and every resource of another host, a line each."""
    pages = sorted(site.rglob("*.html"))
    read: dict[str, _Page] = {}
    for number, path in enumerate(pages, 1):
        page = read[path.relative_to(site).as_posix()] = _Page()
        page.feed(path.read_text(encoding="utf-8"))
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
