"""Kinds of options: how each is written, and what is made of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import click

from generator.core.errors import IdError
from generator.core.ids import ArxivId

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def flag(*names: str, help: str) -> Decorator:
    """Make an option that is given or not."""
    return click.option(*names, is_flag=True, help=help)


def string(*names: str, metavar: str, help: str) -> Decorator:
    """Make an option with a text, "" where it is not given."""
    return click.option(*names, default="", metavar=metavar, help=help)


def path(*names: str, metavar: str, help: str, default: str | None = None) -> Decorator:
    """Make an option with the path of a file or folder."""
    kind = click.Path(path_type=Path)
    return click.option(*names, type=kind, metavar=metavar, default=default, help=help)


def day(*names: str, help: str, required: bool = False) -> Decorator:
    """Make an option with a day."""
    return click.option(*names, type=_day, metavar="YYYY-MM-DD", required=required, help=help)


def count(*names: str, help: str, default: int | None = None) -> Decorator:
    """Make an option with a number from 1 on."""
    return click.option(*names, type=_count, metavar="N", default=default, help=help)


def arxiv_id(*names: str, help: str) -> Decorator:
    """Make an option with the id of a paper, version or not."""
    return click.option(*names, type=_arxiv_id, metavar="ID", help=help)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter(f"{text!r} is no date such as 2026-02-05") from error


def _count(text: str | int) -> int:
    if not str(text).isdecimal() or not int(text):
        raise click.BadParameter(f"{text!r} is no number from 1 on")
    return int(text)


def _arxiv_id(text: str) -> ArxivId:
    try:
        return ArxivId.parse(text, default_version=1)
    except IdError as error:
        raise click.BadParameter(f"{text!r} is no arXiv id such as 2602.01234") from error
