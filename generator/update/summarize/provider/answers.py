"""What a model sends back, live or in a batch: its answer, or why there is none. Pure."""

from __future__ import annotations

from typing import Any

from generator.config.options import SummaryOptions
from generator.core.summaries import FailureReason, Usage
from generator.update.summarize.model import Answer
from generator.update.summarize.provider.failures import Server, rejection_of

# Where a server does not count, this is a fair guess for English.
_CHARACTERS_PER_TOKEN = 4

# What a batch costs, of the price of live calls.
BATCH_PRICE = 0.5


def read_answer(
    completion: object,
    *,
    options: SummaryOptions,
    server: Server,
    prompt_characters: int = 0,
    price: float = 1.0,
) -> Answer:
    """Read a chat completion (parsed JSON).

    ``prompt_characters`` is how much text was sent, for servers that do not count tokens; ``price``
    is the part of the full price to pay. Raises ModelFailure, with what it cost.
    """
    choice = _first_choice(completion)
    if choice is None:
        raise server.failure(
            FailureReason.SERVER, f"HTTP 200, but no completion: {_complaint(completion)}"
        )
    message, finish = choice["message"], choice.get("finish_reason")
    text, reasoning, refusal = (
        _text(message.get(name)) for name in ("content", "reasoning_content", "refusal")
    )
    written = len(text) + len(reasoning) + len(refusal)
    usage = _usage(completion, written, prompt_characters, options, price)
    if failed := _no_answer(text, reasoning, refusal, finish, usage.completion):
        raise server.failure(*failed, usage)
    return Answer(text=text, usage=usage, truncated=finish == "length")


def is_completion(answer: object) -> bool:
    """Tell whether a server's answer has the form of a chat completion at all."""
    return _first_choice(answer) is not None


def ran_out(completion: object) -> bool:
    """Tell whether the limit of length was reached with nothing written: reasoning took it all.

    Blank lines up to the limit are something else: DeepSeek's JSON mode gone wrong.
    """
    choice = _first_choice(completion) or {}
    return choice.get("finish_reason") == "length" and not choice["message"].get("content")


def cost_of(
    options: SummaryOptions, *, prompt: int, completion: int, cached: int = 0, price: float = 1.0
) -> float | None:
    """Return what so many tokens cost in ``options.currency``; ``None`` without prices."""
    if options.price_input is None or options.price_output is None:
        return None
    cached_price = options.price_input if options.price_cached is None else options.price_cached
    total = (
        (prompt - cached) * options.price_input
        + cached * cached_price
        + completion * options.price_output
    )
    return round(total / 1_000_000 * price, 6)


def _first_choice(completion: object) -> dict[str, Any] | None:
    match completion:
        case {"choices": [{"message": dict()} as choice, *_]}:
            return dict(choice)
    return None


def _complaint(answer: object) -> str:
    """Return what an answer says that is no completion."""
    if isinstance(answer, dict) and answer.get("error"):
        # Some gateways report what went wrong behind them with a 200.
        return rejection_of(200, answer["error"]).message
    return "it is not the API's JSON"


def _no_answer(
    text: str, reasoning: str, refusal: str, finish: object, tokens: int
) -> tuple[FailureReason, str] | None:
    """Return why a completion holds no answer, if it holds none."""
    if finish == "content_filter":
        return FailureReason.CONTENT_FILTER, "the provider's filter stopped the answer"
    if finish in ("error", "insufficient_system_resource"):
        return FailureReason.SERVER, f"the server broke off: {finish}"
    if refusal:
        return FailureReason.REFUSED, refusal
    if text.strip():
        return None
    if finish == "length":
        return (
            FailureReason.EMPTY,
            f"all {tokens} tokens went into {'its reasoning' if reasoning else 'nothing'} before "
            "the answer began; raise summarize.max_output_tokens",
        )
    return (
        FailureReason.EMPTY,
        "only reasoning, no answer" if reasoning else "the model wrote nothing",
    )


def _text(content: object) -> str:
    """Return the text of a message; some servers send it in parts."""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        parts = [part.get("text") for part in content if isinstance(part, dict)]
        return "".join(part for part in parts if isinstance(part, str))
    return ""


def _usage(
    completion: Any, written: int, prompt_characters: int, options: SummaryOptions, price: float
) -> Usage:
    counted = _record(completion.get("usage"))
    prompt = _count(counted, "prompt_tokens", -(-prompt_characters // _CHARACTERS_PER_TOKEN))
    output = _count(counted, "completion_tokens", -(-written // _CHARACTERS_PER_TOKEN))
    deepseeks = _count(counted, "prompt_cache_hit_tokens", 0)
    cached = _count(_record(counted.get("prompt_tokens_details")), "cached_tokens", deepseeks)
    cached = min(cached, prompt)
    cost = cost_of(options, prompt=prompt, cached=cached, completion=output, price=price)
    return Usage(prompt=prompt, cached=cached, completion=output, cost=cost)


def _record(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _count(counted: dict[str, Any], name: str, otherwise: int) -> int:
    """Return a count that a server gives, or another where it gives none that can be one."""
    value = counted.get(name)
    return value if type(value) is int and value >= 0 else otherwise
