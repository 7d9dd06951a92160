"""Weights as chances: how often what an edge suggests is taken, smoothed; behind the port of weighers.

They read `EdgeCounters` of purchases or of clicks alike: followed / buyers is the rate.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.weights.counters import EdgeCounters

LOWEST, HIGHEST = 1e-4, 0.99
BELIEF = 10.0  # buyers for which what is believed of an edge, or of a level of priors, counts

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
    """w = (followed + k r_p) / (buyers + k), r_p = (followed_p + k c p) / (buyers_p + k) over the others of prior p.

    The chance that a buyer of e comes to buy f. Empirical Bayes, this project's own formulation: what an edge is worth
    before its own purchases is read from those of the other edges of its prior; where these are few, from those of all,
    by the factor c of `calibrated` with which as many follow as did. Until there are any a weight is its prior.
    """

    shrinkage: float = BELIEF

    @property
    def version(self) -> str:
        """Name and parameter."""
        return f"prior-rates-{self.shrinkage:g}"

    def weigh(self, edges: EdgeCounters) -> Floats:
        """The weight of every edge, in [0.0001, 0.99], shape [n]."""
        _, level = np.unique(edges.prior, return_inverse=True)
        followed, buyers = (np.bincount(level, each)[level] - each for each in (edges.followed, edges.buyers))
        expected = calibrated(edges.prior, edges, self.shrinkage)
        rates = (followed + self.shrinkage * expected) / (buyers + self.shrinkage)
        return _smoothed(edges, rates, self.shrinkage)


@dataclass(frozen=True, slots=True)
class ClickRates:
    """w = c (clicked + k r_e) / (looked + k), r_e being the rate of purchases, scaled to as many clicks as there were.

    What was bought says what to expect of an edge, and clicks correct it; without purchases, r_e is the edge's prior.
    c makes chances of clicks chances of purchases again, see `calibrated`. Empirical Bayes, this project's own
    formulation.
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
        return calibrated((clicks.followed + self.shrinkage * expected) / (clicks.buyers + self.shrinkage), purchases)


def calibrated(raw: Floats, purchases: EdgeCounters, belief: float = BELIEF) -> Floats:
    """The strengths `raw` [n] > 0 as chances in [0.0001, 0.99]: times one factor, so that by them as many purchases
    follow as did.

    `belief` buyers at the mean prior stand for what is not known yet. Whatever weighs a shop's edges, their weights
    then have one scale: that of the chance that a buyer of e comes to buy f.
    """
    if not len(raw):
        return raw
    followed = purchases.followed.sum() + belief * purchases.prior.mean()
    factor = followed / ((purchases.buyers * raw).sum() + belief * raw.mean())
    return np.asarray(np.clip(raw * factor, LOWEST, HIGHEST), dtype=np.float64)


def _rate(edges: EdgeCounters) -> float:
    total = float(edges.buyers.sum())
    return float(edges.followed.sum()) / total if total > 0 else 0.0


def _smoothed(edges: EdgeCounters, rate: float | Floats, shrinkage: float) -> Floats:
    raw = (edges.followed + shrinkage * rate) / (edges.buyers + shrinkage)
    return np.asarray(np.clip(raw, LOWEST, HIGHEST), dtype=np.float64)
