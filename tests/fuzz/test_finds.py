"""What fuzzing found, each as it was found: all of it is refused with a message."""

from __future__ import annotations

import pytest

from generator.config.yaml import read_yaml
from generator.core.errors import DaybookError
from generator.update.predecessor.config import convert_predecessor


@pytest.mark.parametrize(
    "text", ['{"a": ' + "9" * 5000 + "}", "[" * 100_000, '{"a":' * 50_000], ids=len
)
def test_a_predecessor_s_configuration_of_long_digits_or_deep_nesting(text: str) -> None:
    with pytest.raises(DaybookError, match="cannot be read as JSON"):
        convert_predecessor(text)


@pytest.mark.parametrize("text", ["a: " + "[" * 3000, "a: " + "{a: " * 2000, "- " * 3000])
def test_a_configuration_of_deep_nesting(text: str) -> None:
    with pytest.raises(DaybookError, match="nested too deeply"):
        read_yaml(text, "daybook.yml")
