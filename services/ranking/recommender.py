"""The recommender that the API and the command line call: recall from the graph, then fusion."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

from graph.client import GraphClient, Row, Transaction
from graph.errors import NotFoundError
from graph.ordering import natural
from services.ranking.fusion import Fusion, Scored, by_neighbours, followed_by, number, popular_list
from services.recall import channels
from services.recall.candidates import Led, Recalled, Target
from services.recall.learned import LEARNED, Neighbour, matching, similar
from services.recall.port import Because, Concept, Explanation, Recommendations
from services.recall.profile import Profile

Observer = Callable[[str, int], None]  # channel, number of candidates
Near = Callable[[Transaction, str, Sequence[str], int], tuple[Neighbour, ...]]
_BEYOND = 20  # co-purchase candidates read beyond k, which knowledge may lift into the list
_ENTITY = "entity:"
_CLOSEST = 5.0  # strength 4 (the same entity) and full appeal: scores lie in (0, 1]


class Ranking(Protocol):
    """Makes one list of what the channels recalled."""

    def rank(self, known: Profile, led: Sequence[Led], targets: Sequence[Target], k: int) -> list[Scored]:
        """The k best candidates, best first."""


class Rankings(Protocol):
    """The learned rankers, by the release that names them."""

    def of(self, release: str | None) -> Ranking | None:
        """The ranker of a release, None where none was learned."""


class Unlearned:
    """A shop without a learned ranker."""

    def of(self, _release: str | None) -> Ranking | None:
        return None


def unobserved(_channel: str, _size: int) -> None:
    """Nobody counts."""


class GraphRecommender:
    """Implements `services.recall.port.Recommender` on a graph; every list is read in one transaction.

    With `drop_durables` whoever has a tent is offered no second tent, where the dictionary marks tents durable.
    """

    def __init__(
        self,
        client: GraphClient,
        fusion: Fusion,
        observe: Observer = unobserved,
        rankings: Rankings | None = None,
        drop_durables: bool = True,
    ) -> None:
        self._client = client
        self._fusion = fusion
        self._observe = observe
        self._rankings = rankings or Unlearned()
        self._drop_durables = drop_durables

    def for_user(self, user: str, k: int) -> Recommendations:
        return self._client.read(lambda tx: self.recommend(tx, user, k))

    def for_basket(self, items: Sequence[str], k: int, exclude: Sequence[str] = ()) -> Recommendations:
        def work(tx: Transaction) -> Recommendations:
            known = self._asking(channels.basket(tx, items))
            found = set(known.items)
            missing = tuple(dict.fromkeys(item for item in items if item not in found))
            scored = self._fuse(tx, known, exclude, k)
            return Recommendations(number(scored), bool(known.rows), _release(tx, known), None, missing)

        return self._client.read(work)

    def complements(self, item: str, k: int) -> Recommendations:
        def work(tx: Transaction) -> Recommendations:
            known = _known_item(tx, item)
            recalled = self._personal(tx, known, (), 2 * k)
            alike = {*known.entities, *(row[0] for row in tx.tuples("recall/substitute_entities", item=item))}
            others = tuple(row for row in recalled.copurchase if row.entity not in alike)
            scored = self._fusion.goes_with(Recalled(recalled.complementary, others), k)
            return Recommendations(number(self._filled(tx, known, scored, matching, k)), True, known.release)

        return self._client.read(work)

    def substitutes(self, item: str, k: int) -> Recommendations:
        def work(tx: Transaction) -> Recommendations:
            known = _known_item(tx, item)
            rows = tx.rows("recall/substitutes", item=item, exclude=[item], items=k)
            scored = _substitutes(item, rows)[:k]
            return Recommendations(number(self._filled(tx, known, scored, similar, k)), True, known.release)

        return self._client.read(work)

    def explain(self, source: str, target: str) -> tuple[Explanation, ...]:
        def work(tx: Transaction) -> tuple[Explanation, ...]:
            rows = tx.tuples("recall/explain", sources=_entities(tx, source), targets=_entities(tx, target))
            return tuple(
                Explanation(
                    Concept(e, e_name),
                    Concept(f, f_name),
                    relation.lower(),
                    weight,
                    probability,
                    reason,
                    judge,
                    release,
                )
                for relation, e, e_name, f, f_name, weight, probability, reason, judge, release in rows
            )

        return self._client.read(work)

    def recommend(self, tx: Transaction, user: str, k: int) -> Recommendations:
        """`for_user` inside a transaction of the caller's."""
        known = self._asking(channels.history(tx, user))
        scored = self._fuse(tx, known, (), k)
        return Recommendations(number(scored), bool(known.rows), _release(tx, known), user)

    def _asking(self, known: Profile) -> Profile:
        return replace(known, drop_durables=self._drop_durables)

    def _fuse(self, tx: Transaction, known: Profile, exclude: Sequence[str], k: int) -> list[Scored]:
        ranking = self._rankings.of(known.release)
        if ranking is not None and known.rows:
            ranked = self._learned(tx, ranking, known, exclude, k)
            return ranked if len(ranked) == k else followed_by(ranked, self._popular(tx, known, exclude, k), k)
        recalled = self._personal(tx, known, exclude, k)
        ranked = self._fusion.fuse(recalled, k)
        # Popularity is read only where the personal channels leave places empty.
        return ranked if len(ranked) == k else followed_by(ranked, self._popular(tx, known, exclude, k), k)

    def _learned(
        self, tx: Transaction, ranking: Ranking, known: Profile, exclude: Sequence[str], k: int
    ) -> list[Scored]:
        targets = channels.complementary(tx, known, exclude, self._fusion.per_entity)
        led = channels.evidence(tx, known, exclude)
        self._observe(channels.COMPLEMENTARY, sum(len(target.shortlist) for target in targets))
        self._observe(channels.EVIDENCE, len(led))
        return ranking.rank(known, led, targets, k)

    def _popular(self, tx: Transaction, known: Profile, exclude: Sequence[str], k: int) -> list[Scored]:
        popular = channels.popularity(tx, known, exclude, k)
        self._observe(channels.POPULARITY, len(popular))
        return popular_list(popular)

    def _filled(self, tx: Transaction, known: Profile, scored: list[Scored], near: Near, k: int) -> list[Scored]:
        """The list about one item, its places up to k filled by what the learned views say of the item's entity."""
        if len(scored) == k or not known.entities:
            return scored
        [item] = known.items
        neighbours = near(tx, known.entities[0], [item, *(row.item for row in scored)], self._fusion.per_entity)
        found = by_neighbours(item, neighbours)
        self._observe(LEARNED, len(found))
        return followed_by(scored, found, k)

    def _personal(self, tx: Transaction, known: Profile, exclude: Sequence[str], k: int) -> Recalled:
        targets = channels.complementary(tx, known, exclude, self._fusion.per_entity)
        copurchased = channels.copurchase(tx, known, exclude, k + _BEYOND)
        self._observe(channels.COMPLEMENTARY, sum(len(target.shortlist) for target in targets))
        self._observe(channels.COPURCHASE, len(copurchased))
        return Recalled(targets, copurchased)


