"""What the HTTP API is given to work with: small ports, and the bundle of them that one worker holds."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from graph.records import Event
from services.api.metrics import Metrics
from services.recall.port import Recommender


class Receipt(Protocol):
    """How many events were new, how many were known already, and which clash with a known id of other content."""

    @property
    def accepted(self) -> int:
        """Events written for the first time."""

    @property
    def duplicate(self) -> int:
        """Events whose id and content were known already."""

    @property
    def conflicts(self) -> tuple[int, ...]:
        """Indexes, in the sequence that was given, of events with a known id and other content."""


class EventSink(Protocol):
    """The journal that events are written to before they are acknowledged; it never needs the graph server."""

    def accept(self, events: Sequence[Event]) -> Receipt:
        """Write events durably; raises StorageError. An event with neither `at` nor `order` happened when received."""

    def known_items(self, ids: Collection[str]) -> set[str]:
        """Those of the ids that the catalogue holds."""


class Forgetter(Protocol):
    """Removes a person from everything kerec keeps."""

    def forget(self, user: str) -> None:
        """Remove a user; raises NotFoundError, GraphUnavailableError or StorageError."""


class Health(Protocol):
    """Whether requests can be answered now."""

    def check(self) -> None:
        """Raise KerecError with one line where they cannot."""


def _nothing_to_close() -> None:
    return None


@dataclass(frozen=True, slots=True)
class ApiParts:
    """All that the API's views call; built once in each worker process, after the fork."""

    recommender: Recommender
    events: EventSink
    forgetter: Forgetter
    health: Health
    metrics: Metrics = field(default_factory=Metrics)
    close: Callable[[], None] = _nothing_to_close  # called when the worker has drained
