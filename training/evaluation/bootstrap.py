"""Paired bootstrap: how far figures of the same cases would move with other cases (Efron and Tibshirani 1993)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from training.evaluation.histories import Floats

SAMPLES = 1000
LEVEL = 0.95
_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Interval:
    """A percentile interval at level 0.95."""

    low: float
    high: float


def resampled_means(gains: Floats, seed: int = 0, samples: int = SAMPLES) -> Floats:
    """Means of the columns of `gains` [n, m] over n cases drawn with replacement, shape [samples, m].

    Every column has the same draws, so that differences and ratios of columns are paired.
    """
    size = len(gains)
    generator = np.random.default_rng(seed)
    parts = []
    for start in range(0, samples, _AT_ONCE):
        drawn = generator.integers(0, size, (min(_AT_ONCE, samples - start), size))
        parts.append(np.stack([np.bincount(row, minlength=size) for row in drawn]) @ gains / size)
    return np.concatenate(parts)


def interval(means: Floats) -> Interval:
    """Where the middle 95 % of resampled figures lie, shape [samples]."""
    low, high = np.quantile(means, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(float(low), float(high))
