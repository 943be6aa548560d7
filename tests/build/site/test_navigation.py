"""The links that every page shows: the same ones, whichever process made the page."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest

from generator.build.site.check import check_site
from generator.core import parallel
from tests.projects import contents, run_generator


def test_any_number_of_processes_gives_the_same_bytes(
    golden_site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In small chunks and taken in turn, so that each process makes some pages of a kind only."""
    monkeypatch.setattr(parallel, "CHUNK", 4)
    run = parallel.Workers._run

    def patiently(self: parallel.Workers, start: int) -> list:
        time.sleep(0.03)
        return run(self, start)

    monkeypatch.setattr(parallel.Workers, "_run", patiently)
    sites = []
    for processes in (1, 2, 3):
        cores = set(range(processes))
        monkeypatch.setattr(parallel.os, "sched_getaffinity", lambda process, cores=cores: cores)
        project = tmp_path / str(processes)
        shutil.copytree(golden_site.parent, project, symlinks=True)
        run_generator(project, "build")
        sites.append(contents(project / "site"))
    first = contents(golden_site)
    for site in sites:
        assert site.keys() == first.keys()
        assert [name for name, data in site.items() if data != first[name]] == []


def test_every_page_has_the_navigation_of_the_others(golden_site: Path) -> None:
    for path in ("tags/llm", "categories/cs.LG", "authors", "days/2026-02", "papers/math/0309136"):
        text = (golden_site / path / "index.html").read_text()
        up = "../" * (path.count("/") + 1)
        for name, there in (("Categories", "categories/"), ("Tags", "tags/"), ("Archive", "days/")):
            short = there.removeprefix(f"{path.split('/')[0]}/")
            near = up[3:] if not short else f"{up}{there}"
            assert f'<li><a href="{near or "./"}">{name}</a></li>' in text, (path, name)


@pytest.mark.parametrize(
    ("right", "wrong", "says"),
    [
        ('href="../../categories/"', 'href="../"', ["Categories leads to tags/"]),
        ('<li><a href="../">Tags</a></li>', "", ["Tags is missing"]),
        ('action="../../search/"', 'action="../../saved/"', ["search leads to saved/"]),
    ],
)
def test_a_page_whose_navigation_differs_is_found(
    golden_site: Path, tmp_path: Path, right: str, wrong: str, says: list[str]
) -> None:
    site = tmp_path / "site"
    shutil.copytree(golden_site, site)
    page = site / "tags" / "llm" / "index.html"
    text = page.read_text()
    assert text.count(right) == 1
    page.write_text(text.replace(right, wrong))
    found = check_site(site, lambda done, total: None)
    assert len(found) == len(says)
    for problem, part in zip(found, says, strict=True):
        assert problem.startswith("tags/llm/index.html: ")
        assert part in problem
