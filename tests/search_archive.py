"""An invented archive to search in: forty papers, with what makes a search go wrong.

It is made as a real one is: history imported and built, then a later day with a new version of an
old paper, and a day of feeds, and built again. So the index has a live part and a closed one,
and the closed one still says something of a paper that is true no more.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

from tests.loopback import Answer, Loopback
from tests.projects import make_project, run_generator
from tests.readme_writer import Sample, write_readme
from tests.rss import Item, feed

KEYWORDS = ("LLM", "Sparse", "kernel")
HOSTILE = "<img src=x onerror=alert(1)> in the Wild"

# What the queries of the tests are about.
SPECULATIVE = Sample(
    id="2511.90001",
    title="Speculative Decoding for Sleepy LLM Servers",
    authors="Jérémy Müller, Ana Sample",
    category="cs.CL",
    abstract="We let a small LLM draft while the large one sleeps.",
    summary="## 贡献\n\n本文提出投机解码方法，把草稿交给小模型，降低推理延迟。",
)
THEORY = Sample(
    id="2511.90002",
    title="A Theory of Speculative Decoding",
    authors="Hans Muller",
    category="cs.LG",
    abstract="Bounds for drafts. No other language than English is spoken here.",
)
APART = Sample(
    id="2511.90003",
    title="Decoding Whale Song",
    authors="Zoë Ångström",
    category="eess.AS",
    abstract="Decoding of song is speculative at best.",
    summary="## 贡献\n\n投资者等待机会，解释密码，稀有而疏远，对大象建模。",
)
SPARSE = Sample(
    id="2511.90004",
    title="Sparse Attention without Tears",
    authors="Ana Sample, Wei Beispiel",
    category="cs.LG",
    abstract="Attention that skips most keys.",
    summary="## 方法\n\n- 使用稀疏的 attention 机制，KV缓存大小减半。\n- 训练只需一天。",
)
DENSE = Sample(
    id="2511.90005",
    title="Dense Attention is Enough",
    authors="Bo Muster",
    category="cs.CL",
    abstract="We read everything.",
    summary="## 方法\n\n不用剪枝，保留全部缓存。",
)
SPARSE_ONLY = Sample(
    id="2601.90001",
    title="Sparse Matrices at Breakfast",
    authors="Bo Muster",
    category="cs.LG",
    abstract="Rows and toast.",
    summary="## 方法\n\n稀疏矩阵的快速乘法。",
)
OLD_STYLE = Sample(
    id="math/0309136",
    title="Finite Extinction of Sampled Manifolds",
    authors="Grigori Beispielman",
    category="math.GT",
    abstract="A flow that ends early, and hardens.",
)
AMPERSAND = Sample(
    id="2601.90002",
    title="Salt & Pepper: Noise in R&D Models",
    authors="Carla Example",
    category="cs.CV",
    abstract="Where a < b and c > d, noise is seasoned. It hardens.",
)
FORMULA = Sample(
    id="2601.90003",
    title="$O(n^2)$ Bounds [Extended] for Kernel Sorting",
    authors="Dora Sample",
    category="cs.LG",
    abstract="We sort kernels in $O(n^2)$ steps, which hardens them.",
)
JAPANESE = Sample(
    id="2602.90001",
    title="Notes on ニューラルネットワーク",
    authors="Hanako Mihon",
    category="cs.CL",
    abstract="ひらがなとカタカナの学習について述べる。",
)
KOREAN = Sample(
    id="2602.90002",
    title="Translation for Sample Languages",
    authors="Gildong Bogi",
    category="cs.CL",
    abstract="한국어 신경망 기계번역을 다룬다.",
)
WILD = Sample(
    id="2602.90003",
    title=HOSTILE,
    authors="Mallory Example",
    category="cs.CR",
    abstract='Titles that bite: "><script>alert(2)</script> and </mark>.',
)
# Its first version is in the closed part, its second one in the live part.
FIRST = Sample(
    id="2511.90006",
    title="Ptarmigan Networks, a Draft",
    authors="Erika Muster",
    category="cs.LG",
    abstract="A draft on ptarmigans.",
)
REVISED = replace(
    FIRST, version=2, type="replace", title="Capercaillie Networks", abstract="A paper on grouse."
)
FEED = Item(
    id="2602.90009",
    title="Sample: an LLM that hibernates",
    abstract="We study an LLM that hibernates through winter.",
    authors="Frieda Sample",
)


def _report(number: int) -> Sample:
    """One of many papers that are alike but for what they can be narrowed by."""
    categories = ("cs.LG", "cs.AI", "cs.CL", "stat.ML")
    return Sample(
        id=f"{('2511', '2601', '2602')[number % 3]}.91{number:03}",
        title=f"Field Report {number} on {'an LLM' if number % 4 == 0 else 'a Garden'}",
        authors=f"Reporter Number{number}",
        category=categories[number % 4],
        score=1 + number % 5,
        type="cross" if number % 5 == 0 else "new",
        abstract=f"A herbarium of {number} leaves{', sparse ones' if number % 6 == 0 else ''}.",
        summary="## 结果\n\n植物标本很多。" if number % 2 else None,
    )


REPORTS = [_report(number) for number in range(26)]
SPECIALS = {
    date(2025, 11, 12): [SPECULATIVE, THEORY, APART, SPARSE, DENSE, FIRST],
    date(2026, 1, 7): [SPARSE_ONLY, OLD_STYLE, AMPERSAND, FORMULA],
    date(2026, 2, 4): [JAPANESE, KOREAN, WILD],
}
# Two days in each of three months.
HISTORY = {
    first.replace(day=first.day + later): [
        *(() if later else specials),
        *(
            report
            for number, report in enumerate(REPORTS)
            if number % 3 == month and number // 3 % 2 == later
        ),
    ]
    for month, (first, specials) in enumerate(SPECIALS.items())
    for later in (0, 1)
}
REVISION_DAY, FEED_DAY = date(2026, 2, 6), date(2026, 2, 9)


def build_archive(folder: Path) -> Path:
    """Make the archive in ``folder``; return its site."""
    with Loopback() as arxiv:
        arxiv.on("/rss/cs.LG", Answer(200, feed("cs.LG", FEED_DAY, FEED)))
        project = make_project(folder / "project", feeds=arxiv.url, categories="cs.LG")
        _add_term(project / "site_src" / "assets" / "glossary.json", "植物标本", "herbarium")
        run_generator(project, "import", str(_readmes(folder / "history", HISTORY)))
        run_generator(project, "build")
        later = _readmes(folder / "later", {REVISION_DAY: [REVISED]})
        run_generator(project, "import", str(later))
        # Given by hand: the days between, which the sample leaves empty, are not to be repaired.
        feed_url = f"{arxiv.url}/rss/cs.LG"
        run_generator(project, "update", "--date", FEED_DAY.isoformat(), "--feed", feed_url)
        run_generator(project, "build")
    return project / "site"


def _add_term(glossary: Path, chinese: str, english: str) -> None:
    """A term that more papers have than a page of results shows."""
    entries = json.loads(glossary.read_text(encoding="utf-8"))
    entries.append({"zh": [chinese], "en": [english]})
    glossary.write_text(json.dumps(entries, ensure_ascii=False), encoding="utf-8")


def _readmes(folder: Path, days: dict[date, list[Sample]]) -> Path:
    folder.mkdir()
    for day, papers in days.items():
        text = write_readme(papers, updated=f"{day} 06:00:00 UTC", keywords=KEYWORDS)
        (folder / f"{day}.md").write_text(text, encoding="utf-8")
    return folder
