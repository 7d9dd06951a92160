import numpy as np
import pytest

from training.simulator.cuped import Cuped
from training.simulator.intervals import difference, mean


def arms(rng: np.random.Generator, effect: float) -> list[tuple[np.ndarray, np.ndarray]]:
    sides = []
    for shift in (effect, 0.0):
        before = rng.gamma(2.0, 1.0, 500)
        sides.append((before, shift + 2.0 * before + rng.normal(0.0, 1.0, 500)))
    return sides


def test_theta_is_the_slope_of_least_squares() -> None:
    before, outcome = arms(np.random.default_rng(0), 0.0)[0]
    cuped = Cuped.fit(before, outcome)
    assert cuped.theta == pytest.approx(np.polyfit(before, outcome, 1)[0])
    assert cuped.adjust(before, outcome).mean() == pytest.approx(outcome.mean())


def test_intervals_hold_the_effect_and_are_as_narrow_as_the_noise_that_is_left() -> None:
    rng, held, narrower = np.random.default_rng(1), [], []
    for _ in range(300):
        (before, treated), (earlier, control) = arms(rng, 0.3)
        cuped = Cuped.fit(np.concatenate([before, earlier]), np.concatenate([treated, control]))
        plain = difference(mean(treated), mean(control))
        adjusted = difference(mean(cuped.adjust(before, treated)), mean(cuped.adjust(earlier, control)))
        held.append(adjusted.covers(0.3))
        narrower.append((adjusted.high - adjusted.low) / (plain.high - plain.low))
    assert np.mean(held) == pytest.approx(0.95, abs=0.035)
    assert np.mean(narrower) == pytest.approx(1 / 3, abs=0.03)  # noise 1 of variance 1 + 4 * 2


def test_a_covariate_that_says_nothing_changes_nothing() -> None:
    outcome = np.array([1.0, 2.0, 4.0])
    assert Cuped.fit(np.ones(3), outcome).adjust(np.ones(3), outcome) == pytest.approx(outcome)
