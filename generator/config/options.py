"""The options of what to select and how to summarise, which the left half works by.

Plain frozen values, which code makes as it likes; only what comes from daybook.yml is checked, by
``schema``. The text below an option is its description in the JSON Schema. A check sees only the
options above its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo
from pydantic_core import PydanticKnownError

from generator.config import values
from generator.core.papers import AnnounceType

Input = Literal["fulltext", "abstract", "file"]
MatchMode = Literal["word", "substring"]


# --- Keywords and authors ---------------------------------------------------------------------


def _not_tiny(weight: float) -> float:
    if abs(weight) < 0.01:
        raise ValueError("must be at least 0.01, or at most -0.01")
    return weight


_TINY: Any = {"exclusiveMinimum": -0.01, "exclusiveMaximum": 0.01}
_Plain = Annotated[values.Number, Field(ge=-1000, le=1000, json_schema_extra={"not": _TINY})]
_Weight = Annotated[_Plain, AfterValidator(_not_tiny)]
_Positive = Annotated[values.Number, Field(ge=0.01, le=1000)]


@dataclass(frozen=True, slots=True)
class Keyword:
    """A word or phrase, or with ``regex`` a regular expression (case is ignored in both)."""

    text: values.Line
    """The word or phrase, or "regex:" and a regular expression."""
    weight: _Weight = 1.0
    """What a match adds to the score; a negative one pushes a paper down and never keeps it."""
    regex: values.Derived[bool] = False
    name: values.Text | None = None
    """What readers see as the reason; by default the text itself."""

    @property
    def shown(self) -> str:
        """The keyword as a match names it."""
        return self.name or (f"regex:{self.text}" if self.regex else self.text)


@dataclass(frozen=True, slots=True)
class FollowedAuthor:
    """An author whose papers are wanted whatever they are about.

    The weight's default lifts a paper above most that merely match several keywords.
    """

    name: values.Text
    weight: _Positive = 5.0


def read_keyword(keyword: Keyword, mode: MatchMode) -> Keyword:
    """Return a keyword as it is searched for, from one as it is written.

    Raises ValueError if it is a wrong expression, or if nothing in it can match.
    """
    prefix, colon, pattern = keyword.text.strip().partition(":")
    if colon and prefix.lower() == "regex":
        return replace(keyword, text=_expression(pattern.strip()), regex=True)
    if mode == "substring":
        # The predecessor's operators wrote spaces around a keyword to make it a word: they count.
        return keyword
    if not re.search(r"\w", keyword.text):
        raise ValueError(f"needs a letter or digit{values.but_is(keyword.text)}")
    return replace(keyword, text=" ".join(keyword.text.split()))


def _expression(pattern: str) -> str:
    # The operator writes these and waits for them: nothing stops one that backtracks for hours.
    try:
        compiled = re.compile(pattern, re.IGNORECASE)
    except re.error as error:
        where = "" if error.pos is None else f" at character {error.pos + 1}"
        raise ValueError(f"is no regular expression: {error.msg}{where} of {pattern!r}") from error
    except OverflowError as error:
        raise ValueError(f"is no regular expression: {error}") from error
    if compiled.search(""):
        raise ValueError(f"matches even an empty text, and so every paper: {pattern!r}")
    return pattern


def _spelled_out(value: object, name: str) -> object:
    """Return a text, or ``text: weight``, as a mapping of both."""
    match value:
        case str():
            return {name: value}
        case dict() if len(value) == 1:
            [(text, weight)] = value.items()
            if not isinstance(weight, str):
                return {name: text, "weight": weight}
            hint = f'a text with a colon needs quotes: "{text}: ..."'
            raise ValueError(f'must be a text, or "text: weight" with a number; {hint}')
        case dict() | list():
            raise ValueError('must be a text, or "text: weight"')
    raise PydanticKnownError("string_type")


def _keyword(value: object) -> object:
    is_whole = isinstance(value, dict) and ("text" in value or len(value) != 1)
    return value if is_whole else _spelled_out(value, "text")


def _bare_keyword(value: object) -> object:
    if not isinstance(value, str):
        raise PydanticKnownError("string_type")
    return {"text": value}


def _author(value: object) -> object:
    return _spelled_out(value, "name")


def _read(keyword: Keyword, info: ValidationInfo) -> Keyword:
    return read_keyword(keyword, info.data.get("match", "word"))


# ``text: weight``, for the JSON Schema.
_Pair = Annotated[dict[str, values.Value], Field(min_length=1, max_length=1)]
_EITHER = BeforeValidator(_keyword, json_schema_input_type=Keyword | str | _Pair[_Weight])
_BARE = BeforeValidator(_bare_keyword, json_schema_input_type=str)
_PERSON = BeforeValidator(_author, json_schema_input_type=_Pair[_Positive] | str)
_READ = AfterValidator(_read)


# --- What to select ---------------------------------------------------------------------------


def _reachable(score: float, info: ValidationInfo) -> float:
    if score > 0 and info.data.get("keywords") == info.data.get("authors") == ():
        raise ValueError("leaves every paper out: without keywords or authors none can score")
    return score


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What the operator wants to read.

    A paper qualifies if one of its categories is in ``categories`` (all do if that is empty), its
    type is in ``announce_types``, a keyword of positive weight or a followed author matches (every
    paper does if there are none of either), and no ``exclude`` keyword is in title or abstract.
    """

    categories: values.Derived[tuple[str, ...]] = ()
    match: MatchMode = "word"
    """How keywords match: as whole words, or wherever their letters stand."""
    keywords: values.Listed[Annotated[Keyword, _EITHER, _READ]] = ()
    """A paper with one of these in title or abstract is kept, and scores the sum of weights."""
    exclude: values.Listed[Annotated[Keyword, _BARE, _READ]] = ()
    """A paper with one of these in its title or abstract is left out, whatever else it has."""
    authors: values.Listed[Annotated[FollowedAuthor, _PERSON]] = ()
    """Authors to follow, with weight 5 if none is given: their papers need no keyword."""
    announce_types: values.Filled[AnnounceType] = (AnnounceType.NEW, AnnounceType.CROSS)
    """Which of arXiv's announcement types count."""
    max_papers: values.Count | None = None
    """The longest list that a day may have, the best by score; null is without limit."""
    min_score: Annotated[values.Number, AfterValidator(_reachable)] = 0.0
    """Papers that score less are left out, even on a day with few."""
    title_bonus: Annotated[values.Number, Field(ge=0, le=1000)] = 0.5
    """The part of its weight that a keyword adds once more if it is in the title."""


