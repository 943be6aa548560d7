"""Whether arXiv says that a paper was withdrawn: a rule on its texts. Pure.

A withdrawal is a new version (https://info.arxiv.org/help/withdraw.html). Its reason stands in the
comments; many authors repeat it in the abstract, arXiv's administrators in the title too. Papers
*about* withdrawn papers exist, so a notice must speak of this paper, or open the text.
"""

from __future__ import annotations

import re

# What stands between an abstract and the comment that explains a withdrawal.
COMMENT_MARK = "[arXiv comment: "

_PAPER = r"(?:paper|article|manuscript|submission|preprint|work|version|note|document|e-?print)"
_NOTICE = re.compile(
    rf"""(?:
        (?:\bthis|\A\W*the)\s+(?:arxiv\s+)?{_PAPER}\s+(?:has\s+been|is|was)\s+
            (?:now\s+|temporarily\s+)?withdrawn\b
        |\A\W*(?:{_PAPER}\s+)?withdrawn
            (?=\s*(?:\Z|[:.;,(\])]|(?:by|due|because|for|as|since|pending)\b))
    )[^.!?]*(?:[.!?]|\Z)""",
    re.IGNORECASE | re.VERBOSE,
)


def with_comment(abstract: str, comment: str) -> str:
    """Append the comment of arXiv's that says what the abstract does not."""
    return f"{abstract} {COMMENT_MARK}{comment}]".strip()


def withdrawal_notice(*texts: str) -> str | None:
    """Return the sentence that says so, of the first text that has one; else ``None``."""
    for text in texts:
        if "withdrawn" not in text.lower():  # as nearly all of them; looking closer takes long
            continue
        for part in (text, text.partition(COMMENT_MARK)[2]):
            if notice := _NOTICE.search(part):
                return notice[0].strip(" []()")
    return None
