"""Readers for the section ``summarize`` of the configuration."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import Any

from generator.config import values
from generator.config.options import Input, SummaryOptions
from generator.config.values import once
from generator.config.yaml import Item, Problems, Section, Unfit, but_is

_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def summary_options(section: Section, problems: Problems, project: Path) -> SummaryOptions:
    """How summaries are made. Relative paths start at ``project``."""
    default = SummaryOptions
    price = values.optional(partial(values.number, least=0, most=1_000_000))
    per_minute = values.optional(partial(values.whole_number, least=1))
    options = SummaryOptions(
        model=section.get("model", values.optional(values.text), None),
        base_url=section.get("base_url", values.url, default.base_url),
        api_key_env=section.get("api_key_env", values.optional(_variable), default.api_key_env),
        languages=section.each("languages", once(_language, str.lower)) or default.languages,
        input=section.get("input", _input, default.input),
        best=section.get("best", per_minute, default.best),
        context_tokens=section.get(
            "context_tokens", partial(values.whole_number, least=2000), default.context_tokens
        ),
        max_output_tokens=section.get(
            "max_output_tokens", partial(values.whole_number, least=200), default.max_output_tokens
        ),
        temperature=section.get(
            "temperature", values.optional(partial(values.number, least=0, most=2)), None
        ),
        extra_body=section.get("extra_body", _json_object, {}),
        timeout=section.get("timeout", partial(values.number, least=1, most=3600), default.timeout),
        concurrency=section.get("concurrency", _concurrency, default.concurrency),
        requests_per_minute=section.get("requests_per_minute", per_minute, None),
        tokens_per_minute=section.get("tokens_per_minute", per_minute, None),
        max_papers=section.get("max_papers", per_minute, default.max_papers),
        max_tokens=section.get("max_tokens", per_minute, None),
        max_cost=section.get("max_cost", price, None),
        price_input=section.get("price_input", price, None),
        price_cached=section.get("price_cached", price, None),
        price_output=section.get("price_output", price, None),
        currency=section.get("currency", values.text, default.currency),
        attempts=section.get("attempts", partial(values.whole_number, least=1), default.attempts),
        prompt=section.get("prompt", values.optional(partial(_file, project=project)), None),
    )
    _check_together(options, section, problems)
    return options


def _check_together(options: SummaryOptions, section: Section, problems: Problems) -> None:
    priced = (options.price_input is not None, options.price_output is not None)
    if any(priced) and not all(priced):
        name = "price_output" if priced[0] else "price_input"
        problems.add(f"summarize.{name}", section.line, "is missing: a cost needs both prices")
    if options.max_cost is not None and not any(priced):
        why = "needs price_input and price_output: without them no cost is known"
        problems.add("summarize.max_cost", section.line, why)
    if options.max_output_tokens >= options.context_tokens:
        why = "must be less than context_tokens, of which it takes a part"
        problems.add("summarize.max_output_tokens", section.line, why)


def _input(item: Item) -> Input:
    match values.choice(item, ("fulltext", "abstract", "file")):
        case "abstract":
            return "abstract"
        case "file":
            return "file"
    return "fulltext"


def _language(item: Item) -> str:
    written = values.text(item)
    if not _LANGUAGE.fullmatch(written):
        raise Unfit(f"must be a language tag such as en, zh or pt-BR{but_is(item)}")
    return written


def _variable(item: Item) -> str:
    written = values.text(item)
    if not _VARIABLE.fullmatch(written):
        # Perhaps the key itself: it must not be repeated on a screen.
        raise Unfit("must be the name of an environment variable, not the key itself")
    return written


def _concurrency(item: Item) -> int:
    count = values.whole_number(item, least=1)
    if count > 64:
        raise Unfit(f"must be at most 64{but_is(item)}")
    return count


def _file(item: Item, *, project: Path) -> Path:
    return project / values.text(item)


def _json_object(item: Item) -> dict[str, Any]:
    value = _plain(item)
    if not isinstance(value, dict):
        raise Unfit(f"must be a mapping{but_is(item)}")
    return value


def _plain(item: Item) -> Any:
    """An item without its places, as JSON has it."""
    if isinstance(item.value, dict):
        return {name: _plain(value) for name, value in item.value.items()}
    if isinstance(item.value, list):
        return [_plain(value) for value in item.value]
    return item.value
