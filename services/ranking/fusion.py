"""The first ranker: one list from the channels.

score(u, i) = base(u, i) + strength × R(u, i), this project's own formulation of logit p = f_base + f_kg (spec, section
8). base is the directed co-purchase score; items of no co-purchase follow by popularity. The knowledge term is exactly
0 where no edge is active, so without edges the order is the base order.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from graph.ordering import natural
from services.recall.candidates import Popular, Recalled, Target
from services.recall.channels import COMPLEMENTARY, COPURCHASE, POPULARITY
from services.recall.port import Because, Recommendation


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate before it has a rank."""

    item: str
    title: str
    score: float
    channel: str
    because: Because


@dataclass(frozen=True, slots=True)
class Fusion:
    """How channels become a list: `strength` of the knowledge term, and the caps of the complementary channel."""

    strength: float = 0.001
    per_entity: int = 5
    min_entities: int = 4

    def fuse(self, recalled: Recalled, k: int) -> list[Scored]:
        """The k best candidates by fused score, best first; popularity fills what the other channels leave empty."""
        ranked = sorted(self._personal(recalled).values(), key=_order)[:k]
        return [*ranked, *_fill(recalled.popularity, ranked, k)]

    def complements(self, targets: Sequence[Target], k: int) -> list[Scored]:
        """The complementary channel alone: at most `per_entity` items of an entity, so that the first 20 places hold
        at least `min_entities` different ones where as many were recalled."""
        cap = min(self.per_entity, max(1, 20 // self.min_entities))
        scored = [
            Scored(row.item, row.title, target.strength(row.appeal), COMPLEMENTARY, target.because)
            for target in targets
            for row in target.shortlist[:cap]
        ]
        return sorted(scored, key=_order)[:k]

    def _personal(self, recalled: Recalled) -> dict[str, Scored]:
        targets = {target.entity.id: target for target in recalled.complementary}
        candidates: dict[str, Scored] = {}
        for row in recalled.copurchase:
            target = targets.get(row.entity) if row.entity else None
            known = self.strength * target.strength(row.appeal) if target else 0.0
            channel = COMPLEMENTARY if known > row.score else COPURCHASE
            because = target.because if target else Because(bought=row.source)
            candidates[row.item] = Scored(row.item, row.title, row.score + known, channel, because)
        for new in self.complements(recalled.complementary, len(recalled.complementary) * self.per_entity):
            candidates.setdefault(
                new.item, Scored(new.item, new.title, self.strength * new.score, new.channel, new.because)
            )
        return candidates


def number(scored: Iterable[Scored]) -> tuple[Recommendation, ...]:
    """The list with its ranks, from 1."""
    return tuple(
        Recommendation(rank, row.item, row.title, row.score, row.channel, row.because)
        for rank, row in enumerate(scored, 1)
    )


def _order(row: Scored) -> tuple[float, tuple[int, int, str]]:
    return (-row.score, natural(row.item))


def _fill(popular: Sequence[Popular], ranked: Sequence[Scored], k: int) -> list[Scored]:
    """Popular items for the places left, scored below everything personal and falling with their popularity."""
    taken = {row.item for row in ranked}
    rows = [row for row in popular if row.item not in taken][: k - len(ranked)]
    floor = min((row.score for row in ranked), default=1.0)
    top = max((row.popularity for row in rows), default=0) + 1
    return [Scored(row.item, row.title, floor * row.popularity / top, POPULARITY, Because()) for row in rows]
