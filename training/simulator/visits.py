"""One visit: a list is shown, looked at from the top, clicked and ordered from; then comes what was wanted anyway."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graph.records import EventType
from training.simulator.appeal import Appeal
from training.simulator.log import Order, Sent
from training.simulator.port import Shown
from training.simulator.position_bias import PositionBias
from training.simulator.shoppers import Shopper
from training.simulator.world import World

MINUTE = 1.0 / 1440.0
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Season:
    """What is true of a week: `strength` [E, E], `popularity` [E]; `medians` [E] are the concepts' median prices.

    On sale are the items that had arrived by its first day.
    """

    week: int
    first_day: int
    strength: Floats
    popularity: Floats
    medians: Floats


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How shoppers look, click and order, and how many visits are shown their list in random order."""

    bias: PositionBias = field(default_factory=PositionBias)
    appeal: Appeal = field(default_factory=Appeal)
    shuffled: float = 0.2


@dataclass(slots=True)
class Visit:
    """What one visit left behind: rows of SHOWN_SCHEMA, orders, and the events in time order."""

    shown: list[dict[str, Any]] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    events: list[Sent] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Visitor:
    """A shopper inside the shop at a moment of a day, with a random generator of this visit's own."""

    shopper: Shopper
    world: World
    season: Season
    behaviour: Behaviour
    rng: np.random.Generator
    day: float

    def come(self, listed: Sequence[Shown], codes: dict[str, int]) -> Visit:
        """Sees the list (empty: none is shown), then buys what is due and what the visit was made for."""
        visit = Visit()
        mission = self.shopper.mission(self.world, self.season.popularity, self.rng)
        due = self.shopper.due(self.day, self.rng)
        if listed:
            self._look(visit, listed, codes, mission)
        wanted = dict.fromkeys([*due, *([mission] if mission is not None else [])])
        for number, entity in enumerate(entity for entity in wanted if entity not in self.shopper.owned):
            self._pick(visit, entity, self.day + (20 + number) * MINUTE)
        return visit

    def _look(self, visit: Visit, listed: Sequence[Shown], codes: dict[str, int], mission: int | None) -> None:
        shuffled = bool(self.rng.random() < self.behaviour.shuffled)
        ranks = self.rng.permutation(len(listed)) if shuffled else np.arange(len(listed))
        items = np.array([codes[listed[rank].item] for rank in ranks], dtype=np.int64)
        wanted = frozenset(self.shopper.wants) | ({mission} if mission is not None else frozenset())
        owned = list(self.shopper.owned)
        familiar = frozenset(int(each) for each in self.world.department[owned]) if owned else frozenset()
        chance = self.behaviour.appeal.attraction(self.world, items, wanted, familiar)
        clicked = self.behaviour.bias.clicks(chance, self.rng)
        ordering = self.behaviour.appeal.ordering(self.world, self.season.medians, items, wanted)
        request = f"r{self.shopper.number}-{self.day:.4f}"
        for position, (rank, item) in enumerate(zip(ranks, items, strict=True)):
            self._event(visit, EventType.EXPOSURE, int(item), self.day, position, request)
            ordered = bool(clicked[position] and self._orders(visit, int(item), ordering[position], position, request))
            row = {
                "user": self.shopper.name,
                "week": self.season.week,
                "day": self.day,
                "request": request,
                "position": position,
                "rank": int(rank),
                "shuffled": shuffled,
                "clicked": bool(clicked[position]),
                "ordered": ordered,
                "price": float(self.world.price[item]),
                "chance": float(chance[position]),
            }
            shown = listed[rank]
            edge = {"item": shown.item, "channel": shown.channel}
            visit.shown.append(row | edge | {"head": shown.head, "tail": shown.tail, "weight": shown.weight})

    def _orders(self, visit: Visit, item: int, chance: float, position: int, request: str) -> bool:
        """A click, and perhaps an order; of one concept a list sells one item."""
        day = self.day + (1 + position) * MINUTE
        self._event(visit, EventType.CLICK, item, day, position, request)
        entity = int(self.world.entity[item])
        ordered = bool(self.rng.random() < chance) and entity not in self.shopper.owned
        if ordered:
            self._buy(visit, item, day + MINUTE / 2, position, request)
        return ordered

    def _pick(self, visit: Visit, entity: int, day: float) -> None:
        shelf = self.world.shelf(entity, self.season.first_day)
        if len(shelf):
            fame = self.world.fame[shelf]
            self._buy(visit, int(self.rng.choice(shelf, p=fame / fame.sum())), day, None, None)

    def _buy(self, visit: Visit, item: int, day: float, position: int | None, request: str | None) -> None:
        entity = int(self.world.entity[item])
        self.shopper.buy(entity, day, self.season.strength, self.rng)
        name, price = self.world.entities[entity], float(self.world.price[item])
        user, week = self.shopper.name, self.season.week
        visit.orders.append(Order(user, week, day, self.world.items[item], name, price, request is not None))
        self._event(visit, EventType.PURCHASE, item, day, position, request)

    def _event(
        self, visit: Visit, kind: EventType, item: int, at: float, position: int | None, request: str | None
    ) -> None:
        name = self.world.items[item]
        identity = f"{kind.value}-{self.shopper.number}-{self.day:.4f}-{name}"
        visit.events.append(Sent(identity, self.shopper.name, name, kind, at, position, request))


def visitors(shoppers: Sequence[Shopper], day: int, seed: int) -> Iterator[tuple[Shopper, np.random.Generator, float]]:
    """Who comes that day, each with a generator of their own and the moment, independent of who else is there."""
    for shopper in shoppers:
        rng = np.random.default_rng([seed, 2, shopper.number, day + 1000])
        if rng.random() < shopper.visits:
            yield shopper, rng, day + 0.3 + 0.6 * float(rng.random())
