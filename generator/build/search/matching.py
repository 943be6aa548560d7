"""What free text asks of the dictionary, and which papers of a part have it.

What is *sought* is a choice of *runs*: words that belong together. ``kv cache``, ``KV-cache`` and
``kvcache`` are one thing to a reader: each is the two words in a row, the one, or, as a weaker
match, the two anywhere. The parts of ``llama 3.1 8b`` are near each other, or, weaker, anywhere.
``site_src/assets/search/matching.js`` is the twin of this file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, takewhile
from typing import NamedTuple

from generator.build.search.dictionary import Dictionary, Form
from generator.build.search.postings import MOST_IMPACT, TITLE_BIT
from generator.build.search.words import STOP_WORDS, composed, is_run, stem, words_with_places

# Papers of a part, each with the byte of its impact.
Matches = dict[int, int]

# What stands between words that are typed as one; an x behind a number is none (8x H100).
_TOGETHER = re.compile("[-\u2010-\u2015'\u2019._+×·]?|[xX×] ")
# A number that belongs to the word before it: gpt 4, llama 3.1 8b; not 2.3x, not 2025.
_VERSION = re.compile(r"[0-9]{1,3}(\.[0-9]+)*[a-wyz]?")
_DIGIT = re.compile("[0-9]")
_LONGEST_CHAIN = 4  # words whose joined spellings are looked for
_NEAR = 3  # words from one to the next: 8x NVIDIA H100


class Step(NamedTuple):
    """A word of a run, ``at`` words behind its first.

    ``kind`` is ``stem`` (any form of it), ``form`` (exactly it) or ``start`` (what begins so).
    """

    at: int
    word: str
    kind: str


class Run(NamedTuple):
    """Words that belong together: in a ``row``, ``near`` each other, or ``anywhere``."""

    steps: tuple[Step, ...]
    how: str = "row"


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for: any of its runs. ``apart`` is what it falls into where nobody has it."""

    text: str
    runs: tuple[Run, ...]
    apart: tuple[Sought, ...] = ()


class _Typed(NamedTuple):
    """A word of the ``whole`` text; it ``overlaps`` the one before where they are of one run."""

    word: str
    start: int
    end: int
    overlaps: bool
    whole: str

    @property
    def is_open(self) -> bool:
        """Whether a star says that it may go on."""
        return self.whole[self.end : self.end + 1] == "*"


def sought(text: str, dictionaries: Sequence[Dictionary]) -> list[Sought]:
    """Return all that free text asks for."""
    found: list[Sought | None] = []
    chains = _chains(text)
    while chains:
        first, *chains = chains
        bound = [] if len(first) > 1 else _bound(first[0], chains, dictionaries)
        chains = chains[len(bound) :]
        found.append(_of_chain([*first, *bound], dictionaries, "stem", loosely=True))
    return [one for one in found if one]


def sought_exactly(text: str, dictionaries: Sequence[Dictionary]) -> Sought | None:
    """Return what a phrase asks for, exactly its words; None where it has none."""
    return _of_chain(list(chain.from_iterable(_chains(text))), dictionaries, "form")


def sought_together(
    text: str, dictionaries: Sequence[Dictionary], *, loosely: bool = False
) -> Sought | None:
    """Return what words in a row ask for, each in any form, ``loosely`` anywhere too."""
    typed = list(chain.from_iterable(_chains(text)))
    return _of_chain(typed, dictionaries, "stem", loosely=loosely)


def matches(one: Sought, dictionary: Dictionary) -> Matches:
    """Return the papers of a part that have it."""
    return either(_having(run, dictionary) for run in one.runs)


def either(choices: Iterable[Matches]) -> Matches:
    """Return the papers of any choice, each with its largest impact."""
    found: Matches = {}
    for one in choices:
        for paper, impact in one.items():
            known = found.get(paper, 0)
            found[paper] = max(known & MOST_IMPACT, impact & MOST_IMPACT) | (
                (known | impact) & TITLE_BIT
            )
    return found


