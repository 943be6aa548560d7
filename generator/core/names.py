"""Names of people, made comparable."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache


@lru_cache(maxsize=65536)
def name_key(name: str) -> str:
    """Return a person's name for comparison, without case, accents and punctuation.

    >>> name_key("Jérémy  O'Brien-Łuk")
    'jeremy o brien łuk'
    """
    letters = unicodedata.normalize("NFKD", name)
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(re.findall(r"\w+", plain.casefold()))
