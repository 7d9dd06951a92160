from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.evaluation.pair_metrics import (
    auc,
    calibration_error,
    hit_rate,
    mean_reciprocal_rank,
    ranks_among,
    resampled_auc,
)
from training.evaluation.savings import saved


def test_auc_counts_every_pair() -> None:
    rng = np.random.default_rng(0)
    positives, negatives = rng.integers(0, 6, 30) / 1.0, rng.integers(0, 5, 40) / 1.0
    wins = [(p > n) + 0.5 * (p == n) for p in positives for n in negatives]
    assert auc(positives, negatives) == pytest.approx(np.mean(wins))
    assert auc(np.array([1.0, 2.0]), np.array([0.0])) == 1.0


SCORED = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4)), min_size=1, max_size=8)  # score, source


@given(SCORED, SCORED, st.integers(0, 3))
def test_sources_are_drawn_with_all_their_pairs(
    positives: list[tuple[int, int]], negatives: list[tuple[int, int]], seed: int
) -> None:
    names = sorted({source for _, source in positives + negatives})
    wanted = []
    for drawn in np.random.default_rng(seed).integers(0, len(names), (20, len(names))):
        some, others = (
            np.array([score for place in drawn for score, source in pairs if source == names[place]], np.float64)
            for pairs in (positives, negatives)
        )
        wanted.append(auc(some, others) if len(some) and len(others) else np.nan)
    ends = [np.array(pairs, dtype=np.int64).T for pairs in (positives, negatives)]
    scores, sources = [each[0].astype(np.float64) for each in ends], (ends[0][1], ends[1][1])
    assert resampled_auc(*scores, sources, seed, 20) == pytest.approx(wanted, nan_ok=True)


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
