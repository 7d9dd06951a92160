"""A world small enough to be known by heart, and a shopfront that lists what it is told to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import polars as pl

from training.simulator.log import START, Sent
from training.simulator.port import Shown
from training.simulator.world import World, build_world

ENTITIES = ("bag", "gas", "mat", "mug", "pot", "stove", "tea", "tent")
NEEDS = {("tent", "mat"): 0.9, ("tent", "bag"): 0.5, ("stove", "gas"): 0.8, ("stove", "pot"): 0.3, ("tea", "mug"): 0.4}
PER_ENTITY = 4


def small_world(noise: float = 0.0, seed: int = 1) -> World:
    """Eight concepts in two departments with four items each, the fourth of which arrives on day 40."""
    rows = [
        {
            "id": f"{entity}{number}",
            "entity": entity,
            "category": "Kitchen > Tea" if entity in ("mug", "tea") else "Outdoor > Camping",
            "price": 10.0 * (number + 1),
            "day": 40.0 if number == PER_ENTITY - 1 else -10.0,
        }
        for entity in ENTITIES
        for number in range(PER_ENTITY)
    ]
    needs = [{"head": head, "tail": tail, "rate": rate} for (head, tail), rate in NEEDS.items()]
    return build_world(pl.DataFrame(rows), pl.DataFrame(needs), seed, noise)


def at(day: float) -> datetime:
    """A day as a time."""
    return START + timedelta(days=day)


@dataclass(slots=True)
class FixedFront:
    """Shows everybody the same items, those on sale, and keeps what it is sent."""

    listed: Sequence[Shown]
    on_sale: list[list[str]] = field(default_factory=list)
    asked: list[tuple[str, ...]] = field(default_factory=list)
    posted: list[list[Sent]] = field(default_factory=list)

    def open_week(self, items: Sequence[str]) -> None:
        self.on_sale.append(list(items))

    def lists(self, users: Sequence[str], k: int) -> list[list[Shown]]:
        self.asked.append(tuple(users))
        return [[shown for shown in self.listed if shown.item in self.on_sale[-1]][:k] for _ in users]

    def post(self, events: Sequence[Sent]) -> None:
        self.posted.append(list(events))
