"""One sentence of an abstract that says what a paper does: the tldr where no model is asked.

The method is Edmundson's ("New Methods in Automatic Extracting", Journal of the ACM 16(2), 1969):
sentences are weighed by cue phrases, by the title's words in them, by the abstract's own frequent
words, and by their place. What weighs how much is fitted to arXiv's abstracts, where the sentence
that is wanted mostly begins "In this paper, we propose" or "We present". One that says what the
paper does stands above all others, whatever they weigh, and mere background below.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import chain

from generator.core.characters import HAN
from generator.markup.maths import masked
from generator.markup.sentences import split_sentences

_SHORTEST, _LONGEST = 40, 300
_CERTAIN_CUE = 1.5  # of the weights below
_PASSIVE = 2.0  # the weight of "is proposed", which others may have done, too
_TOO_LONG = 600  # nobody reads this as one sentence

_HAN = re.compile(f"[{HAN}]")
_WORD = re.compile(r"[^\W\d_][\w-]+")
_STOP_WORDS_TEXT = """
a about above across after all also an and any are as at be been between both but by can could do
does during each for from further given has have how however if in into is it its may more most much
no not of often on only or other our over paper propose show such than that the their them then
there these they this those through thus to under up used using very via was we well were what when
where which while who will with within without work would
"""
_STOP_WORDS = frozenset(_STOP_WORDS_TEXT.split())
_PAPER = (
    r"(?:we|i|th(?:is|ese|e present) (?:paper|work|article|study|thesis|report|letter|note|survey"
    r"|review|chapter|manuscript|proceedings|lecture|notes)|the (?:paper|authors?))"
)
_CHINESE_PAPER = "(?:[本该](?:文|论文|研究|工作)|我们|作者)[^，。]{0,24}?"
# (pattern, weight): how a sentence says what the paper does, for text in lower case: that is faster
# than to ignore case.
_CLAIMS = tuple(
    (re.compile(pattern), weight)
    for pattern, weight in (
        (
            rf"\b{_PAPER}\s+(?:\w+ly\s+)?"
            r"(?:propose|present|introduce|develop|describe|design|build|devise|formulate|create)"
            r"(?:s|d|ed)?\b|\b(?:built|designed|developed) here\b",
            4.0,
        ),
        (f"{_CHINESE_PAPER}(?:提出|引入|设计|构建|开发|介绍|发布|首次)", 4.0),
        (
            rf"\b{_PAPER}\s+(?:\w+ly\s+)?"
            r"(?:show|prove|study|studie[ds]|investigate|explore|analy[sz]e|examine|demonstrate"
            r"|establish|derive|revisit|address|survey|review|evaluate|compare|report|find|found"
            r"|construct|give|provide|consider|characteri[sz]e|extend|argue|discuss|release|conduct"
            r"|offer|identify|identifie[ds]|obtain|use|apply|applie[ds]|aim|formali[sz]e|determine"
            r"|compute|deal|highlight|measure|test|calculate|generali[sz]e|model|perform|solve|employ|suggest"
            r"|observe|detect|implement|summari[sz]e|classif(?:y|ies)|quantify|simulate|tackle)"
            rf"(?:e?s|e?d)?\b|\b{_PAPER} is an?\b"
            r"|\b(?:aim|purpose|goal|objective|intent) of (?:this|the present|the) "
            r"(?:paper|work|article|study)\b",
            2.5,
        ),
        (f"{_CHINESE_PAPER}(?:研究|证明|分析|探讨|评估|展示|揭示|解决|比较|实现|表明)", 2.5),
        (
            r"\b(?:is|are|was|were) (?:\w+ly |here |also )?"
            r"(?:proposed|presented|introduced|developed|shown|studied|investigated|constructed"
            r"|considered|derived|simulated|analy[sz]ed|performed|carried out|given|reviewed"
            r"|described|discussed|demonstrated|obtained"
            r"|established|proved|proven|calculated|reported|suggested|found)\b",
            _PASSIVE,
        ),
        (r"\bin this (?:paper|work|article|study|letter|note|thesis)\b", 1.5),
        (r"\A(?:aims|methods|results)\b ?[:.]", 1.5),
    )
)
# Whose words these are, where what is done with them is not known.
_OWN = re.compile(rf"\b{_PAPER}\b|\bour\b|\bhere\b|{_CHINESE_PAPER}")
# What was so before the paper.
_BACKGROUND = re.compile(
    r"\b(?:ha(?:s|ve) (?:become|been|emerged|attracted|gained|transformed|shown|achieved|made|led)"
    r"|(?:is|are) (?:widely|often|commonly|well[- ]known|essential|crucial|important|critical"
    r"|fundamental|increasingly|known|a key"
    r"|considered (?:an?|as|to be|important|crucial|essential))|plays? an?\b|remains?\b|suffers?\b"
    r"|typically|usually|recently|previously)"
    r"|\A(?:recent|many|most|traditional|conventional|despite|while|although|with the|in recent)\b"
    r"|\A(?:近年来|随着|目前|现有|传统|然而|但|尽管|虽然|当前)"
)
# What else the sentence that is wanted says, and what it does not.
_SIGNS = tuple(
    (re.compile(pattern), weight)
    for pattern, weight in (
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
            r"\b(?:code|data|dataset|models?) (?:is|are|will be) (?:\w+ )?(?:available|released)\b"
            r"|\bwe (?:\w+ )?release (?:all |our |the )?code\b|\bwe believe\b",
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
    best, best_standing = "", (-1, 0.0)
    for place, sentence in enumerate(sentences):
        folded = sentence.lower()
        claim = sum(weight for cue, weight in _CLAIMS if cue.search(folded))
        cues = claim + sum(weight for cue, weight in _SIGNS if cue.search(folded))
        if not _is_fit(sentence) or (cut and cues < _CERTAIN_CUE):
            continue
        score = cues + _place_score(place, len(sentences)) + _length_score(_length(sentence))
        if title_terms:
            score += 2.0 * len(terms[place] & title_terms) / len(title_terms)
        if terms[place]:
            score += sum(1 for term in terms[place] if frequency[term] > 1) / len(terms[place])
        if (standing := (_standing(folded, claim, cues), score)) > best_standing:
            best, best_standing = sentence, standing
    return _standing_alone(best)


def _is_whole(sentence: str) -> bool:
    return sentence.rstrip("\"'”’)]")[-1:] in (".", "!", "?") and not sentence.endswith("...")


def _standing(folded: str, claim: float, cues: float) -> int:
    """Rank a sentence: above all that say what the paper does, below all the mere background."""
    is_background = _BACKGROUND.search(folded) is not None
    if cues > 0 and claim > (_PASSIVE if is_background else 0):
        return 3
    if _OWN.search(folded) and cues > -1:
        return 2
    return 0 if cues < -1 or is_background else 1


def _is_fit(sentence: str) -> bool:
    if not _SHORTEST // 2 <= _length(sentence) <= _TOO_LONG or "://" in sentence:
        return False
    return len(_WORD.findall(sentence)) + len(_HAN.findall(sentence)) // 2 >= 4


def _length(sentence: str) -> int:
    """Count characters; one of Chinese says as much as two."""
    return len(sentence) + len(_HAN.findall(sentence))


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
