"""What weighs edges by counters: the port behind which each way of counting stands."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from training.weights.counters import EdgeCounters


class EdgeWeigher(Protocol):
    """Weights of edges from what is known of them."""

    @property
    def version(self) -> str:
        """Equal for weighers that give equal weights; a part of the release."""

    def weigh(self, edges: EdgeCounters) -> NDArray[np.float64]:
        """The weight of every edge, in (0, 1), shape [n]."""
