"""Off-policy estimates: what another policy would have earned, from the log of the one that was used.

A log of n decisions has for each the reward r, the probability p > 0 with which the logging policy took that action,
and the probability e with which the other policy would have. The weights are e / p. References: Horvitz and Thompson
1952 (IPS), Swaminathan and Joachims 2015 (SNIPS), Dudík, Langford and Li 2011 (doubly robust).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.simulator.intervals import Estimate, normal

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Decisions:
    """The log: `reward`, `logged` (p in (0, 1]) and `target` (e in [0, 1]), each of shape [n], n > 1."""

    reward: Floats
    logged: Floats
    target: Floats

    @property
    def weights(self) -> Floats:
        """e / p, shape [n]."""
        return np.asarray(self.target / self.logged)

    @property
    def effective(self) -> float:
        """The size of an unweighted sample that would say as much (Kish)."""
        weights = self.weights
        return float(weights.sum() ** 2 / np.maximum((weights**2).sum(), 1e-300))


def ips(log: Decisions) -> Estimate:
    """The mean of w r: without bias, of high variance where weights are large."""
    return _mean(log.weights * log.reward)


def snips(log: Decisions) -> Estimate:
    """sum(w r) / sum(w): a little bias, for less variance; the interval is by the delta method.

    nan where no action logged is one of the other policy's.
    """
    weights = log.weights
    if not weights.any():
        return Estimate(math.nan, math.nan, math.nan)
    value = float((weights * log.reward).sum() / weights.sum())
    influence = weights * (log.reward - value) / weights.mean()
    return normal(value, float(influence.var(ddof=1)) / len(influence))


def doubly_robust(log: Decisions, modelled: Floats, expected: Floats) -> Estimate:
    """The model's value, corrected by weighted errors: right where the model or the propensities are.

    `modelled` [n] is the model's reward of the action taken, `expected` [n] its mean reward over the actions of the
    other policy; the model must not have been fitted to the same rows.
    """
    return _mean(expected + log.weights * (log.reward - modelled))


def direct(expected: Floats) -> Estimate:
    """What the model alone says; its bias is the model's, and the interval does not know of it."""
    return _mean(expected)


def _mean(parts: Floats) -> Estimate:
    return normal(float(parts.mean()), float(parts.var(ddof=1)) / len(parts))
