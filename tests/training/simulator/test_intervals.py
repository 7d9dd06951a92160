import numpy as np
import pytest
from scipy import stats

from training.simulator.intervals import bootstrap_difference, difference, lift, mean, normal, ratio

REPEATS = 400


def coverage(held: list[bool]) -> float:
    return float(np.mean(held))


def test_a_difference_of_means_is_welchs() -> None:
    rng = np.random.default_rng(0)
    one, two = rng.normal(1.0, 2.0, 3_000), rng.normal(0.9, 1.0, 2_000)
    found = difference(mean(one), mean(two))
    welch = stats.ttest_ind(one, two, equal_var=False)
    interval = welch.confidence_interval(0.95)
    assert (found.low, found.high) == pytest.approx((interval.low, interval.high), abs=1e-4)
    assert found.p == pytest.approx(welch.pvalue, abs=1e-3)


def users(rng: np.random.Generator, rate: float) -> tuple[np.ndarray, np.ndarray]:
    """Clicks and exposures of users who differ in both: the exposures of one user are not independent."""
    exposures = 1.0 + rng.poisson(8, 300)
    taste = rng.beta(2.0, 2.0 / rate - 2.0, 300)
    return rng.binomial(exposures.astype(int), taste).astype(np.float64), exposures


def test_the_delta_method_holds_the_true_difference_of_ratios() -> None:
    rng, held, lifted = np.random.default_rng(1), [], []
    for _ in range(REPEATS):
        arm, control = ratio(*users(rng, 0.2)), ratio(*users(rng, 0.1))
        held.append(difference(arm, control).covers(0.1))
        lifted.append(lift(arm, control).covers(1.0))
    assert coverage(held) == pytest.approx(0.95, abs=0.035)
    assert coverage(lifted) == pytest.approx(0.95, abs=0.04)


def test_the_delta_method_agrees_with_the_jackknife() -> None:
    above, below = users(np.random.default_rng(2), 0.2)
    left_out = [(above.sum() - one) / (below.sum() - other) for one, other in zip(above, below, strict=True)]
    n = len(above)
    jackknife = (n - 1) / n * float(np.sum((np.array(left_out) - np.mean(left_out)) ** 2))
    found = ratio(above, below)
    assert found.value == pytest.approx(above.sum() / below.sum())
    assert found.variance == pytest.approx(jackknife, rel=0.02)


def test_the_bootstrap_agrees_with_the_delta_method() -> None:
    rng = np.random.default_rng(3)
    arm, control = users(rng, 0.2), users(rng, 0.1)
    delta = difference(ratio(*arm), ratio(*control))
    rows = [np.column_stack(side) for side in (arm, control)]
    booted = bootstrap_difference(lambda each: float(each[:, 0].sum() / each[:, 1].sum()), rows[0], rows[1], rng)
    assert booted.value == pytest.approx(delta.value)
    assert (booted.low, booted.high) == pytest.approx((delta.low, delta.high), abs=0.006)
    assert booted.p < 0.05


def test_nothing_known_is_nothing_found() -> None:
    assert normal(0.0, 0.0).p == 1.0
    assert normal(1.0, 0.0).p == 0.0
    assert np.isnan(lift(mean(np.array([1.0, 2.0])), mean(np.array([0.0, 0.0]))).value)
    assert ratio(np.zeros(3), np.zeros(3)).value == 0.0
    assert normal(2.0, 1.0).above
    assert not normal(1.9, 1.0).above
