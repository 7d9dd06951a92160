"""The first ranker: one list from the channels.

score(u, i) = base(u, i) + strength × R(u, i), this project's own formulation of logit p = f_base + f_kg (spec, section
8). base is the directed co-purchase score, the chance that i is bought next as far as pairs of items tell; R is that
chance as far as edges between entities tell. Items of no co-purchase follow by popularity. The knowledge term is
exactly 0 where no edge is active, so without edges the order is the base order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from graph.ordering import natural
from services.recall.candidates import Popular, Recalled, Target
from services.recall.channels import COMPLEMENTARY, COPURCHASE, POPULARITY
from services.recall.learned import LEARNED, Neighbour
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

    strength: float = 0.5
    per_entity: int = 5
    min_entities: int = 4

    def fuse(self, recalled: Recalled, k: int) -> list[Scored]:
        """The k best candidates by fused score, best first; popularity fills what the other channels leave empty."""
        return followed_by(self._ranked(recalled, self.strength)[:k], popular_list(recalled.popularity), k)

    def goes_with(self, recalled: Recalled, k: int) -> list[Scored]:
        """What goes with one item: first what an edge supports, by R plus the co-purchase score, then what is only
        bought soon after it."""
        targets = {target.entity.id for target in recalled.complementary}
        supported = tuple(row for row in recalled.copurchase if row.entity in targets)
        others = [
            Scored(row.item, row.title, row.score, COPURCHASE, Because(bought=row.source))
            for row in recalled.copurchase
            if row.entity not in targets
        ]
        ranked = self._ranked(Recalled(recalled.complementary, supported), 1.0)[:k]
        return followed_by(ranked, sorted(others, key=_order), k)

    def complements(self, targets: Sequence[Target], k: int) -> list[Scored]:
        """The complementary channel alone: at most `per_entity` items of an entity, so that the first 20 places hold
        at least `min_entities` different ones where as many were recalled."""
        return sorted(self._shortlisted(targets, 1.0), key=_order)[:k]

    def _shortlisted(self, targets: Sequence[Target], strength: float) -> list[Scored]:
        cap = self.cap
        return [
            Scored(row.item, row.title, strength * known, COMPLEMENTARY, target.because)
            for target in targets
            for known, row in target.best(cap)
        ]

    @property
    def cap(self) -> int:
        """Items of one entity in the complementary channel."""
        return min(self.per_entity, max(1, 20 // self.min_entities))

    def _ranked(self, recalled: Recalled, strength: float) -> list[Scored]:
        copurchased = {row.item for row in recalled.copurchase}
        return self._capped(sorted(self._personal(recalled, strength).values(), key=_order), copurchased)

    def _capped(self, ranked: Sequence[Scored], copurchased: Collection[str]) -> list[Scored]:
        """Beyond its entity's cap an item stands by its co-purchases, or not at all."""
        shown: Counter[str] = Counter()
        cap = self.cap
        kept = []
        for row in ranked:
            target = row.because.target
            if row.channel != COMPLEMENTARY or target is None:
                kept.append(row)
                continue
            shown[target.id] += 1
            if shown[target.id] <= cap:
                kept.append(row)
            elif row.item in copurchased:
                kept.append(replace(row, channel=COPURCHASE))
        return kept

    def _personal(self, recalled: Recalled, strength: float) -> dict[str, Scored]:
        targets = {target.entity.id: target for target in recalled.complementary}
        candidates: dict[str, Scored] = {}
        for row in recalled.copurchase:
            target = targets.get(row.entity) if row.entity else None
            known = strength * target.item_strength(row.item, row.share) if target else 0.0
            channel = COMPLEMENTARY if known > row.score else COPURCHASE
            because = target.because if target else Because(bought=row.source)
            candidates[row.item] = Scored(row.item, row.title, row.score + known, channel, because)
        if strength > 0:  # without knowledge the list is the base list alone
            for new in self._shortlisted(recalled.complementary, strength):
                candidates.setdefault(new.item, new)
        return candidates


def number(scored: Iterable[Scored]) -> tuple[Recommendation, ...]:
    """The list with its ranks, from 1."""
    return tuple(
        Recommendation(rank, row.item, row.title, row.score, row.channel, row.because)
        for rank, row in enumerate(scored, 1)
    )


def popular_list(popular: Sequence[Popular]) -> list[Scored]:
    """The popularity list as candidates, scored by purchases."""
    return [Scored(row.item, row.title, row.popularity, POPULARITY, Because()) for row in popular]


def _order(row: Scored) -> tuple[float, tuple[int, int, str]]:
    return (-row.score, natural(row.item))


def by_neighbours(item: str, neighbours: Iterable[Neighbour]) -> list[Scored]:
    """The shortlists of neighbours by the learned views, best first by cosine times appeal; no edge supports them."""
    return sorted(
        (
            Scored(row.item, row.title, near.similarity * row.appeal, LEARNED, _learned(item, near))
            for near in neighbours
            for row in near.shortlist
        ),
        key=_order,
    )


def _learned(item: str, near: Neighbour) -> Because:
    return Because(item, near.source, near.target, None, "near it by what purchases taught, not judged")


def followed_by(ranked: list[Scored], rest: Sequence[Scored], k: int) -> list[Scored]:
    """The list with its places up to k filled from `rest`, whose scores are scaled to lie below the list's."""
    taken = {row.item for row in ranked}
    rows = [row for row in rest if row.item not in taken][: k - len(ranked)]
    floor = min((row.score for row in ranked), default=1.0)
    top = max((row.score for row in rows), default=0.0) + 1.0
    return [*ranked, *(replace(row, score=floor * row.score / top) for row in rows)]
