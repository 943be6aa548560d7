"""Every sentence that the site can say, as it stands in code, templates and settings.

`python -m tests.messages` brings the catalogues up to date: new sentences are added, to be
translated, and those that are no more are taken out.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import jinja2
import yaml
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from generator.core.days import FeedState
from generator.core.papers import AnnounceType
from generator.core.summaries import FailureReason
from generator.core.texts import LANGUAGES

PROJECT = Path(__file__).resolve().parents[1]
LOCALE = PROJECT / "generator" / "core" / "locale"

# One sentence, or two where a number chooses: (singular, plural).
Message = str | tuple[str, str]

_SCRIPT_TEXT = re.compile(r'\b(?:text|pieces)\(\s*("(?:[^"\\]|\\.)*")')
_SCRIPT_COUNTED = re.compile(
    r'\bcounted\([^"]*?,\s*("(?:[^"\\]|\\.)*"),\s*("(?:[^"\\]|\\.)*")', re.DOTALL
)
_STYLE_WORD = re.compile(r'var\(--text-(\w+), "\1"\)')
# What the store keeps in English words, and pages show.
_SHOWN = {
    "generator/core/papers.py": (*AnnounceType,),
    "generator/core/days.py": (*FeedState,),
    "generator/core/summaries.py": (*FailureReason,),
    "generator/update/selection/rules.py": ("title", "abstract", "author", "category"),
}


def messages() -> dict[Message, list[str]]:
    """Every sentence, with the files that have it."""
    found: dict[Message, list[str]] = {}
    for path, names in _SHOWN.items():
        for name in names:
            found.setdefault(str(name), []).append(path)
    for path, message in _all():
        places = found.setdefault(message, [])
        name = path.relative_to(PROJECT).as_posix()
        if name not in places:
            places.append(name)
    return found


def _all() -> Iterator[tuple[Path, Message]]:
    for path in sorted((PROJECT / "generator").rglob("*.py")):
        yield from ((path, message) for message in _in_python(path.read_text()))
    for folder in ("generator/build/pages/templates", "overrides"):
        for path in sorted((PROJECT / folder).rglob("*.*")):
            yield from ((path, message) for message in _in_template(path.read_text()))
    for path in sorted((PROJECT / "site_src" / "assets").rglob("*.js")):
        yield from ((path, message) for message in _in_script(path.read_text()))
    styles = PROJECT / "site_src" / "assets" / "daybook.css"
    yield from ((styles, word) for word in _STYLE_WORD.findall(styles.read_text()))
    settings = PROJECT / "mkdocs.yml"
    loaded = yaml.safe_load(settings.read_text())
    for entry in loaded["nav"]:
        yield from ((settings, title) for title in entry)


def _in_python(source: str) -> Iterator[Message]:
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        name = node.func.id if isinstance(node.func, ast.Name) else name
        texts = [
            a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)
        ]
        if name in ("text", "message") and texts:
            yield texts[0]
        elif name == "counted" and len(texts) == 2:
            yield texts[0], texts[1]


def _in_template(source: str) -> Iterator[Message]:
    for call in jinja2.Environment().parse(source).find_all(jinja2.nodes.Call):
        if isinstance(call.node, jinja2.nodes.Name) and call.node.name == "t":
            [first, *_] = call.args
            if isinstance(first, jinja2.nodes.Const):
                yield first.value


def _in_script(source: str) -> Iterator[Message]:
    yield from (json.loads(found[1]) for found in _SCRIPT_TEXT.finditer(source))
    for found in _SCRIPT_COUNTED.finditer(source):
        yield json.loads(found[1]), json.loads(found[2])


def catalogue(language: str) -> Catalog:
    with (LOCALE / f"{language}.po").open("rb") as file:
        return read_po(file, language, abort_invalid=True)


def renewed(language: str) -> bytes:
    """The catalogue as it should be: with these sentences, and what is translated of them."""
    old = catalogue(language)
    new = Catalog(language, charset="utf-8", fuzzy=False)
    for message, paths in messages().items():
        key = message if isinstance(message, str) else message[0]
        entry = old.get(key)
        keeps = entry is not None and isinstance(entry.id, str) == isinstance(message, str)
        new.add(message, entry.string if entry and keeps else None, [(p, None) for p in paths])
    out = BytesIO()
    write_po(out, new, width=0, omit_header=True, sort_by_file=False)
    plural = f"nplurals={old.num_plurals}; plural={old.plural_expr};"
    header = (
        f'msgid ""\nmsgstr ""\n"Language: {language}\\n"\n"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Plural-Forms: {plural}\\n"\n\n'
    )
    return header.encode() + out.getvalue()


if __name__ == "__main__":
    for language in LANGUAGES[1:]:
        (LOCALE / f"{language}.po").write_bytes(renewed(language))
