"""Scores as probabilities: Platt's scaling, and how far to trust it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

Floats = NDArray[np.float64]
_BINS = 10
_STEEPEST = 1e-3  # a slope of 0 or less would turn the order round


@dataclass(frozen=True, slots=True)
class Platt:
    """logit p = slope · score + shift, slope > 0 (Platt, Probabilistic outputs for support vector machines, 1999)."""

    slope: float = 1.0
    shift: float = 0.0

    def logit(self, scores: Floats) -> Floats:
        """The log odds of each score."""
        return self.slope * scores + self.shift

    def probability(self, scores: Floats) -> Floats:
        """The probability of each score, in (0, 1)."""
        return np.asarray(1.0 / (1.0 + np.exp(-self.logit(scores))), dtype=np.float64)


def platt(scores: Floats, hits: NDArray[np.bool_]) -> Platt:
    """The scaling of greatest likelihood; the base rate alone where there is nothing to learn a slope from."""
    if not hits.any() or hits.all():
        rate = (float(hits.sum()) + 0.5) / (len(hits) + 1.0)
        return Platt(_STEEPEST, math.log(rate / (1.0 - rate)))
    model = LogisticRegression(C=1e6, max_iter=500).fit(scores[:, None], hits)
    return Platt(max(float(model.coef_[0, 0]), _STEEPEST), float(model.intercept_[0]))


@dataclass(frozen=True, slots=True)
class Bin:
    """Candidates of like probability: how many, their mean probability, and the share that was bought."""

    size: int
    expected: float
    bought: float


def reliability(probabilities: Floats, hits: NDArray[np.bool_], bins: int = _BINS) -> tuple[Bin, ...]:
    """Bins of equally many candidates, by probability from the lowest."""
    order = np.argsort(probabilities, kind="stable")
    parts = (part for part in np.array_split(order, bins) if len(part))
    return tuple(Bin(len(part), float(probabilities[part].mean()), float(hits[part].mean())) for part in parts)


def calibration_error(found: tuple[Bin, ...]) -> float:
    """The mean distance between what is expected and what is bought, weighed by size."""
    total = sum(each.size for each in found)
    return sum(each.size * abs(each.expected - each.bought) for each in found) / total if total else 0.0
