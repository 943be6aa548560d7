"""Are a built site's links good, its navigation the same everywhere, its policies whole?"""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from urllib.parse import unquote, urlsplit

from lxml import etree

from generator.build.site.policy import policy_problems
from generator.core.progress import Progress

# What a page may refer to outside the site: links that a reader follows, never a resource.
_LINK_SCHEMES = ("http", "https", "mailto")
_REFERENCES = ("href", "src", "action")
# Served at any depth, its links are absolute.
_ANYWHERE = "404.html"


@dataclass(frozen=True, slots=True)
class _Page:
    """The references and the ids of one page, and where each link of its masthead leads.

    A reference is (is it fetched?, where it leads). ``problems`` are those of the page's policy,
    ``picture`` is the path of what is shown of a link to it, "" for none.
    """

    references: frozenset[tuple[bool, str]]
    ids: frozenset[str]
    navigation: frozenset[tuple[str, str]]
    problems: tuple[str, ...]
    picture: str


def check_site(site: Path, progress: Progress) -> list[str]:
    """Return what is wrong with the built site, a line each.

    That is every broken internal reference, every resource of another host, every link of a page's
    masthead that leads elsewhere than on most pages, whatever a page's policy lacks, and every
    picture of a link that is not there.
    """
    paths = sorted(site.rglob("*.html"))
    files = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    pages: dict[str, _Page] = {}
    for number, path in enumerate(paths, 1):
        name = path.relative_to(site).as_posix()
        pages[name] = _read(path, name, files)
        progress(number, len(paths))
    # A page that an operator puts in by hand may have no masthead.
    linked = {name: page for name, page in pages.items() if name != _ANYWHERE}
    found = Counter(page.navigation for page in linked.values() if page.navigation)
    usual = found.most_common(1)[0][0] if found else frozenset()
    problems = [(name, problem) for name, page in pages.items() for problem in page.problems]
    for name, page in linked.items():
        found_wrong = (*_broken(name, page, linked, files), *_astray(page.navigation, usual))
        problems += [(name, problem) for problem in found_wrong]
    problems += [
        (name, f"{page.picture}, the picture of its link, is missing")
        for name, page in pages.items()
        if page.picture and page.picture not in files
    ]
    return [f"{name}: {problem}" for name, problem in sorted(problems, key=itemgetter(0))]


def _read(path: Path, page: str, files: set[str]) -> _Page:
    tree = etree.parse(path, etree.HTMLParser(encoding="utf-8"))
    references: set[tuple[bool, str]] = set()
    ids: set[str] = set()
    for element in tree.iter(etree.Element):
        followed = element.tag in ("a", "form") or element.get("rel") in ("canonical", "alternate")
        references.update(
            (not followed, element.get(n)) for n in _REFERENCES if n in element.attrib
        )
        if identifier := element.get("id"):
            ids.add(identifier)
    navigation = {
        (label, _target(page, urlsplit(address).path, files) or address)
        for link in tree.iterfind(".//header[@class='masthead']//*")
        if (address := link.get("href", link.get("action"))) is not None
        if (label := "".join(link.itertext()).strip() or link.get("title", link.get("role", "")))
    }
    problems = tuple(policy_problems(tree))
    return _Page(
        frozenset(references),
        frozenset(ids),
        frozenset(navigation),
        problems,
        _picture(tree, page),
    )


def _picture(tree: etree._ElementTree, page: str) -> str:
    """Return the path of a page's picture: its address without that of the site."""
    picture = tree.find(".//meta[@property='og:image']")
    own = tree.find(".//link[@rel='canonical']")
    if picture is None or own is None:
        return ""
    site = unquote(own.get("href", "")).removesuffix(page.removesuffix("index.html"))
    return unquote(picture.get("content", "")).removeprefix(site)


def _broken(name: str, page: _Page, pages: dict[str, _Page], files: set[str]) -> Iterator[str]:
    for fetched, reference in sorted(page.references):
        parts = urlsplit(reference)
        if parts.scheme or parts.netloc:
            if parts.scheme not in _LINK_SCHEMES:
                yield f"{reference[:120]} has a scheme that no page may use"
            elif fetched:
                yield f"it fetches {reference[:120]} from another host"
            continue
        target = _target(name, parts.path, files)
        if target is None:
            yield f"{reference} leads nowhere"
        elif parts.fragment and (
            target not in pages or unquote(parts.fragment) not in pages[target].ids
        ):
            yield f"{reference} names no element of its page"


def _astray(own: frozenset[tuple[str, str]], usual: frozenset[tuple[str, str]]) -> Iterator[str]:
    for label, target in sorted(own - usual):
        yield f"{label} leads to {target} in its navigation, unlike on other pages"
    if own:
        for label in sorted(dict(usual).keys() - dict(own).keys()):
            yield f"{label} is missing in its navigation"


def _target(name: str, path: str, files: set[str]) -> str | None:
    """Return the file that a relative path leads to; a folder means its ``index.html``."""
    path = unquote(path)
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(name), path)) if path else name
    if path.endswith("/") or joined == "." or path in (".", ".."):
        joined = posixpath.normpath(posixpath.join(joined, "index.html"))
    return joined if joined in files else None
