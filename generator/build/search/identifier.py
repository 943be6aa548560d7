"""The arXiv id that a query is about, however it was pasted. Pure.

Alone or in an address of any site (arxiv.org, doi.org, huggingface.co, semanticscholar.org), with
what people copy along: ``arXiv:2509.25762v1 [cs.LG] 30 Sep 2025``, ``see 2509.25762``.
``site_src/assets/search/query.js`` does the same in the browser, and
tests/build/search/query_vectors.json holds both to it.
"""

from __future__ import annotations

import re

# Archives whose ids were archive/YYMMNNN (https://info.arxiv.org/help/arxiv_identifier.html).
_ARCHIVE = (
    "(?:acc-phys|adap-org|alg-geom|ao-sci|astro-ph|atom-ph|bayes-an|chao-dyn|chem-ph|cmp-lg|comp-gas"
    "|cond-mat|cs|dg-ga|econ|eess|funct-an|gr-qc|hep-ex|hep-lat|hep-ph|hep-th|math|math-ph|mtrl-th"
    "|nlin|nucl-ex|nucl-th|patt-sol|physics|plasm-ph|q-alg|q-bio|q-fin|quant-ph|solv-int|stat"
    "|supr-con)"
)
_ID = (
    r"([0-9]{2}(?:0[1-9]|1[0-2])\.[0-9]{4,5}"
    rf"|{_ARCHIVE}(?:\.[a-z]{{2}})?/[0-9]{{2}}(?:0[1-9]|1[0-2])[0-9]{{3}})(?:v[0-9]{{1,4}})?"
)
# Alone or with a prefix: a letter or digit beside it makes it something else.
_BARE = re.compile(
    r"(^|[^0-9a-z.+-]|[^0-9]\.)(?:oai:)?(?:arxiv(?:\.org)? ?[:._/-]? ?)?"
    rf"{_ID}(?:\.pdf)?(?:[#?][^ ]*)?(?![0-9a-z])"
)
_IN_ADDRESS = re.compile(rf"(?:^|[^0-9a-z]|arxiv){_ID}(?![0-9])")
_ADDRESS = re.compile(r"https?:|www\.|[a-z0-9-]+\.[a-z0-9.-]+/")
_DOI = re.compile(r"10\.[0-9]{4,5}/")
_SUBJECT = re.compile(r"\.[a-z]{2}/")
_DECORATION = re.compile(
    rf"{_ARCHIVE}(?:\.[a-z-]{{2,12}})?|v?[0-9]{{1,2}}"
    "|(?:论文|文章|预印本|编号|链接|请|参|见|看|查|找|的|这篇)+"
)
# fmt: off
_STOP_WORDS = {
    "a", "an", "the", "of", "for", "and", "or", "in", "on", "to", "at", "by", "with", "from",
    "is", "it", "as", "this", "that", "see", "read", "find", "show", "open", "get", "my", "me",
    "please", "paper", "papers", "preprint", "eprint", "e-print", "article", "arxiv", "arxiv.org",
    "abs", "pdf", "html", "doi", "id", "link", "url", "version",
}
# fmt: on
_PUNCTUATION = " .,;:!?()[]{}<>'‘’…—–-_/\\|*#~`、。【】《》"


def id_of(text: str) -> str:
    """Return the canonical id that a query is about, "" if it has other words or several ids.

    ``text`` is in small and narrow letters, with spaces for all white space.

    >>> id_of("arxiv:2509.25762v2 [cs.lg]"), id_of("https://arxiv.org/abs/math.gt/0309136#s1")
    ('2509.25762', 'math/0309136')
    >>> id_of("see 2509.25762 for kv cache")
    ''
    """
    found: set[str] = set()
    rest = []
    for token in text.replace('"', " ").split(" "):
        address = _ADDRESS.search(token)
        inside = _IN_ADDRESS.search(token[address.start() :]) if address else None
        if inside and ("arxiv" in token or not _DOI.search(token)):
            found.add(inside[1])
            rest.append(token[: address.start()] if address else "")
        else:
            rest.append(token)

    def take(match: re.Match[str]) -> str:
        found.add(match[2])
        return f"{match[1]} "

    left = re.split(r"[ ;,()[\]{}=]", _BARE.sub(take, " ".join(rest)))
    if len(canonical := {_SUBJECT.sub("/", one) for one in found}) != 1:
        return ""
    return canonical.pop() if all(map(_says_nothing, left)) else ""


def _says_nothing(word: str) -> bool:
    word = word.strip(_PUNCTUATION)
    return not word or word in _STOP_WORDS or bool(_DECORATION.fullmatch(word))
