"""The whole job on the bundled sample: feeds served on loopback → update → build."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from generator.build.build import build
from generator.cli.session import Session
from generator.config.options import SummaryOptions
from generator.config.schema import Paths
from generator.core.papers import Paper
from generator.sample import CATEGORIES, DAYS, sample_summaries, serve_sample
from generator.store.merge import add_summary
from generator.store.store import Store
from generator.update.update import update


def run_demo(run: Session, folder: Path) -> Path:
    """Update and build in ``folder`` by the project's own rules; return the site's folder.

    No model is asked: some papers get summaries that say that they are samples. mkdocs.yml and the
    site's assets are the project's, which is where the configuration is. Running it again changes
    nothing.
    """
    config, project = run.load(), run.config_file.absolute().parent
    context = run.context(config, folder / ".cache")
    paths = Paths(
        data=folder / "data", site_src=folder / "site_src", site=(folder / "site").resolve()
    )
    shutil.copytree(project / "site_src" / "assets", paths.site_src / "assets", dirs_exist_ok=True)
    for day in DAYS:
        with serve_sample(day) as address:
            sources = replace(
                config.sources,
                categories=CATEGORIES,
                feed_base=address,
                api_base=address,
                delay=0.0,
            )
            sample = replace(config, sources=sources, summarize=SummaryOptions(), paths=paths)
            report = update(sample, day, (), context)
        run.say(f"{day}: {report.listed} papers listed")
    store = Store(paths.data)
    store.write(_with_samples(store), ())
    built = build(sample, project / "mkdocs.yml", context.cache / "search", run.open_bar)
    run.say(f"{built.pages} pages and feeds, {built.size.bytes / 1e6:.1f} MB")
    return paths.site


def _with_samples(store: Store) -> Iterator[Paper]:
    """Yield the papers that the sample has summaries of, if the project's rules kept them."""
    papers: dict[str, Paper] = {}
    for identifier, summary in sample_summaries():
        if paper := papers.get(identifier) or store.paper(identifier):
            papers[identifier] = add_summary(paper, summary)
    yield from papers.values()
