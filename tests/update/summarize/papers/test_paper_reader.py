"""Papers over a real connection: HTML first, else the PDF, each version once, and failures told."""

from __future__ import annotations

import gzip
import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from generator.core.errors import FetchError, MissingError, PaperError, TooLargeError
from generator.core.ids import ArxivId
from generator.update.sources.http import Fetcher
from generator.update.summarize.papers.document import Document
from generator.update.summarize.papers.reader import PaperReader
from tests.loopback import Answer, Loopback
from tests.pdf_writer import paper
from tests.update.summarize.papers.test_paper_html import page, section

ID = ArxivId("2601.00001", 2)
OLD = ArxivId("math/0309136", 1)
HTML = page(section("Introduction", "From the HTML."))
PDF = paper(words=60)
NO_HTML = b"<html><h1>No HTML for '2601.00001v2'</h1></html>"

Make = Callable[..., PaperReader]


@pytest.fixture
def make(arxiv: Loopback, tmp_path: Path) -> Iterator[Make]:
    """Makes readers with one cache, as one run after the other would."""
    fetchers = []

    def reader(**options: object) -> PaperReader:
        slept: list[float] = []
        fetcher = Fetcher(tmp_path / "http", delay=0, timeout=5, sleep=slept.append)
        fetchers.append(fetcher)
        return PaperReader(fetcher, cache=tmp_path / "papers", base=arxiv.url, **options)

    yield reader
    for fetcher in fetchers:
        fetcher.__exit__(None, None, None)


def paths(arxiv: Loopback) -> list[str]:
    return [request.path for request in arxiv.requests]


def text(document: Document, title: str) -> str:
    return next(part.text for part in document.sections if part.title == title)


def test_the_html_is_read_where_there_is_one(arxiv: Loopback, make: Make) -> None:
    arxiv.on("/html/2601.00001v2", Answer(200, HTML))
    document = make().document(ID)
    assert document.source == "html"
    assert text(document, "1 Introduction") == "From the HTML."
    assert paths(arxiv) == ["/html/2601.00001v2"]


@pytest.mark.parametrize(
    "html",
    [Answer(404), Answer(410), Answer(200, NO_HTML), Answer(200, b""), Answer(200, PDF)],
    ids=["404", "410", "no HTML", "empty", "a PDF"],
)
def test_else_the_pdf_is(arxiv: Loopback, make: Make, html: Answer) -> None:
    arxiv.on("/html/2601.00001v2", html)
    arxiv.on("/pdf/2601.00001v2", Answer(200, PDF, {"Content-Type": "application/pdf"}))
    document = make().document(ID)
    assert document.source == "pdf"
    assert text(document, "1 Introduction").startswith("Introductions come first.")
    assert paths(arxiv) == ["/html/2601.00001v2", "/pdf/2601.00001v2"]


def test_old_ids_have_their_slash(arxiv: Loopback, make: Make) -> None:
    arxiv.on("/html/math/0309136v1", Answer(404))
    arxiv.on("/pdf/math/0309136v1", Answer(200, PDF))
    assert make().document(OLD).source == "pdf"


# Once


@pytest.mark.parametrize("kind", ["html", "pdf"])
def test_a_version_is_downloaded_once_for_good(arxiv: Loopback, make: Make, kind: str) -> None:
    arxiv.on("/html/2601.00001v2", Answer(200, HTML) if kind == "html" else Answer(404))
    if kind == "pdf":
        arxiv.on("/pdf/2601.00001v2", Answer(200, PDF))
    first = make().document(ID)
    asked = len(arxiv.requests)
    reader = make()
    assert reader.document(ID) == first
    assert reader.document(ID) == first
    assert len(arxiv.requests) == asked


def test_another_version_is_another_paper(arxiv: Loopback, make: Make) -> None:
    arxiv.on("/html/2601.00001v2", Answer(200, HTML))
    arxiv.on("/html/2601.00001v3", Answer(200, HTML.replace(b"From the", b"Newer")))
    reader = make()
    reader.document(ID)
    newer = reader.document(ArxivId("2601.00001", 3))
    assert text(newer, "1 Introduction") == "Newer HTML."


def test_a_file_is_downloaded_once_and_serves_both_ways(arxiv: Loopback, make: Make) -> None:
    arxiv.on("/pdf/2601.00001v2", Answer(200, PDF))
    assert make().pdf(ID) == PDF
    reader = make()
    assert reader.pdf(ID) == PDF
    arxiv.on("/html/2601.00001v2", Answer(404))
    assert reader.document(ID).source == "pdf"
    assert paths(arxiv) == ["/pdf/2601.00001v2", "/html/2601.00001v2"]


def test_nothing_of_it_ends_up_in_the_cache_of_feeds(arxiv, make: Make, tmp_path) -> None:
    arxiv.on("/html/2601.00001v2", Answer(200, HTML, {"ETag": '"1"'}))
    make().document(ID)
    assert not (tmp_path / "http").exists()
    assert len(list((tmp_path / "papers").iterdir())) == 1


def test_a_damaged_cache_is_downloaded_again(arxiv: Loopback, make: Make, tmp_path: Path) -> None:
    arxiv.on("/html/2601.00001v2", Answer(200, HTML), Answer(200, HTML))
    first = make().document(ID)
    (file,) = (tmp_path / "papers").iterdir()
    file.write_bytes(file.read_bytes()[:-20])
    assert make().document(ID) == first


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b'{"sections": [{}]}',
        b'{"sections": 5}',
        b"[" * 100_000,
        b"\xff",
    ],
)
def test_whatever_is_in_the_cache_is_downloaded_again(arxiv, make, tmp_path, content) -> None:
    arxiv.on("/html/2601.00001v2", Answer(200, HTML), Answer(200, HTML))
    first = make().document(ID)
    (file,) = (tmp_path / "papers").iterdir()
    file.write_bytes(hashlib.sha256(content).hexdigest().encode() + b"\n" + content)
    assert make().document(ID) == first


