"""How many cards of summarised papers say what the paper does: by a rule, and a sample to read.

    python -m benchmarks.sentences data --sample 100 --seed 1

The rule asks for a verb of doing or finding in the sentence that a card shows, and for none of the
words that begin a background. It is cruder than the one that chooses the sentence, so read, too.
"""

from __future__ import annotations

import argparse
import random
import re
from collections import Counter
from pathlib import Path

from generator.build.archive.tldr import tldr_of
from generator.core.papers import Paper
from generator.store.store import Store

_DOES = re.compile(
    r"提出|引入|设计|构建|构成|开发|实现|证明|揭示|首次|首个|展示|验证|解决|提供|表明|开创|开辟|建立|推动|提升|填补"
    r"|重新|研究|分析|评估|成功|是一[种个款套项篇]|将|通过|超越"
    r"|\b(?:we|this (?:paper|work|study|article)|the (?:paper|authors))\b"
    r"|\b(?:is|are|was|were) (?:\w+ly )?(?:proposed|presented|introduced|shown|studied)\b",
    re.IGNORECASE,
)
_BACKGROUND = re.compile(
    r"\A(?:近年来|随着|目前|现有|传统|然而|但是|尽管|虽然|当前"
    r"|(?:however|recent|despite|although|existing|current|traditional|large language models)\b)",
    re.IGNORECASE,
)


def main() -> None:
    """Print the figures, and the sample."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="an archive's data folder")
    parser.add_argument("--sample", type=int, default=0, help="print so many sentences to read")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    papers = [paper for paper in Store(options.data).papers() if paper.summaries]
    found: Counter[str] = Counter(kind for paper in papers for kind in _kinds(paper))
    print(f"{len(papers):,} papers with a summary")
    for kind, count in found.most_common():
        print(f"{count:,} ({count / max(len(papers), 1):.1%}) {kind}")
    chosen = random.Random(options.seed).sample(papers, min(options.sample, len(papers)))
    for paper in chosen:
        tldr = tldr_of(paper, "en")
        print(f"{paper.id} {tldr.label if tldr else '-'}: {tldr.text if tldr else paper.abstract}")


def _kinds(paper: Paper) -> list[str]:
    tldr = tldr_of(paper, "en")
    # A card without a sentence shows how the abstract begins.
    text = tldr.text if tldr else paper.abstract
    kinds = [f"show a sentence by {tldr.label}" if tldr else "show how the abstract begins"]
    if _DOES.search(text) and not _BACKGROUND.search(text):
        kinds.append("say what the paper does, by the rule")
    return kinds


if __name__ == "__main__":
    main()
