"""The first edge weights: the verdict's prior, moved by purchases as far as there are enough of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.weights.counters import EdgeCounters

LOWEST, HIGHEST = 0.01, 0.99


@dataclass(frozen=True, slots=True)
class Shrinkage:
    """Posterior odds = prior odds times lift, with lift = (followed + k) / (expected + k); k is `shrinkage` > 0.

    This is the project's own formula. It is the posterior mean of a Poisson rate relative to chance under a
    Gamma(k, k) prior: k purchases expected by chance weigh as much as the belief that the edge is at chance level.
    Weights are clipped to [0.01, 0.99]; without purchases a weight is its prior.
    """

    shrinkage: float = 10.0

    @property
    def version(self) -> str:
        """Name and parameter."""
        return f"shrinkage-{self.shrinkage:g}"

    def weigh(self, edges: EdgeCounters) -> NDArray[np.float64]:
        """The weight of every edge, in [0.01, 0.99], shape [n]; priors must lie inside (0, 1)."""
        lift = (edges.followed + self.shrinkage) / (edges.expected + self.shrinkage)
        odds = edges.prior / (1.0 - edges.prior) * lift
        return np.asarray(np.clip(odds / (1.0 + odds), LOWEST, HIGHEST), dtype=np.float64)
