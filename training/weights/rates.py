"""Weights on the scale of rates: how often what an edge suggests is taken, smoothed; behind the port of weighers.

They read `EdgeCounters` of purchases or of clicks alike: followed / buyers is the rate.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.weights.counters import EdgeCounters

LOWEST, HIGHEST = 1e-4, 0.99
AVERAGE = 0.5  # the weight of what is clicked as often as the average; what is clicked twice as often is at the top

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PriorOnly:
    """The verdict's prior, whatever was bought or clicked."""

    @property
    def version(self) -> str:
        """The name."""
        return "prior-1"

    def weigh(self, edges: EdgeCounters) -> Floats:
        """The priors, shape [n]."""
        return edges.prior


@dataclass(frozen=True, slots=True)
class SmoothedRates:
    """w = (followed + k r) / (buyers + k) with r the rate over all edges: counters alone, which know no verdict."""

    shrinkage: float = 20.0

    @property
    def version(self) -> str:
        """Name and parameter."""
        return f"rates-{self.shrinkage:g}"

    def weigh(self, edges: EdgeCounters) -> Floats:
        """The weight of every edge, in [0.0001, 0.99], shape [n]."""
        return _smoothed(edges, _rate(edges), self.shrinkage)


@dataclass(frozen=True, slots=True)
class PriorRates:
    """w = (followed + k r_p) / (buyers + k), r_p being the smoothed rate over the edges with the prior p.

    Empirical Bayes, this project's own formulation: what edges of a prior are worth is itself read from feedback.
    """

    shrinkage: float = 20.0

    @property
    def version(self) -> str:
        """Name and parameter."""
        return f"prior-rates-{self.shrinkage:g}"

    def weigh(self, edges: EdgeCounters) -> Floats:
        """The weight of every edge, in [0.0001, 0.99], shape [n]."""
        overall = _rate(edges)
        _, level = np.unique(edges.prior, return_inverse=True)
        followed, buyers = np.bincount(level, edges.followed), np.bincount(level, edges.buyers)
        rates = (followed + self.shrinkage * overall) / (buyers + self.shrinkage)
        return _smoothed(edges, rates[level], self.shrinkage)


@dataclass(frozen=True, slots=True)
class ClickRates:
    """w = c (clicked + k r_e) / (looked + k), r_e being the rate of purchases, scaled to as many clicks as there were.

    What was bought says what to expect of an edge, and clicks correct it; without purchases, r_e is the rate of the
    edge's prior. c brings the mean rate of clicks to `AVERAGE`, since rates of clicks differ from shop to shop while
    what the fusion of channels makes of weights does not. Empirical Bayes, this project's own formulation.
    """

    shrinkage: float = 20.0

    @property
    def version(self) -> str:
        """Name and parameter."""
        return f"click-rates-{self.shrinkage:g}"

    def weigh(self, clicks: EdgeCounters, purchases: EdgeCounters) -> Floats:
        """The weight of every edge, in [0.0001, 0.99], shape [n]; there is at least one click."""
        bought = PriorRates(self.shrinkage).weigh(purchases)
        expected = bought * clicks.followed.sum() / (clicks.buyers * bought).sum()
        rates = (clicks.followed + self.shrinkage * expected) / (clicks.buyers + self.shrinkage)
        return np.asarray(np.clip(rates * AVERAGE / _rate(clicks), LOWEST, HIGHEST), dtype=np.float64)


def _rate(edges: EdgeCounters) -> float:
    total = float(edges.buyers.sum())
    return float(edges.followed.sum()) / total if total > 0 else 0.0


def _smoothed(edges: EdgeCounters, rate: float | Floats, shrinkage: float) -> Floats:
    raw = (edges.followed + shrinkage * rate) / (edges.buyers + shrinkage)
    return np.asarray(np.clip(raw, LOWEST, HIGHEST), dtype=np.float64)
