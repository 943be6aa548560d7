"""A language model behind the API of OpenAI, whoever serves it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx2
import openai

from generator.config.options import SummaryOptions
from generator.core.errors import DaybookError
from generator.core.models import FailureReason, Usage
from generator.update.summarize.model import Answer, ModelFailure, Question, Repair
from generator.update.summarize.provider.answers import cost_of, is_completion, ran_out, read_answer
from generator.update.summarize.provider.capabilities import Capabilities, Known, weaker
from generator.update.summarize.provider.connection import Connection, rejection
from generator.update.summarize.provider.files import uploaded
from generator.update.summarize.provider.limits import RateLimit
from generator.update.summarize.provider.request import characters, prompt_tokens, request_body

_Body = Callable[[Capabilities], dict[str, Any]]


class OpenAIModel:
    """The ``Model`` that ``options`` name; a context manager. For many threads at once.

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
        self._known = Known(cache, options)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
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
        twice; the usage is that of both. Raises ModelFailure, ConfigError or ModelError as the
        Protocol says.
        """
        if question.file is None:
            return self._answer(question, repair, None)
        with uploaded(
            self.connection, question.name, question.file, seconds=self.options.timeout
        ) as file_id:
            return self._answer(question, repair, file_id)

    def request_body(self, question: Question, repair: Repair | None = None) -> dict[str, Any]:
        """What ``ask`` would send now, for a line of a batch. A file cannot go into a batch."""
        return self._body(question, repair, None)(self._known.current)

    def estimate(self, question: Question, repair: Repair | None = None) -> Usage:
        """The most that one call should use: what it sends, and an answer of full length.

        What is in a file is not known; it counts as ``context_tokens``.
        """
        prompt = prompt_tokens(self.request_body(question, repair))
        if question.file is not None:
            prompt += self.options.context_tokens
        written = self.options.max_output_tokens
        cost = cost_of(self.options, prompt=prompt, completion=written)
        return Usage(prompt=prompt, completion=written, cost=cost)

    def _answer(self, question: Question, repair: Repair | None, file_id: str | None) -> Answer:
        body = self._body(question, repair, file_id)
        with (
            self.connection.judged(),
            self.connection.tokens(self.estimate(question, repair).tokens),
        ):
            taken, completion = self._negotiate(body)
            try:
                return self._read(completion, body(taken))
            except ModelFailure as failure:
                plain = replace(taken, response_format="none")
                if (
                    failure.reason is not FailureReason.EMPTY
                    or plain == taken
                    or ran_out(completion)
                ):
                    raise
                paid = failure.usage
            # DeepSeek's JSON mode sometimes brings nothing at all.
            try:
                answer = self._read(self._post(body(plain)), body(plain))
            except ModelFailure as failure:
                raise ModelFailure(failure.reason, failure.detail, paid + failure.usage) from None
            except openai.OpenAIError as error:
                raise self._with_usage(error, paid) from None
            return replace(answer, usage=paid + answer.usage)

    def _body(self, question: Question, repair: Repair | None, file_id: str | None) -> _Body:
        def body(capabilities: Capabilities) -> dict[str, Any]:
            return request_body(
                question,
                options=self.options,
                schema=self._schema,
                capabilities=capabilities,
                repair=repair,
                file_id=file_id,
            )

        return body

    def _read(self, completion: object, body: Mapping[str, Any]) -> Answer:
        return read_answer(
            completion,
            options=self.options,
            server=self.connection.server,
            prompt_characters=characters(body),
        )

    def _post(self, body: Mapping[str, Any]) -> object:
        """Send one request; the JSON that came back. Raises openai's exceptions, ModelFailure."""
        # Not client.chat.completions: its models fill in what is missing, and it knows no body
        # as a whole, which a batch needs the same way.
        response = self.connection.client.post(
            "/chat/completions", cast_to=httpx2.Response, body=body
        )
        return self.connection.json(response)

    def _negotiate(self, body: _Body) -> tuple[Capabilities, object]:
        """Ask with all that the server takes; find out what that is where it is not known."""
        known = self._known
        while True:
            while known.settled:
                now = known.current
                try:
                    return now, self._post(body(now))
                except openai.APIStatusError as error:
                    step = self._step(now, error)
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
                if step := self._step(now, error):
                    self._known.step(now, step)
                elif not self._unspecific(error) or not (step := now.weaker_format()):
                    raise
                # Of an unspecific step nothing is kept unless it helps.
                now = step
            else:
                if is_completion(completion):
                    self._known.remember(now)
                return now, completion

    def _step(self, now: Capabilities, error: openai.APIStatusError) -> Capabilities | None:
        verdict = self.connection.judge(error)
        if isinstance(verdict, ModelFailure) and verdict.reason in (
            FailureReason.TOO_LONG,  # vLLM's words for it name max_tokens, too
            FailureReason.CONTENT_FILTER,
        ):
            return None
        return weaker(now, rejection(error))

    def _unspecific(self, error: openai.APIStatusError) -> bool:
        """Whether a 400 blames nothing that we know: JSON mode may be what it means."""
        verdict = self.connection.judge(error)
        return (
            error.status_code == 400
            and isinstance(verdict, ModelFailure)
            and verdict.reason is FailureReason.REJECTED
        )

    def _with_usage(self, error: openai.OpenAIError, paid: Usage) -> ModelFailure | DaybookError:
        verdict = self.connection.judge(error)
        if isinstance(verdict, ModelFailure):
            return ModelFailure(verdict.reason, verdict.detail, paid + verdict.usage)
        return verdict
