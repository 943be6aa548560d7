"""An invented archive of the days and papers that a layout breaks on, and one without any.

A day of a hundred papers, a day of one (300 characters of title, sixty authors, no abstract, no
summary), two days with nothing for two reasons, a day whose feed failed; summaries in three
languages, one of them written from right to left.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from generator.core.days import CategoryRun, Day, FeedState, Match, Row, Run
from generator.core.ids import ArxivId
from generator.core.papers import AnnounceType, Author, Listing, Paper
from generator.core.summaries import FailureReason, Summary, SummaryFailure, SummaryKey, Usage
from generator.store.store import Store
from tests.projects import make_project, run_generator

FULL, SINGLE, MIXED, FAILED, HOLIDAY, WEEKEND = (date(2026, 3, n) for n in (9, 10, 11, 12, 13, 14))
LONG, SUMMARISED, BARE = "2603.90200", "2603.90300", "2603.90301"

_WORDS = "sparse attention kernels for reasoning over long documents without a cache of their keys"
_BODY = """\
## What is new

A cache of $n$ tokens is kept in $O(\\log n)$, by **three** means:

1. Tokens are merged.
   - the near ones first
   - `merge_tokens(keep=0.25)` does it
2. Heads share what is left.

> A quotation of the paper, as a model may give one.

| method | memory | speed-up over the baseline | perplexity on a held-out corpus | remarks |
|---|---|---|---|---|
| full | 1.00 | 1.0 | 5.61 | needs two accelerators |
| **merged** | 0.25 | 3.2 | 5.64 | fits on one |

$$
\\operatorname{softmax}\\left(\\frac{Q K^{\\top}}{\\sqrt{d}}\\right) V
  = \\sum_{i=1}^{n} \\alpha_i v_i + \\sum_{j=1}^{m} \\beta_j w_j
  + \\varepsilon \\cdot \\lVert V \\rVert
$$

```python
def merge_tokens(keys, values, keep=0.25): return sorted(zip(keys, values), key=weight)[:9]
```

### Limits

- One model only
"""
_ENGLISH = Summary(
    version=1,
    model="sample-model-2",
    language="en",
    prompt_hash="3f9a2c1e77aa00bb",
    input="fulltext",
    created=datetime(2026, 3, 11, 7, 12, 30, tzinfo=UTC),
    tldr="A cache of $n$ tokens is kept in $O(\\log n)$ memory, at no loss that was measured.",
    tags=("KV cache", "memory", "inference"),
    left_out=("Appendix B", "Acknowledgements"),
    usage=Usage(prompt=18_240, completion=912, cost=0.004312),
    body=_BODY,
)
_CHINESE = replace(
    _ENGLISH,
    language="zh",
    tldr="在 $O(\\log n)$ 的内存中保存 $n$ 个词元的缓存。",
    tags=("键值缓存",),
    body="## 新在何处\n\n将相近的词元合并，缓存缩小到四分之一。\n\n- 只测了一个模型\n",
)
_ARABIC = replace(
    _ENGLISH,
    language="ar",
    tldr="ذاكرة مخبأة أصغر بلا خسارة تذكر.",
    tags=(),
    body="## ما الجديد\n\nتدمج الورقة الرموز المتقاربة فتصغر الذاكرة المخبأة إلى الربع.\n",
)


def build_edge_site(folder: Path) -> Path:
    """Build the archive below ``folder``; return the site's folder."""
    project = make_project(folder)
    Store(project / "data").write(_papers(), _days())
    run_generator(project, "build")
    return project / "site"


def build_empty_site(folder: Path) -> Path:
    """Build an archive before its first update; return the site's folder."""
    project = make_project(folder)
    run_generator(project, "build")
    return project / "site"


def _papers() -> list[Paper]:
    return [
        *(_paper(_full_id(n), FULL, n) for n in range(1, 101)),
        replace(
            _paper(LONG, SINGLE, 204),
            title=f"On {_WORDS}: {_WORDS}, a $\\mathcal{{O}}(n)$ study of {_WORDS} and {_WORDS}"[
                :300
            ],
            authors=tuple(Author(f"Author Number-{n}", "University of Samples") for n in range(60)),
            abstract="",
            categories=("cs.LG", "cs.AI", "cs.CL", "cs.DC", "math.OC", "stat.ML", "eess.SP"),
        ),
        replace(
            _paper(SUMMARISED, MIXED, 201),
            summaries=(_ENGLISH, _CHINESE, _ARABIC),
            doi="10.1000/sample.1",
            journal_ref="Journal of Invented Results 12 (2026) 1-20",
            license="http://creativecommons.org/licenses/by/4.0/",
        ),
        replace(
            _paper(BARE, MIXED, 202),
            title="Short",
            authors=(),
            failures=(
                SummaryFailure(
                    key=SummaryKey(1, "sample-model-2", "en", "3f9a2c1e77aa00bb"),
                    reason=FailureReason.TIMEOUT,
                    detail="no answer in 300 s",
                    attempts=2,
                    last=_ENGLISH.created,
                ),
            ),
        ),
        _paper("2603.90302", MIXED, 203),
    ]


def _full_id(number: int) -> str:
    return f"2603.{90000 + number}"


def _paper(identifier: str, day: date, number: int) -> Paper:
    words = _WORDS.split()
    some = " ".join(words[number % 7 : number % 7 + 5])
    return Paper(
        id=identifier,
        title=f"{some.capitalize()}: invented result {number}",
        authors=tuple(
            Author(f"{name} Sample") for name in ("Ada", "Bo", "Chen", "Dora")[: 1 + number % 4]
        ),
        abstract=f"We study {_WORDS}. We show that $x^{{{number}}}$ of them suffice. " * 3,
        abstract_is_excerpt=False,
        categories=(("cs.LG", "cs.AI", "cs.CL")[number % 3], "stat.ML")[: 1 + number % 2],
        listings=(Listing(day, 1, AnnounceType.NEW),),
    )


def _days() -> list[Day]:
    matches = (Match("sparse attention", "title", 2.0), Match("kernel", "abstract", 1.0))

    def rows(*identifiers: str) -> tuple[Row, ...]:
        return tuple(
            Row(id=ArxivId(name, 1), type=AnnounceType.NEW, score=3.0, matches=matches)
            for name in identifiers
        )

    def day(when: date, state: FeedState, *identifiers: str, detail: str | None = None) -> Day:
        run = CategoryRun(
            state=state,
            fetched=len(identifiers),
            new=len(identifiers),
            kept=len(identifiers),
            detail=detail,
        )
        return Day(date=when, rows=rows(*identifiers), run=Run(categories={"cs.LG": run}))

    return [
        day(FULL, FeedState.FRESH, *map(_full_id, range(1, 101))),
        day(SINGLE, FeedState.FRESH, LONG),
        day(MIXED, FeedState.FRESH, SUMMARISED, BARE, "2603.90302"),
        day(FAILED, FeedState.ERROR, detail="no answer"),
        day(HOLIDAY, FeedState.HOLIDAY),
        day(WEEKEND, FeedState.WEEKEND),
    ]
