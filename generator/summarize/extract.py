"""A sentence from the abstract that says most of the paper; a stand-in for the real one."""

from __future__ import annotations

import re


def extract_tldr(title: str, abstract: str, *, cut: bool) -> str:
    """A sentence of the abstract; "" where there is none that says enough."""
    return re.split(r"(?<=[.!?])\s", abstract, maxsplit=1)[0]
