"""What the channels of recall answer with."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from services.recall.port import Because, Concept


@dataclass(frozen=True, slots=True)
class Shortlisted:
    """An item of an entity's shortlist.

    `appeal` in (0, 1] is its popularity on a log scale, 1 for the shop's most popular item; `share` in [0, 1] how
    likely it is, of those who buy of its entity, that they take it.
    """

    item: str
    title: str
    appeal: float
    share: float


@dataclass(frozen=True, slots=True)
class Edge:
    """An edge that leads to an entity.

    `interest` a(u, e) in (0, 1] is the user's in `head`, `weight` in [0, 1) that of the edge, `prior` in [0, 1] the
    verdict's, `affinity` in [-1, 1] how near the learned views of head and tail are, 0 where there are none. `pulls`
    say of some items how many times as much as their share they take by this edge (spec, section 7, w(e, f, i)); others
    take their share.
    """

    head: str
    interest: float
    weight: float
    prior: float
    affinity: float
    pulls: Mapping[str, float]

    @property
    def active(self) -> float:
        """a(u, e) w(e → f), in [0, 1)."""
        return self.interest * self.weight

    def item_weight(self, item: str, share: float) -> float:
        """w(e, f, i), in [0, 1), of an item of the edge's tail."""
        return self.weight * min(1.0, share * self.pulls.get(item, 1.0))


@dataclass(frozen=True, slots=True)
class Target:
    """An entity that complements what the user owns.

    `edges` lead here; `because` explains the strongest of them.
    """

    entity: Concept
    edges: tuple[Edge, ...]
    because: Because
    shortlist: tuple[Shortlisted, ...]

    def strength(self) -> float:
        """1 - prod(1 - a w) over the edges: that anything of this entity is wanted."""
        return 1.0 - math.prod(1.0 - edge.active for edge in self.edges)

    def item_strength(self, item: str, share: float) -> float:
        """R(u, i) = 1 - prod(1 - a w(e, f, i)) for an item of this entity (spec, section 8)."""
        return 1.0 - math.prod(1.0 - edge.interest * edge.item_weight(item, share) for edge in self.edges)

    def best(self, most: int) -> list[tuple[float, Shortlisted]]:
        """At most so many items of the shortlist with their R, the greatest first; equal ones as they are listed."""
        scored = [(self.item_strength(row.item, row.share), row) for row in self.shortlist]
        return sorted(scored, key=lambda pair: -pair[0])[:most]


@dataclass(frozen=True, slots=True)
class Copurchased:
    """An item bought soon after items of the user's; `source` contributed most to the score (> 0).

    `share` in [0, 1] is how likely it is, of those who buy of its entity, that they take it; 0 where that is not known.
    """

    item: str
    title: str
    score: float
    source: str
    entity: str | None
    share: float


@dataclass(frozen=True, slots=True)
class Led:
    """An item that items of the user's lead to, with its share and appeal as in `Shortlisted`.

    `evidence` are rows of the place of the item owned (0 the newest) and the evidence in the order of
    training.ranker.evidence.COLUMNS.
    """

    item: str
    title: str
    entity: str | None
    appeal: float
    share: float
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
