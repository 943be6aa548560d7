"""Two promises of every reader of bytes from outside: it refuses or reads, and in linear time."""

from __future__ import annotations

import contextlib
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.targets import REFUSALS, SLOW, TARGETS, seeds
from tests.growth import assert_linear

QUICK = sorted(set(TARGETS) - SLOW)


def run(target: str, data: bytes) -> None:
    """Give bytes to a target. What is no refusal fails the test."""
    with contextlib.suppress(*REFUSALS):
        TARGETS[target](data)


def mutated(data: bytes, chosen: random.Random) -> bytes:
    """Return a document with some pieces cut, doubled, moved or overwritten."""
    for _ in range(chosen.randint(1, 4)):
        start = chosen.randrange(len(data) + 1)
        end = min(len(data), start + chosen.choice((1, 2, 8, 64)))
        piece = chosen.choice(
            (b"", data[start:end] * chosen.choice((2, 40)), chosen.randbytes(2), *_PIECES)
        )
        data = data[:start] + piece + data[end:]
    return data


_PIECES = (b"9" * 5000, b"\x00", b"\xff", b"$\\", b"[", b"<", b"&#", b"\n", b"}.", b"{" * 3000)


@pytest.mark.parametrize("target", TARGETS)
def test_the_seeds_are_read(target: str) -> None:
    """A seed that is refused would leave most of its reader alone."""
    for data in seeds(target):
        TARGETS[target](data)


@pytest.mark.parametrize("target", TARGETS)
@settings(max_examples=15)
@given(number=st.integers(0, 2**32))
def test_a_damaged_document_is_read_or_refused(target: str, number: int) -> None:
    if target in SLOW and number % 8:
        return
    chosen = random.Random(number)
    run(target, mutated(chosen.choice(seeds(target)), chosen))


@pytest.mark.parametrize("target", QUICK)
@settings(max_examples=15)
@given(data=st.binary(max_size=400) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_read_or_refused(target: str, data: bytes) -> None:
    run(target, data)


# What makes a careless pattern or parser look back again and again, where it stands repeatedly.
REPEATED = (
    *("$\\", "$", "$9", "9", "}.", "{", "[", "](", "<", "<a ", '<a b="c" ', "&", "&#", "&#1;", "`"),
    *(
        "*",
        "_",
        "|",
        "- ",
        "> ",
        "\n",
        "\n- ",
        " ",
        "a ",
        "a.",
        "a. B",
        '"',
        '{"a":',
        "\\u",
        "(",
        "中",
    ),
)


# Of a query only so much is read that it takes the same time, however long it is.
@pytest.mark.parametrize("target", sorted(set(QUICK) - {"query"}))
def test_what_repeats_takes_linear_time(target: str) -> None:
    for text in map(str.encode, REPEATED):
        assert_linear(lambda size, t=text: run(target, t * (size // len(t))), 24_000)


@pytest.mark.parametrize("target", sorted(set(QUICK) - {"query", "config"}))
def test_what_repeats_inside_a_document_takes_linear_time(target: str) -> None:
    document = seeds(target)[0]
    middle = len(document) // 2
    for text in map(str.encode, REPEATED):
        assert_linear(
            lambda size, t=text: run(
                target, document[:middle] + t * (size // len(t)) + document[middle:]
            ),
            24_000,
        )
