"""Paired bootstrap: how far figures of the same cases would move with other cases (Efron and Tibshirani 1993)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from training.evaluation.histories import Floats, Ints

SAMPLES = 1000
LEVEL = 0.95
_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Interval:
    """A percentile interval at level 0.95."""

    low: float
    high: float


def resampled_means(gains: Floats, seed: int = 0, samples: int = SAMPLES, clusters: Ints | None = None) -> Floats:
    """Means of the columns of `gains` [n, m] over n cases drawn with replacement, shape [samples, m].

    Every column has the same draws, so that differences and ratios of columns are paired. `clusters` [n] numbers cases
    that came into the sample together: whole clusters are drawn, as many as there are.
    """
    sums, sizes = (gains.astype(np.float64), np.ones(len(gains))) if clusters is None else _summed(gains, clusters)
    return np.concatenate([times @ sums / (times @ sizes)[:, None] for times in draws(len(sums), seed, samples)])


def draws(size: int, seed: int = 0, samples: int = SAMPLES) -> Iterator[Ints]:
    """How often each of `size` cases is in each resampling, a part [at most 50, size] of the resamplings at a time."""
    generator = np.random.default_rng(seed)
    for start in range(0, samples, _AT_ONCE):
        drawn = generator.integers(0, size, (min(_AT_ONCE, samples - start), size))
        yield np.stack([np.bincount(row, minlength=size) for row in drawn])


def _summed(gains: Floats, clusters: Ints) -> tuple[Floats, Floats]:
    """Each cluster's sums [c, m] and its number of cases [c]."""
    _, place, sizes = np.unique(clusters, return_inverse=True, return_counts=True)
    sums = np.zeros((len(sizes), gains.shape[1]))
    np.add.at(sums, place, gains)
    return sums, sizes.astype(np.float64)


def interval(means: Floats) -> Interval:
    """Where the middle 95 % of resampled figures lie, shape [samples]."""
    low, high = np.quantile(means, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(float(low), float(high))
