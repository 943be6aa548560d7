"""What a model sends back, live or in a batch: its answer, or why there is none. Pure."""

from __future__ import annotations

from typing import Any

from generator.config.options import SummaryOptions
from generator.core.models import FailureReason, Usage
from generator.update.summarize.model import Answer, ModelFailure
from generator.update.summarize.provider.failures import Server, rejection_of

# Where a server does not count, this is a fair guess for English.
CHARACTERS_PER_TOKEN = 4

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
    choice, message = _first_choice(completion, server)
    text, reasoning = _text(message.get("content")), _text(message.get("reasoning_content"))
    refusal = _text(message.get("refusal"))
    usage = _usage(
        completion, len(text) + len(reasoning) + len(refusal), prompt_characters, options, price
    )

    def failure(reason: FailureReason, detail: str) -> ModelFailure:
        return ModelFailure(reason, server.line(detail), usage)

    finish = choice.get("finish_reason")
    if finish == "content_filter":
        raise failure(FailureReason.CONTENT_FILTER, "the provider's filter stopped the answer")
    if finish in ("error", "insufficient_system_resource"):
        raise failure(FailureReason.SERVER, f"the server broke off: {finish}")
    if refusal:
        raise failure(FailureReason.REFUSED, refusal)
    if not text.strip():
        spent = "its reasoning" if reasoning else "nothing"
        if finish == "length":
            raise failure(
                FailureReason.EMPTY,
                f"all {usage.completion} tokens went into {spent} before the answer began; "
                "raise summarize.max_output_tokens",
            )
        raise failure(
            FailureReason.EMPTY,
            "only reasoning, no answer" if reasoning else "the model wrote nothing",
        )
    return Answer(text=text, usage=usage, truncated=finish == "length")


def is_completion(answer: object) -> bool:
    """Whether a server's answer has the form of a chat completion at all."""
    match answer:
        case {"choices": [{"message": dict()}, *_]}:
            return True
    return False


def ran_out(completion: object) -> bool:
    """Whether the limit of length was reached without a character written: reasoning took it all.

    Blank lines up to the limit are something else: DeepSeek's JSON mode gone wrong.
    """
    match completion:
        case {"choices": [{"finish_reason": "length", "message": {"content": content}}, *_]}:
            return not content
    return False


def cost_of(
    options: SummaryOptions,
    *,
    prompt: int,
    cached: int = 0,
    completion: int = 0,
    price: float = 1.0,
) -> float | None:
    """What so many tokens cost in ``options.currency``; ``None`` without prices."""
    if options.price_input is None or options.price_output is None:
        return None
    cached_price = options.price_input if options.price_cached is None else options.price_cached
    total = (
        (prompt - cached) * options.price_input
        + cached * cached_price
        + completion * options.price_output
    )
    return round(total / 1_000_000 * price, 6)


def _first_choice(completion: object, server: Server) -> tuple[dict[str, Any], dict[str, Any]]:
    match completion:
        case {"choices": [{"message": dict(message)} as choice, *_]}:
            return choice, message
    if isinstance(completion, dict) and completion.get("error"):
        # Some gateways report what went wrong behind them with a 200.
        why = rejection_of(200, completion["error"]).message
    else:
        why = "it is not the API's JSON"
    raise server.failure(FailureReason.SERVER, f"HTTP 200, but no completion: {why}")


def _text(content: object) -> str:
    """The text of a message; some servers send it in parts."""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        parts = [part.get("text") for part in content if isinstance(part, dict)]
        return "".join(part for part in parts if isinstance(part, str))
    return ""


def _usage(
    completion: Any, written: int, prompt_characters: int, options: SummaryOptions, price: float
) -> Usage:
    counted = completion.get("usage")
    counted = counted if isinstance(counted, dict) else {}
    prompt = _count(counted.get("prompt_tokens"))
    if prompt is None:
        prompt = _estimate(prompt_characters)
    output = _count(counted.get("completion_tokens"))
    if output is None:
        output = _estimate(written)
    details = counted.get("prompt_tokens_details")
    cached = _count(details.get("cached_tokens")) if isinstance(details, dict) else None
    if cached is None:
        cached = _count(counted.get("prompt_cache_hit_tokens"))  # DeepSeek's name
    cached = min(cached or 0, prompt)
    return Usage(
        prompt=prompt,
        cached=cached,
        completion=output,
        cost=cost_of(options, prompt=prompt, cached=cached, completion=output, price=price),
    )


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _estimate(text_length: int) -> int:
    return -(-text_length // CHARACTERS_PER_TOKEN)
