"""MkDocs, the engine that makes the site of the pages: here and in ``hooks`` alone it is known."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from pathlib import Path

import mkdocs
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config as load_mkdocs_config
from mkdocs.contrib import search as mkdocs_search
from mkdocs.exceptions import Abort, MkDocsException

from generator.build.site.turns import put_in_place
from generator.core.errors import BuildError
from generator.core.files import remove
from generator.core.progress import Progress
from generator.core.site import SiteInfo

# MkDocs brings these along: a font (Roboto Slab, Apache License 2.0: Latin, Greek, Cyrillic), and
# the browser's half of the look-up by field.
PICTURE_FONT = Path(mkdocs.__file__).parent / "themes/readthedocs/css/fonts/Roboto-Slab-Bold.woff"
LUNR_JS = Path(mkdocs_search.__file__).parent / "templates" / "search" / "lunr.js"


def build_site(
    mkdocs_yml: Path,
    source_dir: Path,
    site_dir: Path,
    *,
    site: SiteInfo,
    progress: Progress,
    finish: Callable[[Path], None],
) -> None:
    """Make the site of the pages in ``source_dir``; the old one stays until the new one is whole.

    ``finish`` is called with the new site's folder before it takes the old one's place. Raises
    BuildError.
    """
    fresh = site_dir.with_name(f"{site_dir.name}.new")
    remove(fresh)
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
    logging.getLogger("mkdocs").setLevel(logging.WARNING)
    try:
        config = load_mkdocs_config(
            str(mkdocs_yml),
            docs_dir=str(source_dir),
            site_dir=str(fresh),
            site_name=site.title,
            site_url=site.url,
            site_description=site.description,
            strict=True,
        )
        config.extra["progress"] = progress
        config.theme["language"] = site.texts.language
        try:
            mkdocs_build(config)
        finally:
            # Where it failed, others may still be building pages.
            if workers := config.extra["daybook"].workers:
                workers.stop()
    except (MkDocsException, Abort) as error:
        raise BuildError(
            "MkDocs could not build the site",
            item=str(source_dir),
            why=str(error),
            todo="The lines above say which page; the old site is untouched",
        ) from error
    finish(fresh)
    put_in_place(fresh, site_dir)
