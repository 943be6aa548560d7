"""Real papers, measured by the script that lies beside them: floors for what is read of a few."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.projects import PROJECT
from tests.shared import FULLTEXT, needs_papers

# REVTeX with references that have no title; two columns with footnotes; tables behind references.
PAPERS = ("pdf/0908.0054.pdf", "pdf/2020.acl-main.207.pdf", "pdf/2510.11973.pdf")
PAGES = ("html/2510.11973.html",)


@needs_papers
def test_real_papers_are_read(tmp_path: Path) -> None:
    for name in (*PAPERS, *PAGES, "headings.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(FULLTEXT / name, tmp_path / name)
    measure = [sys.executable, str(FULLTEXT / "measure.py"), str(PROJECT), str(tmp_path)]
    done = subprocess.run(measure, capture_output=True, text=True, check=True)
    told = done.stdout.splitlines()
    assert [line.split()[0] for line in told if "html:" not in line and line[0] != "{"] == [
        Path(name).stem for name in PAPERS
    ]
    for found, there in re.findall(r"(?:sections|below) (\d+)/(\d+)", done.stdout):
        assert found == there, told
    for name, most in (("wrong", 0), ("broken words", 3), ("references left", 0.05)):
        assert all(float(n) <= most for n in re.findall(rf"{name} ([\d.]+)", done.stdout)), told
    kept = [float(share) for share in re.findall(r"body kept ([\d.]+)", done.stdout)]
    assert len(kept) == 2
    assert min(kept) >= 0.98, told
    assert "html: sections 8 (the page has 7 " in done.stdout, told
