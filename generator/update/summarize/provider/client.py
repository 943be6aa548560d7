"""A language model behind the API of OpenAI, whoever serves it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Self

import openai

from generator.config.options import SummaryOptions
from generator.core.summaries import FailureReason, Usage
from generator.update.summarize.model import Answer, ModelFailure, Question, Repair
from generator.update.summarize.provider.answers import cost_of, is_completion, ran_out, read_answer
from generator.update.summarize.provider.capabilities import Capabilities, KnownCapabilities, weaker
from generator.update.summarize.provider.connection import Connection
from generator.update.summarize.provider.files import uploaded
from generator.update.summarize.provider.limits import RateLimit
from generator.update.summarize.provider.request import prompt_tokens, request_body

# The body of one request, for what the server is known to take.
_Body = Callable[[Capabilities], dict[str, Any]]


class OpenAIModel:
    """The language model that ``options`` name; a context manager. For many threads at once.

    ``schema`` is the JSON schema of the answer, ``cache`` the folder where it is remembered which
    parameters the server takes. Raises ConfigError for a key that cannot be sent.
    """

    def __init__(
        self,
        options: SummaryOptions,
        api_key: str | None,
        schema: Mapping[str, Any],
        cache: Path,
        rate: RateLimit,
    ) -> None:
        self.options = options
        self.connection = Connection(options, api_key, rate)
        self._schema = schema
        self._known = KnownCapabilities(cache, options)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self.connection.close()

    @property
    def settled(self) -> bool:
        """Whether it is known what the server takes: before a batch, ask one question live."""
        return self._known.settled

    def ask(self, question: Question, repair: Repair | None = None) -> Answer:
        """Ask, once more with a complaint where there is one.

        Where JSON mode brings an empty answer it is asked without, so one question may be paid
        twice; the usage is that of both. Raises ModelFailure where this question fails, ConfigError
        for a wrong key, model name or address, ModelError where the server cannot be asked at all.
        """
        if question.file is None:
            return self._answer(question, repair, None)
        with uploaded(
            self.connection, question.name, question.file, seconds=self.options.timeout
        ) as file_id:
            return self._answer(question, repair, file_id)

    def request_body(self, question: Question, repair: Repair | None = None) -> dict[str, Any]:
        """Return what ``ask`` would send now, for a line of a batch, which can hold no file."""
        return self._body(question, repair, None)(self._known.current)

    def estimate(self, question: Question, repair: Repair | None = None) -> Usage:
        """Return the most that one call should use: what it sends, and an answer of full length.

        What is in a file is not known; it counts as ``context_tokens``.
        """
        prompt = prompt_tokens(self.request_body(question, repair))
        if question.file is not None:
            prompt += self.options.context_tokens
        written = self.options.max_output_tokens
        cost = cost_of(self.options, prompt=prompt, completion=written)
        return Usage(prompt=prompt, completion=written, cost=cost)

    def _body(self, question: Question, repair: Repair | None, file_id: str | None) -> _Body:
        ours = partial(request_body, options=self.options, schema=self._schema)
        return partial(ours, question, repair, file_id)

    def _answer(self, question: Question, repair: Repair | None, file_id: str | None) -> Answer:
        body = self._body(question, repair, file_id)
        with self.connection.tokens(self.estimate(question, repair).tokens):
            with self.connection.judged():
                taken, completion = self._negotiate(body)
            try:
                return self._read(completion, body(taken))
            except ModelFailure as failure:
                plain = replace(taken, response_format="none")
                is_empty = failure.reason is FailureReason.EMPTY and not ran_out(completion)
                if not is_empty or plain == taken:
                    raise
                paid = failure.usage
            # DeepSeek's JSON mode sometimes brings nothing at all.
            try:
                with self.connection.judged():
                    answer = self._read(self._post(body(plain)), body(plain))
            except ModelFailure as failure:
                raise ModelFailure(failure.reason, failure.detail, paid + failure.usage) from None
            return replace(answer, usage=paid + answer.usage)

    def _read(self, completion: object, body: Mapping[str, Any]) -> Answer:
        sent = sum(len(message["content"]) for message in body["messages"])
        server = self.connection.server
        return read_answer(completion, options=self.options, server=server, prompt_characters=sent)

    def _post(self, body: Mapping[str, Any]) -> object:
        return self.connection.post("/chat/completions", body)

    def _negotiate(self, body: _Body) -> tuple[Capabilities, object]:
        """Ask with all that the server takes; find out what that is where it is not known."""
        known = self._known
        while True:
            while known.settled:
                now = known.current
                try:
                    return now, self._post(body(now))
                except openai.APIStatusError as error:
                    step = weaker(now, self.connection.rejection(error))
                    if step is None:
                        raise
                    known.step(now, step)
            with known.lock:
                # While this thread waited, another may have found out.
                if not known.settled:
                    return self._probe(body)

    def _probe(self, body: _Body) -> tuple[Capabilities, object]:
        """Step down from refusal to refusal. With the lock held, so that only one thread does."""
        now = self._known.current
        while True:
            try:
                completion = self._post(body(now))
            except openai.APIStatusError as error:
                if step := weaker(now, self.connection.rejection(error)):
                    self._known.step(now, step)
                elif not (self._blames_nothing(error) and (step := now.without("response_format"))):
                    raise
                # Of a step that the server did not ask for nothing is kept unless it helps.
                now = step
            else:
                if is_completion(completion):
                    self._known.remember(now)
                return now, completion

    def _blames_nothing(self, error: openai.APIStatusError) -> bool:
        """Tell whether a 400 blames nothing that we know: JSON mode may be what it means."""
        verdict = self.connection.judge(error)
        is_rejected = isinstance(verdict, ModelFailure) and verdict.reason == FailureReason.REJECTED
        return error.status_code == 400 and is_rejected
