"""What a server lets be asked of a model: tried from the best down, and remembered."""

from __future__ import annotations

import json
import logging
import os
import re
import tempfile
import threading
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from generator.config.options import SummaryOptions
from generator.update.summarize.provider.failures import Rejection, load_json

_log = logging.getLogger(__name__)

FORMATS = ("json_schema", "json_object", "none")
LIMITS = ("max_completion_tokens", "max_tokens", "none")

_FILE = "model-capabilities.json"

# llama.cpp says 500 to a schema that it cannot turn into a grammar.
_REFUSED_OPTION = frozenset({400, 404, 415, 422, 500, 501})
_ABOUT_FORMAT = re.compile(
    r"response[_ ]?format|json[_ ]?(?:schema|object|mode)|structured[_ ]output|grammar"
    r"|support the requested parameters",
    re.IGNORECASE,
)
_ABOUT_LIMIT = re.compile(r"max_(?:completion_)?tokens", re.IGNORECASE)
_ABOUT_TEMPERATURE = re.compile(r"\btemperature\b", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Capabilities:
    """Which optional parameters are sent.

    ``response_format`` is one of FORMATS, ``output_limit`` (the name of the parameter that bounds
    the answer) one of LIMITS.
    """

    response_format: str = FORMATS[0]
    output_limit: str = LIMITS[0]
    temperature: bool = True

    def weaker_format(self) -> Capabilities | None:
        """One format less, ``None`` at the end."""
        step = _next(FORMATS, self.response_format)
        return None if step is None else replace(self, response_format=step)

    def weaker_limit(self) -> Capabilities | None:
        """One name for the limit less, ``None`` at the end."""
        step = _next(LIMITS, self.output_limit)
        return None if step is None else replace(self, output_limit=step)

    def without_temperature(self) -> Capabilities | None:
        """No temperature, ``None`` where it is not sent anyway."""
        return replace(self, temperature=False) if self.temperature else None


def _next(steps: tuple[str, ...], now: str) -> str | None:
    rest = steps[steps.index(now) + 1 :]
    return rest[0] if rest else None


def weaker(now: Capabilities, rejection: Rejection) -> Capabilities | None:
    """What to send instead after a refusal that blames an option; ``None`` if it blames none."""
    if rejection.status not in _REFUSED_OPTION:
        return None
    # What the server names as the parameter counts before what its sentence mentions.
    for text in (rejection.param, rejection.words):
        if _ABOUT_FORMAT.search(text) and (step := now.weaker_format()):
            return step
        if _ABOUT_LIMIT.search(text) and (step := now.weaker_limit()):
            return step
        if _ABOUT_TEMPERATURE.search(text) and (step := now.without_temperature()):
            return step
    return None


class Known:
    """What is known of one model at one address, from this run or from a file of an earlier one.

    ``settled`` says that a call went through with ``current``, in this run or before: until then
    only one thread at a time should ask, holding ``lock``.
    """

    def __init__(self, folder: Path, options: SummaryOptions) -> None:
        self.lock = threading.RLock()
        self._file = folder / _FILE
        self._name = f"{options.model} at {options.base_url}"
        remembered = self._read().get(self._name)
        self.current = remembered or Capabilities()
        self.settled = remembered is not None

    def remember(self, worked: Capabilities) -> None:
        """A call went through: the next ones, and the next run, begin there."""
        with self.lock:
            if self.settled and worked == self.current:
                return
            self.current, self.settled = worked, True
            _log.info("%s takes %s", self._name, worked)
            try:
                self._write({**self._read(), self._name: worked})
            except OSError as error:
                # Only a cache: the next run finds out again.
                _log.warning("cannot remember what the model takes: %s: %s", self._file, error)

    def step(self, refused: Capabilities, instead: Capabilities) -> None:
        """The server takes less, and says so; nothing to do where another thread heard it first."""
        with self.lock:
            if refused == self.current:
                self.current, self.settled = instead, False

    def _read(self) -> dict[str, Capabilities]:
        try:
            stored = load_json(self._file.read_bytes())
        except OSError:
            return {}
        if not isinstance(stored, dict):
            return {}
        found = {name: _capabilities(value) for name, value in stored.items()}
        return {name: value for name, value in found.items() if value is not None}

    def _write(self, known: dict[str, Capabilities]) -> None:
        text = json.dumps({name: asdict(value) for name, value in known.items()}, indent=2)
        self._file.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=self._file.parent, prefix=_FILE)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text + "\n")
            Path(temporary).replace(self._file)
        except OSError:
            with suppress(OSError):
                Path(temporary).unlink()
            raise


def _capabilities(value: object) -> Capabilities | None:
    """What a file says, or ``None`` where it is not what we would have written."""
    match value:
        case {
            "response_format": str(form),
            "output_limit": str(limit),
            "temperature": bool(temperature),
        } if form in FORMATS and limit in LIMITS:
            return Capabilities(response_format=form, output_limit=limit, temperature=temperature)
    return None
