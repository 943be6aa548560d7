"""The whole job on the bundled sample: feeds served on loopback → update → build."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from generator.build import build as pipeline
from generator.config.options import SummaryOptions
from generator.config.schema import Config, Paths
from generator.sample import CATEGORIES, DAYS, serve_sample
from generator.update import update as updates
from generator.update.update import RunContext


def run(
    config: Config,
    project: Path,
    folder: Path,
    context: RunContext,
    say: Callable[[str], None],
) -> Path:
    """Update and build in ``folder`` by the project's own rules; return the site's folder.

    No model is asked. ``project`` has mkdocs.yml and the site's assets. Running it again changes
    nothing.
    """
    paths = Paths(data=folder / "data", site_src=folder / "site_src", site=folder / "site")
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
            report = updates.update(sample, day, (), context)
        say(f"{day}: {report.listed} papers listed")
    built = pipeline.build(
        sample, project / "mkdocs.yml", context.cache / "search", context.progress
    )
    say(f"{built.pages} pages and feeds, {built.size.bytes / 1e6:.1f} MB")
    return paths.site
