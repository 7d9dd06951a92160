"""What the documented formulas of recall and fusion give on a graph made by hand, in slow plain Python."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import exp

from graph.ordering import natural
from services.ranking.fusion import Fusion
from services.recall.port import Recommendation
from tests.live.recalls import Toy


@dataclass(frozen=True)
class Place:
    """What a list may hold at a place: several sources where they tie."""

    item: str
    score: float
    channel: str
    bought: Collection[str | None] = (None,)
    sources: Collection[str | None] = (None,)
    target: str | None = None


@dataclass(frozen=True)
class BruteForce:
    """The documented formulas on a toy: whole lists, best first, not cut at any k."""

    toy: Toy
    fusion: Fusion

    def for_user(self, user: str) -> list[Place]:
        ages: dict[str, int] = {}
        for age, item in enumerate(reversed(self.toy.bought.get(user, ()))):
            ages.setdefault(item, age)
        interests = {entity: weight for (who, entity), weight in self.toy.interests.items() if who == user}
        return self._filled([*ages], ages, interests, ())

    def for_basket(self, items: Sequence[str], exclude: Collection[str] = ()) -> list[Place]:
        newest = self._known(items)
        return self._filled(newest, _ages(newest), self._fresh(newest), exclude)

    def complements(self, item: str, k: int) -> list[Place]:
        """First what an edge supports, with a knowledge term of full strength; then what is bought soon after."""
        own = self.toy.things[item].main
        alike = {own, *(tail for head, tail in self.toy.substitutes if head == own)} - {None}
        whole = BruteForce(self.toy, replace(self.fusion, strength=1.0))
        places = whole._personal([item], {item: 0}, self._fresh([item]), (), alike)
        supported = [place for place in places if place.target is not None][:k]
        bought = [place for place in places if place.target is None][: k - len(supported)]
        floor = min((place.score for place in supported), default=1.0)
        top = max((place.score for place in bought), default=0.0) + 1.0
        return [*supported, *(replace(place, score=floor * place.score / top) for place in bought)]

    def substitutes(self, item: str) -> list[Place]:
        own = self.toy.things[item].main
        if own is None:
            return []
        places = [
            Place(other, (4 + self.toy.things[other].appeal) / 5, "substitutes", (item,), (own,), own)
            for other in self.toy.shelf(own)
            if other != item
        ]
        for (head, tail), strength in self.toy.substitutes.items():
            if head == own:
                places += [
                    Place(
                        other,
                        ((strength or 0) + self.toy.things[other].appeal) / 5,
                        "substitutes",
                        (item,),
                        (own,),
                        tail,
                    )
                    for other in self.toy.shelf(tail)
                ]
        return _sorted(places)

    def explain(self, sources: Collection[str], targets: Collection[str]) -> set[tuple[str, str, str]]:
        """Relation, head and tail of each edge between two sets of entities."""
        judged = [("complements", *pair) for pair in self.toy.complements]
        judged += [("substitutes", *pair) for pair in self.toy.substitutes]
        return {
            (relation, head, tail)
            for relation, head, tail in judged
            if (head in sources and tail in targets) or (head in targets and tail in sources)
        }

    def _known(self, items: Sequence[str]) -> list[str]:
        return [item for item in dict.fromkeys(reversed(items)) if item in self.toy.things]

    def _fresh(self, items: Iterable[str]) -> dict[str, float]:
        """1 - prod (1 - rho exp(-age)) with rho 0.9 and age 0."""
        counts = Counter(self.toy.things[item].main for item in items)
        return {entity: 1 - 0.1**count for entity, count in counts.items() if entity}

    def _filled(
        self, newest: list[str], ages: Mapping[str, int], interests: Mapping[str, float], exclude: Collection[str]
    ) -> list[Place]:
        places = self._personal(newest, ages, interests, exclude)
        taken = {*newest, *exclude, *(place.item for place in places)}
        dropped = self._dropped(newest)
        left = [i for i in self.toy.ranked() if i not in taken and self.toy.things[i].main not in dropped]
        return [*places, *(Place(item, 0.0, "popularity") for item in left)]

    def _dropped(self, owned: Iterable[str]) -> set[str | None]:
        """Of a durable that is owned there is no second item."""
        return {main for item in owned if (main := self.toy.things[item].main) in self.toy.durable}

    def _personal(
        self,
        newest: list[str],
        ages: Mapping[str, int],
        interests: Mapping[str, float],
        exclude: Collection[str],
        alike: Collection[str | None] = (),
    ) -> list[Place]:
        owned = {self.toy.things[item].main for item in newest}
        found = self._base(newest, ages, exclude)
        left_out = {*alike, *self._dropped(newest)}
        base = {item: parts for item, parts in found.items() if self.toy.things[item].main not in left_out}
        edges = {f: self._edges(f, interests) for f in self.toy.entities if f not in owned}
        offered = {
            item for f in edges if edges[f] and self.fusion.strength > 0 for item in self._offer(f, edges[f], exclude)
        }
        places = []
        for item in base.keys() | offered:
            thing = self.toy.things[item]
            active = edges.get(thing.main or "", {})
            known = self.fusion.strength * self._strength(item, active)
            score = sum(base.get(item, {}).values())
            channel = "complementary" if item not in base or known > score else "copurchase"
            if active:
                sources = _greatest(active)
                bought = {next((own for own in newest if self.toy.things[own].main == e), None) for e in sources}
                places.append(Place(item, score + known, channel, bought, sources, thing.main))
            else:
                places.append(Place(item, score, channel, _greatest(base[item])))
        return self._capped(_sorted(places), base)

    def _offer(self, f: str, active: Mapping[str, float], exclude: Collection[str]) -> list[str]:
        shelf = [item for item in self.toy.shelf(f) if item not in exclude][: self.fusion.per_entity]
        return sorted(shelf, key=lambda item: -self._strength(item, active))[: self.fusion.cap]

    def _strength(self, item: str, active: Mapping[str, float]) -> float:
        """1 - prod (1 - a w pi) over heads, pi being the item's share times its pull by the edge, 1 at most."""
        thing = self.toy.things[item]
        pulls = {head: self.toy.pulls.get((head, thing.main or ""), {}).get(item, 1.0) for head in active}
        return _union(each * min(1.0, thing.share * pulls[head]) for head, each in active.items())

    def _base(
        self, newest: list[str], ages: Mapping[str, int], exclude: Collection[str]
    ) -> dict[str, dict[str, float]]:
        """Item → trigger → its part of the co-purchase score."""
        base: dict[str, dict[str, float]] = {}
        for (item, later), weight in self.toy.before.items():
            if item in newest and self.toy.things[later].available and later not in {*newest, *exclude}:
                base.setdefault(later, {})[item] = weight * exp(-ages[item] + ages[newest[0]])
        return base

    def _edges(self, tail: str, interests: Mapping[str, float]) -> dict[str, float]:
        pairs = self.toy.complements.items()
        return {head: interests[head] * weight for (head, to), weight in pairs if to == tail and head in interests}

    def _capped(self, places: list[Place], base: Collection[str]) -> list[Place]:
        shown: Counter[str | None] = Counter()
        kept = []
        for place in places:
            shown[place.target] += place.channel == "complementary"
            if place.channel != "complementary" or shown[place.target] <= self.fusion.per_entity:
                kept.append(place)
            elif place.item in base:
                kept.append(Place(place.item, place.score, "copurchase", place.bought, place.sources, place.target))
        return kept


