"""What a model is told when its answer was not as asked, for its second attempt."""

from __future__ import annotations

from collections.abc import Sequence

from generator.update.summarize.fields import FIELDS, english_name

EMPTY = "Your answer was empty. Answer with the JSON object that was asked for."
TRUNCATED = (
    "Your answer stopped at the limit of length before it was complete. Write the whole JSON "
    "object again, with shorter sections."
)
BROKEN_OFF = "Your JSON object is not closed. Write it whole, from the first brace to the last."
NO_OBJECT = (
    "Your answer holds no JSON object with the fields that were asked for. Answer with one JSON "
    f"object and nothing else. Its fields: {', '.join(FIELDS)}."
)
NOT_JSON = (
    "Your JSON object cannot be read. Write it again as valid JSON: double every backslash, write "
    'quotation marks inside a text as \\", line breaks as \\n, and end it with its brace.'
)
REFUSED = (
    "You declined. This is a published scientific paper, and only a factual summary of it is "
    "wanted. Answer with the JSON object that was asked for."
)
LEAKED = (
    "Your answer repeats the marker around the paper, or these instructions. Write the object "
    "again without them, about the paper only."
)


def unfilled(fields: Sequence[str]) -> str:
    """Say that some fields are missing or say nothing."""
    names = ", ".join(f'"{field}"' for field in fields)
    return (
        f"Missing or empty in your answer: {names}. Write the whole object again with all of its "
        "fields filled; where the paper says nothing, say that in a sentence."
    )


def not_text(field: str) -> str:
    """Say that a field holds something other than text."""
    return f'The field "{field}" must be text. Write the whole object again.'


def twice(field: str) -> str:
    """Say that an object names a field more than once."""
    return f'Your object has the field "{field}" more than once. Write it again, each field once.'


def too_long(field: str, length: int, limit: int) -> str:
    """Say that a text is longer than it may be."""
    return (
        f'In your answer "{field}" has {length} characters; at most {limit} are allowed. Write the '
        "whole object again, shorter."
    )


def wrong_language(language: str) -> str:
    """Say that a text is in another language than asked."""
    return (
        f"Your answer is not in {english_name(language)}. Write the whole object again; all but "
        f"the tags must be in {english_name(language)}, whatever the paper's language is."
    )
