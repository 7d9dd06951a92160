"""Intervals for differences between arms: means, ratios of sums by the delta method, and the bootstrap."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]
Statistic = Callable[[NDArray[np.float64]], float]  # rows [n, c] of users → a number


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its 95 % interval and, where it is a difference, the two-sided p of no difference."""

    value: float
    low: float
    high: float
    p: float = float("nan")

    @property
    def above(self) -> bool:
        """Whether the whole interval is above zero."""
        return self.low > 0

    def covers(self, truth: float) -> bool:
        """Whether the interval holds a value."""
        return self.low <= truth <= self.high


@dataclass(frozen=True, slots=True)
class Moments:
    """A statistic's estimate and the variance of that estimate."""

    value: float
    variance: float


def normal(value: float, variance: float) -> Estimate:
    """The estimate with a normal interval."""
    error = float(np.sqrt(max(variance, 0.0)))
    reach = float(stats.norm.ppf(0.975)) * error
    p = 2.0 * float(stats.norm.sf(abs(value) / error)) if error > 0 else float(value == 0)
    return Estimate(value, value - reach, value + reach, p)


def mean(values: Floats) -> Moments:
    """The mean of independent users, shape [n], n > 1."""
    return Moments(float(values.mean()), float(values.var(ddof=1)) / len(values))


def ratio(above: Floats, below: Floats) -> Moments:
    """sum(above) / sum(below) over independent users, each shape [n], by the delta method (Deng et al. 2018).

    0 where there is nothing below.
    """
    if below.sum() == 0:
        return Moments(0.0, 0.0)
    value = float(above.sum() / below.sum())
    residual = (above - value * below) / below.mean()
    return Moments(value, float(residual.var(ddof=1)) / len(above))


def difference(arm: Moments, control: Moments) -> Estimate:
    """arm - control of two independent arms."""
    return normal(arm.value - control.value, arm.variance + control.variance)


def lift(arm: Moments, control: Moments) -> Estimate:
    """arm / control - 1 of two independent arms, by the delta method; not a number where control is 0."""
    if control.value == 0:
        return Estimate(*[float("nan")] * 4)
    change = arm.value / control.value
    variance = arm.variance / control.value**2 + change**2 * control.variance / control.value**2
    return normal(change - 1.0, variance)


def bootstrap_difference(
    statistic: Statistic, arm: Floats, control: Floats, rng: np.random.Generator, draws: int = 1000
) -> Estimate:
    """statistic(arm) - statistic(control) with the percentile interval, users (rows [n, c]) drawn with replacement."""
    changes = np.array([statistic(_again(arm, rng)) - statistic(_again(control, rng)) for _ in range(draws)])
    low, high = np.quantile(changes, [0.025, 0.975])
    p = 2.0 * min(float(np.mean(changes <= 0)), float(np.mean(changes >= 0)))
    return Estimate(statistic(arm) - statistic(control), float(low), float(high), min(p, 1.0))


def _again(rows: Floats, rng: np.random.Generator) -> Floats:
    return np.asarray(rows[rng.integers(len(rows), size=len(rows))])
