"""Bodies that arrive packed: unpacked here, so that a small answer cannot grow without bound."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

import httpx2

UNPACKED = ("", "identity")
GZIP = ("gzip", "x-gzip")


def packing_of(response: httpx2.Response) -> str:
    """Return how a body is packed, by its header."""
    return response.headers.get("content-encoding", "").strip().lower()


def unpacked(chunks: Iterable[bytes], packing: str, max_bytes: int) -> Iterator[bytes]:
    """Yield what a body holds, to at most one byte above ``max_bytes``, which says: too large.

    ``packing`` is of UNPACKED or GZIP. Raises httpx2.RemoteProtocolError where gzip is damaged or
    breaks off.
    """
    room = max_bytes + 1
    for part in _gunzipped(chunks, room) if packing in GZIP else chunks:
        yield part[:room]
        room -= len(part)
        if room <= 0:
            return


def _gunzipped(chunks: Iterable[bytes], room: int) -> Iterator[bytes]:
    """Yield what all members of a gzip file hold (RFC 1952, section 2.2), so much at a time."""
    member = _member()
    begun = True  # a body without any member breaks off, too
    try:
        for chunk in chunks:
            rest = chunk
            while rest:
                if member.eof:
                    rest = rest.lstrip(b"\0")  # with which some programs fill up
                    member, begun = _member(), bool(rest)
                yield member.decompress(rest, room)
                rest = member.unconsumed_tail or member.unused_data
    except zlib.error as error:
        raise httpx2.RemoteProtocolError(f"damaged gzip: {error}") from error
    if begun and not member.eof:
        raise httpx2.RemoteProtocolError("the gzip body breaks off")


def _member() -> zlib._Decompress:
    return zlib.decompressobj(16 + zlib.MAX_WBITS)
