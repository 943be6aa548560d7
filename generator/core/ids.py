"""arXiv's identifiers."""

from __future__ import annotations

import re
from dataclasses import dataclass

from generator.core.errors import IdError

# https://info.arxiv.org/help/arxiv_identifier.html: YYMM.NNNN from 0704, YYMM.NNNNN from 1501.
_NEW_ID = re.compile(r"(?P<id>\d{2}(?:0[1-9]|1[0-2])\.\d{4,5})(?:v(?P<v>[1-9]\d{0,3}))?", re.ASCII)
# Before April 2007: archive[.SC]/YYMMNNN; the subject class is not part of the canonical form.
_OLD_ID = re.compile(
    r"(?P<archive>[a-z]{1,12}(?:-[a-z]{2,12})?)(?:\.[a-zA-Z-]{2,12})?/(?P<number>\d{7})(?:v(?P<v>[1-9]\d{0,3}))?",
    re.ASCII,
)
_ID_PREFIX = re.compile(
    r"^(?:oai:arXiv\.org:|arXiv:|https?://(?:www\.|export\.)?arxiv\.org/(?:abs|pdf|html)/)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, order=True)
class ArxivId:
    """An arXiv identifier: ``id`` is the canonical form without version, ``version`` counts from 1.

    >>> str(ArxivId.parse("https://arxiv.org/abs/math.GT/0309136v2"))
    'math/0309136v2'
    """

    id: str
    version: int

    @classmethod
    def parse(cls, text: str, *, default_version: int | None = None) -> ArxivId:
        """Read an id as arXiv writes it: bare, ``arXiv:``, ``oai:``, or an abs/pdf/html URL.

        ``default_version`` stands in where the text has no version; without it such a text is an
        error. Raises IdError.
        """
        bare = _ID_PREFIX.sub("", text.strip()).removesuffix(".pdf")
        if new := _NEW_ID.fullmatch(bare):
            identifier, version = new["id"], new["v"]
        elif old := _OLD_ID.fullmatch(bare):
            identifier, version = f"{old['archive']}/{old['number']}", old["v"]
        else:
            raise IdError(
                "Not an arXiv identifier",
                item=repr(text[:80]),
                why="it is neither YYMM.NNNNN nor archive/YYMMNNN",
                todo="Look the paper up on arxiv.org and use the id of its abs page",
            )
        if version is None and default_version is None:
            raise IdError(
                "arXiv identifier without a version",
                item=repr(text[:80]),
                why="a version such as v1 is needed here",
                todo="Add the version that was announced",
            )
        return cls(identifier, int(version) if version else int(default_version or 1))

    def __str__(self) -> str:
        return f"{self.id}v{self.version}"