# What is sought


def _chains(text: str) -> list[list[_Typed]]:
    """Return the words of a text, those typed as one together."""
    text = composed(text)
    chains: list[list[_Typed]] = []
    end = 0
    for word, start, stop in words_with_places(text):
        overlaps = start < end
        one_script = bool(chains) and is_run(chains[-1][-1].word) == is_run(word)
        if not (overlaps or (one_script and _TOGETHER.fullmatch(text, end, start))):
            chains.append([])
        chains[-1].append(_Typed(word, start, stop, overlaps, text))
        end = stop
    return chains


def _bound(
    first: _Typed, chains: Sequence[Sequence[_Typed]], dictionaries: Sequence[Dictionary]
) -> list[_Typed]:
    """Return the words behind a word that belong to it, though typed with spaces."""
    alone = list(takewhile(lambda one: len(one) == 1 and one[0].word.isascii(), chains))
    behind = [one[0] for one in alone]
    if not first.word.isascii() or first.word in STOP_WORDS:
        return []
    if not first.word[0].isdigit():
        versions = list(takewhile(lambda one: _VERSION.fullmatch(one.word), behind))
        if versions:
            return versions[: _LONGEST_CHAIN - 1]
    for length in (2, 1):
        some = [first.word, *(typed.word for typed in behind[:length])]
        if len(some) > length and _is_one_word(some, dictionaries):
            return behind[:length]
    return []


def _is_one_word(parts: Sequence[str], dictionaries: Sequence[Dictionary]) -> bool:
    """Tell whether words are also written as one, or with hyphens."""
    stems = [stem(part) for part in parts]
    return not STOP_WORDS.intersection(parts) and any(
        form.count or [stem(part) for part in form.apart.split()] == stems
        for dictionary in dictionaries
        for form in dictionary.forms(stem("".join(parts)))
    )


def _of_chain(
    typed: Sequence[_Typed],
    dictionaries: Sequence[Dictionary],
    kind: str,
    *,
    loosely: bool = False,
) -> Sought | None:
    typed = _without_last_character(typed)
    steps = tuple(
        _step(at, one, kind, is_last=at == len(typed) - 1)
        for at, one in enumerate(typed)
        if kind == "form" or one.word not in STOP_WORDS
    )
    if not steps:
        return None
    all_words = [one.word for one in typed]
    has_runs = any(map(is_run, all_words))
    has_numbers = any(character.isdigit() for word in all_words for character in word)
    how = "near" if loosely and has_numbers and not has_runs else "row"
    rows = [steps]
    if how == "near" and len(steps) == len(all_words) > 1 and all_words[0].isdecimal():
        rows.append(_row([f"{all_words[0]}x", *all_words[1:]], kind))  # 8x NVIDIA H100
    is_open = any(one.is_open for one in typed)
    if not is_open and len(typed) == len(steps) <= _LONGEST_CHAIN and not has_runs:
        rows += _spellings(all_words, dictionaries, kind)
    runs = [Run(row, how) for row in dict.fromkeys(rows)]
    text = typed[0].whole[typed[0].start : typed[-1].end]
    # What is typed with spaces may stand anywhere, but for a digit alone: hardly a text lacks it.
    if loosely and not has_runs and (how == "row" or " " in text):
        runs += [
            Run(run.steps, "anywhere")
            for run in runs
            if len(run.steps) > 1 and not any(_DIGIT.fullmatch(step.word) for step in run.steps)
        ]
    apart: tuple[Sought, ...] = ()
    if len(steps) > 1:
        apart = tuple(
            Sought(step.word, (Run((Step(0, *step[1:]),)),))
            for step in steps
            if step.word not in STOP_WORDS
        )
    return Sought(text, tuple(runs), apart)


