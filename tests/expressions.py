"""The few forms of GitHub's expressions that the workflows use.

    evaluate("!cancelled() && needs.build.result == 'success'", context)

Names lead through nested dictionaries; what is missing is empty, as on GitHub. Whatever else a
workflow might use is an error, so that a test never passes over what it does not understand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

_TOKENS = re.compile(r"\s*(?:(?P<op>==|!=|&&|\|\||[!()])|'(?P<text>[^']*)'|(?P<name>[\w.-]+))")

Functions = Mapping[str, Callable[[], bool]]


def substitute(text: str, context: Mapping[str, Any]) -> str:
    """The text with each ``${{ }}`` replaced."""

    def value(match: re.Match[str]) -> str:
        found = evaluate(match[1], context, {})
        return str(found).lower() if isinstance(found, bool) else str(found)

    return re.sub(r"\$\{\{(.*?)\}\}", value, text)


def condition(text: str, context: Mapping[str, Any], functions: Functions) -> bool:
    """An ``if:``. Without a function that asks for the state it has ``success()`` before it."""
    bare = re.sub(r"^\s*\$\{\{(.*)\}\}\s*$", r"\1", text)
    if not any(f"{name}()" in bare for name in functions):
        bare = f"success() && ({bare})" if bare else "success()"
    return bool(evaluate(bare, context, functions))


def evaluate(text: str, context: Mapping[str, Any], functions: Functions) -> Any:
    """The expression's value."""
    return _Parser(text, context, functions).whole()


class _Parser:
    def __init__(self, text: str, context: Mapping[str, Any], functions: Functions) -> None:
        self._context, self._functions, self._text = context, functions, text
        self._tokens: list[tuple[str, str]] = []
        at, end = 0, len(text.rstrip())
        while at < end:
            match = _TOKENS.match(text, at)
            if not match:
                raise ValueError(f"not understood: {text[at:]!r}")
            kind = match.lastgroup or ""
            self._tokens.append((kind, match[kind]))
            at = match.end()

    def whole(self) -> Any:
        value = self._or()
        if self._tokens:
            raise ValueError(f"not understood: {self._text!r}")
        return value

    def _accept(self, operator: str) -> bool:
        if self._tokens and self._tokens[0] == ("op", operator):
            self._tokens.pop(0)
            return True
        return False

    def _or(self) -> Any:
        value = self._and()
        while self._accept("||"):
            other = self._and()
            value = value or other
        return value

    def _and(self) -> Any:
        value = self._comparison()
        while self._accept("&&"):
            other = self._comparison()
            value = value and other
        return value

    def _comparison(self) -> Any:
        value = self._atom()
        if self._accept("=="):
            return value == self._atom()
        if self._accept("!="):
            return value != self._atom()
        return value

    def _atom(self) -> Any:
        if self._accept("!"):
            return not self._atom()
        if self._accept("("):
            value = self._or()
            if not self._accept(")"):
                raise ValueError(f"no closing bracket: {self._text!r}")
            return value
        kind, token = self._tokens.pop(0)
        if kind == "text":
            return token
        if kind != "name":
            raise ValueError(f"not understood: {self._text!r}")
        if self._accept("("):
            if not self._accept(")"):
                raise ValueError(f"no arguments are understood: {self._text!r}")
            return self._functions[token]()
        value: Any = self._context
        for part in token.split("."):
            value = value.get(part, "") if isinstance(value, Mapping) else ""
        return value
