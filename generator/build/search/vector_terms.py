"""Which terms of a paper have a meaning, and how often it has each. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from sys import intern

from lunr.stop_word_filter import WORDS as LUNR_STOP_WORDS

from generator.build.search.words import STOP_WORDS, is_run, stem, words

# What any abstract says of itself.
_OF_PAPERS = {
    *("approach", "based", "existing", "introduce", "method", "new", "paper", "present", "propose"),
    *("proposed", "result", "results", "show", "use", "used", "using", "via"),
}
TELL_NOTHING = STOP_WORDS | frozenset(LUNR_STOP_WORDS) | _OF_PAPERS


@dataclass(frozen=True, slots=True)
class PaperText:
    """What a paper says: plain title and abstract, summaries of all languages, tags."""

    title: str
    abstract: str
    summaries: tuple[str, ...]
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TermCounts:
    """How often each part of a paper has a term; ``summary`` and ``tags`` together have all."""

    title: dict[str, int]
    abstract: dict[str, int]
    summary: dict[str, int]
    tags: dict[str, int]

    @property
    def parts(self) -> tuple[dict[str, int], dict[str, int], dict[str, int]]:
        """The parts that each tell by themselves what the paper is about."""
        return self.title, self.abstract, self.summary

    def weighted(self) -> dict[str, int]:
        """Return the counts of the whole paper, in which the title counts twice."""
        whole: Counter[str] = Counter(self.title)
        for part in (self.title, self.abstract, self.summary, self.tags):
            whole.update(part)
        return whole

    def interned(self) -> TermCounts:
        """Return the same with each term as the one string that all share."""
        parts = (self.title, self.abstract, self.summary, self.tags)
        return TermCounts(*({intern(t): count for t, count in part.items()} for part in parts))


def term_counts(paper: PaperText, *, with_runs: bool = True) -> TermCounts:
    """Count a paper's terms, those of scripts without spaces only ``with_runs``."""

    def counted(*texts: str) -> dict[str, int]:
        terms = (term for text in texts for term in _terms(text))
        return dict(Counter(term for term in terms if with_runs or not is_run(term)))

    return TermCounts(
        title=counted(paper.title),
        abstract=counted(paper.abstract),
        summary=counted(*paper.summaries),
        tags=counted(*paper.tags),
    )


def _terms(text: str) -> Iterator[str]:
    """Yield the stems of words and the pairs of characters, but for those that tell nothing."""
    for word in words(text):
        if may_tell(word) and word not in TELL_NOTHING:
            yield stem(word)


def may_tell(term: str) -> bool:
    """Tell whether a term can have a meaning: no number, no single letter or character."""
    return len(term) > 1 and not "0" <= term[0] <= "9"
