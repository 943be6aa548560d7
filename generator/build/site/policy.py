"""What a page may load and run: its Content-Security-Policy, as an element and as a header. Pure.

https://www.w3.org/TR/CSP3/ has the terms. Every page carries its policy, for many hosts send no
headers of one's own. Hashes are those of the scripts in the page's template: what comes into a page
with a text would not run even where it got through the sanitiser.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Any

from lxml import etree

# Stands for the policy in a template until the page is whole. Control characters: no text holds it.
PLACE = "\x02policy\x03"

# A header says besides who may show the page in a frame, which an element cannot.
FRAMES = "frame-ancestors 'self'"

_META = "Content-Security-Policy"
_WRITTEN = re.compile(rf'<meta http-equiv="{_META}" content="([^"]*)">'.encode())
_HEAD = 2048  # bytes in which a page says its policy


def policy(scripts: Iterable[str]) -> str:
    """Return the policy of a page with these inline scripts."""
    hashes = "".join(f" {script_hash(script)}" for script in dict.fromkeys(scripts))
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self'{hashes}",
            "style-src 'self'",
            "img-src 'self' data:",  # style sheets draw icons
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
        )
    )


def script_hash(script: str) -> str:
    """Return what a policy names an inline script by."""
    return f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'"


def governed(page: str, shell: str) -> str:
    """Write its policy into a page; ``shell`` is what its template gives without a page's texts."""
    return page.replace(PLACE, policy(inline_scripts(etree.HTML(shell))), 1)


def policy_header(file: bytes) -> str:
    """Return the header for a file of the site: the policy that a page carries, and ``FRAMES``."""
    written = _WRITTEN.search(file, 0, _HEAD)
    return f"{written[1].decode() if written else policy(())}; {FRAMES}"


def inline_scripts(tree: Any) -> Iterator[str]:
    """Give the text of each script of a page (lxml) that runs and stands in the page itself."""
    for script in tree.iter("script"):
        # Data, such as JSON-LD, is no script (https://html.spec.whatwg.org/multipage/scripting.html).
        if script.get("src") is None and not script.get("type", "").endswith("json"):
            yield script.text or ""


def policy_problems(tree: Any) -> Iterator[str]:
    """Say what a page (lxml) has that its policy does not cover, a line each.

    A page that an operator put there by hand, without the site's masthead and without scripts,
    needs no policy.
    """
    meta = next((m for m in tree.iter("meta") if m.get("http-equiv") == _META), None)
    if meta is None:
        if [*tree.iterfind(".//header[@class='masthead']"), *tree.iter("script")]:
            yield f"it has no {_META}"
        return
    if meta.getparent().tag != "head" or [*meta.itersiblings("link", "script", preceding=True)]:
        yield f"its {_META} stands behind what it is for"
    said = meta.get("content", "")
    if PLACE in said or "default-src 'none'" not in said:
        yield f"its {_META} lacks default-src 'none'"
    for script in inline_scripts(tree):
        if script_hash(script) not in said:
            yield f"its {_META} lacks the hash of the script {script[:60]!r}"
    if any(element.get("style") is not None for element in tree.iter(etree.Element)):
        yield f"its {_META} forbids the style attribute that it has"