def _without_last_character(chain: Sequence[_Typed]) -> Sequence[_Typed]:
    """Leave out the last character of a run at the end: the text may go on there."""
    if len(chain) > 1 and chain[-1].overlaps and len(chain[-1].word) == 1:
        return chain[:-1]
    return chain


def _step(at: int, typed: _Typed, kind: str, *, is_last: bool) -> Step:
    if not is_run(typed.word) and typed.is_open:
        return Step(at, typed.word, "start")
    if not is_run(typed.word):
        return Step(at, stem(typed.word) if kind == "stem" else typed.word, kind)
    # A character alone is the beginning of something.
    return Step(at, typed.word, "start" if len(typed.word) == 1 and is_last else "form")


def _spellings(
    words: Sequence[str], dictionaries: Sequence[Dictionary], kind: str
) -> Iterator[tuple[Step, ...]]:
    """Yield the other ways to write words in a row: some of them as one, and one as some."""
    for size in range(2, len(words) + 1):
        for at in range(len(words) - size + 1):
            yield _row([*words[:at], "".join(words[at : at + size]), *words[at + size :]], kind)
    for at, word in enumerate(words):
        apart = {
            form.apart
            for dictionary in dictionaries
            for form in dictionary.forms(stem(word))
            if form.apart and (kind == "stem" or form.text == word)
        }
        for parts in sorted(apart):
            yield _row([*words[:at], *parts.split(), *words[at + 1 :]], kind)


def _row(words: Iterable[str], kind: str) -> tuple[Step, ...]:
    return tuple(
        Step(at, stem(word) if kind == "stem" else word, kind) for at, word in enumerate(words)
    )


# Who has it


def _having(run: Run, dictionary: Dictionary) -> Matches:
    each = [_papers(_forms(step, dictionary)) for step in run.steps]
    if len(each) == 1:
        return each[0]
    papers = set(each[0]).intersection(*each[1:])
    if not papers:
        return {}
    share = 1
    if run.how == "anywhere":
        share = 2
    else:
        placed = [_forms(step, dictionary, places=True) for step in run.steps]
        papers = {paper for paper in papers if _is_together(run, placed, paper)}
    found: Matches = {}
    for paper in papers:
        impacts = [matching[paper] for matching in each]
        title = TITLE_BIT if all(impact & TITLE_BIT for impact in impacts) else 0
        found[paper] = max(min(i & MOST_IMPACT for i in impacts) // share, 1) | title
    return found


def _is_together(run: Run, placed: Sequence[Sequence[Form]], paper: int) -> bool:
    """Tell whether a paper has the words of a run in a row, or near one to the next."""
    places = [{p for form in forms for p in form.places.get(paper, ())} for forms in placed]
    here = places[0]
    for before, step, there in zip(run.steps, run.steps[1:], places[1:], strict=False):
        if run.how == "row":
            away = step.at - before.at
            here = {place + away for place in here} & there
        else:
            here = {p for p in there if any(0 < abs(p - other) <= _NEAR for other in here)}
        if not here:
            return False
    return True


def _forms(step: Step, dictionary: Dictionary, *, places: bool = False) -> list[Form]:
    if step.kind == "start":
        found = dictionary.beginning(step.word)
        if places:
            for name in {stem(form.text) for form in found}:
                dictionary.with_places(name)
        return found
    name = step.word if step.kind == "stem" else stem(step.word)
    forms = dictionary.with_places(name) if places else dictionary.forms(name)
    return forms if step.kind == "stem" else [form for form in forms if form.text == step.word]


def _papers(forms: Iterable[Form]) -> Matches:
    found: Matches = {}
    for form in forms:
        for paper, impact in zip(form.papers, form.impacts, strict=True):
            before = found.get(paper, 0)
            total = min((before & MOST_IMPACT) + (impact & MOST_IMPACT), MOST_IMPACT)
            found[paper] = total | ((before | impact) & TITLE_BIT)
    return found
