"""Projects whose papers are summarised by the model's server of the tests."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from generator.cli import commands as cli
from generator.core.days import Day, Match, Row, Run
from generator.core.ids import ArxivId
from generator.core.papers import AnnounceType, Author, Listing, Paper
from generator.store.store import Store
from tests.llm_server import ModelServer
from tests.projects import make_project

DAY = date(2026, 1, 5)
KEY = "sk-sample-0123456789"
PARTS = ("contributions", "method", "results", "limitations")
_NAMES = ("Sampling", "Caching", "Routing", "Pruning", "Merging", "Folding")


def paper(number: int, **changes: Any) -> Paper:
    """An invented paper; its id ends with the number."""
    name = _NAMES[number % len(_NAMES)]
    known: dict[str, Any] = {
        "id": f"2601.{90000 + number}",
        "title": f"{name} an LLM: 2601.{90000 + number}",
        "authors": (Author("Ada Sample"), Author("Bo Muster", "University of Samples")),
        "abstract": f"We present {name.lower()} for an LLM. It is measured on samples.",
        "abstract_is_excerpt": False,
        "categories": ("cs.LG",),
        "listings": (Listing(DAY, 1, AnnounceType.NEW),),
    }
    return Paper(**{**known, **changes})


def day_of(papers: list[Paper]) -> Day:
    """The day that lists these papers, in this order."""
    rows = tuple(
        Row(
            id=ArxivId(paper.id, paper.versions[-1]),
            type=AnnounceType.NEW,
            score=1.5,
            matches=(Match("LLM", "title", 1.5),),
        )
        for paper in papers
    )
    return Day(date=DAY, rows=rows, run=Run(updated=datetime(2026, 1, 5, 5, tzinfo=UTC)))


def summary_project(folder: Path, server: ModelServer, papers: list[Paper], **options: Any) -> Path:
    """A project whose store has a day with these papers, and whose model is the server's."""
    project = make_project(folder)
    written = {
        "model": "sample-1",
        "base_url": f"{server.url}/v1",
        "api_key_env": "SAMPLE_KEY",
        "input": "abstract",
        "best": None,
        "timeout": 5,
        **options,
    }
    config = project / "daybook.yml"
    config.write_text(
        config.read_text().replace("timeout: 5", f"timeout: 5\n  paper_base: {server.url}")
        + f"summarize: {json.dumps(written)}\n"
    )
    Store(project / "data").write(papers, [day_of(papers)])
    return project


def html_page(title: str, *sections: tuple[str, str]) -> bytes:
    """A paper as arXiv shows it in HTML (LaTeXML's classes)."""
    body = "".join(
        f'<section class="ltx_section" id="S{n}"><h2 class="ltx_title ltx_title_section">'
        f'<span class="ltx_tag ltx_tag_section">{n} </span>{name}</h2><div class="ltx_para">'
        f'<p class="ltx_p">{text}</p></div></section>'
        for n, (name, text) in enumerate(sections, 1)
    )
    return (
        '<!DOCTYPE html><html lang="en"><head><title>x</title></head><body><div '
        'class="ltx_page_main"><div class="ltx_page_content"><article class="ltx_document">'
        f'<h1 class="ltx_title ltx_title_document">{title}</h1>{body}'
        "</article></div></div></body></html>"
    ).encode()


def serve_html(server: ModelServer, papers: list[Paper]) -> None:
    """Every paper as HTML of some length."""
    for one in papers:
        text = f"The {one.title} is measured in many ways, and it is always a sample. " * 30
        page = html_page(one.title, ("Introduction", text), ("Results", text), ("Conclusion", text))
        server.page(f"/html/{one.id}v{one.versions[-1]}", page)


def sections(paper: str, **changes: Any) -> str:
    """A good answer as JSON."""
    return json.dumps(
        {
            "tldr": f"The paper {paper} shows that sampling makes a model fast.",
            "tags": ["sampling", "large language models", "evaluation"],
            "contributions": f"The paper {paper} proposes a way to sample, and says why it works.",
            "method": "It compares *two* baselines on three data sets:\n\n- one\n- another",
            "results": "| way | score |\n|---|---|\n| ours | $2^{10}$ |\n\nIt is the fastest.",
            "limitations": "It was measured on samples only, and larger ones are left for later.",
            **changes,
        },
        ensure_ascii=False,
    )


def answer(paper: str, body: Mapping[str, Any]) -> str:
    """What the server says when all is well."""
    return sections(paper)


def run_summaries(*arguments: str) -> int:
    """`generator -q summarize` in the present folder; the exit code."""
    return cli.main(["-q", "summarize", *arguments])
