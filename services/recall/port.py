"""What recommends: the port that the API and the command line call, and the records it answers with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Concept:
    """An entity as shown to people."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Because:
    """Why an item is recommended.

    `weight` is set only where a complementary edge speaks for the item. Without one, co-purchase and content items have
    `bought` alone, popular items nothing. Items of the channel `substitutes` have `bought`, `source`, `target` (equal
    for items of the same concept) and the verdict's `reason`; items of the channel `learned` have all but `weight`.
    """

    bought: str | None = None
    source: Concept | None = None
    target: Concept | None = None
    weight: float | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One item of a list; `rank` counts from 1, `score` never increases down the list."""

    rank: int
    item_id: str
    title: str
    score: float
    channel: str
    because: Because


@dataclass(frozen=True, slots=True)
class Recommendations:
    """One ranked list. `known` is False where nothing was known about the user or basket and popularity served."""

    items: tuple[Recommendation, ...]
    known: bool
    release: str | None
    user_id: str | None = None
    unknown_items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """One edge source → target between two entities, with who judged it and why."""

    source: Concept
    target: Concept
    relation: str
    weight: float | None
    probability: float | None
    reason: str | None
    judge: str | None
    release: str | None


class Recommender(Protocol):
    """Ranked, explained lists from the graph; raises GraphUnavailableError while the server is away."""

    def for_user(self, user: str, k: int) -> Recommendations:
        """The k best items for a user; popularity with known=False for an unknown one."""

    def for_basket(self, items: Sequence[str], k: int, exclude: Sequence[str] = ()) -> Recommendations:
        """The k best items beside a basket, oldest item first; unknown items are named, not an error."""

    def complements(self, item: str, k: int) -> Recommendations:
        """Items that go with this one; raises NotFoundError for an unknown item."""

    def substitutes(self, item: str, k: int) -> Recommendations:
        """Items that replace this one; raises NotFoundError for an unknown item."""

    def explain(self, source: str, target: str) -> tuple[Explanation, ...]:
        """The edges between two items, or `entity:ID`s; raises NotFoundError for an unknown id."""
