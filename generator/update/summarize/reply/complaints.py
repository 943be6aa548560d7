"""What a model is told when its answer was not as asked, for its second attempt."""

from __future__ import annotations

from generator.update.summarize.fields import FIELDS

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
# With what they are about to be filled in.
UNFILLED = (
    "Missing or empty in your answer: {}. Write the whole object again with all of its fields "
    "filled; where the paper says nothing, say that in a sentence."
)
NOT_TEXT = 'The field "{}" must be text. Write the whole object again.'
TWICE = 'Your object has the field "{}" more than once. Write it again, each field once.'
TOO_LONG = (
    'In your answer "{}" has {} characters; at most {} are allowed. Write the whole object again, '
    "shorter."
)
WRONG_LANGUAGE = (
    "Your answer is not in {0}. Write the whole object again; all but tags and search phrases must "
    "be in {0}, whatever the paper's language is."
)
