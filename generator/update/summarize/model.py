"""What a language model is asked, and what it answers: values, and their two failures."""

from __future__ import annotations

from dataclasses import dataclass

from generator.core.summaries import FailureReason, Usage


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question: ``instructions`` are ours, ``paper`` holds untrusted text, fenced as data.

    ``file`` is a PDF for providers that read files themselves (``None``: ``paper`` has the text).
    ``name`` is the arXiv id with version, for messages.
    """

    name: str
    instructions: str
    paper: str
    file: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """An answer that was not as asked, and what to tell the model about it."""

    answer: str
    complaint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the model wrote, as it came. ``truncated``: it stopped at its limit of length."""

    text: str
    usage: Usage
    truncated: bool = False


class ModelFailure(Exception):
    """This question has no answer, others may; ``detail`` is one line for the operator."""

    def __init__(self, reason: FailureReason, detail: str, usage: Usage | None = None) -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail
        self.usage = usage or Usage()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer in the form that was asked for: a ``body`` in Markdown, all else plain."""

    tldr: str
    tags: tuple[str, ...] = ()
    search_phrases: tuple[str, ...] = ()
    body: str = ""


class ReplyError(Exception):
    """An answer is not as asked. ``complaint`` tells the model what to mend."""

    def __init__(self, reason: FailureReason, complaint: str) -> None:
        super().__init__(reason, complaint)
        self.reason = reason
        self.complaint = complaint
