"""Calibration on scores whose odds are known."""

from __future__ import annotations

import numpy as np
import pytest

from training.ranker.calibration import Platt, calibration_error, platt, reliability


def test_platt_finds_the_scaling_that_made_the_hits() -> None:
    rng = np.random.default_rng(0)
    scores = rng.normal(size=40_000)
    hits = rng.random(len(scores)) < Platt(1.5, -2.0).probability(scores)
    found = platt(scores, hits)
    assert (found.slope, found.shift) == pytest.approx((1.5, -2.0), abs=0.1)
    bins = reliability(found.probability(scores), hits)
    assert [each.size for each in bins] == [4000] * 10
    assert calibration_error(bins) < 0.01
    assert [each.expected for each in bins] == sorted(each.expected for each in bins)


@pytest.mark.parametrize("hit", [True, False])
def test_without_both_outcomes_the_base_rate_stands_and_order_is_kept(hit: bool) -> None:
    found = platt(np.arange(9.0), np.full(9, hit))
    chances = found.probability(np.array([0.0, 1.0]))
    assert chances[0] < chances[1]
    assert chances == pytest.approx([0.95 if hit else 0.05] * 2, abs=0.01)


def test_the_slope_never_turns_the_order_round() -> None:
    found = platt(np.arange(10.0), np.arange(10) < 5)
    assert found.slope > 0


def test_an_error_counted_by_hand() -> None:
    bins = reliability(np.array([0.1, 0.1, 0.9, 0.9]), np.array([False, True, True, True]), 2)
    assert [(each.size, each.bought) for each in bins] == [(2, 0.5), (2, 1.0)]
    assert calibration_error(bins) == pytest.approx(0.25)
    assert calibration_error(()) == 0.0
