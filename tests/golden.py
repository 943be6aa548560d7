"""The golden archive: a small invented history, built for real and kept in tests/golden/.

And the JSON Schema of daybook.yml, for editors. `make golden` writes them anew; review the change
with git diff.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from generator.config.schema import json_schema
from generator.core.summaries import FailureReason, Summary, SummaryFailure, SummaryKey, Usage
from generator.store.merge import add_failure, add_summary
from generator.store.store import Store
from tests.loopback import Answer, Loopback
from tests.projects import contents, make_project, run_generator
from tests.readme_writer import Sample, write_readme
from tests.rss import Item, feed

GOLDEN = Path(__file__).with_name("golden")
SCHEMA = Path(__file__).resolve().parents[1] / "docs" / "daybook.schema.json"

# Of the site itself: one page of each kind that is not a list, and what programs read.
_SITE_PAGES = (
    "index.html",
    "papers/2602.90001/index.html",
    "papers/2602.90003/index.html",
    "papers/math/0309136/index.html",
    "status/index.html",
    "trends/index.html",
    "days/2026-02-05/index.html",
    "days/2026-02-07/index.html",
    "sitemap.xml",
    "robots.txt",
    "llms.txt",
)

_SUMMARY = """\
# 论文总结：样本

## 1. 主要贡献
本文提出 **Sample**，将复杂度降到 $O(n \\log n)$：
- 第一点
  - 嵌套的一点 `code`
- 第二点 <think>

| 方法 | 得分 |
|---|---|
| Base | 1.0 |
| **Ours** | $2^{10}$ |

## 2. 实验
```python
print("<script>alert(1)</script>")
```

$$
E = mc^2
$$
"""


def golden_files(project: Path) -> dict[str, bytes]:
    """Return the files to compare of a project that has the archive built, by path."""
    pages = {
        f"site_src/{path}": data
        for path, data in contents(project / "site_src").items()
        if not path.startswith("assets/")
    }
    site = {f"site/{path}": (project / "site" / path).read_bytes() for path in _SITE_PAGES}
    documents = {
        f"site/api/{path}": data
        for path, data in contents(project / "site" / "api").items()
        if "/schema/" not in path
    }
    return {**contents(project / "data"), **pages, **site, **documents}


def schema_file() -> str:
    """The text of docs/daybook.schema.json."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def build_golden(folder: Path, language: str = "en") -> Path:
    """Import, update and build below ``folder``; return the project's folder."""
    with Loopback() as arxiv:
        project = make_project(folder / "project", feeds=arxiv.url, language=language)
        _fill(project, folder / "history", arxiv)
    os.environ.pop("SOURCE_DATE_EPOCH", None)
    run_generator(project, "build")
    return project


def _fill(project: Path, history: Path, arxiv: Loopback) -> None:
    history.mkdir()
    imported = [
        Sample(
            id="2602.90001",
            title="A$^2$-Sample: $\\rho$ of [brackets] | pipes and *stars*",
            authors="Ana Mar\\'ia Muster, Bo Sample (University of Samples, Nowhere)",
            score=4.5,
            abstract="An LLM of $n$ parts is sampled sparsely at https://samples.example/code. "
            * 5,
            summary=_SUMMARY,
        ),
        Sample(id="2602.90002", title="A quiet LLM", score=1.5),
    ]
    (history / "2026-02-04.md").write_text(
        write_readme(imported, updated="2026-02-04 06:40:51 UTC"), encoding="utf-8"
    )
    run_generator(project, "import", str(history))
    thursday, saturday = date(2026, 2, 5), date(2026, 2, 7)
    replaced = Item(id="2602.90001", version=2, type="replace", title="A$^2$-Sample, revised")
    old = Item(
        id="math/0309136",
        version=3,
        type="cross",
        title="Sparse attention <b>before</b> its time, or: what Schr\\\"odinger's LLM saw",
        authors=", ".join(f"Author {n}" for n in range(1, 61)),
        categories=("math.GT", "cs.LG"),
        doi="10.1000/sample.1",
    )
    fresh = Item(id="2602.90003", title="An LLM kernel", abstract="", authors="")
    for category, items in {"cs.LG": (fresh, replaced, old), "cs.AI": ()}.items():
        arxiv.on(
            f"/rss/{category}",
            Answer(200, feed(category, thursday, *items)),
            Answer(200, feed(category, saturday)),
        )
    # Feeds given by hand repair nothing: Friday stays a gap.
    feeds = [f"{arxiv.url}/rss/{category}" for category in ("cs.LG", "cs.AI")]
    for day in (thursday, saturday):
        run_generator(project, "update", "--date", day.isoformat(), "--feed", *feeds)
    _summarise(Store(project / "data"))


_MADE = datetime(2026, 2, 5, 7, 12, 30, tzinfo=UTC)
_ENGLISH = Summary(
    version=3,
    model="sample-model-2",
    language="en",
    prompt_hash="3f9a2c1e77aa00bb",
    input="fulltext",
    created=_MADE,
    tldr="A single head of attention over $n$ tokens is shown to need only $O(n \\log n)$ *steps*.",
    tags=("Sparse Attention", "theory of attention", "complexity"),
    search_phrases=("how cheap can one attention head get", "单个注意力头最少要算多少步"),
    left_out=("Appendix B | Proofs", "<b>Acknowledgements</b>"),
    usage=Usage(prompt=18_240, cached=1_024, completion=912, cost=0.004312),
    body="## What is new\n\nA bound of $O(n \\log n)$.\n\n"
    "<!-- daybook: summary de -->\n\n## Limits\n\n- One head only\n",
)


def _summarise(store: Store) -> None:
    """Two languages for a paper, one for its earlier version only, one that failed."""
    chinese = replace(
        _ENGLISH,
        language="zh",
        tldr="证明单头注意力只需 $O(n \\log n)$ 步。",
        tags=("稀疏注意力",),
        left_out=(),
        usage=Usage(prompt=18_240, completion=1_100, cost=0.0041),
        body="## 新在何处\n\n上界为 $O(n \\log n)$。\n\n```\nunclosed\n",
    )
    old = store.paper("math/0309136")
    failed = store.paper("2602.90003")
    assert old and failed
    failure = SummaryFailure(
        key=SummaryKey(1, "sample-model-2", "en", "3f9a2c1e77aa00bb"),
        reason=FailureReason.RATE_LIMIT,
        detail="429 from https://api.invalid/v1: <b>quota</b>",
        attempts=2,
        last=_MADE,
        usage=Usage(prompt=900),
    )
    papers = [add_summary(add_summary(old, _ENGLISH), chinese), add_failure(failed, failure)]
    # How long an update took, no two runs have in common.
    seconds = {date(2026, 2, 5): 41.7}
    days = [replace(d, run=replace(d.run, seconds=seconds.get(d.date))) for d in store.days()]
    store.write(papers, days)


if __name__ == "__main__":
    shutil.rmtree(GOLDEN, ignore_errors=True)
    with tempfile.TemporaryDirectory() as name:
        files = golden_files(build_golden(Path(name).resolve()))
    for file, data in files.items():
        (GOLDEN / file).parent.mkdir(parents=True, exist_ok=True)
        (GOLDEN / file).write_bytes(data)
    SCHEMA.write_text(schema_file(), encoding="utf-8")
