"""CUPED: what users did before the experiment takes its part of the variance out (Deng, Xu, Kohavi and Walker 2013)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Cuped:
    """Adjusts outcomes y to y - theta (x - mean of x), x being known before the experiment, theta = cov / var.

    theta and the mean come from all arms together, so that the adjustment is the same for every arm.
    """

    theta: float
    centre: float

    @classmethod
    def fit(cls, before: Floats, outcome: Floats) -> Cuped:
        """From all arms' users, each shape [n]; a constant covariate adjusts nothing."""
        variance = float(before.var())
        covariance = float(np.mean((before - before.mean()) * (outcome - outcome.mean())))
        return cls(covariance / variance if variance > 0 else 0.0, float(before.mean()))

    def adjust(self, before: Floats, outcome: Floats) -> Floats:
        """The adjusted outcomes, shape [n]; their mean over all users is that of the outcomes."""
        return np.asarray(outcome - self.theta * (before - self.centre))