def test_a_cache_that_cannot_be_used_is_named_before_a_download(arxiv, make, tmp_path) -> None:
    (tmp_path / "papers").write_text("a file where the folder should be")
    with pytest.raises(FetchError) as caught:
        make().document(ID)
    assert caught.value.item.startswith(str(tmp_path / "papers"))
    assert arxiv.requests == []


# For good


@pytest.mark.parametrize(
    ("pdf", "why"),
    [
        (Answer(404, b"<title>Not here</title>"), "HTTP 404 Not Found: Not here"),
        (Answer(200, b"<html><title>No PDF for 2601.00001v2</title></html>"), "it is an HTML page"),
        (Answer(200, PDF[: len(PDF) // 2]), "it is damaged"),
        (Answer(200, b""), "it is empty"),
    ],
    ids=["missing", "HTML named .pdf", "damaged", "empty"],
)
def test_what_cannot_be_read_is_so_for_the_whole_run(arxiv, make, pdf, why) -> None:
    arxiv.on("/html/2601.00001v2", Answer(404))
    arxiv.on("/pdf/2601.00001v2", pdf)
    reader = make()
    for _ in range(2):
        with pytest.raises(PaperError) as caught:
            reader.document(ID)
        assert caught.value.why.startswith(why)
        assert caught.value.item == f"{arxiv.url}/pdf/2601.00001v2"
    assert len(arxiv.requests) == 2


@pytest.mark.parametrize("pdf", [Answer(404), Answer(200, NO_HTML)], ids=["missing", "HTML"])
def test_a_file_that_is_none_is_not_handed_on(arxiv: Loopback, make: Make, pdf: Answer) -> None:
    arxiv.on("/pdf/2601.00001v2", pdf)
    reader = make()
    for _ in range(2):
        with pytest.raises(PaperError):
            reader.pdf(ID)
    assert len(arxiv.requests) == 1


def test_eighty_megabytes_are_not_downloaded(arxiv: Loopback, make: Make, tmp_path: Path) -> None:
    arxiv.on("/html/2601.00001v2", Answer(404))
    # Not even begun: the server says how much it is going to send, and would take days to do so.
    arxiv.on("/pdf/2601.00001v2", Answer(200, PDF + bytes(80 * 1024 * 1024), drip=0.01))
    reader = make()
    for read in (reader.document, reader.pdf):
        with pytest.raises(PaperError) as caught:
            read(ID)
        assert caught.value.why == "it is larger than 52428800 bytes"
    assert paths(arxiv) == ["/html/2601.00001v2"] + 2 * ["/pdf/2601.00001v2"]
    assert not (tmp_path / "papers").exists()


def test_a_page_that_grows_when_unpacked_gives_way_to_the_pdf(arxiv: Loopback, make: Make) -> None:
    packed = gzip.compress(bytes(3_000_000))
    arxiv.on("/html/2601.00001v2", Answer(200, packed, {"Content-Encoding": "gzip"}))
    arxiv.on("/pdf/2601.00001v2", Answer(200, PDF))
    assert make(max_bytes=1_000_000).document(ID).source == "pdf"


def test_a_pdf_that_takes_too_long_is_unreadable(arxiv: Loopback, make: Make) -> None:
    arxiv.on("/html/2601.00001v2", Answer(404))
    arxiv.on("/pdf/2601.00001v2", Answer(200, PDF))
    with pytest.raises(PaperError, match=r"took longer than 0\.01 seconds"):
        make(timeout=0.01).document(ID)


# For today


@pytest.mark.parametrize("broken", ["html", "pdf"])
@pytest.mark.parametrize("status", [503, 429, 403])
def test_trouble_with_arxiv_is_not_trouble_with_the_paper(arxiv, make, broken, status) -> None:
    arxiv.on("/html/2601.00001v2", Answer(status if broken == "html" else 404))
    if broken == "pdf":
        arxiv.on("/pdf/2601.00001v2", Answer(status))
    reader = make()
    with pytest.raises(FetchError, match=f"HTTP {status}"):
        reader.document(ID)
    arxiv.on("/html/2601.00001v2", Answer(200, HTML))
    assert reader.document(ID).source == "html"


# What the fetcher tells apart


@pytest.mark.parametrize("status", [404, 410])
def test_a_missing_page_is_told_apart(arxiv: Loopback, status: int) -> None:
    arxiv.on("/x", Answer(status))
    with Fetcher() as fetcher, pytest.raises(MissingError, match=f"HTTP {status}"):
        fetcher.get(f"{arxiv.url}/x")


def test_a_large_answer_is_told_apart_and_not_read(arxiv: Loopback) -> None:
    # Whoever reads it waits in vain.
    arxiv.on("/x", Answer(200, os.urandom(2000), drip=3600))
    with Fetcher() as fetcher, pytest.raises(TooLargeError, match="larger than 1999 bytes"):
        fetcher.get(f"{arxiv.url}/x", max_bytes=1999)
    assert len(arxiv.requests) == 1


def test_downloads_can_pass_by_the_cache(arxiv: Loopback, tmp_path: Path) -> None:
    arxiv.on("/x", Answer(200, b"one", {"ETag": '"1"'}))
    with Fetcher(tmp_path / "http", delay=0) as fetcher:
        fetcher.get(f"{arxiv.url}/x", keep=False)
        fetcher.get(f"{arxiv.url}/x", keep=False)
    assert "if-none-match" not in arxiv.requests[1].headers
    assert not (tmp_path / "http").exists()
