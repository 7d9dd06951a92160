"""What an item is to a shopper: whether it attracts a click, and whether the click becomes an order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.simulator.world import World

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Appeal:
    """Probabilities of a click once looked at, and of an order once clicked, for wanted and other concepts.

    Attraction is multiplied by the item's quality; orders by (price / the concept's median price) ** -elasticity.
    """

    wanted: float = 0.7
    familiar: float = 0.012  # of a department where the shopper has bought
    other: float = 0.004
    ordered_wanted: float = 0.4
    ordered_other: float = 0.03
    elasticity: float = 0.7
    most: float = 0.9

    def attraction(self, world: World, items: Codes, wanted: frozenset[int], familiar: frozenset[int]) -> Floats:
        """The probability of a click once looked at, shape [k]; `wanted` are concepts, `familiar` departments."""
        concept = world.entity[items]
        known = np.isin(world.department[concept], list(familiar))
        base = np.where(np.isin(concept, list(wanted)), self.wanted, np.where(known, self.familiar, self.other))
        return np.asarray(np.minimum(base * world.quality[items], self.most))

    def ordering(self, world: World, medians: Floats, items: Codes, wanted: frozenset[int]) -> Floats:
        """The probability of an order once clicked, shape [k]; `medians` [E] are what `median_prices` gives."""
        concept = world.entity[items]
        base = np.where(np.isin(concept, list(wanted)), self.ordered_wanted, self.ordered_other)
        relative = world.price[items] / medians[concept]
        return np.asarray(np.minimum(base * relative**-self.elasticity, self.most))


def median_prices(world: World) -> Floats:
    """The median price of each concept's items, shape [E]."""
    return np.array([np.median(world.price[world.entity == code]) for code in range(len(world.entities))])
