"""How large the site is, when it will be too large, and what is said about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from generator.build.site import size
from generator.build.site.size import Size, papers_a_year
from generator.cli.commands import main

TODAY = date(2026, 8, 21)
# A year of the real predecessor: 7,121 papers.
YEAR = Size(files=60_000, bytes=153_000_000, fixed=3_000_000, papers=7_500, papers_a_year=7_121.0)


def test_only_the_last_year_counts() -> None:
    long_ago = [TODAY - timedelta(days=days) for days in range(365, 800)]
    recent = [TODAY - timedelta(days=days) for days in range(365)]
    assert papers_a_year([*long_ago, *recent, TODAY]) == 366


def test_a_young_archive_is_counted_up_to_a_year() -> None:
    month = [TODAY - timedelta(days=days) for days in range(30) for _ in range(20)]
    assert papers_a_year(month) == pytest.approx(20 * 365)
    assert papers_a_year([TODAY] * 70) == pytest.approx(10 * 365)
    assert papers_a_year([]) == 0


def test_the_years_left_follow_from_rate_and_mean() -> None:
    # 150 MB for 7,500 papers: 20 KB each; 847 MB are free and 142 MB come each year.
    assert YEAR.bytes_a_paper == pytest.approx(20_000)
    assert YEAR.years_left == pytest.approx(847 / 142.42)
    assert "(7,121 papers a year, 20.0 KB each)" in YEAR.outlook()
    assert "in about 5.9 years" in YEAR.outlook()
    assert YEAR.warning() == ""


def test_a_few_papers_tell_nothing() -> None:
    few = replace(YEAR, papers=99)
    assert few.years_left is None
    assert few.outlook() == ""
    assert replace(YEAR, papers=0, papers_a_year=0.0).outlook() == ""


def test_a_slow_archive_has_more_than_a_century() -> None:
    assert "more than 100 years" in replace(YEAR, papers_a_year=300.0).outlook()


def test_the_warning_begins_at_80_percent() -> None:
    assert replace(YEAR, bytes=799_999_999).warning() == ""
    assert "80% of the 1 GB" in replace(YEAR, bytes=800_000_000).warning()
    over = replace(YEAR, bytes=1_200_000_000)
    assert over.years_left == 0
    assert "120%" in over.warning()


def test_build_says_how_large_the_site_is_and_warns(
    own_golden: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    project = own_golden
    site = [path for path in (project / "site").rglob("*") if path.is_file()]
    total = sum(path.stat().st_size for path in site)
    monkeypatch.setattr(size, "LIMIT", total)
    monkeypatch.chdir(project)
    assert main(["build"]) == 0
    said = capsys.readouterr().err
    assert f"the site has {len(site)} files, {total / 1e6:.1f} MB" in said
    assert "daybook: The site has 100% of the 1 GB that GitHub Pages allows. Move it" in said
