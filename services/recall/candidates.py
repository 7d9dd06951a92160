"""What the channels of recall answer with."""

from __future__ import annotations

from dataclasses import dataclass

from services.recall.port import Because, Concept


@dataclass(frozen=True, slots=True)
class Shortlisted:
    """An item of an entity's shortlist.

    `appeal` in (0, 1] is its popularity on a log scale, 1 for the shop's most popular item.
    """

    item: str
    title: str
    appeal: float


@dataclass(frozen=True, slots=True)
class Target:
    """An entity that complements what the user owns.

    `actives` are the products interest × weight, each in [0, 1), of the edges that lead here; `because` explains the
    strongest of them.
    """

    entity: Concept
    actives: tuple[float, ...]
    because: Because
    shortlist: tuple[Shortlisted, ...]

    def strength(self, appeal: float = 1.0) -> float:
        """R(u, i) = 1 - prod(1 - a w q) for an item of this entity with appeal q (spec, section 8)."""
        missed = 1.0
        for active in self.actives:
            missed *= 1.0 - active * appeal
        return 1.0 - missed


@dataclass(frozen=True, slots=True)
class Copurchased:
    """An item bought soon after items of the user's; `source` contributed most to the score (> 0)."""

    item: str
    title: str
    score: float
    source: str
    entity: str | None
    appeal: float


@dataclass(frozen=True, slots=True)
class Led:
    """An item that items of the user's lead to.

    `evidence` are rows of the place of the item owned (0 the newest) and the evidence in the order of
    training.ranker.evidence.COLUMNS.
    """

    item: str
    title: str
    entity: str | None
    appeal: float
    evidence: list[list[float]]


@dataclass(frozen=True, slots=True)
class Popular:
    """An item of the popularity list, with its number of purchases."""

    item: str
    title: str
    popularity: int


@dataclass(frozen=True, slots=True)
class Recalled:
    """What each channel gave for one request, best first."""

    complementary: tuple[Target, ...] = ()
    copurchase: tuple[Copurchased, ...] = ()
    popularity: tuple[Popular, ...] = ()
