r"""What a terminal and a log are given: words from outside can give neither of them an order.

Titles, error pages and names of files come from outside. A terminal obeys control characters
(ESC moves the cursor, names the window, and more). GitHub's log obeys ``::command::`` at the
beginning of a line, and ``##[command]`` anywhere
(https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands).
"""

from __future__ import annotations

import logging
import re

from generator.core.characters import BYTE_ORDER_MARK, CONTROLS, DIRECTIONS, LINE_BREAKS, SURROGATES

_ORDERS = re.compile(
    f"[{CONTROLS}{LINE_BREAKS}{DIRECTIONS}{SURROGATES}{BYTE_ORDER_MARK}]|(?<=##)\\["
)


def printable(text: str) -> str:
    r"""Return a text of lines with each order in it written out, as ``\u001b``.

    So JSON stays the same JSON.
    """
    return "\n".join(map(printable_line, text.split("\n")))


def printable_line(text: str) -> str:
    """Return a text as one line, with line breaks written out too."""
    line = _ORDERS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    return line.replace(":", "\\u003a", 1) if line.lstrip().startswith("::") else line


class PrintableFormatter(logging.Formatter):
    """Formats what modules log."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the message, with its traceback if it has one."""
        return printable(super().format(record))
