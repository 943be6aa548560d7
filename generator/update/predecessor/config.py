"""The predecessor's ``config.json`` → the text of a daybook.yml that selects the same papers.

Facts from the predecessor's code (``arxiv_bot.py``): ``max_papers`` is 50 where it is not given,
and nothing reads ``min_score``.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping

from generator.config.options import Keyword, read_keyword
from generator.config.values import category, one_line
from generator.core.errors import ConfigError

_TEMPLATE = """\
# yaml-language-server: $schema=docs/daybook.schema.json
# Daybook's configuration, converted from the predecessor's config.json.
# Every option is described in docs/configuration.md.

site:
  # Where the site will be served. Change it before you publish; links in feeds begin with it.
  url: http://localhost:8000/

sources:
  # The arXiv categories whose announcements are read.
  categories:
{categories}

select:
  # The predecessor's way: a keyword counts wherever its letters stand, so that "RL" is found in
  # "world". With "word" it must be a word of its own.
  match: substring
  # Papers with one of these in title or abstract are kept, and score 1 for each.
  keywords:
{keywords}
  # Papers with one of these in title or abstract are left out.
  exclude:
{exclude}
  # The predecessor read nothing but new papers: no cross-lists, no revisions.
  announce_types: [new]
  # The longest list that a day may have.
  max_papers: {max_papers}
  # Papers that score less than this are left out.{never_applied}
  min_score: 0
"""

_WHY_NOT = {
    "days_back": "a feed holds one day, and the archive keeps all days",
    "enable_deduplication": "a paper is listed once, always",
    "deduplication_methods": "a paper is listed once, always",
}
_SECRETS = ("key", "token", "secret", "password")


def convert_predecessor(config_json: str) -> str:
    """Return the commented text of a daybook.yml with the same categories, keywords and limits.

    What has no counterpart stands at the end as comments, with reasons where they are known. Raises
    ConfigError if the text is not the JSON of such a configuration.
    """
    old = _load(config_json)
    dropped: list[str] = []
    categories = _carried(old, "categories", lambda text: category(one_line(text).strip()), dropped)
    keywords = _carried(old, "keywords", _keyword, dropped)
    exclude = _carried(old, "exclude_keywords", _keyword, dropped)
    if not categories:
        raise _unfit("categories", "names no category that arXiv announces papers in")
    limit = old.pop("max_papers", 50)
    if limit is not None and (type(limit) is not int or limit < 1):
        raise _unfit("max_papers", f"must be a whole number of at least 1, not {_json(limit)}")
    never = ""
    if "min_score" in old:
        never = f" The predecessor had {_json(old.pop('min_score'))} here, and never applied it."
    text = _TEMPLATE.format(
        categories=_yaml_list(dict.fromkeys(categories, 1)),
        keywords=_yaml_list(keywords),
        # A word excludes once, however often it is listed.
        exclude=_yaml_list(dict.fromkeys(exclude, 1)),
        max_papers=_json(limit),
        never_applied=never,
    )
    notes = [f"# not carried over: {line}\n" for line in dropped + _rest(old)]
    return text + "".join(["\n", *notes] if notes else [])


def _load(config_json: str) -> dict[str, object]:
    try:
        old = json.loads(config_json.removeprefix("\ufeff"))
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise _unfit(where, f"is no JSON: {error.msg}") from error
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, deep nesting
        raise _unfit("the file", f"cannot be read as JSON: {error}") from error
    if not isinstance(old, dict):
        raise _unfit("the file", "must be a JSON object, { ... }")
    return old


def _carried(
    old: dict[str, object], option: str, reader: Callable[[str], str], dropped: list[str]
) -> dict[str, int]:
    """Take a list of texts out of ``old``: each fit one, with how often it is there in any case.

    The predecessor counted a keyword that was listed twice twice.
    """
    listed = old.pop(option, [])
    if not isinstance(listed, list) or not all(isinstance(text, str) for text in listed):
        raise _unfit(option, "must be a list of texts")
    times: Counter[str] = Counter()
    spelling: dict[str, str] = {}
    for index, text in enumerate(listed):
        try:
            value = reader(text)
        except ValueError as unfit:
            dropped.append(f"{option}[{index}]: {_json(text)} ({unfit})")
        else:
            times[spelling.setdefault(value.lower(), value)] += 1
    return times


def _keyword(text: str) -> str:
    keyword = read_keyword(Keyword(one_line(text)), "substring")
    if keyword.regex:
        raise ValueError("would be read as a regular expression")
    return keyword.text


def _yaml_list(weights: Mapping[str, int]) -> str:
    """Return the entries of a YAML list. What stands in JSON's quotes reads the same in YAML's."""
    lines = []
    for text, weight in weights.items():
        quoted = json.dumps(text, ensure_ascii=False)
        entry = quoted if weight == 1 else f"{{text: {quoted}, weight: {weight}}}"
        lines.append(f"    - {entry}")
    return "\n".join(lines or ["    []"])


def _rest(old: dict[str, object], prefix: str = "") -> list[str]:
    """Return what remains, one option a line; a secret's value is not repeated in a public file."""
    lines: list[str] = []
    for key, value in old.items():
        option = prefix + _json(key)[1:-1]
        if isinstance(value, dict) and value:
            lines += _rest(value, f"{option}.")
            continue
        secret = key.lower().endswith(_SECRETS)
        reason = f" ({_WHY_NOT[option]})" if option in _WHY_NOT else ""
        lines.append(f"{option}: {'...' if secret else _json(value)}{reason}")
    return lines


def _json(value: object) -> str:
    """Return one line of ASCII, safe in a comment."""
    return json.dumps(value)


def _unfit(option: str, why: str) -> ConfigError:
    return ConfigError(
        "The predecessor's configuration cannot be converted",
        item=option,
        why=why,
        todo="Correct it there, and convert again",
    )
