"""Shoppers: how often they come, which departments they like, what they own and what they want."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from training.simulator.world import World

HORIZON = 30.0  # days within which a need shows
MISSION = 0.35  # of visits are made to buy a certain thing
LOYAL = 0.3  # of the wants that come due are bought here unaided, the others elsewhere
_VISITS = 0.3  # a day, mean over shoppers
_EVENNESS = 2.0  # shape of the gamma distribution of visits: the smaller, the less equal shoppers are


@dataclass(slots=True)
class Shopper:
    """One person: `owned` concepts, and `wants`, each with the day on which it is met elsewhere or here."""

    name: str
    number: int
    visits: float  # a day
    departments: tuple[int, ...]
    owned: set[int] = field(default_factory=set)
    wants: dict[int, float] = field(default_factory=dict)

    def buy(self, entity: int, day: float, strength: NDArray[np.float64], rng: np.random.Generator) -> None:
        """Own a concept, and come to want each other one with the probability in its row of `strength` [E, E]."""
        self.owned.add(entity)
        self.wants.pop(entity, None)
        for tail in np.flatnonzero(rng.random(len(strength)) < strength[entity]):
            if int(tail) not in self.owned:
                self.wants.setdefault(int(tail), day + HORIZON * float(rng.beta(1.0, 1.5)))

    def due(self, day: float, rng: np.random.Generator) -> list[int]:
        """Drops the wants that have come due and returns those of them that are bought here unaided."""
        over = sorted(entity for entity, end in self.wants.items() if end <= day)
        for entity in over:
            del self.wants[entity]
        return [entity for entity in over if rng.random() < LOYAL]

    def mission(self, world: World, popularity: NDArray[np.float64], rng: np.random.Generator) -> int | None:
        """The concept that this visit is made for, None for a visit without one or with one that is owned."""
        if rng.random() >= MISSION:
            return None
        department = self.departments[int(rng.integers(len(self.departments)))]
        concepts = np.flatnonzero(world.department == department)
        entity = int(rng.choice(concepts, p=popularity[concepts] / popularity[concepts].sum()))
        return None if entity in self.owned else entity


def gather(world: World, number: int, seed: int) -> list[Shopper]:
    """`number` shoppers named u000001…; equal seeds give equal shoppers, and more of them the same first ones."""
    departments = np.unique(world.department)
    return [_shopper(departments, each, np.random.default_rng([seed, 1, each])) for each in range(1, number + 1)]


def _shopper(departments: Sequence[int] | NDArray[np.int64], number: int, rng: np.random.Generator) -> Shopper:
    liked = rng.choice(departments, size=min(len(departments), 1 + int(rng.random() < 0.4)), replace=False)
    visits = float(rng.gamma(_EVENNESS, _VISITS / _EVENNESS))
    return Shopper(f"u{number:06d}", number, min(visits, 1.0), tuple(int(each) for each in liked))
