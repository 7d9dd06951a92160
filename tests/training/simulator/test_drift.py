from itertools import pairwise

import numpy as np
import pytest

from training.simulator.drift import Drift

FIRST = np.array([[0.0, 0.2], [0.5, 0.9]])
GROUPS = np.array([0, 0, 1])
POPULAR = np.array([0.25, 0.75, 1.0])


def log_odds(p: np.ndarray) -> np.ndarray:
    return np.log(p / (1 - p))


def test_week_zero_is_as_it_began() -> None:
    drift = Drift(0.5, 0.5, 3)
    assert drift.strength(FIRST, 0) == pytest.approx(FIRST)
    assert drift.popularity(POPULAR, GROUPS, 0) == pytest.approx(POPULAR)


def test_no_need_comes_of_nothing_and_departments_keep_their_sum() -> None:
    drift = Drift(0.5, 0.5, 3)
    for week in range(10):
        strength = drift.strength(FIRST, week)
        assert strength[0, 0] == 0.0
        assert ((strength >= 0) & (strength < 1)).all()
        assert np.bincount(GROUPS, drift.popularity(POPULAR, GROUPS, week)) == pytest.approx(1.0)


def test_a_week_goes_on_from_the_one_before() -> None:
    drift, first = Drift(0.3, 0.0, 1), np.full((200, 200), 0.3)
    steps = [log_odds(drift.strength(first, week)) for week in range(4)]
    for before, after in pairwise(steps):
        assert (after - before).std() == pytest.approx(0.3, rel=0.02)
    assert (steps[3] - steps[0]).std() == pytest.approx(0.3 * np.sqrt(3), rel=0.02)


def test_equal_seeds_drift_alike() -> None:
    assert (Drift(seed=1).strength(FIRST, 5) == Drift(seed=1).strength(FIRST, 5)).all()
    assert not (Drift(seed=1).strength(FIRST, 5) == Drift(seed=2).strength(FIRST, 5)).all()
