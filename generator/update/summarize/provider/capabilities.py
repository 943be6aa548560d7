"""What a server lets be asked of a model: tried from the best down, and remembered."""

from __future__ import annotations

import json
import logging
import re
import threading
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from generator.config.options import SummaryOptions
from generator.core.files import replace_file
from generator.core.summaries import FailureReason
from generator.update.summarize.provider.failures import Rejection, load_json, reason_of

_LOGGER = logging.getLogger(__name__)
_FILE = "model-capabilities.json"

# What may be sent for each option, the best first.
_STEPS: dict[str, tuple[str | bool, ...]] = {
    "response_format": ("json_schema", "json_object", "none"),
    "output_limit": ("max_completion_tokens", "max_tokens", "none"),
    "temperature": (True, False),
}
# What a refusal says that is about an option.
_ABOUT = {
    "response_format": re.compile(
        r"response[_ ]?format|json[_ ]?(?:schema|object|mode)|structured[_ ]output|grammar"
        r"|support the requested parameters",
        re.IGNORECASE,
    ),
    "output_limit": re.compile(r"max_(?:completion_)?tokens", re.IGNORECASE),
    "temperature": re.compile(r"\btemperature\b", re.IGNORECASE),
}
# llama.cpp says 500 to a schema that it cannot turn into a grammar.
_REFUSED_OPTION = frozenset({400, 404, 415, 422, 500, 501})
# vLLM's words for a paper that is too long name max_tokens, too.
_ABOUT_THE_PAPER = frozenset({FailureReason.TOO_LONG, FailureReason.CONTENT_FILTER})


@dataclass(frozen=True, kw_only=True)
class Capabilities:
    """Which optional parameters are sent; ``output_limit`` names the one that bounds the answer."""

    response_format: str = "json_schema"
    output_limit: str = "max_completion_tokens"
    temperature: bool = True

    def without(self, option: str) -> Capabilities | None:
        """Return what to send where an option is not taken so; ``None`` if it is not sent now."""
        steps = _STEPS[option]
        rest = steps[steps.index(getattr(self, option)) + 1 :]
        if not rest:
            return None
        change: dict[str, Any] = {option: rest[0]}
        return replace(self, **change)


def weaker(now: Capabilities, rejection: Rejection) -> Capabilities | None:
    """Return what to send after a refusal that blames an option; ``None`` if it blames none."""
    if rejection.status not in _REFUSED_OPTION or reason_of(rejection) in _ABOUT_THE_PAPER:
        return None
    # What the server names as the parameter counts before what its sentence mentions.
    for text in (rejection.param, rejection.words):
        for option, pattern in _ABOUT.items():
            if pattern.search(text) and (step := now.without(option)):
                return step
    return None


class KnownCapabilities:
    """What is known of one model at one address, from this run or from a file of an earlier one.

    ``settled`` says that a call went through with ``current``, in this run or before: until then
    only one thread at a time should ask, holding ``lock``.
    """

    def __init__(self, folder: Path, options: SummaryOptions) -> None:
        self.lock = threading.RLock()
        self._file = folder / _FILE
        self._name = f"{options.model} at {options.base_url}"
        remembered = _capabilities(self._read().get(self._name))
        self.current = remembered or Capabilities()
        self.settled = remembered is not None

    def remember(self, worked: Capabilities) -> None:
        """Note that a call went through: the next ones, and the next run, begin there."""
        with self.lock:
            if self.settled and worked == self.current:
                return
            self.current, self.settled = worked, True
            _LOGGER.info("%s takes %s", self._name, worked)
            known = {**self._read(), self._name: asdict(worked)}
            try:
                replace_file(self._file, json.dumps(known, indent=2).encode() + b"\n")
            except OSError as error:
                # Only a cache: the next run finds out again.
                _LOGGER.warning("cannot remember what the model takes: %s: %s", self._file, error)

    def step(self, refused: Capabilities, instead: Capabilities) -> None:
        """Note that the server takes less; nothing to do where another thread heard it first."""
        with self.lock:
            if refused == self.current:
                self.current, self.settled = instead, False

    def _read(self) -> dict[str, object]:
        try:
            stored = load_json(self._file.read_bytes())
        except OSError:
            return {}
        return stored if isinstance(stored, dict) else {}


def _capabilities(stored: object) -> Capabilities | None:
    """Return what a file says, or ``None`` where it is not what we would have written."""
    if not isinstance(stored, dict) or stored.keys() != _STEPS.keys():
        return None
    if any(stored[option] not in steps for option, steps in _STEPS.items()):
        return None
    return Capabilities(**stored)
