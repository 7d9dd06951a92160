from __future__ import annotations

import numpy as np
import pytest

from training.evaluation.pair_metrics import auc, calibration_error, hit_rate, mean_reciprocal_rank, ranks_among
from training.evaluation.savings import saved


def test_auc_counts_every_pair() -> None:
    rng = np.random.default_rng(0)
    positives, negatives = rng.integers(0, 6, 30) / 1.0, rng.integers(0, 5, 40) / 1.0
    wins = [(p > n) + 0.5 * (p == n) for p in positives for n in negatives]
    assert auc(positives, negatives) == pytest.approx(np.mean(wins))
    assert auc(np.array([1.0, 2.0]), np.array([0.0])) == 1.0


def test_ranks_and_what_follows() -> None:
    ranks = ranks_among(np.array([3.0, 1.0]), np.array([[1.0, 2.0, 0.0], [2.0, 1.0, 1.0]]))
    assert ranks.tolist() == [1.0, 3.0]
    assert mean_reciprocal_rank(ranks) == pytest.approx((1 + 1 / 3) / 2)
    assert (hit_rate(ranks, 2), hit_rate(ranks, 3)) == (0.5, 1.0)


def test_calibration() -> None:
    rng = np.random.default_rng(0)
    probabilities = rng.random(20_000)
    truths = rng.random(20_000) < probabilities
    assert calibration_error(probabilities, truths) < 0.02
    assert calibration_error(np.full(100, 0.9), np.zeros(100, bool)) == pytest.approx(0.9)
    assert calibration_error(np.array([1.0]), np.array([True])) == 0.0


def test_what_is_saved() -> None:
    sizes = [0.0, 99.0, 9999.0]
    found = saved(sizes, [0.6, 0.7, 0.8], [0.5, 0.6, 0.7])
    assert found[:2] == (pytest.approx(99.0), pytest.approx(9900.0))
    assert found[2] is None
    assert saved(sizes, [0.4, 0.6, 0.65], [0.5, 0.6, 0.7]) == (0.0, pytest.approx(0.0, abs=1e-9), 0.0)
