"""What the simulator asks of a recommendation service."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from training.simulator.log import Sent


@dataclass(frozen=True, slots=True)
class Shown:
    """One place of a list; `head`, `tail` and `weight` are those of the edge that explains it, None without one."""

    item: str
    channel: str
    head: str | None = None
    tail: str | None = None
    weight: float | None = None


class Shopfront(Protocol):
    """One arm's service, which learns from the events of its own shoppers."""

    def open_week(self, items: Sequence[str]) -> None:
        """Put these items on sale, and learn from all events so far."""

    def lists(self, users: Sequence[str], k: int) -> list[list[Shown]]:
        """At most k items for each user, best first."""

    def post(self, events: Sequence[Sent]) -> None:
        """Take events; the next lists know of them."""