def _release(tx: Transaction, known: Profile) -> str | None:
    if known.rows:
        return known.release
    rows = tx.tuples("recall/shop")
    return rows[0][0] if rows else None


def _known_item(tx: Transaction, item: str) -> Profile:
    known = channels.basket(tx, [item])
    if not known.rows:
        raise NotFoundError(f"there is no item {item!r}")
    return known


def _entities(tx: Transaction, reference: str) -> list[str]:
    if reference.startswith(_ENTITY):
        entity = reference.removeprefix(_ENTITY)
        if not tx.rows("recall/entity", entity=entity):
            raise NotFoundError(f"there is no entity {entity!r}")
        return [entity]
    rows = tx.tuples("recall/entities_of_item", item=reference)
    if not rows:
        raise NotFoundError(f"there is no item {reference!r}")
    return [entity for _, entity, _ in rows if entity is not None]


def _substitutes(item: str, rows: Sequence[Row]) -> list[Scored]:
    """Items of the same entity first, then those of judged substitutes by strength; the score falls with the place."""
    scored: dict[str, Scored] = {}
    for row in rows:
        source, target = Concept(row["source"], row["source_name"]), Concept(row["target"], row["target_name"])
        score = (row["strength"] + row["appeal"]) / _CLOSEST
        because = Because(item, source, target, None, row["reason"])
        scored.setdefault(row["item"], Scored(row["item"], row["title"], score, "substitutes", because))
    return sorted(scored.values(), key=lambda each: (-each.score, natural(each.item)))
