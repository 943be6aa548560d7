"""The sentence of an imported summary: there after the import, and in archives older than it."""

from __future__ import annotations

from pathlib import Path

from generator.cli.commands import main
from generator.store.store import Store
from tests.projects import contents, make_project
from tests.readme_writer import Sample, write_readme

SUMMARY = "## 1. 贡献\n\n很多。\n\n**总结一句话**：  \n**LF 把推理成本减半，首次实现了无损加速**"
README = write_readme([Sample(summary=SUMMARY)], updated="2026-02-05 04:00:00 UTC")


def import_into(project: Path) -> str:
    """Import the README into a project; return the sentence that is stored then."""
    readme = project / "2026-02-05.md"
    readme.write_text(README, encoding="utf-8")
    assert main(["-c", str(project / "daybook.yml"), "import", str(readme.parent)]) == 0
    (paper,) = Store(project / "data").papers()
    return paper.summaries[0].tldr


def test_an_import_fills_it_and_a_second_one_changes_nothing(tmp_path: Path) -> None:
    project = make_project(tmp_path)
    assert import_into(project) == "LF 把推理成本减半，首次实现了无损加速。"
    before = contents(project / "data")
    import_into(project)
    assert contents(project / "data") == before


def test_an_import_into_an_older_archive_writes_what_is_read(tmp_path: Path) -> None:
    project = make_project(tmp_path)
    sentence = import_into(project)
    before = contents(project / "data")
    for name, data in before.items():
        old = data.replace(b'"schema": 3', b'"schema": 2').replace(sentence.encode(), b"")
        (project / "data" / name).write_bytes(old)
    assert import_into(project) == sentence
    assert contents(project / "data") == before
