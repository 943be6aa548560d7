r"""The object in a model's answer, read with lenience where the meaning is sure.

Words and code fences around it, trailing commas, control characters in texts, backslashes that
were not doubled: all read as meant. Never guessed at: an object that is not closed, a quotation
mark inside a text that was not escaped, a field that is there twice.
"""

from __future__ import annotations

import re
from typing import Any

from generator.core.summaries import FailureReason
from generator.update.summarize.fields import FIELDS
from generator.update.summarize.model import ReplyError
from generator.update.summarize.reply import complaints, tex_escapes

# Far above any answer; they bound the time that a hostile text can take.
_MAX_DEPTH = 12
_MAX_STARTS = 200

_SPACE = re.compile(r"[\s\ufeff]*")
_OPENING = re.compile(r'\{[\s\ufeff]*"')
_NUMBER = re.compile(r"-?\d{1,40}(?:\.\d{1,40})?(?:[eE][+-]?\d{1,3})?")
_PLAIN = re.compile(r'[^"\\]+')
_HEX = re.compile(r"[0-9a-fA-F]{4}")
_LITERALS = {"true": True, "false": False, "null": None}
_ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_ESCAPES |= {'"': '"', "'": "'", "/": "/", "\\": "\\"}
_CARELESS = re.compile(r"(?<!\\)(?:\\\\)*\\[A-Zac-eg-mo-qsv-z]")


class _Syntax(Exception):
    """This is no JSON, not even lenient."""


class _BrokenOff(Exception):
    """The text ends inside a value."""


def find_object(text: str) -> dict[str, Any] | None:
    """Return the last object of the text that has our fields, ``None`` where there is none.

    It may be the only thing inside a list or another object. Raises ReplyError where an object
    begins that cannot be read.
    """
    found: dict[str, Any] | None = None
    failure: ReplyError | None = None
    position, starts = 0, 0
    careless = bool(_CARELESS.search(text))
    while (opening := _OPENING.search(text, position)) and starts < _MAX_STARTS:
        starts += 1
        reader = _JsonReader(text, opening.start(), careless=careless)
        try:
            value = reader.value()
        except _BrokenOff:
            failure = ReplyError(FailureReason.INVALID, complaints.BROKEN_OFF)
            break
        except _Syntax:
            if _is_ours(text, opening.end()):
                failure = ReplyError(FailureReason.INVALID, complaints.NOT_JSON)
            position = opening.end()
            continue
        position = reader.position
        ours = _unwrapped(value)
        if ours is not None:
            found, failure = ours, None
    if failure and (found is None or _missing(found)):
        raise failure
    return found


def _is_ours(text: str, position: int) -> bool:
    return any(text.startswith(f'{field}"', position) for field in FIELDS)


def _missing(found: dict[str, Any]) -> bool:
    return not all(field in found for field in FIELDS)


def _unwrapped(value: Any) -> dict[str, Any] | None:
    while True:
        if isinstance(value, dict) and (
            "tldr" in value or sum(field in value for field in FIELDS) > 2
        ):  # one with a single such name may be an example from the paper
            return value
        if not isinstance(value, dict | list) or len(value) != 1:
            return None
        value = value[0] if isinstance(value, list) else next(iter(value.values()))


class _JsonReader:
    """Reads one value from ``position`` on."""

    def __init__(self, text: str, position: int, *, careless: bool) -> None:
        self.text = text
        self.position = position
        self.careless = careless

    def value(self, depth: int = 0) -> Any:
        """Read the value that begins here. Raises _Syntax, _BrokenOff, ReplyError."""
        if depth > _MAX_DEPTH:
            raise _Syntax
        character = self._peek()
        if character == "{":
            return self._object(depth)
        if character == "[":
            return self._array(depth)
        if character == '"':
            return self._string()
        for literal, value in _LITERALS.items():
            if self.text.startswith(literal, self.position):
                self.position += len(literal)
                return value
        number = _NUMBER.match(self.text, self.position)
        if not number:
            raise _Syntax
        self.position = number.end()
        return float(number[0]) if number.end() < len(self.text) else self._end()

    def _peek(self) -> str:
        space = _SPACE.match(self.text, self.position)
        self.position = space.end() if space else self.position
        return self.text[self.position] if self.position < len(self.text) else self._end()

    def _end(self) -> str:
        raise _BrokenOff

    def _take(self, expected: str) -> bool:
        if self._peek() != expected:
            return False
        self.position += 1
        return True

    def _object(self, depth: int) -> dict[str, Any]:
        self.position += 1
        found: dict[str, Any] = {}
        while not self._take("}"):
            if self._peek() != '"':
                raise _Syntax
            name = self._string()
            if not self._take(":"):
                raise _Syntax
            if name in found and name in FIELDS:
                raise ReplyError(FailureReason.INVALID, complaints.TWICE.format(name))
            found[name] = self.value(depth + 1)
            if not self._take(",") and self._peek() != "}":
                raise _Syntax
        return found

    def _array(self, depth: int) -> list[Any]:
        self.position += 1
        found = []
        while not self._take("]"):
            found.append(self.value(depth + 1))
            if not self._take(",") and self._peek() != "]":
                raise _Syntax
        return found

    def _string(self) -> str:
        self.position += 1
        parts: list[str] = []
        place = tex_escapes.Place()
        while True:
            plain = _PLAIN.match(self.text, self.position)
            if plain:
                parts.append(plain[0])
                self.position = plain.end()
            if self.position >= len(self.text):
                raise _BrokenOff
            if self.text[self.position] == '"':
                self.position += 1
                return "".join(parts)
            parts.append(self._escape(parts, place))

    def _escape(self, before: list[str], place: tex_escapes.Place) -> str:
        """Read the escape that begins here; a backslash that begins none stands for itself."""
        escape = self.text[self.position + 1 : self.position + 2]
        self.position += 2
        if not escape:
            raise _BrokenOff
        if escape == "u" and (digits := _HEX.match(self.text, self.position)):
            self.position = digits.end()
            return chr(int(digits[0], 16))
        if escape in "bfnrt":
            following = self.text[self.position : self.position + 24]
            if tex_escapes.is_command(escape, following, before, place, careless=self.careless):
                return f"\\{escape}"
        if escape in _ESCAPES:
            return _ESCAPES[escape]
        if escape == "\n":  # a line of the source that was continued
            return "\n"
        return f"\\{escape}"