def differences(found: Sequence[Recommendation], wanted: Sequence[Place], k: int) -> list[str]:
    """What is wrong with a list; places whose scores are equal but for rounding may be exchanged."""
    places = {place.item: place for place in wanted}
    wrong = []
    if [row.rank for row in found] != list(range(1, min(k, len(wanted)) + 1)):
        wrong.append(f"ranks {[row.rank for row in found]}, wanted {min(k, len(wanted))} places")
    if len({row.item_id for row in found}) != len(found):
        wrong.append("an item stands twice")
    for row, expected in zip(found, wanted, strict=False):
        own = places.get(row.item_id)
        if own is None or not _near(own.score, expected.score):
            wrong.append(f"{row.item_id} stands at {row.rank} where {expected.item} belongs")
        elif own.channel != row.channel:
            wrong.append(f"{row.item_id} is {row.channel}, wanted {own.channel}")
        elif row.channel == "popularity" and row.item_id != expected.item:
            wrong.append(f"{row.item_id} stands at {row.rank} where {expected.item} belongs")
        elif row.channel != "popularity" and not _near(row.score, own.score):
            wrong.append(f"{row.item_id} scores {row.score}, wanted {own.score}")
        elif not _explained(row, own):
            wrong.append(f"{row.item_id} because {row.because}, wanted {own}")
    for above, below in pairwise(found):
        tied = above.score == below.score and above.channel != "popularity" and below.channel != "popularity"
        if above.score < below.score or (tied and natural(above.item_id) > natural(below.item_id)):
            wrong.append(f"{above.item_id} must not stand before {below.item_id}")
    return wrong


def _explained(row: Recommendation, place: Place) -> bool:
    because = row.because
    source = because.source.id if because.source else None
    target = because.target.id if because.target else None
    return because.bought in place.bought and source in place.sources and target == place.target


def _near(one: float, other: float) -> bool:
    return abs(one - other) <= 1e-12 + 1e-9 * abs(other)


def _ages(newest: Sequence[str]) -> dict[str, int]:
    return {item: age for age, item in enumerate(newest)}


def _union(parts: Iterable[float]) -> float:
    missed = 1.0
    for part in parts:
        missed *= 1 - part
    return 1 - missed


def _greatest(parts: Mapping[str, float]) -> set[str | None]:
    top = max(parts.values())
    return {name for name, part in parts.items() if _near(part, top)}


def _sorted(places: Iterable[Place]) -> list[Place]:
    return sorted(places, key=lambda place: (-place.score, natural(place.item)))
