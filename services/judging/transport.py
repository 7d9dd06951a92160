"""How a question reaches a language model: the port, and the one error that it raises."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from graph.errors import KerecError

COMPLETE = "end_turn"
# Roles, the output format's own instructions and other framing that a service adds around the texts.
FRAME_TOKENS = 1_000


@dataclass(frozen=True, slots=True)
class Question:
    """One request: instructions, the user's turn, the JSON schema of the answer, the most tokens it may have."""

    system: str
    user: str
    schema: dict[str, Any]
    max_tokens: int

    def worst_input_tokens(self) -> int:
        """More input tokens than this can have: no token is shorter than one byte."""
        return len(f"{self.system}{self.user}{self.schema}".encode()) + FRAME_TOKENS


@dataclass(frozen=True, slots=True)
class Reply:
    """A model's answer as received, unread. `stop` is the Messages API's stop_reason, end_turn if complete."""

    text: str
    stop: str
    input_tokens: int
    output_tokens: int


class TransportError(KerecError):
    """A request brought no answer.

    `retry`: the same request may succeed later, after `retry_after` seconds if the service said so. `charged`: the
    request may have been worked on, so its money counts as spent.
    """

    def __init__(self, text: str, *, retry: bool, charged: bool, retry_after: float | None = None) -> None:
        super().__init__(text)
        self.retry = retry
        self.charged = charged
        self.retry_after = retry_after


class Transport(Protocol):
    """A language model that answers in JSON of a given schema."""

    @property
    def model(self) -> str:
        """The model's name, as its prices and verdicts are filed."""

    def send(self, question: Question) -> Reply:
        """One request, one answer, never sent again by itself; raises TransportError. Called from several threads."""
