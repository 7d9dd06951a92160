"""Metrics of scored pairs: areas under the ROC curve, their resamplings, and ranks among negatives."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from training.evaluation.bootstrap import SAMPLES, draws

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def auc(positives: Floats, negatives: Floats) -> float:
    """The probability that a positive's score [p] is above a negative's [n], ties counted half (Mann and Whitney)."""
    ranks = rankdata(np.concatenate([positives, negatives]))
    above = ranks[: len(positives)].sum() - len(positives) * (len(positives) + 1) / 2
    return float(above / (len(positives) * len(negatives)))


def resampled_auc(
    positives: Floats, negatives: Floats, sources: tuple[Ints, Ints], seed: int = 0, samples: int = SAMPLES
) -> Floats:
    """AUCs over sources drawn with replacement, each with all its pairs; [samples], nan where one kind was not drawn.

    `sources` number the item that each positive [p] and each negative [n] starts from.
    """
    scores = np.concatenate([positives, negatives])
    order = np.argsort(scores, kind="stable")
    tied = np.flatnonzero(np.diff(scores[order], prepend=np.nan))  # where each run of equal scores begins
    found, place = np.unique(np.concatenate(sources), return_inverse=True)
    positive = order < len(positives)
    parts = []
    for times in draws(len(found), seed, samples):
        weights = times[:, place[order]].astype(np.float64)
        wins = np.add.reduceat(np.where(positive, weights, 0.0), tied, axis=1)
        losses = np.add.reduceat(np.where(positive, 0.0, weights), tied, axis=1)
        above = (wins * (np.cumsum(losses, axis=1) - losses / 2)).sum(axis=1)
        pairs = wins.sum(axis=1) * losses.sum(axis=1)
        parts.append(np.divide(above, pairs, out=np.full(len(times), np.nan), where=pairs > 0))
    return np.concatenate(parts)


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
