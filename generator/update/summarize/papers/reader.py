"""Downloads the papers that are to be summarised, each version once.

A version of a paper never changes, so what was read of it is kept for good: in ``.cache/papers``,
as text, or as the PDF itself for models that read files. A cache file may be deleted at any time.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter

from generator.core.errors import MissingError, PaperError, TooLargeError
from generator.core.ids import ArxivId
from generator.update.sources import cache
from generator.update.sources.http import Fetcher
from generator.update.summarize.papers.document import Document
from generator.update.summarize.papers.html import parse_html
from generator.update.summarize.papers.pdf import check_pdf, parse_pdf

_LOGGER = logging.getLogger(__name__)
_MAX_BYTES = 50 * 1024 * 1024
# Part of a text's name in the cache: raised whenever the same bytes give another text.
_READER = 2
_DOCUMENT = TypeAdapter(Document)
_Value = TypeVar("_Value")


class PaperReader:
    """Papers by id and version, over one connection; for use by one thread.

    ``base`` is arXiv's address without a slash at its end. ``cache`` is a folder. ``max_bytes``
    bounds a download, ``timeout`` in seconds the reading of a PDF.
    """

    def __init__(
        self,
        fetcher: Fetcher,
        *,
        cache: Path,
        base: str = "https://arxiv.org",
        max_bytes: int = _MAX_BYTES,
        timeout: float = 60.0,
    ) -> None:
        self._fetcher = fetcher
        self._folder = cache
        self._base = base
        self._max_bytes = max_bytes
        self._timeout = timeout
        # A paper is asked for once per language; what is unreadable is so for this run.
        self._unreadable: dict[Path, PaperError] = {}

    def document(self, identifier: ArxivId) -> Document:
        """Return a paper's text, from its HTML where arXiv has that, else from its PDF.

        Raises PaperError where neither can be read, for good; FetchError where arXiv could not be
        asked, which may go better another day.
        """
        return self._kept(identifier, f"text{_READER}", _document, self._read_text)

    def pdf(self, identifier: ArxivId) -> bytes:
        """Return a paper's PDF for models that read files. Raises as ``document`` does."""
        return self._kept(identifier, "pdf", _pdf, self._download_pdf)

    def _kept(
        self,
        identifier: ArxivId,
        kind: str,
        read: Callable[[bytes], _Value],
        make: Callable[[ArxivId], bytes],
    ) -> _Value:
        """Return what is in the cache, made once where it is not."""
        path = self._path(identifier, kind)
        kept = cache.load(path, read)
        if kept is not None:
            return kept
        if known := self._unreadable.get(path):
            raise known
        try:
            content = make(identifier)
        except PaperError as error:
            self._unreadable[path] = error
            raise
        cache.save(path, content)
        return read(content)

    def _read_text(self, identifier: ArxivId) -> bytes:
        document = self._html(identifier) or self._pdf_text(identifier)
        return json.dumps(asdict(document)).encode()

    def _html(self, identifier: ArxivId) -> Document | None:
        url = f"{self._base}/html/{identifier}"
        try:
            answer = self._fetcher.get(url, max_bytes=self._max_bytes, keep=False)
            return parse_html(answer.body, name=url)
        except (MissingError, TooLargeError, PaperError) as error:
            _LOGGER.info("%s; reading the PDF", error)
            return None

    def _pdf_text(self, identifier: ArxivId) -> Document:
        kept = cache.load(self._path(identifier, "pdf"), _pdf)
        data = kept or self._download_pdf(identifier)
        return parse_pdf(data, name=self._pdf_url(identifier), timeout=self._timeout)

    def _download_pdf(self, identifier: ArxivId) -> bytes:
        url = self._pdf_url(identifier)
        try:
            data = self._fetcher.get(url, max_bytes=self._max_bytes, keep=False).body
        except (MissingError, TooLargeError) as error:
            raise PaperError(
                "No PDF of the paper",
                item=url,
                why=error.why,
                todo="The summary has to do with the abstract",
            ) from error
        check_pdf(data, name=url)
        return data

    def _pdf_url(self, identifier: ArxivId) -> str:
        return f"{self._base}/pdf/{identifier}"

    def _path(self, identifier: ArxivId, kind: str) -> Path:
        """Return a file of the cache; old identifiers have a slash in them."""
        return self._folder / f"{identifier}.{kind}".replace("/", "-")


def read_file(path: Path, timeout: float = 60.0) -> Document:
    """Read a paper's HTML or PDF from a file, whichever it is. Raises PaperError, OSError."""
    data = path.read_bytes()
    if b"%PDF-" in data[:1024] or path.suffix.lower() == ".pdf":
        return parse_pdf(data, name=str(path), timeout=timeout)
    return parse_html(data, name=str(path))


def _document(data: bytes) -> Document:
    """Return a document as it is kept. Raises pydantic's ValueError where the bytes are none."""
    return _DOCUMENT.validate_json(data, strict=False)


def _pdf(data: bytes) -> bytes:
    check_pdf(data)
    return data
