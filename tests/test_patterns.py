"""No pattern can be made to look back without end: regexploit looks for one that can.

It knows which repetitions of a pattern can share a text (https://github.com/doyensec/regexploit),
and tells what takes more than quadratic time; tests/fuzz asks for linear time, by growth. It does
not know possessive repetitions, which never look back.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator

import pytest
from regexploit.ast.sre import SreOpParser
from regexploit.redos import find

import generator
from tests.projects import PROJECT

_POSSESSIVE = re.compile(r"(?<!\\)[+*?}]\+|\(\?>")
# A literal stands where a value may begin.
_JS_LITERAL = re.compile(
    r"(?:^|[(,=:\[!&|?{};>]|return|\s)\s*/(?![/*])"
    r"((?:\\.|\[(?:\\.|[^\]\n\\])*\]|[^/\n\\\[])+)/[dgimsuvy]*(?=[.,;)\s\]])",
    re.MULTILINE,
)


def python_patterns() -> dict[str, re.Pattern[str]]:
    """Return the patterns of the generator's modules by name."""
    modules = [
        importlib.import_module(found.name)
        for found in pkgutil.walk_packages(generator.__path__, "generator.")
        if not found.name.endswith("__main__")
    ]
    return {
        f"{module.__name__}.{name} {number}": pattern
        for module in modules
        for name, value in vars(module).items()
        for number, pattern in enumerate(_patterns_in(value))
    }


def _patterns_in(value: object) -> Iterator[re.Pattern[str]]:
    """Yield a pattern, or those in a tuple or the values of a dictionary, however deep."""
    if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        yield value
    elif isinstance(value, tuple | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _patterns_in(item)


def js_patterns() -> dict[str, str]:
    """Return the patterns of our scripts, in Python's words, by file and text."""
    files = [*PROJECT.glob("site_src/assets/**/*.js"), *PROJECT.glob("overrides/**/*.html")]
    return {
        f"{path.name}: {literal[1]}": _in_python(literal[1])
        for path in sorted(files)
        for literal in _JS_LITERAL.finditer(path.read_text(encoding="utf-8"))
    }


def _in_python(pattern: str) -> str:
    for js, python in (
        (r"\[\^\]", r"[\\s\\S]"),
        (r"\\[pP]\{[^}]*\}", r"\\w"),
        (r"\(\?<(?![=!])", "(?P<"),
    ):
        pattern = re.sub(js, python, pattern)
    return re.sub(r"\\u\{([0-9a-fA-F]+)\}", lambda found: f"\\U{int(found[1], 16):08x}", pattern)


def finds(pattern: str, flags: int = 0) -> list[str]:
    """Return what makes a pattern take more than quadratic time, an example of each."""
    parsed = SreOpParser().parse_sre(pattern, flags)
    return [found.example() for found in find(parsed, flags)]


def test_it_finds_a_bad_pattern() -> None:
    assert finds(r"(a+)+b")
    assert finds(r"a*a*a*b")


def test_no_pattern_of_the_generator_looks_back_again_and_again() -> None:
    patterns = python_patterns()
    assert len(patterns) > 200
    judged = {n: p for n, p in patterns.items() if not _POSSESSIVE.search(p.pattern)}
    assert len(judged) > 0.9 * len(patterns)
    assert {n: found for n, p in judged.items() if (found := finds(p.pattern, p.flags))} == {}


@pytest.mark.parametrize("pattern", [pytest.param(p, id=n) for n, p in js_patterns().items()])
def test_no_pattern_of_a_script_looks_back_again_and_again(pattern: str) -> None:
    assert finds(pattern) == []
