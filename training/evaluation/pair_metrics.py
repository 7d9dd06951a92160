"""Metrics of scored pairs: areas under the ROC curve and ranks among negatives."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

Floats = NDArray[np.float64]


def auc(positives: Floats, negatives: Floats) -> float:
    """The probability that a positive's score [p] is above a negative's [n], ties counted half (Mann and Whitney)."""
    ranks = rankdata(np.concatenate([positives, negatives]))
    above = ranks[: len(positives)].sum() - len(positives) * (len(positives) + 1) / 2
    return float(above / (len(positives) * len(negatives)))


def ranks_among(positives: Floats, negatives: Floats) -> Floats:
    """The rank from 1 of each positive [p] among its own negatives [p, n]; a tie counts half a place."""
    own = positives[:, None]
    return np.asarray(1.0 + (negatives > own).sum(axis=1) + 0.5 * (negatives == own).sum(axis=1))


def mean_reciprocal_rank(ranks: Floats) -> float:
    """Mean of 1 / rank, in (0, 1]."""
    return float(np.mean(1.0 / ranks))


def hit_rate(ranks: Floats, cut: int) -> float:
    """Share of ranks up to the cut, in [0, 1]."""
    return float(np.mean(ranks <= cut))


def calibration_error(probabilities: Floats, truths: NDArray[np.bool_], bins: int = 10) -> float:
    """Expected calibration error: the mean gap between probability and frequency in bins of equal width, by size."""
    places = np.minimum((probabilities * bins).astype(np.int64), bins - 1)
    sizes = np.bincount(places, minlength=bins)
    gaps = np.bincount(places, probabilities, bins) - np.bincount(places, truths.astype(np.float64), bins)
    return float(np.abs(gaps).sum() / max(sizes.sum(), 1))
