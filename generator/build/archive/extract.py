"""One sentence of an abstract that says what a paper does: the tldr where no model is asked.

The method is Edmundson's ("New Methods in Automatic Extracting", Journal of the ACM 16(2), 1969):
sentences are weighed by cue phrases, by the title's words in them, by the abstract's own frequent
words, and by their place. What weighs how much is fitted to arXiv's abstracts, where the sentence
that is wanted mostly begins "In this paper, we propose" or "We present".
"""

from __future__ import annotations

import math
import re
from collections import Counter
from itertools import chain

from generator.markup.maths import masked
from generator.markup.sentences import split_sentences

_SHORTEST, _LONGEST = 40, 300
_CERTAIN_CUE = 1.5  # of the weights below
_TOO_LONG = 600  # nobody reads this as one sentence

_WORD = re.compile(r"[A-Za-z]+")
_LAST_WORD = re.compile(r"[\w.]+\Z")
_WORD = re.compile(r"[^\W\d_][\w-]+")
_STOP_WORDS_TEXT = """
a about above across after all also an and any are as at be been between both but by can could do
does during each for from further given has have how however if in into is it its may more most much
no not of often on only or other our over paper propose show such than that the their them then
there these they this those through thus to under up used using very via was we well were what when
where which while who will with within without work would
"""
_STOP_WORDS = frozenset(_STOP_WORDS_TEXT.split())
# (pattern, weight): what the sentence that is wanted says, and what it does not.
_CUES = tuple(
    (re.compile(pattern), weight)  # for text in lower case: that is faster than to ignore case
    for pattern, weight in (
        (
            r"\b(?:we|this (?:paper|work|article|study|thesis|report)|here,? we)\s+(?:\w+ly\s+)?"
            r"(?:propose|present|introduce|develop|describe|design|build|devise|formulate)s?\b",
            4.0,
        ),
        (
            r"\b(?:we|this (?:paper|work|article|study|thesis|report))\s+(?:\w+ly\s+)?"
            r"(?:show|prove|study|investigate|explore|analy[sz]e|examine|demonstrate|establish|derive"
            r"|revisit|address|survey|review|evaluate|compare|report|find|construct|give|provide"
            r"|consider|characteri[sz]e|extend|argue|discuss|release|conduct|offer|identify|obtain"
            r"|use|apply|aim|formali[sz]e|determine|compute|determine)s?\b",
            2.5,
        ),
        (r"\bis (?:proposed|presented|introduced|developed|shown|studied|investigated)\b", 2.0),
        (r"\bin this (?:paper|work|article|study|letter|note|thesis)\b", 1.5),
        (r"\b(?:novel|new|first)\b", 0.5),
        (r"\b(?:outperform|state[- ]of[- ]the[- ]art|speed-?up|improv|reduc|achiev)", 0.4),
        (
            r"\A(?:however|yet|but|despite|although|unfortunately|nevertheless|existing|current)\b",
            -2.5,
        ),
        (
            r"\A(?:moreover|furthermore|additionally|in addition|also|finally|besides|second)\b",
            -1.5,
        ),
        (
            r"\A(?:these|those|they|it|this|such|to (?:this|that) end|specifically|for example)\b",
            -0.7,
        ),
        (r"\A(?:experiment|extensive|empirical|results|our (?:code|experiments|results))", -1.2),
        (
            r"\b(?:code|data|dataset|models?) (?:is|are|will be) (?:\w+ )?(?:available|released)\b",
            -4.0,
        ),
        (r"www\.|github", -4.0),
        (r"\?\W*\Z", -2.0),
        # What "this" and "such" stand for is in another sentence.
        (
            r"\b(?:this|these|such) "
            r"(?!paper|work|article|study|thesis|report|letter|note|as\b|a\b)",
            -0.6,
        ),
    )
)
# A sentence that goes on from the one before it, under words of its own.
_LEAD_IN = re.compile(
    r"\A(?:(?:to (?:address|tackle|overcome|bridge|solve|mitigate|fill|close|remedy) (?:this|these|"
    r"the|those)\b[^,]{0,80}|to (?:this|that) end|therefore|thus|hence|here"
    r"|first|(?:motivated by|based on|building on|using|inspired by) (?:this|these|that)\b"
    r"[^,]{0,60}),\s+)",
    re.IGNORECASE,
)


def extract_tldr(title: str, abstract: str, *, cut: bool = False) -> str:
    """Return the sentence that best says what the paper does, "" where none is fit.

    ``cut`` says that the abstract breaks off: then its last sentence is left out unless it is
    whole, and one that only leads up to the paper is not taken for want of the better ones.
    """
    found = split_sentences(" ".join(abstract.split()))
    if cut and found and not _is_whole(found[-1][0]):
        found.pop()
    sentences = [sentence for sentence, _ in found]
    terms = [_terms(readable) for _, readable in found]
    frequency = Counter(chain.from_iterable(terms))
    title_terms = _terms(masked(title))
    best, best_score = "", -math.inf
    for place, sentence in enumerate(sentences):
        folded = sentence.lower()
        cues = sum(weight for cue, weight in _CUES if cue.search(folded))
        if not _is_fit(sentence) or (cut and cues < _CERTAIN_CUE):
            continue
        score = cues + _place_score(place, len(sentences)) + _length_score(len(sentence))
        if title_terms:
            score += 2.0 * len(terms[place] & title_terms) / len(title_terms)
        if terms[place]:
            score += sum(1 for term in terms[place] if frequency[term] > 1) / len(terms[place])
        if score > best_score:
            best, best_score = sentence, score
    return _standing_alone(best)


def _is_whole(sentence: str) -> bool:
    return sentence.rstrip("\"'”’)]")[-1:] in (".", "!", "?") and not sentence.endswith("...")


def _is_fit(sentence: str) -> bool:
    sized = _SHORTEST // 2 <= len(sentence) <= _TOO_LONG
    return sized and "://" not in sentence and len(_WORD.findall(sentence)) >= 4


def _terms(text: str) -> set[str]:
    words = (word.lower() for word in _WORD.findall(text))
    return {_stem(word) for word in words if word not in _STOP_WORDS and len(word) > 2}


def _stem(word: str) -> str:
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _place_score(place: int, count: int) -> float:
    """Weigh a place: the problem comes first, what is done about it next, the results last."""
    if place == 0:
        return 1.2 if count < 4 else 0.7
    return 1.0 - place / count


def _length_score(length: int) -> float:
    if length < _SHORTEST:
        return -3.0
    return -2.0 - (length - _LONGEST) / 100 if length > _LONGEST else 0.0


def _standing_alone(sentence: str) -> str:
    """Return the sentence without words that lean on the one before it."""
    rest = _LEAD_IN.sub("", sentence, count=1)
    return rest[:1].upper() + rest[1:] if rest != sentence else sentence
