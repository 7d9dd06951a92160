"""Claude as a judge, through the official SDK; the only module that imports anthropic."""

from __future__ import annotations

import os
from typing import Any, Literal

from pydantic import BaseModel, ValidationError

from graph.errors import SettingsError
from services.judging.budget import Budget, Price, price_of
from services.judging.language import LanguageJudge, Pace
from services.judging.ledger import Ledger
from services.judging.transport import Question, Reply, TransportError

try:
    import anthropic
except ModuleNotFoundError as error:
    raise SettingsError("the judge claude needs the package anthropic: install kerec[claude]") from error

DEFAULT_MODEL = "claude-sonnet-5-5"
TIMEOUT_SECONDS = 180.0
KEY_VARIABLE = "ANTHROPIC_API_KEY"
RETRIED = frozenset({408, 409, 429})
# Failures to connect: nothing was sent, so nothing is charged.
UNSENT = frozenset({"ConnectError", "ConnectTimeout", "PoolTimeout", "UnsupportedProtocol", "LocalProtocolError"})
ADVICE = {
    401: f"check {KEY_VARIABLE}",
    402: "check the account's credit",
    403: "the key may not use this model",
    404: "check the model's name and the base URL",
}

Effort = Literal["low", "medium", "high", "xhigh", "max"]


class _Block(BaseModel):
    type: str
    text: str = ""


class _Usage(BaseModel):
    input_tokens: int
    output_tokens: int
    cache_creation_input_tokens: int | None = None
    cache_read_input_tokens: int | None = None


class _Message(BaseModel):
    """The parts of a Messages API answer that are used."""

    content: list[_Block]
    stop_reason: str
    usage: _Usage


class ClaudeTransport:
    """Questions to the Messages API with structured output; it sends once and leaves retries to its caller.

    `effort` None leaves the setting out, for models that know none. Raises SettingsError without a usable key.
    """

    def __init__(
        self,
        model: str = DEFAULT_MODEL,
        *,
        api_key: str | None = None,
        base_url: str | None = None,
        timeout: float = TIMEOUT_SECONDS,
        effort: Effort | None = "low",
    ) -> None:
        self.model = model
        self._effort = effort
        self._client = anthropic.Anthropic(api_key=_key(api_key), base_url=base_url, timeout=timeout, max_retries=0)

    def send(self, question: Question) -> Reply:
        """One request, one answer; raises TransportError."""
        try:
            raw = self._client.messages.with_raw_response.create(
                model=self.model,
                max_tokens=question.max_tokens,
                system=question.system,
                messages=[{"role": "user", "content": question.user}],
                output_config=self._output(question.schema),
            )
        except anthropic.APIStatusError as error:
            raise _refused(error, self.model) from error
        except anthropic.APIConnectionError as error:
            raise _unreachable(error, str(self._client.base_url)) from error
        return _reply(raw.http_response.text)

    def _output(self, schema: dict[str, Any]) -> Any:
        output: dict[str, Any] = {"format": {"type": "json_schema", "schema": anthropic.transform_schema(schema)}}
        return output if self._effort is None else {**output, "effort": self._effort}


def claude_judge(
    ledger: Ledger, budget: Budget, transport: ClaudeTransport, price: Price | None = None, pace: Pace | None = None
) -> LanguageJudge:
    """Claude behind the Judge port; raises SettingsError where the model's price is neither known nor given."""
    if price is None and budget.currency != "USD":
        raise SettingsError(f"prices are known in USD only: give the price of {transport.model} in {budget.currency}")
    return LanguageJudge(transport, ledger, budget, price or price_of(transport.model), pace)


def _key(given: str | None) -> str:
    key = (given or os.environ.get(KEY_VARIABLE, "")).strip()
    if not key:
        raise SettingsError(f"{KEY_VARIABLE} is not set: the judge claude needs a key of the Anthropic API")
    if not key.isascii() or not key.isprintable():
        raise SettingsError(f"{KEY_VARIABLE} holds characters that no key has: copy it again")
    return key


def _reply(body: str) -> Reply:
    try:
        message = _Message.model_validate_json(body)
    except ValidationError as error:
        start = " ".join(body.split())[:80]
        text = f"the Anthropic API answered with something that is no message ({start!r}): check the base URL"
        raise TransportError(text, retry=False, charged=True) from error
    usage = message.usage
    cached = (usage.cache_creation_input_tokens or 0) + (usage.cache_read_input_tokens or 0)
    text = "".join(block.text for block in message.content if block.type == "text")
    return Reply(text, message.stop_reason, usage.input_tokens + cached, usage.output_tokens)


def _refused(error: anthropic.APIStatusError, model: str) -> TransportError:
    """A status of 4xx or 5xx is never charged."""
    status = error.status_code
    retry = status in RETRIED or status >= 500
    advice = ADVICE.get(status, "try again later" if retry else "see the API's documentation")
    text = f"the Anthropic API refused a request to {model} ({status}: {_said(error)}): {advice}"
    return TransportError(text, retry=retry, charged=False, retry_after=_retry_after(error))


def _unreachable(error: anthropic.APIConnectionError, base_url: str) -> TransportError:
    unsent = type(error.__cause__).__name__ in UNSENT
    what = "did not answer in time" if isinstance(error, anthropic.APITimeoutError) else "cannot be reached"
    text = f"the Anthropic API at {base_url} {what}: check the network and the base URL, or try again later"
    return TransportError(text, retry=True, charged=not unsent)


def _said(error: anthropic.APIStatusError) -> str:
    body = error.body
    inner = body.get("error") if isinstance(body, dict) else None
    message = inner.get("message") if isinstance(inner, dict) else None
    return " ".join(str(message or error.message).split())[:200]


def _retry_after(error: anthropic.APIStatusError) -> float | None:
    try:
        return max(0.0, float(error.response.headers.get("retry-after", "")))
    except ValueError:
        return None
