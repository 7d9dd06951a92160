"""The click model: a place of the list is looked at or not, whatever stands there; what is looked at is clicked or not.

This is the position-based model (Richardson, Dominowska and Ragno 2007; Craswell et al. 2008).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PositionBias:
    """Position p, from 0, is looked at with probability (1 + p) ** -steepness: 1 at the top."""

    steepness: float = 0.6

    def examined(self, positions: NDArray[np.int64]) -> Floats:
        """Probabilities in (0, 1], shape [n]."""
        return np.asarray((1.0 + positions) ** -self.steepness, dtype=np.float64)

    def clicks(self, attraction: Floats, rng: np.random.Generator) -> NDArray[np.bool_]:
        """Which of a list's items are clicked, shape [k], from their attraction in [0, 1] in the list's order."""
        chance = self.examined(np.arange(len(attraction))) * attraction
        return np.asarray(rng.random(len(attraction)) < chance)


def estimated_examination(positions: NDArray[np.int64], clicked: NDArray[np.bool_], depth: int) -> Floats:
    """How likely each of `depth` places is looked at, relative to the first, from lists shown in random order.

    Where the order is random the mean attraction is equal at all places, so the rates of clicks are as the rates of
    looks. A place without clicks counts as half a click; shape [depth], in (0, 1].
    """
    shown = np.bincount(positions, minlength=depth)[:depth].astype(np.float64)
    clicks = np.bincount(positions, weights=clicked, minlength=depth)[:depth]
    rate = np.maximum(clicks, 0.5) / np.maximum(shown, 1.0)
    return np.asarray(np.clip(rate / rate[0], 1e-3, 1.0))
