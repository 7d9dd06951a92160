"""The score that the network starts from, against other solvers."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from training.weights.eei.anchor import logistic


def drawn(samples: int, most: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    owner = np.repeat(np.arange(samples), rng.integers(1, most + 1, samples))
    features = rng.normal(size=(len(owner), 3))
    strongest = np.array([(features[owner == s] @ [1.0, -0.5, 0.0]).max() for s in range(samples)])
    return features, owner, (rng.random(samples) < 1 / (1 + np.exp(1.5 - strongest))).astype(np.float64)


def solved(features: np.ndarray, owner: np.ndarray, label: np.ndarray, sharpness: float) -> tuple[np.ndarray, float]:
    tensors = (torch.from_numpy(features).float(), torch.from_numpy(owner), torch.from_numpy(label).float())
    weight, bias = logistic(*tensors, sharpness)
    return weight.numpy(), float(bias)


def test_with_one_trigger_each_it_is_a_logistic_regression() -> None:
    features, owner, label = drawn(300, 1, 0)
    weight, bias = solved(features, owner, label, 2.0)
    expected = LogisticRegression(C=1.0, tol=1e-8).fit(features, label)
    assert weight == pytest.approx(expected.coef_[0], abs=2e-3)
    assert bias == pytest.approx(float(expected.intercept_[0]), abs=2e-3)


@pytest.mark.parametrize("sharpness", [1.0, 2.0])
def test_with_several_triggers_it_is_the_least_loss_of_slow_bags(sharpness: float) -> None:
    features, owner, label = drawn(150, 3, 1)

    def loss(parameters: np.ndarray) -> float:
        total = float((parameters[:3] ** 2).sum()) / 2
        for sample, clicked in enumerate(label):
            scores = features[owner == sample] @ parameters[:3]
            logit = parameters[3] + np.log(np.exp(sharpness * scores).sum()) / sharpness
            total += float(np.logaddexp(0.0, logit) - clicked * logit)
        return total

    weight, bias = solved(features, owner, label, sharpness)
    assert [*weight, bias] == pytest.approx(minimize(loss, np.zeros(4)).x, abs=5e-3)