# --- How to summarise -------------------------------------------------------------------------


def _part_of_context(tokens: int, info: ValidationInfo) -> int:
    if tokens >= info.data.get("context_tokens", float("inf")):
        raise ValueError("must be less than context_tokens, of which it takes a part")
    return tokens


def _both_prices(output: float | None, info: ValidationInfo) -> float | None:
    unfit = output  # tells of itself
    if (output is None) == (info.data.get("price_input", unfit) is None):
        return output
    if output is None:
        raise ValueError("is missing: a cost needs both prices")
    raise ValueError("needs price_input beside it: a cost needs both prices")


def _priced(cost: float | None, info: ValidationInfo) -> float | None:
    prices = [info.data.get(name, cost) for name in ("price_input", "price_output")]
    if cost is not None and prices == [None, None]:
        raise ValueError("needs price_input and price_output: without them no cost is known")
    return cost


def _or_english(languages: tuple[str, ...]) -> tuple[str, ...]:
    return languages or ("en",)


_Output = Annotated[values.Integer, Field(ge=200), AfterValidator(_part_of_context)]


@dataclass(frozen=True, kw_only=True)
class SummaryOptions:
    """Which model is asked for what, how fast, and for how much at most."""

    model: values.Text | None = None
    """The model, as its provider calls it; without one there are only sentences of abstracts."""
    base_url: values.Url = "https://api.openai.com/v1"
    """The provider: any server that speaks OpenAI's chat API."""
    api_key_env: values.Variable | None = "OPENAI_API_KEY"
    """The environment variable that holds the key; null for a server that wants none."""
    languages: Annotated[values.Listed[values.LanguageTag], AfterValidator(_or_english)] = ("en",)
    """Tags such as en or pt-BR: a paper gets a summary in each of these languages."""
    input: Input = "fulltext"
    """What the model reads: arXiv's HTML or the PDF's text, the abstract, or the PDF itself."""
    best: values.Count | None = 15
    """How many papers of each day get a summary, from the top; null for all."""
    context_tokens: Annotated[values.Integer, Field(ge=2000)] = 60_000
    """The most that a model is given to read, prompt and answer included."""
    max_output_tokens: Annotated[_Output, Field(validate_default=True)] = 8_000
    """The most that a model may write, its reasoning included."""
    temperature: Annotated[values.Number, Field(ge=0, le=2)] | None = None
    """0 is sober, 1 is lively; null leaves it to the model."""
    extra_body: Mapping[str, Any] = field(default_factory=dict)
    """What is sent along with every question, for what only some providers have."""
    timeout: Annotated[values.Number, Field(ge=1, le=3600)] = 300.0
    """Seconds to wait for an answer."""
    concurrency: Annotated[values.Count, Field(le=64)] = 4
    """How many questions may be under way at once."""
    requests_per_minute: values.Count | None = None
    """The provider's limit; null is without."""
    tokens_per_minute: values.Count | None = None
    """The provider's limit, kept by estimate; null is without."""
    max_papers: values.Count | None = 60
    """How many summaries one run may ask for; null is without limit."""
    max_tokens: values.Count | None = None
    """How many tokens one run may use; null is without limit."""
    price_input: values.Price | None = None
    """The price of a million tokens read."""
    price_cached: values.Price | None = None
    """The price of a million tokens from the provider's cache; null: as price_input."""
    price_output: Annotated[
        values.Price | None, AfterValidator(_both_prices), Field(validate_default=True)
    ] = None
    """The price of a million tokens written."""
    max_cost: Annotated[values.Price | None, AfterValidator(_priced)] = None
    """How much one run may spend, in currency; needs the prices. null is without limit."""
    currency: values.Text = "USD"
    """What the prices are in."""
    attempts: values.Count = 4
    """How many runs may try one summary before it is left alone."""
    prompt: values.AnyFile | None = None
    """A file with a Jinja template in place of Daybook's own prompt."""
