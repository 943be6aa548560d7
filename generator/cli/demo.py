"""The whole job on the bundled sample: feeds served on loopback → update → build."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from generator.build.build import build
from generator.cli.session import Session
from generator.config.options import SummaryOptions
from generator.config.schema import Paths
from generator.sample import CATEGORIES, DAYS, serve_sample
from generator.update.update import update


def run_demo(run: Session, folder: Path) -> Path:
    """Update and build in ``folder`` by the project's own rules; return the site's folder.

    No model is asked. mkdocs.yml and the site's assets are the project's, which is where the
    configuration is. Running it again changes nothing.
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
    built = build(sample, project / "mkdocs.yml", context.cache / "search", run.open_bar)
    run.say(f"{built.pages} pages and feeds, {built.size.bytes / 1e6:.1f} MB")
    return paths.site
