import numpy as np
import pytest

from training.simulator.intervals import Estimate
from training.simulator.off_policy import Decisions, direct, doubly_robust, ips, snips

CHANCE = np.array([[0.1, 0.5, 0.9], [0.6, 0.2, 0.1]])  # of two situations, three actions
LOGGING = np.array([[0.6, 0.3, 0.1], [0.2, 0.5, 0.3]])
TARGET = np.array([[0.1, 0.2, 0.7], [0.7, 0.3, 0.0]])
TRUTH = float((TARGET * CHANCE).sum(axis=1).mean())
N, REPEATS = 400, 400


def logged(rng: np.random.Generator, situations: np.ndarray) -> tuple[Decisions, np.ndarray]:
    actions = (rng.random(N)[:, None] > LOGGING[situations].cumsum(axis=1)).sum(axis=1)
    reward = (rng.random(N) < CHANCE[situations, actions]).astype(np.float64)
    return Decisions(reward, LOGGING[situations, actions], TARGET[situations, actions]), actions


def many(model: np.ndarray) -> dict[str, list[Estimate]]:
    rng, found = np.random.default_rng(0), {"ips": [], "snips": [], "dr": []}
    for _ in range(REPEATS):
        situations = rng.integers(2, size=N)
        log, actions = logged(rng, situations)
        expected = (TARGET * model).sum(axis=1)[situations]
        found["ips"].append(ips(log))
        found["snips"].append(snips(log))
        found["dr"].append(doubly_robust(log, model[situations, actions], expected))
    return found


@pytest.mark.parametrize("model", [CHANCE, np.full((2, 3), 0.9)], ids=["right model", "wrong model"])
def test_every_estimator_finds_the_truth_and_its_interval_holds_it(model: np.ndarray) -> None:
    for estimates in many(model).values():
        assert np.mean([each.value for each in estimates]) == pytest.approx(TRUTH, abs=0.01)
        assert np.mean([each.covers(TRUTH) for each in estimates]) == pytest.approx(0.95, abs=0.035)


def test_a_right_model_and_normed_weights_save_variance() -> None:
    spread = {name: np.std([each.value for each in found]) for name, found in many(CHANCE).items()}
    assert spread["dr"] < spread["snips"] < spread["ips"]


def test_formulas_agree_with_slow_sums() -> None:
    log, actions = logged(np.random.default_rng(1), np.zeros(N, dtype=int))
    weights = [e / p for e, p in zip(log.target, log.logged, strict=True)]
    weighted = [w * r for w, r in zip(weights, log.reward, strict=True)]
    model = np.array([0.3, 0.4, 0.5])
    corrected = [
        float((TARGET[0] * model).sum()) + w * (r - model[a])
        for w, r, a in zip(weights, log.reward, actions, strict=True)
    ]
    assert ips(log).value == pytest.approx(sum(weighted) / N)
    assert snips(log).value == pytest.approx(sum(weighted) / sum(weights))
    expected = np.full(N, (TARGET[0] * model).sum())
    assert doubly_robust(log, model[actions], expected).value == pytest.approx(sum(corrected) / N)
    assert direct(expected).value == pytest.approx(expected[0])
    assert log.effective == pytest.approx(sum(weights) ** 2 / sum(w * w for w in weights))


def test_the_same_policy_is_the_mean_of_its_own_log() -> None:
    log, _ = logged(np.random.default_rng(2), np.zeros(N, dtype=int))
    own = Decisions(log.reward, log.logged, log.logged)
    assert ips(own).value == snips(own).value == pytest.approx(log.reward.mean())
    assert own.effective == pytest.approx(N)


def test_weights_that_are_all_zero_leave_their_mean_undefined() -> None:
    log = Decisions(np.ones(3), np.full(3, 0.5), np.zeros(3))
    assert np.isnan(snips(log).value)
    assert ips(log).value == 0
